"""Short messages at the edge of the page, told by the answer that caused them."""

from __future__ import annotations

from typing import Literal

from django.http import HttpResponse
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event

Kind = Literal["good", "watch", "bad"]


def toast(response: HttpResponse, message: str | Promise, *, kind: Kind = "good", undo_url: str = "") -> HttpResponse:
    """Let the page say `message` for some seconds; with `undo_url` (a POST address) it offers to take the step back.

    `good` for what was saved, `watch` for a rule that refused, `bad` for what broke.
    """
    return trigger_client_event(response, "toast", {"message": str(message), "kind": kind, "undo_url": undo_url})


def close_dialog(response: HttpResponse, *events: str) -> HttpResponse:
    """Close the open dialog, and tell the page which lists have changed ("deals-changed")."""
    for event in ("close-dialog", *events):
        trigger_client_event(response, event, {})
    return response
