"""What happens with a client after the sale: contracts, complaints, purchases. On his card in one statement, however much there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import holds
from crm import due, purchase_sums
from crm.links import url
from crm.models import (
    Company,
    Complaint,
    ComplaintKind,
    ComplaintStatus,
    Contact,
    Contract,
    ContractStatus,
    Deal,
    Purchase,
)
from crm.standing import ICONS, on, standing, state

MOST = 6
PAGES = (
    ("contract", Permission.CONTRACT_VIEW, "file-certificate"),
    ("complaint", Permission.COMPLAINT_VIEW, "mood-sad"),
    ("purchase", Permission.PURCHASE_VIEW, "truck-delivery"),
)


@dataclass(frozen=True)
class Business:
    """What one person sees of it at one company; ready to draw."""

    company: int | None
    contracts: Sequence[dict[str, Any]] = ()
    complaints: Sequence[dict[str, Any]] = ()
    bought: Sequence[dict[str, Any]] = ()
    last: str = ""
    may_contract: bool = False
    may_complain: bool = False

    @property
    def empty(self) -> bool:
        return not (self.contracts or self.complaints or self.bought)

    @property
    def query(self) -> str:
        """What narrows the lists to this client."""
        return f"?company={self.company}"


def of_company(pk: int | None, user: Any, at: datetime) -> Business:
    """Contracts in force, open complaints and two years of purchases of a company, in one statement; none without a company."""
    if pk is None:
        return Business(None)
    today = timezone.localdate(at)
    row: tuple[Any, ...] | None = (
        Company._base_manager.filter(pk=pk)
        .values_list(
            ArraySubquery(_contracts(user, today)),
            ArraySubquery(_complaints(user)),
            ArraySubquery(_months(user, today)),
            ArraySubquery(_last(user)),
        )
        .first()
    )
    parts: list[list[dict[str, Any]]] = [part or [] for part in row or ([], [], [], [])]
    contracts, complaints, months, last = parts
    return Business(
        company=pk,
        contracts=[_contract(one, today) for one in contracts],
        complaints=[_complaint(one, at) for one in complaints],
        bought=purchase_sums.figures(months),
        last=_last_words(last, today),
        may_contract=holds(user, Permission.CONTRACT_EDIT),
        may_complain=holds(user, Permission.COMPLAINT_EDIT),
    )


def contract_page(contract: Contract, user: Any, at: datetime) -> dict[str, Any]:
    """What the dialog of one contract shows beside the record."""
    today = timezone.localdate(at)
    facts = {name: getattr(contract, name) for name in ("status", "starts_on", "ends_on")}
    runs = contract.status == ContractStatus.RUNNING
    return {
        "state": state(facts, today),
        "since": on(contract.starts_on),
        "until": on(contract.ends_on) if contract.ends_on else _("until further notice"),
        "amount": formats.money(contract.amount_minor, contract.currency),
        "before": getattr(contract, "renewed_from", None),
        "reminder": _reminder(contract, at) if runs else "",
        "may_edit": holds(user, Permission.CONTRACT_EDIT),
        "may_renew": runs and contract.ends_on is not None,
        "may_end": runs,
    }


def complaint_page(complaint: Complaint, user: Any, at: datetime) -> dict[str, Any]:
    """What the dialog of one complaint shows beside the record."""
    facts = {name: getattr(complaint, name) for name in ("status", "due_at", "closed_at")}
    return {
        "state": standing(facts, at),
        "icon": ICONS[complaint.kind],
        "kind": capfirst(str(ComplaintKind(complaint.kind).label)),
        "amount": formats.money(complaint.amount_minor, complaint.currency),
        "open": complaint.status == ComplaintStatus.OPEN,
        "taken": formats.when(complaint.recorded_at, now=at),
        "closed": formats.when(complaint.closed_at, now=at) if complaint.closed_at else "",
        "may_edit": holds(user, Permission.COMPLAINT_EDIT),
    }


def tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """The three lists, as components/segments.html draws them."""
    labels = {"contract": _("Contracts"), "complaint": _("Complaints"), "purchase": _("Purchases")}
    return [
        {"label": labels[noun], "href": reverse(f"crm:{noun}-list"), "icon": icon, "current": noun == current}
        for noun, permission, icon in PAGES
        if holds(user, permission)
    ]


def client_of(user: Any, named: Mapping[str, Any]) -> dict[str, Any]:
    """The company of the contact or the deal that a form is about, where it names none itself."""
    if "company" in named:
        return {}
    models: dict[str, Any] = {"contact": Contact, "deal": Deal}
    for noun, model in models.items():
        if noun in named:
            found = model.objects.visible_to(user).filter(pk=named[noun]).values_list("company", flat=True).first()
            return {"company": found} if found else {}
    return {}


def _reminder(contract: Contract, at: datetime) -> str:
    task = contract.reminder
    if task is None or task.status != "open" or task.deleted_at is not None:
        return ""
    return due.words(task.due_at, task.due_has_time, at)


def _contracts(user: Any, today: date) -> QuerySet[Any, Any]:
    in_force = Q(status=ContractStatus.RUNNING) | Q(status=ContractStatus.RENEWED, ends_on__gte=today)
    rows = Contract.objects.visible_to(user).filter(in_force, company=OuterRef("pk"))
    return rows.order_by(F("ends_on").asc(nulls_last=True), "pk").values(
        json=JSONObject(
            pk="pk", title="title", status="status", starts_on="starts_on", ends_on="ends_on", amount="amount_minor",
            currency="currency",
        )
    )[:MOST]  # fmt: skip


def _complaints(user: Any) -> QuerySet[Any, Any]:
    rows = Complaint.objects.visible_to(user).filter(status=ComplaintStatus.OPEN, company=OuterRef("pk"))
    return rows.order_by("due_at", "pk").values(
        json=JSONObject(
            pk="pk", subject="subject", kind="kind", status="status", due_at="due_at", owner="owner__full_name"
        )
    )[:MOST]


def _months(user: Any, today: date) -> QuerySet[Any, Any]:
    """Sums by kind, currency and how many whole months ago: 0 is the month that ends today, 23 the oldest of two years."""
    ago = (
        Value(today.year * 12 + today.month)
        - ExtractYear("day") * 12
        - ExtractMonth("day")
        - Case(When(late_in_month__gt=today.day, then=1), default=0, output_field=IntegerField())
    )
    rows = Purchase.objects.visible_to(user).filter(
        company=OuterRef("pk"), day__gt=today - timedelta(days=2 * 366), day__lte=today
    )
    grouped = (
        rows.annotate(late_in_month=ExtractDay("day")).annotate(ago=ago).order_by().values("kind", "currency", "ago")
    )
    return grouped.annotate(total=Sum("amount_minor")).values(
        json=JSONObject(kind="kind", currency="currency", ago="ago", total="total")
    )


def _last(user: Any) -> QuerySet[Any, Any]:
    rows = Purchase.objects.visible_to(user).filter(company=OuterRef("pk"), amount_minor__gt=0)
    return rows.order_by("-day", "-pk").values(
        json=JSONObject(day="day", amount="amount_minor", currency="currency", kind="kind")
    )[:1]


def _contract(row: dict[str, Any], today: date) -> dict[str, Any]:
    facts = {**row, "starts_on": _day(row["starts_on"]), "ends_on": _day(row["ends_on"])}
    shown = state(facts, today)
    return {
        "pk": row["pk"],
        "title": row["title"],
        "href": url("crm:contract", row["pk"]),
        "state": shown,
        "until": _("until %(day)s") % {"day": on(facts["ends_on"])} if facts["ends_on"] else _("until further notice"),
        "amount": formats.money(row["amount"], row["currency"]) if row["amount"] is not None else "",
        "asks": row["status"] == ContractStatus.RUNNING and shown["tone"] in ("watch", "bad"),
    }


def _complaint(row: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "pk": row["pk"],
        "subject": row["subject"],
        "href": url("crm:complaint", row["pk"]),
        "icon": ICONS[row["kind"]],
        "kind": capfirst(str(ComplaintKind(row["kind"]).label)),
        "state": standing({**row, "due_at": datetime.fromisoformat(row["due_at"])}, at),
        "owner": row["owner"],
    }


def _last_words(last: Sequence[Mapping[str, Any]], today: date) -> str:
    if not last:
        return ""
    one = last[0]
    day, amount = formats.day(date.fromisoformat(one["day"]), today), formats.money(one["amount"], one["currency"])
    return _("Last one %(day)s, %(amount)s") % {"day": day, "amount": amount}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
