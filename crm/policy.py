"""Whose clients, deals, tasks and activities somebody reaches, and which of their fields.

A manager works with his own records and those shared with him; a head with those of his teams; an owner reads all; the
coordinator reaches none without a grant in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Q
from django.utils import timezone

from accounts.models import Role
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, Reach, Rule, Use, register
from accounts.reach import belongs_to_people_of
from crm.models import (
    Activity,
    Company,
    CompanySettings,
    Contact,
    Deal,
    File,
    Grant,
    LossReason,
    Pipeline,
    Product,
    SavedView,
    Share,
    Stage,
    Tag,
    Task,
)


def everything(user: Any) -> Q:
    return EVERYTHING


def any_of(conditions: Iterable[Q]) -> Q:
    """One condition that holds where any of them does; an empty one among them (no limit) wins."""
    listed = list(conditions)
    return EVERYTHING if any(not condition for condition in listed) else reduce(or_, listed)


def of_people(field: str, *, shared: str = "") -> Reach:
    """Records of somebody's people (by `field`), with those shared with him (`shared` names the column of Share)."""

    def reach(user: Any) -> Q:
        if user.role == Role.ADMIN:
            return Q(Exists(Grant.objects.in_force(timezone.now()).filter(user=user.pk)))
        own = belongs_to_people_of(user, field)
        if not shared or user.role == Role.OWNER:
            return own
        return own | Q(pk__in=Share.objects.filter(user=user.pk, **{f"{shared}__isnull": False}).values(shared))

    return reach


def through(**paths: Reach) -> Reach:
    """Records that hang on another one: reached when what they hang on is."""

    def reach(user: Any) -> Q:
        return any_of(
            Q(**{f"{path}__in": MODELS[path]._base_manager.filter(of(user), deleted_at__isnull=True).values("pk")})
            for path, of in paths.items()
        )

    return reach


def either(*reaches: Reach) -> Reach:
    def reach(user: Any) -> Q:
        return any_of(one(user) for one in reaches)

    return reach


MODELS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal, "task": Task}
companies = of_people("owner", shared="company")
contacts = of_people("owner", shared="contact")
deals = of_people("owner", shared="deal")
tasks = either(of_people("owner"), of_people("created_by"))
on_records = through(company=companies, contact=contacts, deal=deals)
own_deals = of_people("owner")


def reads(
    *names: str, writes: tuple[str, ...] = (), exports: tuple[str, ...] | None = None
) -> dict[Use, frozenset[str]]:
    return {
        Use.READ: frozenset(names),
        Use.WRITE: frozenset(writes),
        Use.EXPORT: frozenset(names if exports is None else exports),
    }


COMPANY = (
    "name", "tax_number", "domain", "phone", "email", "address", "city", "country", "industry", "employees", "founded",
    "revenue_minor", "currency", "parent", "tags", "note",
)  # fmt: skip
CONTACT = ("name", "title", "company", "city", "phones", "emails", "tags", "note")
DEAL = (
    "title", "company", "contacts", "lines", "stage", "amount_minor", "currency", "expected_close", "tags", "note", "loss_reason",
    "competitor",
)  # fmt: skip
TASK = ("kind", "title", "note", "due_at", "due_has_time", "company", "contact", "deal", "result", "push_reason")
ACTIVITY = (
    "kind", "direction", "occurred_at", "seconds", "result", "note", "company", "contact", "others", "deal", "task",
)  # fmt: skip
STAMPS = ("id", "source", "created_by", "recorded_at", "changed_at")
SETTINGS = ("company_name", "next_step", "currency", "country")
REFERENCE = (Pipeline, Stage, LossReason, Product, Tag)


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(
        Company,
        {P.COMPANY_VIEW: companies, P.COMPANY_EDIT: companies, P.COMPANY_DELETE: of_people("owner")},
        reads(*STAMPS, *COMPANY, "owner", writes=(*COMPANY, "owner")),
    ))  # fmt: skip
    register(Rule(
        Contact,
        {P.CONTACT_VIEW: contacts, P.CONTACT_EDIT: contacts, P.CONTACT_DELETE: of_people("owner")},
        reads(*STAMPS, *CONTACT, "owner", writes=(*CONTACT, "owner")),
    ))  # fmt: skip
    register(Rule(
        Deal,
        {P.DEAL_VIEW: deals, P.DEAL_EDIT: deals, P.DEAL_GIVE: own_deals, P.DEAL_DELETE: own_deals},
        reads(
            *STAMPS, *DEAL, "owner", "status", "stage_since", "opened_at", "closed_at", "next_task_due",
            writes=(*DEAL, "owner"),
        ),
    ))  # fmt: skip
    register(Rule(
        Task,
        {P.TASK_VIEW: either(tasks, through(deal=deals)), P.TASK_EDIT: tasks, P.TASK_GIVE: of_people("owner")},
        reads(*STAMPS, *TASK, "owner", "status", "done_at", "pushes", writes=(*TASK, "owner")),
    ))  # fmt: skip
    register(Rule(
        Activity,
        {P.ACTIVITY_VIEW: either(of_people("performed_by"), on_records), P.ACTIVITY_EDIT: of_people("performed_by")},
        reads(*STAMPS, *ACTIVITY, "performed_by", writes=ACTIVITY),
    ))  # fmt: skip
    register(Rule(
        File,
        {P.FILE_VIEW: either(on_records, through(task=tasks)), P.FILE_ADD: either(on_records, through(task=tasks))},
        reads("id", "name", "size", "company", "contact", "deal", "task", "uploaded_by", "uploaded_at"),
    ))  # fmt: skip
    register(Rule(SavedView, {P.VIEW_SAVE: lambda user: Q(user=user.pk)}, reads("id", "page", "name", "query")))
    register(Rule(CompanySettings, {P.SETTINGS_EDIT: everything}, reads(*SETTINGS, writes=SETTINGS)))
    register(
        Rule(
            Grant,
            {P.GRANT_VIEW: everything, P.GRANT_TAKE: everything},
            reads("id", "user", "reason", "starts_at", "ends_at"),
        )
    )
    for model in REFERENCE:
        names = tuple(f.name for f in model._meta.concrete_fields if f.editable)
        register(Rule(model, {}, reads(*names, writes=names)))
