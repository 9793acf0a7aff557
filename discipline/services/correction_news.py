"""Who is told about corrections and appeals: the person always, whoever leads him when he is to decide, the owners when they sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership, Role, Team, User
from discipline import words
from discipline.models import Adjustment, Appeal, Scorecard, ScoreLine
from notifications.services import messages

STEP = 7
"""Characters of a team's path for each level of the tree."""


def proposed(adjustment: Adjustment, *, at: datetime) -> None:
    """The program proposes a correction: the person knows, and whoever leads him finds it among what waits."""
    url = reverse("discipline:correction-list")
    for reader in (*leads(adjustment.user, at=at), adjustment.user):
        own = reader == adjustment.user
        context = _about(adjustment.card, adjustment.line, reader) | _of(adjustment) | {"own": own}
        messages.tell(
            recipient=reader, kind="adjustment_proposed", key=f"adjustment:{adjustment.pk}:proposed", at=at, context=context,
            url=_card(adjustment.card) if own else url, email=False,
        )  # fmt: skip


def to_sign(adjustment: Adjustment, *, at: datetime) -> None:
    """A correction waits for an owner's signature."""
    for owner in _owners(adjustment.user):
        context = _about(adjustment.card, adjustment.line, owner) | _of(adjustment)
        messages.tell(
            recipient=owner, kind="adjustment_signing", key=f"adjustment:{adjustment.pk}:signing", at=at, context=context,
            url=reverse("discipline:correction-list"),
        )  # fmt: skip


def decided(adjustment: Adjustment, *, at: datetime) -> None:
    """What became of a correction: told to the person, and to whoever else had proposed it."""
    readers = {adjustment.user, *([adjustment.proposed_by] if adjustment.proposed_by else [])}
    for reader in sorted(readers, key=lambda one: one.pk):
        own = reader == adjustment.user
        context = _about(adjustment.card, adjustment.line, reader) | _of(adjustment) | {"own": own}
        messages.tell(
            recipient=reader, kind="adjustment_decided", key=f"adjustment:{adjustment.pk}:decided", at=at, context=context,
            url=_card(adjustment.card),
        )  # fmt: skip


def appeal_opened(appeal: Appeal, *, at: datetime) -> None:
    """An appeal waits for whoever leads the person."""
    for reader in leads(appeal.user, at=at):
        context = _about(appeal.line.card, appeal.line, reader) | {"text": appeal.text}
        messages.tell(
            recipient=reader, kind="appeal_opened", key=f"appeal:{appeal.pk}:opened", at=at, context=context,
            url=reverse("discipline:correction-list"),
        )  # fmt: skip


def appeal_decided(appeal: Appeal, *, at: datetime) -> None:
    """The answer to an appeal, for the person."""
    adjustment = appeal.adjustment
    context = _about(appeal.line.card, appeal.line, appeal.user) | {
        "accepted": appeal.status == "accepted",
        "answer": appeal.answer,
        "delta": adjustment.delta if adjustment else 0,
        "signing": adjustment is not None and adjustment.status == "signing",
    }
    messages.tell(
        recipient=appeal.user, kind="appeal_decided", key=f"appeal:{appeal.pk}:decided", at=at, context=context,
        url=_card(appeal.line.card),
    )  # fmt: skip


def leads(person: User, *, at: datetime) -> list[User]:
    """Who decides for a person: the nearest head above him in the tree, but not himself; the owners where there is none."""
    day = timezone.localdate(at)
    path = Membership.objects.on(day).filter(user=person).values_list("team__path", flat=True).first() or ""
    above = [path[: n * STEP] for n in range(1, len(path) // STEP + 1)]
    teams = Team.objects.filter(path__in=above, head__is_active=True).exclude(head=person).select_related("head")
    nearest = teams.order_by("-path").first()
    return [nearest.head] if nearest is not None and nearest.head is not None else _owners(person)


def _owners(person: User) -> list[User]:
    return list(User.objects.active().filter(role=Role.OWNER).exclude(pk=person.pk).order_by("pk"))


def _card(card: Scorecard) -> str:
    return reverse("discipline:card", args=[card.pk])


def _about(card: Scorecard, line: ScoreLine | None, reader: User) -> dict[str, Any]:
    """Whose day it is, and the rule by its name in the reader's language."""
    with translation.override(reader.language):
        rule = "" if line is None else line.rule.label or words.label(line.metric)
    return {"who": card.user.full_name, "day": card.day.isoformat(), "rule": rule}


def _of(adjustment: Adjustment) -> dict[str, Any]:
    return {
        "delta": adjustment.delta,
        "cause": adjustment.kind,
        "text": adjustment.text,
        "status": adjustment.status,
        "decision": adjustment.decision,
    }
