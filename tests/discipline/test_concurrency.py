"""Closing with real connections at the same time."""

from datetime import UTC, date, datetime
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction

from discipline.models import LedgerEntry, Scorecard, ScoreLine, TeamDay
from discipline.services import days
from tests.factories.crm import make_activity
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = date(2026, 10, 20)
CLOCK = (
    "CREATE OR REPLACE FUNCTION daybook_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT ''%s''::timestamptz'"
)


def show(moment: str) -> None:
    """Let every connection stamp this moment."""
    with connection.cursor() as cursor:
        cursor.execute(CLOCK % moment)


@pytest.fixture
def cast(real_commits):
    show("2026-01-04 10:00+02")
    cast = make_cast()
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin)
    for person in (cast.manager, cast.teammate):
        make_assignment(person, cast.team, scheme, cast.admin)
    show("2026-10-20 10:00+02")
    return cast


@pytest.fixture
def closing_time():
    return datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


def test_ten_closings_at_once_leave_one_card_each_and_a_whole_ledger(cast, closing_time):
    together, failed = Barrier(10), []

    def work() -> None:
        try:
            together.wait()
            days.close(team=cast.team, day=TUESDAY, at=closing_time)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Scorecard.objects.count() == 2
    assert TeamDay.objects.count() == 1
    for card in Scorecard.objects.all():
        lines = sum(ScoreLine.objects.filter(card=card).values_list("points", flat=True))
        assert card.points == lines == card.posted
    entries = list(LedgerEntry.objects.order_by("pk"))
    assert [entry.previous_hash for entry in entries] == ["", entries[0].hash]


def test_what_was_stamped_before_the_cut_off_is_waited_for_and_counted(cast, closing_time):
    """A writer stamps 17:59, stays in his transaction, and commits only after closing has begun."""
    stamped, may_commit = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                make_activity(cast.manager, closing_time.replace(hour=15, minute=59), note="In time.")
                stamped.set()
                may_commit.wait(3)
        finally:
            connection.close()

    show("2026-10-20 17:59+02")
    writer = Thread(target=write)
    writer.start()
    assert stamped.wait(5)
    closer = Thread(target=lambda: (days.close(team=cast.team, day=TUESDAY, at=closing_time), connection.close()))
    closer.start()
    closer.join(0.5)
    assert closer.is_alive(), "it waits for the writer"
    may_commit.set()
    writer.join()
    closer.join()
    assert ScoreLine.objects.get(card__user=cast.manager, code="CV").value == 1


def test_a_writer_who_holds_on_leaves_the_day_open(cast, closing_time):
    stamped, done = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                make_activity(cast.manager, closing_time.replace(hour=15), note="Slow.")
                stamped.set()
                done.wait(20)
        finally:
            connection.close()

    show("2026-10-20 17:59+02")
    writer = Thread(target=write)
    writer.start()
    assert stamped.wait(5)
    with pytest.raises(days.WritersBusy):
        days.close(team=cast.team, day=TUESDAY, at=closing_time)
    done.set()
    writer.join()
    assert not Scorecard.objects.exists()
