"""Where a toast takes back what was just entered, and which next step goes with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from crm.models import Activity, Task
from crm.services.logs import AT_ONCE, Finished


def of_log(activity: Activity, form: ServiceForm) -> str:
    """The address that takes an activity back, with the task that was set along with it."""
    url = reverse("crm:activity-undo", args=[activity.pk])
    return url + _step(form, activity.performed_by_id, activity.recorded_at)


def of_finish(finished: Finished, form: ServiceForm) -> str:
    """The address that opens a task again; what was entered with it and the next step go as well."""
    if finished.activity is not None:
        return of_log(finished.activity, form)
    task = finished.task
    url = reverse("crm:task-reopen", args=[task.pk])
    return url + _step(form, task.changed_by_id, task.done_at) if task.done_at else url


def _step(form: ServiceForm, by: int | None, saved_at: datetime) -> str:
    """The task that the form has just set, as a part of the address; empty where it set none."""
    spec = form.cleaned_data.get("next_step")
    if spec is None:
        return ""
    since = saved_at - AT_ONCE
    mine = Task.objects.open().filter(created_by=by, recorded_at__gte=since, due_at=spec.due)
    key = mine.order_by("-pk").values_list("pk", flat=True).first()
    return f"?step={key}" if key else ""


def step(request: Any) -> Task | None:
    """The next step that an address of this module names, as long as it is the person's own and open."""
    key = request.GET.get("step", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    mine = Task.objects.visible_to(request.user, Permission.TASK_EDIT).open().filter(created_by=request.user)
    return mine.filter(pk=int(key)).first()
