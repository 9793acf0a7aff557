"""What people can still mend before their cut-off: each entry with the form that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Activity, Deal, Task
from discipline import words
from discipline.alerts.scene import Scene
from discipline.models import Result, Severity
from discipline.preview import FIXES, standing
from discipline.scoring import Line
from discipline.windows import Window

MOST_RECORDS = 5
"""So many records of one rule are listed; the rest are counted."""
HOME = "/"
TYPE, ID, ROLE, REASON = 0, 1, 2, 3
"""Places in a row of evidence."""
BREACH = "breach"
TOLD = (Severity.NORMAL, Severity.URGENT)
"""Rules that people are reminded of; the quiet ones stand in the evening card only."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is missing of one person's day: missed rules with the records of his that mend them."""

    window: Window
    lines: list[tuple[Line, list[list[Any]]]]

    @property
    def gives_back(self) -> int:
        """The points between missing all of it and mending all of it."""
        return sum(line.rule.points_met + line.rule.points_missed for line, _rows in self.lines if not line.rule.trial)


@dataclass(frozen=True, kw_only=True)
class Names:
    """How records are called, by type and key; only those that their person may mend himself."""

    titles: Mapping[tuple[str, int], tuple[int, str]]

    def of(self, row: Sequence[Any], person_id: int) -> str | None:
        """The record's name when it is the person's own; None when it is somebody else's by now."""
        owner, title = self.titles.get((row[TYPE], row[ID]), (0, ""))
        return title if owner == person_id else None


def of_windows(scene: Scene, windows: Sequence[Window]) -> tuple[list[Person], Names]:
    """What is missing of these running days, with the names of the records: seven statements. Who misses nothing is left out."""
    stand = standing(windows, scene.now)
    missed = [(window, [line for line in lines if _counts(line)]) for window, lines in stand]
    names = _names([row for _window, lines in missed for line in lines for row in line.measure.evidence])
    people = []
    for window, lines in missed:
        mendable = [(line, rows) for line in lines if (rows := _mendable(line, window, names)) is not None]
        if mendable:
            people.append(Person(window=window, lines=mendable))
    return people, names


def entries(person: Person, names: Names) -> list[dict[str, str]]:
    """The specific list, in the language in force: title, what is wrong, and the path of the form that mends it."""
    found: list[dict[str, str]] = []
    for line, rows in person.lines:
        rule = line.rule.label or words.label(line.rule.metric)
        found += [{"title": _title(row, person, names), "sub": rule, "url": _form(row)} for row in rows[:MOST_RECORDS]]
        if not rows:
            found.append({"title": _to_do(line) or rule, "sub": rule, "url": _page(line)})
        elif len(rows) > MOST_RECORDS:
            more = len(rows) - MOST_RECORDS
            said = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
            found.append({"title": said, "sub": rule, "url": _page(line)})
    return found


def _counts(line: Line) -> bool:
    return line.result == Result.MISSED and line.rule.severity in TOLD


def _mendable(line: Line, window: Window, names: Names) -> list[list[Any]] | None:
    """The records that mend a rule; an empty list where it takes new ones, None where nothing mends it any more."""
    wrong = [row for row in line.measure.evidence if row[ROLE] == BREACH]
    if any(row[REASON] == "late" for row in wrong):
        return None
    own = [row for row in wrong if row[TYPE] != "day" and names.of(row, window.person_id) is not None]
    if own or not wrong or wrong[0][TYPE] == "day":
        return own
    return None


def _names(rows: Sequence[Sequence[Any]]) -> Names:
    """The names of records and whose they are: three statements."""
    keys: dict[str, set[int]] = {"task": set(), "deal": set(), "activity": set()}
    for row in rows:
        if row[ROLE] == BREACH and row[TYPE] in keys:
            keys[row[TYPE]].add(row[ID])
    titles: dict[tuple[str, int], tuple[int, str]] = {}
    for pk, owner, title in Task.objects.filter(pk__in=keys["task"]).values_list("pk", "owner_id", "title"):
        titles["task", pk] = (owner, title)
    for pk, owner, title in Deal.objects.filter(pk__in=keys["deal"]).values_list("pk", "owner_id", "title"):
        titles["deal", pk] = (owner, title)
    meetings = Activity.objects.filter(pk__in=keys["activity"], deleted_at__isnull=True)
    for pk, who, contact, company in meetings.values_list("pk", "performed_by_id", "contact__name", "company__name"):
        titles["activity", pk] = (who, contact or company or "")
    return Names(titles=titles)


def _title(row: Sequence[Any], person: Person, names: Names) -> str:
    title = names.of(row, person.window.person_id) or ""
    if row[TYPE] == "activity":
        return (
            _("Meeting with %(name)s: what came out of it?") % {"name": title} if title else _("Outcome of a meeting")
        )
    return title


def _form(row: Sequence[Any]) -> str:
    """The form that mends a record."""
    if row[TYPE] == "task":
        return reverse("crm:task-done", args=[row[ID]])
    if row[TYPE] == "activity":
        return reverse("crm:activity-edit", args=[row[ID]])
    if row[REASON] == "no_reason":
        return reverse("crm:deal-lose", args=[row[ID]])
    if row[REASON] == "no_next_step":
        return f"{reverse('crm:task-new')}?deal={row[ID]}"
    return reverse("crm:deal", args=[row[ID]])


def _page(line: Line) -> str:
    """The page where work on a rule is done."""
    return reverse(FIXES[line.rule.metric]) if line.rule.metric in FIXES else HOME


def _to_do(line: Line) -> str:
    """What is still to be done for a rule that no single record mends: "2 more conversations"."""
    if any(row[REASON] == "nothing_entered" for row in line.measure.evidence):
        return _("First record of the day")
    said = words.missing(line.rule.metric, line.rule.comparison, line.value, line.threshold)
    return said[:1].upper() + said[1:]
