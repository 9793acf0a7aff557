"""What all kinds of records share when they come by the thousand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField, Model
from django.db.models.expressions import DatabaseDefault

from accounts.models import User
from accounts.permissions import Permission
from crm import keys
from crm.folding import fold
from crm.models import Activity, Company, CompanySettings, Contact, Deal, Source, Task
from crm.services.base import allow, check_owner
from crm.services.companies import fold_again
from crm.services.own_values import own_values
from crm.services.text import cleaned

BATCH = 1000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FROM_ITS_SOURCE = frozenset({"opened_at", "closed_at", "done_at"})
NOTHING = "\x02"
"""How COPY is told of no value: a sign that no text is made of."""
KEYS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
COPY = "COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '\x02')"
NOBODY: Collection[int] = frozenset()


def amend(
    record: Any, *, by: User, home: CompanySettings, changes: Mapping[str, Any], former: Collection[int] = NOBODY
) -> set[str]:
    """Set the values that differ on a locked record, with what is derived from them; the names of all that is to be saved.

    Raises Refused and leaves the record alone when a value does not fit.
    """
    own = {f.name for f in record._meta.concrete_fields}
    plain = {name: value for name, value in changes.items() if name in own and name != "custom"}
    plain |= own_values(record, changes.get("custom"), by=by)
    fitted = {**plain, **cleaned(type(record), {n: v for n, v in plain.items() if _is_plain(v)})}
    changed = {name for name, value in fitted.items() if _differs(record, name, value)}
    if "owner" in changed:
        check_keeper(fitted["owner"], former)
    if not changed:
        return set()
    put(record, {name: fitted[name] for name in changed})
    derived = _derived(record, home)
    put(record, derived)
    if hasattr(record, "changed_by_id"):
        record.changed_by = by
        changed.add("changed_by")
    return changed | set(derived)


@transaction.atomic
def save(*, by: User, at: datetime, records: Sequence[Any], names: set[str], renamed: Sequence[Company] = ()) -> None:
    """Store what `amend` set on records of one kind; contacts and deals of `renamed` companies are found by the new name."""
    allow(by, Permission.IMPORT_RUN)
    if records and names:
        type(records[0])._base_manager.bulk_update(records, sorted(names), batch_size=BATCH)
    for one in renamed:
        fold_again(one)


def insert(records: Sequence[Any]) -> None:
    """Insert records by COPY, under keys that the database gave out before. The stamps that it writes are not read back.

    An INSERT of a thousand rows spends most of its time in putting values into statements; triggers and constraints hold alike.
    """
    if not records:
        return
    model = type(records[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [model._meta.db_table, len(records)])
        keyed = zip(records, cursor.fetchall(), strict=True)
        csv.writer(out).writerows(_line(record, pk, fields) for record, (pk,) in keyed)
        out.seek(0)
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        cursor.copy_expert(COPY.format(table=connection.ops.quote_name(model._meta.db_table), columns=columns), out)


def _line(record: Any, pk: int, fields: Sequence[Any]) -> list[Any]:
    """A record as a line for COPY; from now on it has its key."""
    record.pk = pk
    record._state.adding, record._state.db = False, connection.alias
    return [_said(getattr(record, field.attname), field) for field in fields]


def _said(value: Any, field: Any) -> Any:
    """A value as COPY reads it. A stamp that the database overwrites is sent as a plain value; one that the source may give, and does
    not, as none."""
    if isinstance(value, str):
        return value if value != NOTHING else ""
    if isinstance(value, DatabaseDefault):
        return NOTHING if field.name in FROM_ITS_SOURCE else NEVER
    if value is None:
        return NOTHING
    return json.dumps(value) if isinstance(field, JSONField) else value


def origin(by: User, external_id: str) -> dict[str, Any]:
    """The columns that say where a draft comes from. Its stamps are plain values, which the database overwrites."""
    said = {"source": Source.IMPORT.value, "external_id": external_id, "created_by": by, "changed_by": by}
    return {**said, "recorded_at": NEVER, "changed_at": NEVER}


def own_of(model: type[Any], custom: Mapping[str, Any] | None, by: User) -> dict[str, Any]:
    """The column with the company's own fields of a new record; nothing when none is given."""
    return own_values(model(), custom, by=by) if custom else {}


def check_keeper(owner: User, former: Collection[int]) -> None:
    """Raise OwnerGone for who left, unless the import chose him knowing that."""
    if owner.pk not in former:
        check_owner(owner)


def put(record: Any, values: Mapping[str, Any]) -> None:
    """Set attributes on a record."""
    for name, value in values.items():
        setattr(record, name, value)


def _differs(record: Any, name: str, value: Any) -> bool:
    """Whether a record has another value; other records are told by their keys, without being read."""
    if isinstance(value, Model):
        return bool(getattr(record, record._meta.get_field(name).attname) != value.pk)
    return bool(getattr(record, name) != value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def _derived(record: Any, home: CompanySettings) -> dict[str, Any]:
    if isinstance(record, Company):
        return keys.company_keys(record, home.country)
    if isinstance(record, Task | Activity):
        return {}
    at_company = record.company.name if getattr(record, "company", None) else ""
    if isinstance(record, Contact):
        return dict(keys.contact_keys(record, [mail.address for mail in record.emails.all()], at_company))
    if isinstance(record, Deal):
        return dict(keys.deal_keys(record, at_company))
    return {"name_key": fold(record.name)}
