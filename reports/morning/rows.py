"""A person's line of the morning: what is open with him, each figure with the records behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports.behind import link
from reports.morning import plans
from reports.morning.people import Member
from reports.morning.plans import Progress

PLACES = 3
"""So many priorities a day has room for."""


@dataclass(frozen=True)
class Row:
    """A member as of a moment. `live` is false on a past morning: what was not kept is not asked about."""

    member: Member
    at: datetime
    back: str
    live: bool

    @property
    def late(self) -> int:
        return self._count("overdue")

    @property
    def bare(self) -> int:
        return self._count("deals_bare")

    @property
    def entered(self) -> int:
        return self._count("entered")

    @property
    def unreviewed(self) -> int:
        return self._count("unreviewed")

    @property
    def open_ends(self) -> int:
        return self.late + self.bare

    @property
    def here(self) -> bool:
        """Somebody who sells, works today and is not away."""
        return self.member.sells and self.member.works and self.member.away is None

    @property
    def silent(self) -> bool:
        """Works today and has entered nothing yet; what is mailed at dawn does not ask."""
        return self.live and self.here and not self.entered

    @property
    def unset(self) -> bool:
        """Works today and has not said what comes first."""
        return self.live and self.here and not self.member.priorities

    @property
    def shown(self) -> bool:
        """Who sells has a line; others have one where something is open with them."""
        return self.member.sells or bool(self.open_ends or self.entered)

    @property
    def late_url(self) -> str:
        return self._link("overdue")

    @property
    def bare_url(self) -> str:
        return self._link("deals_bare")

    @property
    def entered_url(self) -> str:
        return self._link("entered")

    @property
    def won_url(self) -> str:
        return self._link("won")

    @property
    def plan_url(self) -> str:
        return self._link("plan")

    @property
    def first_url(self) -> str:
        return f"{reverse('crm:task-list')}?owner={self.member.pk}"

    @property
    def card_url(self) -> str:
        return reverse("discipline:card", args=[self.member.card.pk]) if self.member.card else ""

    @property
    def href(self) -> str:
        """What to look at first with this person."""
        return self.late_url if self.late else self.bare_url if self.bare else self.won_url

    @property
    def priorities(self) -> str:
        """ "2 of 3", done of chosen."""
        return f"{sum(one.done for one in self.member.priorities)}/{len(self.member.priorities)}"

    @property
    def titles(self) -> str:
        return " · ".join(one.title for one in self.member.priorities)

    @property
    def won(self) -> str:
        """What is won this month, for who has no plan."""
        minor = self.member.sums.whole("won").minor
        return " + ".join(
            formats.money_short(sum_, code) for code, sum_ in sorted(minor.items()) if sum_
        ) or formats.number(0)

    @cached_property
    def progress(self) -> Progress | None:
        return plans.of(self.member)

    @property
    def words(self) -> list[str]:
        """What is open, as one says it in a stand-up."""
        said = []
        if self.late:
            said.append(ngettext("%(n)s task overdue", "%(n)s tasks overdue", self.late) % {"n": self.late})
        if self.bare:
            said.append(
                ngettext("%(n)s deal without a next step", "%(n)s deals without a next step", self.bare)
                % {"n": self.bare}
            )
        if self.progress is not None and self.progress.state == "behind" and self.progress.needed:
            said.append(_("the plan needs %(daily)s a day") % {"daily": self.progress.daily})
        return said

    def _count(self, key: str) -> int:
        return self.member.sums.whole(key).count

    def _link(self, key: str) -> str:
        return link(key, at=self.at, person=self.member.pk, back=self.back)
