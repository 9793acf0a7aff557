"""The pages of settlements, statements, rates and rewards."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from discipline import so_far
from discipline.models import PayRule, Reward, RewardClaim, Settlement, SettlementStep
from discipline.services import days, ledger, settlements
from tests.budgets import assert_budget, statements
from tests.factories.discipline import make_assignment
from tests.factories.money import NOW, close_days, give_points, make_claim, make_rate, make_reward, make_settlement
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SUNDAY = date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 25)
SHELL = 4
"""The bell, the count of overdue tasks, what waits in corrections, and the reader's own settings."""


@pytest.fixture
def week(scored, cast):
    """A closed week of the team at one euro a point; the manager is at +50, the teammate below zero."""
    make_rate(cast.owner)
    close_days(cast.team, MONDAY, SUNDAY)
    give_points(cast.manager, 50 - ledger.balance(cast.manager), MONDAY)
    return scored


def text_of(response) -> str:
    """What a page says, without its tags, in one line."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# --- settlements ---


def test_a_period_is_settled_step_by_step_in_the_browser(week, cast, sign_in):
    admin = sign_in(cast.admin)
    assert "Last month" in text_of(admin.get("/settlements/new/"))
    made = admin.post("/settlements/new/", {"team": cast.team.pk, "first": MONDAY, "last": SUNDAY})
    settlement = Settlement.objects.get()
    url = f"/settlements/{settlement.pk}/"
    assert (made.status_code, made.headers["Location"]) == (302, url)
    assert "€50" in text_of(admin.get(url))
    assert admin.post(f"{url}review/").headers["Location"] == url
    owner = sign_in(cast.owner)
    assert "This is final" in text_of(owner.get(f"{url}approve/"))
    owner.post(f"{url}approve/")
    file = owner.post(f"{url}export/")
    assert (
        file.headers["Content-Disposition"]
        == f'attachment; filename="payroll-2026-10-19-2026-10-25-{settlement.pk}.xlsx"'
    )
    book = load_workbook(BytesIO(b"".join(file.streaming_content)))
    assert book.sheetnames == ["People", "Lines", "About"]
    settlement.refresh_from_db()
    assert settlement.status == "exported"
    page = text_of(owner.get(url))
    for step in ("Made Adam Admin", "Reviewed Adam Admin", "Approved Olga Owner", "Taken to payroll Olga Owner"):
        assert step in page


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"first": "", "last": SUNDAY}, "first", "required"),
        ({"first": MONDAY, "last": "soon"}, "last", "valid date"),
        ({"first": SUNDAY, "last": MONDAY}, "last", "The last day is before the first one"),
        ({"first": MONDAY, "last": SUNDAY + timedelta(days=2)}, "last", "Not closed yet: Sales 26 Oct, Sales 27 Oct."),
        ({"first": MONDAY, "last": SUNDAY, "team": 999999}, "team", "not one of the available choices"),
    ],
)
def test_a_wrong_period_is_named_and_nothing_is_saved(week, cast, sign_in, sent, field, said):
    answer = sign_in(cast.admin).post("/settlements/new/", {"team": cast.team.pk, **sent})
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[field])
    assert not Settlement.objects.exists()


def test_weeks_and_months_are_offered(cast, sign_in):
    admin = sign_in(cast.admin)
    for query, long in (("", (28, 31)), ("?span=week", (7, 7))):
        initial = admin.get(f"/settlements/new/{query}").context["form"].initial
        assert long[0] <= (initial["last"] - initial["first"]).days + 1 <= long[1]


def test_what_came_since_and_what_is_undecided_is_told(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY)
    give_points(cast.manager, 3, TUESDAY)
    url = f"/settlements/{settlement.pk}/"
    assert "1 entry of these people and days came after" in text_of(sign_in(cast.admin).get(url))
    sign_in(cast.admin).post(f"{url}again/")
    assert "came after" not in text_of(sign_in(cast.admin).get(url))


def test_sending_back_needs_a_reason(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    url = f"/settlements/{settlement.pk}/back/"
    answer = sign_in(cast.owner).post(url, {"reason": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert sign_in(cast.owner).post(url, {"reason": "Appeal of Anna"}).status_code == 302
    assert "Appeal of Anna" in text_of(sign_in(cast.admin).get(f"/settlements/{settlement.pk}/"))


def test_a_step_that_somebody_took_meanwhile_is_said(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    answer = sign_in(cast.admin).post(f"/settlements/{settlement.pk}/review/")
    assert answer.status_code == 422
    assert "Somebody has taken this settlement a step on" in text_of(answer)
    export = sign_in(cast.admin).post(f"/settlements/{settlement.pk}/export/")
    assert export.status_code == 422
    assert "Somebody has taken this settlement a step on" in text_of(export)


def test_a_head_reads_the_settlements_of_his_teams_and_changes_nothing(week, cast, sign_in):
    mine, url = make_settlement(cast, MONDAY, SUNDAY, to="reviewed"), "/settlements/{}/"
    close_days(cast.other_team, MONDAY, SUNDAY)
    other = make_settlement(cast, MONDAY, SUNDAY, team=cast.other_team)
    head = sign_in(cast.head)
    assert head.get(url.format(mine.pk)).status_code == 200
    assert head.get(url.format(other.pk)).status_code == 404
    page = head.get("/settlements/").content.decode()
    assert url.format(mine.pk) in page
    assert url.format(other.pk) not in page
    for step in ("back", "approve", "review", "again", "delete", "export"):
        assert head.post(f"{url.format(mine.pk)}{step}/", {"reason": "x"}).status_code == 404
    assert SettlementStep.objects.filter(settlement=mine).count() == 2


# --- statements ---


def test_a_person_sees_his_statement_once_it_is_approved(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY, to="reviewed")
    url = f"/settlements/statement/{settlement.lines.get(user=cast.manager).pk}/"
    assert sign_in(cast.manager).get(url).status_code == 404
    assert "No statement yet." in text_of(sign_in(cast.manager).get("/settlements/"))
    assert "This is not approved yet" in text_of(sign_in(cast.head).get(url))
    settlements.approve(settlement=settlement, by=cast.owner, at=NOW)
    page = text_of(sign_in(cast.manager).get(url))
    assert "50 points × €1 = €50." in page
    assert "Olga Owner" in page
    assert url in sign_in(cast.manager).get("/settlements/").content.decode()
    for stranger in (cast.teammate, cast.stranger, cast.other_head):
        assert sign_in(stranger).get(url).status_code == 404


def test_each_day_of_a_statement_opens_its_card(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY, to="approved")
    page = sign_in(cast.manager).get(f"/settlements/statement/{settlement.lines.get(user=cast.manager).pk}/")
    cards = cast.manager.scorecards.values_list("pk", flat=True)
    assert len(cards) == 5
    assert all(f'href="/cards/{pk}/"' in page.content.decode() for pk in cards)
    assert "Missed: Companies added, Meetings held" in text_of(page)


def test_points_below_zero_are_explained(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY, to="approved")
    line = settlement.lines.get(user=cast.teammate)
    page = text_of(sign_in(cast.teammate).get(f"/settlements/statement/{line.pk}/"))
    assert f"{-line.points} points below zero × €1 = €{-line.points}." in page
    assert "at most 50 % of €100: €50. Wages are never touched." in page


# --- rates ---


def test_the_owner_sets_a_rate_and_sees_what_it_comes_to(cast, sign_in):
    owner = sign_in(cast.owner)
    assert "Nobody has said yet what a point is worth." in text_of(owner.get("/control/pay/"))
    sent = {"starts_on": "2026-01-01", "rate": "1,50", "negative": "reduce", "pool": "1 000", "cap_percent": "30"}
    assert owner.post("/control/pay/", sent).status_code == 302
    page = text_of(owner.get("/control/pay/"))
    assert "100 points pay €150" in page
    assert "−100 take €150 off the pool" in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"rate": ""}, "rate"),
        ({"rate": "a lot"}, "rate"),
        ({"rate": "-1"}, "rate"),
        ({"rate": "99999999999"}, "rate"),
        ({"pool": "1.2.3,4x"}, "pool"),
        ({"cap_percent": "101"}, "cap_percent"),
        ({"cap_percent": "half"}, "cap_percent"),
        ({"negative": "wages"}, "negative"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"team": "999999"}, "team"),
    ],
)
def test_a_wrong_rate_is_named_and_nothing_is_saved(cast, sign_in, sent, field):
    right = {"starts_on": "2026-01-01", "rate": "1", "negative": "reduce", "pool": "100", "cap_percent": "50"}
    answer = sign_in(cast.owner).post("/control/pay/", right | sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not PayRule.objects.exists()


def test_a_rate_for_a_settled_day_is_refused_on_the_page(week, cast, sign_in):
    make_settlement(cast, MONDAY, SUNDAY)
    sent = {"starts_on": "2026-10-25", "rate": "2", "negative": "none", "cap_percent": "50"}
    answer = sign_in(cast.owner).post("/control/pay/", sent)
    assert "Days up to 25 Oct 2026 are in a settlement." in str(answer.context["form"].errors["starts_on"])
    assert PayRule.objects.count() == 1


# --- rewards ---


def test_a_reward_is_taken_and_given_in_the_browser(week, cast, sign_in):
    make_reward(cast.admin, 20)
    reward = Reward.objects.get()
    manager = sign_in(cast.manager)
    assert "You have 50 points to spend" in text_of(manager.get("/rewards/"))
    dialog = manager.get(f"/rewards/{reward.pk}/claim/")
    key = dialog.context["form"].initial["key"]
    assert dialog.context["left"] == 30
    for _click in range(2):
        assert manager.post(f"/rewards/{reward.pk}/claim/", {"key": key, "points": 20}).status_code == 302
    claim = RewardClaim.objects.get()
    assert "You have 30 points to spend" in text_of(manager.get("/rewards/"))
    head = sign_in(cast.head)
    assert "Waiting for your answer" in text_of(head.get("/rewards/"))
    refused = head.post(f"/rewards/claims/{claim.pk}/", {"give": "no", "answer": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["answer"])
    head.post(f"/rewards/claims/{claim.pk}/", {"give": "no", "answer": "The restaurant is closed"})
    page = text_of(sign_in(cast.manager).get("/rewards/"))
    assert "The restaurant is closed" in page
    assert "You have 50 points to spend" in page


@pytest.mark.parametrize(
    ("sent", "field"), [({"key": "x"}, "key"), ({"points": "-1"}, "__all__"), ({"points": "cheap"}, "points")]
)
def test_a_wrong_claim_takes_nothing(week, cast, sign_in, sent, field):
    reward = make_reward(cast.admin, 20)
    right = {"key": str(uuid4()), "points": "20"}
    answer = sign_in(cast.manager).post(f"/rewards/{reward.pk}/claim/", right | sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not RewardClaim.objects.exists()


def test_who_has_too_few_points_is_told_how_many_are_missing(week, cast, sign_in):
    reward = make_reward(cast.admin, 60)
    assert "10 points to go" in text_of(sign_in(cast.manager).get("/rewards/"))
    answer = sign_in(cast.manager).post(f"/rewards/{reward.pk}/claim/", {"key": str(uuid4()), "points": 60})
    assert "You need 10 more points for it." in text_of(answer)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"points": "0"}, "points"),
        ({"points": "x"}, "points"),
        ({"description": "x" * 501}, "description"),
    ],
)
def test_a_wrong_reward_is_named_and_nothing_is_saved(cast, sign_in, sent, field):
    answer = sign_in(cast.admin).post("/rewards/new/", {"name": "Lunch", "points": "5", "active": "on"} | sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Reward.objects.exists()


def test_what_is_not_offered_is_seen_by_the_coordinator_only(cast, sign_in):
    reward = make_reward(cast.admin, 5, active=False)
    assert reward.name in text_of(sign_in(cast.admin).get("/rewards/"))
    assert reward.name not in text_of(sign_in(cast.manager).get("/rewards/"))
    assert sign_in(cast.manager).get(f"/rewards/{reward.pk}/claim/").status_code == 404


# --- what they cost ---


@pytest.fixture
def more(week, cast):
    """Three times as much of everything."""

    def make() -> None:
        for number in range(3):
            person = make_user(team=cast.team)
            make_assignment(person, cast.team, week, cast.admin, on=date(2026, 10, 26))
            give_points(person, 100, SUNDAY)
            make_claim(make_reward(cast.admin, 5 + number), person)
            make_claim(make_reward(cast.admin, 5 + number), cast.manager)
            make_rate(cast.owner, on=date(2027, 1, 1 + number))
        for ahead in range(1, 4):
            day = SUNDAY + timedelta(days=ahead)
            days.close(team=cast.team, day=day, at=NOW + timedelta(days=5))
            make_settlement(cast, day, day, to="approved")

    return make


@pytest.mark.parametrize(
    ("who", "url", "at_most"),
    [
        ("admin", "/settlements/", 2),
        ("head", "/settlements/", 3),
        ("manager", "/settlements/", 1),
        ("owner", "/control/pay/", 3),
        ("manager", "/rewards/", 3),
        ("head", "/rewards/", 5),
        ("admin", "/rewards/", 1),
    ],
)
def test_a_list_costs_as_much_for_many_rows_as_for_few(week, cast, sign_in, more, who, url, at_most):
    make_settlement(cast, MONDAY, MONDAY, to="approved")
    give_points(cast.manager, 200, SUNDAY)
    make_claim(make_reward(cast.admin, 5), cast.manager)
    assert_budget(sign_in(getattr(cast, who)), url, at_most + SHELL, more)


def test_a_settlement_costs_as_much_for_many_people_as_for_few(week, cast, sign_in):
    close_days(cast.other_team, MONDAY, SUNDAY)
    monday = SUNDAY + timedelta(days=1)
    for _number in range(4):
        make_assignment(make_user(team=cast.team), cast.team, week, cast.admin, on=monday)
    close_days(cast.team, monday, monday)
    few = make_settlement(cast, MONDAY, SUNDAY, team=cast.other_team)
    many = make_settlement(cast, MONDAY, monday)
    assert (few.lines.count(), many.lines.count()) == (1, 6)
    admin = sign_in(cast.admin)
    statements(admin, f"/settlements/{few.pk}/")
    cost = statements(admin, f"/settlements/{few.pk}/")
    assert cost <= 7 + SHELL
    assert statements(admin, f"/settlements/{many.pk}/") == cost


def test_a_statement_costs_as_much_for_many_days_as_for_few(week, cast, sign_in):
    settlement = make_settlement(cast, MONDAY, SUNDAY)
    line = settlement.lines.get(user=cast.manager)

    def many() -> None:
        nonlocal line
        for _number in range(9):
            give_points(cast.manager, 1, TUESDAY)
        settlements.again(settlement=settlement, by=cast.admin, at=NOW)

    head = sign_in(cast.head)
    few = head.get(f"/settlements/statement/{line.pk}/")
    assert len(few.context["page"].rows) == 6
    assert_budget(head, f"/settlements/statement/{line.pk}/", 4 + SHELL, lambda: None)
    many()
    line = settlement.lines.get(user=cast.manager)
    assert_budget(head, f"/settlements/statement/{line.pk}/", 4 + SHELL, lambda: None)
    assert len(head.get(f"/settlements/statement/{line.pk}/").context["page"].rows) == 15


# --- money so far ---


def test_my_day_says_what_the_open_points_would_pay(week, cast, sign_in, monkeypatch, clock):
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.set("2026-10-26 09:00"))
    page = text_of(sign_in(cast.manager).get("/"))
    assert "Money so far 50 points × €1 €50" in page
    make_settlement(cast, MONDAY, SUNDAY)
    assert "0 points × €1 €0" in text_of(sign_in(cast.manager).get("/"))
    assert "Money so far" not in text_of(sign_in(cast.head).get("/"))


def test_my_day_says_what_happens_below_zero(week, cast, sign_in, monkeypatch, clock):
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.set("2026-10-26 09:00"))
    lost = ledger.balance(cast.teammate)
    assert f"−{-lost} points × €1, off the bonus not earned yet −€{-lost}" in text_of(sign_in(cast.teammate).get("/"))
    make_rate(cast.owner, team=cast.team, on=MONDAY, negative="none")
    assert f"−{-lost} points × €1: points below zero take nothing €0" in text_of(sign_in(cast.teammate).get("/"))


def test_without_a_rate_my_day_says_nothing_of_money(scored, cast, sign_in):
    assert "Money so far" not in text_of(sign_in(cast.manager).get("/"))


def test_money_so_far_costs_one_statement(week, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert so_far.read(cast.manager, SUNDAY).amount == "€50"
