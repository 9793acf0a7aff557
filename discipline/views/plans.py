"""Personal plans: one's own to read, those of one's people to set."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.policy import ensure, needs
from accounts.refusals import NotAllowed
from crm.when import local_day
from discipline import plan_page
from discipline.plan_page import FIRST, Asked, PlanPage
from discipline.services import plans
from discipline.services.plans import month_of


@require_http_methods(["GET", "POST"])
@needs(Permission.PLAN_VIEW)
def plan_list(request: Any) -> HttpResponse:
    """The table of plans; sent back by whoever may set them."""
    now = timezone.now()
    today = local_day(now, request.user.zone)
    asked = _asked(request, today)
    if request.method == "POST":
        return _set(request, asked, today, now)
    return _page(request, PlanPage(request.user, asked, today))


def _set(request: Any, asked: Asked, today: date, now: datetime) -> HttpResponse:
    try:
        ensure(request.user, Permission.PLAN_EDIT)
    except NotAllowed:
        raise Http404 from None
    page = PlanPage(request.user, asked, today, request.POST)
    changed = page.form.submit(plans.set_table, metric=asked.metric, by=request.user, at=now)
    if changed is None:
        return _page(request, page)
    said = ngettext("%(n)s plan is set.", "%(n)s plans are set.", changed) % {"n": changed}
    messages.success(request, said if changed else _("Nothing was different."))
    return redirect(request.get_full_path())


def _page(request: Any, page: PlanPage) -> HttpResponse:
    since = page.asked.since
    context = {
        "page": page,
        "asked": page.asked,
        "rows": page.rows(),
        "metrics": plan_page.planned(),
        "teams": list(plan_page.teams_for(request.user)),
        "earlier": plan_page.ahead(since, -plan_page.MONTHS),
        "later": plan_page.ahead(since, plan_page.MONTHS),
    }
    return render(request, "discipline/plans/page.html", context, status=422 if page.form.errors else 200)


def _asked(request: Any, today: date) -> Asked:
    metric = request.GET.get("metric") or FIRST
    if metric not in dict(plan_page.planned()):
        raise Http404
    text, team = request.GET.get("team", ""), None
    if text:
        teams = plan_page.teams_for(request.user)
        team = next((one for one in teams if str(one.pk) == text), None)
        if team is None:
            raise Http404
    return Asked(metric=metric, team=team, since=_month(request.GET.get("since", ""), today))


def _month(text: str, today: date) -> date:
    """A month as "2026-11"; without one the present."""
    if not text:
        return month_of(today)[0]
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise Http404 from None
    if not 2000 <= month.year <= 2200:
        raise Http404
    return month
