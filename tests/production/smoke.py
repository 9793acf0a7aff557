"""What must work in production, done through HTTP and the broker: sign in, log a call, close a day, see the card."""

import re
import subprocess
import time
from collections.abc import Mapping
from typing import Any

from config.beat import SCHEDULE
from tests.production.browser import Browser
from tests.production.form import BASE

READY_WITHIN_S = 120
CLOSED_WITHIN_S = 120


def smoke(base: str, company: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Do what a seller does on his first day; raises AssertionError at the first thing that does not hold."""
    browser = Browser(base)
    wait_until_ready(browser)
    sign_in(browser, company)
    log_a_call(browser, company["contact"])
    close_days(environment)
    see_the_card(browser)


def wait_until_ready(browser: Browser) -> None:
    """Ask as the health check of the compose file does, until database, Redis and migrations are in place."""
    until = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            assert '"migrations": true' in browser.get("/readyz")
            return
        except (AssertionError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(1)


def sign_in(browser: Browser, company: Mapping[str, Any]) -> None:
    """Come to the first page as a stranger, be asked who one is, and get there."""
    browser.get("/")
    assert "/sign-in/" in browser.address
    browser.submit("/sign-in/", login=company["email"], password=company["password"])
    assert "/sign-in/" not in browser.address, "the password was not taken"
    _say("signed in")


def log_a_call(browser: Browser, contact: int) -> None:
    """Log a call with its next step in the quick log, and find it on the contact's page."""
    words = f"Spoke at {time.time():.0f}"
    browser.get(f"/log/?contact={contact}")
    browser.submit("/log/", note=words, result_call="reached", next_title="Call again", next_when="tomorrow_10")
    assert words in browser.get(f"/contacts/{contact}/")
    _say("a call logged and shown")


def close_days(environment: Mapping[str, str]) -> None:
    """Ask for what beat asks for every few minutes: a worker closes the days that have passed."""
    planner = SCHEDULE["days to close"]["task"]
    subprocess.run(["celery", "-A", "config.celery", "call", planner], check=True, cwd=BASE, env=dict(environment))


def see_the_card(browser: Browser) -> None:
    """Wait for the card that the worker writes, open it, and find its rules and points."""
    until = time.monotonic() + CLOSED_WITHIN_S
    while not (found := re.search(r'href="(/cards/\d+/)"', browser.get("/cards/"))):
        assert time.monotonic() < until, f"no card within {CLOSED_WITHIN_S} s"
        time.sleep(1)
    card = browser.get(found.group(1))
    assert "Open deals without a task" in card
    _say(f"a day closed by the worker; its card is at {found.group(1)}")


def _say(words: str) -> None:
    print(f"  {words}", flush=True)
