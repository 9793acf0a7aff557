"""60 and 15 minutes before the cut-off: what is missing, with the form that mends it."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm.models import Task, TaskStatus
from discipline import alerts, words
from discipline.alerts import look
from discipline.models import Comparison, LeaveKind, LeaveStatus, Severity
from discipline.services.schemes import RuleSpec
from notifications.models import Delivery, DeliveryStatus, Message
from notifications.services import relay
from tests.factories.crm import make_activity, make_contact, make_deal, make_task
from tests.factories.discipline import make_assignment, make_policy, make_scheme, make_scored
from tests.factories.people import make_cast, make_user

pytestmark = pytest.mark.django_db
KIND = "day_missing"
OVERDUE = RuleSpec(code="OD", metric="overdue_tasks", comparison=Comparison.AT_MOST)
MEETINGS = RuleSpec(code="MT", metric="meetings_held", threshold=1)


@pytest.fixture
def one(clock, cast):
    """The manager alone is scored, by his overdue tasks and one meeting a day."""
    make_policy(cast.team, cast.admin)
    scheme = make_scheme(cast.admin, (OVERDUE, MEETINGS))
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    return cast.manager


def lapsed(person, clock, title="Send the offer"):
    return make_task(person, clock.now - timedelta(hours=1), title)


def finish(task, clock):
    Task.objects.filter(pk=task.pk).update(status=TaskStatus.DONE, done_at=clock.now, changed_by=task.owner)


def held(person, clock):
    return make_activity(person, clock.now, kind="meeting", result="agreed", contact=make_contact(person))


@pytest.mark.parametrize(
    ("at", "number"),
    [("16:59", 0), ("17:00", 1), ("17:01", 1), ("17:44", 1), ("17:45", 1), ("17:59", 1), ("18:00", 0), ("18:10", 0)],
)
def test_a_reminder_comes_from_an_hour_before_the_cut_off_until_then(one, clock, run_at, told, at, number):
    run_at(f"2026-10-20 {at}")
    assert len(told(one, KIND)) == number


def test_the_first_comes_at_60_and_the_second_at_15_minutes(one, clock, run_at, told):
    seen = []
    for minute in range(70):
        at = datetime(2026, 10, 20, 14, 55, tzinfo=UTC) + timedelta(minutes=minute)
        before = Message.objects.filter(kind=KIND).count()
        run_at(at.isoformat())
        if Message.objects.filter(kind=KIND).count() > before:
            seen.append(f"{at:%H:%M}")
    assert seen == ["15:00", "15:45"]


def test_it_lists_each_thing_with_the_form_that_mends_it(one, clock, run_at, told):
    task = lapsed(one, clock)
    run_at("2026-10-20 17:00")
    (message,) = told(one, KIND)
    assert message.context["entries"] == [
        {"title": "Send the offer", "sub": "Overdue tasks", "url": f"/tasks/{task.pk}/done/"},
        {"title": "1 more meeting", "sub": "Meetings held", "url": "/log/"},
    ]
    assert message.context["points"] == 6


def test_the_letter_says_it_in_plain_text_with_whole_addresses(one, clock, mail_at, settings):
    settings.LINKS_URL = "https://crm.example.com"
    task = lapsed(one, clock)
    assert mail_at("2026-10-20 17:00") == 1
    letter = mail.outbox[0]
    assert letter.subject == "2 things missing before 18:00"
    assert "your day ends at 18:00" in letter.body
    assert f"- Send the offer (Overdue tasks)\n  https://crm.example.com/tasks/{task.pk}/done/" in letter.body
    assert "- 1 more meeting (Meetings held)\n  https://crm.example.com/log/" in letter.body
    assert "gives back 6 points" in letter.body
    assert f'href="https://crm.example.com/tasks/{task.pk}/done/"' in letter.alternatives[0][0]


def test_every_link_opens_a_page_for_its_reader(scored, cast, clock, run_at, told, sign_in):
    lapsed(cast.manager, clock)
    make_deal(cast.manager, "Bare deal")
    make_activity(cast.manager, clock.now, kind="meeting", contact=make_contact(cast.manager))
    make_task(cast.manager, clock.now + timedelta(hours=1), "Meet Nadia", kind="meeting")
    run_at("2026-10-20 17:00")
    (message,) = told(cast.manager, KIND)
    browser = sign_in(cast.manager)
    paths = [entry["url"] for entry in message.context["entries"]]
    assert {path.split("?")[0].strip("0123456789/") for path in paths} >= {"companies/new", "log"}
    assert [path for path in paths if path.startswith("/tasks/new/?deal=")]
    assert [path for path in paths if path.startswith("/activities/")]
    for path in [*paths, message.url]:
        assert browser.get(path).status_code == 200, path


def test_with_nothing_missing_nobody_is_told(one, clock, run_at, told):
    clock.set("2026-10-20 12:00")
    held(one, clock)
    run_at("2026-10-20 17:00")
    assert told(one, KIND) == []


def test_the_second_comes_only_if_something_is_still_missing(one, clock, run_at, told):
    run_at("2026-10-20 17:00")
    assert len(told(one, KIND)) == 1
    clock.set("2026-10-20 17:20")
    held(one, clock)
    run_at("2026-10-20 17:45")
    assert told(one, KIND) == [], "the first is mended, and leaves the inbox"
    assert Message.objects.filter(kind=KIND).count() == 1


def test_the_second_takes_the_place_of_the_first(one, clock, run_at, told):
    lapsed(one, clock)
    run_at("2026-10-20 17:00")
    clock.set("2026-10-20 17:20")
    held(one, clock)
    run_at("2026-10-20 17:45")
    (message,) = told(one, KIND)
    assert [entry["title"] for entry in message.context["entries"]] == ["Send the offer"]


def test_what_is_mended_before_the_letter_goes_out_is_withdrawn(one, clock, run_at, mail_at, told):
    task = lapsed(one, clock)
    clock.set("2026-10-20 16:00")
    held(one, clock)
    run_at("2026-10-20 17:00")
    clock.set("2026-10-20 17:05")
    finish(task, clock)
    assert mail_at("2026-10-20 17:06") == 0
    assert told(one, KIND) == []
    assert Delivery.objects.get(message__kind=KIND).status == DeliveryStatus.WITHDRAWN


def test_what_is_not_mended_stays_on_its_way(one, clock, run_at, mail_at):
    run_at("2026-10-20 17:00")
    assert mail_at("2026-10-20 17:06") == 1


def test_a_reminder_that_could_not_go_out_in_time_never_does(one, clock, run_at, mail_at):
    run_at("2026-10-20 17:45")
    assert mail_at("2026-10-20 18:01") == 0
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.WITHDRAWN}


def test_a_late_run_tells_once_what_is_still_of_use(one, clock, run_at, told):
    run_at("2026-10-20 17:30")
    run_at("2026-10-20 17:44")
    assert [message.context["minutes"] for message in told(one, KIND)] == [60]


def test_nobody_is_reminded_on_a_free_day_or_on_leave(one, clock, run_at, told):
    for day in (24, 25):
        run_at(f"2026-10-{day} 17:00")
    leave = {"kind": LeaveKind.VACATION, "status": LeaveStatus.ASKED, "asked_by": one}
    clock.set("2026-10-20 10:00")
    asked = one.leaves.create(from_at=clock.set("2026-10-21 00:00"), until_at=clock.set("2026-10-22 00:00"), **leave)
    clock.set("2026-10-20 10:00")
    asked.status = LeaveStatus.APPROVED
    asked.save()
    run_at("2026-10-21 17:00")
    assert told(one, KIND) == []


def test_each_is_reminded_by_his_own_cut_off(one, cast, clock, run_at, told):
    scheme = make_scheme(cast.admin, (MEETINGS,), name="Short")
    make_assignment(cast.teammate, cast.team, scheme, cast.admin, shift_end=time(15))
    run_at("2026-10-20 14:00")
    assert len(told(cast.teammate, KIND)) == 1
    assert told(one, KIND) == []
    run_at("2026-10-20 17:00")
    assert len(told(cast.teammate, KIND)) == 1


def test_quiet_rules_are_left_to_the_evening_card(cast, clock, run_at, told):
    make_policy(cast.team, cast.admin)
    quiet = RuleSpec(code="MT", metric="meetings_held", threshold=1, severity=Severity.QUIET)
    make_assignment(cast.manager, cast.team, make_scheme(cast.admin, (quiet,)), cast.admin)
    run_at("2026-10-20 17:00")
    assert told(cast.manager, KIND) == []


def test_what_was_given_away_is_no_longer_his_to_mend(one, cast, clock, run_at, told):
    task = lapsed(one, clock)
    Task.objects.filter(pk=task.pk).update(owner=cast.teammate, changed_by=one)
    run_at("2026-10-20 17:00")
    (message,) = told(one, KIND)
    assert [entry["title"] for entry in message.context["entries"]] == ["1 more meeting"]


def test_of_many_records_five_are_named_and_the_rest_counted(one, clock, run_at, told):
    for number in range(8):
        lapsed(one, clock, f"Task {number}")
    run_at("2026-10-20 17:00")
    (message,) = told(one, KIND)
    titles = [entry["title"] for entry in message.context["entries"]]
    assert len(titles) == 7
    assert titles[5] == "and 3 more"
    assert message.context["entries"][5]["url"] == "/tasks/"


def test_it_is_said_in_the_persons_language(one, clock, run_at, told):
    one.language = "pl"
    one.save()
    run_at("2026-10-20 17:00")
    entry = told(one, KIND)[0].context["entries"][0]
    with translation.override("pl"):
        assert entry["sub"] == words.label("meetings_held")


def test_the_statements_do_not_grow_with_the_people(one, cast, clock, run_at):
    def counted(at):
        with CaptureQueriesContext(connection) as captured:
            run_at(at)
        return len(captured)

    lapsed(one, clock)
    few = counted("2026-10-20 17:00")
    relay.deliver_waiting(at=clock.now)
    scheme = one.assignments.get().scheme
    for number in range(8):
        person = make_user(f"More {number}", team=cast.team)
        make_assignment(person, cast.team, scheme, cast.admin)
        clock.set("2026-10-21 10:00")
        lapsed(person, clock)
    assert counted("2026-10-21 17:00") == few
    assert Message.objects.filter(kind=KIND, context__minutes=60).count() == 10


def test_ten_runs_at_once_tell_once(real_commits, clock):
    cast = make_cast()
    make_scored(cast)
    at = clock.set("2026-10-20 17:00")
    gate = threading.Barrier(10)
    failures = []

    def run():
        try:
            gate.wait()
            alerts.run(now=at)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    keys = list(Message.objects.filter(kind=KIND).values_list("recipient_id", "key"))
    assert len(keys) == len(set(keys)) == 3
    assert Delivery.objects.filter(message__kind=KIND).count() == 3


def test_a_run_that_dies_leaves_it_to_the_next(one, clock, run_at, told, monkeypatch):
    real = look.tell_many
    monkeypatch.setattr(look, "tell_many", lambda **words: (_ for _ in ()).throw(OSError("died")))
    with pytest.raises(OSError, match="died"):
        run_at("2026-10-20 17:00")
    monkeypatch.setattr(look, "tell_many", real)
    run_at("2026-10-20 17:01")
    assert len(told(one, KIND)) == 1
