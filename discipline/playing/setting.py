"""Puts a story's company into the scratch database: teams, people, rules, holidays, and what stands since before the span."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from accounts.models import Role, Team, User
from accounts.services import people, teams
from crm import when
from crm.models import Company, Contact, Deal, LossReason, Task
from crm.services import contacts, deals, references
from crm.services.next_steps import NextStepSpec
from discipline.models import Scheme
from discipline.playing.rules import rules_of
from discipline.playing.stage import Clock
from discipline.playing.story import Event, PersonPlan, Story, StoryError
from discipline.services import assignments, calendars, policies, schemes, sign_offs

BEGINNING = datetime(2026, 1, 4, 12, 0, tzinfo=UTC)
STANDING_SINCE = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
A_WEEK = timedelta(days=7)


@dataclass
class World:
    """What the story's names stand for. Records of a person go before those of others with the same name."""

    story: Story
    clock: Clock
    admin: User
    scheme: Scheme
    loss_reason: LossReason
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    plans: dict[str, PersonPlan] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    companies: dict[tuple[str, str], Company] = field(default_factory=dict)
    deals: dict[tuple[str, str], Deal] = field(default_factory=dict)
    tasks: dict[tuple[str, str], Task] = field(default_factory=dict)

    def person(self, name: str) -> User:
        return _named(self.people, name, "person")

    def team(self, name: str) -> Team:
        return _named(self.teams, name, "team")

    def find(self, kind: str, by: str, name: str) -> Any:
        """A record by its name: the person's own, else the only one of that name."""
        known: dict[tuple[str, str], Any] = getattr(self, kind)
        if (by, name) in known:
            return known[by, name]
        others = [record for (_who, its_name), record in known.items() if its_name == name]
        if len(others) != 1:
            raise StoryError(f"There is no single one of {kind} called {name}.")
        return others[0]

    def put(self, kind: str, by: str, name: str, record: Any) -> None:
        getattr(self, kind)[by, name] = record


def set_up(story: Story, clock: Clock) -> World:
    """Make everything that is there before the span, at times before it."""
    day_before = when.wall(story.first, time(0, 0), "UTC")
    clock.set(min(BEGINNING, day_before - 2 * A_WEEK))
    world = _company(story, clock)
    for plan in story.people:
        _add_person(world, plan)
    for plan in sorted(story.people, key=lambda plan: plan.signed or STANDING_SINCE):
        if plan.signed and plan.signed < STANDING_SINCE:
            clock.set(max(clock.now, plan.signed))
            sign(world, world.people[plan.name], clock.now)
    clock.set(max(clock.now, min(STANDING_SINCE, day_before - A_WEEK)))
    for plan in story.people:
        _give_standing(world, plan.name)
    return world


def late_signatures(story: Story) -> list[Event]:
    """The signing of those who sign after everything else stands."""
    return [
        Event(at=plan.signed, by=plan.name, do="sign")
        for plan in story.people
        if plan.signed and plan.signed >= STANDING_SINCE
    ]


def sign(world: World, user: User, at: datetime) -> None:
    """Sign whatever is published of the rules and not signed yet."""
    for version in world.scheme.versions.published().exclude(sign_offs__user=user):
        sign_offs.sign(version=version, by=user, at=at)


def _company(story: Story, clock: Clock) -> World:
    """The coordinator, the head, teams with their policies, the rules and the holidays."""
    admin = User.objects.create_superuser("coordinator@example.com", full_name="Coordinator")
    head = people.add(
        by=admin, at=clock.now, email="head@example.com", full_name="head", role=Role.HEAD, zone=story.zone
    )
    pipeline = references.pipeline(by=admin, at=clock.now)
    references.add_stages(to=pipeline, names=["New", "Offer"], by=admin, at=clock.now)
    version = schemes.publish(name="classic", rules=rules_of(story), on=clock.now.date(), by=admin, at=clock.now)
    reason = references.loss_reason(name="Price", by=admin, at=clock.now)
    world = World(story, clock, admin, version.scheme, reason, people={"head": head})
    for plan in story.teams:
        team = teams.add(by=admin, name=plan.name, head=head)
        policies.set_policy(
            team=team,
            on=story.first - A_WEEK,
            deadline=plan.deadline,
            zone=plan.zone,
            mode=plan.mode,
            by=admin,
            at=clock.now,
        )
        world.teams[plan.name] = team
    for day in story.holidays:
        calendars.add_day(day=day, by=admin)
    return world


def _add_person(world: World, plan: PersonPlan) -> None:
    team = world.team(plan.team)
    zone = next(one.zone for one in world.story.teams if one.name == plan.team)
    user = people.add(
        by=world.admin, at=world.clock.now, email=f"{plan.name}@example.com", full_name=plan.name, role=Role.MANAGER,
        zone=zone, team=team,
    )  # fmt: skip
    assignments.assign(
        user=user, team=team, scheme=world.scheme, on=plan.hired, by=world.admin, workdays=plan.workdays,
        shift_start=plan.shift_start, shift_end=plan.shift_end, hired_on=plan.hired,
    )  # fmt: skip
    world.people[plan.name] = user
    world.plans[plan.name] = plan


def _give_standing(world: World, name: str) -> None:
    """The contacts that somebody will talk to, and the deal `G` with its task."""
    user, now = world.people[name], world.clock.now
    called = {f"x{n}" for n in range(1, 6)}
    called |= {
        event.facts["contact"] for event in world.story.events if event.by == name and event.facts.get("contact")
    }
    for contact in sorted(called):
        world.put(
            "contacts", name, contact, contacts.add(by=user, at=now, name=f"{contact} of {name}", overridden=True)
        )
    if not world.story.has_standing_deal:
        return
    step = NextStepSpec("G", world.story.standing_task_due)
    deal = deals.add(by=user, at=now, title="G", first_task=step)
    world.put("deals", name, "G", deal)
    world.put("tasks", name, "G", deal.tasks.get())


def _named(known: dict[str, Any], name: str, what: str) -> Any:
    if name not in known:
        raise StoryError(f"There is no {what} called {name}.")
    return known[name]
