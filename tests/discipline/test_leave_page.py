"""The page of leave: asked for in a dialog, decided with who else is away, and what is refused names the field."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from discipline.models import Leave, LeaveStatus
from discipline.services import leaves
from notifications import rendering
from notifications.models import Delivery, Message
from tests.budgets import assert_budget
from tests.discipline.test_pages import SHELL
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NEXT = timezone.localdate() + timedelta(days=14)
WHOLE = {"kind": "vacation", "span": "days", "first": NEXT.isoformat(), "last": (NEXT + timedelta(days=2)).isoformat()}
HOURS = {"kind": "other", "span": "hours", "day": NEXT.isoformat(), "starts": "09:00", "ends": "12:30"}


@pytest.fixture
def asked(cast):
    """A request of the manager's for three days in a fortnight."""
    return ask(cast.manager)


def ask(user, days: int = 14, length: int = 3):
    from_at = timezone.now() + timedelta(days=days)
    return leaves.ask(
        user=user, kind="vacation", from_at=from_at, until_at=from_at + timedelta(days=length), by=user, at=timezone.now()
    )  # fmt: skip


def test_whole_days_are_local_days_of_the_person(cast, sign_in):
    assert sign_in(cast.manager).post(reverse("discipline:leave-new"), WHOLE).status_code == 302
    leave = Leave.objects.get()
    local = [moment.astimezone(ZoneInfo(cast.manager.zone)) for moment in (leave.from_at, leave.until_at)]
    assert [(one.date(), one.hour) for one in local] == [(NEXT, 0), (NEXT + timedelta(days=3), 0)]


def test_without_a_last_day_it_is_one_day(cast, sign_in):
    sign_in(cast.manager).post(reverse("discipline:leave-new"), WHOLE | {"last": ""})
    assert timedelta(hours=22) < Leave.objects.get().until_at - Leave.objects.get().from_at < timedelta(hours=26)


