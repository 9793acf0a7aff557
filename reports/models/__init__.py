from reports.models.live import LiveAddress, LiveSource
from reports.models.mails import ReportMail, ReportMailRecipient, Rhythm, Screen
from reports.models.readings import PersonReading, Reading, TeamReading
from reports.models.saved import Pin, Report, ReportShare
from reports.models.visits import Outcome, StageVisit

__all__ = [
    "LiveAddress",
    "LiveSource",
    "Outcome",
    "PersonReading",
    "Pin",
    "Reading",
    "Report",
    "ReportMail",
    "ReportMailRecipient",
    "ReportShare",
    "Rhythm",
    "Screen",
    "StageVisit",
    "TeamReading",
]
