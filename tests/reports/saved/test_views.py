"""The pages of reports: built, kept, copied, shared, pinned, taken out; each for whom it is."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import EventKind, User
from accounts.models.events import AccessEvent
from reports.models import Pin, Report
from reports.ready_made import READY
from reports.services import pins, saved
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_deal, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock
from tests.reports.saved.asking import OPEN, WON

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ASKED = "about=deals&figure=amount_sum&row=owner&days=all"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "result"}


def shared(cast: Cast, clock: Clock) -> Report:
    """The owner's report, open to all heads."""
    report = saved.add(name="Open deals", definition=OPEN, by=cast.owner, at=clock.now)
    return saved.share(report=report, roles=["head"], people=[], by=cast.owner, at=clock.now)


def test_everybody_sees_in_a_shared_report_what_he_may_see(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    for person in (cast.manager, cast.teammate, cast.stranger):
        make_deal(person)
    report = shared(cast, clock)
    for reader, count, foreign in ((cast.owner, 3, False), (cast.head, 2, True), (cast.other_head, 1, True)):
        page = sign_in(reader).get(f"/reports/{report.pk}/").content.decode()
        assert re.search(rf'c-result__sum"[^>]*><b><a[^>]*>{count}</a>', page)
        assert ("Change</a>" in page) == (not foreign)
    assert sign_in(cast.manager).get(f"/reports/{report.pk}/").status_code == 404


def test_the_builder_answers_at_once_and_keeps_its_state_in_the_address(
    cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    make_deal(cast.manager, amount_minor=12_00)
    client = sign_in(cast.manager)
    whole = client.get(f"/reports/new/?{ASKED}")
    assert 'id="ask"' in whole.content.decode()
    drawn = re.search(r'name="drawn" value="([^"]*)"', whole.content.decode())
    assert drawn is not None
    answer = client.get(f"/reports/new/?{ASKED}&drawn={drawn[1]}", **HTMX)  # type: ignore[arg-type]
    assert "€12" in answer.content.decode()
    assert "hx-swap-oob" not in answer.content.decode()
    assert answer["HX-Replace-Url"] == f"/reports/new/?{ASKED}&look=table"
    other = client.get(f"/reports/new/?{ASKED}&row=stage&drawn={drawn[1]}", **HTMX)  # type: ignore[arg-type]
    assert "hx-swap-oob" in other.content.decode()


def test_a_mistake_is_said_beside_the_sentence(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    page = sign_in(cast.owner).get("/reports/new/?about=deals&days=all&against=previous").content.decode()
    assert "Choose other days, or compare with nothing." in page


def test_what_was_built_is_kept_under_a_name(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    asked = client.get(f"/reports/save/?{ASKED}").content.decode()
    assert 'value="Sum of amounts by Owner"' in asked
    client.post(f"/reports/save/?{ASKED}", {"name": "By owner"})
    report = Report.objects.get()
    assert (report.name, report.definition["rows"]) == ("By owner", ["owner"])
    again = client.post(f"/reports/save/?{ASKED}", {"name": "By owner"})
    assert again.status_code == 422
    assert "report of this name" in again.content.decode()
    client.post(f"/reports/save/?{ASKED}&row=stage&change={report.pk}", {"name": "By owner and stage"})
    report.refresh_from_db()
    assert (report.name, report.definition["rows"]) == ("By owner and stage", ["owner", "stage"])


def test_a_report_that_can_no_longer_be_read_says_so_and_can_be_built_again(
    cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    report = saved.add(name="Old", definition=WON, by=cast.owner, at=clock.now)
    Report.objects.filter(pk=report.pk).update(definition={"source": "deals", "figure": "gone"})
    pin = pins.pin(report=report, by=cast.owner, at=clock.now)
    client = sign_in(cast.owner)
    for url in (f"/reports/{report.pk}/", f"/dashboard/{pin.pk}/", f"/reports/{report.pk}/edit/", "/reports/"):
        assert client.get(url).status_code == 200
    assert "not there for you" in client.get(f"/dashboard/{pin.pk}/").content.decode()
    assert client.get(f"/reports/paper/?report={report.pk}").status_code == 404


@pytest.mark.parametrize("ready", READY, ids=lambda one: one.key)
def test_ready_made_reports_open_at_once_for_everybody(
    cast: Cast, clock: Clock, sign_in: SignIn, ready: object
) -> None:
    key = ready.key  # type: ignore[attr-defined]
    make_deal(cast.manager)
    for reader in (cast.manager, cast.head, cast.owner, cast.admin):
        page = sign_in(reader).get(f"/reports/ready/{key}/")
        assert page.status_code == 200
        assert "c-notice--watch" not in page.content.decode()


def test_a_board_is_filled_taken_apart_and_put_in_order(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client, reports = sign_in(cast.owner), [shared(cast, clock)]
    reports.append(saved.add(name="Won", definition=WON, by=cast.owner, at=clock.now))
    for report in reports:
        assert "On my dashboard" in client.post(f"/reports/{report.pk}/pin/", {"pinned": "0"}).content.decode()
    first, second = Pin.objects.order_by("place").values_list("pk", flat=True)
    client.post("/dashboard/arrange/", {"pins": f"{second},{first},x"})
    page = client.get("/dashboard/").content.decode()
    assert page.index(f'id="pin-{second}"') < page.index(f'id="pin-{first}"')
    assert "c-pin--wide" in client.post(f"/dashboard/{first}/widen/", {"wide": "1"}).content.decode()
    client.post(f"/dashboard/{second}/unpin/")
    assert list(Pin.objects.values_list("pk", flat=True)) == [first]
    assert sign_in(cast.head).get(f"/dashboard/{first}/").status_code == 404


def test_excel_has_the_figures_of_the_page_and_a_pivot_table(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    for person in (cast.manager, cast.teammate, cast.stranger):
        make_deal(person, amount_minor=10_00)
    query = f"report={shared(cast, clock).pk}"
    answer = sign_in(cast.head).post("/reports/file/", {"query": query, "kind": "xlsx"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("Stage", "Owner", "Deals")
    assert [row[1] for row in rows[1:3]] == ["Anna Manager", "Tomasz Teammate"]
    assert len(book.worksheets) == 2
    event = AccessEvent.objects.get(kind=EventKind.EXPORTED)
    assert (event.detail["list"], event.detail["query"]) == ("report", query)
    assert sign_in(cast.manager).post("/reports/file/", {"query": "about=deals", "kind": "xlsx"}).status_code == 404


def test_the_list_behind_a_cell_goes_out_too(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_deal(cast.manager, "Fleet", amount_minor=10_00)
    make_deal(cast.stranger, "Foreign", amount_minor=10_00)
    query = f"{ASKED}&down={cast.manager.pk}"
    answer = sign_in(cast.head).post("/reports/behind/file/", {"query": query, "kind": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Fleet" in text
    assert "Foreign" not in text
    empty = sign_in(cast.head).post(
        "/reports/behind/file/", {"query": f"{ASKED}&down={cast.stranger.pk}", "kind": "csv"}
    )
    assert empty.status_code == 302


def test_paper_is_for_everybody_who_sees_the_page(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_deal(cast.manager)
    answer = sign_in(cast.manager).get(f"/reports/paper/?{ASKED}&column=month&against=")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_a_cell_that_is_none_is_not_there(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    for query in (
        f"{ASKED}&down=x",
        f"{ASKED}&down=1&down=2",
        f"{ASKED}&before=1",
        "report=x",
        "report=999999",
        "ready=x",
        "about=deals&top=-1",
    ):
        assert client.get(f"/reports/behind/?{query}").status_code == 404, query
    assert 'href="//evil' not in client.get(f"/reports/behind/?{ASKED}&back=//evil.example/").content.decode()


def test_a_key_in_an_address_tells_no_name_of_what_is_not_there_for_the_reader(
    cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    firm = make_company(cast.stranger, "Zqforeigner")
    deal = make_deal(cast.stranger, "Zqforeigner's mill", company=firm)
    make_task(cast.stranger, clock.now, deal=deal)
    for reader, named in ((cast.manager, False), (cast.other_head, True)):
        for query in (f"about=deals&row=company&down={firm.pk}", f"about=tasks&row=deal&down={deal.pk}"):
            page = sign_in(reader).get(f"/reports/behind/?{query}&figure=count&days=all")
            assert ("Zqforeigner" in page.content.decode()) == named, query


def test_a_page_beyond_all_records_is_empty(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_deal(cast.owner)
    page = sign_in(cast.owner).get(f"/reports/behind/?{ASKED}&page=999999999999999999")
    assert page.status_code == 200


def test_pages_cost_the_same_with_many_rows(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client, report = sign_in(cast.owner), shared(cast, clock)
    pin = pins.pin(report=report, by=cast.owner, at=clock.now)
    make_deal(cast.manager)

    def more() -> None:
        for number in range(5):
            make_deal(cast.teammate)
            saved.add(name=f"Report {number} {Report.objects.count()}", definition=WON, by=cast.owner, at=clock.now)

    assert_budget(client, "/reports/", 5, more)
    assert_budget(client, f"/reports/{report.pk}/", 8, more)
    assert_budget(client, f"/dashboard/{pin.pk}/", 6, more)
    assert_budget(client, f"/reports/behind/?report={report.pk}", 3, more)
    assert_budget(client, "/dashboard/", 5, more)
