"""Settlements: whose points they take, what they come to, and that nothing is paid twice."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from accounts.refusals import NotAllowed
from discipline.models import (
    EntryKind,
    LedgerEntry,
    NegativePolicy,
    SettledEntry,
    Settlement,
    SettlementLine,
    SettlementStatus,
    SettlementStep,
)
from discipline.services import ledger, settled_lines, settlements
from tests.factories.discipline import make_assignment
from tests.factories.money import NOW, close_days, give_points, make_claim, make_rate, make_reward, make_settlement
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, FRIDAY, SUNDAY = date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 23), date(2026, 10, 25)


@pytest.fixture
def week(scored, cast):
    """A closed week of the team, one euro a point, and a hundred points each for what was done before."""
    make_rate(cast.owner)
    close_days(cast.team, MONDAY, SUNDAY)
    for person in (cast.manager, cast.teammate):
        give_points(person, 100, MONDAY)
    return scored


def line(settlement: Settlement, user) -> SettlementLine:
    return settlement.lines.get(user=user)


# --- what it takes, and what it comes to ---


def test_a_week_is_settled_person_by_person(week, cast):
    made = make_settlement(cast, MONDAY, SUNDAY)
    of = line(made, cast.manager)
    cards = sum(cast.manager.scorecards.values_list("posted", flat=True))
    assert cards < 0
    assert of.points == 100 + cards == ledger.balance(cast.manager)
    assert (of.amount_minor, of.currency, of.team) == (of.points * 100, "EUR", cast.team)
    assert of.working["corrections"] == 100
    assert of.working["met"] + of.working["missed"] == cards
    assert of.working["entries"] == of.entries.count() == cast.manager.ledger_entries.count()
    assert not made.lines.filter(user=cast.stranger).exists()


def test_points_below_zero_reduce_the_pool_up_to_its_cap(week, cast):
    give_points(cast.manager, -300, TUESDAY)
    of = line(make_settlement(cast, MONDAY, SUNDAY), cast.manager)
    assert of.points < -100
    assert of.amount_minor == -50_00
    assert of.working["limit_minor"] == 50_00


def test_without_a_policy_points_below_zero_take_nothing(week, cast):
    make_rate(cast.owner, team=cast.team, negative=NegativePolicy.NONE)
    give_points(cast.manager, -300, TUESDAY)
    assert line(make_settlement(cast, MONDAY, SUNDAY), cast.manager).amount_minor == 0


def test_a_late_correction_goes_to_the_next_open_period(week, cast):
    make_settlement(cast, MONDAY, SUNDAY, to="approved")
    give_points(cast.manager, 7, TUESDAY)
    close_days(cast.team, SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=1))
    following = make_settlement(cast, SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=1))
    missed = cast.manager.scorecards.get(day=SUNDAY + timedelta(days=1)).posted
    assert line(following, cast.manager).points == 7 + missed
    assert line(following, cast.manager).working["corrections"] == 7


def test_points_of_later_days_wait(week, cast):
    give_points(cast.manager, 50, SUNDAY + timedelta(days=1))
    of = line(make_settlement(cast, MONDAY, SUNDAY), cast.manager)
    assert of.points == ledger.balance(cast.manager) - 50


def test_a_settlement_of_everybody_takes_all_teams(week, cast):
    close_days(cast.other_team, MONDAY, SUNDAY)
    made = settlements.make(first=MONDAY, last=SUNDAY, by=cast.admin, at=NOW)
    assert set(made.lines.values_list("user_id", flat=True)) == {cast.manager.pk, cast.teammate.pk, cast.stranger.pk}


def test_who_moved_is_settled_in_his_new_team_with_all_his_points(week, cast):
    make_assignment(cast.manager, cast.other_team, week, cast.admin, on=SUNDAY + timedelta(days=1))
    monday = SUNDAY + timedelta(days=1)
    close_days(cast.team, monday, monday)
    close_days(cast.other_team, monday, monday)
    first = make_settlement(cast, monday, monday)
    assert not first.lines.filter(user=cast.manager).exists()
    second = make_settlement(cast, monday, monday, team=cast.other_team)
    assert line(second, cast.manager).points == ledger.balance(cast.manager)


def test_rewards_taken_are_settled_as_points_spent(week, cast):
    give_points(cast.manager, 100, MONDAY)
    claim = make_claim(make_reward(cast.admin, 10), cast.manager)
    assert LedgerEntry.objects.get(claim=claim).day == date(2026, 10, 26)
    close_days(cast.team, date(2026, 10, 26), date(2026, 10, 26))
    of = line(make_settlement(cast, MONDAY, date(2026, 10, 26)), cast.manager)
    assert of.working["rewards"] == -10
    parts = ("met", "missed", "corrections", "rewards")
    assert sum(of.working[part] for part in parts) == of.points


def test_points_spent_since_are_not_paid_too(week, cast):
    """He took a reward after the period, out of its points, before somebody settled it."""
    give_points(cast.manager, 100, MONDAY)
    claim = make_claim(make_reward(cast.admin, 10), cast.manager)
    assert LedgerEntry.objects.get(claim=claim).day > SUNDAY
    of = line(make_settlement(cast, MONDAY, SUNDAY, to="approved"), cast.manager)
    assert of.working["rewards"] == -10
    assert ledger.balance(cast.manager) == 0


def test_who_has_spent_more_than_the_period_gave_waits_for_the_next(week, cast):
    monday = SUNDAY + timedelta(days=1)
    give_points(cast.manager, 300, monday)
    make_claim(make_reward(cast.admin, 200), cast.manager)
    balance = ledger.balance(cast.manager)
    assert not make_settlement(cast, MONDAY, SUNDAY, to="approved").lines.filter(user=cast.manager).exists()
    assert ledger.balance(cast.manager) == balance
    close_days(cast.team, monday, monday)
    following = make_settlement(cast, monday, monday)
    assert line(following, cast.manager).points == ledger.balance(cast.manager) >= 0


def test_a_reward_that_came_back_after_the_period_goes_to_the_next(week, cast):
    give_points(cast.manager, 10, SUNDAY + timedelta(days=1), EntryKind.REWARD_BACK)
    assert line(make_settlement(cast, MONDAY, SUNDAY), cast.manager).working["rewards"] == 0


# --- what it refuses ---


def test_open_days_are_named(week, cast):
    with pytest.raises(settled_lines.DaysOpen, match=r"Sales 26 Oct, Sales 27 Oct, .* and 1 more\. Choose") as refused:
        make_settlement(cast, MONDAY, date(2026, 10, 30))
    assert refused.value.field == "last"
    assert not Settlement.objects.exists()


def test_days_of_another_team_need_not_be_closed(week, cast):
    assert make_settlement(cast, MONDAY, SUNDAY)
    with pytest.raises(settled_lines.DaysOpen, match="Service 19 Oct"):
        make_settlement(cast, MONDAY, SUNDAY, team=cast.other_team)


def test_the_last_day_is_not_before_the_first(week, cast):
    with pytest.raises(settlements.BackToFront) as refused:
        make_settlement(cast, SUNDAY, MONDAY)
    assert refused.value.field == "last"


@pytest.mark.parametrize("whom", ["same", "everybody"])
@pytest.mark.parametrize("first", [MONDAY, SUNDAY])
def test_no_day_of_a_team_is_in_two_settlements(week, cast, whom, first):
    make_settlement(cast, MONDAY, SUNDAY)
    team = cast.team if whom == "same" else None
    with pytest.raises(settlements.Overlaps, match="19 Oct 2026 to 25 Oct 2026 is in a settlement of Sales"):
        settlements.make(first=first, last=SUNDAY, team=team, by=cast.admin, at=NOW)
    assert Settlement.objects.count() == 1


def test_a_rate_is_needed(scored, cast):
    close_days(cast.team, MONDAY, SUNDAY)
    with pytest.raises(settled_lines.NoRate, match="what a point is worth to Sales on 25 Oct 2026"):
        make_settlement(cast, MONDAY, SUNDAY)
    assert not Settlement.objects.exists()


def test_one_settlement_has_one_rate(week, cast):
    make_rate(cast.owner, on=FRIDAY, rate="2")
    with pytest.raises(settled_lines.RateChanges, match="Choose 22 Oct 2026 as the last day"):
        make_settlement(cast, MONDAY, SUNDAY)
    before = make_settlement(cast, MONDAY, date(2026, 10, 22))
    after = make_settlement(cast, FRIDAY, SUNDAY)
    assert line(before, cast.manager).working["rate_minor"] == 100
    assert line(after, cast.manager).working["rate_minor"] == 200


def test_nothing_to_settle_is_said(scored, cast):
    make_rate(cast.owner)
    close_days(cast.team, SUNDAY, SUNDAY)
    with pytest.raises(settled_lines.NothingToSettle):
        make_settlement(cast, SUNDAY, SUNDAY)


@pytest.mark.parametrize("who", ["manager", "head", "owner", "other_head"])
def test_only_the_coordinator_makes_and_reviews(week, cast, who):
    with pytest.raises(NotAllowed):
        settlements.make(first=MONDAY, last=SUNDAY, team=cast.team, by=getattr(cast, who), at=NOW)
    draft = make_settlement(cast, MONDAY, SUNDAY)
    for verb in (settlements.review, settlements.again, settlements.throw_away):
        with pytest.raises(NotAllowed):
            verb(settlement=draft, by=getattr(cast, who), at=NOW)


@pytest.mark.parametrize("who", ["manager", "head", "admin"])
def test_only_the_owner_approves(week, cast, who):
    reviewed = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    with pytest.raises(NotAllowed):
        settlements.approve(settlement=reviewed, by=getattr(cast, who), at=NOW)


def test_nobody_approves_his_own_pay(week, cast):
    reviewed = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    cast.manager.role = cast.owner.role
    cast.manager.save()
    with pytest.raises(settlements.AnotherApproves):
        settlements.approve(settlement=reviewed, by=cast.manager, at=NOW)


# --- from step to step ---


def test_a_draft_is_worked_out_again_with_what_has_come(week, cast):
    draft = make_settlement(cast, MONDAY, SUNDAY)
    before = line(draft, cast.manager).points
    give_points(cast.manager, 9, TUESDAY)
    again = settlements.again(settlement=draft, by=cast.admin, at=NOW)
    assert again.pk == draft.pk
    assert line(again, cast.manager).points == before + 9
    assert list(again.steps.values_list("kind", flat=True)) == ["made", "again"]


def test_a_draft_that_is_thrown_away_leaves_its_points_open(week, cast):
    settlements.throw_away(settlement=make_settlement(cast, MONDAY, SUNDAY), by=cast.admin, at=NOW)
    assert not Settlement.objects.exists()
    assert not SettledEntry.objects.exists()
    assert line(make_settlement(cast, MONDAY, SUNDAY), cast.manager).points == ledger.balance(cast.manager)


def test_approval_empties_the_accounts_and_the_chain_stays_whole(week, cast):
    made = make_settlement(cast, MONDAY, SUNDAY, to="approved")
    assert (made.status, made.reviewed_by, made.approved_by) == ("approved", cast.admin, cast.owner)
    assert made.reviewed_at <= made.approved_at
    assert ledger.balances([cast.manager.pk, cast.teammate.pk]) == {cast.manager.pk: 0, cast.teammate.pk: 0}
    paid = LedgerEntry.objects.get(key=f"settlement:{made.pk}:{cast.manager.pk}")
    assert (paid.kind, paid.debit, paid.credit) == (EntryKind.SETTLEMENT, f"person:{cast.manager.pk}", "paid")
    assert paid.settlement == made
    assert ledger.verify() is None


def test_points_below_zero_are_made_even_too(week, cast):
    give_points(cast.manager, -300, TUESDAY)
    make_settlement(cast, MONDAY, SUNDAY, to="approved")
    assert ledger.balance(cast.manager) == 0
    assert LedgerEntry.objects.get(kind="settlement", user=cast.manager).debit == "paid"


def test_a_settlement_is_never_settled_itself(week, cast):
    make_settlement(cast, MONDAY, SUNDAY, to="approved")
    monday = SUNDAY + timedelta(days=1)
    close_days(cast.team, monday, monday)
    following = make_settlement(cast, monday, monday)
    assert not SettledEntry.objects.filter(line__settlement=following, entry__kind="settlement").exists()


def test_it_is_sent_back_with_a_reason_and_is_a_draft_again(week, cast):
    reviewed = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    with pytest.raises(settlements.ReasonMissing) as refused:
        settlements.send_back(settlement=reviewed, reason="  ", by=cast.owner, at=NOW)
    assert refused.value.field == "reason"
    back = settlements.send_back(settlement=reviewed, reason="Appeal of Anna is open", by=cast.owner, at=NOW)
    assert (back.status, back.reviewed_by, back.reviewed_at) == ("draft", None, None)
    assert back.steps.last().reason == "Appeal of Anna is open"
    assert settlements.again(settlement=back, by=cast.admin, at=NOW)
    with pytest.raises(NotAllowed):
        settlements.send_back(settlement=reviewed, reason="Mine", by=cast.head, at=NOW)


def test_each_export_is_noted(week, cast):
    made = make_settlement(cast, MONDAY, SUNDAY, to="exported")
    assert made.exported_at is not None
    again = settlements.export(settlement=made, by=cast.owner, at=NOW)
    assert again.exported_at == made.exported_at
    assert [(step.kind, step.by) for step in made.steps.all()][-2:] == [
        ("exported", cast.admin),
        ("exported", cast.owner),
    ]


@pytest.mark.parametrize(
    ("at", "verb", "by"),
    [
        ("draft", "approve", "owner"),
        ("draft", "export", "owner"),
        ("draft", "send_back", "owner"),
        ("reviewed", "review", "admin"),
        ("reviewed", "again", "admin"),
        ("reviewed", "throw_away", "admin"),
        ("reviewed", "export", "admin"),
        ("approved", "approve", "owner"),
        ("approved", "send_back", "owner"),
        ("approved", "again", "admin"),
        ("approved", "throw_away", "admin"),
        ("exported", "send_back", "admin"),
        ("exported", "throw_away", "admin"),
    ],
)
def test_no_step_is_skipped_or_repeated(week, cast, at, verb, by):
    made = make_settlement(cast, MONDAY, SUNDAY, to=at)
    steps = SettlementStep.objects.count()
    more = {"reason": "A mistake"} if verb == "send_back" else {}
    with pytest.raises(settlements.WrongStep):
        getattr(settlements, verb)(settlement=made, by=getattr(cast, by), at=NOW, **more)
    assert Settlement.objects.get().status == at
    assert SettlementStep.objects.count() == steps


# --- what the database holds ---

FROZEN = [
    "UPDATE discipline_settlementline SET amount_minor = 1",
    "DELETE FROM discipline_settlementline",
    "DELETE FROM discipline_settledentry",
    "UPDATE discipline_settledentry SET line_id = line_id",
    "DELETE FROM discipline_settlement",
    "UPDATE discipline_settlement SET last = last + 1",
    "UPDATE discipline_settlementstep SET reason = 'x'",
    "DELETE FROM discipline_settlementstep",
    "TRUNCATE discipline_settledentry",
]


@pytest.mark.parametrize("statement", FROZEN)
@pytest.mark.parametrize("at", ["reviewed", "approved", "exported"])
def test_the_database_refuses_to_change_what_is_past_the_draft(week, cast, at, statement):
    make_settlement(cast, MONDAY, SUNDAY, to=at)
    before = list(SettlementLine.objects.values())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(SettlementLine.objects.values()) == before


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("draft", "approved"),
        ("draft", "exported"),
        ("approved", "draft"),
        ("approved", "reviewed"),
        ("exported", "draft"),
    ],
)
def test_the_database_knows_the_way_too(week, cast, at, to):
    made = make_settlement(cast, MONDAY, SUNDAY, to=at)
    with pytest.raises(Error, match="does not go from"), transaction.atomic():
        Settlement.objects.filter(pk=made.pk).update(status=to)


def test_the_database_stamps_the_steps_itself(week, cast, clock):
    clock.set("2026-10-26 10:00")
    made = make_settlement(cast, MONDAY, SUNDAY)
    Settlement.objects.filter(pk=made.pk).update(
        status=SettlementStatus.REVIEWED, reviewed_by=cast.admin, reviewed_at=NOW - timedelta(days=9), approved_at=NOW
    )
    made.refresh_from_db()
    assert (made.reviewed_at, made.approved_at) == (clock.now, None)


def test_an_entry_is_settled_once_whatever_the_way(week, cast):
    made = make_settlement(cast, MONDAY, SUNDAY)
    taken = SettledEntry.objects.first()
    with pytest.raises(Error, match="duplicate key"), transaction.atomic():
        SettledEntry.objects.create(entry_id=taken.entry_id, line=made.lines.first())


def test_it_costs_as_many_statements_for_many_people_as_for_few(week, cast, django_assert_num_queries):
    with django_assert_num_queries(15) as few:
        settlements.make(first=MONDAY, last=TUESDAY, team=cast.team, by=cast.admin, at=NOW)
    for _number in range(6):
        person = make_user(team=cast.team)
        make_assignment(person, cast.team, week, cast.admin, on=date(2026, 10, 26))
        give_points(person, 12, FRIDAY)
    close_days(cast.team, date(2026, 10, 26), date(2026, 10, 26))
    with django_assert_num_queries(len(few)):
        settlements.make(first=FRIDAY, last=date(2026, 10, 26), team=cast.team, by=cast.admin, at=NOW)
    assert Settlement.objects.get(first=FRIDAY).lines.count() == 8
