"""Whose cards, corrections and leave somebody sees: everybody his own, a head those of his teams, owner and coordinator all."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Role
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, Rule, Use, register
from accounts.reach import belongs_to_people_of, teams_of
from discipline.models import (
    Adjustment,
    Appeal,
    CalendarDay,
    CardReview,
    DaySheet,
    DeadlineShift,
    Leave,
    LedgerEntry,
    Outage,
    PayRule,
    Plan,
    Reward,
    RewardClaim,
    SchemeVersion,
    Scorecard,
    ScoreLine,
    Settlement,
    SettlementLine,
    SignOff,
    Snapshot,
    TeamDay,
)

CARD = (
    "id",
    "user",
    "team",
    "day",
    "mode",
    "zone",
    "window_from",
    "cut_off",
    "horizon",
    "points",
    "posted",
    "closed_at",
)
TEAM_DAY = ("id", "team", "day", "cards", "points", "met", "missed", "closed_at")
VERSION = ("id", "scheme", "number", "effective_from", "published_at", "published_by")


LEAVE = (
    "id",
    "user",
    "kind",
    "from_at",
    "until_at",
    "note",
    "status",
    "answer",
    "decided_by",
    "recorded_at",
    "approved_at",
)
ADJUSTMENT = (
    "id", "user", "card", "line", "kind", "delta", "text", "status", "proposed_by", "recorded_at", "decided_by", "decided_at", "decision",
    "signed_by", "signed_at",
)  # fmt: skip
APPEAL = ("id", "user", "line", "text", "status", "recorded_at", "decided_by", "decided_at", "answer")
SETTLEMENT = (
    "id",
    "team",
    "first",
    "last",
    "status",
    "made_by",
    "made_at",
    "reviewed_at",
    "approved_at",
    "exported_at",
)
STATEMENT = ("id", "settlement", "user", "team", "points", "currency", "amount_minor", "working")
PLAN = ("id", "user", "metric", "parameters", "first", "last", "target")
CLAIM = ("id", "reward", "user", "points", "status", "recorded_at", "decided_by", "decided_at", "answer")


def everything(user: Any) -> Q:
    return EVERYTHING


def of_people(user: Any) -> Q:
    """What belongs to somebody's people: his own, and for a head those of his teams."""
    return belongs_to_people_of(user, "user")


def of_others(user: Any) -> Q:
    """What belongs to somebody's people, but not to himself: nobody decides his own."""
    return of_people(user) & ~Q(user=user.pk)


def own_lines(user: Any) -> Q:
    return Q(card__user=user.pk)


def days_of_teams(user: Any) -> Q:
    if user.role == Role.HEAD:
        return Q(team__in=teams_of(user).values("pk"))
    return EVERYTHING


def statements(user: Any) -> Q:
    """One's own once approved; a head's people's, and all of them for owner and coordinator, from the draft on."""
    mine = Q(user=user.pk, settlement__status__in=("approved", "exported"))
    return mine if user.role == Role.MANAGER else mine | of_others(user)


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        Rule(Scorecard, {P.CARD_VIEW: of_people, P.CARD_REVIEW: of_others, P.ADJUSTMENT_ADD: of_others}, reads(*CARD))
    )
    register(Rule(TeamDay, {P.TEAM_DAY_VIEW: days_of_teams, P.SIGNAL_VIEW: days_of_teams}, reads(*TEAM_DAY)))
    register(Rule(SchemeVersion, {P.RULES_VIEW: everything, P.RULES_EDIT: everything}, reads(*VERSION)))
    register(Rule(Leave, {P.LEAVE_VIEW: of_people, P.LEAVE_DECIDE: of_others}, reads(*LEAVE)))
    register(Rule(
        Adjustment,
        {P.ADJUSTMENT_VIEW: of_people, P.ADJUSTMENT_DECIDE: of_others, P.ADJUSTMENT_SIGN: of_others},
        reads(*ADJUSTMENT),
    ))  # fmt: skip
    register(Rule(Appeal, {P.APPEAL_VIEW: of_people, P.APPEAL_DECIDE: of_others}, reads(*APPEAL)))
    register(Rule(
        Settlement,
        {P.SETTLEMENT_VIEW: days_of_teams, P.SETTLEMENT_EDIT: everything, P.SETTLEMENT_APPROVE: everything},
        reads(*SETTLEMENT),
    ))  # fmt: skip
    register(Rule(SettlementLine, {P.STATEMENT_VIEW: statements}, reads(*STATEMENT)))
    register(Rule(Plan, {P.PLAN_VIEW: of_people, P.PLAN_EDIT: of_others}, reads(*PLAN)))
    register(Rule(RewardClaim, {P.REWARD_VIEW: of_people, P.REWARD_DECIDE: of_others}, reads(*CLAIM)))
    register(Rule(ScoreLine, {P.APPEAL_ADD: own_lines}, {}))
    for model in (
        CalendarDay,
        CardReview,
        DaySheet,
        DeadlineShift,
        LedgerEntry,
        Outage,
        PayRule,
        Reward,
        SignOff,
        Snapshot,
    ):
        register(Rule(model, {}, {}))


def reads(*names: str) -> dict[Use, frozenset[str]]:
    return {Use.READ: frozenset(names), Use.EXPORT: frozenset(names)}
