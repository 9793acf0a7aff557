from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from crm.models import Deal
from crm.services import grants
from discipline.models import Scorecard
from discipline.services import days
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_activity, make_contact, make_deal
from tests.factories.discipline import make_assignment
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)
SHELL = 3
"""The bell, the count of overdue tasks, and the reader's own settings."""


@pytest.fixture
def closed(scored, clock, cast):
    """Tuesday of both teams: the manager made three calls and has a deal without a task."""
    for minute in (1, 2, 3):
        clock.set(f"2026-10-20 09:0{minute}")
        make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, f"Nadia {minute}"))
    make_deal(cast.manager, "Fleet renewal")
    clock.set("2026-10-20 18:30")
    for team in (cast.team, cast.other_team):
        days.close(team=team, day=TUESDAY, at=clock.now)
    return Scorecard.objects.get(user=cast.manager)


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ("manager", 200),
        ("head", 200),
        ("owner", 200),
        ("admin", 200),
        ("teammate", 404),
        ("stranger", 404),
        ("other_head", 404),
    ],
)
def test_a_card_is_seen_by_its_person_his_head_the_owner_and_the_coordinator(closed, cast, sign_in, reader, status):
    client = sign_in(getattr(cast, reader))
    assert client.get(f"/cards/{closed.pk}/").status_code == status
    assert client.get(f"/team-day/cell/?card={closed.pk}&line=CV").status_code == status


@pytest.mark.parametrize(
    ("reader", "seen"), [("manager", 1), ("teammate", 1), ("head", 2), ("other_head", 1), ("owner", 3), ("admin", 3)]
)
def test_the_list_has_the_cards_of_ones_people(closed, cast, sign_in, reader, seen):
    response = sign_in(getattr(cast, reader)).get("/cards/")
    assert response.content.decode().count('<th scope="row">') == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("user=me", 0),
        ("sign=minus", 2),
        ("sign=plus", 0),
        ("since=2026-10-21", 0),
        ("until=2026-10-20", 2),
        ("since=x&user=%00&after=1", 2),
    ],
)
def test_the_list_is_narrowed_by_what_can_be_meant(closed, cast, sign_in, query, seen):
    response = sign_in(cast.head).get(f"/cards/?{query}")
    assert response.content.decode().count('<th scope="row">') == seen


def test_the_card_says_what_was_missed_and_by_which_instants(closed, cast, sign_in):
    page = sign_in(cast.manager).get(f"/cards/{closed.pk}/").content.decode()
    assert "5 rules missed." in page
    assert "Tue 20 Oct 2026 18:00" in page
    assert "Tue 20 Oct 2026 18:30" in page
    assert "Classic" in page


def test_a_cell_opens_its_records_by_their_names_of_that_day(closed, clock, cast, sign_in):
    clock.set("2026-10-21 09:00")
    Deal.objects.update(title="Renamed since", owner=cast.stranger)
    client = sign_in(cast.manager)
    page = client.get(f"/team-day/cell/?card={closed.pk}&line=NT").content.decode()
    assert "Fleet renewal" in page
    assert "Renamed since" not in page
    assert f"/deals/{Deal.objects.get().pk}/" not in page, "he may not open it any more"


def test_evidence_links_to_what_the_reader_may_see(closed, cast, sign_in):
    page = sign_in(cast.head).get(f"/team-day/cell/?card={closed.pk}&line=NT").content.decode()
    assert f"/deals/{Deal.objects.get().pk}/" in page
    calls = sign_in(cast.head).get(f"/team-day/cell/?card={closed.pk}&line=CV").content.decode()
    assert "Call: Nadia 1" in calls


def test_evidence_survives_the_deletion_of_its_record(closed, clock, cast, sign_in):
    clock.set("2026-10-21 09:00")
    Deal.objects.all().delete()
    page = sign_in(cast.manager).get(f"/team-day/cell/?card={closed.pk}&line=NT").content.decode()
    assert "Fleet renewal" in page


@pytest.mark.parametrize("query", ["", "card=x&line=CV", "card=99999999&line=CV", "card={pk}&line=nope", "card={pk}"])
def test_a_cell_that_is_not_there_is_not_found(closed, cast, sign_in, query):
    client = sign_in(cast.manager)
    assert client.get(f"/team-day/cell/?{query.format(pk=closed.pk)}").status_code == 404


