"""An import in a real browser: from the files to the report, on a desk and on a phone, and nobody shut out."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from crm.models import Company, Deal
from migrations_data import tasks
from migrations_data.models import Import
from tests.browser.conftest import PHONE, WIDE
from tests.browser.looks import assert_fits, assert_open_to_everybody
from tests.factories.people import make_cast
from tests.migrations_data import tables

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[[User], Page]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what a worker would, when the test says so."""
    monkeypatch.setattr(tasks.carry_on, "apply_async", lambda **words: None)
    return lambda: tasks.carry_on(import_id=Import.objects.latest("pk").pk)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_four_tables_are_imported_by_clicking_through(
    enter: Enter, worker: Callable[[], None], size: dict[str, int]
) -> None:
    page = enter(make_cast().admin)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/imports/new/")
    assert_open_to_everybody(page)
    assert_fits(page)
    files = [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in tables.ALL_FOUR.items()]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read the tables").click()
    expect(page.get_by_text("Being read", exact=True)).to_be_visible()
    worker()
    expect(page.get_by_role("button", name="Show me what would happen")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
    page.get_by_label("Amounts of revenue are", exact=True).select_option("in millions")
    page.get_by_role("button", name="Show me what would happen").click()
    expect(page.get_by_text("Being checked", exact=True)).to_be_visible()
    assert_open_to_everybody(page)
    worker()
    expect(page.get_by_text("Nothing has been kept yet.")).to_be_visible()
    expect(page.get_by_text("“RXPro” is “RX Pro” in the list of products")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
    assert not Deal.objects.exists()
    page.get_by_role("button", name="Import 18 rows").click()
    worker()
    expect(page.get_by_text("Everything is in")).to_be_visible()
    assert Deal.objects.count() == 6
    assert_open_to_everybody(page)
    assert_fits(page)


def test_a_sheet_is_told_what_it_holds_and_rejected_rows_are_one_click_away(
    enter: Enter, worker: Callable[[], None]
) -> None:
    cast = make_cast()
    page = enter(cast.admin)
    table = tables.PRODUCTS + "Odd,RX,much\n"
    tables.upload(cast.admin, timezone.now(), {"products.csv": table})
    page.goto(f"/imports/{Import.objects.get().pk}/columns/")
    page.get_by_label("Holds").select_option("Leave out")
    expect(page.get_by_text("This sheet is left out.")).to_be_visible()
    page.get_by_label("Holds").select_option("Products")
    expect(page.get_by_label("Column sales_price is")).to_have_value("price")
    page.get_by_role("button", name="Show me what would happen").click()
    worker()
    page.get_by_role("link", name="1 rejected").click()
    expect(page.get_by_text("“much” is no number. Write digits only.")).to_be_visible()
    assert_open_to_everybody(page)
    page.get_by_role("link", name="3 new").click()
    expect(page.get_by_role("cell", name="RX Basic")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_who_is_who_is_decided_by_one_key_and_the_import_is_taken_back(
    enter: Enter, worker: Callable[[], None], size: dict[str, int]
) -> None:
    cast = make_cast()
    page = enter(cast.admin)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    lines = (
        "id,company,phone,city,employees",
        "1,Birch Laboratories,600100200,Krakow,10",
        "2,Birch Labortories,600100200,Krakow,",
    )
    of = tables.preview(cast.admin, timezone.now(), {"companies.csv": "\n".join(lines)})
    page.goto(f"/imports/{of.pk}/who-is-who/")
    expect(page.get_by_role("heading", name="Who is Birch Labortories?")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
    page.keyboard.press("1")
    expect(page.get_by_text("1 of 1 decided")).to_be_visible()
    assert_open_to_everybody(page)
    page.goto(f"/imports/{of.pk}/")
    page.get_by_role("button", name="Import 2 rows").click()
    worker()
    page.goto(f"/imports/{of.pk}/report/")
    expect(page.get_by_role("button", name="Close the import")).to_be_visible()
    assert_open_to_everybody(page)
    assert_fits(page)
    assert Company.objects.live().count() == 1
    page.goto(f"/imports/{of.pk}/undo/")
    assert_open_to_everybody(page)
    assert_fits(page)
    page.get_by_role("main").get_by_role("button", name="Undo this import").click()
    worker()
    page.goto(f"/imports/{of.pk}/undo/")
    expect(page.get_by_text("Nothing of it is left.")).to_be_visible()
    assert not Company.objects.live().exists()
