"""A report gives each cell and each total exactly, for what its reader may see."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import policy
from accounts.models import User
from accounts.policy import Rule, Use
from crm.models import Company, Deal, DealStatus, Product, Tag
from reports.builder import Answer, Definition, DefinitionWrong, Place, answer, behind, statement
from tests.factories.crm import make_activity, make_company, make_deal, make_purchase, make_stage, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
EVERY = {"kind": "all"}


def asked(user: User, clock: Clock, **said: object) -> Answer:
    return answer(Definition.of({"source": "deals", "period": EVERY, **said}), user, clock.now)


def shown(found: Answer) -> dict[str, str]:
    return {row.label: found.cell(row.path).shown for row in found.rows}


def test_a_head_counts_the_deals_of_his_people_by_owner(cast: Cast, clock: Clock) -> None:
    for owner in (cast.manager, cast.manager, cast.teammate, cast.stranger):
        make_deal(owner)
    found = asked(cast.head, clock, rows=["owner"])
    assert shown(found) == {"Anna Manager": "2", "Tomasz Teammate": "1"}
    assert found.total.count == 3


def test_teams_are_those_of_today_and_whoever_is_in_none_stands_last(cast: Cast, clock: Clock) -> None:
    for owner in (cast.manager, cast.teammate, cast.stranger, cast.head):
        make_deal(owner)
    assert shown(asked(cast.owner, clock, rows=["team"])) == {"Sales": "2", "Service": "1", "Not set": "1"}


def test_stages_stand_in_their_order_under_each_owner(cast: Cast, clock: Clock) -> None:
    late, early = make_stage("Offer", position=2), make_stage("New", position=1)
    make_deal(cast.manager, stage=late)
    make_deal(cast.manager, stage=early)
    make_deal(cast.teammate, stage=late)
    found = asked(cast.head, clock, rows=["owner", "stage"])
    assert [(row.depth, row.label, row.has_children) for row in found.rows] == [
        (0, "Anna Manager", True), (1, "New", False), (1, "Offer", False), (0, "Tomasz Teammate", True), (1, "Offer", False),
    ]  # fmt: skip


def test_a_deal_with_two_tags_counts_under_both_and_once_in_the_total(cast: Cast, clock: Clock) -> None:
    both = make_deal(cast.manager, amount_minor=10_00)
    both.tags.add(Tag.objects.create(name="Fair"), Tag.objects.create(name="VIP"))
    make_deal(cast.manager, amount_minor=1_00)
    found = asked(cast.manager, clock, figure="amount_sum", rows=["tag"])
    assert shown(found) == {"Fair": "€10", "VIP": "€10", "Not set": "€1"}
    assert found.total.shown == "€11"


def test_products_of_one_group_count_a_deal_once(cast: Cast, clock: Clock) -> None:
    deal = make_deal(cast.manager)
    for name in ("Oil", "Gas"):
        deal.lines.create(product=Product.objects.create(name=name, name_key=name, group="Fuel"))
    assert shown(asked(cast.manager, clock, rows=["product_group"])) == {"Fuel": "1"}
    assert shown(asked(cast.manager, clock, rows=["product"])) == {"Gas": "1", "Oil": "1"}


def test_currencies_are_never_added_up(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager, amount_minor=10_00)
    make_deal(cast.manager, amount_minor=30_00)
    make_deal(cast.manager, amount_minor=7_00, currency="PLN")
    make_deal(cast.manager, amount_minor=None)
    assert asked(cast.manager, clock, figure="amount_sum").total.shown == "€40 + 7\u202fzł"
    assert asked(cast.manager, clock, figure="amount_average").total.shown == "€20 + 7\u202fzł"
    assert asked(cast.manager, clock, figure="amount_sum").total.count == 4


def test_the_share_won_is_that_of_the_closed_ones(cast: Cast, clock: Clock) -> None:
    for status in (DealStatus.WON, DealStatus.LOST, DealStatus.LOST, DealStatus.OPEN):
        deal = make_deal(cast.manager)
        deal.status = status
        deal.save()
    found = asked(cast.manager, clock, figure="won_rate", rows=["status"])
    assert found.total.shown == "33.3\u202f%"
    assert shown(found) == {"won": "100\u202f%", "lost": "0\u202f%"}


def test_days_are_those_of_the_reader_and_quiet_ones_stand_between(cast: Cast, clock: Clock) -> None:
    clock.set("2026-10-17 00:30")
    make_deal(cast.manager)
    clock.set("2026-10-19 12:00")
    make_deal(cast.manager)
    said = {"rows": ["day"], "period": {"kind": "last_7_days"}}
    found = asked(cast.manager, clock, **said)
    assert [row.key for row in found.rows] == [f"2026-10-{day}" for day in range(13, 20)]
    assert found.cell(("2026-10-17",)).count == 1
    cast.manager.zone = "Atlantic/Azores"
    assert asked(cast.manager, clock, **said).cell(("2026-10-16",)).count == 1


def test_this_month_stands_beside_as_many_days_of_the_month_before(cast: Cast, clock: Clock) -> None:
    for wall in ("2026-09-05 10:00", "2026-09-25 10:00", "2026-10-05 10:00"):
        clock.set(wall)
        make_deal(cast.manager, amount_minor=1_00)
    clock.set("2026-10-20 10:00")
    found = asked(cast.manager, clock, rows=["day"], period={"kind": "this_month"}, compare="previous")
    cell = found.cell(("2026-10-05",))
    assert (found.total.count, found.total.count_before) == (1, 1)
    assert (cell.count, cell.count_before) == (1, 1)
    opened = behind(found.definition, Place(("2026-10-05",), before=True), cast.manager, clock.now)
    assert [str(row.day) for row in opened.rows] == ["2026-09-05"]


def test_the_largest_come_first_and_the_rest_is_told(cast: Cast, clock: Clock) -> None:
    for n, name in enumerate(("Ash", "Elm", "Oak")):
        make_deal(cast.manager, company=make_company(cast.manager, name), amount_minor=(n + 1) * 1_00)
    found = asked(cast.manager, clock, figure="amount_sum", rows=["company"], sort="-figure", limit=2)
    assert shown(found) == {"Oak": "€3", "Elm": "€2"}
    assert (found.left_out, found.total.shown) == (1, "€6")


def test_an_answer_takes_two_statements_however_much_there_is(cast: Cast, clock: Clock) -> None:
    said = {"rows": ["owner", "company"], "columns": ["stage"], "compare": "previous", "period": {"kind": "this_month"}}
    for rows in (1, 4):
        for n in range(rows):
            make_deal(cast.manager, company=make_company(cast.manager, f"Client {n}"), stage=make_stage(f"Stage {n}"))
        asked(cast.head, clock, **said)  # what is kept for a minute has been asked for
        with CaptureQueriesContext(connection) as captured:
            asked(cast.head, clock, **said)
        assert len(captured) == 2


def test_what_is_behind_a_cell_takes_one_statement(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager)
    definition = asked(cast.head, clock, rows=["owner"]).definition
    with CaptureQueriesContext(connection) as captured:
        opened = behind(definition, Place((str(cast.manager.pk),)), cast.head, clock.now)
        assert (opened.count, len(opened.rows), opened.about) == (1, 1, ["Anna Manager"])
    assert len(captured) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"source": "salaries"},
        {"figure": "salary_sum"},
        {"rows": ["salary"]},
        {"columns": ["hour", "salary"]},
        {"period": {"kind": "all", "by": "birthday"}},
        {"filters": {"salary": "1"}},
        {"filters": {"status": "sold"}},
    ],
)
def test_what_there_is_not_is_refused(said: dict[str, object], cast: Cast, clock: Clock) -> None:
    with pytest.raises(DefinitionWrong) as refused:
        asked(cast.owner, clock, **said)
    assert refused.value.field == next(iter(said))


@pytest.mark.parametrize(
    "place",
    [Place(("x",)), Place(("1", "2")), Place((), ("1",)), Place(before=True), Place(("9" * 30,)), Place(("1\x00",))],
)
def test_a_place_that_there_is_not_is_refused(place: Place, cast: Cast, clock: Clock) -> None:
    with pytest.raises(DefinitionWrong):
        behind(Definition.of({"rows": ["owner"], "period": EVERY}), place, cast.owner, clock.now)


def test_a_field_that_the_policy_hides_divides_filters_and_measures_nothing(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = policy._by_model[Deal]
    hidden = {cast.manager.role: frozenset({"amount_minor", "competitor", "closed_at"})}
    monkeypatch.setitem(policy._by_model, Deal, Rule(Deal, rule.reach, rule.fields, hidden))
    for said in (
        {"figure": "amount_sum"},
        {"rows": ["competitor"]},
        {"filters": {"amount": "1..2"}},
        {"period": {"kind": "all", "by": "closed"}},
    ):
        with pytest.raises(DefinitionWrong):
            asked(cast.manager, clock, **said)
        assert asked(cast.head, clock, **said).total.count == 0


def test_what_may_be_read_but_not_taken_out_is_not_for_a_file(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = policy._by_model[Deal]
    fields = {**rule.fields, Use.EXPORT: rule.fields[Use.EXPORT] - {"competitor"}}
    monkeypatch.setitem(policy._by_model, Deal, Rule(Deal, rule.reach, fields))
    definition = Definition.of({"rows": ["competitor"], "period": EVERY})
    answer(definition, cast.head, clock.now)
    with pytest.raises(DefinitionWrong):
        answer(definition, cast.head, clock.now, Use.EXPORT)


def test_nobody_gets_anything_of_a_stranger(cast: Cast, clock: Clock) -> None:
    canary = make_company(cast.stranger, "Canary Ltd", city="Canaryville")
    make_deal(cast.stranger, "Canary deal", company=canary)
    make_purchase(canary, date(2026, 10, 1))
    make_deal(cast.manager, company=canary)  # his own deal names the client, and says no more of him
    for source, rows in (
        ("deals", "client_city"),
        ("companies", "city"),
        ("purchases", "client_city"),
        ("contacts", "city"),
    ):
        for reader in (cast.manager, cast.head, cast.admin):
            found = asked(reader, clock, source=source, rows=[rows], figure="count")
            assert "Canaryville" not in [row.label for row in found.rows]
    assert asked(cast.head, clock, source="companies").total.count == 0
    assert asked(cast.owner, clock, source="companies", rows=["city"]).cell(("Canaryville",)).count == 1
    assert Company.objects.count() == 1


def test_his_own_work_on_what_he_no_longer_sees_does_not_name_it(cast: Cast, clock: Clock) -> None:
    given_away = make_deal(cast.stranger, "Canary deal")
    make_activity(cast.manager, clock.now, deal=given_away)
    make_task(cast.manager, clock.now, deal=given_away)
    for source in ("activities", "tasks"):
        assert shown(asked(cast.manager, clock, source=source, rows=["deal"])) == {"Not set": "1"}
        assert shown(asked(cast.owner, clock, source=source, rows=["deal"])) == {"Canary deal": "1"}


def test_totals_stay_right_where_there_is_more_than_is_read(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "MOST", 4)
    for n in range(5):
        deal = make_deal(cast.manager, competitor=f"Rival {n % 4}")
        deal.tags.add(Tag.objects.create(name=f"Tag {n}"))
    found = asked(cast.manager, clock, rows=["competitor"])
    assert found.truncated
    assert (len(found.rows), found.total.count, found.cell(("Rival 0",)).count) == (3, 5, 2)
    by_tag = asked(cast.manager, clock, rows=["tag"])
    assert (by_tag.truncated, by_tag.rows, by_tag.total.count) == (True, [], 5)


FIELDS = {
    "owner": lambda deal: str(deal.owner_id),
    "stage": lambda deal: str(deal.stage_id),
    "status": lambda deal: deal.status,
    "competitor": lambda deal: deal.competitor,
    "month": lambda deal: f"{deal.opened_at:%Y-%m}-01",
    "currency": lambda deal: deal.currency,
    "year": lambda deal: f"{deal.opened_at:%Y}",
}


@pytest.mark.parametrize("seed", range(6))
def test_any_report_over_any_company_is_what_adding_up_by_hand_gives(seed: int, cast: Cast, clock: Clock) -> None:
    chance = Random(seed)
    people = [cast.manager, cast.teammate, cast.head, cast.stranger]
    for n in range(24):
        clock.set(f"2026-0{chance.randint(2, 9)}-15 12:00")
        make_deal(
            chance.choice(people), stage=make_stage(f"Stage {chance.randint(1, 3)}"), competitor=chance.choice(["", "Rival", "Other"]),
            amount_minor=chance.choice([None, n * 101]), currency=chance.choice(["EUR", "PLN"]),
        )  # fmt: skip
    clock.set("2026-10-20 10:00")
    for _round in range(8):
        names = chance.sample(list(FIELDS), chance.randint(0, 5))
        rows, columns = names[:3], names[3:]
        reader = chance.choice([cast.manager, cast.head, cast.owner])
        found = asked(reader, clock, figure="amount_sum", rows=rows, columns=columns)
        _compare(found, list(Deal.objects.visible_to(reader)), rows, columns)
        _open_some(found, reader, clock, chance)


def _compare(found: Answer, deals: list[Deal], rows: list[str], columns: list[str]) -> None:
    """Every level of rows by every level of columns, added up in Python."""
    counts: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = defaultdict(int)
    sums: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for deal in deals:
        down, across = ([FIELDS[name](deal) for name in names] for names in (rows, columns))
        for r in range(len(rows) + 1):
            for c in range(len(columns) + 1):
                place = (tuple(down[:r]), tuple(across[:c]))
                counts[place] += 1
                if deal.amount_minor is not None:
                    sums[place][deal.currency] += deal.amount_minor
    assert {place: cell.count for place, cell in found.cells.items()} == counts
    for place, cell in found.cells.items():
        assert cell.values == {currency: Decimal(total) for currency, total in sums[place].items()}


def _open_some(found: Answer, reader: User, clock: Clock, chance: Random) -> None:
    for cell in chance.sample(list(found.cells.values()), min(len(found.cells), 3)):
        opened = behind(found.definition, cell.place, reader, clock.now)
        assert (opened.count, opened.cell.values) == (cell.count, cell.values)
        assert set(opened.records) <= set(Deal.objects.visible_to(reader))
