"""What people in a story can do, each through the service that the browser calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.refusals import Warned
from accounts.services import memberships
from crm.models import ActivityKind, ActivityResult, Source, TaskKind
from crm.services import activities, companies, deals, tasks
from crm.when import local_day
from discipline.models import LeaveKind, OutageSource
from discipline.playing import setting
from discipline.playing.setting import World
from discipline.playing.story import Event, StoryError
from discipline.services import assignments, leaves, outages, policies, schemes

Deed = Callable[[World, Event, User], None]
SYSTEMS = {"crm": OutageSource.EVERYTHING, "all": OutageSource.EVERYTHING, "system": OutageSource.EVERYTHING}
"""How stories also call what did not work."""


def do(world: World, event: Event) -> None:
    """Let an event happen. Raises what the service refuses with, and StoryError."""
    if event.do not in DEEDS:
        raise StoryError(f"Nobody can do {event.do}.")
    deed, known = DEEDS[event.do]
    if unknown := sorted(set(event.facts) - known):
        raise StoryError(f"{event.do} has something unknown: {', '.join(unknown)}.")
    try:
        deed(world, event, world.person(event.by))
    except KeyError as error:
        raise StoryError(f"{event.do} needs {error}.") from error


def persistent(event: Event, service: Callable[..., Any], **words: Any) -> Any:
    """Call a service; a warning is overridden, as a person does who means it, unless the story wants a refusal."""
    try:
        return service(**words)
    except Warned:
        if event.refused:
            raise
        return service(**words, overridden=True)


def add_company(world: World, event: Event, by: User) -> None:
    """A company with a card that somebody can work with, of a site that nobody else has."""
    name = str(event.facts["name"])
    site = f"{''.join(char if char.isalnum() else '-' for char in name)}-{len(world.companies)}.example.com"
    company = persistent(
        event, companies.add, by=by, at=event.at, name=f"{name} {by.full_name}", domain=site, email=f"office@{site}", city="Kraków",
        country="Poland", industry="Trade",
    )  # fmt: skip
    world.put("companies", event.by, name, company)


def delete_company(world: World, event: Event, by: User) -> None:
    company = world.find("companies", event.by, event.facts["name"])
    companies.delete(company=company, by=by, at=event.at)


def log_call(world: World, event: Event, by: User) -> None:
    facts = event.facts
    source = facts.get("source", Source.MANUAL)
    with_note = facts.get("note", source == Source.MANUAL)
    activities.log(
        by=by,
        at=event.at,
        kind=ActivityKind.CALL,
        occurred_at=world.story.moment(facts["ended"]),
        contact=world.find("contacts", event.by, facts["contact"]) if facts.get("contact") else None,
        note="Talked it through." if with_note else "",
        seconds=facts.get("seconds"),
        source=source,
    )


def log_meeting(world: World, event: Event, by: User) -> None:
    """A meeting; an outcome in other words than the program's own is one that was agreed."""
    outcome = event.facts.get("outcome") or ""
    result = outcome if not outcome or outcome in ActivityResult.values else ActivityResult.AGREED
    activities.log(
        by=by,
        at=event.at,
        kind=ActivityKind.MEETING,
        occurred_at=world.story.moment(event.facts["ended"]),
        contact=world.find("contacts", event.by, event.facts["contact"]) if event.facts.get("contact") else None,
        result=result,
    )


def add_deal(world: World, event: Event, by: User) -> None:
    amount = event.facts.get("amount")
    minor = None if amount is None else int(amount) * 100
    deal = deals.add(by=by, at=event.at, title=str(event.facts["name"]), amount_minor=minor)
    world.put("deals", event.by, event.facts["name"], deal)


def win_deal(world: World, event: Event, by: User) -> None:
    deals.win(deal=world.find("deals", event.by, event.facts["name"]), by=by, at=event.at)


def lose_deal(world: World, event: Event, by: User) -> None:
    """With the usual reason, unless the story says another, or wants to see it refused."""
    reason = world.loss_reason if event.facts.get("reason", not event.refused) else None
    deals.lose(deal=world.find("deals", event.by, event.facts["name"]), reason=reason, by=by, at=event.at)


def reopen_deal(world: World, event: Event, by: User) -> None:
    deals.reopen(deal=world.find("deals", event.by, event.facts["name"]), by=by, at=event.at)


def give_deal(world: World, event: Event, by: User) -> None:
    deal = world.find("deals", event.by, event.facts["name"])
    deals.give(deal=deal, to=world.person(event.facts["to"]), by=by, at=event.at)


def add_task(world: World, event: Event, by: User) -> None:
    facts = event.facts
    task = tasks.add(
        by=by,
        at=event.at,
        title=str(facts["name"]),
        due=world.story.due(facts["due"]),
        kind=facts.get("kind", TaskKind.TODO),
        deal=world.find("deals", event.by, facts["deal"]) if facts.get("deal") else None,
    )
    world.put("tasks", event.by, facts["name"], task)


