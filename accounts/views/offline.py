"""What makes Daybook installable and lets it open without a network: manifest, service worker, the page for what was not kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts import devices


@login_not_required
@require_safe
@cache_control(no_cache=True)
def worker(request: Any) -> HttpResponse:
    """The service worker, for the whole site; browsers look every time whether it has changed."""
    return HttpResponse(
        devices.worker(), content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"}
    )


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: Any) -> JsonResponse:
    """The web app manifest."""
    return JsonResponse(devices.manifest(), content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request: Any) -> HttpResponse:
    """What is shown without a network where the page asked for was not kept. Says nothing about anybody."""
    return render(request, "offline.html")
