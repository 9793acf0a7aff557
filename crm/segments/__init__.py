"""Segments: companies chosen by conditions, read anew each time. A condition is one file entry in `conditions`."""

from crm.segments.conditions import CONDITIONS, Condition, Moment, Value
from crm.segments.reading import ConditionWrong, check, choices, companies, companies_of, in_words

__all__ = [
    "CONDITIONS", "Condition", "ConditionWrong", "Moment", "Value", "check", "choices", "companies", "companies_of", "in_words",
]  # fmt: skip
