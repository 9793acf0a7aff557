from datetime import date

import pytest
from django.db import connection

from crm.models import Activity
from discipline import tasks
from discipline.models import Finding, LedgerEntry, Scorecard, ScoreLine, Verification
from discipline.services import heartbeats, planner, verification, watching
from notifications.models import Message
from tests.factories.crm import make_activity

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def closed(scored, clock, cast):
    """Tuesday 2026-10-20 is closed for everybody; the manager has made a call."""
    clock.set("2026-10-20 11:00")
    make_activity(cast.manager, clock.now, note="Talked.")
    planner.run(now=clock.set("2026-10-20 18:30"), since=TUESDAY)


def tamper(table: str, change: str, pk: int) -> None:
    """Change a row as only somebody with the database in his hands can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [pk])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_cards_come_out_the_same_again_whatever_happened_to_the_records_since(closed, clock, cast):
    clock.set("2026-10-21 09:00")
    Activity.objects.all().update(note="", deleted_at=clock.now)
    made = verification.run(now=clock.now, days_back=[TUESDAY])
    assert made.cards == Scorecard.objects.count() == 3
    assert made.chain_whole
    assert not Finding.objects.exists()


def test_a_card_changed_behind_the_programs_back_is_found_and_left_as_it_is(closed, clock, cast):
    card = Scorecard.objects.get(user=cast.manager)
    tamper("discipline_scorecard", "inputs_hash = 'x'", card.pk)
    made = verification.run(now=clock.set("2026-10-21 03:00"), days_back=[TUESDAY])
    assert list(made.findings.values_list("card", "stored_hash")) == [(card.pk, "x")]
    card.refresh_from_db()
    assert card.inputs_hash == "x"


def test_history_changed_behind_the_programs_back_is_told_with_the_rules_that_differ(closed, clock, cast):
    tamper("crm_activity", f"performed_by_id = {cast.teammate.pk}", Activity.objects.get().pk)
    made = verification.run(now=clock.set("2026-10-21 03:00"), days_back=[TUESDAY])
    found = {finding.card.user_id: finding.differences for finding in made.findings.all()}
    assert set(found) == {cast.manager.pk, cast.teammate.pk}
    assert [one["code"] for one in found[cast.manager.pk]] == ["CV", "TE"]


def test_cards_of_an_older_version_of_a_metric_are_left_alone(closed, clock, cast):
    tamper("discipline_scoreline", "metric_version = 99", ScoreLine.objects.filter(card__user=cast.manager)[0].pk)
    made = verification.run(now=clock.set("2026-10-21 03:00"), days_back=[TUESDAY])
    assert (made.cards, made.findings.count()) == (2, 0)


def test_a_broken_chain_is_told(closed, clock, cast):
    tamper("discipline_ledgerentry", "points = points + 1", LedgerEntry.objects.order_by("pk").first().pk)
    assert not verification.run(now=clock.set("2026-10-21 03:00"), days_back=[TUESDAY]).chain_whole


def test_once_a_night_and_coordinator_and_owner_hear_of_differences(closed, clock, cast, time_machine):
    tamper("discipline_scorecard", "inputs_hash = 'x'", Scorecard.objects.get(user=cast.manager).pk)
    time_machine.move_to(clock.set("2026-10-21 03:00"), tick=False)
    tasks.verify()
    tasks.verify()
    assert Verification.objects.count() == 1
    told = Message.objects.filter(kind="verification_differs").values_list("recipient", flat=True)
    assert sorted(told) == sorted([cast.admin.pk, cast.owner.pk])


def test_a_job_that_falls_silent_is_told_once_for_each_silence(clock, cast, mailoutbox):
    heartbeats.beat("days to close", at=clock.now)
    assert watching.look(now=clock.set("2026-10-20 10:29")) == {}
    assert set(watching.look(now=clock.set("2026-10-20 10:31"))) == {"days to close"}
    watching.look(now=clock.set("2026-10-20 10:35"))
    told = Message.objects.filter(kind="scheduler_silent")
    assert sorted(told.values_list("recipient", flat=True)) == sorted([cast.admin.pk, cast.owner.pk])
    assert len(mailoutbox) == 2, "sent from the web process: nobody else empties the outbox now"
    heartbeats.beat("days to close", at=clock.set("2026-10-20 10:40"))
    assert watching.look(now=clock.now) == {}
    watching.look(now=clock.set("2026-10-20 12:00"))
    assert told.count() == 4, "a second silence is told again"


def test_a_job_that_has_never_run_is_not_silent(clock, cast):
    assert watching.look(now=clock.now) == {}
