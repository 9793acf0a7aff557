"""Corrections and appeals as pages show them: on their card, and as the history of everybody whom the reader sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.reach import people_of
from accounts.together import together
from crm.when import local_day
from discipline import words
from discipline.models import Adjustment, AdjustmentKind, AdjustmentStatus, Appeal, AppealStatus, Scorecard, ScoreLine
from discipline.services import appeals

SIZE = 50
MONTHS = 12
STATES = {
    AdjustmentStatus.PROPOSED: "pending",
    AdjustmentStatus.SIGNING: "pending",
    AdjustmentStatus.APPROVED: "met",
    AdjustmentStatus.REFUSED: "missed",
    AppealStatus.OPEN: "pending",
    AppealStatus.ACCEPTED: "met",
}
SAID = {
    AdjustmentKind.LATE_CALLS: gettext_lazy("What telephony brought after the day was closed counts as well."),
    AdjustmentKind.LATE_LEAVE: gettext_lazy("The absence was approved after the day was closed."),
    AdjustmentKind.LATE_OUTAGE: gettext_lazy("The outage was declared after the day was closed."),
    AdjustmentKind.COMPANY_DELETED: gettext_lazy("A company that had counted was deleted within 30 days."),
    AdjustmentKind.WIN_REOPENED: gettext_lazy("A win that had counted was opened again within 30 days."),
}
"""Why the program proposes something, in a sentence."""
ABOUT = ("user", "card", "line__rule", "proposed_by", "decided_by", "signed_by")
APPEALED = ("user", "line__card", "line__rule", "decided_by", "adjustment__signed_by")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One correction or appeal: whose day and rule, why, the points that it is about, how it stands and who said so."""

    user: User
    card_id: int
    day: str
    rule: str
    cause: str
    text: str
    delta: int | None
    state: str
    word: str
    answer: str
    said_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the history is narrowed to; what nobody could have meant is left out."""

    user: int | None = None
    month: date | None = None
    after: tuple[datetime, str, int] | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        user = query.get("user", "")
        return cls(
            user=int(user) if _is_key(user) else None,
            month=_month(query.get("month", "")),
            after=_cursor(query.get("after", "")),
        )

    def address(self, after: str = "") -> str:
        """The address of this history, from a row on."""
        words = {"user": self.user, "month": f"{self.month:%Y-%m}" if self.month else "", "after": after}
        return f"{reverse('discipline:correction-list')}?{urlencode({k: v for k, v in words.items() if v})}"

    @property
    def narrows(self) -> bool:
        return self.user is not None or self.month is not None

    def narrow(self, rows: QuerySet[Any], noun: str, day: str) -> QuerySet[Any]:
        """The rows of one noun that were asked for; `day` is the lookup of the card's day."""
        if self.user is not None:
            rows = rows.filter(user=self.user)
        if self.month is not None:
            rows = rows.filter(**{f"{day}__gte": self.month, f"{day}__lt": _next_month(self.month)})
        if self.after:
            at, last_noun, pk = self.after
            same = Q(recorded_at=at) & (Q(pk__lt=pk) if noun == last_noun else Q() if noun < last_noun else Q(pk=None))
            rows = rows.filter(Q(recorded_at__lt=at) | same)
        return rows


def read(reader: Any, asked: Asked) -> tuple[list[Row], str]:
    """One page of the history, newest first, and the address of the next one (empty on the last): three statements."""
    keys = [
        asked.narrow(rows, noun, day).order_by().annotate(noun=Value(noun, output_field=CharField()))
        .values_list("recorded_at", "noun", "pk")
        for noun, rows, day in (
            ("adjustment", Adjustment.objects.visible_to(reader).exclude(kind=AdjustmentKind.APPEAL), "card__day"),
            ("appeal", Appeal.objects.visible_to(reader), "line__card__day"),
        )
    ]  # fmt: skip
    found = list(keys[0].union(keys[1], all=True).order_by("-recorded_at", "-noun", "-pk")[: SIZE + 1])
    shown = found[:SIZE]
    adjustments = Adjustment.objects.select_related(*ABOUT).in_bulk([pk for _at, noun, pk in shown if noun != "appeal"])
    opened = Appeal.objects.select_related(*APPEALED).in_bulk([pk for _at, noun, pk in shown if noun == "appeal"])
    rows = [of_appeal(opened[pk]) if noun == "appeal" else of_adjustment(adjustments[pk]) for _at, noun, pk in shown]
    if len(found) <= SIZE:
        return rows, ""
    at, noun, pk = shown[-1]
    return rows, asked.address(f"{at.isoformat()},{noun},{pk}")


