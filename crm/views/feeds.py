"""The calendar feed: its secret address, made and removed by its owner, and the file behind it."""

from __future__ import annotations

from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from crm import feed_file
from crm.models import CalendarFeed
from crm.services import feeds
from crm.views.answers import done
from notifications.links import absolute


class FeedThrottle(SimpleRateThrottle):
    """So many requests from one address, whatever they ask for: nobody tries addresses by the thousand."""

    scope = "feed"
    rate = "60/minute"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": get_adapter().get_client_ip(request)})


@login_not_required
@require_safe
@sensitive_variables("secret")
def feed(request: Any, secret: str) -> HttpResponse:
    """Somebody's tasks and meetings, for who has the address. Every wrong one is answered alike, and many are answered no more."""
    throttle = FeedThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        return HttpResponse(status=429, headers={"Retry-After": str(ceil(throttle.wait() or 1))})
    now = timezone.now()
    user = feeds.reader(secret=secret, at=now)
    if user is None:
        raise Http404
    with translation.override(user.language), timezone.override(ZoneInfo(user.zone)):
        content = feed_file.write(user, now)
    headers = {"Cache-Control": "private, max-age=300", "Content-Disposition": 'inline; filename="daybook.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.FEED_EDIT)
def edit(request: Any) -> HttpResponse:
    """Make the address, or a new one; it stands in this one answer and nowhere else, ever."""
    address, form = "", ServiceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        secret = form.submit(feeds.renew, by=request.user, at=timezone.now())
        address = absolute(reverse("crm:feed", args=[secret])) if secret else ""
    context = {
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": address,
        "action": "" if address else reverse("crm:feed-edit"),
    }
    return render(request, "crm/calendar/feed.html", context)


@require_POST
@needs(Permission.FEED_EDIT)
def delete(request: Any) -> HttpResponse:
    """Let the address work no more."""
    ServiceForm(request.POST).submit(feeds.remove, by=request.user, at=timezone.now())
    return done(request, _("The address no longer works."), to=reverse("crm:calendar"))
