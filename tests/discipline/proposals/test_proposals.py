"""Each cause: found once, proposed once, by the difference to what was proposed before."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Company, Deal
from discipline import proposals
from discipline.models import Adjustment, Leave, Outage, Scorecard
from discipline.services import adjustments, appeals, days, ledger
from discipline.services.schemes import RuleSpec
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.discipline import CLASSIC, make_assignment, make_policy, make_scheme, make_scored

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def close(clock, cast):
    """Close a day of the cast's team at its horizon."""

    def do(day: date = TUESDAY) -> Scorecard:
        days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))
        return Scorecard.objects.get(user=cast.manager, day=day)

    return do


@pytest.fixture
def run(clock):
    """Let the proposals run at a moment; gives all deltas that there are, by cause."""

    def do(at: str, **words) -> list[tuple[str, int]]:
        proposals.run(now=clock.set(at), **words)
        return list(Adjustment.objects.order_by("pk").values_list("kind", "delta"))

    return do


def calls(clock, user, ended: str, *, recorded: str = "", n: int = 1, **facts) -> None:
    """Captured calls, each with a contact of its own, that end at `ended` and are stamped then or at `recorded`."""
    clock.set(ended)
    contacts = [make_contact(user, f"{ended} {number}") for number in range(n)]
    ends = clock.now
    if recorded:
        clock.set(recorded)
    for contact in contacts:
        make_activity(
            user, ends + timedelta(minutes=5), contact=contact, **{"source": "telephony", "seconds": 60, **facts}
        )


def leave(clock, cast, since: str, until: str, at: str) -> Leave:
    """A sick note that the head hands in at `at`."""
    span = [datetime.fromisoformat(f"{moment}+02:00") for moment in (since, until)]
    clock.set(at)
    facts = {"asked_by": cast.head, "decided_by": cast.head, "status": "approved", "kind": "sick"}
    return Leave.objects.create(user=cast.manager, from_at=span[0], until_at=span[1], **facts)


