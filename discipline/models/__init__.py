from discipline.models.assignments import Assignment
from discipline.models.calendars import CalendarDay, DayKind, DeadlineShift, Mode, Outage, OutageSource, TeamPolicy
from discipline.models.cards import CardReview, DaySheet, Result, Scorecard, ScoreLine, Snapshot, TeamDay
from discipline.models.corrections import Adjustment, AdjustmentKind, AdjustmentStatus, Appeal, AppealStatus
from discipline.models.leaves import Leave, LeaveKind, LeaveStatus
from discipline.models.ledger import EntryKind, LedgerEntry
from discipline.models.money import (
    ClaimStatus,
    ControlSettings,
    NegativePolicy,
    PayRule,
    Reward,
    RewardClaim,
    SettledEntry,
    Settlement,
    SettlementLine,
    SettlementStatus,
    SettlementStep,
    StepKind,
)
from discipline.models.priorities import Priority
from discipline.models.schemes import (
    Comparison,
    Period,
    Plan,
    Rule,
    Scheme,
    SchemeVersion,
    Severity,
    SignOff,
    Simulation,
    WhenNothing,
)
from discipline.models.upkeep import ClosingAttempt, Finding, Heartbeat, LedgerHead, Verification

__all__ = [
    "Adjustment", "AdjustmentKind", "AdjustmentStatus", "Appeal", "AppealStatus", "Assignment", "CalendarDay", "CardReview", "ClaimStatus",
    "ClosingAttempt", "Comparison", "ControlSettings", "DayKind", "DaySheet",
    "DeadlineShift", "EntryKind", "Finding", "Heartbeat", "Leave",
    "LeaveKind", "LeaveStatus", "LedgerEntry", "LedgerHead", "Mode", "NegativePolicy", "Outage", "OutageSource", "PayRule", "Period",
    "Plan", "Priority", "Result", "Reward", "RewardClaim", "Rule", "Scheme", "SchemeVersion", "ScoreLine", "Scorecard", "SettledEntry",
    "Settlement", "SettlementLine", "SettlementStatus", "SettlementStep", "Severity", "SignOff", "Simulation", "Snapshot", "StepKind",
    "TeamDay", "TeamPolicy", "Verification", "WhenNothing",
]  # fmt: skip
