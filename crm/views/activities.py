"""Activities: logged from a client's card, put right, taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

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
from crm import client, timeline
from crm.entry_times import on_phone
from crm.forms.activities import EditActivity, LogActivity
from crm.forms.quick_log import Who
from crm.models import Activity, ActivityKind
from crm.services import activities, entry_times, logs
from crm.views import clients, deals
from crm.views import undo as undo_to
from crm.views.answers import ask, done, refused, sent
from crm.views.mentions import with_untold

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
    verb = partial(entry_times.timed, verb=logs.enter, on_phone=on_phone(request))
    logged = form.submit(verb, by=request.user, at=now)
    if not request.htmx:
        return redirect(f"crm:{who.noun}", pk=who.pk)
    if who.noun == "deal":
        return deals.logged(request, who.pk, form, logged, undo_url=undo_to.of_log(logged, form) if logged else "")
    asked_for = timeline.Narrowed.read(request.POST)
    new = logged.pk if logged else 0
    shown = client.read(noun=who.noun, pk=who.pk, user=request.user, at=now, new=new, narrowed=asked_for)
    if logged is None:
        return render(request, "crm/activities/_composer.html", {"client": shown, "form": form}, status=422)
    fresh = clients.composer(request.user, shown)
    response = render(request, "crm/activities/_logged.html", {"client": shown, "form": fresh})
    trigger_client_event(response, "day-changed", {})
    return toast(response, _said(logged), undo_url=undo_to.of_log(logged, form))


@require_http_methods(["GET", "POST"])
@needs(Permission.ACTIVITY_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """The words and the result of an activity."""
    activity = _activity(request, pk)
    form = EditActivity(sent(request), activity=activity)
    return ask(
        request, form, activities.edit, at=timezone.now(), template="crm/activities/edit.html", activity=activity,
        said=lambda edited: with_untold(_("Saved."), edited), changed=EVENTS, to=_home(activity), shown={"activity": activity},
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
    """Take back what was just logged: the task that it finished is open again, the next step set along with it is gone."""
    activity = _activity(request, pk)
    form = ServiceForm(request.POST)
    if form.submit(logs.take_back, activity=activity, step=undo_to.step(request), by=request.user, at=timezone.now()):
        return done(request, _("Taken back."), *EVENTS, to=_home(activity))
    return refused(request, form, to=_home(activity))


def _activity(request: Any, pk: int) -> Activity:
    rows = Activity.objects.visible_to(request.user, Permission.ACTIVITY_EDIT)
    return get_object_or_404(rows.select_related("performed_by", "company", "contact", "task"), pk=pk)


def _home(activity: Activity) -> str:
    """The card that an activity stands on."""
    noun = "contact" if activity.contact_id else "company" if activity.company_id else "deal"
    key = getattr(activity, f"{noun}_id")
    return reverse(f"crm:{noun}", args=[key]) if key else "/"


def _said(activity: Activity) -> str:
    words = {ActivityKind.CALL: _("Call logged."), ActivityKind.MEETING: _("Meeting logged.")}
    return with_untold(words.get(ActivityKind(activity.kind), _("Note saved.")), activity)
