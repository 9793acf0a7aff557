"""The calendar feed: a secret address, and a file that calendar programs understand."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AccessEvent, Role, User
from accounts.refusals import NotAllowed
from crm.models import CalendarFeed
from crm.services import feeds, tasks
from tests.budgets import statements
from tests.factories.crm import make_activity, make_company, make_contact, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]


def address(user: User, at: datetime | None = None) -> str:
    return reverse("crm:feed", args=[feeds.renew(by=user, at=at or timezone.now())])


def read(client: Client, url: str) -> Calendar:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def told(calendar: Calendar) -> dict[str, str]:
    return {str(event["uid"]): str(event["summary"]) for event in calendar.walk("VEVENT")}


def test_whoever_has_the_address_reads_the_tasks_without_signing_in(cast: Cast, client: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    contact = make_contact(cast.manager, "Elena Bauer")
    timed = make_task(
        cast.manager,
        now + timedelta(days=1),
        "Call; about, the\\offer",
        contact=contact,
        note="Line one\nLine two",
        pushes=2,
    )
    day = make_task(cast.manager, datetime(2027, 1, 11, 23, 0, tzinfo=now.tzinfo), "All day", due_has_time=False)
    met = make_activity(cast.manager, now, kind="meeting", contact=contact, seconds=1800)
    calendar = read(client, address(cast.manager))
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == {f"task-{timed.pk}@daybook", f"task-{day.pk}@daybook", f"meeting-{met.pk}@daybook"}
    call = events[f"task-{timed.pk}@daybook"]
    assert str(call["summary"]) == "Call; about, the\\offer"
    assert "Line one\nLine two" in str(call["description"])
    assert "Elena Bauer" in str(call["description"])
    assert call.decoded("dtstart") == timed.due_at
    assert call.decoded("dtend") - call.decoded("dtstart") == timedelta(minutes=30)
    assert call["sequence"] == 2
    whole = events[f"task-{day.pk}@daybook"]
    assert whole.decoded("dtstart") == date(2027, 1, 11)
    assert whole.decoded("dtend") == date(2027, 1, 12)
    assert events[f"meeting-{met.pk}@daybook"].decoded("dtend") == met.occurred_at


def test_it_holds_ones_own_of_two_weeks_back_and_sixty_days_ahead(cast: Cast, client: Client) -> None:
    now = timezone.now()
    for days, title in ((-15, "too old"), (-13, "lately"), (59, "soon"), (61, "too far")):
        make_task(cast.head, now + timedelta(days=days), title)
    make_task(cast.head, now, "finished", status="done")
    make_task(cast.head, now, "dropped", status="dropped")
    make_task(cast.manager, now, "of my people")
    make_task(cast.stranger, now, "of a stranger")
    make_activity(cast.head, now, kind="meeting", result="not_held", company=make_company(cast.head))
    assert sorted(told(read(client, address(cast.head))).values()) == ["lately", "soon", "✓ finished"]


def test_a_moved_task_keeps_its_name_in_the_calendar(cast: Cast, client: Client) -> None:
    now = timezone.now()
    task, url = make_task(cast.manager, now + timedelta(days=1)), address(cast.manager)
    before = read(client, url).walk("VEVENT")[0]
    tasks.move(task=task, due=now + timedelta(days=3), by=cast.manager, at=now)
    after = read(client, url).walk("VEVENT")[0]
    assert before["uid"] == after["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("last-modified") >= before.decoded("last-modified")


def test_only_the_hash_of_the_address_is_kept_and_every_change_leaves_an_event(cast: Cast) -> None:
    secret = feeds.renew(by=cast.manager, at=timezone.now())
    kept = CalendarFeed.objects.get(user=cast.manager)
    assert len(secret) >= 43
    assert kept.secret_hash == feeds.digest(secret)
    assert secret not in str(vars(kept))
    assert feeds.remove(by=cast.manager, at=timezone.now())
    assert not feeds.remove(by=cast.manager, at=timezone.now())
    assert list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["feed_made", "feed_removed"]


def test_a_new_address_replaces_the_old_one_and_a_removed_one_is_gone(cast: Cast, client: Client) -> None:
    first, second = address(cast.manager), address(cast.manager)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    feeds.remove(by=cast.manager, at=timezone.now())
    assert client.get(second).status_code == 404


@pytest.mark.parametrize("secret", ["guessed", "x" * 500, "%00", "a.b"])
def test_a_guessed_address_is_nothing(cast: Cast, client: Client, secret: str) -> None:
    assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404


def test_who_is_switched_off_is_read_no_more(cast: Cast, client: Client) -> None:
    url = address(cast.manager)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert client.get(url).status_code == 404
    with pytest.raises(NotAllowed):
        feeds.renew(by=User.objects.get(pk=cast.manager.pk), at=timezone.now())


def test_what_one_may_not_see_any_more_leaves_the_file(cast: Cast, client: Client) -> None:
    make_task(cast.manager, timezone.now())
    url = address(cast.manager)
    assert told(read(client, url))
    User.objects.filter(pk=cast.manager.pk).update(role=Role.ADMIN)
    assert told(read(client, url)) == {}, "a coordinator without a grant reaches no client's task"


def test_nobody_in_between_keeps_it_and_only_reading_is_possible(cast: Cast, client: Client) -> None:
    url = address(cast.manager)
    answer = client.get(url)
    assert "private" in answer["Cache-Control"]
    assert "sessionid" not in answer.cookies
    assert client.post(url).status_code == 405


def test_who_knocks_too_often_is_told_to_wait(cast: Cast, client: Client) -> None:
    for _n in range(60):
        assert client.get("/calendar/feed/guessed.ics").status_code == 404
    answer = client.get(address(cast.manager))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60


def test_reading_is_noted_now_and_then(cast: Cast, client: Client) -> None:
    url = address(cast.manager)
    client.get(url)
    first = CalendarFeed.objects.get().read_at
    assert first is not None
    client.get(url)
    assert CalendarFeed.objects.get().read_at == first


def test_the_file_costs_the_same_however_long_it_is(cast: Cast, client: Client) -> None:
    url, now = address(cast.manager), timezone.now()

    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(cast.manager, f"Company {n}")
            make_task(cast.manager, now + timedelta(hours=n), company=company)
            make_activity(cast.manager, now, kind="meeting", company=company)

    fill(1)
    statements(client, url)
    few = statements(client, url)
    fill(50)
    assert statements(client, url) == few


def test_the_address_is_shown_once(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.manager), reverse("crm:feed-edit")
    assert "Make my address" in client.get(url).content.decode()
    answer = client.post(url)
    assert "/calendar/feed/" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.get(url).content.decode()
    assert ".ics" not in again
    assert "Make a new address" in again
    client.post(reverse("crm:feed-delete"))
    assert not CalendarFeed.objects.exists()
