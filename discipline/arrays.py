"""Values on their way into one array parameter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def array(values: Iterable[Any]) -> str:
    """Values as the text of one PostgreSQL array, which the server reads at once; a list would be an expression a value.

    Numbers, dates, instants, booleans and text, and None for NULL.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
