"""How an import stands, in one word and its figures: for the page, the mail and the file alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.template.loader import get_template

from migrations_data.models import Import, ImportSheet
from migrations_data.reconciling.accounts import Account, accounts
from migrations_data.reconciling.important import Important, important
from migrations_data.reconciling.missing import Missing, missing
from migrations_data.reconciling.sums import Check, checks


class Verdict(StrEnum):
    """What an import comes to, the worst first."""

    UNDONE = "undone"
    WRONG = "wrong"
    MISSING = "missing"
    WAITING = "waiting"
    CLEAN = "clean"


TONES = {
    Verdict.UNDONE: "info", Verdict.WRONG: "bad", Verdict.MISSING: "bad", Verdict.WAITING: "watch", Verdict.CLEAN: "good",
}  # fmt: skip


@dataclass
class Standing:
    """Everything that was asked of an import's rows and records. `sheets` are all of them, those left out too."""

    of: Import
    sheets: Sequence[ImportSheet]
    accounts: Sequence[Account]
    checks: Sequence[Check]
    missing: Sequence[Missing]
    important: Important

    @cached_property
    def totals(self) -> Counter[str]:
        """Rows by what became of them, over all sheets."""
        return sum((Counter(account.counted) for account in self.accounts), Counter[str]())

    @cached_property
    def rows_in(self) -> int:
        return sum(account.rows_in for account in self.accounts)

    @property
    def waiting(self) -> int:
        """Rows that somebody has to look at."""
        return self.totals["asked"] + self.totals["rejected"]

    @property
    def adds_up(self) -> bool:
        """Whether every row has its place and no sum lacks anything."""
        return all(one.agrees for one in self.accounts) and all(one.agrees for one in self.checks)

    @cached_property
    def blocking(self) -> int:
        return len(self.important.blocking())

    @cached_property
    def verdict(self) -> Verdict:
        if self.of.undone_at:
            return Verdict.UNDONE
        if not self.adds_up:
            return Verdict.WRONG
        if self.missing or self.blocking:
            return Verdict.MISSING
        return Verdict.WAITING if self.waiting else Verdict.CLEAN

    @property
    def figures(self) -> dict[str, Any]:
        """What the conclusion needs to be said, in plain values: a mail keeps them until it is written."""
        return {
            "verdict": str(self.verdict),
            "rows": self.rows_in,
            "waiting": self.waiting,
            "missing": max(len(self.missing), self.blocking),
        }


def standing(of: Import) -> Standing:
    """How an import stands that was run: asked in a fixed number of statements, whatever its rows."""
    sheets = list(ImportSheet.objects.filter(file__of_import=of).select_related("file"))
    loaded = [sheet for sheet in sheets if sheet.kind]
    if of.undone_at:
        return Standing(of, sheets, accounts(sheets), [], [], Important([], [], []))
    return Standing(of, sheets, accounts(sheets), checks(loaded), missing(of, loaded), important(of, loaded))


def conclusion(figures: dict[str, Any]) -> str:
    """It all in one sentence, in the language of the moment."""
    return get_template("migrations_data/report/conclusion.txt").render(figures).strip()
