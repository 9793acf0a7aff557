"""What somebody decides about his mails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from notifications import kinds
from notifications.models import AlertSetting, QuietHours


class UnknownKind(Refused):
    code = "unknown_kind"
    message = _("One of these mails cannot be switched off or on here. Open the page again and choose from the list.")


@transaction.atomic
def put(*, emails: Mapping[str, bool], starts: time, ends: time, by: User, at: datetime) -> None:
    """Keep which kinds somebody wants by mail, and his quiet hours; they hold for what goes out from now on.

    Kinds not named stay as they are. Raises UnknownKind for one that he does not decide about.
    """
    ensure(by, Permission.MESSAGE_VIEW)
    if not set(emails) <= {kind.key for kind in kinds.chosen_by(by)}:
        raise UnknownKind
    AlertSetting.objects.bulk_create(
        [AlertSetting(user=by, kind=kind, email=email) for kind, email in emails.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["email"],
    )
    QuietHours.objects.update_or_create(user=by, defaults={"starts": starts, "ends": ends})
