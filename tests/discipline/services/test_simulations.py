from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.refusals import NotAllowed
from crm.services import deals
from discipline.models import PayRule, Period, Scorecard, ScoreLine, Simulation
from discipline.ruleset import RuleSpec
from discipline.services import days, leaves, rules, schemes, simulations
from discipline.simulator_page import SimulationPage, chart
from tests.factories.crm import make_activity, make_contact, make_deal

pytestmark = pytest.mark.django_db
FIRST = date(2026, 10, 5)


@pytest.fixture
def history(scored, clock, cast):
    """Two weeks of two people's work, closed day by day: more and less than is asked, half a day of leave, one day of it whole."""
    leave = {"kind": "vacation", "by": cast.head, "at": clock.set("2026-10-05 08:00")}
    for since, until in (("2026-10-07 09:00", "2026-10-07 13:30"), ("2026-10-13 00:00", "2026-10-14 00:00")):
        leaves.record(user=cast.manager, from_at=clock.set(since), until_at=clock.set(until), **leave)
    clock.set("2026-10-05 08:00")
    open_deal = make_deal(cast.manager, "Without a task")
    for n in range(12):
        day = FIRST + timedelta(days=n)
        if day.isoweekday() < 6:
            _work(cast, clock, day, n)
        if n == 8:
            clock.set(f"{day} 17:00")
            deals.win(deal=open_deal, by=cast.manager, at=clock.now)
        clock.set(f"{day} 19:00")
        for team in (cast.team, cast.other_team):
            days.close(team=team, day=day, at=clock.now)
    return scored


def _work(cast, clock, day, n):
    for minute in range(n % 5 + 2):
        clock.set(f"{day} 10:{minute:02}")
        make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, f"{n} {minute}"))


@pytest.fixture
def play(history, clock, cast):
    """Draft the next version with changes, play it over everything and give its result."""

    def ask(change=lambda rules: rules, team=None, length=90):
        version = schemes.draft(scheme=history, by=cast.admin, at=clock.now)
        schemes.put_rules(version=version, rules=change(schemes.specs(version)), by=cast.admin, at=clock.now)
        simulation = simulations.ask(version=version, team=team, days=length, by=cast.admin, at=clock.now)
        assert simulations.run(simulation_id=simulation.pk)
        simulation.refresh_from_db()
        assert simulation.status == Simulation.Status.DONE, simulation.error
        return simulation

    return ask


def changed(code, **facts):
    return lambda specs: [replace(rule, **facts) if rule.code == code else rule for rule in specs]


def points(simulation, side="then"):
    return {int(pk): row[side] for pk, row in simulation.result["people"].items()}


def stored():
    cards = Scorecard.objects.order_by()
    return {
        pk: sum(cards.filter(user=pk).values_list("points", flat=True))
        for pk in set(cards.values_list("user", flat=True))
    }


def test_the_unchanged_rules_give_exactly_the_points_of_every_card(play):
    simulation = play()
    assert points(simulation) == points(simulation, "now") == stored()
    assert {row["posted_then"] - row["posted_now"] for row in simulation.result["people"].values()} == {0}
    by_day = {day: now for day, _cards, now, _then in simulation.result["days"]}
    assert all(now == then for _day, _cards, now, then in simulation.result["days"])
    assert sum(by_day.values()) == sum(stored().values())
    assert simulation.result["rules_now"] == simulation.result["rules_then"]


def test_what_was_entered_after_the_cut_offs_changes_nothing(play, clock, cast):
    before = points(play())
    clock.set("2026-10-19 09:00")
    make_activity(cast.manager, clock.now - timedelta(days=5), note="Late.", contact=make_contact(cast.manager, "Late"))
    assert points(play()) == before


def test_a_changed_threshold_gives_exactly_what_closing_under_it_would_have_given(play, cast):
    simulation = play(changed("CV", threshold=Decimal(3), points_met=4))
    expected = {}
    for line in ScoreLine.objects.select_related("card"):
        of_person = expected.setdefault(line.card.user_id, 0)
        expected[line.card.user_id] = of_person + _again(line)
    assert points(simulation) == expected
    assert points(simulation) != stored()


def _again(line):
    """A conversations line by hand: at least 3, or the part of it that the card's own time there asks for."""
    if line.code != "CV":
        return line.points
    there = 1 - line.card.absent / line.card.scheduled
    return 4 if line.value >= max(1, int(3 * there)) else -2


