from discipline.models.assignments import Assignment
from discipline.models.calendars import CalendarDay, DayKind, Mode, TeamPolicy
from discipline.models.cards import Result, Scorecard, ScoreLine, Snapshot, TeamDay
from discipline.models.ledger import EntryKind, LedgerEntry
from discipline.models.schemes import Comparison, Rule, Scheme, SchemeVersion

__all__ = [
    "Assignment", "CalendarDay", "Comparison", "DayKind", "EntryKind", "LedgerEntry", "Mode", "Result", "Rule", "Scheme", "SchemeVersion",
    "ScoreLine", "Scorecard", "Snapshot", "TeamDay", "TeamPolicy",
]  # fmt: skip