def done_task(world: World, event: Event, by: User) -> None:
    persistent(event, tasks.done, task=world.find("tasks", event.by, event.facts["name"]), by=by, at=event.at)


def move_task(world: World, event: Event, by: User) -> None:
    tasks.move(
        task=world.find("tasks", event.by, event.facts["name"]),
        due=world.story.due(event.facts["due"]),
        reason=event.facts.get("reason", ""),
        by=by,
        at=event.at,
    )


def give_task(world: World, event: Event, by: User) -> None:
    task = world.find("tasks", event.by, event.facts["name"])
    clean = bool(event.facts.get("clean"))
    tasks.give(task=task, to=world.person(event.facts["to"]), clean=clean, by=by, at=event.at)


def coordinating(world: World, by: User) -> User:
    """What the head of all teams decides is entered by the coordinator; anybody else acts for himself."""
    return world.admin if by == world.person("head") else by


def change_rule(world: World, event: Event, by: User) -> None:
    facts = dict(event.facts)
    schemes.change(scheme=world.scheme, code=facts.pop("rule"), by=coordinating(world, by), at=event.at, **facts)


def set_mode(world: World, event: Event, by: User) -> None:
    mode = event.facts["mode"]
    team = world.team(event.facts.get("team", "sales"))
    persistent(
        event,
        policies.set_policy,
        team=team,
        mode="off" if mode is False else mode,
        by=coordinating(world, by),
        at=event.at,
    )


def move_person(world: World, event: Event, by: User) -> None:
    """Another team from tomorrow on; hours and workdays stay."""
    user = world.person(event.facts["who"])
    team = world.team(event.facts.get("team") or event.facts["to"])
    plan = world.plans[user.full_name]
    tomorrow = local_day(event.at, user.zone) + timedelta(days=1)
    memberships.place(user=user, team=team, on=tomorrow, by=coordinating(world, by))
    assignments.assign(
        user=user, team=team, scheme=world.scheme, on=tomorrow, by=coordinating(world, by), workdays=plan.workdays,
        shift_start=plan.shift_start, shift_end=plan.shift_end, hired_on=plan.hired, at=event.at,
    )  # fmt: skip


def sign(world: World, event: Event, by: User) -> None:
    setting.sign(world, world.person(event.facts.get("who", event.by)), event.at)


def leave(world: World, event: Event, by: User) -> None:
    """Leave that a head enters; somebody's own is asked for, and granted at once."""
    facts = event.facts
    user = world.person(facts.get("who", event.by))
    asked: dict[str, Any] = {
        "user": user,
        "kind": facts["kind"] if facts.get("kind") in LeaveKind.values else LeaveKind.OTHER,
        "from_at": world.story.moment(facts["from"]),
        "until_at": world.story.moment(facts["to"]),
        "at": event.at,
    }
    if by != user:
        leaves.record(by=by, **asked)
        return
    leaves.decide(leave=leaves.ask(by=by, **asked), approve=True, by=world.person("head"), at=event.at)


def outage(world: World, event: Event, by: User) -> None:
    """What the head of all teams says was down, declared by the coordinator for everybody or for the team that is named."""
    facts = event.facts
    source = facts.get("source", OutageSource.EVERYTHING)
    outages.declare(
        source=SYSTEMS.get(source, source),
        from_at=world.story.moment(facts["from"]),
        until_at=world.story.moment(facts.get("to") or facts["until"]),
        reason=str(facts.get("reason", "It was down.")),
        team=world.team(facts["team"]) if facts.get("team") else None,
        by=coordinating(world, by),
        at=event.at,
    )


DEEDS: Mapping[str, tuple[Deed, frozenset[str]]] = {
    "add_company": (add_company, frozenset({"name"})),
    "delete_company": (delete_company, frozenset({"name"})),
    "log_call": (log_call, frozenset({"contact", "ended", "note", "source", "seconds", "name"})),
    "log_meeting": (log_meeting, frozenset({"contact", "ended", "outcome", "name"})),
    "add_deal": (add_deal, frozenset({"name", "amount"})),
    "win_deal": (win_deal, frozenset({"name"})),
    "lose_deal": (lose_deal, frozenset({"name", "reason"})),
    "reopen_deal": (reopen_deal, frozenset({"name"})),
    "give_deal": (give_deal, frozenset({"name", "to"})),
    "add_task": (add_task, frozenset({"name", "due", "kind", "deal"})),
    "done_task": (done_task, frozenset({"name"})),
    "move_task": (move_task, frozenset({"name", "due", "reason"})),
    "give_task": (give_task, frozenset({"name", "to", "clean"})),
    "change_rule": (change_rule, frozenset({"rule", "threshold", "points_met", "points_missed"})),
    "set_mode": (set_mode, frozenset({"team", "mode"})),
    "leave": (leave, frozenset({"who", "from", "to", "kind"})),
    "outage": (outage, frozenset({"source", "from", "to", "until", "team", "reason"})),
    "sign": (sign, frozenset({"who"})),
    "move_person": (move_person, frozenset({"who", "team", "to"})),
}
