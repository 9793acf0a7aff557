"""Contracts: entered, changed, renewed in time, ended. A running one keeps a task for its owner to renew it."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import Company, CompanySettings, Contract, ContractStatus, Source, TaskKind
from crm.services import kept_tasks
from crm.services.base import (
    Missing,
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
from crm.services.subjects import check_subject
from crm.services.text import cleaned
from crm.when import local_day, next_workday, wall

FACTS = (
    "title",
    "number",
    "company",
    "deal",
    "starts_on",
    "ends_on",
    "remind_days",
    "amount_minor",
    "currency",
    "note",
    "owner",
)
LINKS = ("company", "deal")
DATES = ("ends_on", "remind_days")
FOLLOWED = ("title", "company", "owner", *DATES)
"""Facts that the task to renew it follows; only with the DATES it falls due on another day."""
MORNING = time(9, 0)
LONGEST_NOTICE = 3650
FIRST_YEAR, LAST_YEAR = 1900, 2199
ONE_DAY = timedelta(days=1)
NAMELESS = _("Say what the contract is about.")
RENEW = gettext_noop("Renew the contract: %(title)s")
MOVED = gettext_noop("The dates of the contract changed")


class EndsBeforeStart(Refused):
    """A contract has at least one day."""

    code = "ends_before_start"
    field = "ends_on"
    message = _("The contract would end before it starts. Change one of the two days.")


class YearWrong(Refused):
    """A year that somebody mistyped."""

    code = "year_wrong"
    message = _("Check the year of this day.")


class NoticeTooLong(Refused):
    """Nobody wants to be reminded ten years ahead."""

    code = "notice_too_long"
    field = "remind_days"
    message = _("Enter at most 3650 days, which is ten years.")


class NoEnd(Refused):
    """What runs until further notice has nothing to renew."""

    code = "no_end"
    field = "ends_on"
    message = _("This contract has no end, so there is nothing to renew. Set its last day first.")


class ContractOver(Refused):
    """Only what runs can be renewed or ended."""

    code = "contract_over"
    message = _("This contract has already ended. Add a new one for the client instead.")


@transaction.atomic
@exact_money
def add(
    *,
    by: User,
    at: datetime,
    company: Company,
    title: str,
    starts_on: date,
    ends_on: date | None = None,
    owner: User | None = None,
    source: str = Source.MANUAL,
    external_id: str = "",
    **facts: Any,
) -> Contract:
    """Enter a contract, its client's owner's unless `owner` is given, with a task to renew it `remind_days` before its end.

    The same key of the same source brings back the one that is there. Raises EndsBeforeStart.
    """
    allow(by, Permission.CONTRACT_EDIT)
    there = known(Contract, by=by, view=Permission.CONTRACT_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_names(by, Contract, facts, FACTS)
    check_subject(by, {"company": company, "deal": facts.get("deal")})
    return _make(
        by=by, at=at, company=company, owner=owner, title=title, starts_on=starts_on, ends_on=ends_on, source=source,
        external_id=external_id, **facts,
    )  # fmt: skip


def _make(*, by: User, at: datetime, company: Company, owner: User | None, **facts: Any) -> Contract:
    """Write a contract whose permissions were checked, with its task."""
    keeper = owner or owner_for(company, by)
    check_owner(keeper)
    words = {"currency": CompanySettings.current().currency, **cleaned(Contract, facts)}
    contract = Contract(company=company, owner=keeper, created_by=by, changed_by=by, **words)
    _check(contract)
    contract.reminder = _reminder(contract, by=by, at=at)
    contract.save(force_insert=True)
    return contract


@transaction.atomic
@exact_money
def edit(*, contract: Contract, by: User, at: datetime, seen_at: datetime | None = None, **changes: Any) -> Contract:
    """Change facts of a contract; the task to renew it moves along. Raises StaleRecord, EndsBeforeStart, NotASeller."""
    lock(contract, by=by, action=Permission.CONTRACT_EDIT)
    check_fresh(contract, seen_at)
    check_names(by, Contract, changes, FACTS)
    check_subject(by, {name: changes[name] for name in LINKS if name in changes})
    if changes.get("company", contract.company) is None:
        raise Missing(_("Choose the client."), field="company")
    if "owner" in changes and changes["owner"] != contract.owner:
        check_receiver(changes["owner"])
    words = cleaned(Contract, changes)
    edited = copy(contract)
    for name, value in words.items():
        setattr(edited, name, value)
    _check(edited)
    other = {name for name in FOLLOWED if getattr(contract, name) != getattr(edited, name)}
    if other:
        words["reminder"] = _reminder(edited, by=by, at=at, moves=not other.isdisjoint(DATES))
    store(contract, by=by, changes=words)
    return contract


@transaction.atomic
@exact_money
def renew(
    *,
    contract: Contract,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    ends_on: date | None = None,
    **changes: Any,
) -> Contract:
    """Make the contract that follows, from the day after and for the same time unless `ends_on` is given; returns the new one.

    `changes` are facts in which it differs (title, number, amount_minor, currency, remind_days, note). The task to renew is
    done. What was renewed already gives the contract that follows it. Who looks after a contract renews it, though the client may be
    somebody else's. Raises ContractOver, NoEnd.
    """
    lock(contract, by=by, action=Permission.CONTRACT_EDIT)
    if contract.renewal is not None:
        return contract.renewal
    check_fresh(contract, seen_at)
    if contract.status == ContractStatus.ENDED:
        raise ContractOver
    if contract.ends_on is None:
        raise NoEnd
    check_names(by, Contract, changes, FACTS)
    kept = {name: getattr(contract, name) for name in ("title", "number", "remind_days", "amount_minor", "currency")}
    following = _make(
        by=by, at=at, company=contract.company, owner=contract.owner if contract.owner.is_active else None,
        starts_on=contract.ends_on + ONE_DAY, ends_on=ends_on or following_end(contract), **{**kept, **changes},
    )  # fmt: skip
    kept_tasks.close(contract.reminder, by=by, result=following.title)
    store(contract, by=by, changes={"status": ContractStatus.RENEWED, "renewal": following})
    return following


@transaction.atomic
def end(
    *,
    contract: Contract,
    by: User,
    at: datetime,
    on: date | None = None,
    reason: str = "",
    seen_at: datetime | None = None,
) -> Contract:
    """Say that it is not renewed: it ends `on` its last day (or the day given), its task is closed, the reason joins the note.

    An ended one stays as it is. Raises ContractOver for one that was renewed, EndsBeforeStart.
    """
    lock(contract, by=by, action=Permission.CONTRACT_EDIT)
    if contract.status == ContractStatus.ENDED:
        return contract
    check_fresh(contract, seen_at)
    if contract.status == ContractStatus.RENEWED:
        raise ContractOver(_("This contract was renewed. End the one that follows it."))
    last = on or contract.ends_on or local_day(at, contract.owner.zone)
    words = cleaned(Contract, {"note": "\n".join(part for part in (contract.note, reason.strip()) if part)})
    if last < contract.starts_on:
        raise EndsBeforeStart(field="on")
    kept_tasks.close(contract.reminder, by=by, result=reason)
    store(contract, by=by, changes={"status": ContractStatus.ENDED, "ends_on": last, **words})
    return contract


@transaction.atomic
def delete(*, contract: Contract, by: User, at: datetime) -> Contract:
    """Take a contract out of the lists when it was entered by mistake; the one it renewed runs again."""
    lock(contract, by=by, action=Permission.CONTRACT_EDIT)
    kept_tasks.drop(contract.reminder, by=by)
    before = Contract.objects.live().select_for_update(no_key=True).filter(renewal=contract).first()
    if before is not None:
        store(before, by=by, changes={"status": ContractStatus.RUNNING, "renewal": None})
        store(before, by=by, changes={"reminder": _reminder(before, by=by, at=at)})
    store(contract, by=by, changes={"deleted_at": at})
    return contract


def following_end(contract: Contract) -> date:
    """The last day of the contract that follows one with an end: as many whole months as it had, else as many days."""
    assert contract.ends_on is not None
    begins = contract.ends_on + ONE_DAY
    months = (begins.year - contract.starts_on.year) * 12 + begins.month - contract.starts_on.month
    if begins.day != contract.starts_on.day or not months:
        return begins + (contract.ends_on - contract.starts_on)
    years, month = divmod(begins.month - 1 + months, 12)
    return _day_of(begins.year + years, month + 1, begins.day) - ONE_DAY


def remind_at(contract: Contract, at: datetime) -> datetime | None:
    """When its owner is to renew it: in the morning of the last working day that is early enough, else of the next one.

    None for what has no end, or has it behind itself.
    """
    zone = contract.owner.zone
    today = local_day(at, zone)
    if contract.status != ContractStatus.RUNNING or contract.ends_on is None or contract.ends_on < today:
        return None
    day = contract.ends_on - timedelta(days=contract.remind_days)
    while day.isoweekday() > 5:
        day -= ONE_DAY
    moment = wall(day, MORNING, zone)
    return moment if moment > at else wall(next_workday(today), MORNING, zone)


def owner_for(company: Company, by: User) -> User:
    """Who looks after it: the client's owner while he works here, else who enters it."""
    return company.owner if company.owner.is_active else by


