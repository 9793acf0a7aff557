from migrations_data.models.audit import AuditLine
from migrations_data.models.changes import Action, ImportChange
from migrations_data.models.files import COUNTS, ImportFile, ImportSheet
from migrations_data.models.imports import WORKING, Import, Status
from migrations_data.models.matches import Decision, ImportMatch, What
from migrations_data.models.profiles import ImportProfile
from migrations_data.models.questions import Answer, ImportQuestion
from migrations_data.models.rows import LOADED, ImportRow, Outcome, Part

__all__ = [
    "COUNTS",
    "LOADED",
    "WORKING",
    "Action",
    "Answer",
    "AuditLine",
    "Decision",
    "Import",
    "ImportChange",
    "ImportFile",
    "ImportMatch",
    "ImportProfile",
    "ImportQuestion",
    "ImportRow",
    "ImportSheet",
    "Outcome",
    "Part",
    "Status",
    "What",
]