def test_hours_of_one_day(cast, sign_in):
    sign_in(cast.manager).post(reverse("discipline:leave-new"), HOURS)
    leave = Leave.objects.get()
    assert leave.until_at - leave.from_at == timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        (WHOLE | {"last": (NEXT - timedelta(days=1)).isoformat()}, "last", "Choose a later end"),
        (WHOLE | {"last": (NEXT + timedelta(days=2000)).isoformat()}, "last", "three years"),
        (WHOLE | {"first": ""}, "first", "Fill this in"),
        (WHOLE | {"first": "0026-10-20"}, "first", "after 1999"),
        (WHOLE | {"first": "9999-12-31"}, "first", "before 2101"),
        (WHOLE | {"first": "soon"}, "first", "Enter a valid date"),
        (WHOLE | {"kind": "party"}, "kind", "Select a valid choice"),
        (HOURS | {"ends": "08:00"}, "ends", "Choose a later end"),
        (HOURS | {"starts": ""}, "starts", "Fill this in"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_saved(cast, sign_in, sent, field, said):
    response = sign_in(cast.manager).post(reverse("discipline:leave-new"), sent)
    assert response.status_code == 422
    assert said in str(response.context["form"].errors[field])
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Leave.objects.exists()


def test_overlapping_leave_is_refused_under_the_first_day(asked, cast, sign_in):
    response = sign_in(cast.manager).post(reverse("discipline:leave-new"), WHOLE)
    assert "There is leave for a part of this time already" in str(response.context["form"].errors["first"])


def test_the_head_sees_the_request_with_who_else_is_away_and_approves_it(asked, cast, sign_in):
    ask(cast.teammate, days=15)
    ask(cast.stranger, days=15)
    client = sign_in(cast.head)
    page = client.get(reverse("discipline:leave-list")).content.decode()
    assert page.count("Anna Manager") >= 2
    assert "Also away then:" in page
    assert "Stefan Stranger" not in page
    client.post(reverse("discipline:leave-decide", args=[asked.pk]), {"approve": "yes"})
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == (LeaveStatus.APPROVED, cast.head)


def test_a_refusal_without_a_word_comes_back(asked, cast, sign_in):
    url = reverse("discipline:leave-decide", args=[asked.pk])
    response = sign_in(cast.head).post(url, {"approve": "no"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["answer"])
    sign_in(cast.head).post(url, {"approve": "no", "answer": "Fair week"})
    asked.refresh_from_db()
    assert asked.status == LeaveStatus.REFUSED


def test_a_head_enters_a_sick_note_for_his_people_only(cast, sign_in):
    client = sign_in(cast.head)
    sick = WHOLE | {"kind": "sick"}
    assert client.post(reverse("discipline:leave-record"), sick | {"user": cast.stranger.pk}).status_code == 422
    assert client.post(reverse("discipline:leave-record"), sick | {"user": cast.manager.pk}).status_code == 302
    assert Leave.objects.get().status == LeaveStatus.APPROVED


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head"])
def test_a_stranger_finds_no_leave_and_changes_none(asked, cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    assert client.post(reverse("discipline:leave-cancel", args=[asked.pk])).status_code == 404
    assert client.post(reverse("discipline:leave-decide", args=[asked.pk]), {"approve": "yes"}).status_code == 404
    asked.refresh_from_db()
    assert asked.status == LeaveStatus.ASKED


def test_the_person_cancels_and_asks_anew(asked, cast, sign_in):
    client = sign_in(cast.manager)
    assert client.post(reverse("discipline:leave-cancel", args=[asked.pk])).status_code == 302
    assert client.post(reverse("discipline:leave-new"), WHOLE).status_code == 302


# --- who is told ---


def told(user) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_the_head_is_told_of_a_request_and_the_person_of_the_decision(asked, cast):
    assert told(cast.head) == ["leave_asked"]
    assert told(cast.manager) == told(cast.owner) == []
    leaves.decide(leave=asked, approve=True, by=cast.head, at=timezone.now())
    leaves.cancel(leave=asked, by=cast.head, at=timezone.now())
    assert told(cast.manager) == ["leave_decided", "leave_decided"]


def test_without_a_head_the_owners_are_told(cast):
    ask(cast.head)
    assert told(cast.owner) == ["leave_asked"]
    cast.team.head = None
    cast.team.save()
    ask(cast.teammate)
    assert told(cast.owner) == ["leave_asked", "leave_asked"]


def test_the_letters_say_when_in_words(cast):
    from_at = datetime(2027, 3, 1, tzinfo=ZoneInfo(cast.manager.zone))
    asked = leaves.ask(
        user=cast.manager, kind="trip", from_at=from_at, until_at=from_at + timedelta(days=5), note="Fair & more", by=cast.manager,
        at=timezone.now(),
    )  # fmt: skip
    leaves.decide(leave=asked, approve=False, answer="Stay, please", by=cast.head, at=timezone.now())
    asking, deciding = (rendering.mail(one) for one in Delivery.objects.order_by("pk"))
    assert asking.subject == "Anna Manager asks for leave: Mon 1 Mar – Fri 5 Mar"
    assert "Note: Fair & more" in asking.body
    assert deciding.subject == "Your leave is refused: Mon 1 Mar – Fri 5 Mar"
    assert "Answer: Stay, please" in deciding.body
    assert all(rendering.inbox(message) for message in Message.objects.all())


# --- how much it costs ---


@pytest.mark.parametrize(("reader", "budget"), [("manager", 7), ("head", 14), ("owner", 14)])
def test_statements_do_not_grow_with_requests(scored, cast, sign_in, reader, budget):
    ask(cast.manager, days=3)
    ask(cast.teammate, days=3)

    def more() -> None:
        for person in (cast.manager, cast.teammate, *(make_user(team=cast.team) for _ in range(2))):
            ask(person, days=20)
            approved = ask(person, days=25)
            leaves.decide(leave=approved, approve=True, by=cast.head, at=timezone.now())

    approved = ask(cast.manager, days=12, length=1)
    leaves.decide(leave=approved, approve=True, by=cast.head, at=timezone.now())
    assert_budget(sign_in(getattr(cast, reader)), reverse("discipline:leave-list"), budget + SHELL, more)


def test_workdays_are_those_of_the_persons_own_week(scored, cast, sign_in):
    monday = NEXT + timedelta(days=(7 - NEXT.weekday()) % 7)
    week = WHOLE | {"first": monday.isoformat(), "last": (monday + timedelta(days=6)).isoformat()}
    client = sign_in(cast.manager)
    client.post(reverse("discipline:leave-new"), week)
    page = client.get(reverse("discipline:leave-list"))
    assert page.context["page"].own[0].workdays == 5
    assert isinstance(page.context["page"].own[0].spell.first, date)
