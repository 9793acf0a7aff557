"""Somebody's files: how far they are, fetched, cancelled, forgotten. And how a page answers that gives a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import exports
from crm.downloads import producers, served
from crm.models import Download
from crm.services import downloads
from crm.views.answers import done, refused

PAGE = 50


def answer(request: Any, key: str, params: Mapping[str, Any], *, to: str) -> Any:
    """A file at once, or for many rows the page on which it will be ready; a refusal goes back `to`."""
    form = ServiceForm(request.POST or {})
    taken = form.submit(downloads.take, key=key, params=params, by=request.user, at=timezone.now())
    if taken is None:
        return refused(request, form, to=to)
    if isinstance(taken, Download):
        messages.success(request, _("The file is being written. You can go on working: it waits for you here."))
        return HttpResponseRedirect(reverse("crm:download-list"))
    file = exports.written(taken.tables, taken.kind)
    return exports.sent(file, taken.filename, exports.CSV if taken.kind == "csv" else exports.XLSX)


@never_cache
@require_GET
@needs(Permission.DOWNLOAD_VIEW)
def download_list(request: Any) -> HttpResponse:
    """One's own files, the latest first."""
    found = Download.objects.visible_to(request.user)[:PAGE]
    return render(request, "crm/downloads/list.html", {"downloads": list(found), "kept_days": downloads.KEPT.days})


@never_cache
@require_GET
@needs(Permission.DOWNLOAD_VIEW)
def progress(request: Any, pk: int) -> HttpResponse:
    """How far one file is."""
    return render(request, "crm/downloads/_download.html", {"download": _mine(request, pk)})


@require_GET
@needs(Permission.DOWNLOAD_VIEW)
def file(request: Any, pk: int) -> Any:
    """The file itself, for whom it was written and while he may have it."""
    download = _mine(request, pk)
    producer = producers.get(download.key)
    if not download.ready or producer is None or not holds(request.user, producer.permission):
        raise Http404(_("There is no such file."))
    return served(download)


@require_POST
@needs(Permission.DOWNLOAD_VIEW)
def cancel(request: Any, pk: int) -> HttpResponse:
    """Write no more of a file."""
    download = _mine(request, pk)
    ServiceForm({}).submit(downloads.cancel, download=download, by=request.user, at=timezone.now())
    if request.htmx:
        download.refresh_from_db()
        return render(request, "crm/downloads/_download.html", {"download": download})
    return HttpResponseRedirect(reverse("crm:download-list"))


@require_POST
@needs(Permission.DOWNLOAD_VIEW)
def delete(request: Any, pk: int) -> HttpResponse:
    """Forget a file before its time."""
    ServiceForm({}).submit(downloads.remove, download=_mine(request, pk), by=request.user, at=timezone.now())
    if request.htmx:
        return HttpResponse()
    return done(request, _("The file is gone."), to=reverse("crm:download-list"))


def _mine(request: Any, pk: int) -> Download:
    return get_object_or_404(Download.objects.visible_to(request.user), pk=pk)
