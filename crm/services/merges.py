"""Two clients made one, and taken apart again while that is still possible."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.refusals import NotAllowed
from crm import keys
from crm.merging import fields
from crm.merging.relations import MODELS, check_known
from crm.models import Company, CompanySettings, Contact, Merge, Share
from crm.services import duplicate_pairs, employments, merge_news, merge_rows
from crm.services.base import StaleRecord, allow, check_fresh, store
from crm.services.companies import fold_again
from crm.services.merge_rules import (
    AlreadyMerged,
    Client,
    check_age,
    check_owner,
    check_tax_numbers,
    check_tree,
    check_undo,
)
from crm.when import local_day

EDIT = {"company": Permission.COMPANY_EDIT, "contact": Permission.CONTACT_EDIT}
ENDED = "employments"


@dataclass(frozen=True)
class Undone:
    """`touched` are the fields that somebody changed since the merge: they kept their new value."""

    merge: Merge
    touched: list[str]


def merge(
    *,
    noun: str,
    survivor: int,
    merged: int,
    choices: Mapping[str, str],
    by: User,
    at: datetime,
    seen_at: Mapping[int, datetime] | None = None,
    overridden: bool = False,
) -> Merge:
    """Make the client `merged` part of `survivor`; doing it twice gives the same merge.

    `choices` says by field whose value is taken (`fields.Take`), `seen_at` has the `changed_at` of both as they were looked at.
    Raises StaleRecord, AlreadyMerged, OlderStays, NotYours, PartOfItself, and TwoTaxNumbers (a warning) unless `overridden`.
    """
    try:
        with transaction.atomic():
            return _merge(noun, survivor, merged, choices, by, at, seen_at or {}, overridden)
    except IntegrityError:  # somebody gave one of them what the other has, at this very moment
        raise StaleRecord from None


def _merge(
    noun: str, survivor: int, merged: int, choices: Mapping[str, str], by: User, at: datetime,
    seen_at: Mapping[int, datetime], overridden: bool,
) -> Merge:  # fmt: skip
    allow(by, Permission.RECORD_MERGE)
    check_known(noun)
    there = _lock_both(noun, survivor, merged, by)
    if isinstance(there, Merge):
        return there
    kept, gone = there
    for record in there:
        check_fresh(record, seen_at.get(record.pk))
    check_age(kept, gone, at)
    values = _values(kept, gone, choices)
    if not overridden:
        check_tax_numbers(kept, gone)
    left = check_owner(noun, kept, gone, values, by)
    told = {kept.owner_id, gone.owner_id}
    made = Merge(noun=noun, survivor=kept.pk, merged=gone.pk, name=gone.name, by=by, at=at)
    _become(made, kept, gone, values, left)
    made.save(force_insert=True)
    duplicate_pairs.follow_merge(noun=noun, survivor=kept.pk, merged=gone.pk, by=by, at=at)
    merge_news.tell(merge=made, kept=kept, owners=told, by=by, at=at)
    return made


def _lock_both(noun: str, survivor: int, merged: int, by: User) -> Merge | tuple[Any, Any]:
    """Both records locked in the order of their keys, or the merge that somebody has made of them already."""
    rows = MODELS[noun]._base_manager.select_for_update(no_key=True).filter(pk__in=[survivor, merged]).order_by("pk")
    found = {row.pk: row for row in rows}
    if survivor == merged or len(found) < 2:
        raise NotAllowed
    reached = MODELS[noun]._base_manager.filter(scope(by, EDIT[noun]), pk__in=found)
    seen = set(reached.values_list("pk", flat=True))
    if all(row.deleted_at is None for row in found.values()) and len(seen) == 2:
        return found[survivor], found[merged]
    earlier = Merge.objects.filter(noun=noun, merged__in=found, undone_at__isnull=True).first()
    if earlier is None or (survivor not in seen and merged not in seen):
        raise NotAllowed
    if (earlier.survivor, earlier.merged) == (survivor, merged) and survivor in seen:
        return earlier
    raise AlreadyMerged(
        _("%(name)s has become part of another client meanwhile. Go back to the list and look again.")
        % {"name": earlier.name}
    )


def _values(kept: Client, gone: Client, choices: Mapping[str, str]) -> dict[str, Any]:
    """What the one who stays gets; neither becomes a part of itself or of the one that goes."""
    values = fields.chosen(kept, gone, choices)
    if isinstance(kept, Company) and isinstance(gone, Company):
        both = (kept.pk, gone.pk)
        if values.get("parent", kept.parent_id) in both:
            values["parent"] = next((one for one in (kept.parent_id, gone.parent_id) if one not in both), None)
    return values


def _become(made: Merge, kept: Any, gone: Any, values: dict[str, Any], left: int | None) -> None:
    """Write it all; `left` is who goes on working with the client though it is no longer his."""
    by, at = made.by, made.at
    made.before = fields.as_kept({name: fields.value(kept, name) for name in values})
    made.after = fields.as_kept(values)
    renamed = fields.columns(kept, values).get("name", kept.name) != kept.name
    _write(kept, values, by)
    moved = merge_rows.take_over(made.noun, kept=kept, merged=gone, by=by)
    if left is not None:
        share, new = Share.objects.get_or_create(user_id=left, **{made.noun: kept}, defaults={"shared_by": by})
        moved |= {merge_rows.GIVEN: [share.pk]} if new else {}
    if isinstance(kept, Contact):
        more, ended = merge_rows.join_employments(kept=kept, merged=gone, on=local_day(at, by.zone))
        moved |= more
        made.after |= {ENDED: ended} if ended else {}
        employments.rename(kept, kept.title)
        _fold_person(kept)
    elif renamed or moved.keys() & {"crm.Contact.company", "crm.Deal.company"}:
        fold_again(kept)
    made.moved = moved
    store(gone, by=by, changes={"deleted_at": at, "revision": gone.revision + 1})
    check_tree(kept)


def _write(record: Any, values: Mapping[str, Any], by: User) -> None:
    """Store values with what is derived from them. What hangs on the record has changed too: that is a version of its own."""
    columns = fields.columns(record, values)
    edited = copy(record)
    for name, found in columns.items():
        setattr(edited, name, found)
    derived: dict[str, Any] = {}
    if isinstance(record, Company):
        derived = keys.company_keys(edited, CompanySettings.current().country)
    else:
        derived = {"name_key": keys.contact_keys(edited, [], "")["name_key"]}
    store(record, by=by, changes={**columns, **derived, "revision": record.revision + 1})


def _fold_person(contact: Contact) -> None:
    """What a person is found by: also the e-mails and the employer."""
    mails = contact.emails.values_list("address", flat=True)
    folded = keys.contact_keys(contact, mails, contact.company.name if contact.company else "")["folded"]
    Contact.objects.filter(pk=contact.pk).update(folded=folded)


@transaction.atomic
def undo(*, merge: Merge, by: User, at: datetime) -> Undone:
    """Let the merged client live again with what it had, as far as nobody has changed it since; an undone merge stays undone.

    What was added since stays with the one that survived. Raises TooLate, LaterMerge.
    """
    allow(by, Permission.RECORD_MERGE)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    model = MODELS[merge.noun]
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=[merge.survivor, merge.merged])
    both = {row.pk: row for row in rows.order_by("pk")}
    kept, gone = both[merge.survivor], both[merge.merged]
    if not model._base_manager.filter(scope(by, EDIT[merge.noun]), pk=kept.pk).exists():
        raise NotAllowed
    if merge.undone_at is not None:
        return Undone(merge, [])
    check_undo(merge, kept, at)
    touched = _part(merge, kept, gone, by)
    merge.undone_by, merge.undone_at = by, at
    merge.save(update_fields=["undone_by", "undone_at"])
    for other in Merge.objects.filter(noun=merge.noun, survivor=kept.pk, undone_at__isnull=True).order_by("pk"):
        gather(merge=other)
    duplicate_pairs.follow_undo(noun=merge.noun, one=kept.pk, other=gone.pk)
    merge_news.tell(merge=merge, kept=kept, owners={kept.owner_id, gone.owner_id}, by=by, at=at)
    return Undone(merge, touched)


def _part(merge: Merge, kept: Any, gone: Any, by: User) -> list[str]:
    """Give back what went over and the values that were replaced; the fields that keep what somebody wrote since."""
    after = dict(merge.after)
    ended = after.pop(ENDED, {})
    now = fields.as_kept({name: fields.value(kept, name) for name in after})
    same = [name for name in after if now[name] == after[name]]
    merge_rows.give_back(merge.noun, moved=merge.moved, kept=kept.pk, merged=gone.pk, by=by)
    _write(kept, fields.from_kept(merge.before, same), by)
    store(gone, by=by, changes={"deleted_at": None, "revision": gone.revision + 1})
    if merge.noun == "contact":
        moved = merge.moved.get(merge_rows.EMPLOYED, [])
        merge_rows.part_employments(kept=kept.pk, merged=gone.pk, keys=moved, ended=ended)
        for person in (kept, gone):
            employments.rename(person, person.title)
            _fold_person(person)
    else:
        for company in (kept, gone):
            fold_again(company)
    return [name for name in after if name not in same]


@transaction.atomic
def gather(*, merge: Merge) -> int:
    """Take over what came to the merged record while it was being merged; how many rows. Runs again without harm."""
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    model = MODELS[merge.noun]
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=[merge.survivor, merge.merged])
    both = {row.pk: row for row in rows.order_by("pk")}
    kept, gone = both[merge.survivor], both[merge.merged]
    if merge.undone_at is not None or gone.deleted_at is None or kept.deleted_at is not None:
        return 0
    late = merge_rows.take_over(merge.noun, kept=kept, merged=gone, by=merge.by)
    if late:
        for label, found in late.items():
            merge.moved[label] = sorted({*merge.moved.get(label, []), *found})
        merge.save(update_fields=["moved"])
        if isinstance(kept, Company):
            fold_again(kept)
        else:
            _fold_person(kept)
    return sum(map(len, late.values()))


def gather_late(*, at: datetime) -> int:
    """`gather` for the merges of the last day: whoever wrote at the same moment has long finished."""
    recent = Merge.objects.filter(Q(at__gt=at - timedelta(days=1)), undone_at__isnull=True).order_by("pk")
    return sum(gather(merge=one) for one in recent)
