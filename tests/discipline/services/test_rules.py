from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline.models import Assignment, CalendarDay, Rule, SchemeVersion, TeamPolicy
from discipline.services import assignments, calendars, dated, days, policies, schemes
from discipline.services.schemes import RuleSpec
from tests.factories.discipline import EARLY, make_assignment, make_policy, make_scheme, score_day

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


def test_the_factory_scheme_is_published_once_with_nine_scored_rules_three_shown_and_two_on_trial(clock, cast):
    scheme = schemes.factory(by=cast.admin, at=clock.now)
    assert schemes.factory(by=cast.admin, at=clock.now) == scheme
    rules = list(scheme.versions.get().rules.all())
    assert [rule.code for rule in rules if not rule.scored] == ["in_progress", "won", "sum_won"]
    assert [rule.code for rule in rules if rule.by_plan] == ["week_won", "week_sum_won"]
    assert [rule.code for rule in rules if rule.trial] == ["priorities", "ahead"]
    assert len(rules) == 14
    assert {(rule.points_met, rule.points_missed) for rule in rules if rule.scored} == {(1, 2)}
    assert scheme.versions.get().effective_from == date(2026, 10, 21)


def test_a_published_version_is_never_changed(clock, cast):
    version = make_scheme(cast.admin).versions.get()
    for change in (
        lambda: Rule.objects.filter(version=version).update(threshold=1),
        lambda: Rule.objects.filter(version=version).delete(),
        lambda: Rule.objects.create(version=version, code="X", metric="conversations", threshold=1),
        lambda: SchemeVersion.objects.filter(pk=version.pk).update(effective_from=TUESDAY),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_the_next_version_keeps_the_other_rules_and_begins_tomorrow(clock, cast):
    scheme = make_scheme(cast.admin)
    version = schemes.change(scheme=scheme, code="CV", threshold=Decimal(8), by=cast.admin, at=clock.now)
    assert (version.number, version.effective_from) == (2, date(2026, 10, 21))
    assert {rule.code: rule.threshold for rule in version.rules.all()}["CV"] == 8
    assert version.rules.count() == 7


def test_of_two_versions_published_on_one_day_the_later_holds(scored, clock, cast):
    schemes.change(scheme=scored, code="CV", threshold=8, by=cast.admin, at=clock.now)
    latest = schemes.change(scheme=scored, code="CV", threshold=9, by=cast.admin, at=clock.now)
    (card,) = score_day(cast.manager, "2026-10-21")
    assert card.version == latest


@pytest.mark.parametrize(
    ("spec", "refusal"),
    [
        ({"metric": "steps_walked"}, schemes.UnknownMetric),
        ({"threshold": -1}, schemes.BadRule),
        ({"threshold": None}, schemes.BadRule),
        ({"threshold": Decimal("NaN")}, schemes.BadRule),
        ({"comparison": "about"}, schemes.BadRule),
        ({"points_missed": -2}, schemes.BadRule),
    ],
)
def test_a_rule_that_no_day_could_be_measured_by_is_refused_with_its_field(clock, cast, spec, refusal):
    facts = {"code": "X", "metric": "conversations", "threshold": 5, **spec}
    with pytest.raises(refusal) as refused:
        schemes.publish(name="Odd", rules=[RuleSpec(**facts)], by=cast.admin, at=clock.now)
    assert refused.value.field
    assert not SchemeVersion.objects.exists()


def test_two_rules_of_one_name_are_refused(clock, cast):
    rule = RuleSpec(code="X", metric="conversations", threshold=5)
    with pytest.raises(schemes.RuleTwice):
        schemes.publish(name="Odd", rules=[rule, rule], by=cast.admin, at=clock.now)


def test_a_later_version_never_reaches_back(clock, cast):
    scheme = make_scheme(cast.admin)
    with pytest.raises(schemes.TooEarly):
        schemes.change(scheme=scheme, code="CV", threshold=8, on=TUESDAY, by=cast.admin, at=clock.now)


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_writes_rules(clock, cast, who):
    by = getattr(cast, who)
    for attempt in (
        lambda: schemes.factory(by=by, at=clock.now),
        lambda: policies.set_policy(team=cast.team, by=by, at=clock.now),
        lambda: calendars.add_day(day=TUESDAY, by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    scheme = make_scheme(cast.admin)
    with pytest.raises(NotAllowed):
        make_assignment(cast.manager, cast.team, scheme, by)


def test_a_teams_policy_is_followed_by_the_next_which_keeps_what_is_not_said(scored, clock, cast):
    policies.set_policy(team=cast.team, deadline=time(17), by=cast.admin, at=clock.now)
    first, second = TeamPolicy.objects.filter(team=cast.team).order_by("starts_on")
    assert (first.ends_on, second.starts_on, second.ends_on) == (date(2026, 10, 21), date(2026, 10, 21), None)
    assert (second.deadline, second.mode, second.zone) == (time(17), "live", "Europe/Warsaw")


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-10-20 12:00", "2026-10-21"),
        ("2026-10-20 18:00", "2026-10-21"),
        ("2026-10-20 18:00:01", "2026-10-22"),
        ("2026-10-24 12:00", "2026-10-27"),
    ],
)
def test_a_policy_begins_with_a_window_that_opens_after_it_was_set(scored, clock, cast, at, first):
    policy = policies.set_policy(team=cast.team, mode="soft", by=cast.admin, at=clock.set(at))
    assert policy.starts_on == date.fromisoformat(first)


def test_a_policy_for_a_window_that_is_open_is_refused_with_the_first_free_day(scored, clock, cast):
    with pytest.raises(policies.WindowOpen, match="2026-10-21"):
        policies.set_policy(team=cast.team, mode="soft", on=TUESDAY, by=cast.admin, at=clock.now)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"zone": "Mars/Olympus"}, policies.UnknownZone),
        ({"zone": "../etc"}, policies.UnknownZone),
        ({"mode": "warm"}, policies.UnknownMode),
    ],
)
def test_a_zone_or_mode_that_does_not_exist_is_refused(clock, cast, facts, refusal):
    with pytest.raises(refusal) as refused:
        policies.set_policy(team=cast.team, by=cast.admin, at=clock.now, **facts)
    assert refused.value.field in facts
    assert not TeamPolicy.objects.exists()


