"""The command that closes past days."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from discipline.management.commands import close_days
from discipline.models import Scorecard
from tests.factories.discipline import make_assignment, make_policy, make_scheme

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 19)


@pytest.fixture
def week(clock, cast, monkeypatch):
    """Two teams are scored since Monday; it is Thursday noon."""
    scheme = make_scheme(cast.admin)
    for team, person in ((cast.team, cast.manager), (cast.other_team, cast.stranger)):
        make_policy(team, cast.admin, on=MONDAY)
        make_assignment(person, team, scheme, cast.admin, on=MONDAY)
    clock.set("2026-10-22 12:00")
    monkeypatch.setattr(close_days.timezone, "now", lambda: clock.now)


def close(*words: str) -> str:
    out = StringIO()
    call_command("close_days", *words, stdout=out)
    return out.getvalue()


def test_days_whose_horizon_has_passed_are_closed_and_listed(week):
    said = close("--from", "2026-10-20", "--to", "2026-10-22")
    days = Scorecard.objects.order_by("day").values_list("day", flat=True).distinct()
    assert list(days) == [date(2026, 10, 20), date(2026, 10, 21)]
    assert said.count("Sales") == said.count("Service") == 2
    assert close("--from", "2026-10-20", "--to", "2026-10-22") == said, "the second time nothing changes"


def test_only_the_team_that_is_named_is_closed(week, cast):
    close("--from", "2026-10-19", "--to", "2026-10-19", "--team", "sales")
    assert list(Scorecard.objects.values_list("team", flat=True)) == [cast.team.pk]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2026-10-20", "--to", "2026-10-19"], "Swap --from and --to"),
        (["--from", "2026-10-19", "--to", "2026-10-19", "--team", "Nobody"], "The teams are: Sales, Service"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_remedy(week, words, said):
    with pytest.raises(CommandError, match=said):
        close(*words)
