"""Long statements that the database plans once a connection instead of every time.

For the figures of a few people planning takes longer than reading. The plan is one for any values, which is right where the
statement says itself how to go about it (see `shared`); many windows are worth a plan of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

AT_MOST = 12
"""So many plans a connection keeps: those of the rules that are asked for again and again."""
ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan"
"""Otherwise the database would plan anew the first five times. It holds to the end of the transaction, where only triggers have
plans that are kept, and these look up rows by key."""

_numbers = count(1)
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""By connection: what its prepared statements are called, by their SQL, the oldest first."""


def execute(cursor: Any, sql: str, types: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Run a statement with named placeholders whose types are given, planned before where this connection has run it already.

    All goes in one trip. A name that failed is not used again: what is prepared outlives the transaction it was prepared in.
    """
    names = _known.setdefault(connection.connection, {})
    given = ", ".join(f"%({name})s" for name in types)
    name, first = names.get(sql, ""), ""
    if not name:
        name = f"daybook_{next(_numbers)}"
        oldest = f"DEALLOCATE {names.pop(next(iter(names)))}; " if len(names) >= AT_MOST else ""
        first = f"{oldest}PREPARE {name} ({', '.join(types.values())}) AS {_numbered(sql, types)}; "
    cursor.execute(f"{first}{ONE_PLAN}; EXECUTE {name} ({given})", values)
    names[sql] = name


def _numbered(sql: str, types: Mapping[str, str]) -> str:
    """The statement with $1 and so on for its placeholders; signs of per cent are still doubled."""
    return (sql % {name: f"${place}" for place, name in enumerate(types, start=1)}).replace("%", "%%")
