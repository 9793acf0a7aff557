"""Values of own fields as people and programs send them, made fit for the `custom` column.

Stored are: text and choice as a string, number as a string of figures, money as [minor units, currency], date in ISO form,
several choices as a list, a colleague by his key. Empty values are not stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refused
from crm.custom.fields import PREFIX, fields_of
from crm.models import CustomField, CustomKind

LONGEST = 2_000
PLACES = 4
LARGEST = Decimal(10) ** 15
LARGEST_MINOR = 10**15
FIRST_YEAR, LAST_YEAR = 1000, 2999
LARGEST_KEY = 2**63 - 1
_GAPS = re.compile(r"[\s'\u2019]")  # \s has the thin and the unbreakable spaces
_PLAIN = re.compile(r"[+-]?\d{1,16}(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*", re.ASCII)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


class BadValue(Refused):
    """A value that the field does not take; `field` is "custom.<key>"."""

    code = "bad_value"


class UnknownField(Refused):
    """No field in use has this key."""

    code = "unknown_field"
    message = _("There is no such field here. Look at the list of fields in the settings.")


def clean(noun: str, values: Mapping[str, Any], by: User, present: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The values as they are stored, None for those to be cleared. Raises UnknownField and BadValue with the name of the field.

    What the record has already in `present` stays allowed: an option that was removed, a colleague who left. Colleagues are looked
    up among those whom `by` may choose, in one statement.
    """
    known = {field.key: field for field in fields_of(noun)}
    there = present or {}
    for key in sorted(set(map(str, values)) - known.keys()):
        raise UnknownField(field=f"{PREFIX}{key}")
    cleaned = {key: _fit(known[key], value, there.get(key)) for key, value in values.items()}
    _check_people(values, cleaned, known, there, by)
    return cleaned


