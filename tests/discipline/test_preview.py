from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discipline import preview
from discipline.models import Scorecard
from tests.factories.crm import make_activity, make_deal, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme

pytestmark = pytest.mark.django_db


def line(shown: preview.Preview, code: str) -> preview.PreviewLine:
    return next(one for one in shown.lines if one.code == code)


def test_the_day_so_far_says_what_is_missing_and_where_to_mend_it(scored, clock, cast):
    for minute in (1, 2, 3):
        clock.set(f"2026-10-20 09:0{minute}")
        make_activity(cast.manager, clock.now, note="Talked.")
    shown = preview.today(cast.manager, clock.set("2026-10-20 12:00"))
    calls = line(shown, "CV")
    assert (calls.value, calls.result, calls.missing_text) == (3, "missed", "2 more conversations")
    assert calls.fix_url == "/log/"
    assert (shown.cut_off, shown.horizon) == (
        datetime(2026, 10, 20, 16, tzinfo=UTC),
        datetime(2026, 10, 20, 16, 30, tzinfo=UTC),
    )
    assert line(shown, "TE").result == "met"
    assert shown.points_so_far == -2 * 4 + 1
    assert not Scorecard.objects.exists()


def test_a_task_is_overdue_in_the_preview_as_soon_as_it_lapses(scored, clock, cast):
    make_task(cast.manager, clock.now + timedelta(hours=1))
    assert line(preview.today(cast.manager, clock.now), "OD").result == "met"
    shown = preview.today(cast.manager, clock.set("2026-10-20 11:00:01"))
    assert (line(shown, "OD").result, line(shown, "OD").missing_text) == ("missed", "1 overdue task to do")


def test_what_does_not_apply_is_neither_missing_nor_within_reach(scored, clock, cast):
    shown = preview.today(cast.manager, clock.now)
    assert line(shown, "NT").result == "n/a"
    assert shown.most == 5
    assert "NT" not in [one.code for one in shown.missing]


@pytest.mark.parametrize(
    ("now", "cut_off_day"), [("2026-10-20 18:00", 20), ("2026-10-20 18:00:01", 21), ("2026-10-24 12:00", 26)]
)
def test_after_the_cut_off_and_on_weekends_the_next_working_day_runs(scored, clock, cast, now, cut_off_day):
    assert preview.today(cast.manager, clock.set(now)).cut_off.day == cut_off_day


def test_somebody_who_is_not_scored_has_no_preview(scored, clock, cast):
    assert preview.today(cast.owner, clock.now) is None


def test_a_team_that_is_off_has_no_preview(clock, cast):
    make_policy(cast.team, cast.admin, mode="off")
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin)
    assert preview.today(cast.manager, clock.now) is None


def test_the_preview_costs_four_statements_however_much_there_is(scored, clock, cast):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview.today(cast.manager, clock.now)
        return len(captured)

    few = count()
    for _n in range(30):
        make_activity(cast.manager, clock.now, note="Talked.")
        make_deal(cast.manager)
    assert few == count() == 4
