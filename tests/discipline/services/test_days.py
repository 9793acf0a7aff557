from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.models import Activity, Company, Deal, Task
from discipline.models import LedgerEntry, Scorecard, ScoreLine, Snapshot, TeamDay
from discipline.services import days, policies, schemes
from notifications.models import Delivery, Message
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme, score_day
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def close(clock, cast):
    """Close Tuesday of the cast's team at a time of day (half an hour after the cut-off)."""

    def do(at: str = "2026-10-20 18:30", day: date = TUESDAY):
        return days.close(team=cast.team, day=day, at=clock.set(at))

    return do


def perfect_day(clock, user) -> None:
    """Everything that the classic rules ask for; the deal has its next step."""
    for minute in range(5):
        clock.set(f"2026-10-20 11:{minute:02}")
        make_activity(user, clock.now, note="Talked.", contact=make_contact(user, f"x{minute}"))
    make_activity(user, clock.now, kind="meeting", result="agreed")
    for name in ("one", "two"):
        make_company(user, name, completeness=1, validity=1)
    won, kept = make_deal(user, "won"), make_deal(user, "kept")
    make_task(user, clock.now + timedelta(days=2), deal=kept)
    Deal.objects.filter(pk=won.pk).update(status="won")


def test_a_perfect_day_gives_a_point_for_each_rule(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    assert close().cards == 2
    card = Scorecard.objects.get(user=cast.manager)
    assert (card.points, card.posted) == (7, 7)
    assert set(card.lines.values_list("result", flat=True)) == {"met"}


def test_somebody_who_does_nothing_is_scored_too(scored, clock, cast, close):
    close()
    lines = {line.code: line for line in ScoreLine.objects.filter(card__user=cast.manager)}
    assert {code: line.result for code, line in lines.items()} == {
        "CO": "missed", "MT": "missed", "CV": "missed", "WN": "missed", "OD": "n/a", "NT": "n/a", "TE": "missed",
    }  # fmt: skip
    assert lines["OD"].reason == lines["NT"].reason == "no_items"
    assert Scorecard.objects.get(user=cast.manager).points == -10


def test_before_the_horizon_nothing_is_closed(scored, cast, close):
    assert close("2026-10-20 18:29:59").cards == 0
    assert not TeamDay.objects.exists()


def test_closing_twice_changes_nothing(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    close()
    before = [list(model.objects.order_by("pk").values()) for model in (Scorecard, ScoreLine, Snapshot, LedgerEntry)]
    again = close("2026-10-20 19:00")
    assert (again.cards, again.complete) == (0, True)
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Scorecard, ScoreLine, Snapshot, LedgerEntry)
    ]
    assert TeamDay.objects.count() == 1


def test_closed_days_later_after_every_kind_of_edit_the_card_is_the_same(scored, clock, cast):
    perfect_day(clock, cast.manager)
    clock.set("2026-10-20 18:30")
    (in_time,) = score_day(cast.manager, "2026-10-20")
    clock.set("2026-10-21 09:00")
    Activity.objects.filter(pk=Activity.objects.first().pk).update(note="")
    Activity.objects.filter(pk=Activity.objects.last().pk).delete()
    Company.objects.update(deleted_at=clock.now, completeness=0)
    Deal.objects.update(status="open", owner=cast.teammate)
    Task.objects.update(status="done")
    make_activity(cast.manager, clock.now, note="Next day")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-23 12:00"))
    card = Scorecard.objects.get(user=cast.manager)
    assert (card.points, card.inputs_hash) == (
        in_time.points,
        in_time.fingerprint,
    )
    assert [(line.code, line.value, line.result, line.evidence) for line in card.lines.order_by("position")] == [
        (line.rule.code, line.value, line.result, line.measure.evidence) for line in in_time.lines
    ]


