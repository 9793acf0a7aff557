"""Many changed at once, as pages draw it: what may be done, what would happen, what was done lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.forms.bulk import label_of
from crm.lists.selection import page_of
from crm.models import BulkChange
from crm.services.bulk_changes import UNDO_DAYS, Preview, Undone
from crm.services.bulk_verbs import VERBS

SHOWN = 50
BUTTONS: list[tuple[str, Any, str]] = [
    ("edit", gettext_lazy("Change a field"), "pencil"),
    ("give", gettext_lazy("Give away"), "user-share"),
    ("tag", gettext_lazy("Tags"), "tags"),
    ("task", gettext_lazy("Add a task"), "square-plus"),
    ("delete", gettext_lazy("Delete"), "trash"),
]


def verbs_for(user: Any, noun: str) -> list[dict[str, Any]]:
    """The buttons of the bar for what this person may do to many records of a noun; none without the permission for it."""
    if not noun or not holds(user, Permission.RECORD_BULK):
        return []
    return [
        {"verb": verb, "label": label, "icon": icon}
        for verb, label, icon in BUTTONS
        if holds(user, VERBS[verb].needs[noun]) and (verb != "task" or holds(user, Permission.TASK_ADD))
    ]


def counted(noun: str, n: int) -> str:
    """ "12 companies"."""
    page = page_of(noun)
    return page.counted(n) if page else formats.number(n)


def told(noun: str, preview: Preview) -> dict[str, Any]:
    """A preview in words."""
    return {
        "changes": preview.changes,
        "all": preview.changes == preview.total,
        "counted": counted(noun, preview.changes),
        "total": counted(noun, preview.total),
        "left": left_of(preview.left),
    }


def left_of(left: Mapping[Any, int]) -> list[tuple[str, str]]:
    """How many stay, and why, the largest first."""
    listed = sorted(left.items(), key=lambda pair: -pair[1])
    return [(formats.number(n), str(reason)) for reason, n in listed if n]


def done_words(change: BulkChange) -> str:
    """The toast once it is done: what changed and how many did not."""
    n = counted(change.noun, change.count)
    said = {
        "edit": _("%(n)s changed."), "give": _("%(n)s given away."), "tag": _("Tags of %(n)s changed."),
        "task": _("A task added for %(n)s."), "delete": _("%(n)s deleted."),
    }[change.verb] % {"n": n}  # fmt: skip
    stay = sum(change.facts.get("left", {}).values())
    return f"{said} {_stayed(stay)}" if stay else said


def _stayed(n: int) -> str:
    return ngettext("%(n)s stayed as it was.", "%(n)s stayed as they were.", n) % {"n": formats.number(n)}


def undone_words(undone: Undone) -> str:
    """The toast once it is taken back."""
    back = ngettext("%(n)s taken back.", "%(n)s taken back.", undone.back) % {"n": formats.number(undone.back)}
    left = [f"{n}: {reason}" for n, reason in left_of(undone.left)]
    return f"{back} {_('Left as they are')} – {'; '.join(left)}." if left else back


def lately(user: User, at: datetime) -> list[dict[str, Any]]:
    """One's own last changes, newest first; one statement."""
    changes = BulkChange.objects.visible_to(user).filter(count__gt=0).defer("before")[:SHOWN]
    return [
        {
            "pk": change.pk,
            "what": _what(change),
            "counted": counted(change.noun, change.count),
            "when": formats.ago(change.at, now=at),
            "undone": bool(change.undone_at),
            "may_undo": change.undone_at is None and change.at >= at - timedelta(days=UNDO_DAYS),
            "left": left_of(change.facts.get("left", {})),
        }
        for change in changes
    ]


def _what(change: BulkChange) -> str:
    facts = change.facts
    if change.verb == "edit":
        return _("%(field)s changed") % {"field": label_of(change.noun, facts["field"])}
    if change.verb == "tag":
        return _("Tags put on") if facts["how"] == "add" else _("Tags taken off")
    if change.verb == "task":
        return _("Task “%(title)s”") % {"title": facts["title"]}
    return _("Given away") if change.verb == "give" else _("Deleted")
