"""The review of a morning, a team's period, and the questions, as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Role, User
from discipline import review
from discipline.models import CardReview, Leave, LeaveStatus, Scheme, Scorecard
from discipline.services import days, reviews
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_activity, make_contact
from tests.factories.discipline import make_assignment, make_policy
from tests.factories.people import Cast, make_team, make_user
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TUESDAY = date(2026, 10, 20)
SHELL = 4
"""The bell, the counts of the sidebar, and the reader's own settings."""
SCREEN = {"HX-Request": "true", "HX-Target": "review"}
SPAN = "from=2026-10-19&until=2026-10-23"


@pytest.fixture(autouse=True)
def _the_page_knows_the_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)


@pytest.fixture
def closed(scored: Scheme, clock: Clock, cast: Cast) -> Scorecard:
    """Tuesday of both teams is closed; it is Wednesday morning. The manager was the better one: he made five calls."""
    for minute in range(5):
        clock.set(f"2026-10-20 09:0{minute}")
        make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, f"Nadia {minute}"))
    for team in (cast.team, cast.other_team):
        days.close(team=team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    clock.set("2026-10-21 08:00")
    return Scorecard.objects.get(user=cast.manager)


def people(page: str) -> list[str]:
    """Who stands in the list of cards, in order."""
    return re.findall(r"<b>([\w ]+)</b>", page.split("c-review__people")[1].split("</nav>")[0])


def mark(client: Client, card: Scorecard, by: User, clock: Clock, **facts: str) -> str:
    opened = review.seal(card, by, clock.now)
    answer = client.post(f"/team-day/review/{card.pk}/", {"opened_at": opened, **facts}, headers=SCREEN)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_review_opens_with_the_worst_card_of_the_last_closed_day(
    closed: Scorecard, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.head).get("/team-day/review/").content.decode()
    assert people(page) == ["Tomasz Teammate", "Anna Manager"]
    assert "Tuesday, 20 October 2026" in page
    assert re.search(r'id="review-who"><a[^>]*>Tomasz Teammate', page)
    assert "0 / 2" in page


def test_missed_rules_come_first_with_the_count_of_their_records(
    closed: Scorecard, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.head).get(f"/team-day/review/?card={closed.pk}").content.decode()
    states = re.findall(r'c-outcome__status"><span class="c-status is-(\w+)', page)
    assert states == sorted(states, key=["bad", "none", "good"].index)
    assert "at least 5 · 5 counted" in page


def test_marking_goes_on_to_the_next_and_praises_at_the_end(
    closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    client, other = sign_in(cast.head), Scorecard.objects.get(user=cast.teammate)
    page = mark(client, other, cast.head, clock, note="Called in sick?")
    assert "1 / 2" in page
    assert re.search(r'id="review-who"><a[^>]*>Anna Manager', page)
    page = mark(client, closed, cast.head, clock)
    assert "All reviewed" in page
    assert set(CardReview.objects.values_list("card", "reviewer", "note")) == {
        (other.pk, cast.head.pk, "Called in sick?"),
        (closed.pk, cast.head.pk, ""),
    }


def test_the_moment_of_opening_is_the_servers(closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    page = client.get(f"/team-day/review/?card={closed.pk}").content.decode()
    sealed = re.search(r'name="opened_at" value="([^"]+)"', page)
    assert sealed
    clock.set("2026-10-21 08:01")
    client.post(f"/team-day/review/{closed.pk}/", {"opened_at": sealed.group(1)}, headers=SCREEN)
    made = CardReview.objects.get()
    assert made.reviewed_at - made.opened_at == timedelta(minutes=1)


@pytest.mark.parametrize("forged", ["", "2026-10-21T07:00:00Z", "another card", "another person", "own words"])
def test_a_moment_that_the_server_did_not_write_is_refused(
    closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn, forged: str
) -> None:
    other = Scorecard.objects.get(user=cast.teammate)
    seals = {
        "another card": review.seal(other, cast.head, clock.now),
        "another person": review.seal(closed, cast.owner, clock.now),
        "own words": signing.dumps([closed.pk, cast.head.pk, clock.now.isoformat()], salt="mine"),
    }
    answer = sign_in(cast.head).post(
        f"/team-day/review/{closed.pk}/", {"opened_at": seals.get(forged, forged)}, headers=SCREEN
    )
    assert answer.status_code == 422
    assert not CardReview.objects.exists()


def test_without_scripts_the_review_goes_on_too(closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    answer = client.post(
        f"/team-day/review/{closed.pk}/", {"opened_at": review.seal(closed, cast.head, clock.now)}, follow=True
    )
    assert re.search(r'id="review-who"><a[^>]*>Tomasz Teammate', answer.content.decode())
    answer = client.post(f"/team-day/review/{closed.pk}/", {"opened_at": "x"}, follow=True)
    assert "Open the card again" in answer.content.decode()


def test_heads_review_their_own_people_alone(closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    assert people(sign_in(cast.other_head).get("/team-day/review/").content.decode()) == ["Stefan Stranger"]
    opened = review.seal(closed, cast.other_head, clock.now)
    answer = sign_in(cast.other_head).post(f"/team-day/review/{closed.pk}/", {"opened_at": opened})
    assert answer.status_code == 404
    for reader in (cast.manager, cast.owner, cast.admin):
        assert sign_in(reader).get("/team-day/review/").status_code == 404


def test_a_head_without_cards_and_a_day_without_any_say_so(closed: Scorecard, cast: Cast, sign_in: SignIn) -> None:
    lonely = make_user("Lena Lonely", Role.HEAD)
    assert "There is no card to review yet." in sign_in(lonely).get("/team-day/review/").content.decode()
    page = sign_in(cast.head).get("/team-day/review/?day=2026-10-18&card=x").content.decode()
    assert "Nobody of your people has a card of this day." in page


def test_the_card_says_who_reviewed_it(closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    assert "Nobody has reviewed this card yet." in sign_in(cast.manager).get(f"/cards/{closed.pk}/").content.decode()
    reviews.review(card=closed, by=cast.head, at=clock.now, opened_at=clock.now, note="Well done")
    page = sign_in(cast.manager).get(f"/cards/{closed.pk}/").content.decode()
    assert "Hanna Head" in page
    assert "Well done" in page


def test_the_period_counts_what_was_kept_and_opens_its_lines(closed: Scorecard, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    page = client.get(f"/team-day/period/?{SPAN}").content.decode()
    assert "Stefan Stranger" not in page
    row = page.split("Anna Manager")[1].split("</tr>")[0]
    assert "100" in row
    url = re.search(r'hx-get="([^"]+code=CV)"', row)
    assert url
    lines = client.get(url.group(1).replace("&amp;", "&")).content.decode()
    assert f"/cards/{closed.pk}/" in lines
    assert lines.count('<th scope="row">') == 1


def test_the_period_marks_leave_free_days_and_the_running_one(
    closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    first = datetime.fromisoformat("2026-10-19T00:00:00+02:00")
    Leave.objects.create(
        user=cast.manager, from_at=first, until_at=first + timedelta(days=1), status=LeaveStatus.APPROVED,
        asked_by=cast.manager, decided_by=cast.head,
    )  # fmt: skip
    page = sign_in(cast.head).get("/team-day/period/?from=2026-10-18&until=2026-10-23").content.decode()
    row = page.split('id="by-day"')[1].split("Anna Manager")[1].split("</tr>")[0]
    kinds = re.findall(r"c-heat__bare--(\w+)|c-heat__cell--(\w+)", row)
    assert [one or two for one, two in kinds] == ["free", "leave", "missed", "open"], "Sunday to Wednesday, today"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-10-20&until=2026-10-19", "turn them round"),
        ("from=x&until=2026-10-19", "Choose both dates"),
        ("from=2026-01-01&until=2026-10-20", "At most 92 days"),
    ],
)
def test_dates_that_cannot_be_meant_say_what_to_do(
    closed: Scorecard, cast: Cast, sign_in: SignIn, query: str, said: str
) -> None:
    assert said in sign_in(cast.head).get(f"/team-day/period/?{query}").content.decode()


@pytest.mark.parametrize("page", ["period", "signals"])
def test_another_team_is_not_found_and_a_head_without_one_is_told(
    closed: Scorecard, cast: Cast, sign_in: SignIn, page: str
) -> None:
    assert sign_in(cast.head).get(f"/team-day/{page}/?team={cast.other_team.pk}").status_code == 404
    assert sign_in(cast.head).get(f"/team-day/{page}/?team=x").status_code == 404
    lonely = make_user("Lena Lonely", Role.HEAD)
    assert "You lead no team yet." in sign_in(lonely).get(f"/team-day/{page}/").content.decode()


@pytest.mark.parametrize("query", ["", "user=x", "user=99999999&code=CV", "user={pk}&code=nope"])
def test_lines_that_are_not_there_are_not_found(closed: Scorecard, cast: Cast, sign_in: SignIn, query: str) -> None:
    url = f"/team-day/period/lines/?team={cast.team.pk}&{SPAN}&{query.format(pk=cast.manager.pk)}"
    assert sign_in(cast.head).get(url).status_code == 404


def test_the_owner_sees_who_reviews_and_who_does_not(
    closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    client, url = sign_in(cast.owner), f"/team-day/period/?team={cast.team.pk}&{SPAN}"
    assert "0 of 2 cards" in client.get(url).content.decode()
    opened = clock.now
    clock.set("2026-10-21 08:00:20")
    reviews.review(card=closed, by=cast.head, at=clock.now, opened_at=opened)
    page = client.get(url).content.decode()
    assert "Reviewed by Hanna Head" in page
    assert "1 of 2 cards · 20 s a card" in page


def test_signals_ask_the_head_and_lead_to_the_records(
    closed: Scorecard, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    contact = make_contact(cast.manager, "Late Contact")
    clock.set("2026-10-20 19:00")
    for minute in range(3):
        make_activity(cast.manager, clock.now - timedelta(hours=4, minutes=minute), note="Talked.", contact=contact)
    clock.set("2026-10-21 08:00")
    page = sign_in(cast.head).get("/team-day/signals/").content.decode()
    assert "3 records of 1 day were entered after the cut-off" in page
    assert f"/contacts/{contact.pk}/" in page
    assert "Nothing odd" in sign_in(cast.other_head).get("/team-day/signals/").content.decode()
    for reader in (cast.manager, cast.owner, cast.admin):
        assert sign_in(reader).get("/team-day/signals/").status_code == 404


# --- what the pages cost ---


def more_cards(scored: Scheme, clock: Clock, cast: Cast) -> Callable[[], None]:
    """Ten more people, cards of two more days, and those of the first one reviewed."""

    def make() -> None:
        for _number in range(10):
            person = make_user(team=cast.team)
            make_assignment(person, cast.team, scored, cast.admin, on=date(2026, 10, 21))
        for day in (TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)):
            days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))
        for card in Scorecard.objects.filter(team=cast.team, day__lt=day):
            reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now)

    return make


def test_the_review_costs_three_statements_however_many_cards_there_are(
    closed: Scorecard, scored: Scheme, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    assert_budget(sign_in(cast.head), "/team-day/review/", 3 + SHELL, more_cards(scored, clock, cast))


def test_the_period_costs_six_statements_however_many_people_and_days_there_are(
    closed: Scorecard, scored: Scheme, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    assert_budget(sign_in(cast.head), f"/team-day/period/?{SPAN}", 6 + SHELL, more_cards(scored, clock, cast))


def test_the_signals_cost_ten_statements_and_four_more(
    closed: Scorecard, scored: Scheme, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    clock.set("2026-10-20 19:00")
    for minute in range(3):
        make_activity(cast.manager, clock.now - timedelta(hours=4, minutes=minute), note="Talked.")
    client = sign_in(cast.head)
    few = statements(client, f"/team-day/signals/?{SPAN}")
    more_cards(scored, clock, cast)()
    assert statements(client, f"/team-day/signals/?{SPAN}") == few <= 14 + SHELL


def test_a_persons_time_in_two_teams_shows_where_he_was(
    closed: Scorecard, scored: Scheme, clock: Clock, cast: Cast, sign_in: SignIn
) -> None:
    second = make_team("Second", cast.head)
    make_policy(second, cast.admin)
    make_assignment(cast.teammate, second, scored, cast.admin, on=date(2026, 10, 21))
    page = sign_in(cast.head).get(f"/team-day/period/?team={cast.team.pk}&{SPAN}").content.decode()
    row = page.split('id="by-day"')[1].split("Tomasz Teammate")[1].split("</tr>")[0]
    assert row.count("c-heat__bare--elsewhere") == 1, "Wednesday, which belongs to his second team"