class TestLateTelephony:
    def test_a_fifth_call_that_came_after_the_horizon_gives_the_rule_back(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        card = close()
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        assert run("2026-10-20 20:10") == [("late_calls", 3)]
        one = Adjustment.objects.get()
        assert (one.line.code, one.status, one.proposed_by, one.user) == ("CV", "proposed", None, cast.manager)
        assert [row[:3] for row in one.records] == [
            ["activity", one.records[0][1], "counted"],
            ["line", one.line_id, "met"],
        ]
        assert Scorecard.objects.get(pk=card.pk).points == card.points

    def test_running_again_proposes_nothing_twice_refused_or_not(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        close()
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        run("2026-10-20 20:10")
        assert len(run("2026-10-20 20:20")) == 1
        one = Adjustment.objects.get()
        adjustments.decide(adjustment=one, approve=False, decision="Not his phone.", by=cast.head, at=clock.now)
        assert len(run("2026-10-21 08:00", since=clock.now - timedelta(days=30))) == 1

    def test_calls_within_the_horizon_entered_by_hand_or_too_few_change_nothing(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=3)
        close()
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        calls(clock, cast.manager, "2026-10-20 12:30", recorded="2026-10-20 20:00", source="manual", note="Talked.")
        assert run("2026-10-20 20:10") == []

    def test_what_comes_more_than_35_days_late_is_left(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        close()
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-11-24 18:31")
        assert run("2026-11-24 19:00") == []

    def test_a_line_that_an_appeal_has_corrected_is_not_given_twice(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        card = close()
        appeal = appeals.open(line=card.lines.get(code="CV"), text="It was five.", by=cast.manager, at=clock.now)
        appeals.decide(appeal=appeal, accept=True, answer="Yes.", by=cast.head, at=clock.now)
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        assert run("2026-10-20 20:10") == [("appeal", 3)]

    def test_days_that_were_closed_late_are_found_all_the_same(self, scored, clock, cast, run):
        """The workers were down while the call arrived: the card came after it."""
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        assert run("2026-10-22 10:00") == []
        days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-22 17:00"))
        assert run("2026-10-22 17:10") == [("late_calls", 3)]


class TestLateLeave:
    def test_a_sick_note_for_a_whole_day_takes_the_day_away(self, scored, clock, cast, close, run):
        assert close().posted == -10
        note = leave(clock, cast, "2026-10-20 00:00", "2026-10-21 00:00", at="2026-10-22 09:00")
        assert run("2026-10-22 09:10") == [("late_leave", 10)]
        one = Adjustment.objects.get()
        assert (one.line, one.records[0][:2]) == (None, ["leave", note.pk])
        assert len(run("2026-10-22 09:20")) == 1
        adjustments.decide(adjustment=one, approve=True, by=cast.owner, at=clock.now)
        assert ledger.balance(cast.manager) == 0

    def test_a_sick_note_within_the_horizon_leaves_nothing_to_propose(self, scored, clock, cast, run):
        leave(clock, cast, "2026-10-20 00:00", "2026-10-21 00:00", at="2026-10-20 18:20")
        days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
        assert run("2026-10-20 18:40") == []

    def test_part_of_a_day_is_judged_with_the_time_that_he_was_there(self, scored, clock, cast, close, run):
        """Two calls and a company on a day of which he was away for more than half: five become two, two become one."""
        calls(clock, cast.manager, "2026-10-20 10:00", n=2)
        make_company(cast.manager, "One", completeness=1, validity=1)
        close()
        leave(clock, cast, "2026-10-20 13:00", "2026-10-20 18:00", at="2026-10-21 09:00")
        assert run("2026-10-21 09:10") == [("late_leave", 6)]
        assert {row[1] for row in Adjustment.objects.get().records if row[0] == "line"} == set(
            Scorecard.objects.get(user=cast.manager).lines.filter(code__in=("CO", "CV")).values_list("pk", flat=True)
        )

    def test_a_leave_that_is_cancelled_takes_its_proposal_back(self, scored, clock, cast, close, run):
        close()
        note = leave(clock, cast, "2026-10-20 00:00", "2026-10-21 00:00", at="2026-10-22 09:00")
        run("2026-10-22 09:10")
        clock.set("2026-10-22 11:00")
        Leave.objects.filter(pk=note.pk).update(status="cancelled")
        assert run("2026-10-22 11:10") == [("late_leave", 10), ("late_leave", -10)]

    def test_a_day_that_is_gone_owes_nothing_more_to_late_calls(self, scored, clock, cast, close, run):
        """The call first, the sick note afterwards: together they bring the day to zero, not above it."""
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        posted = close().posted
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        assert run("2026-10-20 20:10") == [("late_calls", 3)]
        leave(clock, cast, "2026-10-20 00:00", "2026-10-21 00:00", at="2026-10-22 09:00")
        assert run("2026-10-22 09:10") == [("late_calls", 3), ("late_leave", -posted - 3)]


class TestLateOutage:
    def declare(self, clock, cast, at: str, source: str = "everything") -> Outage:
        clock.set(at)
        span = [datetime.fromisoformat(f"2026-10-20 {hour}:00+02:00") for hour in (10, 16)]
        facts = {"from_at": span[0], "until_at": span[1], "reason": "Cable cut.", "declared_by": cast.admin}
        return Outage.objects.create(source=source, **facts)

    def test_what_was_missed_while_nothing_worked_does_not_apply(self, scored, clock, cast, close, run):
        close()
        self.declare(clock, cast, "2026-10-21 09:00")
        run("2026-10-21 09:10")
        mine = Adjustment.objects.get(user=cast.manager)
        assert (mine.kind, mine.delta, mine.line) == ("late_outage", 10, None)
        assert Adjustment.objects.filter(user=cast.teammate).count() == 1
        assert len(run("2026-10-21 09:20")) == 2

    def test_without_telephony_only_conversations_do_not_apply(self, scored, clock, cast, close, run):
        close()
        self.declare(clock, cast, "2026-10-21 09:00", source="telephony")
        run("2026-10-21 09:10")
        mine = Adjustment.objects.get(user=cast.manager)
        assert (mine.delta, mine.line.code) == (2, "CV")

    def test_a_withdrawn_outage_takes_its_proposal_back(self, scored, clock, cast, close, run):
        close()
        one = self.declare(clock, cast, "2026-10-21 09:00", source="telephony")
        run("2026-10-21 09:10")
        clock.set("2026-10-21 10:00")
        Outage.objects.filter(pk=one.pk).update(withdrawn=True)
        run("2026-10-21 10:10")
        assert sum(Adjustment.objects.filter(user=cast.manager).values_list("delta", flat=True)) == 0

    def test_a_call_that_comes_after_the_outage_is_worth_only_the_difference(self, scored, clock, cast, close, run):
        calls(clock, cast.manager, "2026-10-20 11:00", n=4)
        close()
        self.declare(clock, cast, "2026-10-20 19:00", source="telephony")
        run("2026-10-20 19:10")
        calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
        run("2026-10-20 20:10")
        mine = Adjustment.objects.filter(user=cast.manager).order_by("pk")
        assert list(mine.values_list("kind", "delta")) == [("late_outage", 2), ("late_calls", 1)]


class TestDeletedCompany:
    @pytest.fixture
    def two(self, scored, clock, cast, close) -> list[Company]:
        clock.set("2026-10-20 11:00")
        made = [make_company(cast.manager, name, completeness=1, validity=1) for name in ("One", "Two")]
        assert close().lines.get(code="CO").points == 1
        return made

    def delete(self, clock, company: Company, at: str) -> None:
        Company.objects.filter(pk=company.pk).update(deleted_at=clock.set(at))

    def test_a_counted_company_deleted_next_day_takes_the_rule_back(self, two, clock, cast, run):
        self.delete(clock, two[0], "2026-10-21 09:00")
        assert run("2026-10-21 09:10") == [("company_deleted", -3)]
        one = Adjustment.objects.get()
        assert one.line.code == "CO"
        assert one.records[0][:4] == ["company", two[0].pk, "counted", "deleted"]
        assert one.records[1][4] == 1.0
        self.delete(clock, two[1], "2026-10-22 09:00")
        assert len(run("2026-10-22 09:10")) == 1, "the rule is missed already"

    def test_after_thirty_days_it_stays(self, two, clock, run):
        self.delete(clock, two[0], "2026-11-19 17:01")  # winter time: thirty days and a minute
        assert run("2026-11-19 18:00") == []

    def test_one_that_did_not_count_changes_nothing(self, two, clock, cast, run):
        clock.set("2026-10-20 18:20")
        third = make_company(cast.manager, "Three")
        self.delete(clock, third, "2026-10-21 09:00")
        assert run("2026-10-21 09:10") == []

    def test_a_company_that_comes_back_gives_the_points_back(self, two, clock, run):
        self.delete(clock, two[0], "2026-10-21 09:00")
        run("2026-10-21 09:10")
        clock.set("2026-10-21 10:00")
        Company.objects.filter(pk=two[0].pk).update(deleted_at=None)
        assert run("2026-10-21 10:10") == [("company_deleted", -3), ("company_deleted", 3)]


class TestReopenedWin:
    @pytest.fixture
    def won(self, scored, clock, cast, close) -> Deal:
        clock.set("2026-10-20 11:00")
        deal = make_deal(cast.manager, "Won", amount_minor=500_00)
        make_task(cast.manager, clock.now + timedelta(days=2), deal=make_deal(cast.manager, "Kept"))
        Deal.objects.filter(pk=deal.pk).update(status="won")
        assert close().lines.get(code="WN").points == 1
        return deal

    def test_a_win_reopened_within_thirty_days_goes_back(self, won, clock, run):
        clock.set("2026-11-19 09:00")
        Deal.objects.filter(pk=won.pk).update(status="open")
        assert run("2026-11-19 09:10") == [("win_reopened", -3)]
        assert Adjustment.objects.get().records[0][:4] == ["deal", won.pk, "counted", "reopened"]
        clock.set("2026-11-19 10:00")
        Deal.objects.filter(pk=won.pk).update(status="won")
        assert run("2026-11-19 10:10") == [("win_reopened", -3), ("win_reopened", 3)]

    def test_later_it_stays(self, won, clock, run):
        clock.set("2026-11-19 11:01")
        Deal.objects.filter(pk=won.pk).update(status="open")
        assert run("2026-11-19 12:00") == []

    def test_lost_after_it_was_won_counts_as_reopened_and_deleted_too(self, won, clock, run):
        clock.set("2026-10-25 09:00")
        Deal.objects.filter(pk=won.pk).update(deleted_at=clock.now)
        assert run("2026-10-25 09:10") == [("win_reopened", -3)]


def test_money_goes_back_by_its_amount(clock, cast, run):
    """2 000 asked for; of 2 500 won a deal of 500 is opened again, then another of 1 000."""
    scheme = make_scheme(cast.admin, [RuleSpec(code="SW", metric="sum_won", threshold=2000)])
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    clock.set("2026-10-20 11:00")
    deals = [make_deal(cast.manager, str(amount), amount_minor=amount * 100) for amount in (500, 1000, 1000)]
    Deal.objects.filter(pk__in=[deal.pk for deal in deals]).update(status="won")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    assert Scorecard.objects.get().points == 1
    clock.set("2026-10-21 09:00")
    Deal.objects.filter(pk=deals[0].pk).update(status="open")
    assert run("2026-10-21 09:10") == []
    clock.set("2026-10-22 09:00")
    Deal.objects.filter(pk=deals[1].pk).update(status="open")
    assert run("2026-10-22 09:10") == [("win_reopened", -3)]


def test_a_weekly_rule_is_corrected_on_the_card_of_the_weeks_last_day(clock, cast, run):
    weekly = RuleSpec(code="WC", metric="conversations", threshold=2, period="week")
    scheme = make_scheme(cast.admin, [CLASSIC[0], weekly])
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    calls(clock, cast.manager, "2026-10-20 11:00")
    for day in range(19, 24):
        days.close(team=cast.team, day=date(2026, 10, day), at=clock.set(f"2026-10-{day} 18:30"))
    friday = Scorecard.objects.get(user=cast.manager, day=date(2026, 10, 23))
    assert friday.lines.get(code="WC").result == "missed"
    calls(clock, cast.manager, "2026-10-21 11:00", recorded="2026-10-24 09:00")
    assert run("2026-10-24 09:10") == [("late_calls", 3)]
    assert Adjustment.objects.get().card == friday


@pytest.mark.parametrize("mode", ["trial", "soft"])
def test_what_did_not_count_is_not_corrected(clock, cast, close, run, mode):
    """On trial nothing; in the soft start only what would have been won."""
    make_scored(cast, mode=mode)
    calls(clock, cast.manager, "2026-10-20 11:00", n=4)
    close()
    calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
    assert run("2026-10-20 20:10") == ([] if mode == "trial" else [("late_calls", 1)])


def test_when_nothing_has_happened_it_costs_a_few_statements(scored, clock, close, run):
    close()
    run("2026-10-20 18:40")
    with CaptureQueriesContext(connection) as captured:
        proposals.run(now=clock.set("2026-10-20 18:50"))
    assert len(captured) <= 13, "eight that look, the rest notes that it was looked"


def test_the_statements_do_not_grow_with_the_cards_that_are_looked_at(scored, clock, cast, close, run):
    """Two people whose late calls change nothing cost as much as one."""
    close()
    run("2026-10-20 18:40")
    calls(clock, cast.manager, "2026-10-20 12:00", recorded="2026-10-20 20:00")
    counts = []
    for at in ("2026-10-20 20:10", "2026-10-20 20:20"):
        with CaptureQueriesContext(connection) as captured:
            proposals.run(now=clock.set(at))
        counts.append(len(captured))
        calls(clock, cast.teammate, "2026-10-20 12:00", recorded="2026-10-20 20:15")
    assert counts[0] == counts[1]
