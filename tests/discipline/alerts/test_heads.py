"""What heads are told: exceptions before the cut-off, cards not reviewed by ten, and the morning."""

from datetime import timedelta

import pytest
from django.core import mail

from crm.models import Task, TaskStatus
from discipline.models import Appeal, CardReview, Leave, LeaveKind, Scorecard, ScoreLine
from discipline.services import planner
from notifications.models import Delivery, DeliveryStatus, Message
from tests.factories.crm import make_activity, make_contact, make_deal, make_task
from tests.factories.people import make_team

pytestmark = pytest.mark.django_db
EXCEPTIONS, UNREVIEWED, MORNING = "team_exceptions", "cards_unreviewed", "team_morning"


@pytest.fixture
def closed(scored, clock):
    """Tuesday is closed for everybody; nobody has reviewed a card."""
    clock.set("2026-10-20 18:40")
    planner.run(now=clock.now, since=clock.now.date())
    return Scorecard.objects.order_by("pk")


def review(clock, head, cards):
    for card in cards:
        CardReview.objects.create(card=card, reviewer=head, opened_at=clock.now)


# --- exceptions at C - 30 ---


@pytest.mark.parametrize(("at", "number"), [("17:29", 0), ("17:30", 1), ("17:59", 1), ("18:00", 0)])
def test_the_head_hears_of_exceptions_half_an_hour_before_the_cut_off(scored, cast, run_at, told, at, number):
    run_at(f"2026-10-20 {at}")
    assert len(told(cast.head, EXCEPTIONS)) == number


def test_exceptions_are_who_entered_nothing_what_is_overdue_and_bare_deals(scored, cast, clock, run_at, told):
    make_deal(cast.manager)
    make_task(cast.manager, clock.now + timedelta(hours=1))
    run_at("2026-10-20 17:30")
    (message,) = told(cast.head, EXCEPTIONS)
    facts = [(one["name"], one["nothing"], one["overdue"], one["bare"]) for one in message.context["people"]]
    assert facts == [("Tomasz Teammate", True, 0, 0), ("Anna Manager", False, 1, 1)]
    assert (message.context["nothing"], message.context["overdue"], message.context["bare"]) == (1, 1, 1)


def test_each_head_hears_of_his_own_people_only(scored, cast, run_at, told):
    run_at("2026-10-20 17:30")
    names = {one["name"] for one in told(cast.head, EXCEPTIONS)[0].context["people"]}
    assert names == {"Anna Manager", "Tomasz Teammate"}
    assert [one["name"] for one in told(cast.other_head, EXCEPTIONS)[0].context["people"]] == ["Stefan Stranger"]
    for nobody in (cast.owner, cast.admin, cast.manager):
        assert told(nobody, EXCEPTIONS) == []


def test_a_team_without_a_head_is_told_to_the_one_above(scored, cast, run_at, told):
    above = make_team("All", cast.other_head)
    cast.team.parent, cast.team.head = above, None
    cast.team.path = f"{above.path}{cast.team.pk:06}."
    cast.team.save()
    run_at("2026-10-20 17:30")
    (message,) = told(cast.other_head, EXCEPTIONS)
    assert len(message.context["people"]) == 3


def test_the_letter_to_the_head_names_figures_and_whole_addresses(scored, cast, clock, mail_at, settings):
    settings.LINKS_URL = "https://crm.example.com"
    make_task(cast.manager, clock.now + timedelta(hours=1))
    mail_at("2026-10-20 17:30")
    letter = next(letter for letter in mail.outbox if letter.to == [cast.head.email])
    assert letter.subject == "Before 18:00: 2 people need a word"
    assert "- Tomasz Teammate: nothing entered yet\n  https://crm.example.com/tasks/?owner=" in letter.body
    assert "- Anna Manager: 1 task overdue" in letter.body
    assert "points" not in letter.body


def test_exceptions_that_are_mended_before_the_letter_goes_out_are_withdrawn(scored, cast, clock, run_at, told):
    task = make_task(cast.manager, clock.now + timedelta(hours=1))
    clock.set("2026-10-20 12:00")
    make_activity(cast.teammate, clock.now, note="Talked.")
    run_at("2026-10-20 17:30")
    assert len(told(cast.head, EXCEPTIONS)) == 1
    clock.set("2026-10-20 17:32")
    Task.objects.filter(pk=task.pk).update(status=TaskStatus.DONE, done_at=clock.now, changed_by=cast.manager)
    run_at("2026-10-20 17:33")
    assert told(cast.head, EXCEPTIONS) == []


def test_links_of_exceptions_open_for_the_head(scored, cast, clock, run_at, told, sign_in):
    run_at("2026-10-20 17:30")
    (message,) = told(cast.head, EXCEPTIONS)
    for path in [message.url, *(one["url"] for one in message.context["people"])]:
        assert sign_in(cast.head).get(path).status_code == 200, path


# --- cards not reviewed by ten ---


@pytest.mark.parametrize(("at", "number"), [("09:59", 0), ("10:00", 1), ("16:59", 1), ("17:00", 0)])
def test_cards_not_reviewed_are_told_at_ten(closed, cast, run_at, told, at, number):
    run_at(f"2026-10-21 {at}")
    assert len(told(cast.head, UNREVIEWED)) == number


