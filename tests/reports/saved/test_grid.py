"""The table of an answer: what folds, what adds up, and that every cell leads to as many records as it says."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from reports.asking.grid import Grid
from reports.asking.opened import Opened
from reports.builder import Definition
from tests.factories.crm import make_deal, make_stage
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def opened(user: User, now: datetime, **asked: Any) -> Opened:
    definition = {"source": "deals", "figure": "amount_sum", "period": {"kind": "this_year"}, **asked}
    return Opened(definition, user, now, query="about=deals", back="/reports/")


def grid_of(user: User, now: datetime, **asked: Any) -> Grid:
    return opened(user, now, **asked).grid


@pytest.fixture
def deals(cast: Cast, clock: Clock) -> None:
    clock.set("2026-02-10 10:00")
    new, offer = make_stage("New"), make_stage("Offer")
    make_deal(cast.manager, stage=new, amount_minor=100_00)
    make_deal(cast.manager, stage=offer, amount_minor=20_00)
    make_deal(cast.teammate, stage=new, amount_minor=3_00)
    clock.set("2026-03-10 10:00")
    make_deal(cast.manager, stage=new, amount_minor=1_00)


@pytest.mark.usefixtures("deals")
def test_a_pivot_puts_each_row_before_what_it_opens_into(cast: Cast, clock: Clock) -> None:
    grid = grid_of(cast.owner, clock.now, rows=["stage", "owner"], columns=["month"], show="pivot")
    drawn = [(line.names, line.level, line.opens, [box.shown for box in line.boxes][-1]) for line in grid.lines]
    assert drawn == [
        (["New"], 0, True, "€104"), (["Anna Manager"], 1, False, "€101"), (["Tomasz Teammate"], 1, False, "€3"),
        (["Offer"], 0, True, "€20"), (["Anna Manager"], 1, False, "€20"),
    ]  # fmt: skip
    assert [line.parent for line in grid.lines] == ["", "r1", "r1", "", "r4"]
    assert [head.label for head in grid.heads][:3] == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert grid.totals[-1].shown == "€124"


@pytest.mark.usefixtures("deals")
def test_a_flat_table_names_everything_in_each_row(cast: Cast, clock: Clock) -> None:
    grid = grid_of(cast.owner, clock.now, rows=["stage", "owner"], show="table")
    assert grid.corners == ["Stage", "Owner"]
    assert [line.names for line in grid.lines] == [
        ["New", "Anna Manager"],
        ["New", "Tomasz Teammate"],
        ["Offer", "Anna Manager"],
    ]


@pytest.mark.usefixtures("deals")
def test_groups_of_columns_end_with_their_total(cast: Cast, clock: Clock) -> None:
    grid = grid_of(cast.owner, clock.now, rows=["owner"], columns=["stage", "month"], show="pivot")
    assert [(head.label, head.span) for head in grid.groups][-1] == ("", 1)
    assert sum(head.span for head in grid.groups) == len(grid.columns)
    for head in grid.groups[:-1]:
        inside = [column for column in grid.columns if column.group == head.id]
        assert len(inside) == head.span - 1
    assert [box.shown for box, column in zip(grid.totals, grid.columns, strict=True) if column.is_total] == [
        "€104",
        "€20",
        "€124",
    ]


def test_only_so_much_is_drawn(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.asking.grid.MOST_CELLS", 0)
    monkeypatch.setattr("reports.asking.grid.FEWEST_LINES", 1)
    for name in ("New", "Offer", "Contract"):
        make_deal(cast.manager, stage=make_stage(name))
    shown = opened(cast.owner, clock.now, rows=["stage"])
    assert (len(shown.grid.lines), shown.grid.not_drawn) == (1, 2)
    assert "2 more rows are in the Excel file." in shown.notes


def test_every_cell_opens_as_many_records_and_the_same_sum(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    query = "about=deals&figure=amount_sum&row=stage&row=owner&days=all&look=pivot"
    stages = [make_stage("New"), make_stage("Offer")]
    for n, person in enumerate((cast.manager, cast.teammate, cast.stranger)):
        for stage in stages:
            make_deal(person, stage=stage, amount_minor=100 * (n + 1))
    shown = Opened(
        Definition.of(
            {
                "source": "deals",
                "figure": "amount_sum",
                "rows": ["stage", "owner"],
                "period": {"kind": "all"},
                "show": "pivot",
            }
        ),
        cast.head,
        clock.now,
        query=query,
    )
    boxes = [*(box for line in shown.grid.lines for box in line.boxes), *shown.grid.totals]
    assert len(boxes) == 7
    for box in boxes:
        page = client.get(box.href).content.decode()
        assert box.shown in strip_tags(page)
        assert re.search(r'data-count="[1-9]', page)


def test_compared_cells_open_both_periods(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    clock.set("2025-10-05 10:00")
    make_deal(cast.manager, amount_minor=50_00)
    clock.set("2026-10-05 10:00")
    make_deal(cast.manager, amount_minor=75_00)
    clock.set("2026-10-20 10:00")
    client = sign_in(cast.manager)
    page = client.get(
        "/reports/new/?about=deals&figure=amount_sum&row=owner&days=this_year&against=last_year"
    ).content.decode()
    assert "+50 %" in strip_tags(page).replace("\u202f", " ").replace("\u00a0", " ")
    hrefs = [href.replace("&amp;", "&") for href in re.findall(r'href="(/reports/behind/[^"]*)"', page)]
    before = next(href for href in hrefs if "before=1" in href)
    assert "€50" in strip_tags(client.get(before).content.decode())
