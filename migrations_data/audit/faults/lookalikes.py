"""Clients that look like another one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.merging import finding, reasons
from migrations_data.audit.contradictions import FROM_LIST, as_lines
from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.looking import Looking

AT_ONCE = 2000
LONGEST = 30.0
"""Seconds. What is left over then is found by the search for duplicates, at night."""


def given(looking: Looking) -> Mapping[str, Any]:
    ends = monotonic() + LONGEST
    return as_lines(line for noun in finding.BLOCKS for line in _lines(looking, noun, ends))


def _lines(looking: Looking, noun: str, ends: float) -> Iterator[dict[str, Any]]:
    rows = dict(
        looking.read("SELECT record_id, row_id FROM audited WHERE record_type = %(noun)s ORDER BY 1", {"noun": noun})
    )
    keys = list(rows)
    for start in range(0, len(keys), AT_ONCE):
        if monotonic() > ends:
            return
        for pair in finding.pairs(noun, keys[start : start + AT_ONCE]):
            key, other = (pair.second, pair.first) if pair.second in rows else (pair.first, pair.second)
            detail = {"other": other, "reasons": pair.reasons, "score": pair.score}
            yield {"record_type": noun, "record_id": key, "row_id": rows[key], "detail": detail}


def words(says: Any, detail: Mapping[str, Any]) -> str:
    """With the reasons in the reader's language."""
    return str(says) % {"reasons": ", ".join(str(reasons.words(one)) for one in detail["reasons"])}


FAULT = Fault(
    code="lookalikes",
    label=_("Clients that may be there twice"),
    why=_("Two people call the same client, and neither knows what the other promised."),
    act=_("Decide whether this client is there twice, and merge the two if so"),
    says=_("another client has %(reasons)s"),
    icon="users",
    weight=Weight.LOSES,
    sql=FROM_LIST,
    given=given,
    words=words,
)
