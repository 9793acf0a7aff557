"""Deals: opened, moved through the funnel, won, lost, reopened, given to a colleague."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm import attached, keys
from crm.models import Company, CompanySettings, Contact, Deal, DealStatus, LossReason, Source, Stage, Task
from crm.services import stages, tasks
from crm.services.base import (
    allow,
    check_filled,
    check_fresh,
    check_names,
    check_owner,
    check_receiver,
    exact_money,
    known,
    lock,
    store,
)
from crm.services.deal_places import MovedMeanwhile, check_still_there
from crm.services.lines import LineSpec, put_lines
from crm.services.next_steps import NextStepAsked, NextStepMissing, NextStepSpec
from crm.services.own_values import own_values
from crm.services.stages import OtherPipeline, RequiredFieldsMissing
from crm.services.subjects import check_contacts, check_subject
from crm.services.text import cleaned

FACTS = ("title", "company", "amount_minor", "currency", "expected_close", "note")
NAMELESS = _("Give the deal a title.")
__all__ = [
    "CompetitorMissing", "DealClosed", "LineSpec", "LossReasonMissing", "MovedMeanwhile", "NextStepAsked", "NextStepMissing", "NextStepSpec",
    "OtherPipeline", "RequiredFieldsMissing", "add", "delete", "edit", "give", "lose", "move", "reopen", "transfer", "win",
]  # fmt: skip


class DealClosed(Refused):
    """A deal that is won or lost stands still."""

    code = "deal_closed"
    message = _("This deal is already closed. Reopen it first.")


class LossReasonMissing(Refused):
    """A deal is not lost without saying why."""

    code = "loss_reason_missing"
    field = "reason"
    message = _("Say why the deal was lost: choose a reason.")


class CompetitorMissing(Refused):
    """The reason of the loss asks who got the deal."""

    code = "competitor_missing"
    field = "competitor"
    message = _("Say which competitor got the deal.")


@transaction.atomic
@exact_money
def add(
    *,
    by: User,
    at: datetime,
    title: str,
    stage: Stage | None = None,
    company: Company | None = None,
    contacts: Iterable[Contact] = (),
    owner: User | None = None,
    amount_minor: int | None = None,
    currency: str | None = None,
    expected_close: date | None = None,
    lines: Sequence[LineSpec] = (),
    source: str = Source.MANUAL,
    external_id: str = "",
    first_task: NextStepSpec | None = None,
    tags: Any = (),
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Deal:
    """Open a deal, with its first task when given; it begins at the first stage unless another is named.

    `custom` has values of own fields by their keys. The same key of the same source brings back the deal that is there. Raises RequiredFieldsMissing like `move`.
    """
    allow(by, Permission.DEAL_ADD)
    there = known(Deal, by=by, view=Permission.DEAL_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_names(by, Deal, facts, ("note",))
    people = list(contacts)
    check_subject(by, {"company": company})
    check_contacts(by, people)
    currency = currency or CompanySettings.current().currency
    words = cleaned(Deal, {"title": title, "amount_minor": amount_minor, "currency": currency, **facts})
    check_filled(words["title"], NAMELESS, field="title")
    deal = Deal(
        stage=stage or stages.first(),
        company=company or next((person.company for person in people if person.company_id), None),
        owner=owner or by,
        expected_close=expected_close,
        source=source,
        external_id=external_id,
        created_by=by,
        changed_by=by,
        **words,
        **own_values(Deal(), custom, by=by),
    )
    check_owner(deal.owner)
    given = {name for name, value in (("contacts", people), ("lines", lines), ("tags", tags)) if value}
    stages.check_required(deal, deal.stage, given)
    deal.folded = _folded(deal)
    deal.save(force_insert=True)
    deal.contacts.add(*people)
    deal.tags.add(*tags)
    if lines:
        put_lines(deal, lines, currency=deal.currency)
    if first_task is not None:
        tasks.follow(first_task, by=by, owner=deal.owner, deal=deal, contact=people[0] if people else None)
    return deal


@transaction.atomic
@exact_money
def edit(
    *,
    deal: Deal,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    contacts: Iterable[Contact] | None = None,
    lines: Sequence[LineSpec] | None = None,
    custom: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Deal:
    """Change fields of a deal, of its own fields those that `custom` names; contacts, lines and tags, when given, become exactly
    these. Stage and outcome have own verbs.

    Raises StaleRecord when the deal moved on since `seen_at`.
    """
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    check_fresh(deal, seen_at)
    tags = changes.pop("tags", None)
    check_names(by, Deal, changes, FACTS)
    words = cleaned(Deal, changes)
    check_filled(words.get("title", deal.title), NAMELESS, field="title")
    words |= own_values(deal, custom, by=by)
    if "company" in words and words["company"] != deal.company:
        check_subject(by, {"company": words["company"]})
    lists = {"contacts": contacts, "lines": lines, "tags": tags}
    words |= _listed(deal, lists, by=by, currency=words.get("currency", deal.currency))
    if store(deal, by=by, changes=words) and _folded(deal) != deal.folded:
        deal.folded = _folded(deal)
        deal.save(update_fields=["folded"])
    return deal


def _listed(deal: Deal, lists: Mapping[str, Any], *, by: User, currency: str) -> dict[str, int]:
    """Let the deal have exactly these people, products and tags (None: as they are); the column that tells of a change."""
    given = {name: list(records) for name, records in lists.items() if records is not None}
    before = attached.read_all(deal, given)
    if "contacts" in given:
        check_contacts(by, [person for person in given["contacts"] if person.pk not in before["contacts"]])
        deal.contacts.set(given["contacts"])
    if "lines" in given:
        put_lines(deal, given["lines"], currency=currency)
    if "tags" in given:
        deal.tags.set(given["tags"])
    return attached.revised(deal, before)


@transaction.atomic
def move(*, deal: Deal, to: Stage, by: User, at: datetime, seen: Stage | None = None) -> Deal:
    """Move an open deal to another stage of its pipeline; to where it is, nothing happens.

    `seen` is the stage where the person saw it. Raises MovedMeanwhile when it has left that stage, DealClosed, OtherPipeline and
    RequiredFieldsMissing (with the names of the fields).
    """
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    if deal.stage_id == to.pk and deal.status == DealStatus.OPEN:
        return deal
    check_still_there(deal, seen)
    _check_status(deal, DealStatus.OPEN)
    stages.check_same_pipeline(deal, to)
    stages.check_required(deal, to)
    store(deal, by=by, changes={"stage": to})
    return deal


@transaction.atomic
def transfer(*, deal: Deal, to: Stage, by: User, at: datetime) -> Deal:
    """Move an open deal to a stage of any pipeline; to where it is, nothing happens. Raises DealClosed and RequiredFieldsMissing."""
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    if deal.stage_id == to.pk and deal.status == DealStatus.OPEN:
        return deal
    _check_status(deal, DealStatus.OPEN)
    stages.check_required(deal, to)
    store(deal, by=by, changes={"stage": to})
    return deal


@transaction.atomic
def win(*, deal: Deal, by: User, at: datetime, seen: Stage | None = None) -> Deal:
    """Win an open deal; a won one stays as it is. Its open tasks stay open. Raises MovedMeanwhile like `move`, and DealClosed."""
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    if deal.status != DealStatus.WON:
        check_still_there(deal, seen)
    _check_status(deal, DealStatus.OPEN, DealStatus.WON)
    store(deal, by=by, changes={"status": DealStatus.WON})
    return deal


@transaction.atomic
def lose(*, deal: Deal, reason: LossReason | None, competitor: str = "", by: User, at: datetime) -> Deal:
    """Lose an open deal for a reason; for a lost one the reason is corrected.

    Raises LossReasonMissing, and CompetitorMissing when the reason asks who got it.
    """
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    _check_status(deal, DealStatus.OPEN, DealStatus.LOST)
    if reason is None:
        raise LossReasonMissing
    words = cleaned(Deal, {"competitor": competitor})
    if reason.asks_competitor and not words["competitor"]:
        raise CompetitorMissing
    store(deal, by=by, changes={"status": DealStatus.LOST, "loss_reason": reason, **words})
    return deal


@transaction.atomic
def reopen(*, deal: Deal, stage: Stage | None = None, by: User, at: datetime) -> Deal:
    """Open a closed deal again, at the stage where it stood or another of its pipeline; an open one stays as it is."""
    lock(deal, by=by, action=Permission.DEAL_EDIT)
    if deal.status == DealStatus.OPEN:
        return deal
    changes: dict[str, Any] = {"status": DealStatus.OPEN, "loss_reason": None, "competitor": ""}
    if stage is not None and stage.pk != deal.stage_id:
        stages.check_same_pipeline(deal, stage)
        stages.check_required(deal, stage)
        changes["stage"] = stage
    store(deal, by=by, changes=changes)
    return deal


@transaction.atomic
def give(*, deal: Deal, to: User, by: User, at: datetime) -> Deal:
    """Give a deal to a colleague, with the open tasks that its owner has on it: they would be out of reach for him."""
    lock(deal, by=by, action=Permission.DEAL_GIVE)
    check_receiver(to)
    if deal.owner_id == to.pk:
        return deal
    for task in Task.objects.open().filter(deal=deal, owner=deal.owner).order_by("pk").select_for_update():
        tasks.hand_over(task, to=to, by=by)
    store(deal, by=by, changes={"owner": to})
    return deal


@transaction.atomic
def delete(*, deal: Deal, by: User, at: datetime) -> Deal:
    """Take a deal out of the lists, with its open tasks; their history stays."""
    lock(deal, by=by, action=Permission.DEAL_DELETE)
    for task in Task.objects.open().filter(deal=deal).order_by("pk").select_for_update():
        store(task, by=by, changes={"deleted_at": at})
    store(deal, by=by, changes={"deleted_at": at})
    return deal


def _check_status(deal: Deal, *allowed: DealStatus) -> None:
    if deal.status not in allowed:
        raise DealClosed


def _folded(deal: Deal) -> str:
    return keys.deal_keys(deal, deal.company.name if deal.company else "")["folded"]
