"""What a run knows while it goes through the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from accounts.models import User
from accounts.refusals import Refused
from crm.models import CompanySettings
from crm.when import wall
from migrations_data.loading.rows import Finding, Problem, Reader, Row
from migrations_data.models import Import, Outcome

NOON = time(12, 0)
KEY_LENGTH = 120


@lru_cache(maxsize=20_000)
def _noon(day: str, zone: str) -> datetime:
    return wall(date.fromisoformat(day), NOON, zone)


class Rejected(Refused):
    """A row that cannot be taken, with the field whose column is to blame."""

    def __init__(self, code: str, field: str = "", detail: str = "") -> None:
        super().__init__(code, field=field)
        self.code, self.detail = code, detail


@dataclass
class Verdict:
    """What becomes of a row. `changes` are what it changes of a record that was here: {field: [was, now]}; `question` is what a person
    is asked about it."""

    row: Row
    outcome: Outcome
    problem: Problem | None = None
    record_type: str = ""
    record_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    question: Any = None


@dataclass
class Context:
    """One pass through an import: whose, when, and what has been found so far. `findings`, `making` and `changed` are those of the present chunk.

    `seen` has for each kind the first row with a key, `times` how often a key was made up, `used` those that other rows have.
    `known` holds what is found out once a pass, by name. What a pass that does not `commit` made is in memory only. `waiting` has the
    keys of companies about which somebody is asked, `stands` what rows became that others of the chunk
    lean on. Rows that are judged `alone` have not seen the tables before theirs.
    """

    of: Import
    by: User
    at: datetime
    home: CompanySettings
    reader: Reader
    seen: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: Counter[Finding] = field(default_factory=Counter)
    known: dict[str, Any] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    making: list[tuple[str, int]] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    stands: dict[int, int] = field(default_factory=dict)
    commit: bool = True
    alone: bool = False

    def made(self, record_type: str, pk: int) -> None:
        """Note a record made beside the rows, like a company that only deals name: an undo takes it back too."""
        self.making.append((record_type, pk))

    def note(self, code: str, field: str = "", was: str = "", now: str = "") -> None:
        """Count something that was put right or decided."""
        self.findings[code, self.reader.column_of(field), was, now] += 1

    def instant(self, day: str) -> datetime:
        """A day of the table as an instant: noon of the one who imports, so that it is the same day far around; never the future."""
        return min(_noon(day, self.by.zone), self.at)

    @cached_property
    def prefix(self) -> str:
        return f"{self.of.origin}:" if self.of.origin else ""

    def key(self, text: str) -> str:
        """The key of a record in its old system, kept apart from those of other systems; a long one ends in its hash."""
        whole = f"{self.prefix}{text}"
        return whole if len(whole) <= KEY_LENGTH else f"{whole[:80]}~{sha256(whole.encode()).hexdigest()[:32]}"

    def nth(self, key: str) -> str:
        """The key for rows without one of their own: the second row that says the same is another record, not a copy."""
        while True:
            self.times[key] += 1
            nth = key if self.times[key] == 1 else self.key(f"{key}#{self.times[key]}"[len(self.prefix) :])
            if nth not in self.used:
                return nth


@dataclass(frozen=True)
class Loader:
    """How one kind of row becomes records. All functions work on a chunk in a fixed number of statements.

    `identify` gives a row's key and whether it is the source's own. `find` maps rows (by pk) to the records they stand for,
    locked. `draft` makes a new record out of a row, `add` saves drafts and returns their ids. `is_blank` says whether a record
    has nothing in a field. `amend` puts a row's changed fields on a record and says what to save; `save` saves. Both may raise
    Refused for a row. `money` maps fields to columns of `model`.
    """

    kind: str
    record_type: str
    model: Any
    identify: Callable[[Context, Row], tuple[str, bool]]
    find: Callable[[Context, Sequence[Row]], Mapping[int, Any]]
    draft: Callable[[Context, Row], Any]
    add: Callable[[Context, Sequence[Any]], Sequence[int]]
    is_blank: Callable[[Any, str], bool]
    amend: Callable[[Context, Any, Row, set[str]], set[str]]
    save: Callable[[Context, Sequence[Any], set[str]], None]
    money: Mapping[str, str] = field(default_factory=dict)
    once_only: frozenset[str] = frozenset()
    prepare: Callable[[Context, Sequence[Row]], None] = lambda context, rows: None
    arrange: Callable[[Context, Iterable[Row]], list[list[int]]] | None = None
