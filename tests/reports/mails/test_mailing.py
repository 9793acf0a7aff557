"""Who is told of a report, and when: once, on a working day, on his own clock, whatever happened to the program."""

import threading
from datetime import time

import pytest
from django.db import connection

from accounts.models import User
from discipline.models import Leave
from notifications.models import AlertSetting, Message
from reports.models import Reading, ReportMail, ReportShare
from reports.services import mailing, readings, report_mails
from tests.factories.crm import make_deal
from tests.factories.people import make_cast, make_user

pytestmark = pytest.mark.django_db


def leave(person, since, until):
    return Leave.objects.create(
        user=person, from_at=since, until_at=until, kind="vacation", status="approved", asked_by=person
    )


def test_it_is_told_once_at_its_time_however_often_one_looks(set_up, run_at, told, cast):
    set_up()
    assert run_at("2026-10-26 07:59") == 0
    assert run_at("2026-10-26 08:00") == 1
    assert run_at("2026-10-26 08:01") == 0
    assert run_at("2026-10-27 09:00") == 0
    assert told(cast.manager) == ["report_due 2026-10-26"]
    assert run_at("2026-11-02 08:00") == 1


def test_nothing_is_sent_for_times_before_it_was_set_up(set_up, run_at):
    set_up(weekday=2, hour=time(9))
    assert run_at("2026-10-20 10:01") == 0


def test_an_outage_only_makes_it_later(set_up, run_at, told, cast):
    set_up()
    assert run_at("2026-10-28 15:00") == 1
    assert told(cast.manager) == ["report_due 2026-10-26"]


def test_everybody_has_it_on_his_own_clock(set_up, run_at, told, cast):
    User.objects.filter(pk=cast.teammate.pk).update(zone="Asia/Tokyo")
    set_up(cast.manager, cast.teammate)
    assert run_at("2026-10-26 00:00", "Europe/Warsaw") == 1
    assert (told(cast.manager), told(cast.teammate)) == ([], ["report_due 2026-10-26"])
    assert run_at("2026-10-26 08:00") == 1


def test_what_falls_on_a_day_off_comes_on_the_next_working_day(set_up, run_at, told, cast):
    set_up(weekday=6)
    assert run_at("2026-10-24 12:00") == 0
    assert run_at("2026-10-25 12:00") == 0
    assert run_at("2026-10-26 00:30") == 1
    assert told(cast.manager) == ["report_due 2026-10-24"]


def test_nobody_is_told_on_his_leave(set_up, run_at, told, cast, clock):
    set_up(cast.manager, cast.teammate, rhythm="workdays")
    leave(cast.manager, clock.set("2026-10-21 00:00"), clock.set("2026-10-23 00:00"))
    for day in (21, 22, 23):
        run_at(f"2026-10-{day} 08:00")
    assert told(cast.manager) == ["report_due 2026-10-23"]
    assert len(told(cast.teammate)) == 3


def test_a_daily_one_is_not_sent_at_the_weekend(set_up, run_at):
    set_up(rhythm="workdays")
    assert [run_at(f"2026-10-{day} 08:00") for day in (23, 24, 25, 26)] == [1, 0, 0, 1]


def test_who_may_not_open_it_gets_nothing(set_up, run_at, told, cast, report):
    ReportShare.objects.filter(report=report).delete()
    set_up(cast.manager, cast.head)
    assert run_at("2026-10-26 08:00") == 1
    assert (told(cast.manager), told(cast.head)) == ([], ["report_due 2026-10-26"])


def test_a_role_means_everybody_in_it_and_each_once(set_up, run_at, told, cast):
    set_up(cast.manager, roles=["manager"])
    assert run_at("2026-10-26 08:00") == 3
    assert len(told(cast.manager)) == 1


def test_it_is_not_sent_when_there_is_nothing_in_it(set_up, run_at, told, cast):
    set_up(cast.manager, cast.teammate, skip_empty=True)
    make_deal(cast.manager)
    assert run_at("2026-10-26 08:00") == 1
    assert told(cast.teammate) == []


def test_a_paused_one_rests_and_goes_on_with_its_next_time(set_up, run_at, cast, clock):
    mail = set_up()
    report_mails.pause(mail=mail, by=cast.head, at=clock.now)
    assert run_at("2026-10-26 08:00") == 0
    report_mails.resume(mail=mail, by=cast.head, at=clock.now)
    assert run_at("2026-10-26 12:00") == 0
    assert run_at("2026-11-02 08:00") == 1