def test_somebody_moved_in_mid_day_changes_team_tomorrow(scored, clock, cast):
    facts = {"user": cast.manager, "team": cast.other_team, "scheme": scored, "by": cast.admin, "at": clock.now}
    with pytest.raises(assignments.FromTomorrow):
        assignments.assign(on=TUESDAY, **facts)
    assignments.assign(on=date(2026, 10, 21), **facts)
    assert [
        (one.team, one.starts_on, one.ends_on)
        for one in Assignment.objects.filter(user=cast.manager).order_by("starts_on")
    ] == [(cast.team, date(2026, 1, 5), date(2026, 10, 21)), (cast.other_team, date(2026, 10, 21), None)]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"shift_start": time(18), "shift_end": time(9)}, assignments.BadHours),
        ({"shift_start": time(9), "shift_end": time(9)}, assignments.BadHours),
        ({"workdays": [0, 8]}, assignments.NoWorkdays),
    ],
)
def test_hours_that_end_before_they_begin_and_days_that_no_week_has_are_refused(clock, cast, facts, refusal):
    with pytest.raises(refusal):
        make_assignment(cast.manager, cast.team, make_scheme(cast.admin), cast.admin, **facts)


def test_somebody_who_leaves_is_scored_no_more(scored, clock, cast):
    assignments.end(user=cast.manager, on=date(2026, 10, 21), by=cast.admin)
    assert Assignment.objects.get(user=cast.manager).ends_on == date(2026, 10, 21)


def test_closed_days_stay_as_they_were(scored, clock, cast):
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    for attempt in (
        lambda: calendars.add_day(day=TUESDAY, by=cast.admin),
        lambda: calendars.remove_day(day=TUESDAY, by=cast.admin),
        lambda: make_assignment(cast.manager, cast.other_team, scored, cast.admin, on=TUESDAY),
        lambda: make_assignment(cast.stranger, cast.team, scored, cast.admin, on=TUESDAY),
        lambda: assignments.end(user=cast.manager, on=TUESDAY, by=cast.admin),
    ):
        with pytest.raises(dated.DayClosed, match="2026-10-20"):
            attempt()
    calendars.add_day(day=date(2026, 10, 21), by=cast.admin)


def test_a_holiday_said_twice_is_corrected(clock, cast):
    calendars.add_day(day=TUESDAY, by=cast.admin, name="Fete")
    calendars.add_day(day=TUESDAY, by=cast.admin, name="Fête")
    assert CalendarDay.objects.standing().get().name == "Fête"


def test_a_teams_first_policy_may_begin_on_any_day(clock, cast):
    assert make_policy(cast.team, cast.admin, on=date(2016, 1, 1)).starts_on == date(2016, 1, 1)


def test_rules_made_after_a_past_day_hold_on_it_only_when_they_are_the_first(clock, cast):
    scheme = schemes.publish(name="New", rules=schemes.FACTORY, on=date(2026, 1, 5), by=cast.admin, at=clock.now).scheme
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    assert len(score_day(cast.manager, "2026-03-03")) == 1
    assert clock.now > EARLY