def test_a_record_deleted_later_stays_in_the_evidence(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    pk = Activity.objects.filter(kind="meeting").get().pk
    close()
    clock.set("2026-10-21 09:00")
    Activity.objects.filter(pk=pk).delete()
    line = ScoreLine.objects.get(card__user=cast.manager, code="MT")
    assert [(row[0], row[1], row[2]) for row in line.evidence] == [("activity", pk, "counted")]


def test_every_figure_is_kept_for_everybody_whether_it_is_scored_or_not(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    close()
    figures = dict(Snapshot.objects.filter(user=cast.manager).values_list("metric", "value"))
    assert figures == {
        "companies_added": 2, "meetings_held": 1, "conversations": 5, "deals_won": 1, "deals_lost": 0, "sum_won": 0,
        "deals_in_progress": 1, "overdue_tasks": 0, "deals_without_task": 0, "lost_without_reason": 0, "data_in_time": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "posted", "entry"),
    [
        ("live", -10, ("person", "company", 10)),
        ("soft", 0, None),
        ("trial", 0, None),
    ],
)
def test_what_reaches_the_ledger_depends_on_the_teams_mode(clock, cast, close, mode, posted, entry):
    make_policy(cast.team, cast.admin, mode=mode)
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    close()
    card = Scorecard.objects.get()
    assert (card.points, card.posted) == (-10, posted)
    entries = [(e.debit.split(":")[0], e.credit.split(":")[0], e.points) for e in LedgerEntry.objects.all()]
    assert entries == ([entry] if entry else [])


def test_in_the_soft_mode_only_what_was_won_counts(clock, cast, close):
    make_policy(cast.team, cast.admin, mode="soft")
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    perfect_day(clock, cast.manager)
    make_task(cast.manager, clock.now)
    close()
    card = Scorecard.objects.get()
    assert (card.points, card.posted) == (4, 6)
    assert LedgerEntry.objects.get().points == 6


def test_a_team_that_is_off_has_no_cards_and_is_done(clock, cast, close):
    make_policy(cast.team, cast.admin, mode="off")
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    assert close().complete
    assert not Scorecard.objects.exists()
    assert TeamDay.objects.get().cards == 0


def test_the_ledger_is_a_whole_chain_after_a_day_of_many(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    close()
    close("2026-10-21 18:30", day=date(2026, 10, 21))
    entries = list(LedgerEntry.objects.order_by("pk"))
    assert len(entries) == 4
    assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert {entry.key for entry in entries} >= {f"card:{cast.manager.pk}:2026-10-20"}


def test_the_teams_day_has_the_sums_of_its_cards(scored, clock, cast, close):
    perfect_day(clock, cast.manager)
    close()
    team_day = TeamDay.objects.get()
    assert (team_day.cards, team_day.points, team_day.met, team_day.missed) == (2, -3, 7, 5)


def test_somebody_whose_shift_ends_earlier_is_closed_earlier(clock, cast):
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin, shift_end=time(15, 0))
    make_assignment(cast.teammate, cast.team, scheme, cast.admin)
    first = days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 15:30"))
    assert (first.cards, first.complete) == (1, False)
    second = days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    assert (second.cards, second.complete) == (1, True)
    assert TeamDay.objects.get().cards == 2


def test_everybody_is_told_his_card_once_by_inbox_and_mail(scored, clock, cast, close):
    close()
    close("2026-10-20 18:40")
    message = Message.objects.get(recipient=cast.manager)
    assert (message.kind, message.context["points"]) == ("card_closed", -10)
    assert message.url == f"/cards/{Scorecard.objects.get(user=cast.manager).pk}/"
    assert Delivery.objects.filter(message=message, channel="email").count() == 1


def test_whoever_catches_up_on_old_days_floods_nobody(scored, clock, cast, close):
    close("2026-10-26 09:00")
    assert Scorecard.objects.count() == 2
    assert not Message.objects.exists()


def test_a_rule_published_in_an_open_window_counts_from_the_next_one(scored, clock, cast, close):
    clock.set("2026-10-19 18:00:01")
    schemes.change(scheme=scored, code="CV", threshold=Decimal(0), by=cast.admin, at=clock.now)
    close()
    close("2026-10-21 18:30", day=date(2026, 10, 21))
    results = ScoreLine.objects.filter(card__user=cast.manager, code="CV").order_by("card__day")
    assert list(results.values_list("result", flat=True)) == ["missed", "met"]


def test_a_mode_set_in_an_open_window_holds_from_the_next_one(scored, clock, cast, close):
    at = clock.set("2026-10-20 12:00")
    policy = policies.set_policy(team=cast.team, mode="trial", by=cast.admin, at=at)
    assert policy.starts_on == date(2026, 10, 21)
    close()
    close("2026-10-21 18:30", day=date(2026, 10, 21))
    modes = Scorecard.objects.filter(user=cast.manager).order_by("day").values_list("mode", flat=True)
    assert list(modes) == ["live", "trial"]


@pytest.mark.parametrize("table", ["scorecard", "scoreline", "snapshot", "ledgerentry", "teamday"])
def test_nothing_that_a_closed_day_left_can_be_changed(scored, cast, close, table):
    close()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(f"discipline_{table}"))


def test_closing_takes_at_most_thirty_statements_whatever_the_number_of_people(scored, clock, cast):
    perfect_day(clock, cast.manager)

    def count(day: date) -> int:
        at = clock.set(f"{day} 18:30")
        with CaptureQueriesContext(connection) as captured:
            days.close(team=cast.team, day=day, at=at)
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    few = count(TUESDAY)
    for _number in range(20):
        make_assignment(make_user(team=cast.team), cast.team, scored, cast.admin, on=date(2026, 10, 21))
    many = count(date(2026, 10, 21))
    assert few == many <= 30
    assert Scorecard.objects.filter(day=date(2026, 10, 21)).count() == 22
