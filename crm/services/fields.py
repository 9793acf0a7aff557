"""Fields of the company's own: added, changed, put in order, retired, brought back. Their values lie in the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm import custom
from crm.custom.keys import make_key
from crm.custom.usage import with_options
from crm.models import CustomField, CustomKind, Noun
from crm.services import field_values
from crm.services.base import allow, check_filled
from crm.services.text import cleaned

MOST_FIELDS = 50
MOST_OPTIONS = 200
LONGEST_OPTION = 80
LISTED = (CustomKind.CHOICE, CustomKind.CHOICES)
NAMELESS = _("Give the field a name.")
Options = Sequence[tuple[str, str]]
"""What each option was called and is called now; the first is empty for a new one."""


class TooManyFields(Refused):
    code = "too_many_fields"
    message = _("There are 50 fields already. Retire one that nobody fills in, then add this one.")


class NameTaken(Refused):
    code = "name_taken"
    field = "label"
    message = _("There is a field of this name already. Choose another name.")


class BadOptions(Refused):
    """A list that one cannot choose from."""

    code = "bad_options"
    field = "options"


class OptionInUse(Refused):
    """Somebody chose what is to be taken off the list."""

    code = "option_in_use"
    field = "options"


class RenameUnclear(Refused):
    """An option that records have gets another name, and nobody said what becomes of these records; `count` are they."""

    code = "rename_unclear"
    field = "stored"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "%(n)s record has an option that you renamed. Say what becomes of it.",
                "%(n)s records have an option that you renamed. Say what becomes of them.",
                count,
            )
            % {"n": count}
        )


@transaction.atomic
def add(
    *,
    noun: str,
    kind: str,
    label: str,
    by: User,
    at: datetime,
    options: Iterable[str] = (),
    hint: str = "",
    in_list: bool = False,
) -> CustomField:
    """Add a field behind the others; its key is made from the label and stays for ever.

    Raises TooManyFields, NameTaken, BadOptions, Missing.
    """
    allow(by, Permission.FIELD_EDIT)
    if noun not in Noun.values or kind not in CustomKind.values:
        raise Refused(_("Choose what the field is for and what it holds."), field="kind")
    there = _locked(noun)
    _check_room(there)
    words = cleaned(CustomField, {"label": label, "hint": hint})
    _check_name(words["label"], there)
    listed = _options([("", name) for name in options]) if kind in LISTED else []
    if kind in LISTED:
        _check_options(listed)
    last = max((field.position for field in there), default=-1)
    field = CustomField.objects.create(
        noun=noun,
        kind=kind,
        key=make_key(words["label"], [one.key for one in there]),
        options=[name for _was, name in listed],
        in_list=in_list,
        position=last + 1,
        **words,
    )
    _tell()
    return field


@transaction.atomic
def edit(
    *,
    field: CustomField,
    by: User,
    at: datetime,
    label: str | None = None,
    hint: str | None = None,
    options: Options | None = None,
    in_list: bool | None = None,
    stored: str = "",
) -> CustomField:
    """Change what a field is called, its hint, its list, and whether lists are filtered by it.

    `stored` says what becomes of records whose option got another name: "change" or "keep". Raises NameTaken, BadOptions,
    OptionInUse, RenameUnclear, Missing.
    """
    allow(by, Permission.FIELD_EDIT)
    there = _locked(field.noun)
    field.refresh_from_db()
    given = {name: text for name, text in (("label", label), ("hint", hint)) if text is not None}
    words = cleaned(CustomField, given)
    if "label" in words:
        _check_name(words["label"], [one for one in there if one.pk != field.pk])
    for name, value in words.items():
        setattr(field, name, value)
    if options is not None and field.kind in LISTED:
        _put_options(field, _options(options), stored, by)
    field.save(update_fields=["label", "hint", "options"])
    if in_list is not None and in_list != field.in_list:
        field.in_list = in_list
        (field_values.index if in_list else field_values.unindex)(field)
    _tell()
    return field


@transaction.atomic
def move(*, field: CustomField, up: bool, by: User, at: datetime) -> CustomField:
    """Let a field change places with its neighbour; at the end it stays."""
    allow(by, Permission.FIELD_EDIT)
    listed = [one for one in _locked(field.noun) if one.is_active]
    place = next((i for i, one in enumerate(listed) if one.pk == field.pk), None)
    to = None if place is None else place - 1 if up else place + 1
    if place is None or to is None or not 0 <= to < len(listed):
        return field
    listed[place], listed[to] = listed[to], listed[place]
    for position, one in enumerate(listed):
        one.position = position
    CustomField.objects.bulk_update(listed, ["position"])
    _tell()
    return field


@transaction.atomic
def retire(*, field: CustomField, by: User, at: datetime) -> CustomField:
    """Show a field no more; what the records have in it stays."""
    allow(by, Permission.FIELD_EDIT)
    _locked(field.noun)
    CustomField.objects.filter(pk=field.pk).update(is_active=False)
    _tell()
    field.refresh_from_db()
    return field


@transaction.atomic
def bring_back(*, field: CustomField, by: User, at: datetime) -> CustomField:
    """Show a retired field again, behind the others, with all values that the records have in it. Raises TooManyFields, NameTaken."""
    allow(by, Permission.FIELD_EDIT)
    there = _locked(field.noun)
    field.refresh_from_db()
    if field.is_active:
        return field
    _check_room(there)
    _check_name(field.label, there)
    last = CustomField.objects.of(field.noun).aggregate(last=Max("position"))["last"]
    field.is_active, field.position = True, 0 if last is None else last + 1
    field.save(update_fields=["is_active", "position"])
    _tell()
    return field


def _locked(noun: str) -> list[CustomField]:
    """All fields of a noun, retired ones too; whoever changes them second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('crm_customfield', 0))")
    return list(CustomField.objects.filter(noun=noun))


