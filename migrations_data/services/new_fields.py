"""Columns that fit nothing and are worth a field of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from crm import custom
from crm.models import CustomField, CustomKind
from crm.services import fields
from migrations_data.models import Action, ImportChange, ImportSheet
from migrations_data.understanding import guessing
from migrations_data.understanding.guessing import NEW
from migrations_data.understanding.nouns import Type
from migrations_data.understanding.own import MARK, NOUNS
from migrations_data.understanding.sheets import Column

KINDS = {Type.DATE: CustomKind.DATE, Type.NUMBER: CustomKind.NUMBER, Type.YEAR: CustomKind.NUMBER}
LONGEST = 60


def make(sheet: ImportSheet, *, by: User, at: datetime) -> bool:
    """Give each column that is to be a field of the company's own such a field; one that is called so already is taken.

    Puts it on the sheet's columns, unsaved; says whether there were any. Raises what `crm.services.fields.add` refuses.
    """
    new = [column for column in sheet.columns if column["field"] == NEW and sheet.kind in NOUNS]
    for column in new:
        column |= {"field": custom.name_of(_field(sheet, column, by, at)), "confidence": 1.0}
    return bool(new)


def _field(sheet: ImportSheet, column: dict[str, Any], by: User, at: datetime) -> CustomField:
    noun = NOUNS[sheet.kind]
    label = " ".join(column["name"].split())[:LONGEST].strip(" :*")
    there = [field for field in custom.fields_of(noun) if field.label.casefold() == label.casefold()]
    if there:
        return there[0]
    if guessing.is_vip(Column(**column)):
        return _kept(
            sheet,
            fields.add(noun=noun, kind=CustomKind.CHOICE, label=label, options=[MARK], in_list=True, by=by, at=at),
        )
    kind = CustomKind.MONEY if column["currency"] else KINDS.get(Type(column["type"] or Type.TEXT), CustomKind.TEXT)
    return _kept(sheet, fields.add(noun=noun, kind=kind, label=label, by=by, at=at))


def _kept(sheet: ImportSheet, field: CustomField) -> CustomField:
    """Note that the import made the field: its undo retires it where nothing is in it."""
    ImportChange.objects.create(
        of_import_id=sheet.file.of_import_id, record_type="field", record_id=field.pk, action=Action.CREATED
    )
    return field