def merged(present: Mapping[str, Any], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The column after a change: only the keys in `cleaned` change, None takes one away."""
    return {key: value for key, value in {**present, **cleaned}.items() if value is not None}


def is_empty(value: Any) -> bool:
    """Whether it says nothing: None, no text, no choice."""
    return value is None or value in ("", [], ()) or (isinstance(value, str) and not value.strip())


def _fit(field: CustomField, value: Any, present: Any) -> Any:
    if is_empty(value):
        return None
    if value == present and type(value) is type(present):
        return present
    try:
        return FITTING[CustomKind(field.kind)](field, value, present)
    except BadValue as refused:
        raise BadValue(refused.message, field=f"{PREFIX}{field.key}") from None


def _text(field: CustomField, value: Any, present: Any) -> str | None:
    if not isinstance(value, str):
        raise BadValue(_("Write a text here."))
    # Half of a pair that some programs send in place of an emoji cannot be stored.
    kept = value.replace("\x00", "").encode(errors="ignore").decode().replace("\r\n", "\n").strip()
    if len(kept) > LONGEST:
        raise BadValue(_("Shorten this to %(limit)s characters.") % {"limit": LONGEST})
    return kept or None


def _number(field: CustomField, value: Any, present: Any) -> str:
    found = decimal_of(value)
    if found is None:
        raise BadValue(_("Write a number in figures, like 1250 or 12.5."))
    if abs(found) >= LARGEST:
        raise BadValue(_("This number is too large. Write fewer figures."))
    if found != round(found, PLACES):
        raise BadValue(_("Write at most %(places)s figures behind the point.") % {"places": PLACES})
    return plain(found)


def plain(number: Decimal) -> str:
    """The one spelling of a number: "12.5", "-3", "0"."""
    whole = f"{number:f}"
    text = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return "0" if text in ("-0", "") else text


def decimal_of(value: Any) -> Decimal | None:
    """A number as people and programs write it ("12 000,5", "12,000.50", 12.5); None for what is none or may mean two things."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) <= LARGEST else LARGEST
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    text = _GAPS.sub("", repr(value) if isinstance(value, float) else value if isinstance(value, str) else "")
    text = text.replace("\u2212", "-")
    if len(text) > 40 or _UNCLEAR.fullmatch(text):
        return None
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    whole, sign, rest = re.sub(r"[.,](?=\d*$)", "|", text).partition("|")
    if sign and rest and _GROUPED.fullmatch(whole) and whole[-4] != text[len(whole)]:
        return _decimal(f"{re.sub('[.,]', '', whole)}.{rest}")
    if _GROUPED.fullmatch(text):
        return _decimal(re.sub("[.,]", "", text))
    return _decimal(text.replace(",", ".")) if text.count(",") == 1 else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _money(field: CustomField, value: Any, present: Any) -> list[Any] | None:
    """From [minor units, currency] or {"amount_minor": ..., "currency": ...}; an amount that is None clears it."""
    pair = [value.get("amount_minor"), value.get("currency")] if isinstance(value, Mapping) else value
    if isinstance(pair, list | tuple) and len(pair) == 2 and pair[0] is None:
        return None
    if not isinstance(pair, list | tuple) or len(pair) != 2 or type(pair[0]) is not int or not isinstance(pair[1], str):
        raise BadValue(_("Give an amount in figures and its currency, like 12 000 EUR."))
    amount, currency = pair[0], pair[1].strip().upper()
    if currency not in list_currencies():
        raise BadValue(_("Give the currency by its three letters, like EUR."))
    if amount < 0:
        raise BadValue(_("An amount cannot be below zero."))
    if amount > LARGEST_MINOR:
        raise BadValue(_("This amount is too large. Write fewer figures."))
    return [amount, currency]


def _date(field: CustomField, value: Any, present: Any) -> str:
    found = value
    if isinstance(value, str):
        try:
            found = date.fromisoformat(value.strip())
        except ValueError:
            found = None
    if not isinstance(found, date) or isinstance(found, datetime):
        raise BadValue(_("Give a day like 2026-11-30."))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(
            _("Look at the year: it is from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found.isoformat()


def _choice(field: CustomField, value: Any, present: Any) -> str:
    if not isinstance(value, str) or (value not in field.options and value != present):
        raise BadValue(_("Choose one from the list."))
    return value


def _choices(field: CustomField, value: Any, present: Any) -> list[str]:
    """In the order of the list, those that are no longer on it last."""
    given = [value] if isinstance(value, str) else value
    allowed = [*field.options, *(one for one in present or () if one not in field.options)]
    if not isinstance(given, list | tuple | set | frozenset) or any(one not in allowed for one in given):
        raise BadValue(_("Choose from the list."))
    return [one for one in allowed if one in given]


def _user(field: CustomField, value: Any, present: Any) -> int:
    found = value.pk if isinstance(value, User) else value
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
        found = int(found)
    if type(found) is not int or not 0 < found <= LARGEST_KEY:
        raise BadValue(_("Choose a colleague from the list."))
    return found


FITTING: dict[CustomKind, Callable[[CustomField, Any, Any], Any]] = {
    CustomKind.TEXT: _text,
    CustomKind.NUMBER: _number,
    CustomKind.MONEY: _money,
    CustomKind.DATE: _date,
    CustomKind.CHOICE: _choice,
    CustomKind.CHOICES: _choices,
    CustomKind.USER: _user,
}


def _check_people(
    values: Mapping[str, Any],
    cleaned: Mapping[str, Any],
    fields: Mapping[str, CustomField],
    present: Mapping[str, Any],
    by: User,
) -> None:
    """Only colleagues who work here are chosen anew. Keys are looked up; whoever brings the person himself has done so."""
    chosen = {
        key: person
        for key, person in cleaned.items()
        if fields[key].kind == CustomKind.USER and person not in (None, present.get(key)) and not _works(values[key])
    }
    if not chosen:
        return
    there = set(User.objects.visible_to(by).active().filter(pk__in=set(chosen.values())).values_list("pk", flat=True))
    for key, person in chosen.items():
        if person not in there:
            raise BadValue(_("Choose a colleague who works here."), field=f"{PREFIX}{key}")


def _works(value: Any) -> bool:
    return isinstance(value, User) and value.is_active