def test_it_is_what_closing_gives_when_the_rules_are_in_force(play, history, clock, cast):
    """The next day under the published draft comes out as the simulation of that same day says."""
    clock.set("2026-10-16 12:00")
    version = schemes.change(
        scheme=history, code="CV", threshold=1, points_met=7, on=date(2026, 10, 19), by=cast.admin, at=clock.now
    )
    _work(cast, clock, date(2026, 10, 19), 3)
    clock.set("2026-10-19 19:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=clock.now)
    card = Scorecard.objects.get(user=cast.manager, day=date(2026, 10, 19))
    assert card.version == version
    played = {row[0]: row for row in play().result["days"]}
    cards = Scorecard.objects.filter(day=card.day)
    assert played["2026-10-19"][2] == played["2026-10-19"][3] == sum(one.points for one in cards)


def test_weekly_rules_and_new_figures_are_played_too(play, cast):
    weekly = RuleSpec(
        code="WK", metric="conversations", threshold=15, period=Period.WEEK, points_met=10, points_missed=1
    )
    simulation = play(lambda specs: [*specs, weekly])
    met, missed, nothing, _sum = simulation.result["rules_then"]["WK"]
    assert met + missed + nothing == 6, "three people, two weeks"
    assert met >= 1
    assert "WK" not in simulation.result["rules_now"]


def test_a_rule_on_trial_gives_nothing(play):
    simulation = play(lambda specs: [replace(rule, trial=True) for rule in specs])
    assert set(points(simulation).values()) == {0}


def test_only_the_asked_team_and_days_are_played(play, cast):
    simulation = play(team=cast.team, length=10)
    assert set(points(simulation)) == {cast.manager.pk, cast.teammate.pk}
    assert simulation.done_days == len(simulation.result["days"]) == 10


def test_it_goes_on_where_it_was_broken_off(history, clock, cast, monkeypatch):
    version = schemes.draft(scheme=history, by=cast.admin, at=clock.now)
    simulation = simulations.ask(version=version, days=90, by=cast.admin, at=clock.now)
    real, calls = simulations.play, []

    def breaks(*args):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker is gone")
        return real(*args)

    monkeypatch.setattr(simulations, "play", breaks)
    assert not simulations.run(simulation_id=simulation.pk)
    simulation.refresh_from_db()
    assert (simulation.status, simulation.done_days) == ("waiting", 5)
    assert simulations.unfinished() == [simulation.pk]
    assert simulations.run(simulation_id=simulation.pk)
    simulation.refresh_from_db()
    assert points(simulation) == stored()
    assert simulations.unfinished() == []
    assert not simulations.run(simulation_id=simulation.pk), "done is done"


def test_the_third_failure_in_a_row_is_final_and_says_why(history, clock, cast, monkeypatch):
    version = schemes.draft(scheme=history, by=cast.admin, at=clock.now)
    simulation = simulations.ask(version=version, days=10, by=cast.admin, at=clock.now)

    def breaks(*args):
        raise RuntimeError("no such table")

    monkeypatch.setattr(simulations, "play", breaks)
    for _attempt in range(3):
        simulations.run(simulation_id=simulation.pk)
    simulation.refresh_from_db()
    assert (simulation.status, simulation.error) == ("failed", "RuntimeError: no such table")
    assert simulations.unfinished() == []


def test_a_draft_that_changes_meanwhile_is_not_half_played(history, clock, cast):
    version = schemes.draft(scheme=history, by=cast.admin, at=clock.now)
    simulation = simulations.ask(version=version, days=10, by=cast.admin, at=clock.now)
    rules.remove(version=version, code="CV", by=cast.admin, at=clock.now)
    simulations.run(simulation_id=simulation.pk)
    simulation.refresh_from_db()
    assert simulation.status == "failed"
    assert "Start again" in simulation.error


def test_the_page_says_who_gains_what_it_costs_and_how_the_rules_go(play, cast):
    PayRule.objects.create(starts_on=date(2026, 1, 1), currency="EUR", rate_minor=250, set_by=cast.owner)
    page = SimulationPage(play(changed("CV", threshold=Decimal(1), points_met=5)))
    manager = next(person for person in page.people if person.name == cast.manager.full_name)
    assert manager.difference > 0
    assert (page.gain, page.lose) == (1, 0)
    assert page.difference == page.then - page.now == manager.difference
    assert manager.money == [("EUR", max(manager.now, 0) * 250, max(manager.then, 0) * 250)]
    row = next(row for row in page.rules if row.name == "Conversations")
    assert row.now[:3] != row.then[:3]
    assert not page.stale
    assert "20" not in chart([])
    assert str(page.chart).count("<path") == 3


@pytest.mark.parametrize("length", [0, 9, 91, -5])
def test_a_span_that_is_too_short_or_too_long_is_refused(history, clock, cast, length):
    version = schemes.draft(scheme=history, by=cast.admin, at=clock.now)
    with pytest.raises(simulations.BadSpan) as refused:
        simulations.ask(version=version, days=length, by=cast.admin, at=clock.now)
    assert refused.value.field == "days"
    assert not Simulation.objects.exists()


def test_there_must_be_closed_days_and_only_the_coordinator_asks(scored, clock, cast):
    version = schemes.draft(scheme=scored, by=cast.admin, at=clock.now)
    with pytest.raises(simulations.NothingClosed):
        simulations.ask(version=version, days=30, by=cast.admin, at=clock.now)
    for by in (cast.manager, cast.head, cast.owner):
        with pytest.raises(NotAllowed):
            simulations.ask(version=version, days=30, by=by, at=clock.now)
