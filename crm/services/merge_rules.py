"""What forbids a merge or its undoing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can
from accounts.refusals import NotAllowed, Refused, Warned
from crm.models import Company, Contact, Merge
from crm.services.companies import PartOfItself

UNDO_DAYS = 30
YOUNG = timedelta(days=32)
"""So long the control system may still look at how a company came in: a counted one that goes is taken back within 30 days."""
OWN = {"company": Permission.COMPANY_DELETE, "contact": Permission.CONTACT_DELETE}
Client = Company | Contact


class AlreadyMerged(Refused):
    """One of the two has become part of another client meanwhile."""

    code = "already_merged"


class OlderStays(Refused):
    """Of a young pair of companies the older one stays: the newer was never a new client."""

    code = "older_stays"
    field = "survivor"


class NotYours(Refused):
    """Nobody takes over a colleague's client by merging it."""

    code = "not_yours"
    field = "owner"


class TwoTaxNumbers(Warned):
    """Two tax numbers are mostly two companies."""

    code = "two_tax_numbers"
    field = "tax_number"
    message = _(
        "These two have different tax numbers, so they are probably two companies. If you are sure that they are one, merge them all the same."
    )


class TooLate(Refused):
    code = "too_late"
    message = _("A merge can be undone within 30 days. Enter the other client again instead.")


class LaterMerge(Refused):
    """Merges of merged records are undone in reverse order."""

    code = "later_merge"


def check_age(kept: Client, gone: Client, at: datetime) -> None:
    """A company that came in twice counts as new once, on the day when it first did."""
    newer_stays = (kept.recorded_at, kept.pk) > (gone.recorded_at, gone.pk)
    if isinstance(kept, Company) and newer_stays and kept.recorded_at > at - YOUNG:
        raise OlderStays(
            _(
                "%(name)s was added within the last month, so the older one stays. Take from the newer one whatever is better."
            )
            % {"name": kept.name}
        )


def check_tax_numbers(kept: Client, gone: Client) -> None:
    """Raise TwoTaxNumbers, which may be overridden, when each has one of its own."""
    numbers = {one.tax_key for one in (kept, gone) if isinstance(one, Company) and one.tax_key}
    if len(numbers) == 2:
        raise TwoTaxNumbers


def check_owner(noun: str, kept: Client, gone: Client, values: Mapping[str, Any], by: User) -> int | None:
    """Who loses his client, if anybody: only his own people may decide that."""
    if kept.owner_id == gone.owner_id:
        return None
    loses = kept if values.get("owner") == gone.owner_id else gone
    if not can(by, OWN[noun], loses):
        raise NotYours(
            _("%(name)s belongs to %(owner)s. Choose %(owner)s as the owner, or ask your head.")
            % {"name": loses.name, "owner": loses.owner}
        )
    return loses.owner_id


def check_tree(record: Client) -> None:
    """Raise PartOfItself when a company now stands, through others, under itself."""
    if not isinstance(record, Company):
        return
    seen, above = set[int](), record.parent_id
    while above is not None and above not in seen:
        if above == record.pk:
            raise PartOfItself(
                _("The merged company would be a part of itself. Choose the other value for “Part of”."), field="parent"
            )
        seen.add(above)
        above = Company.objects.filter(pk=above).values_list("parent", flat=True).first()


def check_undo(merge: Merge, kept: Client, at: datetime) -> None:
    """Raise LaterMerge or TooLate; NotAllowed when the one that stayed is itself deleted."""
    later = Merge.objects.filter(noun=merge.noun, merged=kept.pk, undone_at__isnull=True).first()
    if later is not None:
        raise LaterMerge(
            _("%(name)s has become part of another client since. Undo that merge first.") % {"name": later.name}
        )
    if kept.deleted_at is not None:
        raise NotAllowed
    if at - merge.at > timedelta(days=UNDO_DAYS):
        raise TooLate
