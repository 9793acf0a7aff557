"""A real Chromium against a real server. The machine's own browser is used where there is one."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User

# Playwright runs an event loop in this thread; the tests themselves are plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine draws late; what never comes still fails.
expect.set_options(timeout=15_000)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium when it is installed, else the one that Playwright knows; it calls nobody."""
    own = shutil.which("chromium")
    return {**browser_type_launch_args, "args": QUIET, **({"executable_path": own} if own else {})}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """Open pages by their path alone, on a desk-sized window, without motion that a test would have to wait for."""
    # Without the service worker, which would go on asking after a test is over; tests/browser/test_journeys_offline.py has it.
    plain = {"viewport": WIDE, "reduced_motion": "reduce", "service_workers": "block"}
    return {**browser_context_args, "base_url": live_server.url, **plain}


@pytest.fixture
def enter(context: BrowserContext, page: Page, live_server: Any) -> Callable[[User], Page]:
    """A window signed in as somebody, without the way through the form."""

    def sign_in(user: User) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return sign_in


@pytest.fixture(autouse=True)
def _no_complaints(page: Page) -> Iterator[None]:
    """A page that breaks its own content policy, or throws, has failed, whatever else it shows."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    yield
    assert said == []
