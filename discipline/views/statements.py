"""A person's statement, made for paper as much as for the screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from accounts.policy import can, needs
from discipline.models import SettlementLine, SettlementStatus
from discipline.settlement_page import STATES, span
from discipline.statement import Statement


@require_GET
@needs(Permission.STATEMENT_VIEW)
def statement(request: Any, pk: int) -> HttpResponse:
    """Every entry behind an amount, and how it was worked out."""
    lines = SettlementLine.objects.visible_to(request.user)
    people = ("user", "team", "settlement__team", "settlement__reviewed_by", "settlement__approved_by")
    line = get_object_or_404(lines.select_related(*people), pk=pk)
    settlement = line.settlement
    context = {
        "page": Statement(line), "line": line, "settlement": settlement, "span": span(settlement),
        "state": STATES[SettlementStatus(settlement.status)], "opens": can(request.user, Permission.SETTLEMENT_VIEW, settlement),
    }  # fmt: skip
    return render(request, "discipline/settlements/statement.html", context)
