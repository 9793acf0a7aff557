"""What a point is worth, for whom and on which day: the rows of PayRule read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from discipline.models import PayRule


class PayBook:
    """The pay rules of the company and its teams."""

    def __init__(self, rules: Iterable[PayRule]) -> None:
        self._rules: dict[int | None, list[PayRule]] = defaultdict(list)
        for rule in sorted(rules, key=lambda rule: (rule.starts_on, rule.pk), reverse=True):
            self._rules[rule.team_id].append(rule)

    @classmethod
    def read(cls) -> PayBook:
        """All rules there are: one statement."""
        return cls(PayRule.objects.all())

    def on(self, team_id: int | None, day: date) -> PayRule | None:
        """The rule in force for a team on a day: its own, else the company's; None while nobody has set one."""
        return self._own(team_id, day) or self._own(None, day)

    def changes(self, team_id: int | None, first: date, last: date) -> date | None:
        """The latest day after `first`, up to `last`, from which another rule holds for a team; None when one holds all the time."""
        starts = {rule.starts_on for owner in (team_id, None) for rule in self._rules[owner]}
        for day in sorted((day for day in starts if first < day <= last), reverse=True):
            if self.on(team_id, day) != self.on(team_id, date.fromordinal(day.toordinal() - 1)):
                return day
        return None

    def _own(self, team_id: int | None, day: date) -> PayRule | None:
        return next((rule for rule in self._rules[team_id] if rule.starts_on <= day), None)
