"""The deal board: what stands in which lane for whom, and moving deals on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Deal, DealStatus, Pipeline, Stage
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_deal, make_stage, make_task
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
