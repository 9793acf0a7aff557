"""Quick log: a call, a meeting or a note with its next step, in a dialog over any page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
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
from crm import search
from crm.forms.quick_log import CLIENTS, QuickLog, Who
from crm.models import Activity, ActivityKind, Company, Contact, Deal, Task
from crm.services import activities
from crm.views.activities import undo_url
from crm.views.answers import about, ask, sent

LOOKED_AT = 60
RECENT = 8
OFFERED = 8
MOST_DEALS = 20
EVENTS = ("activities-changed", "tasks-changed", "deals-changed", "day-changed")
Option = tuple[str, str]


@require_http_methods(["GET", "POST"])
@needs(Permission.ACTIVITY_ADD)
def quick_log(request: Any) -> HttpResponse:
    """Log what just happened. The address may name a contact, company, deal or task that it is about."""
    now, user = timezone.now(), request.user
    initial = _initial(about(request, "contact", "company", "deal", "task"), user)
    form = QuickLog(sent(request), user=user, at=now, initial=initial)
    who = Who.read(str(form["who"].value() or ""))
    shown = {
        "whom": lambda: _whom(user, who),
        "deals": lambda: _deals(user, who),
        "deal": form["deal"].value(),
        "task_title": initial.get("title", ""),
    }
    return ask(
        request, form, activities.log, at=now, template="crm/quick_log/log.html", said=_said(form), changed=EVENTS,
        to=reverse("crm:task-list"), shown=shown, undo_url=lambda activity: "" if activity.task_id else undo_url(activity, form),
    )  # fmt: skip


@require_GET
@needs(Permission.ACTIVITY_ADD)
def who(request: Any) -> JsonResponse:
    """Contacts and companies that fit what is typed, contacts first."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    if not query:
        return JsonResponse([], safe=False)
    found = [_contact(one) for one in search.contacts(request.user, query, OFFERED)]
    found += [_company(one) for one in search.companies(request.user, query, OFFERED)]
    return JsonResponse([{"value": value, "text": text} for value, text in found], safe=False)


@require_GET
@needs(Permission.ACTIVITY_ADD)
def deals(request: Any) -> HttpResponse:
    """The open deals of whom was chosen, for the field beside; a single one is chosen at once."""
    who = Who.read(request.GET.get("who", ""))
    return render(request, "crm/quick_log/_deals.html", {"deals": _deals(request.user, who), "deal": ""})


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
            return logged
        return _("%(logged)s Next: %(title)s, %(when)s.") % {
            "logged": logged, "title": step.title, "when": formats.when(step.due),
        }  # fmt: skip

    return said


# --- whom, and which deal ---


def _contact(contact: Contact) -> Option:
    company = contact.company.name if contact.company else contact.title
    return f"contact:{contact.pk}", " · ".join(part for part in (contact.name, company) if part)


def _company(company: Company) -> Option:
    return f"company:{company.pk}", " · ".join(part for part in (company.name, company.city) if part)


def _whom(user: User, chosen: Who | None) -> list[Option]:
    """Who is chosen, then whom the person talked to lately."""
    rows = Activity.objects.live().filter(performed_by=user).order_by("-occurred_at", "-pk")
    lately = rows.values_list("contact", "company")[:LOOKED_AT]
    keys = [
        Who("contact", contact) if contact else Who("company", company)
        for contact, company in lately
        if contact or company
    ]
    wanted = list(dict.fromkeys([*([chosen] if chosen else []), *keys]))[: RECENT + 1]
    named = {
        **_named(Contact.objects.visible_to(user).select_related("company"), "contact", wanted, _contact),
        **_named(Company.objects.visible_to(user), "company", wanted, _company),
        **_named(Deal.objects.visible_to(user), "deal", wanted, lambda deal: (f"deal:{deal.pk}", deal.title)),
    }
    return [named[one] for one in wanted if one in named]


def _named(rows: QuerySet[Any], noun: str, wanted: list[Who], name: Callable[[Any], Option]) -> dict[Who, Option]:
    keys = [one.pk for one in wanted if one.noun == noun]
    return {Who(noun, row.pk): name(row) for row in rows.filter(pk__in=keys)} if keys else {}


def _deals(user: User, who: Who | None) -> list[tuple[int, str]]:
    """The open deals that whoever was chosen takes part in, himself or by his company."""
    if who is None or who.noun not in CLIENTS:
        return []
    if who.noun == "deal":
        part = Q(pk=who.pk)
    elif who.noun == "company":
        part = Q(company=who.pk)
    else:
        at_work = Contact.objects.visible_to(user).filter(pk=who.pk, company__isnull=False).values("company")
        part = Q(contacts=who.pk) | Q(company__in=at_work)
    seen = Deal.objects.open().filter(part).values("pk")
    rows = Deal.objects.visible_to(user).filter(pk__in=seen).order_by("-changed_at", "-pk")
    return list(rows.values_list("pk", "title")[:MOST_DEALS])
