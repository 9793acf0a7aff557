"""The deal board: what stands in which lane for whom, and moving deals on it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm import board as boards
from crm.board_asked import Asked
from crm.models import Deal, DealStatus, LossReason, Pipeline, Share, Stage
from crm.services import deals
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_deal, make_segment, make_stage, make_task
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lanes(db: None) -> list[Stage]:
    return [
        make_stage("New", position=1, probability=10, cold_after_days=5, colour="grey"),
        make_stage("Offer", position=2, probability=50, colour="blue"),
        make_stage("Contract", position=3, probability=90, colour="orange", required_fields=["amount_minor"]),
    ]


def board(client: Client, **query: Any) -> str:
    return client.get(reverse("crm:deal-board"), query).content.decode()


def move(client: Client, deal: Deal, to: Stage | str, target: str = "") -> Any:
    headers = HTMX | {"HX-Target": target or f"deal-{deal.pk}"}
    stage = to.pk if isinstance(to, Stage) else to
    return client.post(reverse("crm:deal-move", args=[deal.pk]), {"stage": stage}, headers=headers)


def test_manager_sees_his_own_deals_in_their_lanes(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    make_deal(cast.manager, "Fleet renewal", stage=lanes[0], amount_minor=2_100_000)
    make_deal(cast.stranger, "Hidden deal", stage=lanes[0])
    page = board(sign_in(cast.manager))
    assert "Fleet renewal" in page
    assert "€21\u202f000" in page
    assert "Hidden deal" not in page
    assert "All managers" not in page


def test_head_sees_his_teams_and_narrows_to_one_person(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    make_deal(cast.manager, "Of Anna", stage=lanes[0])
    make_deal(cast.teammate, "Of Tomasz", stage=lanes[0])
    client = sign_in(cast.head)
    page = board(client)
    assert "Of Anna" in page
    assert "Of Tomasz" in page
    assert "All managers" in page
    page = board(client, owner=cast.teammate.pk)
    assert "Of Anna" not in page
    assert "Of Tomasz" in page


def test_a_shared_deal_is_on_the_board_of_who_it_is_shared_with(
    cast: Cast, sign_in: SignIn, lanes: list[Stage]
) -> None:
    deal = make_deal(cast.stranger, "Shared deal", stage=lanes[0])
    for user in (cast.manager, cast.head):
        Share.objects.create(deal=deal, user=user, shared_by=cast.stranger)
        make_deal(user, "Own deal", stage=lanes[0])
        assert "Shared deal" in board(sign_in(user))
        assert "Own deal" in board(sign_in(user))
    assert "Shared deal" not in board(sign_in(cast.teammate))


def test_owner_sees_everything_and_moves_nothing(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    client = sign_in(cast.owner)
    assert "data-move-url" not in board(client)
    assert move(client, deal, lanes[1]).status_code == 404
    deal.refresh_from_db()
    assert deal.stage == lanes[0]


def test_exceptions_are_counted_and_narrow_the_board(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    late = make_deal(cast.manager, "Late deal", stage=lanes[0])
    make_task(cast.manager, clock.now - timedelta(days=400), deal=late)
    make_deal(cast.manager, "Bare deal", stage=lanes[1])
    client = sign_in(cast.manager)
    page = board(client)
    assert "<b>1</b> overdue next step" in page
    assert "<b>1</b> without a next step" in page
    page = board(client, only="overdue")
    assert "Late deal" in page
    assert "Bare deal" not in page
    page = board(client, only="bare")
    assert "Late deal" not in page
    assert "Bare deal" in page


def test_cold_deals_are_counted_marked_in_words_and_found(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    make_deal(cast.manager, "Forgotten", stage=lanes[0])
    clock.set("2026-10-26 11:00")
    make_deal(cast.manager, "Fresh", stage=lanes[0])
    shown = boards.read(cast.manager, Asked(only="cold"), clock.now)
    assert shown.cold == 1
    assert [(card["title"], card["cold"], card["days"]) for card in shown.lanes[0].cards] == [("Forgotten", True, 6)]
    page = board(sign_in(cast.manager))
    assert "gone cold" in page
    assert " d, cold</span>" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"close": "month"}, {"Overdue", "This month"}),
        ({"close": "next_month"}, {"Next month"}),
        ({"close": "quarter"}, {"Overdue", "This month", "Next month"}),
        ({"close": "overdue"}, {"Overdue"}),
        ({"q": "acme this"}, {"This month"}),
        ({"q": "nothing like it"}, set()),
        ({"q": "!!!"}, {"Overdue", "This month", "Next month", "Next year", "No date"}),
    ],
)
def test_filters_narrow_the_board(
    cast: Cast, lanes: list[Stage], clock: Clock, query: dict[str, str], shown: set[str]
) -> None:
    days = {"Overdue": 5, "This month": 31, "Next month": 32, "Next year": 100}
    acme = make_company(cast.manager, "Acme")
    for title, day in days.items():
        deals.add(
            by=cast.manager, at=clock.now, title=title, company=acme, expected_close=date(2026, 10, 1) + timedelta(days=day - 1)
        )  # fmt: skip
    make_deal(cast.manager, "No date", stage=lanes[0])
    read = boards.read(cast.manager, Asked.of(query), clock.now)
    assert {card["title"] for lane in read.lanes for card in lane.cards} == shown
    assert read.open == len(shown)


def test_a_team_and_a_segment_narrow_the_board_and_can_be_taken_off(
    cast: Cast, sign_in: SignIn, lanes: list[Stage]
) -> None:
    acme, other = make_company(cast.manager, "Acme", city="Gdynia"), make_company(cast.stranger, "Other", city="Gdynia")
    for title, company in (("Ours", acme), ("Theirs", other)):
        make_deal(company.owner, title, stage=lanes[0], company=company)
    make_deal(cast.manager, "Without a client", stage=lanes[0])
    segment = make_segment(cast.owner, [{"key": "in_city", "city": "Gdynia"}], is_shared=True)
    client = sign_in(cast.owner)
    page = board(client, team=cast.team.pk)
    assert ("Ours" in page, "Theirs" in page) == (True, False)
    page = board(client, segment=segment.pk, team=cast.other_team.pk)
    assert ("Theirs" in page, "Ours" in page, "Without a client" in page) == (True, False, False)
    assert f'href="{reverse("crm:deal-board")}?segment={segment.pk}"' in page


def test_htmx_learns_the_shortest_address_of_what_was_asked(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    headers = HTMX | {"HX-Target": "board", "HX-Trigger": "board-filters"}
    query = {"q": " acme ", "owner": "", "close": "month", "team": "x"}
    answer = sign_in(cast.manager).get(reverse("crm:deal-board"), query, headers=headers)
    assert answer["HX-Push-Url"] == f"{reverse('crm:deal-board')}?close=month&q=acme"


def test_several_currencies_are_summed_apart(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    make_deal(cast.manager, stage=lanes[0], amount_minor=100_000_00, currency="EUR")
    make_deal(cast.manager, "Other", stage=lanes[0], amount_minor=20_000_00, currency="PLN")
    page = board(sign_in(cast.manager))
    assert "€100\u202f000 + 20\u202f000\u202fzł" in page


def test_wins_of_the_last_days_have_their_lane(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    make_deal(cast.manager, "Fresh win", stage=lanes[1], status=DealStatus.WON)
    page = board(sign_in(cast.manager))
    assert "Fresh win" in page
    assert "Won Today" in page


def test_a_funnel_is_chosen_among_several(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    service = Pipeline.objects.create(name="Service", position=9)
    repair = make_stage("Repair", service)
    make_deal(cast.manager, "Pump repair", stage=repair)
    client = sign_in(cast.manager)
    assert "Pump repair" not in board(client)
    assert "Pump repair" in board(client, pipeline=service.pk)


@pytest.mark.parametrize(
    "query", [{"owner": "x"}, {"owner": "9" * 30}, {"pipeline": "-1"}, {"only": "rubbish"}, {"whole": "'"}]
)
def test_nonsense_in_the_address_is_left_out(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], query: dict[str, str]
) -> None:
    make_deal(cast.manager, stage=lanes[0])
    assert "Fleet renewal" in board(sign_in(cast.manager), **query)


def test_without_stages_the_page_says_what_helps(cast: Cast, sign_in: SignIn) -> None:
    assert "There is no pipeline yet" in board(sign_in(cast.manager))


def test_a_long_lane_is_cut_and_opens_whole(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    for n in range(53):
        make_deal(cast.manager, f"Deal {n}", stage=lanes[0])
    client = sign_in(cast.manager)
    page = board(client)
    assert page.count("data-card") == 30
    assert "Show all" in page
    assert board(client, whole=lanes[0].pk).count("data-card") == 53


def test_moving_answers_with_the_card_and_the_new_sums(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0], amount_minor=500_00)
    answer = move(sign_in(cast.manager), deal, lanes[1])
    assert answer.status_code == 200
    body = answer.content.decode()
    assert f'id="deal-{deal.pk}"' in body
    assert f'id="lane-sum-{lanes[1].pk}" hx-swap-oob="true"' in body
    deal.refresh_from_db()
    assert deal.stage == lanes[1]


def test_moving_twice_does_it_once(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    client = sign_in(cast.manager)
    assert move(client, deal, lanes[1]).status_code == 200
    since = Deal.objects.get(pk=deal.pk).stage_since
    assert move(client, deal, lanes[1]).status_code == 200
    assert Deal.objects.get(pk=deal.pk).stage_since == since


def test_dropping_into_the_won_lane_wins(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    assert move(sign_in(cast.manager), deal, "won").status_code == 200
    deal.refresh_from_db()
    assert deal.status == DealStatus.WON


def test_a_stage_that_needs_facts_asks_for_them_in_place(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    client = sign_in(cast.manager)
    answer = move(client, deal, lanes[2])
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#dialog"
    assert "Contract needs this first" in answer.content.decode()
    enter = reverse("crm:deal-enter", args=[deal.pk, lanes[2].pk])
    assert client.post(enter, {"amount_minor": ""}, headers=HTMX).status_code == 422
    assert client.post(enter, {"amount_minor": "12 000,50"}, headers=HTMX).status_code == 204
    deal.refresh_from_db()
    assert (deal.stage, deal.amount_minor) == (lanes[2], 1_200_050)


def test_a_stage_of_another_funnel_is_refused_with_the_card_as_it_was(
    cast: Cast, sign_in: SignIn, lanes: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    other = make_stage("Repair", Pipeline.objects.create(name="Service"))
    answer = move(sign_in(cast.manager), deal, other)
    assert answer.status_code == 422
    assert "another pipeline" in answer["HX-Trigger"]
    deal.refresh_from_db()
    assert deal.stage == lanes[0]


def test_a_deal_goes_on_in_another_pipeline_which_asks_what_it_needs(
    cast: Cast, sign_in: SignIn, lanes: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    repair = make_stage("Repair", Pipeline.objects.create(name="Service"), required_fields=["amount_minor"])
    client = sign_in(cast.manager)
    address = reverse("crm:deal-transfer", args=[deal.pk])
    page = client.get(address, headers=HTMX).content.decode()
    assert "Repair" in page
    assert "Offer" not in page
    asked = client.post(address, {"to": repair.pk}, headers=HTMX)
    assert (asked.status_code, asked["HX-Retarget"]) == (422, "#dialog")
    enter = reverse("crm:deal-enter", args=[deal.pk, repair.pk])
    assert client.post(enter, {"amount_minor": "500"}, headers=HTMX).status_code == 204
    deal.refresh_from_db()
    assert (deal.stage, deal.amount_minor) == (repair, 500_00)


def test_a_deal_that_a_colleague_moved_meanwhile_lies_where_he_put_it(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    deals.move(deal=Deal.objects.get(), to=lanes[1], by=cast.head, at=clock.now)
    headers = HTMX | {"HX-Target": f"deal-{deal.pk}"}
    words = {"stage": "won", "from": lanes[0].pk}
    answer = sign_in(cast.manager).post(reverse("crm:deal-move", args=[deal.pk]), words, headers=headers)
    assert answer.status_code == 422
    assert f"{cast.head} moved this deal to Offer" in json.loads(answer["HX-Trigger"])["toast"]["message"]
    assert f'data-lies-in="{lanes[1].pk}"' in answer.content.decode()
    deal.refresh_from_db()
    assert deal.status == DealStatus.OPEN


def test_a_deal_that_a_colleague_lost_meanwhile_names_him(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    deals.lose(deal=Deal.objects.get(), reason=LossReason.objects.create(name="Price"), by=cast.head, at=clock.now)
    deals.edit(deal=Deal.objects.get(), note="Too dear", by=cast.manager, at=clock.now)
    headers = HTMX | {"HX-Target": f"deal-{deal.pk}"}
    words = {"stage": lanes[1].pk, "from": lanes[0].pk}
    answer = sign_in(cast.manager).post(reverse("crm:deal-move", args=[deal.pk]), words, headers=headers)
    assert f"{cast.head} marked this deal as lost" in json.loads(answer["HX-Trigger"])["toast"]["message"]
    assert 'data-lies-in="lost"' in answer.content.decode()


def test_a_fact_that_a_colleague_filled_in_meanwhile_is_asked_before_the_stage(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    seen_at = deal.changed_at.isoformat()
    clock.set("2026-10-20 11:00")
    deals.edit(deal=Deal.objects.get(), amount_minor=200_00, by=cast.head, at=clock.now)
    enter = reverse("crm:deal-enter", args=[deal.pk, lanes[2].pk])
    client = sign_in(cast.manager)
    typed = {"amount_minor": "300", "seen_at": seen_at}
    answer = client.post(enter, typed, headers=HTMX)
    assert answer.status_code == 422
    assert "€200" in answer.content.decode()
    taken = {**typed, "met_at": Deal.objects.get().changed_at.isoformat(), "take-amount_minor": "theirs"}
    assert client.post(enter, taken, headers=HTMX).status_code == 204
    deal.refresh_from_db()
    assert (deal.stage, deal.amount_minor) == (lanes[2], 200_00)


def test_a_stage_that_is_gone_is_refused(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    assert move(sign_in(cast.manager), deal, "999999").status_code == 422
    assert move(sign_in(cast.manager), deal, "").status_code == 422


@pytest.mark.parametrize("name", ["move", "enter"])
def test_a_stranger_finds_nothing_and_changes_nothing(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], name: str
) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    key = [deal.pk, lanes[1].pk] if name == "enter" else [deal.pk]
    answer = sign_in(cast.stranger).post(reverse(f"crm:deal-{name}", args=key), {"stage": lanes[1].pk, "title": "X"})
    assert answer.status_code == 404
    deal.refresh_from_db()
    assert deal.stage == lanes[0]


def test_the_bar_of_stages_moves_without_scripts(cast: Cast, sign_in: SignIn, lanes: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=lanes[0])
    answer = sign_in(cast.manager).post(reverse("crm:deal-move", args=[deal.pk]), {"stage": lanes[1].pk})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert deal.stage == lanes[1]


def test_the_board_costs_three_statements_with_any_number_of_deals(
    cast: Cast, sign_in: SignIn, lanes: list[Stage], clock: Clock
) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(cast.manager, f"Company {n}")
            deal = make_deal(cast.manager, f"Deal {n}", stage=lanes[n % 3], company=company, amount_minor=n * 100)
            make_task(cast.manager, clock.now + timedelta(days=n), deal=deal, company=company)

    fill(1)
    headers = HTMX | {"HX-Target": "board"}
    assert_budget(sign_in(cast.manager), reverse("crm:deal-board"), 3, lambda: fill(50), headers=headers)
