"""The audit of an import: its faults written down, and made into tasks for those who can put them right."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.models import CompanySettings, MassAssignment, Task, TaskKind
from crm.services import mass_assignments
from crm.when import local_day
from migrations_data.audit import FAULTS, Fault
from migrations_data.audit.looking import Looking
from migrations_data.models import AuditLine, Import

logger = logging.getLogger(__name__)

AT_MOST = mass_assignments.MOST
"""Tasks given in one go; what is left over is given with the next."""


class NobodyToDo(Refused):
    code = "nobody_to_do"
    message = _("None of these has an owner who could do it. Give the clients to your managers first, then come back.")


def take(*, of: Import, at: datetime) -> None:
    """Look through the records of an import and write down what was wrong in its tables. An audit that breaks off is no reason for the
    import to fail: the log says why."""
    try:
        _take(of, at)
    except Exception:
        logger.exception("The audit of import %s broke off", of.pk)


@transaction.atomic
def _take(of: Import, at: datetime) -> None:
    """Doing it again finds what is there now; lines that are a task already stay."""
    Import.objects.select_for_update().get(pk=of.pk)
    AuditLine.objects.filter(of_import=of, task_id__isnull=True).delete()
    looking = Looking(of, today=local_day(at, of.created_by.zone), home=CompanySettings.current().country)
    looking.begin()
    for fault in FAULTS.values():
        looking.keep(fault)


def shares(*, of: Import, fault: Fault, by: User) -> list[mass_assignments.Share]:
    """Who would get how many tasks for a class, the most first, as far as `by` sees the records: a statement for each noun."""
    counted: Counter[int] = Counter()
    for noun, model in mass_assignments.NOUNS.items():
        lines = AuditLine.objects.filter(of_import=of, code=fault.code, record_type=noun, task_id__isnull=True)
        owners = model.objects.visible_to(by).filter(pk__in=lines.values("record_id")).order_by().values_list("owner")
        counted.update(dict(owners.annotate(n=Count("pk"))))
    return mass_assignments.shares_of(counted)


@transaction.atomic
def give(
    *,
    of: Import,
    fault: Fault,
    title: str,
    due: date,
    by: User,
    at: datetime,
    kind: str = TaskKind.TODO,
    note: str = "",
    key: str = "",
) -> MassAssignment:
    """A task for the owner of each record of a class that has none yet, as far as `by` sees them: at most 5,000 at once, the first ones.

    The same key gives what was given. Raises NobodyToDo and what `mass_assignments.give_for` raises.
    """
    ensure(by, Permission.IMPORT_VIEW, of)
    Import.objects.select_for_update().get(pk=of.pk)
    left = _left(of, fault, by)
    records = {noun: [line.record_id for line in left if line.record_type == noun] for noun in mass_assignments.NOUNS}
    notes = {(line.record_type, line.record_id): _note(fault, line) for line in left}
    words = {"name": f"{fault.label} · {of.pk}", "title": title, "note": note, "kind": kind, "key": key}
    try:
        mass = mass_assignments.give_for(records=records, notes=notes, due=due, by=by, at=at, **words)
    except mass_assignments.NobodyThere as nobody:
        raise NobodyToDo from nobody
    for noun in mass_assignments.NOUNS:
        made = Task.objects.filter(mass__mass=mass, **{noun: OuterRef("record_id")}, **_alone(noun)).values("pk")[:1]
        lines = AuditLine.objects.filter(of_import=of, code=fault.code, record_type=noun, task_id__isnull=True)
        lines.update(task_id=Subquery(made))
    return mass


def _alone(noun: str) -> dict[str, bool]:
    """A task about a contact or deal names the company too: one about the company names neither."""
    return {"contact__isnull": True, "deal__isnull": True} if noun == "company" else {}


def _left(of: Import, fault: Fault, by: User) -> list[AuditLine]:
    """Lines about records that have no task of this class and an owner who can get one."""
    can_be_given = Q()
    for noun in mass_assignments.NOUNS:
        can_be_given |= Q(record_type=noun, record_id__in=mass_assignments.able(noun, by).values("pk"))
    left = AuditLine.objects.filter(can_be_given, of_import=of, code=fault.code, task_id__isnull=True)
    return list(left.select_related("row__sheet__file").defer("row__cells", "row__values").order_by("pk")[:AT_MOST])


def _note(fault: Fault, line: AuditLine) -> str:
    """What is wrong with one record, and where it stood, in the words of whoever gives the task."""
    if line.row is None:
        return fault.line(line.detail)
    file = line.row.sheet.file
    place = {"file": file.name, "sheet": line.row.sheet.name, "number": line.row.number}
    said = gettext("%(file)s, row %(number)s") if file.encoding else gettext("%(file)s, %(sheet)s, row %(number)s")
    return f"{fault.line(line.detail)} ({said % place})"