def test_it_ends_when_its_owner_leaves(set_up, run_at, cast):
    set_up()
    User.objects.filter(pk=cast.head.pk).update(is_active=False)
    assert run_at("2026-10-26 08:00") == 0


def test_one_that_fails_does_not_keep_the_others_back(set_up, run_at, told, cast, monkeypatch):
    broken, _fine = set_up(skip_empty=True), set_up(cast.teammate)
    monkeypatch.setattr(mailing, "is_empty", lambda mail, person, moment: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_at("2026-10-26 08:00")
    assert told(cast.teammate) == ["report_due 2026-10-26"]
    monkeypatch.undo()
    make_deal(cast.manager)
    assert run_at("2026-10-26 08:01") == 1
    assert Message.objects.filter(context__mail=broken.pk).count() == 1


def test_a_program_that_dies_halfway_leaves_the_rest_to_the_next(set_up, run_at, told, cast, monkeypatch):
    people = [make_user(team=cast.team) for _ in range(4)]
    set_up(*people)
    monkeypatch.setattr(mailing, "AT_ONCE", 2)
    real, calls = mailing.tell_many, []

    def dies(**words):
        calls.append(words)
        if len(calls) == 2:
            raise SystemExit
        return real(**words)

    monkeypatch.setattr(mailing, "tell_many", dies)
    with pytest.raises(SystemExit):
        run_at("2026-10-26 08:00")
    monkeypatch.setattr(mailing, "tell_many", real)
    assert run_at("2026-10-26 08:05") == 2
    assert [told(person) for person in people] == [["report_due 2026-10-26"]] * 4


def test_two_programs_at_once_tell_nobody_twice(real_commits, clock):
    cast = make_cast()
    people = [make_user(team=cast.team) for _ in range(10)]
    clock.set("2026-10-20 10:00")
    report_mails.put(
        screen="control", rhythm="weekly", hour=time(8), people=[*people, cast.head], by=cast.head, at=clock.now
    )
    report_mails.put(screen="morning", rhythm="weekly", hour=time(8), roles=["head"], by=cast.head, at=clock.now)
    now = clock.set("2026-10-26 08:00")

    def run():
        try:
            mailing.run(now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = list(Message.objects.filter(kind="report_due").values_list("recipient", "key"))
    assert len(keys) == len(set(keys)) == 3, "the head both, the other head one; managers may open neither"


def test_looking_costs_the_same_however_many_wait(set_up, run_at, django_assert_max_num_queries, cast):
    for _ in range(5):
        set_up(*(make_user(team=cast.team) for _ in range(3)))
    with django_assert_max_num_queries(5):
        run_at("2026-10-26 07:00")


# --- the owners' week, which nobody sets up ---


def test_owners_get_their_week_on_monday_once_figures_were_kept(run_at, told, cast, clock):
    assert run_at("2026-10-19 08:00") == 0
    readings.read(at=clock.set("2026-10-22 07:00"))
    assert run_at("2026-10-22 08:00") == 0, "no week for a company that has just begun"
    assert run_at("2026-10-26 07:59") == 0
    assert run_at("2026-10-26 08:00") == 1
    assert run_at("2026-10-26 08:01") == 0
    assert told(cast.owner) == ["owner_week 2026-10-26"]
    assert told(cast.head) == told(cast.manager) == []


def test_an_owner_on_leave_on_monday_gets_it_when_he_is_back(run_at, told, cast, clock):
    readings.read(at=clock.set("2026-10-22 07:00"))
    leave(cast.owner, clock.set("2026-10-26 00:00"), clock.set("2026-10-28 00:00"))
    assert [run_at(f"2026-10-{day} 09:00") for day in (26, 27, 28, 29)] == [0, 0, 1, 0]
    assert Reading.objects.filter(kept=True).count() == 1


def test_somebody_may_do_without_it(mail_at, cast, clock):
    readings.read(at=clock.set("2026-10-22 07:00"))
    AlertSetting.objects.create(user=cast.owner, kind="owner_week", email=False)
    assert mail_at("2026-10-26 08:00") == []


def test_what_is_removed_meanwhile_does_not_go_out(set_up, run_at, mail_at, cast, clock):
    mail = set_up()
    run_at("2026-10-26 08:00")
    report_mails.delete(mail=mail, by=cast.head, at=clock.now)
    assert not ReportMail.objects.exists()
    assert mail_at("2026-10-26 08:01") == []
