"""Statements that are planned once a connection give what they were asked for, also after one failed and when many are known."""

import pytest
from django.db import DataError, connection, transaction

from discipline.metrics import METRICS, measure, prepared
from discipline.timetable import Timetable
from tests.factories.crm import make_activity

pytestmark = pytest.mark.django_db
TYPES = {"some": "int[]", "name": "text"}


def run(sql: str, **values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        prepared.execute(cursor, sql, TYPES, values)
        return cursor.fetchall()


def test_values_are_new_every_time_and_a_sign_of_per_cent_stays_one():
    sql = "SELECT sum(one), 5 %% 3, %(name)s LIKE 'a%%' FROM unnest(%(some)s) AS one"
    assert run(sql, some=[1, 2], name="ab") == [(3, 2, True)]
    assert run(sql, some=[5], name="b%") == [(5, 2, False)]


def test_a_statement_that_failed_can_be_run_again():
    sql = "SELECT 6 / one FROM unnest(%(some)s) AS one"
    for _turn in range(2):
        with pytest.raises(DataError), transaction.atomic():
            run(sql, some=[0], name="")
    assert run(sql, some=[2], name="") == [(3,)]


def test_only_so_many_plans_are_kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        before = cursor.fetchone()[0]
        for n in [*range(prepared.AT_MOST + 3), 0]:
            assert run(f"SELECT {n}, %(name)s", some=[], name="x") == [(n, "x")]
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] - before <= prepared.AT_MOST


def test_figures_read_again_on_the_same_connection_see_what_was_added(scored, clock, cast):
    window = Timetable.of_people([cast.manager.pk], until=clock.now.date()).window(cast.manager.pk, clock.now.date())
    calls = [METRICS["conversations"]]
    assert measure(calls, [window])["conversations"][0].value == 0
    make_activity(cast.manager, clock.now, note="Talked.")
    assert measure(calls, [window])["conversations"][0].value == 1
