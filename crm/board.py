"""What the deal board shows: three statements, however many deals there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import Membership, Role, Team, User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.reach import people_of
from accounts.together import together
from crm import segments
from crm.board_asked import BARE, COLD, OVERDUE, PERIODS, Asked, closing, cold, found_by, local_day, needing
from crm.deal_cards import KNOWN_TO_A_BOARD, WON, card_of, with_step
from crm.models import Deal, DealStatus, Pipeline, Segment, Share, Stage, StageColour
from crm.policy import remember_shares

IN_A_LANE = 30
IN_A_WHOLE_LANE = 500
WON_DAYS = 30

Sums = Counter[str]
"""Minor units by currency."""


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
        return Counter(
            {currency: _whole(minor * self.probability // 100, currency) for currency, minor in self.sums.items()}
        )

    @property
    def weighted_sum(self) -> str:
        """The amounts times the chance of the stage; nothing to say where it is certain."""
        return money_of(self.weighted, short=True) if self.stage_id != WON else ""


@dataclass
class Choices:
    """What the filters offer; `owner` is the person chosen, who may have no deal here."""

    pipelines: list[Pipeline] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)
    teams: list[dict[str, Any]] = field(default_factory=list)
    segments: list[dict[str, Any]] = field(default_factory=list)
    owner: list[dict[str, Any]] = field(default_factory=list)
    reach: Q = field(default_factory=Q)
    """The same people and shares that the policy names, by their keys: so that lanes are read from the index of their owners."""

    @property
    def periods(self) -> list[tuple[str, Any]]:
        return list(PERIODS.items())


@dataclass
class Board:
    """The whole of it; the figures of the head follow the filters, not the exception."""

    asked: Asked
    choices: Choices
    pipeline: Pipeline | None
    stages: list[Stage]
    lanes: list[Lane]
    open: int = 0
    overdue: int = 0
    bare: int = 0
    cold: int = 0
    sums: Sums = field(default_factory=Counter)
    weighted: Sums = field(default_factory=Counter)
    moves: bool = False
    """Whether the person may move deals at all."""

    @property
    def total(self) -> str:
        return money_of(self.sums)

    @property
    def weighted_total(self) -> str:
        return money_of(self.weighted)

    @property
    def url(self) -> str:
        return self.asked.url()

    @property
    def all_url(self) -> str:
        return Asked(pipeline=self.asked.pipeline).url()

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The filters that are on, each with the address that takes it off."""
        asked, choices = self.asked, self.choices
        named = {
            "owner": next((name for pk, name in choices.owners if pk == asked.owner), ""),
            "team": _name(choices.teams, asked.team),
            "segment": _name(choices.segments, asked.segment),
            "close": str(PERIODS.get(asked.close, "")),
            "q": asked.q,
        }
        return [{"label": label, "off": asked.url(**{name: ""})} for name, label in named.items() if label]

    @property
    def tallies(self) -> list[dict[str, Any]]:
        """What needs somebody, each a filter that a second click takes away."""
        overdue = ngettext("overdue next step", "overdue next steps", self.overdue)
        known = (
            (OVERDUE, self.overdue, overdue, "hourglass", "bad"),
            (BARE, self.bare, _("without a next step"), "alert-triangle", "watch"),
            (COLD, self.cold, _("gone cold"), "snowflake", "info"),
        )
        return [
            {
                "count": count, "label": label, "icon": icon, "tone": tone, "current": only == self.asked.only,
                "href": self.asked.url(only="" if only == self.asked.only else only),
            }
            for only, count, label, icon, tone in known
        ]  # fmt: skip


def _whole(minor: int, currency: str) -> int:
    """Without cents: what is weighted by a chance is not known to the cent."""
    return minor if currency in formats.NO_MINOR_UNITS else minor // 100 * 100


def _name(rows: list[dict[str, Any]], key: int | None) -> str:
    return next((row["name"] for row in rows if row["pk"] == key), "")


