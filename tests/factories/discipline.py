"""Rules, hours and teams for tests of scored days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection

from accounts.models import Team, User
from crm.history.clock import show
from discipline.models import Assignment, Comparison, Mode, Scheme, TeamPolicy
from discipline.services import assignments, policies, schemes, sign_offs
from discipline.services.days import Card, score
from discipline.services.schemes import RuleSpec
from discipline.timetable import Timetable
from discipline.windows import Window
from tests.factories.people import LONG_AGO, Cast

EARLY = datetime(2026, 1, 4, 12, 0, tzinfo=UTC)
CLASSIC = (
    RuleSpec(code="CO", metric="companies_added", threshold=2),
    RuleSpec(code="MT", metric="meetings_held", threshold=1),
    RuleSpec(code="CV", metric="conversations", threshold=5),
    RuleSpec(code="WN", metric="deals_won", threshold=1),
    RuleSpec(code="OD", metric="overdue_tasks", comparison=Comparison.AT_MOST),
    RuleSpec(code="NT", metric="deals_without_task", comparison=Comparison.AT_MOST),
    RuleSpec(code="TE", metric="data_in_time", comparison=Comparison.AT_MOST),
)


def make_scheme(by: User, rules: Sequence[RuleSpec] = CLASSIC, name: str = "Classic") -> Scheme:
    return schemes.publish(name=name, rules=rules, on=LONG_AGO, by=by, at=EARLY).scheme


def make_policy(team: Team, by: User, on: date = LONG_AGO, **facts: Any) -> TeamPolicy:
    asked = {"deadline": time(18, 0), "zone": "Europe/Warsaw", "mode": Mode.LIVE, **facts}
    return policies.set_policy(team=team, on=on, by=by, at=EARLY, **asked)


def make_assignment(user: User, team: Team, scheme: Scheme, by: User, on: date = LONG_AGO, **facts: Any) -> Assignment:
    """Score somebody who signed the rules long ago."""
    sign_all([user], scheme)
    return assignments.assign(user=user, team=team, scheme=scheme, on=on, by=by, **facts)


def make_scored(cast: Cast, **policy: Any) -> Scheme:
    """Manager, teammate and stranger scored by the classic rules until 18:00 in Warsaw."""
    scheme = make_scheme(cast.admin)
    for team, people in ((cast.team, (cast.manager, cast.teammate)), (cast.other_team, (cast.stranger,))):
        make_policy(team, cast.admin, **policy)
        for person in people:
            make_assignment(person, team, scheme, cast.admin)
    return scheme


def sign_all(people: Sequence[User], scheme: Scheme, at: datetime = EARLY) -> None:
    """Let people sign the rules, stamped at a moment; the clock shows what it did before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('daybook.now', true)")
        (before,) = cursor.fetchone()
    show(at)
    for person in people:
        sign_offs.sign(version=scheme.versions.get(number=1), by=person, at=at)
    show(datetime.fromisoformat(before) if before else None)


def window_of(user: User, day: str) -> Window:
    """The window of somebody's day, which must have one."""
    on = date.fromisoformat(day)
    window = Timetable.of_people([user.pk], until=on).window(user.pk, on)
    assert window is not None, f"{day} is a free day"
    return window


def score_day(user: User, day: str) -> list[Card]:
    """The card of somebody's day as it would be written, if he has one."""
    on = date.fromisoformat(day)
    timetable = Timetable.of_people([user.pk], until=on)
    window = timetable.window(user.pk, on)
    return score([window], timetable) if window else []
