"""The inbox: behind the bell as a panel, and as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import toast
from notifications import rendering
from notifications.models import Message
from notifications.services import messages

PAGE = 30
PANEL = 8


@require_GET
@needs(Permission.MESSAGE_VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest messages: some of them in the panel behind the bell, all of them page by page."""
    if getattr(request, "htmx", False):
        return render(request, "notifications/_panel.html", {"entries": _entries(request, PANEL)[0]})
    entries, older = _entries(request, PAGE)
    return render(request, "notifications/inbox.html", {"entries": entries, "older": older})


@require_POST
@needs(Permission.MESSAGE_VIEW)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a message: note that it has been read and go where it leads."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    messages.read(message=message, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    to = message.url if message.url.startswith("/") and not message.url.startswith("//") else "notifications:inbox"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(redirect(to).url)
    return redirect(to)


@require_POST
@needs(Permission.MESSAGE_VIEW)
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that everything has been read; answers with the panel, or goes back to the page."""
    messages.read_all(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    if not getattr(request, "htmx", False):
        return redirect("notifications:inbox")
    response = render(request, "notifications/_panel.html", {"entries": _entries(request, PANEL)[0]})
    return toast(response, _("Everything is read."))


def _entries(request: HttpRequest, size: int) -> tuple[list[dict[str, object]], int | None]:
    """Messages ready to draw, and the key to go on from when there are older ones."""
    rows = Message.objects.visible_to(request.user).select_related("recipient").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    listed = list(rows[: size + 1])
    shown = [{"message": message, "words": rendering.inbox(message)} for message in listed[:size]]
    return shown, listed[size - 1].pk if len(listed) > size else None
