"""How the page of a verb answers: a dialog while it asks, a toast once it is done, pages to a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms import ServiceForm
from accounts.toasts import close_dialog, toast


def about(request: Any, *nouns: str) -> dict[str, str]:
    """What a form is about: the records of these nouns that its address names, else the card that it was opened over."""
    named = {noun: request.GET[noun] for noun in nouns if _is_key(request.GET.get(noun, ""))}
    if named or not request.htmx.current_url:
        return named
    try:
        page = resolve(urlsplit(request.htmx.current_url).path)
    except Resolver404:
        return {}
    return {noun: str(page.kwargs["pk"]) for noun in nouns if page.view_name == f"crm:{noun}"}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def sent(request: Any) -> Any:
    """The form's data once it was sent, though it may be empty; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


def ask(
    request: Any,
    form: ServiceForm,
    verb: Callable[..., Any],
    *,
    at: datetime,
    template: str,
    said: Callable[[Any], str],
    changed: Sequence[str],
    to: str,
    undo_url: Callable[[Any], str] = lambda result: "",
    leaves: bool = False,
    shown: dict[str, Any] | None = None,
    **fixed: Any,
) -> HttpResponse:
    """Draw the dialog of a verb, and run the verb once it is sent.

    `said` makes the toast from the verb's result, `changed` are the events of what is different now, `to` is where a browser
    without scripts goes on, and everybody where the page that asked is gone (`leaves`); `undo_url` makes the address that takes
    it back, `shown` is more for the template, `fixed` more for the verb.
    """
    if request.method == "POST":
        result = form.submit(verb, by=request.user, at=at, **fixed)
        if result is not None:
            return (
                left(request, said(result), to)
                if leaves
                else done(request, said(result), *changed, to=to, undo_url=undo_url(result))
            )
    return asked(request, template, form, **(shown or {}))


def asked(request: Any, template: str, form: ServiceForm, **context: Any) -> HttpResponse:
    """The dialog with its form, posting back to where it came from; 422 when it came back with a mistake or a refusal.

    Where a colleague changed the same in the meantime, it asks which of the two is kept.
    """
    status = 422 if form.is_bound and form.errors else 200
    if getattr(form, "clash", None):
        template = "components/stale.html"
    return render(request, template, {"action": request.get_full_path(), **context, "form": form}, status=status)


def done(request: Any, message: str, *changed: str, to: str, undo_url: str = "") -> HttpResponse:
    """It is done: close the dialog, say so, name the events of what changed; without htmx go to `to`."""
    if request.htmx:
        return close_dialog(toast(HttpResponse(status=204), message, undo_url=undo_url), *changed)
    messages.success(request, message)
    return HttpResponseRedirect(to)


def left(request: Any, message: str, to: str) -> HttpResponse:
    """It is done, and the page it was done on is no longer there for the person: go to `to` and say it there."""
    messages.success(request, message)
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)


def refused(request: Any, form: ServiceForm, *, to: str) -> HttpResponse:
    """A rule says no where no dialog is open: the reason with its remedy as a toast, nothing else changes."""
    reason = next((str(errors[0]) for errors in form.errors.values()), "")
    if request.htmx:
        return toast(HttpResponse(status=422, headers={"HX-Reswap": "none"}), reason, kind="watch")
    messages.warning(request, reason)
    return HttpResponseRedirect(to)