def _tell() -> None:
    """Forget what is kept of the fields: at once for what goes on in this transaction, and for all when it is through."""
    custom.forget()
    transaction.on_commit(custom.forget)


def _check_room(there: Sequence[CustomField]) -> None:
    if sum(field.is_active for field in there) >= MOST_FIELDS:
        raise TooManyFields


def _check_name(label: str, others: Sequence[CustomField]) -> None:
    check_filled(label, NAMELESS, field="label")
    if any(other.is_active and other.label.casefold() == label.casefold() for other in others):
        raise NameTaken


def _options(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without stray spaces and without those that were emptied."""
    named = [(was, " ".join(name.replace("\x00", "").split())) for was, name in options]
    return [(was, name) for was, name in named if name]


def _check_options(listed: Options) -> None:
    names = [name for _was, name in listed]
    if not names:
        raise BadOptions(_("Write at least one option, each on its own line."))
    if len(names) > MOST_OPTIONS:
        raise BadOptions(_("Shorten the list to %(most)s options.") % {"most": MOST_OPTIONS})
    if any(len(name) > LONGEST_OPTION for name in names):
        raise BadOptions(_("Shorten every option to %(most)s characters.") % {"most": LONGEST_OPTION})
    folded = [name.casefold() for name in names]
    twice = next((name for name in names if folded.count(name.casefold()) > 1), None)
    if twice is not None:
        raise BadOptions(_("“%(option)s” stands on the list twice. Leave one.") % {"option": twice})


def _put_options(field: CustomField, listed: Options, stored: str, by: User) -> None:
    """Give the field its new list, and its records the new names when that is wanted."""
    _check_options(listed)
    before = list(field.options)
    renamed = {was: name for was, name in listed if was in before and was != name}
    gone = [one for one in before if one not in {was for was, _name in listed}]
    used = with_options(field, [*gone, *renamed])
    _check_unused(gone, used)
    changing = {was: name for was, name in renamed.items() if was in used}
    if changing and stored not in ("change", "keep"):
        raise RenameUnclear(sum(used[was] for was in changing))
    field.options = [name for _was, name in listed]
    if renamed and stored == "change":
        field_values.rename_options(field, renamed, by=by)


def _check_unused(gone: Sequence[str], used: dict[str, int]) -> None:
    option = next((one for one in gone if used.get(one)), None)
    if option is not None:
        said: dict[str, Any] = {"option": option, "n": used[option]}
        raise OptionInUse(
            ngettext(
                "%(n)s record has “%(option)s”. Rename it, or change that record first.",
                "%(n)s records have “%(option)s”. Rename it, or change those records first.",
                used[option],
            )
            % said
        )
