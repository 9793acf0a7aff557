"""Records for tests, written straight into their tables where a service is not what the test is about."""

from datetime import datetime, timedelta

from accounts.models import User
from crm.folding import fold
from crm.models import Activity, ActivityKind, Company, Contact, Deal, Pipeline, Stage, Task


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
