"""Tasks: the list of what is due, and the verbs, each in one small dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import ServiceForm
from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import holds, needs
from accounts.reach import people_of
from crm import agenda, due
from crm.entry_times import on_phone
from crm.forms.due import proposed
from crm.forms.tasks import DropTask, EditTask, FinishTask, GiveTask, MoveTask, NewTask
from crm.models import ActivityKind, Task, TaskKind, TaskStatus
from crm.services import entry_times, logs, tasks
from crm.views import undo
from crm.views.answers import about, ask, done, refused, sent

MOST = 300
Verb = Callable[..., Task]
EVENTS = ("tasks-changed", "deals-changed", "day-changed")


@require_GET
@needs(Permission.TASK_VIEW)
def task_list(request: Any) -> HttpResponse:
    """What is due, overdue first; htmx gets the list alone."""
    now = timezone.now()
    user = request.user
    people = [] if user.role == Role.MANAGER else list(people_of(user).active().by_name())
    whose = _whose(user, request.GET.get("owner", ""), people)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in TaskKind.values else ""
    finished = request.GET.get("show") == "done"
    found = Task.objects.visible_to(user).filter(Q(owner=whose) if whose else Q(), Q(kind=kind) if kind else Q())
    if finished:
        listed = agenda.rows(found.exclude(status=TaskStatus.OPEN).order_by("-done_at", "-pk"), user, now, MOST)
    else:
        listed = agenda.rows(found.filter(status=TaskStatus.OPEN).order_by("due_at", "pk"), user, now, MOST)
    context = {
        "groups": agenda.finished(listed) if finished else agenda.grouped(listed),
        "people": people,
        "whose": whose,
        "kind": kind,
        "kinds": TaskKind.choices,
        "finished": finished,
        "narrowed": bool(kind) or (bool(people) and whose != user.pk),
        "more": len(listed) == MOST,
        "count": len(listed),
    }
    template = "crm/tasks/_list.html" if request.htmx.target == "tasks" else "crm/tasks/list.html"
    return render(request, template, context)


def _whose(user: User, asked_for: str, people: list[User]) -> int | None:
    """Whose tasks: those of a colleague whom one sees, everybody's for "all", else one's own (an owner looks at all)."""
    known = {str(person.pk): person.pk for person in people}
    if asked_for == "all" and people:
        return None
    return known.get(asked_for, None if user.role in (Role.OWNER, Role.ADMIN) and not asked_for else user.pk)


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_ADD)
def new(request: Any) -> HttpResponse:
    """A new task, about what the address names."""
    now = timezone.now()
    people = people_of(request.user).active().by_name()
    initial = about(request, "deal", "contact", "company") | proposed(request.GET.get("due", ""))
    form = NewTask(sent(request), user=request.user, at=now, people=people, initial=initial)
    return _ask(request, form, tasks.add, "crm/tasks/new.html", at=now, said=lambda task: _("Task added."))


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """Other words for a task."""
    task = _task(request, pk)
    form = EditTask(sent(request), task=task)
    return _ask(request, form, tasks.edit, "crm/tasks/edit.html", task=task, said=lambda task: _("Task changed."))


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_EDIT)
def finish(request: Any, pk: int) -> HttpResponse:
    """Done: what came out of it, and what comes next. A call or a meeting is entered as one along with it."""
    task, now = _task(request, pk), timezone.now()
    may_log = holds(request.user, Permission.ACTIVITY_ADD)
    form = FinishTask(sent(request), user=request.user, at=now, task=task, may_log=may_log)
    verb = partial(entry_times.timed, verb=logs.finish, on_phone=on_phone(request))
    return ask(
        request, form, verb, template="crm/tasks/done.html", said=_finished, at=now, changed=("activities-changed", *EVENTS),
        to=reverse("crm:task-list"), shown={"task": task}, undo_url=lambda finished: undo.of_finish(finished, form), task=task,
    )  # fmt: skip


def _finished(finished: logs.Finished) -> str:
    words = {ActivityKind.CALL: _("Done, call logged."), ActivityKind.MEETING: _("Done, meeting logged.")}
    kind = finished.activity.kind if finished.activity else ""
    return str(words.get(kind, _("Done.")))  # type: ignore[call-overload]


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_EDIT)
def drop(request: Any, pk: int) -> HttpResponse:
    """Not needed any more."""
    task, now = _task(request, pk), timezone.now()
    form = DropTask(sent(request), user=request.user, at=now, initial={"next_kind": task.kind})
    return _ask(
        request, form, tasks.drop, "crm/tasks/drop.html", at=now, task=task, said=lambda task: _("Task dropped."),
        undo_url=lambda task: undo.of_finish(logs.Finished(task), form),
    )  # fmt: skip


@require_POST
@needs(Permission.TASK_EDIT)
def reopen(request: Any, pk: int) -> HttpResponse:
    """Take back that it was closed, with the next step that was set along with it."""
    form, to = ServiceForm(request.POST), reverse("crm:task-list")
    words = {"task": _task(request, pk), "step": undo.step(request), "by": request.user, "at": timezone.now()}
    if form.submit(logs.take_back, **words):
        return done(request, _("The task is open again."), *EVENTS, to=to)
    return refused(request, form, to=to)


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_EDIT)
def move(request: Any, pk: int) -> HttpResponse:
    """Another date."""
    task, now = _task(request, pk), timezone.now()
    form = MoveTask(sent(request), user=request.user, at=now, task=task)

    def said(moved: Task) -> str:
        return _("Moved to %(when)s.") % {"when": due.words(moved.due_at, moved.due_has_time, now)}

    return _ask(request, form, tasks.move, "crm/tasks/move.html", at=now, task=task, said=said)


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_GIVE)
def give(request: Any, pk: int) -> HttpResponse:
    """Give it to a colleague."""
    task = _task(request, pk, Permission.TASK_GIVE)
    people = User.objects.visible_to(request.user).active().exclude(pk=task.owner_id).by_name()
    form = GiveTask(sent(request), people=people, blameless=tasks.may_give_clean(request.user, task))

    def said(given: Task) -> str:
        return _("Given to %(name)s.") % {"name": given.owner}

    return _ask(request, form, tasks.give, "crm/tasks/give.html", task=task, said=said)


def _task(request: Any, pk: int, action: Permission = Permission.TASK_EDIT) -> Task:
    rows = Task.objects.visible_to(request.user, action).select_related("owner", "deal", "contact", "company")
    return get_object_or_404(rows, pk=pk)


def _ask(
    request: Any,
    form: ServiceForm,
    verb: Verb,
    template: str,
    *,
    said: Callable[[Task], str],
    at: datetime | None = None,
    **more: Any,
) -> HttpResponse:
    """The dialog of one of the verbs above, about `more["task"]` where there is one."""
    return ask(
        request, form, verb, template=template, said=said, at=at or timezone.now(), changed=EVENTS, to=reverse("crm:task-list"),
        shown={"task": more.get("task")}, **more,
    )  # fmt: skip
