"""The priorities of one's day: chosen and taken away by one press on My day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from accounts.toasts import close_dialog, toast
from crm.models import Task
from discipline import priority_list
from discipline.models import Priority
from discipline.services import priorities

FRAGMENT = "discipline/priorities/_priorities.html"


@require_safe
@needs(Permission.TASK_EDIT)
def choose(request: Any) -> HttpResponse:
    """One's open tasks, to choose a priority from."""
    now = timezone.now()
    day = priority_list.running_day(request.user, now)
    return render(
        request, "discipline/priorities/choose.html", {"priorities": priority_list.read(request.user, day, now)}
    )


@require_POST
@needs(Permission.TASK_EDIT)
def put(request: Any, pk: int) -> HttpResponse:
    """Make a task of one's own a priority of the running day."""
    now = timezone.now()
    task = get_object_or_404(Task.objects.visible_to(request.user, Permission.TASK_EDIT), pk=pk, owner=request.user)
    day = priority_list.running_day(request.user, now)
    return _answer(request, priorities.put, task=task, day=day, by=request.user, at=now)


@require_POST
@needs(Permission.TASK_EDIT)
def drop(request: Any, pk: int) -> HttpResponse:
    """Take one away again."""
    priority = get_object_or_404(Priority.objects.visible_to(request.user), pk=pk)
    return _answer(request, priorities.drop, priority=priority, by=request.user, at=timezone.now())


def _answer(request: Any, verb: Callable[..., Priority], **words: Any) -> HttpResponse:
    """The block as it is now, with a toast where the service refused; My day itself without scripts."""
    said = ""
    try:
        verb(**words)
    except Refused as refused:
        said = str(refused.message)
    if not request.htmx:
        return redirect("reports:my-day")
    day = priority_list.running_day(request.user, words["at"])
    shown = {"priorities": priority_list.read(request.user, day, words["at"])}
    answer = render(request, FRAGMENT, shown, status=422 if said else 200)
    return toast(answer, said, kind="watch") if said else close_dialog(answer)
