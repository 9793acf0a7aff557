"""What the services of every noun share: who may, one lock, one way to store, one record per key of its source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import Use, can, fields, scope
from accounts.refusals import NotAllowed, Overtaken, Refused
from crm.history.fields import StampField
from crm.merging import survivor_of
from crm.models.base import Recorded

Record = TypeVar("Record", bound=Recorded)
ALSO_WRITTEN = frozenset({"first_won_by", "next_task_due"})


class StaleRecord(Overtaken):
    """Somebody else saved the record after the form was opened. See `crm.stale` for what is saved all the same."""

    code = "stale"
    message = _("Somebody changed this while you were editing. Reload the page to see it, then make your change again.")


class NotASeller(Refused):
    """Owners read and coordinators need a grant: neither keeps clients."""

    code = "not_a_seller"
    field = "to"
    message = _("Only sales managers and heads keep clients, deals and tasks. Choose one of them.")


class OwnerGone(Refused):
    """The chosen owner may no longer sign in."""

    code = "owner_gone"
    field = "owner"
    message = _("This person no longer works here. Choose another owner.")


class KeyTaken(Refused):
    """The key of another program's record already stands for a record that the person may not see."""

    code = "key_taken"
    field = "external_id"
    message = _("This key is already used by another record. Send the record under a key of its own.")


class Missing(Refused):
    """A value that the record cannot be without."""

    code = "missing"


def allow(by: User, action: Permission, record: Model | None = None) -> None:
    """Raise NotAllowed unless `by` may do `action` (to `record`)."""
    if not can(by, action, record):
        raise NotAllowed


def lock(record: Record, *, by: User, action: Permission) -> Record:
    """Lock the row and bring `record` up to date, in one statement; NotAllowed when it is gone or beyond `by`'s reach.

    Others may go on referring to it meanwhile: a call logged with a deal of a company that is being renamed must not wait in a circle.
    """
    model = type(record)
    rows = model._base_manager.select_for_update(no_key=True).filter(scope(by, action), deleted_at__isnull=True)
    try:
        record.refresh_from_db(from_queryset=rows)
    except model.DoesNotExist:
        raise NotAllowed from None
    return record


def store(record: Record, *, by: User, changes: Mapping[str, Any]) -> bool:
    """Write the values that differ, say who did it, and read back what the database stamped; False when nothing differed."""
    changed = [name for name, value in changes.items() if getattr(record, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(record, name, changes[name])
    record.changed_by = by
    record.save(update_fields=[*changed, "changed_by"])
    read_stamps(record)
    return True


def read_stamps(record: Model) -> None:
    """Read back the columns that triggers write."""
    written = [f.name for f in record._meta.concrete_fields if isinstance(f, StampField) or f.name in ALSO_WRITTEN]
    record.refresh_from_db(fields=written)


def check_owner(owner: User) -> None:
    if not owner.is_active:
        raise OwnerGone


def check_receiver(to: User) -> None:
    """Raise OwnerGone or NotASeller: a record is given to somebody who works with clients, or it would vanish from sight."""
    check_owner(to)
    if to.role not in (Role.MANAGER, Role.HEAD):
        raise NotASeller


def check_fresh(record: Recorded, seen_at: datetime | None) -> None:
    """Raise StaleRecord when the record moved on since `seen_at`, its `changed_at` when the form was opened."""
    if seen_at is not None and record.changed_at > seen_at:
        raise StaleRecord


def check_names(by: User, model: type[Model], names: Collection[str], allowed: Iterable[str]) -> None:
    """Raise TypeError for a name that the verb does not take, NotAllowed for a field that `by` may not write."""
    unknown = sorted(set(names) - set(allowed))
    if unknown:
        raise TypeError(f"{model.__name__} has no such field to set here: {', '.join(unknown)}")
    if not set(names) & {f.name for f in model._meta.get_fields()} <= fields(by, model, Use.WRITE):
        raise NotAllowed


def check_filled(value: str, message: Any, *, field: str) -> None:
    """Raise Missing with `message` for an empty text."""
    if not value:
        raise Missing(message, field=field)


def known(model: type[Record], *, by: User, view: Permission, source: str, external_id: str) -> Record | None:
    """The record that this key of its source stands for already, if any; for a merged one, the one that it became part of.

    Whoever asks second waits for the first to finish, so that two deliveries of one event make one record.
    """
    if not external_id:
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        # Many at once lock the table's keys as a whole (`keep_keys`), one shares that lock and locks its own.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [table])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{table}:{source}:{external_id}"])
    found = model._base_manager.filter(source=source, external_id=external_id).first()
    if found is not None and found.deleted_at is not None:
        survivor = survivor_of(model._meta.model_name or "", found.pk)
        found = model._base_manager.filter(pk=survivor).first() or found
    if found is not None and (found.deleted_at is not None or not can(by, view, found)):
        raise KeyTaken
    return found


def keep_keys(model: type[Recorded]) -> None:
    """Let nobody else enter records of this kind by key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [model._meta.db_table])


Verb = TypeVar("Verb", bound=Callable[..., Any])


def exact_money(verb: Verb) -> Verb:
    """Let no float into an amount: minor units are whole numbers."""

    @wraps(verb)
    def guarded(**words: Any) -> Any:
        for name, value in words.items():
            if name.endswith("_minor") and value is not None and type(value) is not int:
                raise TypeError(f"{name} takes whole minor units, not {type(value).__name__}")
        return verb(**words)

    return guarded  # type: ignore[return-value]
