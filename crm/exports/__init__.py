"""Lists and reports on their way out: tables of plain values as Excel or CSV files, ready for a pivot table."""

from __future__ import annotations

from crm.exports.answers import CSV, KINDS, XLSX, sent, served, written
from crm.exports.book import LONGEST_CELL, ROW_BY_ROW, workbook
from crm.exports.table import Missed, Percent, Pivot, Table, harmless, spread

__all__ = [
    "CSV",
    "KINDS",
    "LONGEST_CELL",
    "ROW_BY_ROW",
    "XLSX",
    "Missed",
    "Percent",
    "Pivot",
    "Table",
    "harmless",
    "sent",
    "served",
    "spread",
    "workbook",
    "written",
]
