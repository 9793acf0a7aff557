"""Answering a list: the whole page, the list inside it, or only its rows, as the browser asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from crm.lists import Asker, Listing, ListPage

FRAGMENTS = {"list": "crm/lists/_list.html", "list-results": "crm/lists/_results.html"}


def answer(request: HttpRequest, page: ListPage, **context: Any) -> HttpResponse:
    """Render `page` as this person asked for it. Fragments say in HX-Push-Url the one spelling of what was asked."""
    listing = Listing(page, Asker(request.user, timezone.now()), request.GET)
    htmx = getattr(request, "htmx", None)
    fragment = FRAGMENTS.get(htmx.target or "") if htmx else None
    response = render(request, fragment or page.template, {"list": listing, "fragment": fragment, **context})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if fragment:
        response["HX-Push-Url"] = listing.here
    return response
