"""What the card of a client reads: the record with its lists, its deals, its open tasks. A statement each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.urls import reverse

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.reach import among
from crm.may import may
from crm.models import (
    NOT_TALKED,
    ActivityKind,
    Company,
    CompanySettings,
    Contact,
    ContactEmail,
    ContactPhone,
    Deal,
    DealStatus,
    Employment,
    File,
    Share,
    Task,
)
from crm.timeline import on_seen

DEALS, TASKS, PEOPLE, FILES = 12, 12, 30, 50
MODELS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal}
VERBS = {
    "company": {"edit": Permission.COMPANY_EDIT, "delete": Permission.COMPANY_DELETE},
    "contact": {"edit": Permission.CONTACT_EDIT, "delete": Permission.CONTACT_DELETE},
}


def records(noun: str, user: Any) -> QuerySet[Any]:
    """The clients of a noun, each with all that fits into its own statement; deals with what their facts need."""
    if noun == "deal":
        return _deal_rows(user)
    model = MODELS[noun]
    rows = model.objects.visible_to(user).annotate(
        may_edit=may(user, VERBS[noun]["edit"]),
        may_delete=may(user, VERBS[noun]["delete"]),
        listed_talkers=ArraySubquery(_talkers(noun, user)),
        listed_tasks=ArraySubquery(_tasks(noun, user)),
        listed_tags=ArraySubquery(tags(model, noun)),
        listed_files=ArraySubquery(_files(noun, user)),
        listed_shares=ArraySubquery(_shares(noun)),
    )
    return _company_rows(rows, user) if noun == "company" else _contact_rows(rows, user)


def tags(model: Any, noun: str) -> QuerySet[Any, Any]:
    """The names of a record's tags."""
    return model.tags.through.objects.filter(**{noun: OuterRef("pk")}).order_by("tag__name").values("tag__name")


def _talkers(noun: str, user: Any) -> QuerySet[Any, Any]:
    """Who of the colleagues did how much with the client: all entries, calls, calls that reached, talks, and the last talk."""
    talked = ~Q(result__in=NOT_TALKED)
    call = Q(kind=ActivityKind.CALL)
    rows = on_seen(user).filter(**{noun: OuterRef("pk")}).order_by().values("performed_by", "performed_by__full_name")
    return rows.annotate(
        entries=Count("pk"),
        calls=Count("pk", filter=call),
        reached=Count("pk", filter=call & talked),
        talks=Count("pk", filter=talked & ~Q(kind=ActivityKind.NOTE)),
        last=Max("occurred_at", filter=talked & ~Q(kind=ActivityKind.NOTE)),
    ).values(
        json=JSONObject(
            pk="performed_by", name="performed_by__full_name", entries="entries", calls="calls", reached="reached",
            talks="talks", last="last",
        )
    )  # fmt: skip


def _tasks(noun: str, user: Any) -> QuerySet[Any, Any]:
    """The open tasks of the client, the most urgent first."""
    rows = Task.objects.visible_to(user).open().filter(**{noun: OuterRef("pk")})
    listed = rows.annotate(may_edit=may(user, Permission.TASK_EDIT)).order_by("due_at", "pk")
    return listed.values(
        json=JSONObject(
            pk="pk", title="title", due_at="due_at", due_has_time="due_has_time", owner="owner__full_name",
            may_edit="may_edit",
        )
    )[:TASKS]  # fmt: skip


def _twins() -> Combinable:
    """Whether a company entered earlier has the same tax number, domain or phone, as scoring sees it."""
    before = Q(recorded_at__lt=OuterRef("recorded_at")) | Q(recorded_at=OuterRef("recorded_at"), pk__lt=OuterRef("pk"))
    older = Company.objects.live().filter(before)
    tax, domain, phone = (
        Exists(older.filter(~Q(**{key: ""}), **{key: OuterRef(key)}))
        for key in ("tax_key", "domain_key", "phone_reversed")
    )
    return tax | domain | phone


def _deal_rows(user: Any) -> QuerySet[Any]:
    """Deals with tags, people and whether each of them, and the company, is within the person's own reach."""
    seen = Contact.objects.visible_to(user).filter(pk=OuterRef("pk"))
    people = Contact.objects.live().filter(deals=OuterRef("pk")).annotate(seen=Exists(seen)).order_by("name_key", "pk")
    return (
        Deal.objects.visible_to(user)
        .select_related("company")
        .annotate(
            may_edit=may(user, Permission.DEAL_EDIT),
            listed_tags=ArraySubquery(tags(Deal, "deal")),
            listed_contacts=ArraySubquery(people.values(json=JSONObject(pk="pk", name="name", seen="seen"))[:PEOPLE]),
            company_seen=Exists(Company.objects.visible_to(user).filter(pk=OuterRef("company"))),
        )
    )


