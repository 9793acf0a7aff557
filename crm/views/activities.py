"""Activities: logged from a client's card, put right, taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from crm import client
from crm.forms.activities import EditActivity, LogActivity
from crm.forms.quick_log import QuickLog, Who
from crm.models import Activity, ActivityKind, Task
from crm.services import activities, tasks
from crm.views import clients, deals
from crm.views.answers import ask, done, refused, sent

EVENTS = ("activities-changed", "tasks-changed", "deals-changed", "day-changed")


@require_POST
@needs(Permission.ACTIVITY_ADD)
def log(request: Any) -> HttpResponse:
    """Enter what happened with a client; answers with an empty composer and the card's parts as they are now."""
    now = timezone.now()
    who = Who.read(request.POST.get("who", ""))
    if who is None or who.find(request.user) is None:
        raise Http404
    form = LogActivity(request.POST, user=request.user, at=now)
    logged = form.submit(activities.log, by=request.user, at=now)
    if not request.htmx:
        return redirect(f"crm:{who.noun}", pk=who.pk)
    if who.noun == "deal":
        return deals.logged(request, who.pk, form, logged, undo_url=undo_url(logged, form) if logged else "")
    shown = client.read(noun=who.noun, pk=who.pk, user=request.user, at=now, new=logged.pk if logged else 0)
    if logged is None:
        return render(request, "crm/activities/_composer.html", {"client": shown, "form": form}, status=422)
    fresh = clients.composer(request.user, shown)
    response = render(request, "crm/activities/_logged.html", {"client": shown, "form": fresh})
    trigger_client_event(response, "day-changed", {})
    return toast(response, _said(logged), undo_url=undo_url(logged, form))


@require_http_methods(["GET", "POST"])
@needs(Permission.ACTIVITY_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The words and the result of an activity."""
    activity = _activity(request, pk)
    form = EditActivity(sent(request), activity=activity)
    return ask(
        request, form, activities.edit, at=timezone.now(), template="crm/activities/edit.html", activity=activity,
        said=lambda edited: _("Saved."), changed=EVENTS, to=_home(activity), shown={"activity": activity},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.ACTIVITY_EDIT)
def delete(request: Any, pk: int) -> HttpResponse:
    """Take an activity off the timelines."""
    activity = _activity(request, pk)
    return ask(
        request, ServiceForm(sent(request)), activities.delete, at=timezone.now(), activity=activity,
        template="crm/activities/delete.html", said=lambda gone: _("Deleted."), changed=EVENTS, to=_home(activity),
        shown={"activity": activity},
    )  # fmt: skip


@require_POST
@needs(Permission.ACTIVITY_EDIT)
def undo(request: Any, pk: int) -> HttpResponse:
    """Take back what was just logged, with the next step that was set along with it."""
    activity = _activity(request, pk)
    form = ServiceForm(request.POST)
    key = request.GET.get("step", "")
    known = key.isascii() and key.isdigit() and len(key) < 19
    mine = Task.objects.visible_to(request.user, Permission.TASK_EDIT).open().filter(created_by=request.user)
    step = mine.filter(pk=int(key)).first() if known else None
    if form.submit(take_back, activity=activity, step=step, by=request.user, at=timezone.now()):
        return done(request, _("Taken back."), *EVENTS, to=_home(activity))
    return refused(request, form, to=_home(activity))


def take_back(*, activity: Activity, step: Task | None, **words: Any) -> Activity:
    """Both or neither."""
    with transaction.atomic():
        if step is not None:
            tasks.delete(task=step, overridden=True, **words)
        return activities.delete(activity=activity, **words)


def _activity(request: Any, pk: int) -> Activity:
    rows = Activity.objects.visible_to(request.user, Permission.ACTIVITY_EDIT)
    return get_object_or_404(rows.select_related("performed_by", "company", "contact"), pk=pk)


def _home(activity: Activity) -> str:
    """The card that an activity stands on."""
    noun = "contact" if activity.contact_id else "company" if activity.company_id else "deal"
    key = getattr(activity, f"{noun}_id")
    return reverse(f"crm:{noun}", args=[key]) if key else "/"


def _said(activity: Activity) -> str:
    words = {ActivityKind.CALL: _("Call logged."), ActivityKind.MEETING: _("Meeting logged.")}
    return words.get(ActivityKind(activity.kind), _("Note saved."))


def undo_url(activity: Activity, form: QuickLog) -> str:
    """Where the toast takes it back: the activity, and the task that was set with it."""
    url = reverse("crm:activity-undo", args=[activity.pk])
    if form.cleaned_data.get("next_step") is None:
        return url
    step = (
        Task.objects.filter(created_by=activity.performed_by_id, recorded_at__gte=activity.recorded_at)
        .filter(company=activity.company_id, contact=activity.contact_id, deal=activity.deal_id)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    return f"{url}?step={step}" if step else url
