"""What a card's page says about a day that was not like others: part of it, a new hire's, unsigned, weekly, on trial."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from crm.services import files
from discipline import asked, card_lines
from discipline.models import Comparison, LeaveKind, Period, Scorecard, SignOff
from discipline.ruleset import RuleSpec
from discipline.services import assignments, days, leaves
from tests.factories.crm import make_activity, make_deal, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FRIDAY = date(2026, 10, 23)
RULES = (
    RuleSpec(code="CV", metric="conversations", threshold=5, label="Talks with people"),
    RuleSpec(code="MT", metric="meetings_held", threshold=1, trial=True),
    RuleSpec(code="WC", metric="conversations", threshold=20, period=Period.WEEK),
    RuleSpec(code="OD", metric="overdue_tasks", comparison=Comparison.AT_MOST),
)


@pytest.fixture
def closed(clock: Clock, cast: Cast) -> Callable[..., Scorecard]:
    """Score the manager by four rules, and close a day of his."""

    def close(day: date = FRIDAY, **assignment: Any) -> Scorecard:
        scheme = make_scheme(cast.admin, RULES, name="Special")
        make_policy(cast.team, cast.admin)
        make_assignment(cast.manager, cast.team, scheme, cast.admin, **assignment)
        return again(cast.manager, clock, day)

    return close


def again(person: User, clock: Clock, day: date) -> Scorecard:
    team = person.memberships.get().team
    days.close(team=team, day=day, at=clock.set(f"{day} 18:30"))
    return Scorecard.objects.get(user=person, day=day)


def notes(card: Scorecard, code: str) -> list[str]:
    line = card.lines.select_related("rule").get(code=code)
    return card_lines.draw(line, card).notes


def away(cast: Cast, clock: Clock, since: str, until: str) -> None:
    leaves.record(
        user=cast.manager, kind=LeaveKind.SICK, by=cast.head, at=clock.now,
        from_at=datetime.fromisoformat(f"{since}:00+02:00"), until_at=datetime.fromisoformat(f"{until}:00+02:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "said"),
    [("13:30", "half a day: 2 of 5"), ("11:15", "there for 6 h 45 min of 9 h: 3 of 5")],
)
def test_part_of_a_day_asks_for_less_and_says_why(
    closed: Callable[..., Scorecard], clock: Clock, cast: Cast, sign_in: SignIn, until: str, said: str
) -> None:
    away(cast, clock, "2026-10-21T09:00", f"2026-10-21T{until}")
    make_task(cast.manager, clock.now + timedelta(days=9))
    card = closed(date(2026, 10, 21))
    assert notes(card, "CV")[1] == said
    assert notes(card, "OD") == ["none allowed"], "what must not happen is the same on a part day"
    page = sign_in(cast.manager).get(f"/cards/{card.pk}/").content.decode()
    assert said in page
    assert asked.there(card) in page


def test_a_new_hire_is_asked_for_less_and_told_so(
    closed: Callable[..., Scorecard], sign_in: SignIn, cast: Cast
) -> None:
    card = closed(date(2026, 10, 22), hired_on=date(2026, 10, 5))
    assert card.ramp == 50
    assert notes(card, "CV")[1] == "new hire at 50\u202f%: 2 of 5"
    assert "new hire at 50" in sign_in(cast.manager).get(f"/cards/{card.pk}/").content.decode()


def test_weekly_lines_and_lines_on_trial_say_so(closed: Callable[..., Scorecard], sign_in: SignIn, cast: Cast) -> None:
    card = closed()
    assert notes(card, "WC") == ["at least 20", "of the week"]
    assert notes(card, "MT") == ["at least 1", "on trial: not kept, takes no points"]
    page = sign_in(cast.manager).get(f"/cards/{card.pk}/").content.decode()
    assert "Talks with people" in page, "a rule's own name"
    assert "of 3 points" in page, "nothing can be won on trial"


def test_part_of_a_week_is_said_on_weekly_lines(closed: Callable[..., Scorecard], clock: Clock, cast: Cast) -> None:
    away(cast, clock, "2026-10-20T00:00", "2026-10-23T00:00")
    card = closed()
    assert notes(card, "WC")[1] == "part of the week: 8 of 20"


def test_an_unsigned_day_says_why_it_posts_nothing(clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    scheme = make_scheme(cast.admin, RULES, name="Special")
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    newer = make_user("Nora New", team=cast.team)
    assignments.assign(user=newer, team=cast.team, scheme=scheme, on=date(2026, 10, 21), by=cast.admin)
    card = again(newer, clock, date(2026, 10, 21))
    assert (card.signed, card.posted) == (False, 0)
    assert not SignOff.objects.filter(user=newer).exists()
    page = sign_in(newer).get(f"/cards/{card.pk}/").content.decode()
    assert "Posts 0: the rules were not signed before the window opened." in page


def test_the_card_leads_to_the_days_around_it(
    closed: Callable[..., Scorecard], clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    first = closed(date(2026, 10, 21))
    second, third = again(cast.manager, clock, date(2026, 10, 22)), again(cast.manager, clock, FRIDAY)
    client = sign_in(cast.manager)
    page = client.get(f"/cards/{second.pk}/").content.decode()
    assert f'rel="prev" href="/cards/{first.pk}/"' in page
    assert f'rel="next" href="/cards/{third.pk}/"' in page
    ends = client.get(f"/cards/{first.pk}/").content.decode()
    assert 'rel="prev"' not in ends
    assert f'rel="next" href="/cards/{second.pk}/"' in ends


def test_records_open_in_place_or_in_the_dialog(
    closed: Callable[..., Scorecard], clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    make_activity(cast.manager, clock.now, note="Talked.")
    card = closed(date(2026, 10, 20))
    client, url = sign_in(cast.manager), f"/team-day/cell/?card={card.pk}&line=CV"
    line = card.lines.get(code="CV")
    place = client.get(url, headers={"HX-Request": "true", "HX-Target": f"records-{line.pk}"}).content.decode()
    dialog = client.get(url, headers={"HX-Request": "true", "HX-Target": "dialog"}).content.decode()
    assert "dialog-title" not in place
    assert "dialog-title" in dialog
    assert place.count('<th scope="row">') == dialog.count('<th scope="row">') == 1
    assert "1 counted" in notes(card, "CV")


def test_a_missed_line_can_be_appealed_from_its_card_by_its_person(
    closed: Callable[..., Scorecard], clock: Clock, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = closed()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    line = card.lines.get(code="CV")
    assert f"/cards/lines/{line.pk}/appeal/" in sign_in(cast.manager).get(f"/cards/{card.pk}/").content.decode()
    page = sign_in(cast.head).get(f"/cards/{card.pk}/").content.decode()
    assert f"/cards/lines/{line.pk}/appeal/" not in page
    assert f"/cards/{card.pk}/correct/" in page


def test_files_are_told_by_name_and_lead_to_their_deal(clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    deal = make_deal(cast.manager, "Fleet renewal")
    upload = SimpleUploadedFile("offer for the fleet.txt", b"An offer.")
    files.attach(by=cast.manager, at=clock.now, upload=upload, deal=deal)
    scheme = make_scheme(cast.admin, (RuleSpec(code="FD", metric="files_delivered", threshold=1),), name="Files")
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    card = again(cast.manager, clock, date(2026, 10, 20))
    page = sign_in(cast.manager).get(f"/team-day/cell/?card={card.pk}&line=FD").content.decode()
    assert "offer for the fleet.txt" in page
    assert f"/deals/{deal.pk}/" in page
