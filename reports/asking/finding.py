"""Which report an address names: a saved one, one of the product's, or the question itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import Use, holds
from crm.lists.filters import is_key
from reports.asking import address
from reports.asking.draft import Draft
from reports.asking.opened import Opened
from reports.models import Report
from reports.ready_made import BY_KEY, Ready

SAVED, OFFERED = "report", "ready"


def saved(user: Any, pk: int, action: Permission = Permission.REPORT_VIEW) -> Report:
    """A report that somebody may open (or change, or share). Raises Http404."""
    return get_object_or_404(Report.objects.visible_to(user, action).select_related("user"), pk=pk)


def ready(user: Any, key: str) -> Ready:
    """A report of the product, for whoever may see what it is about. Raises Http404."""
    found = BY_KEY.get(key)
    if found is None or not holds(user, found.permission):
        raise Http404(_("There is no such report."))
    return found


def opened(params: QueryDict, user: Any, at: datetime, *, back: str = "", use: Use = Use.READ) -> Opened:
    """The report that an address names, answered. Raises Http404."""
    if pk := params.get(SAVED, ""):
        if not is_key(pk):
            raise Http404(_("There is no such report."))
        return of_report(saved(user, int(pk)), user, at, back=back, use=use)
    if key := params.get(OFFERED, ""):
        return of_ready(ready(user, key), user, at, back=back, use=use)
    draft = Draft(params, user)
    if draft.definition is None:
        raise Http404(_("There is no such report."))
    return Opened(draft.definition, user, at, query=address.query_of(draft.definition), back=back, use=use)


def of_report(report: Report, user: Any, at: datetime, *, back: str = "", use: Use = Use.READ) -> Opened:
    return Opened(
        report.definition, user, at, query=f"{SAVED}={report.pk}", name=report.name, note=report.note, back=back, use=use
    )  # fmt: skip


def of_ready(one: Ready, user: Any, at: datetime, *, back: str = "", use: Use = Use.READ) -> Opened:
    return Opened(
        one.definition, user, at, query=f"{OFFERED}={one.key}", name=str(one.name), note=str(one.note), back=back, use=use
    )  # fmt: skip
