"""Records for tests, written straight into their tables where a service is not what the test is about."""

from datetime import date, datetime, timedelta

from accounts.models import User
from crm import custom
from crm.folding import fold
from crm.models import (
    Activity,
    ActivityKind,
    Company,
    Complaint,
    Contact,
    Contract,
    CustomField,
    Deal,
    Pipeline,
    Purchase,
    PurchaseKind,
    Segment,
    Stage,
    Task,
)


def make_stage(name: str = "New", pipeline: Pipeline | None = None, **fields: object) -> Stage:
    pipeline = pipeline or Pipeline.objects.get_or_create(name="Sales")[0]
    return Stage.objects.get_or_create(pipeline=pipeline, name=name, defaults=fields)[0]


def make_company(owner: User, name: str = "Acme", **fields: object) -> Company:
    return Company.objects.create(
        name=name, name_key=fold(name), folded=fold(name), owner=owner, created_by=owner, changed_by=owner, **fields
    )


def make_contact(owner: User, name: str = "Nadia Bauer", **fields: object) -> Contact:
    return Contact.objects.create(
        name=name, name_key=fold(name), folded=fold(name), owner=owner, created_by=owner, changed_by=owner, **fields
    )


def make_deal(owner: User, title: str = "Fleet renewal", **fields: object) -> Deal:
    fields.setdefault("stage", make_stage())
    return Deal.objects.create(
        title=title, folded=fold(title), owner=owner, created_by=owner, changed_by=owner, **fields
    )


def make_task(owner: User, due_at: datetime, title: str = "Send the offer", **fields: object) -> Task:
    return Task.objects.create(title=title, owner=owner, due_at=due_at, created_by=owner, changed_by=owner, **fields)


def make_activity(by: User, at: datetime, kind: str = ActivityKind.CALL, **fields: object) -> Activity:
    """Something that ended five minutes before `at`."""
    return Activity.objects.create(
        kind=kind, occurred_at=at - timedelta(minutes=5), performed_by=by, created_by=by, changed_by=by, **fields
    )


def make_contract(company: Company, starts_on: date, ends_on: date | None = None, **fields: object) -> Contract:
    owner = company.owner
    given = {"title": "Maintenance", "owner": owner, "created_by": owner, "changed_by": owner, **fields}
    return Contract.objects.create(company=company, starts_on=starts_on, ends_on=ends_on, **given)


def make_complaint(company: Company, due_at: datetime, **fields: object) -> Complaint:
    owner = company.owner
    given = {"subject": "Arrived broken", "owner": owner, "created_by": owner, "changed_by": owner, **fields}
    return Complaint.objects.create(company=company, due_at=due_at, **given)


def make_purchase(company: Company, day: date, amount_minor: int = 100_000, **fields: object) -> Purchase:
    owner = company.owner
    given = {"kind": PurchaseKind.SHIPMENT, "created_by": owner, "changed_by": owner, **fields}
    return Purchase.objects.create(company=company, day=day, amount_minor=amount_minor, **given)


def make_field(
    noun: str = "company", kind: str = "text", label: str = "Size of the fleet", **fields: object
) -> CustomField:
    given = {"key": fold(label).replace(" ", "_"), **fields}
    field = CustomField.objects.create(noun=noun, kind=kind, label=label, **given)
    custom.forget()
    return field


def make_segment(
    user: User, conditions: list[dict[str, object]], name: str = "Gone quiet", **fields: object
) -> Segment:
    return Segment.objects.create(user=user, name=name, conditions=conditions, **fields)
