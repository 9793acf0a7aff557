"""The pages of the workplace that no journey walks through: open to everybody and never wider than their window."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_company, make_complaint, make_contract, make_purchase, make_segment
from tests.factories.people import Cast

Enter = Callable[[User], Page]
pytestmark = pytest.mark.browser

EVERYBODY: list[dict[str, object]] = [{"key": "not_won", "period": "this_year"}]
PAGES = [
    "crm:segment-list",
    "crm:segment-new",
    "crm:assignment-list",
    "crm:contract-list",
    "crm:complaint-list",
    "crm:purchase-list",
    "crm:duplicate-list",
    "crm:merge-list",
    "crm:bulk-list",
    "reports:help",
]


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_everybody_and_fits(
    enter: Enter, cast: Cast, name: str, size: dict[str, int], scheme: str
) -> None:
    now = timezone.now()
    company = make_company(cast.manager, "Elbe Pharma", city="Gdynia")
    make_contract(company, now.date() - timedelta(days=300), now.date() + timedelta(days=20))
    make_complaint(company, now - timedelta(hours=3))
    make_purchase(company, now.date() - timedelta(days=40))
    make_segment(cast.head, EVERYBODY)
    page = enter(cast.head)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(reverse(name))
    assert_open_to_everybody(page)
    assert_fits(page)
