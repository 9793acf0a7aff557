"""What words in a column of states mean for a task, and of results for an activity."""

from __future__ import annotations

from crm.folding import fold
from crm.models import ActivityResult, TaskStatus
from migrations_data.meanings.words import RESULTS, TASK_STATES, concept
from migrations_data.understanding import values

STATES = {"open": TaskStatus.OPEN, "done": TaskStatus.DONE, "dropped": TaskStatus.DROPPED}


def status_of(said: str) -> str | None:
    """Open, done or dropped; a mark that is set says done. None for words that say nothing about it."""
    spoken = concept(fold(said), TASK_STATES)
    if spoken:
        return STATES[spoken]
    mark = values.flag(said)
    return None if mark is None else TaskStatus.DONE if mark else TaskStatus.OPEN


def result_of(said: str) -> str:
    """The result that a word means; empty when it is none of ours."""
    spoken = concept(fold(said), RESULTS)
    return ActivityResult(spoken) if spoken else ""