def test_they_are_told_by_day_and_once_a_day(closed, cast, run_at, told):
    for at in ("10:00", "10:01", "11:30"):
        run_at(f"2026-10-21 {at}")
    (message,) = told(cast.head, UNREVIEWED)
    assert message.context["cards"] == 2
    assert message.context["days"] == [{"day": "2026-10-20", "cards": 2, "url": "/team-day/review/?day=2026-10-20"}]


def test_a_head_who_reviewed_hears_nothing(closed, cast, clock, run_at, told):
    clock.set("2026-10-21 09:00")
    review(clock, cast.head, closed.filter(team=cast.team))
    run_at("2026-10-21 10:00")
    assert told(cast.head, UNREVIEWED) == []
    assert len(told(cast.other_head, UNREVIEWED)) == 1


def test_reviewed_before_the_letter_goes_out_it_is_withdrawn(closed, cast, clock, run_at, told):
    run_at("2026-10-21 10:00")
    clock.set("2026-10-21 10:05")
    review(clock, cast.head, closed.filter(team=cast.team))
    run_at("2026-10-21 10:06")
    assert told(cast.head, UNREVIEWED) == []
    status = Delivery.objects.get(message__recipient=cast.head, message__kind=UNREVIEWED).status
    assert status == DeliveryStatus.WITHDRAWN


def test_a_head_on_leave_is_left_alone(closed, cast, clock, run_at, told):
    clock.set("2026-10-21 08:00")
    Leave.objects.create(
        user=cast.head, kind=LeaveKind.VACATION, status="approved", asked_by=cast.head,
        from_at=clock.now - timedelta(hours=8), until_at=clock.now + timedelta(days=1),
    )  # fmt: skip
    run_at("2026-10-21 10:00")
    assert told(cast.head, UNREVIEWED) == []


# --- the morning ---


@pytest.mark.parametrize(("at", "number"), [("07:59", 0), ("08:00", 1), ("11:59", 1), ("12:00", 0)])
def test_the_morning_comes_at_eight(closed, cast, run_at, told, at, number):
    run_at(f"2026-10-21 {at}")
    assert len(told(cast.head, MORNING)) == number


def test_the_morning_says_how_the_last_day_went_and_what_waits(closed, cast, clock, mail_at, told):
    clock.set("2026-10-20 19:00")
    line = ScoreLine.objects.filter(card__user=cast.manager).first()
    Appeal.objects.create(line=line, user=cast.manager, text="I was there.")
    mail_at("2026-10-21 08:00")
    (message,) = told(cast.head, MORNING)
    assert [one["text"] for one in message.context["waiting"]] == ["2 cards to review", "1 appeal to answer"]
    assert {one["name"] for one in message.context["behind"]} == {"Anna Manager", "Tomasz Teammate"}
    letter = next(letter for letter in mail.outbox if letter.to == [cast.head.email])
    assert letter.subject == "Tuesday 20 October: 0 of 2 kept every rule"
    assert "2 cards to review: http://127.0.0.1:8000/team-day/review/" in letter.body
    assert f"of {message.context['judged']} rules kept" in letter.body


def test_links_of_the_morning_open_for_the_head(closed, cast, run_at, told, sign_in):
    run_at("2026-10-21 08:00")
    (message,) = told(cast.head, MORNING)
    lists = (message.context["behind"], message.context["waiting"])
    for path in [message.url, *(one["url"] for rows in lists for one in rows)]:
        assert sign_in(cast.head).get(path).status_code == 200, path


def test_a_head_who_was_told_and_did_not_review_is_told_to_the_one_above(closed, cast, run_at, told):
    above = make_team("All", cast.other_head)
    cast.team.parent = above
    cast.team.path = f"{above.path}{cast.team.pk:06}."
    cast.team.save()
    run_at("2026-10-21 08:00")
    said = [one["text"] for one in told(cast.other_head, MORNING)[0].context["waiting"]]
    assert not [text for text in said if "Hanna" in text], "she has not been told herself yet"
    run_at("2026-10-21 10:00")
    run_at("2026-10-22 08:00")
    said = [one["text"] for one in told(cast.other_head, MORNING)[-1].context["waiting"]]
    assert "Hanna Head was told of 2 cards and has not reviewed them" in said
    assert not [one for one in told(cast.owner, "owner_morning")[-1].context["exceptions"] if "Hanna" in one["text"]]


def test_a_held_letter_travels_with_the_morning(closed, cast, clock, mail_at):
    clock.set("2026-10-20 21:00")
    contact = make_contact(cast.manager)
    assert contact.pk
    Message.objects.all().delete()
    message = Message.objects.create(
        recipient=cast.head, kind="cards_unreviewed", key="x", created_at=clock.now, context={"cards": 2, "days": []}
    )
    Delivery.objects.create(message=message, channel="email", due_at=clock.now)
    assert mail_at("2026-10-20 21:00") == 0
    mail_at("2026-10-21 08:00")
    letters = [letter for letter in mail.outbox if letter.to == [cast.head.email]]
    assert len(letters) == 1
    assert "2 cards wait for your review" in letters[0].body
