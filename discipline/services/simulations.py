"""Simulations: asked for by the coordinator, worked out in steps by a job that may be killed, lost or run twice."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from discipline import ruleset
from discipline.models import SchemeVersion, Scorecard, Simulation
from discipline.ruleset import RuleSpec
from discipline.services import schemes
from discipline.simulator import Sums, play

log = logging.getLogger(__name__)

LEAST_DAYS, MOST_DAYS = 10, 90
DAYS_A_STEP = 5
MOST_ATTEMPTS = 3
Status = Simulation.Status


class NothingClosed(Refused):
    code = "nothing_closed"
    field = "team"
    message = gettext_lazy("No day is closed there yet. Choose another team, or wait for the first closed day.")


class BadSpan(Refused):
    code = "bad_span"
    field = "days"
    message = gettext_lazy("Choose from 10 to 90 days.")


@transaction.atomic
def ask(*, version: SchemeVersion, days: int, by: User, at: datetime, team: Team | None = None) -> Simulation:
    """Ask for a version to be played over the last closed days of a team with all below it, or of everybody.

    Fewer days are played where fewer are closed. Raises NothingClosed, BadSpan and what `ruleset.check` does.
    """
    ensure(by, Permission.RULES_EDIT)
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise BadSpan
    rules = schemes.specs(version)
    ruleset.check(rules)
    closed = list(_cards(team).order_by("-day").values_list("day", flat=True).distinct()[:days])
    if not closed:
        raise NothingClosed
    return Simulation.objects.create(
        version=version,
        team=team,
        first=closed[-1],
        last=closed[0],
        asked_by=by,
        asked_at=at,
        rules_hash=hash_of(rules),
    )


def run(*, simulation_id: int) -> bool:
    """Work on a simulation until it is done; whether it is. The third failure is final, and says why."""
    if not _begin(simulation_id):
        return False
    try:
        while step(simulation_id=simulation_id):
            pass
    except Exception as failure:
        log.exception("Simulation %s could not be worked out.", simulation_id)
        _stumble(simulation_id, failure)
        return False
    return True


@transaction.atomic
def step(*, simulation_id: int) -> bool:
    """Play the next days, and keep what came out; whether there is more to do. Two at once take turns: each finds the other's days done."""
    simulation = Simulation.objects.select_for_update(of=["self"]).select_related("version").get(pk=simulation_id)
    if simulation.status != Status.RUNNING:
        return False
    if hash_of(schemes.specs(simulation.version)) != simulation.rules_hash:
        return _end(simulation, Status.FAILED, _("The draft was changed while it was played. Start again."))
    sums = Sums(simulation.result)
    days = _days(simulation)
    waiting = [day for day in days if sums.upto is None or day > sums.upto]
    if not waiting:
        sums.price()
        simulation.result = sums.result()
        return _end(simulation, Status.DONE, "")
    cards = list(
        _span(simulation).filter(day__in=waiting[:DAYS_A_STEP]).select_related("version").order_by("day", "pk")
    )
    sums.add(play(simulation.version, cards))
    sums.add_lines(cards)
    simulation.result, simulation.done_days, simulation.attempts = sums.result(), len(sums.days), 0
    simulation.save(update_fields=["result", "done_days", "attempts"])
    return True


def unfinished() -> list[int]:
    """The simulations that still have to be worked on, the oldest first."""
    return list(
        Simulation.objects.filter(status__in=(Status.WAITING, Status.RUNNING))
        .order_by("asked_at", "pk")
        .values_list("pk", flat=True)
    )


def days_of(simulation: Simulation) -> int:
    """How many closed days a simulation plays."""
    return len(_days(simulation))


def hash_of(rules: list[RuleSpec]) -> str:
    """SHA-256 of a set of rules: the same rules give the same, however they came about."""
    facts = [{name: _plain(value) for name, value in rule.columns().items()} for rule in rules]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    return value if isinstance(value, dict | bool | str | int) else f"{value:.2f}"


@transaction.atomic
def _begin(simulation_id: int) -> bool:
    """Count the attempt before the work, so that one that kills its worker ends after the third; progress counts anew. Whoever
    finds another at work leaves it to him."""
    simulation = Simulation.objects.select_for_update(skip_locked=True).filter(pk=simulation_id).first()
    if simulation is None or simulation.status not in (Status.WAITING, Status.RUNNING):
        return False
    if simulation.attempts >= MOST_ATTEMPTS:
        return _end(simulation, Status.FAILED, simulation.error or _("It was broken off three times."))
    simulation.attempts += 1
    simulation.status = Status.RUNNING
    simulation.save(update_fields=["attempts", "status"])
    return True


@transaction.atomic
def _stumble(simulation_id: int, failure: Exception) -> None:
    simulation = Simulation.objects.select_for_update().get(pk=simulation_id)
    simulation.error = f"{type(failure).__name__}: {failure}"[:300]
    simulation.status = Status.FAILED if simulation.attempts >= MOST_ATTEMPTS else Status.WAITING
    simulation.save(update_fields=["error", "status"])


def _end(simulation: Simulation, status: str, error: str) -> bool:
    simulation.status, simulation.error = status, error
    simulation.save(update_fields=["status", "error", "result"])
    return False


def _days(simulation: Simulation) -> list[date]:
    return list(_span(simulation).order_by("day").values_list("day", flat=True).distinct())


def _span(simulation: Simulation) -> QuerySet[Scorecard]:
    return _cards(simulation.team).filter(day__range=(simulation.first, simulation.last))


def _cards(team: Team | None) -> QuerySet[Scorecard]:
    cards = Scorecard.objects.all()
    return cards if team is None else cards.filter(team__in=Team.objects.under(Team.objects.filter(pk=team.pk)))
