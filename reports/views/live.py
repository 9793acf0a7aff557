"""Live connections: one's own addresses, and the tables behind them for whoever has one."""

from __future__ import annotations

from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import NotAllowed, Refused
from crm import exports
from crm.exports.text import csv_file
from crm.views.answers import done
from crm.views.feeds import FeedThrottle
from notifications.links import absolute
from reports import live
from reports.forms.live import NewAddress
from reports.models import LiveAddress
from reports.services import live as addresses

KINDS = {"csv": exports.CSV, "json": "application/json"}


class GuessThrottle(FeedThrottle):
    """So many requests from one place, whatever they ask for: nobody tries addresses by the thousand."""

    scope = "live"


class UseThrottle(FeedThrottle):
    """So many reads of one table: each may be as long as a list."""

    scope = "live-table"
    rate = "20/minute"

    def get_cache_key(self, request: Any, view: Any) -> str:
        secret = request.resolver_match.kwargs["secret"]
        return str(self.cache_format % {"scope": self.scope, "ident": addresses.digest(secret)})


@login_not_required
@require_safe
@sensitive_variables("secret")
def table(request: Any, secret: str, kind: str) -> Any:
    """A table for who has the address. Every wrong one is answered alike, and many are answered no more."""
    for throttle in (GuessThrottle(), UseThrottle()):
        if not throttle.allow_request(request, None):  # type: ignore[arg-type]
            return HttpResponse(status=429, headers={"Retry-After": str(ceil(throttle.wait() or 1))})
    now = timezone.now()
    address = addresses.use(secret=secret, at=now)
    if address is None or kind not in KINDS:
        raise Http404
    with translation.override(address.user.language), timezone.override(ZoneInfo(address.user.zone)):
        try:
            found = live.table(address, now)
            file = csv_file(found) if kind == "csv" else live.as_json(found)
        except NotAllowed as gone:
            raise Http404 from gone
        except Refused as refusal:
            return HttpResponse(str(refusal.message), status=422, content_type="text/plain; charset=utf-8")
    response = exports.sent(file, f"{found.name}.{kind}", KINDS[kind])
    response["Content-Disposition"] = f'inline; filename="daybook.{kind}"'
    return response


@require_GET
@needs(Permission.LIVE_EDIT)
def live_list(request: Any) -> HttpResponse:
    """One's own addresses, and how a spreadsheet uses them."""
    found = LiveAddress.objects.visible_to(request.user).filter(revoked_at__isnull=True)
    rows = [{"address": one, "href": live.leads_to(one)} for one in found]
    return render(request, "reports/live/list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.LIVE_EDIT)
def new(request: Any) -> HttpResponse:
    """Make an address for what is on screen; it stands in this one answer and nowhere else, ever."""
    asked = request.POST if request.method == "POST" else request.GET
    source = asked.get("source", "")
    try:
        kept, name = live.checked(request.user, source, asked.dict())
    except NotAllowed as nothing:
        raise Http404(_("There is no such table.")) from nothing
    form = NewAddress(request.POST if request.method == "POST" else None, initial={"name": name})
    if request.method == "POST":
        made = form.submit(addresses.make, source=source, asked=kept, by=request.user, at=timezone.now())
        if made is not None:
            return _shown(request, *made)
    hidden = [
        (key, value) for key, value in asked.items() if key in ("source", "noun", "query", "report", "team", "days")
    ]
    context = {"form": form, "hidden": hidden, "action": reverse("reports:live-new")}
    return render(request, "reports/live/new.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@needs(Permission.LIVE_EDIT)
def renew(request: Any, pk: int) -> HttpResponse:
    """A new secret for an address; the old one stops working."""
    address = _own(request, pk)
    secret = ServiceForm(request.POST).submit(addresses.renew, address=address, by=request.user, at=timezone.now())
    return _shown(request, address, secret or "")


@require_POST
@needs(Permission.LIVE_EDIT)
def revoke(request: Any, pk: int) -> HttpResponse:
    """Let an address work no more."""
    ServiceForm(request.POST).submit(addresses.revoke, address=_own(request, pk), by=request.user, at=timezone.now())
    if request.htmx:
        return done(request, _("The address no longer works."), "live-changed", to=reverse("reports:live-list"))
    return HttpResponseRedirect(reverse("reports:live-list"))


def _own(request: Any, pk: int) -> LiveAddress:
    return get_object_or_404(LiveAddress.objects.visible_to(request.user), pk=pk)


def _shown(request: Any, address: LiveAddress, secret: str) -> HttpResponse:
    links = {kind: absolute(reverse("reports:live-table", args=[secret, kind])) for kind in KINDS}
    return render(request, "reports/live/made.html", {"address": address, "csv": links["csv"], "json": links["json"]})
