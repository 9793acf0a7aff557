"""The daily control table: the page says what the cards say, and the workbook says what the page says."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessEvent, User
from accounts.refusals import NotAllowed
from crm import exports
from crm.services import downloads
from crm.services.exporting import NothingToTake
from discipline.models import ScoreLine
from discipline.services import days
from discipline.spans import Span
from reports import control_book, control_table
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_contact
from tests.factories.discipline import make_assignment, make_scored
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
SHELL = 4
"""The bell, the counts of the sidebar, and the reader's own settings."""
TUESDAY, THURSDAY = date(2026, 10, 20), date(2026, 10, 22)
SPAN = Span(name="own", first=TUESDAY, last=date(2026, 10, 23))
URL = "/control-table/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_days(clock: Clock, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tuesday to Thursday are closed; the manager calls on the last day only."""
    scheme = make_scored(cast)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    for n in range(3):
        day = TUESDAY + timedelta(days=n)
        if n == 2:
            for minute in range(5):
                clock.set(f"{day} 09:0{minute}")
                make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, f"N{minute}"))
        days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))
    clock.set("2026-10-23 08:00")
    return scheme


def table_of(cast: Cast, code: str) -> control_table.Page:
    page = control_table.read(cast.head, cast.team, SPAN, code)
    assert page is not None
    return page


def workbook(by: User, **params: str) -> Any:
    asked = {"team": "", "first": str(SPAN.first), "last": str(SPAN.last), **params}
    made = control_book.produce(by, asked, timezone.now())
    with exports.workbook(made.tables) as file:
        return load_workbook(io.BytesIO(file.read())), made


def test_every_cell_says_what_the_line_says_and_leads_to_its_evidence(cast: Cast) -> None:
    page = table_of(cast, "CV")
    assert (page.figure.label, page.days) == ("Conversations", [TUESDAY, date(2026, 10, 21), THURSDAY])
    rows = {row["person"]: row for row in page.rows}
    lines = ScoreLine.objects.filter(code="CV", card__user=cast.manager).order_by("card__day")
    for cell, line in zip(rows["Anna Manager"]["cells"], lines, strict=True):
        assert cell["value"] == f"{line.value:.0f}"
        assert cell["state"] == line.result
        assert cell["href"].endswith(f"?card={line.card_id}&line=CV")
    assert (rows["Anna Manager"]["total"], rows["Anna Manager"]["missed"]) == ("5", 2)
    assert [one["missed"] for one in page.foot] == [2, 2, 1]
    assert (page.total, page.missed) == ("5", 5)


def test_what_is_true_of_a_moment_is_averaged_and_points_are_summed(cast: Cast) -> None:
    assert table_of(cast, "OD").figure.over_days == "On average"
    points = table_of(cast, control_table.POINTS)
    mine = next(row for row in points.rows if row["person"] == "Anna Manager")
    total = sum(card.points for card in cast.manager.scorecards.all())
    assert mine["total"].replace("\u2212", "-") == str(total)
    assert mine["cells"][0]["href"].endswith(f"/{cast.manager.scorecards.get(day=TUESDAY).pk}/")


def test_a_person_under_other_rules_has_no_cell_there(cast: Cast) -> None:
    page = table_of(cast, "nothing like it")
    assert page.figure == page.figures[0], "an unknown figure is the first one"
    assert control_table.read(cast.head, cast.other_team, SPAN, "") is None, "of teams that are not his he sees nobody"


def test_the_page_takes_two_statements_whatever_the_people(
    three_days: Any, cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    client = sign_in(cast.head)
    page = client.get(f"{URL}?figure=CV").content.decode()
    assert page.count("c-heat__cell--missed") == 5
    assert "circle-x" in page, "red is not all that says so"

    def more() -> None:
        for number in range(20):
            person = make_user(f"More {number}", team=cast.team)
            make_assignment(person, cast.team, three_days, cast.admin, on=date(2026, 10, 23))
        days.close(team=cast.team, day=date(2026, 10, 23), at=clock.set("2026-10-23 18:30"))

    assert_budget(client, URL, 2 + SHELL, more)
    assert client.get(URL).content.decode().count("More ") == 20


def test_the_workbook_has_a_sheet_for_each_figure_and_one_with_all(cast: Cast) -> None:
    book, made = workbook(cast.head, team=str(cast.team.pk))
    page = table_of(cast, "CV")
    assert set(book.sheetnames) == {one.label for one in page.figures} | {"All", "Pivot"}
    calls = book["Conversations"]
    assert [cell.value for cell in calls[1]] == [
        "Person",
        "2026-10-20",
        "2026-10-21",
        "2026-10-22",
        "Sum",
        "Times missed",
    ]
    mine = next(row for row in calls.iter_rows(min_row=2) if row[0].value == "Anna Manager")
    assert [cell.value for cell in mine] == ["Anna Manager", 0, 0, 5, 5, 2]
    assert (mine[1].fill.fgColor.rgb, "✗" in mine[1].number_format) == ("FFFDE8E7", True)
    assert mine[3].fill.fgColor.rgb == "00000000"
    assert calls.cell(calls.max_row, 5).value == "=SUBTOTAL(109,E2:E3)"
    everything = [
        [cell.value for cell in row] for row in book["All"].iter_rows(min_row=2, max_row=ScoreLine.objects.count() + 1)
    ]
    assert sum(row[6] for row in everything) == sum(ScoreLine.objects.values_list("points", flat=True))
    assert made.rows == len(everything) + 2 * len(page.figures)
    assert book["Pivot"]._pivots[0].dataFields[0].name == "Sum of Points"


def test_all_teams_are_those_that_somebody_leads(cast: Cast, clock: Clock) -> None:
    days.close(team=cast.other_team, day=TUESDAY, at=clock.now)
    of_head, _made = workbook(cast.head)
    of_owner, _made = workbook(cast.owner)
    names = [{row[1].value for row in book["All"].iter_rows(min_row=2)} for book in (of_head, of_owner)]
    assert ("Stefan Stranger" in names[0], "Stefan Stranger" in names[1]) == (False, True)
    with pytest.raises(NothingToTake):
        workbook(cast.head, team=str(cast.other_team.pk))
    with pytest.raises(NotAllowed):
        workbook(cast.manager)


def test_the_file_comes_at_once_or_by_a_job_and_leaves_a_trace(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.head)
    asked = {"query": f"team={cast.team.pk}&from={SPAN.first}&until={SPAN.last}"}
    file = client.post(f"{URL}export/", asked)
    assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[arg-type]
    assert AccessEvent.objects.get(kind="exported").detail["list"] == "control-table"
    monkeypatch.setattr(downloads, "AT_ONCE", 1)
    assert client.post(f"{URL}export/", {**asked, "teams": "all"})["Location"] == "/downloads/"
    assert client.post(f"{URL}export/", {"query": f"team={cast.other_team.pk}"}).status_code == 404
    nothing = client.post(f"{URL}export/", {"query": "from=2025-01-01&until=2025-01-02"}, follow=True)
    assert "There is nothing to take out here" in nothing.content.decode()


def test_strangers_find_nothing(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).get(URL).status_code == 404
    assert sign_in(cast.head).get(f"{URL}?team={cast.other_team.pk}").status_code == 404
