"""Adoption: how quickly and how often people enter what they do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from accounts.policy import needs
from reports.adoption import Adoption


@require_GET
@needs(Permission.ADOPTION_VIEW)
def adoption(request: Any) -> HttpResponse:
    """Entry times and habits of the people within reach."""
    return render(request, "reports/adoption.html", {"page": Adoption(request.user, timezone.now())})
