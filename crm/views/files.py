"""Files: hung on a record, brought back, removed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import can, needs
from crm.downloads import served
from crm.forms.files import AttachFile
from crm.models import Company, Contact, Deal, File, Task
from crm.services import files
from crm.views.answers import ask, sent

NOUNS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal, "task": Task}
CHANGED = {
    "company": "companies-changed",
    "contact": "contacts-changed",
    "deal": "deals-changed",
    "task": "tasks-changed",
}


@require_http_methods(["GET", "POST"])
@needs(Permission.FILE_ADD)
def add(request: Any, noun: str, pk: int) -> HttpResponse:
    """Hang a file on a record."""
    if noun not in NOUNS:
        raise Http404
    record = get_object_or_404(NOUNS[noun].objects.visible_to(request.user), pk=pk)
    form = AttachFile(sent(request), request.FILES or None)
    return ask(
        request, form, files.attach, at=timezone.now(), template="crm/files/add.html",
        said=lambda file: _("%(name)s is attached.") % {"name": file.name},
        changed=[CHANGED[noun]], to=_home(noun, pk), shown={"record": record}, **{noun: record},
    )  # fmt: skip


@require_GET
@needs(Permission.FILE_VIEW)
def download(request: Any, pk: int) -> Any:
    """The file, always as a download: nothing that somebody uploaded runs in this site's name."""
    file = get_object_or_404(File.objects.visible_to(request.user), pk=pk)
    return served(file)


@require_http_methods(["GET", "POST"])
@needs(Permission.FILE_ADD)
def delete(request: Any, pk: int) -> HttpResponse:
    """Remove a file for good."""
    file = get_object_or_404(File.objects.visible_to(request.user, Permission.FILE_ADD), pk=pk)
    noun = next(noun for noun in NOUNS if getattr(file, f"{noun}_id"))
    if file.uploaded_by_id != request.user.pk and not can(request.user, files.OWN[noun], getattr(file, noun)):
        raise Http404
    return ask(
        request, ServiceForm(sent(request)), remove, at=timezone.now(), template="crm/files/delete.html", file=file,
        said=lambda gone: _("The file is deleted."), changed=[CHANGED[noun]],
        to=_home(noun, getattr(file, f"{noun}_id")), shown={"file": file},
    )  # fmt: skip


def remove(*, file: File, **words: Any) -> bool:
    """Tells a form that it was done: the service has nothing left to give back."""
    files.delete(file=file, **words)
    return True


def _home(noun: str, pk: int) -> str:
    return reverse("crm:task-list") if noun == "task" else reverse(f"crm:{noun}", args=[pk])
