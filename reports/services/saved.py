"""Reports that people put together: kept under a name, changed, copied, removed, and opened to others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.services.base import check_filled
from crm.services.text import cleaned
from reports.builder import Definition
from reports.models import Pin, Report, ReportShare

MOST = 200
NAMELESS = _("Give the report a name.")
NAME_LENGTH = 80


class NameTaken(Refused):
    code = "name_taken"
    field = "name"
    message = _("You have a report of this name already. Choose another name.")


class TooManyReports(Refused):
    code = "too_many_reports"
    message = _("You have saved as many reports as fit. Remove one first.")


@transaction.atomic
def add(*, name: str, definition: Mapping[str, Any], note: str = "", by: User, at: datetime) -> Report:
    """Keep a question under a name. Raises DefinitionWrong, NameTaken, TooManyReports."""
    ensure(by, Permission.REPORT_EDIT)
    if Report.objects.filter(user=by).count() >= MOST:
        raise TooManyReports
    return _write(Report(user=by, made_at=at), name, note, definition, at)


@transaction.atomic
def edit(*, report: Report, name: str, definition: Mapping[str, Any], note: str = "", by: User, at: datetime) -> Report:
    """Change a report of one's own, for everybody whom it is shared with. Raises as `add`."""
    return _write(_own(report, by), name, note, definition, at)


@transaction.atomic
def copy(*, report: Report, by: User, at: datetime) -> Report:
    """A report of one's own that asks the same, shared with nobody; of any that one may open. Raises TooManyReports."""
    ensure(by, Permission.REPORT_VIEW, report)
    return add(name=_free_name(report.name, by), note=report.note, definition=report.definition, by=by, at=at)


@transaction.atomic
def delete(*, report: Report, by: User, at: datetime) -> None:
    """Remove a report of one's own; it leaves all boards, and mails and live connections of it end."""
    _own(report, by).delete()


@transaction.atomic
def share(*, report: Report, roles: Collection[str], people: Collection[User], by: User, at: datetime) -> Report:
    """Let exactly these open a report of one's own, each seeing in it what he may see. Nobody keeps on his board what he may
    no longer open."""
    ensure(by, Permission.REPORT_SHARE, report)
    report = _own(report, by)
    wanted: set[tuple[str, int | None]] = {(role, None) for role in roles if role in Role.values}
    wanted |= {("", person.pk) for person in people if person.is_active and person.pk != by.pk}
    kept = {(one.role, one.person_id): one for one in report.shares.all()}
    for gone in kept.keys() - wanted:
        kept[gone].delete()
    ReportShare.objects.bulk_create(
        ReportShare(report=report, role=role, person_id=person) for role, person in wanted - kept.keys()
    )
    _unpin_strangers(report)
    return report


def _own(report: Report, by: User) -> Report:
    ensure(by, Permission.REPORT_EDIT, report)
    return Report.objects.select_for_update().get(pk=report.pk)


def _write(report: Report, name: str, note: str, definition: Mapping[str, Any], at: datetime) -> Report:
    words = cleaned(Report, {"name": name, "note": note})
    check_filled(words["name"], NAMELESS, field="name")
    if Report.objects.filter(user=report.user, name=words["name"]).exclude(pk=report.pk).exists():
        raise NameTaken
    report.name, report.note, report.changed_at = words["name"], words["note"], at
    report.definition = Definition.of(definition).as_json()
    report.save()
    return report


def _free_name(name: str, by: User) -> str:
    """ "Won by month" -> "Won by month", or "Won by month 2" where there is one."""
    taken = set(Report.objects.filter(user=by).values_list("name", flat=True))
    tries = (
        name if n == 1 else say("%(name)s %(n)s") % {"name": name[: NAME_LENGTH - 4], "n": n}
        for n in range(1, MOST + 2)
    )
    return next(one for one in tries if one not in taken)


def _unpin_strangers(report: Report) -> None:
    for pin in Pin.objects.filter(report=report).exclude(user=report.user_id).select_related("user"):
        if not Report.objects.visible_to(pin.user).filter(pk=report.pk).exists():
            pin.delete()
