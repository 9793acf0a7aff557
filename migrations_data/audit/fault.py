"""A class of fault of old tables: how it is found, what it is called, why it matters, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrations_data.audit.looking import Looking


class Weight(IntEnum):
    """How much a fault hurts: it loses clients, it costs work, it is untidy."""

    LOSES = 3
    COSTS = 2
    UNTIDY = 1


def nothing_more(looking: Looking) -> Mapping[str, Any]:
    return {}


def plain(says: Any, detail: Mapping[str, Any]) -> str:
    """A line in words: the sentence with the line's own facts."""
    return str(says) % detail


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A class of fault.

    `code` is stored: retire one, never rename it. `sql` selects (record_type, record_id, row_id, detail) among the records of an
    import, which stand in the table `audited`; a record has one line in a class. `given` makes more parameters for it, what a database
    cannot say by itself. `says` is the sentence of a line, filled from its detail by `words`; `act` is what a task about it asks for.
    """

    code: str
    label: Any
    why: Any
    act: Any
    says: Any
    icon: str
    weight: Weight
    sql: str
    given: Callable[[Looking], Mapping[str, Any]] = nothing_more
    words: Callable[[Any, Mapping[str, Any]], str] = plain

    def line(self, detail: Mapping[str, Any]) -> str:
        """What is wrong with one record, in the reader's language."""
        return self.words(self.says, detail)
