"""Records shared with a colleague, who then works with them too."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import can
from accounts.refusals import NotAllowed, Refused
from crm.models import Company, Contact, Deal, Share
from crm.services.base import allow

OWNERS: dict[type, tuple[str, Permission]] = {
    Company: ("company", Permission.COMPANY_DELETE),
    Contact: ("contact", Permission.CONTACT_DELETE),
    Deal: ("deal", Permission.DEAL_GIVE),
}
"""The permission that reaches a record's own people only, not those it is shared with: what is lent is not lent on."""


class ShareRefused(Refused):
    code = "share_refused"
    field = "with_"


@transaction.atomic
def share(*, record: Company | Contact | Deal, with_: User, by: User, at: datetime) -> Share:
    """Let a colleague work with a record; with whom it is shared already, nothing happens."""
    name, action = OWNERS[type(record)]
    allow(by, Permission.RECORD_SHARE)
    allow(by, action, record)
    if record.owner_id == with_.pk:
        raise ShareRefused(_("It belongs to this person already. Choose somebody else."))
    if not with_.is_active or with_.role in (Role.OWNER, Role.ADMIN):
        raise ShareRefused(_("Choose a colleague who works with clients."))
    shared, _created = Share.objects.get_or_create(user=with_, **{name: record}, defaults={"shared_by": by})
    return shared


@transaction.atomic
def unshare(*, share: Share, by: User, at: datetime) -> None:
    """End a share: its record's own people may, and the colleague himself."""
    record = share.company or share.contact or share.deal
    if record is None or not (share.user_id == by.pk or can(by, OWNERS[type(record)][1], record)):
        raise NotAllowed
    share.delete()
