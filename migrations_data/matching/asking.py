"""The questions that rows raise, and the answers that people gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from migrations_data.loading.context import Context, Loader
from migrations_data.loading.rows import Row
from migrations_data.models import Answer, Import, ImportQuestion


@dataclass
class Question:
    """What is kept of a row that may be somebody: see `ImportQuestion`."""

    record_type: str
    group: str
    score: int
    candidates: list[dict[str, Any]] = field(default_factory=list)


def ask(context: Context, loader: Loader, rows: Sequence[Row]) -> dict[int, Question]:
    """The questions that these rows raise, by row: rows of companies and contacts that are linked with nothing and not answered."""
    return {}


def answers(of: Import) -> dict[int, ImportQuestion]:
    """What people said about rows of an import, by row: one statement."""
    said = ImportQuestion.objects.filter(of_import=of).exclude(answer=Answer.OPEN)
    return {question.row_id: question for question in said}
