from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from discipline.models import EntryKind, LedgerEntry, LedgerHead, Scorecard
from discipline.services import days, ledger

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def closed(scored, clock, cast):
    """Tuesday closed for manager and teammate, ten points below zero each."""
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    return Scorecard.objects.get(user=cast.manager)


def spent(user, points: int, key: str = "reward:1") -> ledger.Posting:
    """Points spent on a reward, where it does not matter which."""
    return ledger.posting(
        key=key, kind=EntryKind.REWARD, user_id=user.pk, day=TUESDAY, points=-points, against=ledger.REWARDS
    )


def tamper(statement: str, *given: object) -> None:
    """What only somebody with power over the database itself could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE discipline_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(statement, given)
        cursor.execute("ALTER TABLE discipline_ledgerentry ENABLE TRIGGER USER")


def test_points_go_to_the_person_or_come_from_him(cast, clock):
    for points, accounts in (
        (3, ("company", f"person:{cast.manager.pk}")),
        (-2, (f"person:{cast.manager.pk}", "company")),
    ):
        ledger.post(
            entries=[
                ledger.posting(
                    key=f"move:{points}", kind=EntryKind.CARD, user_id=cast.manager.pk, day=TUESDAY, points=points
                )
            ]
        )
        entry = LedgerEntry.objects.get(key=f"move:{points}")
        assert (entry.debit, entry.credit, entry.points) == (*accounts, abs(points))
    assert ledger.balance(cast.manager) == 1


def test_an_entry_posted_twice_is_there_once_and_nothing_moves_for_nothing(cast, clock):
    assert ledger.post(entries=[spent(cast.manager, 4), spent(cast.manager, 0, "nothing")]) == 1
    assert ledger.post(entries=[spent(cast.manager, 4)]) == 0
    assert LedgerEntry.objects.count() == 1
    assert ledger.verify() is None


def test_sealing_looks_up_the_last_entry_by_its_key_even_where_the_ledger_was_empty(cast, clock):
    read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'discipline_ledgerentry'"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE discipline_ledgerentry")
        cursor.execute(read)
        (before,) = cursor.fetchone()
        assert ledger.post(entries=[spent(cast.manager, 1, f"reward:{n}") for n in range(20)]) == 20
        cursor.execute(read)
        assert cursor.fetchone() == (before,)
    assert ledger.verify() is None


def test_balances_are_of_those_who_were_asked_for(closed, cast):
    ledger.post(entries=[spent(cast.teammate, 5)])
    asked = [cast.manager.pk, cast.teammate.pk, cast.stranger.pk]
    assert ledger.balances(asked) == {cast.manager.pk: -10, cast.teammate.pk: -15, cast.stranger.pk: 0}


def test_the_chain_is_whole_after_closing_and_everything_posted_is_in_it(closed, cast):
    ledger.post(entries=[spent(cast.manager, 1)])
    assert ledger.verify() is None
    assert ledger.unbalanced() == []


@pytest.mark.parametrize(("column", "value"), [("points", "points + 1"), ("day", "day - 1"), ("previous_hash", "hash")])
def test_a_changed_entry_is_found(closed, cast, column, value):
    ledger.post(entries=[spent(cast.manager, 1)])
    second = LedgerEntry.objects.order_by("pk")[1]
    tamper(f"UPDATE discipline_ledgerentry SET {column} = {value} WHERE id = %s", second.pk)
    assert ledger.verify() == second.pk


def test_an_entry_taken_out_is_found_at_the_one_after_it(closed, cast):
    ledger.post(entries=[spent(cast.manager, 1)])
    first, second = LedgerEntry.objects.order_by("pk")[:2]
    tamper("DELETE FROM discipline_ledgerentry WHERE id = %s", first.pk)
    assert ledger.verify() == second.pk
    assert ledger.unbalanced() == [("card", first.card_id)]


def test_a_chain_sealed_anew_is_found_by_the_head_that_was_kept(closed, clock):
    kept = ledger.keep_head(day=TUESDAY, at=clock.set("2026-10-21 07:00"))
    assert (kept.entries, kept.hash) == (2, LedgerEntry.objects.order_by("-pk")[0].hash)
    tamper("UPDATE discipline_ledgerentry SET points = 9 WHERE id = %s", kept.entry_id)
    tamper("UPDATE discipline_ledgerentry e SET hash = discipline_ledger_hash(e) WHERE id = %s", kept.entry_id)
    assert ledger.verify() == kept.entry_id


def test_the_head_of_a_day_is_kept_once_and_leaves_out_what_came_later(closed, cast, clock):
    night = clock.set("2026-10-21 00:00")
    clock.set("2026-10-21 09:00")
    ledger.post(entries=[spent(cast.manager, 1)])
    kept = ledger.keep_head(day=TUESDAY, at=night)
    assert kept.entries == 2
    assert ledger.keep_head(day=TUESDAY, at=clock.now) == kept
    assert LedgerHead.objects.count() == 1
    assert ledger.head().entries == 3


def test_an_empty_ledger_has_a_head_too(clock):
    assert ledger.head() == ledger.Head(None, 0, "")
    assert ledger.keep_head(day=TUESDAY, at=clock.now).entries == 0
    assert ledger.verify() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE discipline_ledgerentry SET points = 1",
        "DELETE FROM discipline_ledgerentry",
        "TRUNCATE discipline_ledgerentry CASCADE",
        "UPDATE discipline_ledgerhead SET entries = 0",
        "DELETE FROM discipline_ledgerhead",
    ],
)
def test_the_database_refuses_to_change_what_was_posted(closed, clock, statement):
    ledger.keep_head(day=TUESDAY, at=clock.now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
