"""How the API describes itself. Apart from `config.api`, which DRF reads while it is still loading what this needs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema


def _refusal(description: str, *more: str) -> dict[str, Any]:
    words = {name: {"type": "string"} for name in ("code", "message", "field", *more)}
    content = {"application/json": {"schema": {"type": "object", "properties": words, "required": list(words)}}}
    return {"description": description, "content": content}


REFUSALS = {
    "400": {"description": "The shape of what was sent: the errors by field"},
    "404": {"description": "There is no such record for this person"},
    "409": _refusal("A warning: send the same with overridden to go on", "overridden"),
    "422": _refusal("A rule forbids it; the message tells the next step"),
}


class Described(AutoSchema):
    """Names the refusals that every verb may answer with."""

    def get_operation(self, *args: Any, **words: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **words)
        if operation is not None and self.method != "GET":
            operation["responses"] |= REFUSALS
        return operation