def money_of(sums: Sums, *, short: bool = False) -> str:
    """Sums in their currencies, the largest first: "€180k", "€180k + 20k zł"."""
    shown = formats.money_short if short else formats.money
    listed = [(minor, currency) for currency, minor in sums.items() if minor]
    if not listed:
        return shown(0, next(iter(sums), "EUR"))
    return " + ".join(shown(minor, currency) for minor, currency in sorted(listed, reverse=True))


def read(user: User, asked: Asked, now: datetime, *, cards: bool = True) -> Board:
    """The board of a funnel as `user` may see it; without `cards` the figures alone."""
    stages, choices = _offered(user, asked)
    pipelines = choices.pipelines
    chosen = next((one for one in pipelines if one.pk == asked.pipeline), pipelines[0] if pipelines else None)
    stages = [stage for stage in stages if chosen is not None and stage.pipeline_id == chosen.pk]
    lanes = [Lane(str(stage.pk), stage.name, stage.colour, stage.probability) for stage in stages]
    board = Board(asked, choices, chosen, stages, lanes, moves=holds(user, Permission.DEAL_EDIT))
    if chosen is not None:
        lanes.append(Lane(WON, won_label(), StageColour.GREEN, 100))
        deals = _wanted(board, user, now)
        _count(board, deals, now)
        if cards:
            _fill(board, deals, now)
    return board


def _offered(user: User, asked: Asked) -> tuple[list[Stage], Choices]:
    """All stages, and what the filters offer to this person, in one statement."""
    alone = user.role == Role.MANAGER
    rows = together(
        Stage.objects.all(),
        Pipeline.objects.filter(stages__isnull=False).distinct(),
        Team.objects.none() if alone else Team.objects.visible_to(user).in_order().values("pk", "name", "path"),
        Segment.objects.visible_to(user).values("pk", "name", "conditions"),
        User.objects.visible_to(user).filter(pk=asked.owner).values("pk", "full_name"),
        people_of(user).values("pk") if user.role == Role.HEAD else User.objects.none().values("pk"),
        Share.objects.filter(user=user.pk, deal__isnull=False).values("deal"),
    )
    stages, pipelines, teams, kept, owner, people, shared = rows
    remember_shares(user, deal=[row["deal"] for row in shared])
    return stages, Choices(
        pipelines=pipelines, teams=teams if len(teams) > 1 else [], segments=kept, owner=owner,
        reach=_reach(user, [row["pk"] for row in people], [row["deal"] for row in shared]),
    )  # fmt: skip


def _reach(user: User, people: list[int], shared: list[int]) -> Q:
    if user.role not in (Role.MANAGER, Role.HEAD):
        return Q()
    own = Q(owner=user.pk) if user.role == Role.MANAGER else Q(owner__in=people)
    return own | Q(pk__in=shared) if shared else own


def _wanted(board: Board, user: User, now: datetime) -> QuerySet[Deal]:
    """The deals of the funnel that the filters leave, but for the person and the exception."""
    asked, choices = board.asked, board.choices
    deals = Deal.objects.visible_to(user).filter(choices.reach)
    deals = deals.filter(found_by(asked), closing(asked.close, local_day(now)))
    team = next((row for row in choices.teams if row["pk"] == asked.team), None)
    if team is not None:
        members = Membership.objects.on(local_day(now)).filter(team__path__startswith=team["path"])
        deals = deals.filter(owner__in=members.values("user"))
    segment = next((row for row in choices.segments if row["pk"] == asked.segment), None)
    if segment is not None:
        deals = deals.filter(company__in=segments.companies_of(segment["conditions"], user=user, at=now).values("pk"))
    return deals


