"""Values as people send them, made fit for their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused

CURRENCY_LETTERS = 3


class TooLong(Refused):
    """A text that its column cannot keep."""

    code = "too_long"


class OutOfRange(Refused):
    """A number that its column cannot keep."""

    code = "out_of_range"


def cleaned(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without stray spaces; TooLong and OutOfRange name the field that cannot keep one.

    One-line texts lose line breaks, notes keep them; None for a text that may be empty becomes the empty text.
    """
    return {name: _fit(model._meta.get_field(name), value) for name, value in values.items()}


def _fit(field: Any, value: Any) -> Any:
    if isinstance(field, models.TextField | models.CharField):
        return _text(field, value or "")
    if isinstance(field, models.IntegerField) and value is not None:
        low, high = 0, models.BigIntegerField.MAX_BIGINT
        if isinstance(field, models.PositiveSmallIntegerField):
            high = 32_767
        elif isinstance(field, models.PositiveIntegerField):
            high = 2_147_483_647
        if not low <= value <= high:
            raise OutOfRange(_("Enter a number from 0 to %(high)s.") % {"high": high}, field=field.name)
    return value


def _text(field: Any, value: str) -> str:
    value = value.replace("\x00", "")
    value = value.strip() if isinstance(field, models.TextField) else " ".join(value.split())
    if field.name == "currency":
        value = value.upper()
        if len(value) != CURRENCY_LETTERS or not (value.isascii() and value.isalpha()):
            raise Refused(_("Give the currency by its three letters, like EUR."), field=field.name)
    if field.max_length and len(value) > field.max_length:
        message = _("Shorten this to %(limit)s characters.") % {"limit": field.max_length}
        raise TooLong(message, field=field.name)
    return value
