"""How a service says no. The text is for the person and names the next step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A rule forbids it. `message` is translatable; `field` names the form field it belongs to, empty for the whole form."""

    message: Any = ""
    field = ""
    code = "refused"

    def __init__(self, message: Any = "", *, field: str = "") -> None:
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(str(self.message))


class Warned(Refused):
    """A rule that a person may override knowingly, by sending the same again with `overridden`."""

    code = "warned"


class Overtaken(Refused):
    """Somebody else was faster. `told` is for programs: both versions, and the stamp with which to send again."""

    code = "overtaken"
    told: Mapping[str, Any] = {}


class NotAllowed(Refused):
    """The person may not do this to this record; at the edge it looks as if the record were not there."""

    code = "not_allowed"