def _reminder(contract: Contract, *, by: User, at: datetime, moves: bool = True) -> Any:
    """The task to renew it, as it has to be. One of a contract that lapsed stays: it is what is overdue."""
    due = remind_at(contract, at)
    if due is None:
        if contract.ends_on is None or contract.status != ContractStatus.RUNNING:
            kept_tasks.drop(contract.reminder, by=by)
        return contract.reminder
    owner = contract.owner
    return kept_tasks.keep(
        contract.reminder, by=by, at=at, owner=owner, due=due, company=contract.company, kind=TaskKind.CALL,
        title=kept_tasks.in_words_of(owner, RENEW, title=contract.title), why=kept_tasks.in_words_of(owner, MOVED), moves=moves,
    )  # fmt: skip


def _check(contract: Contract) -> None:
    check_filled(contract.title, NAMELESS, field="title")
    for name in ("starts_on", "ends_on"):
        day = getattr(contract, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise YearWrong(field=name)
    if contract.ends_on is not None and contract.ends_on < contract.starts_on:
        raise EndsBeforeStart
    if contract.remind_days > LONGEST_NOTICE:
        raise NoticeTooLong


def _day_of(year: int, month: int, day: int) -> date:
    """That day of a month, or its last one."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), following - ONE_DAY)
