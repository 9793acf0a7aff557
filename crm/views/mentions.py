"""What the author of a note hears about the colleagues whom he named in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.models import Activity
from crm.services import mentions


def with_untold(said: str, activity: Activity) -> str:
    """What is said after saving, and who was not told because he may not see the client."""
    names = ", ".join(person.full_name for person in mentions.not_told(activity))
    if not names:
        return said
    told = _("Not told, because the client is not theirs to see: %(names)s. Share the client first.") % {"names": names}
    return f"{said} {told}"
