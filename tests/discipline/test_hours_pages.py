"""Calendar, hours, gate and outages: what is refused names its field, strangers find nothing, statements do not grow."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent, EventKind
from discipline import gate
from discipline.models import (
    Appeal,
    Assignment,
    CalendarDay,
    CardReview,
    DeadlineShift,
    Finding,
    Mode,
    Outage,
    Scorecard,
    ScoreLine,
    TeamPolicy,
    Verification,
)
from discipline.services import calendars, days, policies, sign_offs
from tests.budgets import assert_budget
from tests.discipline.test_pages import SHELL
from tests.factories.discipline import make_assignment, make_scheme, make_scored
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NEXT = TODAY + timedelta(days=30)


def errors(response) -> dict[str, str]:
    assert response.status_code == 422
    return {name: str(said) for name, said in response.context["form"].errors.items()}


# --- the calendar ---


def test_holidays_are_brought_in_approved_and_taken_out(cast, sign_in):
    client, year = sign_in(cast.admin), TODAY.year + 1
    sent = {"country": "PL", "year": year, "calendar": "PL"}
    assert client.post(reverse("discipline:calendar-import"), sent).status_code == 302
    page = client.get(reverse("discipline:calendar"), {"calendar": "PL", "year": year})
    assert page.context["page"].waiting > 10
    assert f'id="d-{year}-12-25"' in page.content.decode()
    client.post(reverse("discipline:calendar-approve"), {"calendar": "PL", "day": f"{year}-12-25"})
    assert [row.day for row in CalendarDay.objects.approved()] == [date(year, 12, 25)]
    client.post(reverse("discipline:calendar-approve"), {"calendar": "PL"})
    assert not CalendarDay.objects.waiting().exists()
    client.post(reverse("discipline:calendar-remove"), {"calendar": "PL", "day": f"{year}-12-25"})
    assert not CalendarDay.objects.standing().filter(day=date(year, 12, 25)).exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"day": NEXT, "kind": "short"}, "ends_at"),
        ({"day": NEXT, "kind": "party"}, "kind"),
        ({"day": TODAY - timedelta(days=1), "kind": "holiday"}, "day"),
        ({"day": "0001-01-01", "kind": "holiday"}, "day"),
        ({"day": "someday", "kind": "holiday"}, "day"),
        ({"day": NEXT, "kind": "short", "ends_at": "25:00"}, "ends_at"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_field(cast, sign_in, sent, field):
    assert list(errors(sign_in(cast.admin).post(reverse("discipline:calendar-add"), sent))) == [field]
    assert not CalendarDay.objects.exists()


def test_a_country_that_is_not_known_is_refused_with_its_field(cast, sign_in):
    sent = {"country": "XX", "year": TODAY.year}
    assert list(errors(sign_in(cast.admin).post(reverse("discipline:calendar-import"), sent))) == ["country"]


@pytest.mark.parametrize("query", [{"calendar": "nowhere"}, {"calendar": "a\0"}, {"year": "1066"}, {"year": "soon"}])
def test_a_calendar_or_year_that_is_not_there_is_not_found(cast, sign_in, query):
    assert sign_in(cast.manager).get(reverse("discipline:calendar"), query).status_code == 404


def test_everybody_reads_the_calendar_and_only_the_coordinator_changes_it(cast, sign_in):
    calendars.add_day(day=NEXT, name="Feast", by=cast.admin)
    client = sign_in(cast.manager)
    page = client.get(reverse("discipline:calendar"), {"year": NEXT.year}).content.decode()
    assert "Feast" in page
    assert "calendar-approve" not in page
    assert client.post(reverse("discipline:calendar-remove"), {"day": NEXT}).status_code == 404
    assert CalendarDay.objects.standing().exists()


def test_the_calendar_costs_the_same_with_many_days(cast, sign_in):
    calendars.add_day(day=NEXT, by=cast.admin)

    def more() -> None:
        for n in range(1, 20):
            calendars.add_day(day=NEXT + timedelta(days=n), by=cast.admin)

    assert_budget(sign_in(cast.admin), reverse("discipline:calendar"), 4 + SHELL, more)


# --- hours of a team ---


@pytest.fixture
def trial(cast):
    """Both teams scored on trial since long ago."""
    return make_scored(cast, mode=Mode.TRIAL)


def policy_of(cast, **facts):
    sent = {"deadline": "17:00", "zone": "Europe/Warsaw", "mode": "trial", "calendar": "", "on": NEXT.isoformat()}
    return sent | facts


def test_the_coordinator_changes_the_deadline_from_a_day_on(trial, cast, sign_in):
    url = reverse("discipline:hours-policy", args=[cast.team.pk])
    assert sign_in(cast.admin).post(url, policy_of(cast)).status_code == 302
    latest = TeamPolicy.objects.get(team=cast.team, ends_on=None)
    assert (latest.starts_on, latest.deadline) == (NEXT, time(17))


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "Choose one of the list"),
        ({"mode": "fast"}, "mode", "valid choice"),
        ({"deadline": "24:30"}, "deadline", "valid time"),
        ({"on": TODAY.isoformat()}, "on", "or a later day"),
        ({"on": ""}, "on", "required"),
        ({"calendar": "nowhere"}, "calendar", "valid choice"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_with_its_field(trial, cast, sign_in, facts, field, said):
    found = errors(
        sign_in(cast.admin).post(reverse("discipline:hours-policy", args=[cast.team.pk]), policy_of(cast, **facts))
    )
    assert list(found) == [field]
    assert said in found[field]
    assert TeamPolicy.objects.filter(team=cast.team).count() == 1


def test_going_live_with_open_points_warns_and_the_override_leaves_an_event(trial, cast, sign_in):
    client, url = sign_in(cast.admin), reverse("discipline:hours-policy", args=[cast.team.pk])
    response = client.post(url, policy_of(cast, mode="live"))
    assert "points of the checklist are open. See to them first" in errors(response)["mode"]
    page = response.content.decode()
    assert "At least 10 trial days are closed" in page
    assert "Go live all the same" in page
    assert TeamPolicy.objects.filter(team=cast.team).count() == 1
    client.post(url, policy_of(cast, mode="live", overridden="on"))
    event = AccessEvent.objects.get(kind=EventKind.MODE)
    assert (event.by, event.team, event.detail["mode"]) == (cast.admin, cast.team, ["trial", "live"])
    assert "tried" in event.detail["overridden"]


def test_a_team_without_a_policy_begins_off_on_trial_or_soft(cast, sign_in):
    client, url = sign_in(cast.admin), reverse("discipline:hours-policy", args=[cast.team.pk])
    assert list(errors(client.post(url, policy_of(cast, mode="live")))) == ["mode"]
    client.post(url, policy_of(cast, mode="soft"))
    assert TeamPolicy.objects.get().mode == Mode.SOFT
    assert not AccessEvent.objects.filter(kind=EventKind.MODE).exists()


def test_a_head_shifts_a_day_of_his_team_only(trial, cast, sign_in):
    client = sign_in(cast.head)
    sent = {"day": NEXT.isoformat(), "deadline": "20:30", "reason": "Fair"}
    assert client.post(reverse("discipline:hours-shift", args=[cast.other_team.pk]), sent).status_code == 404
    assert client.post(reverse("discipline:hours-shift", args=[cast.team.pk]), sent).status_code == 302
    shift = DeadlineShift.objects.get()
    assert (shift.team, shift.deadline) == (cast.team, time(20, 30))
    assert "20:30" in client.get(reverse("discipline:hours-team", args=[cast.team.pk])).content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"day": "2020-01-07"}, "day"),
        ({"day": "2099-01-07"}, "day"),
        ({"deadline": "late"}, "deadline"),
        ({"deadline": "18:00"}, "deadline"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_with_its_field(trial, cast, sign_in, facts, field):
    sent = {"day": NEXT.isoformat(), "deadline": "20:30", "reason": "Fair"} | facts
    assert list(errors(sign_in(cast.head).post(reverse("discipline:hours-shift", args=[cast.team.pk]), sent))) == [
        field
    ]
    assert not DeadlineShift.objects.exists()


def hours_of(rules, **facts):
    sent = {
        "on": NEXT.isoformat(),
        "scheme": rules.pk,
        "workdays": ["1", "2"],
        "shift_start": "08:00",
        "shift_end": "14:00",
    }
    return sent | facts


def test_a_person_gets_other_hours_from_a_day_on(trial, cast, sign_in):
    url = reverse("discipline:hours-person", args=[cast.team.pk, cast.manager.pk])
    assert sign_in(cast.admin).post(url, hours_of(trial, grade="junior")).status_code == 302
    row = Assignment.objects.get(user=cast.manager, ends_on=None)
    assert (row.starts_on, row.workdays, row.grade) == (NEXT, [1, 2], "junior")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"shift_end": "07:00"}, "shift_end"),
        ({"workdays": []}, "workdays"),
        ({"workdays": ["8"]}, "workdays"),
        ({"on": TODAY.isoformat()}, "on"),
        ({"scheme": "0"}, "scheme"),
        ({"hired_on": "2099-01-01"}, "hired_on"),
        ({"hired_on": "yesterday"}, "hired_on"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_field(trial, cast, sign_in, facts, field):
    url = reverse("discipline:hours-person", args=[cast.team.pk, cast.manager.pk])
    assert list(errors(sign_in(cast.admin).post(url, hours_of(trial, **facts)))) == [field]
    assert Assignment.objects.filter(user=cast.manager).count() == 1


def test_rules_are_given_to_the_team_a_grade_or_a_person(trial, cast, sign_in):
    other = make_scheme(cast.admin, name="Seniors")
    make_assignment(cast.teammate, cast.team, trial, cast.admin, grade="senior")
    client, url = sign_in(cast.admin), reverse("discipline:hours-scheme", args=[cast.team.pk])

    def holders(day: date) -> set[str]:
        rows = Assignment.objects.on(day).filter(scheme=other)
        return {row.user.full_name for row in rows.select_related("user")}

    client.post(url, {"scheme": other.pk, "whom": "grade:senior", "on": NEXT.isoformat()})
    assert holders(NEXT) == {"Tomasz Teammate"}
    client.post(url, {"scheme": other.pk, "whom": f"person:{cast.manager.pk}", "on": NEXT.isoformat()})
    assert holders(NEXT) == {"Tomasz Teammate", "Anna Manager"}
    later = NEXT + timedelta(days=1)
    client.post(url, {"scheme": trial.pk, "whom": "", "on": later.isoformat()})
    assert holders(later) == set()
    assert list(errors(client.post(url, {"scheme": other.pk, "whom": "grade:king", "on": NEXT.isoformat()}))) == [
        "whom"
    ]


def test_statements_of_the_hours_do_not_grow(trial, cast, sign_in):
    def more() -> None:
        for _ in range(3):
            make_assignment(make_user(team=cast.team), cast.team, trial, cast.admin)

    client = sign_in(cast.admin)
    assert_budget(client, reverse("discipline:hours"), 3 + SHELL, lambda: None)
    assert_budget(client, reverse("discipline:hours-team", args=[cast.team.pk]), 24 + SHELL, more)


# --- outages ---


def outage(**facts):
    now = timezone.localtime()
    sent = {"source": "telephony", "team": "", "reason": "Cable"}
    span = {
        name: (now + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M") for name, n in (("from_at", -2), ("until_at", -1))
    }
    return sent | span | facts


def test_a_head_declares_for_his_team_and_withdraws(trial, cast, sign_in):
    client = sign_in(cast.head)
    assert list(errors(client.post(reverse("discipline:outage-new"), outage()))) == ["team"]
    assert list(errors(client.post(reverse("discipline:outage-new"), outage(team=cast.other_team.pk)))) == ["team"]
    client.post(reverse("discipline:outage-new"), outage(team=cast.team.pk))
    declared = Outage.objects.get()
    assert sign_in(cast.other_head).post(reverse("discipline:outage-withdraw", args=[declared.pk])).status_code == 404
    sign_in(cast.head).post(reverse("discipline:outage-withdraw", args=[declared.pk]))
    declared.refresh_from_db()
    assert declared.withdrawn


def test_a_head_does_not_withdraw_what_was_declared_for_everybody(cast, sign_in):
    sign_in(cast.admin).post(reverse("discipline:outage-new"), outage())
    declared = Outage.objects.get()
    client = sign_in(cast.head)
    assert "Cable" in client.get(reverse("discipline:outage-list")).content.decode()
    assert client.post(reverse("discipline:outage-withdraw", args=[declared.pk])).status_code == 404


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"until_at": "2020-01-01T10:00"}, "until_at"),
        ({"from_at": "2020-01-01T10:00"}, "until_at"),
        ({"from_at": "2090-01-01T10:00", "until_at": "2090-01-01T11:00"}, "from_at"),
        ({"from_at": "0001-01-01T00:00"}, "until_at"),
        ({"source": "coffee"}, "source"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_outage_that_cannot_be_is_refused_with_its_field(cast, sign_in, facts, field):
    assert list(errors(sign_in(cast.admin).post(reverse("discipline:outage-new"), outage(**facts)))) == [field]
    assert not Outage.objects.exists()


# --- the gate ---


def state(team, at: datetime) -> dict[str, bool]:
    return {check.key: check.done for check in gate.checklist(team, at)}


def test_the_gate_opens_point_by_point(clock, cast):
    scheme = make_scored(cast, mode=Mode.TRIAL)
    newcomer = make_user("Nora New", team=cast.team)
    Assignment.objects.create(user=newcomer, team=cast.team, scheme=scheme, starts_on=date(2026, 10, 19))
    assert not any(state(cast.team, clock.now)[key] for key in ("signed", "tried", "closed", "verified", "holidays"))

    sign_offs.sign(version=scheme.versions.get(), by=newcomer, at=clock.now)
    assert state(cast.team, clock.now)["signed"]

    last = date(2026, 10, 30)
    clock.set("2026-10-30 19:00")
    days.close_all(team=cast.team, days=[date(2026, 10, 19) + timedelta(days=n) for n in range(12)], at=clock.now)
    assert Scorecard.objects.filter(team=cast.team).values("day").distinct().count() == 10
    seen = state(cast.team, clock.now)
    assert (seen["tried"], seen["closed"], seen["reviewed"]) == (True, True, False)

    for card in Scorecard.objects.filter(team=cast.team):
        CardReview.objects.create(card=card, reviewer=cast.head, opened_at=clock.now)
    assert state(cast.team, clock.now)["reviewed"]

    night = Verification.objects.create(ran_at=clock.now, first=last, last=last, cards=2, entries=0, chain_whole=True)
    assert state(cast.team, clock.now)["verified"]
    differing = Finding.objects.create(
        verification=night, card=Scorecard.objects.first(), stored_hash="a", found_hash="b"
    )
    assert not state(cast.team, clock.now)["verified"]
    Finding.objects.filter(pk=differing.pk).update(settled_note="A clock was wrong.")

    for year in (2026, 2027):
        calendars.bring_in(country="PL", year=year, by=cast.admin, at=clock.now)
    assert not state(cast.team, clock.now)["holidays"]
    calendars.approve(calendar="", by=cast.admin, at=clock.now)

    line = ScoreLine.objects.filter(card__user=cast.manager).first()
    appeal = Appeal.objects.create(line=line, user=cast.manager, text="Not so")
    assert [key for key, done in state(cast.team, clock.now).items() if not done] == ["appeals"]
    Appeal.objects.filter(pk=appeal.pk).update(status="accepted", decided_by=cast.head)
    assert all(state(cast.team, clock.now).values())
    policies.set_policy(team=cast.team, mode=Mode.LIVE, by=cast.admin, at=clock.now)
    assert "overridden" not in AccessEvent.objects.get(kind=EventKind.MODE).detail


def test_days_that_wait_or_are_dead_keep_the_gate_shut(trial, clock, cast):
    days.close(team=cast.team, day=date(2026, 10, 19), at=clock.now)
    assert state(cast.team, clock.now)["closed"]
    assert not state(cast.team, clock.set("2026-10-23 10:00"))["closed"]


def test_a_live_team_changes_its_deadline_without_the_gate(clock, cast):
    make_scored(cast, mode=Mode.LIVE)
    policies.set_policy(team=cast.team, deadline=time(17), mode=Mode.LIVE, by=cast.admin, at=clock.now)
    assert TeamPolicy.objects.filter(team=cast.team).count() == 2
