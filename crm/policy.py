"""Whose clients, deals, tasks and activities somebody reaches, and which of their fields.

A manager works with his own records and those shared with him; a head with those of his teams; an owner reads all; the
coordinator reaches none without a grant in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership, Role, Team
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, Reach, Rule, Use, register
from accounts.reach import among, belongs_to_people_of
from crm.merging.reach import both_sides
from crm.models import (
    Activity,
    BulkChange,
    Company,
    CompanySettings,
    Complaint,
    Contact,
    Contract,
    CustomField,
    Deal,
    Download,
    DuplicatePair,
    File,
    Grant,
    LossReason,
    MassAssignment,
    Pipeline,
    Product,
    Purchase,
    SavedView,
    Segment,
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


KNOWN = "_shares_known"


def remember_shares(user: Any, **keys: Sequence[int]) -> None:
    """Tell the policy what a statement of this request has read: the keys shared with somebody, by noun. Most have none, and the
    database then need not look for any."""
    setattr(user, KNOWN, keys)


def of_people(field: str, *, shared: str = "") -> Reach:
    """Records of somebody's people (by `field`), with those shared with him (`shared` names the column of Share)."""

    def reach(user: Any) -> Q:
        if user.role == Role.ADMIN:
            return Q(Exists(Grant.objects.in_force(timezone.now()).filter(user=user.pk)))
        own = belongs_to_people_of(user, field)
        if not shared or user.role == Role.OWNER:
            return own
        known = getattr(user, KNOWN, {}).get(shared)
        if known is not None:
            return own | Q(pk__in=known) if known else own
        return own | among("pk", Share.objects.filter(user=user.pk, **{f"{shared}__isnull": False}).values(shared))

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
    "revenue_minor", "currency", "parent", "tags", "note", "custom",
)  # fmt: skip
CONTACT = ("name", "title", "company", "city", "phones", "emails", "tags", "note", "custom")
DEAL = (
    "title", "company", "contacts", "lines", "stage", "amount_minor", "currency", "expected_close", "tags", "note", "loss_reason",
    "competitor", "custom",
)  # fmt: skip
TASK = ("kind", "title", "note", "due_at", "due_has_time", "company", "contact", "deal", "result", "push_reason")
ACTIVITY = (
    "kind", "direction", "occurred_at", "seconds", "result", "note", "company", "contact", "others", "deal", "task",
)  # fmt: skip
STAMPS = ("id", "source", "created_by", "recorded_at", "changed_at")
CONTRACT = (
    "company", "deal", "title", "number", "starts_on", "ends_on", "remind_days", "amount_minor", "currency", "status", "note",
)  # fmt: skip
COMPLAINT = (
    "kind", "company", "contact", "deal", "product", "subject", "note", "amount_minor", "currency", "due_at", "status", "answer",
)  # fmt: skip
PURCHASE = ("kind", "company", "deal", "product", "number", "day", "amount_minor", "currency")
FIELD = ("noun", "key", "label", "kind", "options", "hint", "in_list", "position", "is_active")
SETTINGS = ("company_name", "next_step", "currency", "country")
REFERENCE = (Pipeline, Stage, LossReason, Product, Tag)


def own(user: Any) -> Q:
    return Q(user=user.pk)


def shared_or_own(user: Any) -> Q:
    return Q(user=user.pk) | Q(is_shared=True)


def kept_or_offered(user: Any) -> Q:
    """Views of one's own, and those for a team that one belongs to or leads, or for one above it."""
    member = Membership.objects.on(timezone.localdate()).filter(user=user.pk).values("team")
    mine = Team.objects.filter(Q(head=user.pk) | Q(pk__in=member), path__startswith=OuterRef("path"))
    return Q(user=user.pk) | Q(team__in=Team.objects.filter(Exists(mine)).values("pk"))


def booked(user: Any) -> Q:
    """The accounts are brought in whole by the coordinator's programs; others touch what their clients bought."""
    return EVERYTHING if user.role == Role.ADMIN else through(company=companies)(user)


def register_all() -> None:
    """Called once the apps are ready."""
    _clients_and_work()
    _business()
    _settings()


def _clients_and_work() -> None:
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


def _business() -> None:
    """Contracts, complaints, purchases, and what is done to many clients at once."""
    of_client = either(of_people("owner"), through(company=companies))
    register(Rule(
        Contract,
        {P.CONTRACT_VIEW: of_client, P.CONTRACT_EDIT: of_client},
        reads(*STAMPS, *CONTRACT, "owner", writes=(*CONTRACT, "owner")),
    ))  # fmt: skip
    register(Rule(
        Complaint,
        {P.COMPLAINT_VIEW: of_client, P.COMPLAINT_EDIT: of_client},
        reads(*STAMPS, *COMPLAINT, "owner", "closed_at", writes=(*COMPLAINT, "owner")),
    ))  # fmt: skip
    register(Rule(
        Purchase,
        {P.PURCHASE_VIEW: through(company=companies), P.PURCHASE_EDIT: booked},
        reads(*STAMPS, *PURCHASE, "external_id", writes=(*PURCHASE, "external_id")),
    ))  # fmt: skip
    register(Rule(
        Segment,
        {P.SEGMENT_VIEW: shared_or_own, P.SEGMENT_EDIT: own},
        reads("id", "name", "conditions", "user", "is_shared", writes=("name", "conditions", "is_shared")),
    ))  # fmt: skip
    register(Rule(
        MassAssignment,
        {P.TASK_ASSIGN: of_people("given_by")},
        reads("id", "segment", "name", "conditions", "kind", "title", "note", "due_at", "given_by", "given_at", "reminded_at"),
    ))  # fmt: skip
    register(
        Rule(
            DuplicatePair,
            {P.RECORD_MERGE: both_sides},
            reads("id", "noun", "first", "second", "reasons", "score", "found_at"),
        )
    )
    register(Rule(Download, {P.DOWNLOAD_VIEW: own}, reads("id", "name", "status", "rows", "total", "asked_at")))
    register(Rule(BulkChange, {P.RECORD_BULK: lambda user: Q(by=user.pk)}, reads("id", "noun", "verb", "count", "at")))


def _settings() -> None:
    register(Rule(
        CustomField,
        {P.FIELD_EDIT: everything},
        reads("id", *FIELD, writes=FIELD),
    ))  # fmt: skip
    register(
        Rule(SavedView, {P.VIEW_SAVE: kept_or_offered, P.VIEW_SHARE: own}, reads("id", "page", "name", "query", "team"))
    )
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
