"""How the control itself is doing: what was not closed, what did not come out the same, who has not signed, who does not review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from discipline.models import (
    Assignment,
    CardReview,
    ClosingAttempt,
    Finding,
    Heartbeat,
    LedgerHead,
    SchemeVersion,
    Scorecard,
    SignOff,
    TeamDay,
    Verification,
)
from discipline.services import attempts, heartbeats, planner

LOOKED_BACK = timedelta(days=14)
MOST = 50


class Upkeep:
    """The state of the control system at `now`; each part is read when it is drawn."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today: date = now.date()

    @cached_property
    def beats(self) -> list[dict[str, Any]]:
        """The jobs of the timetable: when each last ran, and whether that is too long ago."""
        silent = heartbeats.silent(now=self.now)
        last = dict(Heartbeat.objects.values_list("name", "beaten_at"))
        return [
            {"label": label, "at": last.get(name), "silent": name in silent}
            for name, label in heartbeats.LABELS.items()
        ]

    @cached_property
    def attempts(self) -> list[ClosingAttempt]:
        """Days that were tried and are not closed, the dead first."""
        return list(ClosingAttempt.objects.select_related("team").order_by("dead_at", "day", "team__path")[:MOST])

    @cached_property
    def waiting(self) -> int:
        """Days whose horizon has passed and that are not closed."""
        return len(planner.missing(now=self.now))

    @cached_property
    def dead(self) -> int:
        return sum(one.dead_at is not None for one in self.attempts)

    @cached_property
    def last_closed(self) -> TeamDay | None:
        return TeamDay.objects.filter(cards__gt=0).select_related("team").order_by("-closed_at").first()

    @cached_property
    def verification(self) -> Verification | None:
        """The last night's look back."""
        return Verification.objects.first()

    @cached_property
    def findings(self) -> list[Finding]:
        """Cards that came out differently in the last fortnight."""
        recent = Finding.objects.filter(verification__ran_at__gte=self.now - LOOKED_BACK)
        return list(recent.select_related("card__user", "verification").order_by("-verification", "card")[:MOST])

    @cached_property
    def head(self) -> LedgerHead | None:
        """The ledger's end as it was last sent out."""
        return LedgerHead.objects.first()

    @cached_property
    def unsigned(self) -> list[User]:
        """Scored people who have not signed the rules in force or to come."""
        newest = SchemeVersion.objects.filter(scheme=OuterRef("scheme"), published_at__isnull=False).order_by("-number")
        signed = SignOff.objects.filter(user=OuterRef("user"), version=OuterRef("newest"))
        rows = Assignment.objects.on(self.today).filter(user__is_active=True).annotate(newest=newest.values("pk")[:1])
        missing = rows.filter(~Exists(signed), newest__isnull=False)
        return list(User.objects.filter(pk__in=missing.values("user")).order_by("full_name")[:MOST])

    @cached_property
    def reviews(self) -> list[dict[str, Any]]:
        """Per team with a head: how many of the last fortnight's cards he has reviewed."""
        reviewed = CardReview.objects.filter(card=OuterRef("pk"), reviewer=OuterRef("team__head"))
        cards = Scorecard.objects.filter(day__gte=self.today - LOOKED_BACK, team__head__isnull=False)
        rows: QuerySet[Any, Any] = (
            cards.annotate(seen=Exists(reviewed))
            .values("team__name", "team__head__full_name")
            .annotate(cards=Count("pk"), seen_cards=Count("pk", filter=Q(seen=True)))
            .order_by("team__name")
        )
        return [{**row, "percent": round(100 * row["seen_cards"] / row["cards"])} for row in rows]

    @property
    def well(self) -> bool:
        """Whether nothing needs anybody."""
        whole = self.verification is None or self.verification.chain_whole
        silent = any(beat["silent"] for beat in self.beats)
        return whole and not (silent or self.dead or self.findings)

    @property
    def most_attempts(self) -> int:
        return attempts.MOST
