"""The gallery: every component in every state on one page, for whoever builds pages and for the checks that look at them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.toasts import close_dialog, toast
from reports.views import gallery_charts
from reports.views import gallery_samples as samples


def _wrong_form() -> samples.SampleForm:
    """A form as it comes back with mistakes."""
    form = samples.SampleForm({"title": "", "company": "1", "amount": "-5"}, prefix="wrong")
    form.data = {f"wrong-{name}": value for name, value in form.data.items()}
    form.add_error(None, "Quarry & Sons has a deal like this already. Open it, or save this one as well.")
    return form


@require_safe
@needs(Permission.SETTINGS_EDIT)
def gallery(request: HttpRequest) -> HttpResponse:
    """Show all components."""
    now = timezone.now()
    context: dict[str, Any] = {
        "form": samples.SampleForm(prefix="plain"),
        "wrong_form": _wrong_form(),
        "outcomes": samples.OUTCOMES,
        "next_steps": samples.NEXT_STEPS,
        "states": [
            "met",
            "on-track",
            "watch",
            "missed",
            "behind",
            "late",
            "na",
            "pending",
            "trial",
            "running",
            "done",
            "failed",
        ],
        "people": [
            "Anna Keller",
            "Marco Rossi",
            "Ewa Nowak",
            "Sofia Lind",
            "Иван Петров",
            "Łukasz Wójcik",
            "José Núñez",
            "Jonas Weber",
        ],
        "colours": ["grey", "blue", "violet", "orange", "green", "red"],
        "lanes": samples.lanes(),
        "clash": samples.CLASH,
        "lines": samples.LINES,
        "heat": samples.HEAT,
        "events": samples.timeline(now),
        "clocks": samples.clocks(now),
        "rows": samples.ROWS,
        "rank": samples.RANK,
        "hits": samples.HITS,
        "trend": [4, 7, 6, 3, 8, 5, 9, 7, None, 8, 6, 7, 9, 7],
        "now": now,
        "charts": gallery_charts.samples(),
        "hard_charts": gallery_charts.hard(),
        **samples.PAGES,
    }
    return render(request, "reports/gallery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SETTINGS_EDIT)
def gallery_dialog(request: HttpRequest) -> HttpResponse:
    """Show the sample dialog; its form is checked and saves nothing."""
    form = samples.SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return close_dialog(toast(HttpResponse(status=204), "Deal added.", undo_url=reverse("reports:gallery-undo")))
    context = {"form": form, "action": reverse("reports:gallery-dialog")}
    return render(request, "reports/gallery_dialog.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs(Permission.SETTINGS_EDIT)
def gallery_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a move on the sample board: the last stage refuses, the others take the card."""
    card = next((card for card in samples.deals() if card["id"] == pk), samples.deals()[0])
    refused = request.POST.get("stage") == samples.STAGES[-1][0]
    response = render(request, "components/deal_card.html", {"card": card}, status=422 if refused else 200)
    if refused:
        return toast(response, f"“{card['title']}” needs an amount before it can be won.", kind="watch")
    return response


@require_POST
@needs(Permission.SETTINGS_EDIT)
def gallery_undo(request: HttpRequest) -> HttpResponse:
    """Answer "Undo" of the sample toast."""
    return toast(HttpResponse(status=204), "Undone.")