def test_the_teams_day_is_for_its_head_and_the_owner(closed, cast, sign_in):
    for reader in (cast.manager, cast.admin):
        assert sign_in(reader).get("/team-day/").status_code == 404
    own = sign_in(cast.head).get("/team-day/").content.decode()
    assert "Anna Manager" in own
    assert "Stefan Stranger" not in own
    assert sign_in(cast.head).get(f"/team-day/?team={cast.other_team.pk}").status_code == 404
    assert "Stefan Stranger" in sign_in(cast.owner).get(f"/team-day/?team={cast.other_team.pk}").content.decode()


def test_the_teams_day_shows_misses_in_words_for_those_who_listen(closed, cast, sign_in):
    page = sign_in(cast.head).get(f"/team-day/?team={cast.team.pk}&day=2026-10-20").content.decode()
    assert page.count("c-heat__cell--missed") == 10
    assert "Missed" in page


def test_a_day_without_cards_says_so_and_a_wrong_day_is_not_found(closed, cast, sign_in):
    client = sign_in(cast.head)
    assert "has no scorecards of this day" in client.get("/team-day/?day=2026-10-18").content.decode()
    assert client.get("/team-day/?day=yesterday").status_code == 404


def test_a_head_without_a_team_is_told_what_to_do(closed, cast, sign_in):
    lonely = make_user("Lena Lonely", Role.HEAD)
    assert "You lead no team yet." in sign_in(lonely).get("/team-day/").content.decode()


def test_a_running_day_shows_the_figures_of_the_moment(scored, clock, cast, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    make_deal(cast.manager)
    clock.set("2026-10-20 12:00")
    page = sign_in(cast.head).get("/team-day/?day=2026-10-20").content.decode()
    assert "The day is still running" in page
    assert "c-heat__cell--missed" in page
    assert "c-heat__cell--pending" in page
    assert not Scorecard.objects.exists()


def more_cards(scored, clock, cast):
    """Ten more people, and cards of everybody on six more days."""

    def make() -> None:
        for _number in range(10):
            make_assignment(make_user(team=cast.team), cast.team, scored, cast.admin, on=date(2026, 10, 21))
        for ahead in range(1, 9):
            day = TUESDAY + timedelta(days=ahead)
            days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))

    return make


def test_a_card_costs_as_many_statements_however_many_days_there_are(closed, scored, clock, cast, sign_in):
    assert_budget(sign_in(cast.manager), f"/cards/{closed.pk}/", 13 + SHELL, more_cards(scored, clock, cast))


def test_the_list_costs_two_statements_however_many_cards_there_are(closed, scored, clock, cast, sign_in):
    assert_budget(sign_in(cast.head), "/cards/", 2 + SHELL, more_cards(scored, clock, cast))


def test_the_evidence_costs_four_statements_however_many_records_there_are(closed, clock, cast, sign_in):
    client = sign_in(cast.manager)
    url = f"/team-day/cell/?card={closed.pk}&line=CV"
    statements(client, url)
    assert statements(client, url) <= 4 + SHELL


def test_the_teams_day_costs_three_statements_however_many_people_there_are(closed, scored, clock, cast, sign_in):
    client = sign_in(cast.head)
    url = f"/team-day/?team={cast.team.pk}"
    statements(client, url + "&day=2026-10-20")
    few = statements(client, url + "&day=2026-10-20")
    more_cards(scored, clock, cast)()
    assert few == statements(client, url + "&day=2026-10-28") <= 3 + SHELL


def test_the_list_goes_on_page_after_page_without_losing_a_card(closed, scored, clock, cast, sign_in):
    more_cards(scored, clock, cast)()
    client = sign_in(cast.head)
    url, seen = "/cards/", 0
    while url:
        page = client.get(url)
        seen += page.content.decode().count('<th scope="row">')
        url = page.context["following"]
    assert seen == Scorecard.objects.filter(team=cast.team).count()


def test_a_coordinator_reads_no_clients_names_in_the_evidence_without_access_to_clients(closed, clock, cast, sign_in):
    client = sign_in(cast.admin)
    url = f"/team-day/cell/?card={closed.pk}&line=NT"
    assert "Fleet renewal" not in client.get(url).content.decode()
    grants.take(by=cast.admin, at=timezone.now(), reason="A score is in doubt", hours=1)
    assert "Fleet renewal" in client.get(url).content.decode()