def _count(board: Board, deals: QuerySet[Deal], now: datetime) -> None:
    """Counts and sums by lane, owner and need: small however many deals, and enough for every figure and the choice of people."""
    need = Case(
        When(next_task_due__isnull=True, then=Value(BARE)),
        When(next_task_due__lt=now, then=Value(OVERDUE)),
        default=Value(""),
    )
    is_cold = Case(When(cold(board.stages, now), then=Value(1)), default=Value(0))
    recent = Q(status=DealStatus.OPEN) | Q(status=DealStatus.WON, closed_at__gte=now - timedelta(days=WON_DAYS))
    deals = deals.filter(recent, stage__in=[stage.pk for stage in board.stages])
    rows = list(
        deals.values("stage_id", "status", "owner_id", "owner__full_name", "currency", need=need, cold=is_cold)
        .annotate(count=Count("pk"), total=Sum("amount_minor"))
        .order_by()
    )
    people = {(row["owner_id"], row["owner__full_name"]) for row in rows}
    people |= {(row["pk"], row["full_name"]) for row in board.choices.owner}
    board.choices.owners = sorted(people, key=lambda one: (one[1], one[0]))
    lanes = {lane.stage_id: lane for lane in board.lanes}
    for row in rows:
        if board.asked.owner in (None, row["owner_id"]):
            _add(board, lanes[WON if row["status"] == DealStatus.WON else str(row["stage_id"])], row)
    for lane in board.lanes[:-1]:
        board.weighted.update(lane.weighted)


def _add(board: Board, lane: Lane, row: Mapping[str, Any]) -> None:
    is_open, count = row["status"] == DealStatus.OPEN, row["count"]
    needs = {OVERDUE: row["need"] == OVERDUE, BARE: row["need"] == BARE, COLD: bool(row["cold"])}
    if is_open:
        board.open += count
        board.sums[row["currency"]] += row["total"] or 0
        board.overdue += count if needs[OVERDUE] else 0
        board.bare += count if needs[BARE] else 0
        board.cold += count if needs[COLD] else 0
    if not board.asked.only or (is_open and needs[board.asked.only]):
        lane.count += count
        lane.sums[row["currency"]] += row["total"] or 0


def _fill(board: Board, deals: QuerySet[Deal], now: datetime) -> None:
    """The cards of every lane, each lane from its own index up to its limit, in one statement."""
    if board.asked.owner is not None:
        deals = deals.filter(owner=board.asked.owner)
    deals = deals.filter(needing(board.asked.only, board.stages, now))
    by_lane = {lane.stage_id: lane for lane in board.lanes}
    won = deals.filter(status=DealStatus.WON, closed_at__gte=now - timedelta(days=WON_DAYS))
    won = won.filter(stage__in=[stage.pk for stage in board.stages])
    parts = []
    for lane in board.lanes:
        whole = board.asked.whole == lane.stage_id
        here = (
            won.order_by("-closed_at", "-pk")
            if lane.stage_id == WON
            else deals.filter(status=DealStatus.OPEN, stage=int(lane.stage_id)).order_by("-changed_at", "-pk")
        )
        parts.append(with_step(here)[: IN_A_WHOLE_LANE if whole else IN_A_LANE])
    names, days = dict(board.choices.owners), {stage.pk: stage.cold_after_days for stage in board.stages}
    for row in parts[0].union(*parts[1:], all=True):
        known = {"owner__full_name": names.get(row["owner_id"], ""), "stage__cold_after_days": days[row["stage_id"]]}
        card = card_of({**row, **known}, now, moves=board.moves)
        by_lane[card["lane"]].cards.append(card)
    for lane in board.lanes:
        lane.more = board.asked.url(whole=lane.stage_id) if len(lane.cards) == IN_A_LANE < lane.count else ""


def one_card(user: User, deal: Deal, now: datetime) -> dict[str, Any]:
    """The card of a deal as it is now, wherever it stands."""
    row = with_step(Deal.objects.visible_to(user).filter(pk=deal.pk), *KNOWN_TO_A_BOARD).get()
    return card_of(row, now, moves=holds(user, Permission.DEAL_EDIT))


def won_label() -> str:
    return _("Won · %(days)s days") % {"days": WON_DAYS}
