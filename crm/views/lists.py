"""Answering a list: the whole page, the list inside it, or only its rows, as the browser asked; its columns and its file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import bulk_page, exports
from crm.lists import Asker, Listing, ListPage
from crm.lists.asked import Asked
from crm.lists.selection import page_of
from crm.services import exporting
from crm.views import downloads

FRAGMENTS = {"list": "crm/lists/_list.html", "list-results": "crm/lists/_results.html"}


def answer(request: HttpRequest, page: ListPage, **context: Any) -> HttpResponse:
    """Render `page` as this person asked for it. Fragments say in HX-Push-Url the one spelling of what was asked."""
    listing = Listing(page, Asker(request.user, timezone.now()), request.GET)
    htmx: Any = getattr(request, "htmx", None)
    fragment = FRAGMENTS.get(htmx.target or "") if htmx else None
    if not request.GET and listing.standard and not fragment:
        return HttpResponseRedirect(listing.address(listing.standard))
    shown = {
        "list": listing,
        "fragment": fragment,
        "verbs": bulk_page.verbs_for(request.user, page.bulk),
        "may_export": page.exportable and holds(request.user, Permission.RECORD_EXPORT),
        "may_connect": page.exportable and holds(request.user, Permission.LIVE_EDIT),
        **context,
    }
    response = render(request, fragment or page.template, shown)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if fragment and htmx.current_url_abs_path != listing.here:
        response["HX-Push-Url"] = listing.here
    return response


@require_GET
@needs(Permission.REFERENCE_VIEW)
def columns(request: Any, noun: str) -> HttpResponse:
    """The dialog that chooses the columns of a list and their order; the list itself takes the answer."""
    page = _page(request, noun)
    if not page.choosable:
        raise Http404(_("There is no such list."))
    asked = Asked(page, Asker(request.user, timezone.now()), QueryDict(request.GET.get("query", "")))
    on = {column.key for column in asked.columns}
    return render(
        request,
        "crm/lists/columns.html",
        {
            "list": asked,
            "on": asked.columns[1:],
            "off": [column for column in asked.offered[1:] if column.key not in on],
            "kept": [(key, value) for key, value in QueryDict(asked.query).items() if key != "cols"],
        },
    )


@require_POST
@needs(Permission.RECORD_EXPORT)
def export(request: Any, noun: str) -> Any:
    """Exactly what the list shows as a file: these rows and columns, in this order; a long one is made ready in the background."""
    page, kind = _page(request, noun), request.POST.get("kind", "")
    if kind not in exports.KINDS or not page.exportable:
        raise Http404(_("There is no such file."))
    asked = Asked(page, Asker(request.user, timezone.now()), QueryDict(request.POST.get("query", "")))
    params = {"noun": page.noun, "query": asked.query, "kind": kind}
    return downloads.answer(request, exporting.KEY, params, to=asked.address(asked.query))


def _page(request: Any, noun: str) -> ListPage:
    page = page_of(noun)
    if page is None or not holds(request.user, page.permission):
        raise Http404(_("There is no such list."))
    return page
