"""Quick log: a call, a meeting or a note with its next step, in a dialog over any page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import needs
from crm import whom
from crm.entry_times import by_line, on_phone
from crm.forms.quick_log import QuickLog, Who
from crm.models import Activity, ActivityKind, Contact, Deal, Task
from crm.services import entry_times, logs
from crm.spoken.filling import fill
from crm.views import undo
from crm.views.answers import about, ask, asked, sent
from crm.views.mentions import with_untold

EVENTS = ("activities-changed", "tasks-changed", "deals-changed", "day-changed")
TEMPLATE = "crm/quick_log/log.html"


@require_http_methods(["GET", "POST"])
@needs(Permission.ACTIVITY_ADD)
def quick_log(request: Any) -> HttpResponse:
    """Log what just happened. The address may name a contact, company, deal or task that it is about.

    A line of text is read into the form and comes back to be confirmed; it never saves by itself.
    """
    now, user = timezone.now(), request.user
    if request.POST.get("line", "").strip():
        return _read(request)
    initial = _initial(about(request, "contact", "company", "deal", "task"), user)
    form = QuickLog(sent(request), user=user, at=now, initial=initial)
    verb = partial(entry_times.timed, verb=logs.enter, on_phone=on_phone(request))
    return ask(
        request, form, verb, at=now, template=TEMPLATE, said=_said(form), changed=EVENTS, to=reverse("crm:task-list"),
        shown=_shown(user, form, initial), undo_url=lambda activity: undo.of_log(activity, form),
    )  # fmt: skip


def _read(request: Any) -> HttpResponse:
    """The form with what its line says, and whom else it may mean; what was chosen by hand before stays unless the line says more."""
    now, user, given = timezone.now(), request.user, request.POST
    initial = {name: given[name] for name in QuickLog.base_fields if given.get(name)}
    line, chosen = initial.pop("line"), str(initial.get("who", ""))
    filled = fill(line, user=user, at=now, chosen=chosen, note=str(initial.get("note", "")))
    initial |= filled.values | {"opened": by_line(str(initial.get("opened", "")))}
    form = QuickLog(user=user, at=now, initial=initial)
    return asked(request, TEMPLATE, form, **_shown(user, form, initial, filled.people), read=True)


def _shown(user: User, form: QuickLog, initial: dict[str, Any], people: Iterable[whom.Option] = ()) -> dict[str, Any]:
    """What the template draws beside the form; each is asked of the database only when it is drawn."""
    who = Who.read(str(form["who"].value() or ""))
    return {
        "whom": lambda: whom.offered(user, who, people),
        "others": [option for option in people if option[0] != form["who"].value()],
        "deals": lambda: whom.deals(user, who),
        "deal": form["deal"].value(),
        "task_title": initial.get("title", ""),
    }


@require_GET
@needs(Permission.ACTIVITY_ADD)
def who(request: Any) -> JsonResponse:
    """Contacts and companies that fit what is typed, contacts first."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = whom.found(request.user, query) if query else []
    return JsonResponse([{"value": value, "text": text} for value, text in found], safe=False)


@require_GET
@needs(Permission.ACTIVITY_ADD)
def deals(request: Any) -> HttpResponse:
    """The open deals of whom was chosen, for the field beside; a single one is chosen at once."""
    who = Who.read(request.GET.get("who", ""))
    return render(request, "crm/quick_log/_deals.html", {"deals": whom.deals(request.user, who), "deal": ""})


def _initial(keys: dict[str, str], user: User) -> dict[str, Any]:
    """Whom, which deal, and which task is done with it."""
    if "task" in keys:
        return _about_task(keys["task"], user)
    if "deal" in keys:
        return _about_deal(keys["deal"], user)
    return next(({"who": f"{noun}:{key}"} for noun, key in keys.items()), {})


def _about_deal(key: str, user: User) -> dict[str, Any]:
    deal = Deal.objects.visible_to(user).filter(pk=key).first()
    if deal is None:
        return {}
    contact = deal.contacts.filter(deleted_at__isnull=True).order_by("pk").first()
    seen = contact is not None and Contact.objects.visible_to(user).filter(pk=contact.pk).exists()
    return {"who": f"contact:{contact.pk}" if contact and seen else f"deal:{deal.pk}", "deal": deal.pk}


def _about_task(key: str, user: User) -> dict[str, Any]:
    task = Task.objects.visible_to(user, Permission.TASK_EDIT).open().filter(pk=key).first()
    if task is None:
        return {}
    named = {"contact": task.contact_id, "company": task.company_id, "deal": task.deal_id}
    noun = next((noun for noun, pk in named.items() if pk), None)
    kind = task.kind if task.kind in (ActivityKind.CALL, ActivityKind.MEETING) else ActivityKind.CALL
    about = {"task": task.pk, "title": task.title, "kind": kind, "deal": task.deal_id}
    return about | {"who": f"{noun}:{named[noun]}"} if noun else about


def _said(form: QuickLog) -> Callable[[Activity], str]:
    def said(activity: Activity) -> str:
        kind = {ActivityKind.CALL: _("Call logged."), ActivityKind.MEETING: _("Meeting logged.")}
        logged = kind.get(ActivityKind(activity.kind), _("Note saved."))
        step = form.cleaned_data.get("next_step")
        if step is None:
            return with_untold(logged, activity)
        logged = _("%(logged)s Next: %(title)s, %(when)s.") % {
            "logged": logged, "title": step.title, "when": formats.when(step.due),
        }  # fmt: skip
        return with_untold(logged, activity)

    return said
