"""The values of a company's own fields on a record that is added or edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.policy import Use, fields
from accounts.refusals import NotAllowed
from crm import custom


def own_values(record: Any, given: Mapping[str, Any] | None, *, by: User) -> dict[str, Any]:
    """The `custom` column of a record with the given keys changed, ready to be stored; nothing when none is given.

    Raises NotAllowed for who may not write own fields, UnknownField and BadValue with the name of the field.
    """
    if not given:
        return {}
    if "custom" not in fields(by, type(record), Use.WRITE):
        raise NotAllowed
    cleaned = custom.clean(custom.noun_of(record), given, by, record.custom)
    return {"custom": custom.merged(record.custom, cleaned)}
