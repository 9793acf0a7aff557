"""Many days of a person read in one go give what each day gives by itself, to the record."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from crm.models import Deal, Task
from discipline.arrays import array
from discipline.metrics import METRICS, measure
from discipline.metrics.swept import worth_it
from discipline.timetable import Timetable
from tests.factories.crm import make_activity, make_deal, make_stage, make_task

pytestmark = pytest.mark.django_db
WORKDAYS = [day for n in range(19) if (day := date(2026, 10, 5) + timedelta(days=n)).isoweekday() < 6]
DAILY = [metric for metric in METRICS.values() if metric.daily]


def live_a_day(chance: random.Random, clock, people) -> None:
    """Some deals and tasks opened, moved, given away, finished and opened again."""
    for hour in sorted(chance.sample(range(7, 20), 5)):
        clock.set(f"{clock.now:%Y-%m-%d} {hour:02}:{chance.randrange(60):02}")
        who, other = chance.sample(people, 2)
        deals = list(Deal.objects.order_by("pk"))
        tasks = list(Task.objects.order_by("pk"))
        due = clock.now + chance.choice(
            [timedelta(hours=-2), timedelta(hours=5), timedelta(days=2), timedelta(days=40)]
        )
        make_activity(who, clock.now, note="Talked.")
        if chance.random() < 0.5:
            make_deal(who, stage=make_stage())
        if deals and chance.random() < 0.8:
            make_task(
                chance.choice([who, other]), due, deal=chance.choice(deals), kind=chance.choice(["call", "meeting"])
            )
        if deals:
            Deal.objects.filter(pk=chance.choice(deals).pk).update(
                **chance.choice([{"owner": other}, {"status": "won"}, {"status": "lost"}, {"status": "open"}])
            )
        if tasks:
            Task.objects.filter(pk=chance.choice(tasks).pk).update(
                **chance.choice([{"owner": other}, {"status": "done"}, {"due_at": due}, {"status": "open"}])
            )


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_and_its_records_are_the_same_read_together_and_day_by_day(scored, clock, cast, seed):
    people = [cast.manager, cast.teammate, cast.stranger]
    chance = random.Random(seed)
    for day in WORKDAYS:
        clock.set(f"{day} 07:00")
        live_a_day(chance, clock, people)
    timetable = Timetable.of_people([person.pk for person in people], until=WORKDAYS[-1])
    windows = sorted((w for day in WORKDAYS for w in timetable.windows(day)), key=lambda w: (w.person_id, w.day))
    assert worth_it(windows)
    together = measure(DAILY, windows)
    for n, window in enumerate(windows):
        alone = measure(DAILY, [window])
        for key in alone:
            assert together[key][n] == alone[key][0], (key, window.day)
    assert all(any(figure.value for figure in together[key]) for key in ("overdue_tasks", "deals_without_task"))


def test_windows_that_do_not_stand_in_a_row_are_read_the_plain_way(scored, cast):
    timetable = Timetable.of_people([cast.manager.pk], until=WORKDAYS[-1])
    windows = [timetable.window(cast.manager.pk, day) for day in WORKDAYS]
    assert worth_it(windows)
    assert not worth_it(windows[::-1])


def test_text_reaches_the_database_as_it_was(db):
    said = ['He said "no", then \\ left', "{a,b}", "", "NULL", None, "łódź 50%", "two\nlines"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array(said)])
        assert cursor.fetchone()[0] == said
