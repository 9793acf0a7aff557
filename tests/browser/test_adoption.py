"""The adoption page on a desk and on the narrowest phone, light and dark."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import EntryTime
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.crm import make_activity, make_contact
from tests.factories.people import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_head_reads_how_entry_goes(enter: Callable[[User], Page], cast: Cast, width: int, scheme: str) -> None:
    now = timezone.now()
    make_activity(cast.manager, now, contact=make_contact(cast.manager))
    for number in range(30):
        saved = now - timedelta(days=number, minutes=number)
        EntryTime.objects.create(user=cast.manager, form="log", opened_at=saved - timedelta(seconds=9), saved_at=saved)
    page = enter(cast.head)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(reverse("reports:adoption"))
    expect(page.get_by_role("region", name="Entries by person")).to_contain_text(str(cast.manager))
    page.get_by_text("As a table").click()
    expect(page.get_by_role("heading", name="Perhaps something is in the way")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
