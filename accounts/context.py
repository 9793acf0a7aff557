"""What every page needs from the server: the frame around it. Nothing is worked out until the frame is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import demo, devices, navigation
from accounts.together import counts

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Entry:
    """A page of the sidebar, ready to draw."""

    label: str
    icon: str
    url: str
    current: bool
    count: int
    alert: bool
    phone: bool
    quiet: bool


@dataclass(frozen=True)
class Action:
    """Something to add, ready to draw."""

    label: str
    icon: str
    url: str
    key: str
    primary: bool


class Shell:
    """The frame for one request: who asks decides what is offered, the cookie decides light or dark."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        """ "light", "dark", or nothing: as the reader's system."""
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @property
    def owner(self) -> str:
        """Whose pages this browser keeps; empty for a stranger."""
        return devices.owner_of(self._request.user) if self.signed_in else ""

    @cached_property
    def _counts(self) -> dict[str, int]:
        """What the sidebar and the bell count, by address: one statement for all of it."""
        user: Any = self._request.user
        counted: list[Any] = [item for item in navigation.items_for(user) if item.count]
        counted += filter(None, [navigation.bell()])
        rows = [(one.url_name, query) for one in counted for query in one.count(user)]
        sums: Counter[str] = Counter()
        for (name, _query), count in zip(rows, counts(*(query for _name, query in rows)), strict=True):
            sums[name] += count
        return sums

    @cached_property
    def _entries(self) -> list[tuple[navigation.Group, Entry]]:
        if not self.signed_in:
            return []
        view_name = self._request.resolver_match.view_name if self._request.resolver_match else ""
        user: Any = self._request.user
        return [
            (
                item.group,
                Entry(
                    label=str(item.label),
                    icon=item.icon,
                    url=reverse(item.url_name),
                    current=item.covers(view_name),
                    count=self._counts.get(item.url_name, 0),
                    alert=item.alert,
                    phone=item.phone,
                    quiet=item.quiet,
                ),
            )
            for item in navigation.items_for(user)
        ]

    @cached_property
    def groups(self) -> list[tuple[str, list[Entry]]]:
        """The sidebar: each group's word and its entries."""
        listed = [pair for pair in self._entries if not pair[1].quiet]
        in_groups = sorted(listed, key=lambda pair: list(navigation.Group).index(pair[0]))
        return [
            (str(group.value), [entry for _g, entry in pairs])
            for group, pairs in groupby(in_groups, key=lambda pair: pair[0])
        ]

    @cached_property
    def entries(self) -> list[Entry]:
        """All pages in one list, for the palette and the phone's "More"."""
        return [entry for _label, entries in self.groups for entry in entries]

    @property
    def quiet(self) -> list[Entry]:
        """Pages that only the palette offers."""
        return [entry for _group, entry in self._entries if entry.quiet]

    @cached_property
    def bottom(self) -> list[Entry]:
        """The phone's bottom bar beside "+" and "More": three pages, four for a person who adds nothing."""
        marked = [entry for entry in self.entries if entry.phone]
        rest = [entry for entry in self.entries if not entry.phone]
        return [*marked, *rest][: 3 if self.actions else 4]

    @cached_property
    def actions(self) -> list[Action]:
        """What can be added from anywhere."""
        if not self.signed_in:
            return []
        user: Any = self._request.user
        return [
            Action(
                label=str(action.label),
                icon=action.icon,
                url=reverse(action.url_name),
                key=action.key,
                primary=action.primary,
            )
            for action in navigation.actions_for(user)
        ]

    @property
    def primary(self) -> Action | None:
        """The one with its own button."""
        return next((action for action in self.actions if action.primary), None)

    @cached_property
    def inbox(self) -> dict[str, Any] | None:
        """The bell's address and its number of unread messages."""
        bell = navigation.bell()
        if bell is None or not self.signed_in:
            return None
        return {"url": reverse(bell.url_name), "count": self._counts.get(bell.url_name, 0)}

    @cached_property
    def demo_sign_ins(self) -> list[demo.SignIn]:
        """Whom the sign-in page offers with one click, in the demo company only."""
        return demo.sign_ins()

    @property
    def words(self) -> dict[str, str]:
        """What the scripts say, in the reader's language."""
        return {
            "undo": _("Undo"),
            "mention": _("Colleagues who see this client"),
            "undone": _("Undone."),
            "draft": _("What you were writing is back. Check it, then save."),
            "close": _("Close"),
            "offline": _("No connection. Nothing was saved; try again in a moment."),
            "kept": _("No network: kept on this device. It is sent as soon as there is one."),
            "sent": _("Sent what had waited on this device: %(n)s."),
            "waiting": _("Waiting on this device: %(n)s."),
            "no_network": _("No network. What you log is kept here and sent later."),
            "as_of": _("No network. You see this page as it was on %(time)s."),
            "gone": _(
                "This client or deal is gone, or is not yours any more. Throw the entry away, or log it with another one."
            ),
            "failed": _("That did not work. Reload the page and try again."),
            "forbidden": _("This page is out of date. Reload it and try again."),
            "throttled": _("That was too fast. Wait a minute and try again."),
            "lifted": _(
                "%(title)s picked up in %(lane)s. Left and right arrows move it, W wins it, L marks it as lost, space drops it, escape puts it back."
            ),
            "over": _("%(lane)s, %(place)s of %(lanes)s."),
            "moved": _("%(title)s moved to %(lane)s."),
            "back": _("%(title)s is back in %(lane)s."),
        }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