def of_card(card: Scorecard, reader: Any) -> list[Row]:
    """All corrections of one card and the appeals against its lines, the oldest first: one statement."""
    return in_order(*together(*about(card, reader)))


def about(card: Scorecard, reader: Any) -> tuple[QuerySet[Adjustment], QuerySet[Appeal]]:
    """The corrections of one card, and the appeals against its lines, that the reader sees."""
    moved = Adjustment.objects.visible_to(reader).filter(card=card).exclude(kind=AdjustmentKind.APPEAL)
    said = Appeal.objects.visible_to(reader).filter(line__card=card)
    return moved.select_related(*ABOUT), said.select_related(*APPEALED)


def in_order(moved: Iterable[Adjustment], said: Iterable[Appeal]) -> list[Row]:
    """Corrections and appeals as rows, the oldest first."""
    rows = [*(of_adjustment(one) for one in moved), *(of_appeal(one) for one in said)]
    return sorted(rows, key=lambda row: row.at)


def appeals_until(card: Scorecard, reader: Any, now: datetime) -> date | None:
    """Until when the reader may appeal against lines of this card; None when it is not his, or when that is over."""
    if card.user_id != reader.pk or not holds(reader, Permission.APPEAL_ADD):
        return None
    today = local_day(now, card.zone)
    if today - card.day > timedelta(days=appeals.AT_MOST_DAYS):
        return None
    last = appeals.last_day(card)
    return last if today <= last else None


def of_adjustment(one: Adjustment) -> Row:
    """A correction, read with what it is about."""
    cause = str(one.get_kind_display())
    said_by = one.signed_by or one.decided_by
    return Row(
        user=one.user,
        card_id=one.card_id,
        day=formats.day(one.card.day, timezone.localdate()),
        rule=rule_of(one.line),
        cause=cause[:1].upper() + cause[1:],
        text=one.text or said(one),
        delta=one.delta,
        state=STATES[AdjustmentStatus(one.status)],
        word=_sentence_case(one.get_status_display()),
        answer="" if one.decision == one.text else one.decision,
        said_by=said_by.full_name if said_by else "",
        at=one.recorded_at,
    )


def of_appeal(one: Appeal) -> Row:
    """An appeal with what came of it."""
    moved = one.adjustment
    waits = moved is not None and moved.status == AdjustmentStatus.SIGNING
    refused_by_owner = moved is not None and moved.status == AdjustmentStatus.REFUSED
    state = "pending" if waits else "missed" if one.status == AppealStatus.REFUSED else STATES[AppealStatus(one.status)]
    said_by = moved.signed_by if moved is not None and refused_by_owner else one.decided_by
    return Row(
        user=one.user,
        card_id=one.line.card_id,
        day=formats.day(one.line.card.day, timezone.localdate()),
        rule=rule_of(one.line),
        cause=_("Appeal"),
        text=one.text,
        delta=moved.delta if moved else None,
        state=state,
        word=_sentence_case(moved.get_status_display() if moved is not None and waits else one.get_status_display()),
        answer=moved.decision if moved is not None and refused_by_owner else one.answer,
        said_by=said_by.full_name if said_by else "",
        at=one.recorded_at,
    )


def said(one: Adjustment) -> str:
    """The sentence for a correction that the program proposed."""
    return str(SAID.get(AdjustmentKind(one.kind), ""))


def rule_of(line: ScoreLine | None) -> str:
    """The rule that something is about, by its name."""
    return _("The whole day") if line is None else line.rule.label or words.label(line.metric)


def people_for(reader: Any) -> list[User]:
    """Whom a reader may choose from; nobody for somebody who sees only his own."""
    return [] if reader.role == Role.MANAGER else list(people_of(reader).active().by_name())


def months(today: date) -> Iterable[date]:
    """The first days of the last months, this one first."""
    first = today.replace(day=1)
    for back in range(MONTHS):
        months = first.year * 12 + first.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1)


def _sentence_case(word: Any) -> str:
    text = str(word)
    return text[:1].upper() + text[1:]


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _cursor(text: str) -> tuple[datetime, str, int] | None:
    at, _comma, rest = text.partition(",")
    noun, _comma, key = rest.partition(",")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, noun, int(key)) if moment.tzinfo and noun in ("adjustment", "appeal") and _is_key(key) else None
