"""What the shell offers: pages in the sidebar, things to add, the bell. Apps register their own in `ready`.

The shell belongs to the lowest app and may not know the others, so they tell it. An entry is shown to whoever holds its
permission; an entry whose address does not exist is a programming error and fails the first page that draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

Label = str | Promise
Counted = Callable[["User"], Sequence["QuerySet[Any, Any]"]]
"""The rows to be counted for somebody; what several queries find is added up. The frame counts all of it in one statement."""


class Group(Enum):
    """The groups of the sidebar."""

    WORK = _("Work")
    CONTROL = _("Control")
    COMPANY = _("Company")


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A page of the sidebar.

    `count` is drawn beside the label when it is not zero, in red with `alert`. `sections` are beginnings of URL names that
    also belong to this entry; by default everything with the same noun ("crm:deal-"). `phone` entries are in the bottom bar;
    `quiet` ones are only found by typing their name. Whoever holds `unless` has a page of his own instead.
    """

    label: Label
    icon: str
    url_name: str
    group: Group
    order: int
    permission: Permission | None = None
    unless: Permission | None = None
    count: Counted | None = None
    alert: bool = False
    sections: Sequence[str] = ()
    phone: bool = False
    quiet: bool = False

    def covers(self, view_name: str) -> bool:
        """Whether the page with this URL name belongs to the entry."""
        noun = self.url_name.rsplit("-", 1)[0]
        return view_name in (self.url_name, noun) or view_name.startswith((f"{noun}-", *self.sections))


@dataclass(frozen=True, kw_only=True)
class QuickAction:
    """Something to add from any page, in the dialog. The `primary` one has its own button and key in the top bar."""

    label: Label
    icon: str
    url_name: str
    order: int
    permission: Permission
    key: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Bell:
    """The inbox behind the bell and the number of unread messages."""

    url_name: str
    count: Counted


_items: dict[str, NavItem] = {}
_actions: dict[str, QuickAction] = {}
_bells: list[Bell] = []


def register(*entries: NavItem | QuickAction | Bell) -> None:
    """Make entries known; registering an address again replaces its entry."""
    for entry in entries:
        if isinstance(entry, NavItem):
            _items[entry.url_name] = entry
        elif isinstance(entry, QuickAction):
            _actions[entry.url_name] = entry
        else:
            _bells[:] = [entry]


def items_for(user: User) -> list[NavItem]:
    """The pages this person may open, in order."""
    offered = [item for item in _items.values() if item.unless is None or not policy.holds(user, item.unless)]
    shown = [item for item in offered if item.permission is None or policy.holds(user, item.permission)]
    return sorted(shown, key=lambda item: item.order)


def actions_for(user: User) -> list[QuickAction]:
    """What this person may add, in order."""
    shown = [action for action in _actions.values() if policy.holds(user, action.permission)]
    return sorted(shown, key=lambda action: action.order)


def bell() -> Bell | None:
    """The inbox, when an app has brought one."""
    return _bells[0] if _bells else None
