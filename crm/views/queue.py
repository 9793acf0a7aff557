"""The queue: one thing to do at a time, worked through by keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from crm.forms.queue import EntryForm, FollowEntry, MarkEntry
from crm.models import QueueMark
from crm.queue_page import Key, Queue, knows, worked_on
from crm.services import queue_marks


@require_GET
@needs(Permission.TASK_VIEW)
def queue(request: Any) -> HttpResponse:
    """The entry one is at; the address may name another one of the queue."""
    named = EntryForm(request.GET)
    at = named.key if named.is_valid() else None
    response = render(request, "crm/queue/queue.html", {"queue": Queue.read(request.user, timezone.now(), at)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@needs(Permission.TASK_VIEW)
def mark(request: Any) -> HttpResponse:
    """Done, later today, or not today: then the next one. What waits no longer is passed over."""
    now, form = timezone.now(), MarkEntry(request.POST)
    if form.is_valid() and Queue.read(request.user, now).find(form.key):
        form.submit(queue_marks.mark, by=request.user, at=now)
    return _next(request, now)


@require_POST
@needs(Permission.TASK_VIEW)
def follow(request: Any) -> HttpResponse:
    """Something was saved while an entry was shown: go on if that settled it, else stay."""
    now, form = timezone.now(), FollowEntry(request.POST)
    if not form.is_valid():
        return _next(request, now)
    here = Queue.read(request.user, now)
    if form.key in here.marks and here.find(form.key) is None:
        return _next(request, now)
    if not _settled(request, here, form.key, form.cleaned_data["shown"]):
        return _next(request, now, form.key)
    noun, record = form.key
    queue_marks.mark(by=request.user, at=now, noun=noun, record=record, mark=QueueMark.Mark.DONE)
    return _next(request, now)


@require_POST
@needs(Permission.TASK_VIEW)
def back(request: Any) -> HttpResponse:
    """The entry before, as if it had not been passed over."""
    now = timezone.now()
    before = Queue.read(request.user, now).before
    if before is None:
        return _next(request, now)
    queue_marks.unmark(by=request.user, at=now, noun=before.noun, record=before.record)
    return _next(request, now, before.key)


def _settled(request: Any, here: Queue, key: Key, shown: datetime) -> bool:
    """Whether the entry left the queue by what was done, or was worked on without leaving it."""
    entry = here.find(key)
    return knows(request.user, key) if entry is None else worked_on(request.user, entry, shown)


def _next(request: Any, now: datetime, at: Key | None = None) -> HttpResponse:
    """The entry to be shown now; without htmx the page goes there."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("crm:queue"))
    return render(request, "crm/queue/_queue.html", {"queue": Queue.read(request.user, now, at), "told": True})
