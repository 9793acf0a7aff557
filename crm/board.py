"""What the deal board shows: three statements, however many deals there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.deal_cards import card_of, with_step
from crm.models import Deal, DealStatus, Pipeline, Stage, StageColour

IN_A_LANE = 30
IN_A_WHOLE_LANE = 500
WON_DAYS = 30
WON = "won"
OVERDUE, BARE = "overdue", "bare"

Sums = Counter[str]
"""Minor units by currency."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: which funnel, whose deals, only those in need of something, which lane as a whole."""

    pipeline: int | None = None
    owner: int | None = None
    only: str = ""
    whole: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From the address; what makes no sense there is left out."""
        only = query.get("only", "")
        return cls(
            pipeline=_key(query.get("pipeline", "")),
            owner=_key(query.get("owner", "")),
            only=only if only in (OVERDUE, BARE) else "",
            whole=query.get("whole", ""),
        )

    def url(self, **changes: Any) -> str:
        """The address that asks the same with `changes`."""
        asked = {"pipeline": self.pipeline, "owner": self.owner, "only": self.only, "whole": self.whole, **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('crm:deal-board')}?{query}" if query else reverse("crm:deal-board")


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass
class Lane:
    """A column of the board; `stage_id` is "won" for the last one. `more` is the address that draws every card."""

    stage_id: str
    name: str
    colour: str
    probability: int
    cards: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    sums: Sums = field(default_factory=Counter)
    more: str = ""

    @property
    def sum(self) -> str:
        return money_of(self.sums, short=True)

    @property
    def weighted(self) -> Sums:
        return Counter({currency: minor * self.probability // 100 for currency, minor in self.sums.items()})

    @property
    def weighted_sum(self) -> str:
        """The amounts times the chance of the stage; nothing to say where it is certain."""
        return money_of(self.weighted, short=True) if self.stage_id != WON else ""


@dataclass
class Board:
    """The whole of it; the figures of the head follow the person chosen, not the exception."""

    asked: Asked
    pipelines: list[Pipeline]
    pipeline: Pipeline | None
    lanes: list[Lane]
    owners: list[tuple[int, str]]
    open: int = 0
    overdue: int = 0
    bare: int = 0
    sums: Sums = field(default_factory=Counter)
    weighted: Sums = field(default_factory=Counter)

    @property
    def total(self) -> str:
        return money_of(self.sums)

    @property
    def weighted_total(self) -> str:
        return money_of(self.weighted)

    @property
    def all_url(self) -> str:
        return self.asked.url(only="")

    @property
    def tallies(self) -> list[dict[str, Any]]:
        """What needs somebody, each a filter that a second click takes away."""
        known = (
            (
                OVERDUE,
                self.overdue,
                ngettext("overdue next step", "overdue next steps", self.overdue),
                "hourglass",
                "bad",
            ),
            (BARE, self.bare, _("without a next step"), "alert-triangle", "watch"),
        )
        return [
            {
                "count": count, "label": label, "icon": icon, "tone": tone, "current": only == self.asked.only,
                "href": self.asked.url(only="" if only == self.asked.only else only),
            }
            for only, count, label, icon, tone in known
        ]  # fmt: skip


def money_of(sums: Sums, *, short: bool = False) -> str:
    """Sums in their currencies, the largest first: "€180k", "€180k + 20k zł"."""
    shown = formats.money_short if short else formats.money
    listed = [(minor, currency) for currency, minor in sums.items() if minor]
    if not listed:
        return shown(0, next(iter(sums), "EUR"))
    return " + ".join(shown(minor, currency) for minor, currency in sorted(listed, reverse=True))


def read(user: User, asked: Asked, now: datetime, *, cards: bool = True) -> Board:
    """The board of a funnel as `user` may see it; without `cards` the figures alone."""
    stages = list(Stage.objects.select_related("pipeline"))
    pipelines = list({stage.pipeline_id: stage.pipeline for stage in stages}.values())
    chosen = next((one for one in pipelines if one.pk == asked.pipeline), pipelines[0] if pipelines else None)
    lanes = [_lane(stage) for stage in stages if stage.pipeline == chosen]
    board = Board(asked, pipelines, chosen, lanes, [])
    if chosen is not None:
        lanes.append(Lane(WON, won_label(), StageColour.GREEN, 100))
        _count(board, user, now)
        if cards:
            _fill(board, user, now)
    return board


def _lane(stage: Stage) -> Lane:
    return Lane(str(stage.pk), stage.name, stage.colour, stage.probability)


def _on_board(user: User, pipeline: Pipeline, now: datetime) -> QuerySet[Deal]:
    recent = Q(status=DealStatus.OPEN) | Q(status=DealStatus.WON, closed_at__gte=now - timedelta(days=WON_DAYS))
    return Deal.objects.visible_to(user).filter(recent, stage__pipeline=pipeline)


def _count(board: Board, user: User, now: datetime) -> None:
    """Counts and sums by lane, owner and need: small however many deals, and enough for every figure and the choice of people."""
    assert board.pipeline is not None
    need = Case(
        When(next_task_due__isnull=True, then=Value(BARE)),
        When(next_task_due__lt=now, then=Value(OVERDUE)),
        default=Value(""),
    )
    rows = list(
        _on_board(user, board.pipeline, now)
        .values("stage_id", "status", "owner_id", "owner__full_name", "currency", need=need)
        .annotate(count=Count("pk"), total=Sum("amount_minor"))
        .order_by()
    )
    board.owners = sorted(
        {(row["owner_id"], row["owner__full_name"]) for row in rows}, key=lambda one: (one[1], one[0])
    )
    of_whom = [row for row in rows if board.asked.owner in (None, row["owner_id"])]
    lanes = {lane.stage_id: lane for lane in board.lanes}
    for row in of_whom:
        _add(board, lanes[WON if row["status"] == DealStatus.WON else str(row["stage_id"])], row)
    for lane in board.lanes[:-1]:
        board.weighted.update(lane.weighted)


def _add(board: Board, lane: Lane, row: Mapping[str, Any]) -> None:
    is_open = row["status"] == DealStatus.OPEN
    if is_open:
        board.open += row["count"]
        board.sums[row["currency"]] += row["total"] or 0
        board.overdue += row["count"] if row["need"] == OVERDUE else 0
        board.bare += row["count"] if row["need"] == BARE else 0
    if not board.asked.only or (is_open and row["need"] == board.asked.only):
        lane.count += row["count"]
        lane.sums[row["currency"]] += row["total"] or 0


def _fill(board: Board, user: User, now: datetime) -> None:
    """The cards of every lane, each lane from its own index up to its limit, in one statement."""
    assert board.pipeline is not None
    deals = _wanted(_on_board(user, board.pipeline, now), board.asked, now)
    by_lane = {lane.stage_id: lane for lane in board.lanes}
    parts = []
    for lane in board.lanes:
        whole = board.asked.whole == lane.stage_id
        here = (
            deals.filter(status=DealStatus.WON).order_by("-closed_at", "-pk")
            if lane.stage_id == WON
            else deals.filter(status=DealStatus.OPEN, stage=int(lane.stage_id)).order_by("-changed_at", "-pk")
        )
        parts.append(with_step(here)[: IN_A_WHOLE_LANE if whole else IN_A_LANE])
    lanes = [(lane.stage_id, lane.name) for lane in board.lanes] if holds(user, Permission.DEAL_EDIT) else []
    for row in parts[0].union(*parts[1:], all=True):
        lane = by_lane[WON if row["status"] == DealStatus.WON else str(row["stage_id"])]
        lane.cards.append(card_of(row, lanes, now))
    for lane in board.lanes:
        lane.more = board.asked.url(whole=lane.stage_id) if len(lane.cards) == IN_A_LANE < lane.count else ""


def _wanted(deals: QuerySet[Deal], asked: Asked, now: datetime) -> QuerySet[Deal]:
    if asked.owner is not None:
        deals = deals.filter(owner=asked.owner)
    if asked.only == OVERDUE:
        return deals.filter(status=DealStatus.OPEN, next_task_due__lt=now)
    if asked.only == BARE:
        return deals.filter(status=DealStatus.OPEN, next_task_due__isnull=True)
    return deals


def one_card(user: User, deal: Deal, now: datetime) -> dict[str, Any]:
    """The card of a deal as it is now, with lanes to move it to."""
    stages = Stage.objects.filter(pipeline=deal.stage.pipeline_id)
    row = with_step(Deal.objects.visible_to(user).filter(pk=deal.pk)).get()
    return card_of(row, [*((str(stage.pk), stage.name) for stage in stages), (WON, won_label())], now)


def won_label() -> str:
    return _("Won · %(days)s days") % {"days": WON_DAYS}