def _company_rows(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """People who work there or did, the present ones first."""
    past = Employment.objects.filter(contact=OuterRef("pk"), company=OuterRef(OuterRef("pk"))).order_by(
        F("ends_on").desc(nulls_first=True)
    )
    here = Employment.objects.filter(company=OuterRef(OuterRef("pk"))).values("contact")
    people = (
        Contact.objects.visible_to(user)
        .filter(Q(company=OuterRef("pk")) | among("pk", here))
        .annotate(left=Subquery(past.values("ends_on")[:1]), then=Subquery(past.values("title")[:1]))
        .order_by(F("company").desc(nulls_last=True), "name_key")
    )
    listed = people.values(
        json=JSONObject(pk="pk", name="name", title="title", company="company_id", left="left", then="then")
    )
    parent = Company.objects.visible_to(user).filter(pk=OuterRef("parent")).values("name")[:1]
    return rows.select_related("owner").annotate(
        people=ArraySubquery(listed[:PEOPLE]),
        parent_name=Subquery(parent),
        is_twin=_twins(),
        has_next_step=Exists(Task.objects.open().filter(company=OuterRef("pk"))),
        home_country=Subquery(CompanySettings.objects.filter(pk=1).values("country")),
    )


def _contact_rows(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """With phones, e-mails and the companies he worked for before."""
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).order_by("position", "pk")
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).order_by("position", "pk")
    seen = Company.objects.visible_to(user).filter(pk=OuterRef("company")).values("name")[:1]
    past = (
        Employment.objects.filter(contact=OuterRef("pk"), ends_on__isnull=False)
        .annotate(company_name=Subquery(seen))
        .order_by("-ends_on", "-pk")
        .values(
            json=JSONObject(
                company="company_id", name="company_name", title="title", since="starts_on", until="ends_on"
            )
        )
    )
    employer = Company.objects.visible_to(user).filter(pk=OuterRef("company"))
    return rows.select_related("owner", "company").annotate(
        listed_phones=ArraySubquery(phones.values(json=JSONObject(number="number", label="label"))),
        listed_emails=ArraySubquery(emails.values("address")),
        past=ArraySubquery(past[:PEOPLE]),
        company_seen=Exists(employer),
    )


def _files(noun: str, user: Any) -> QuerySet[Any, Any]:
    """Files are reached through their record, so whoever sees it sees them."""
    rows = File.objects.filter(**{noun: OuterRef("pk")}) if holds(user, Permission.FILE_VIEW) else File.objects.none()
    return rows.values(
        json=JSONObject(pk="pk", name="name", size="size", by="uploaded_by__full_name", by_id="uploaded_by")
    )[:FILES]


def _shares(noun: str) -> QuerySet[Any, Any]:
    rows = Share.objects.filter(**{noun: OuterRef("pk")}).order_by("user__full_name")
    return rows.values(json=JSONObject(pk="pk", name="user__full_name", who="user"))


def deals(noun: str, pk: int, user: Any) -> Iterable[dict[str, Any]]:
    """The client's deals, open ones first; each open row carries the sum of all the open ones of its currency."""
    link = {"company": "company", "contact": "contacts"}[noun]
    rows = Deal.objects.visible_to(user).filter(**{link: pk}).annotate(
        total=Window(Sum("amount_minor"), partition_by=[F("status"), F("currency")]),
        is_open=Q(status=DealStatus.OPEN),
    )  # fmt: skip
    listed = rows.order_by("-is_open", "-changed_at", "-pk").values(
        "pk", "title", "status", "amount_minor", "currency", "stage__name", "stage__colour", "total", "closed_at"
    )
    for row in listed[:DEALS]:
        opened = row["status"] == DealStatus.OPEN
        yield {
            "pk": row["pk"],
            "title": row["title"],
            "href": reverse("crm:deal", args=[row["pk"]]),
            "open": opened,
            "stage": row["stage__colour"] if opened else "green" if row["status"] == DealStatus.WON else "red",
            "sub": row["stage__name"] if opened else str(DealStatus(row["status"]).label).capitalize(),
            "amount": formats.money(row["amount_minor"], row["currency"]),
            "sum": formats.money(row["total"], row["currency"]) if row["total"] is not None else "",
        }
