"""An answer drawn and taken out says the same figures as its cells."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import User
from crm.exports import Percent
from crm.lists.cells import Money
from crm.models import DealStatus
from reports.builder import Answer, Cell, Definition, answer, chart, sentence, tables
from tests.factories.crm import make_deal, make_stage
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals(cast: Cast, clock: Clock) -> Cast:
    """Three deals in October, one in September, one in another currency."""
    clock.set("2026-09-10 10:00")
    make_deal(cast.manager, amount_minor=50_00, stage=make_stage("New", position=1))
    clock.set("2026-10-20 10:00")
    make_deal(cast.manager, amount_minor=100_00, stage=make_stage("New"))
    make_deal(cast.teammate, amount_minor=200_00, stage=make_stage("Offer", position=2))
    make_deal(cast.teammate, amount_minor=9_00, currency="PLN", stage=make_stage("Offer"))
    return cast


def asked(user: User, clock: Clock, **said: object) -> Answer:
    return answer(Definition.of({"figure": "amount_sum", "period": {"kind": "this_month"}, **said}), user, clock.now)


def linked(cell: Cell, before: bool) -> str:
    return f"/{'-'.join(cell.place.rows)}/{'-'.join(cell.place.columns)}/{'before' if before else 'now'}/"


@pytest.mark.parametrize("show", ["table", "pivot", "line", "bar", "column", "funnel", "heat"])
@pytest.mark.parametrize(
    "divided", [{}, {"rows": ["owner"]}, {"columns": ["stage"]}, {"rows": ["owner", "day"], "columns": ["stage"]}]
)
def test_every_picture_of_every_shape_is_drawn(
    show: str, divided: dict[str, object], deals: Cast, clock: Clock
) -> None:
    drawn = chart(asked(deals.head, clock, show=show, compare="previous", **divided), linked)
    assert "<svg" in drawn.svg
    assert "/now/" in drawn.svg
    assert not drawn.is_empty
    assert "Drawn are the amounts in EUR." in drawn.says


def test_a_point_is_its_cell_in_whole_units_with_its_list(deals: Cast, clock: Clock) -> None:
    drawn = chart(asked(deals.head, clock, show="bar", rows=["owner"], compare="previous"), linked, title="Sums")
    anna, tomasz = drawn.rows
    assert drawn.headings == ["Owner", "Sum of amounts", "Before"]
    assert [(point.value, point.shown) for point in anna[1:]] == [(100.0, "€100"), (50.0, "€50")]
    assert [(point.value, point.shown, point.href) for point in tomasz[1:]] == [
        (200.0, "€200", f"/{deals.teammate.pk}//now/"), (0.0, "€0", ""),
    ]  # fmt: skip


def test_an_empty_answer_is_drawn_too(cast: Cast, clock: Clock) -> None:
    drawn = chart(asked(cast.head, clock, show="line", rows=["day"]))
    assert "Nothing to show here yet." in drawn.svg


def test_a_sentence_says_the_whole_the_largest_and_the_change(deals: Cast, clock: Clock) -> None:
    found = asked(deals.head, clock, rows=["owner"], compare="previous", filters={"stage": "", "status": "open"})
    assert sentence(found) == (
        "€300 + 9\u202fzł in all. Most: Tomasz Teammate, €200 + 9\u202fzł. +500\u202f% against the period before."
    )


def test_a_sheet_has_a_typed_row_for_each_cell_and_currency(deals: Cast, clock: Clock) -> None:
    (table,) = tables(asked(deals.head, clock, rows=["owner", "day"], columns=["stage"], compare="previous"))
    assert list(table.headings) == ["Owner", "Day", "Stage", "Sum of amounts", "Sum of amounts before"]
    rows = [tuple(row) for row in table.rows]
    day = date(2026, 10, 20)
    assert ("Anna Manager", day, "New", Money(100_00, "EUR"), Money(None, "EUR")) in rows
    assert ("Tomasz Teammate", day, "Offer", Money(200_00, "EUR"), Money(None, "EUR")) in rows
    assert ("Tomasz Teammate", day, "Offer", Money(9_00, "PLN"), Money(None, "PLN")) in rows
    assert ("Anna Manager", date(2026, 10, 10), "New", Money(None, "EUR"), Money(50_00, "EUR")) in rows
    assert table.pivot
    assert (list(table.pivot.rows), list(table.pivot.columns)) == (["Owner", "Day"], ["Stage"])


def test_a_share_stands_beside_the_numbers_that_it_is_made_of(deals: Cast, clock: Clock) -> None:
    for status in (DealStatus.WON, DealStatus.LOST):
        deal = make_deal(deals.manager)
        deal.status = status
        deal.save()
    (table,) = tables(asked(deals.head, clock, figure="won_rate", rows=["owner"]))
    assert list(table.headings) == ["Owner", "Of them", "Records", "Won of those closed"]
    assert [tuple(row) for row in table.rows] == [("Anna Manager", 1, 2, Percent(Decimal("0.5")))]
