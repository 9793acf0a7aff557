"""Settlements as their pages show them: the list, and one with its people, sums and steps. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.formats import date_format

from accounts import formats
from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import can
from discipline.models import Adjustment, Appeal, EntryKind, LedgerEntry, Settlement, SettlementLine, SettlementStatus
from discipline.services import settlements

SIZE = 50
PEOPLE = 200
STATEMENTS = 60
WAY = (SettlementStatus.DRAFT, SettlementStatus.REVIEWED, SettlementStatus.APPROVED, SettlementStatus.EXPORTED)
STATES = {
    SettlementStatus.DRAFT: "pending",
    SettlementStatus.REVIEWED: "running",
    SettlementStatus.APPROVED: "done",
    SettlementStatus.EXPORTED: "done",
}
"""How far a settlement is, as the page's components know it."""


def span(settlement: Settlement) -> str:
    """ "1 Oct – 31 Oct 2026" """
    return f"{date_format(settlement.first, 'j M')} – {date_format(settlement.last, 'j M Y')}"


def read_list(user: User, after: str) -> tuple[list[dict[str, Any]], str]:
    """Settlements that somebody may see, newest first, and the address of the next page: two statements, three further on."""
    rows = Settlement.objects.visible_to(user).select_related("team").order_by("-last", "-pk")
    mark = Settlement.objects.filter(pk=int(after)).first() if _key(after) else None
    if mark is not None:
        rows = rows.filter(Q(last__lt=mark.last) | Q(last=mark.last, pk__lt=mark.pk))
    found = list(rows[: SIZE + 1])
    shown = found[:SIZE]
    sums = _sums(SettlementLine.objects.filter(settlement__in=[one.pk for one in shown]))
    drawn = [
        {"settlement": one, "span": span(one), "state": STATES[SettlementStatus(one.status)], **sums.get(one.pk, {})}
        for one in shown
    ]
    return drawn, _address(reverse("discipline:settlement-list"), shown[-1].pk if len(found) > SIZE else None)


def statements_for(user: User) -> list[dict[str, Any]]:
    """The last statements of who is paid by points, and for a head those of his people: one statement."""
    if user.role not in (Role.MANAGER, Role.HEAD):
        return []
    rows = SettlementLine.objects.visible_to(user).select_related("settlement", "user")
    return [
        {"line": line, "span": span(line.settlement), "state": STATES[SettlementStatus(line.settlement.status)], "own": line.user_id == user.pk}
        for line in rows.order_by("-settlement__last", "user__full_name", "pk")[:STATEMENTS]
    ]  # fmt: skip


class SettlementPage:
    """One settlement, which was found with its team, for a reader."""

    def __init__(self, settlement: Settlement, user: User, after: str = "") -> None:
        self.settlement, self.user = settlement, user
        self.mark = int(after) if _key(after) else None

    @property
    def span(self) -> str:
        return span(self.settlement)

    @property
    def way(self) -> list[dict[str, Any]]:
        """The steps from draft to exported, as components/steps.html draws them."""
        at = WAY.index(SettlementStatus(self.settlement.status))
        done = at + 1 if self.settlement.status == SettlementStatus.EXPORTED else at
        return [
            {"label": str(one.label).capitalize(), "state": "done" if n < done else "current" if n == at else ""}
            for n, one in enumerate(WAY)
        ]

    @cached_property
    def sums(self) -> dict[str, Any]:
        """People, points and money of the whole settlement."""
        return _sums(self.settlement.lines.all()).get(self.settlement.pk, {})

    @cached_property
    def _found(self) -> list[SettlementLine]:
        rows = self.settlement.lines.select_related("user", "team").order_by("user__full_name", "pk")
        mark = self.settlement.lines.select_related("user").filter(pk=self.mark).first() if self.mark else None
        if mark is not None:
            name = mark.user.full_name
            rows = rows.filter(Q(user__full_name__gt=name) | Q(user__full_name=name, pk__gt=mark.pk))
        return list(rows[: PEOPLE + 1])

    @property
    def lines(self) -> list[SettlementLine]:
        return self._found[:PEOPLE]

    @property
    def following(self) -> str:
        more = self.lines[-1].pk if len(self._found) > PEOPLE else None
        return _address(reverse("discipline:settlement", args=[self.settlement.pk]), more)

    @cached_property
    def steps(self) -> list[Any]:
        return list(self.settlement.steps.select_related("by"))

    @cached_property
    def came_since(self) -> int:
        """Entries of its people and days that came after the draft was worked out."""
        if self.settlement.status not in (SettlementStatus.DRAFT, SettlementStatus.REVIEWED):
            return 0
        entries = LedgerEntry.objects.filter(user__in=self._people, day__lte=self.settlement.last, settled__isnull=True)
        return entries.exclude(kind=EntryKind.SETTLEMENT).count()

    @cached_property
    def undecided(self) -> int:
        """Appeals and corrections of its people and days that nobody has decided: they would go to the next settlement."""
        if self.settlement.status not in (SettlementStatus.DRAFT, SettlementStatus.REVIEWED):
            return 0
        last = self.settlement.last
        appeals = Appeal.objects.open().filter(user__in=self._people, line__card__day__lte=last)
        corrections = Adjustment.objects.open().filter(user__in=self._people, card__day__lte=last)
        return appeals.count() + corrections.count()

    @property
    def _people(self) -> QuerySet[Any, Any]:
        return self.settlement.lines.values("user")

    # --- what the reader may do with it now ---

    @property
    def may_edit(self) -> bool:
        return self.settlement.status == SettlementStatus.DRAFT and can(self.user, Permission.SETTLEMENT_EDIT)

    @property
    def may_approve(self) -> bool:
        return self.settlement.status == SettlementStatus.REVIEWED and can(self.user, Permission.SETTLEMENT_APPROVE)

    @property
    def may_send_back(self) -> bool:
        return self.settlement.status == SettlementStatus.REVIEWED and settlements.in_charge(self.user)

    @property
    def may_export(self) -> bool:
        return self.settlement.status in WAY[2:] and settlements.in_charge(self.user)


def _sums(lines: QuerySet[SettlementLine]) -> dict[int, dict[str, Any]]:
    """People, points and money (of several currencies where there are) by settlement: one statement."""
    rows = lines.order_by().values("settlement_id", "currency").annotate(
        people=Count("pk"), total=Sum("points"), paid=Sum("amount_minor", filter=Q(amount_minor__gt=0)),
        reduced=Sum("amount_minor", filter=Q(amount_minor__lt=0)),
    )  # fmt: skip
    sums: dict[int, dict[str, Any]] = {}
    for row in rows:
        one = sums.setdefault(row["settlement_id"], {"people": 0, "points": 0, "paid": Counter(), "reduced": Counter()})
        one["people"] += row["people"]
        one["points"] += row["total"]
        one["paid"][row["currency"]] += row["paid"] or 0
        one["reduced"][row["currency"]] += -(row["reduced"] or 0)
    return {pk: {**one, "paid": _money(one["paid"]), "reduced": _money(one["reduced"])} for pk, one in sums.items()}


def _money(amounts: Counter[str]) -> str:
    shown: Iterable[str] = (formats.money(amount, currency) for currency, amount in sorted(amounts.items()) if amount)
    return " + ".join(shown) or formats.money(0, next(iter(amounts), "EUR"))


def _address(url: str, after: int | None) -> str:
    return f"{url}?{urlencode({'after': after})}" if after else ""


def _key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
