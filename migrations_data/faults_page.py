"""What the pages of an audit show: classes of fault with how far they are put right, and the records of one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.exports import Table
from crm.models import Grant, Task, TaskStatus
from migrations_data.audit import FAULTS, Fault, Weight
from migrations_data.models import AuditLine, Import, Status
from migrations_data.models.audit import RECORDS

LINES_A_PAGE = 50
LINES_AT_ONCE = 1000
URLS = {"company": "crm:company", "contact": "crm:contact", "deal": "crm:deal"}
NAMES = {"company": "name", "contact": "name", "deal": "title"}


@dataclass(frozen=True)
class Found:
    """A class of fault in an import: how many records have it, for how many a task was given, how many of those are done."""

    fault: Fault
    count: int
    given: int
    done: int
    href: str

    @property
    def tone(self) -> str:
        return {Weight.LOSES: "bad", Weight.COSTS: "watch", Weight.UNTIDY: "info"}[self.fault.weight]


def summary(of: Import, user: User) -> list[Found]:
    """The classes of fault that somebody sees records of, the worst first: one statement. Nothing of an import that is not through."""
    if of.status != Status.DONE:
        return []
    done = Q(task_id__in=Task.objects.filter(status=TaskStatus.DONE).values("pk"))
    rows = AuditLine.objects.filter(of_import=of).visible_to(user).order_by().values("code")
    counted = rows.annotate(n=Count("pk"), given=Count("task_id"), done=Count("pk", filter=done))
    listed = [
        Found(FAULTS[row["code"]], row["n"], row["given"], row["done"], _href(of, row["code"]))
        for row in counted
        if row["code"] in FAULTS
    ]
    return sorted(listed, key=lambda one: (-one.fault.weight, -one.count, one.fault.code))


def _href(of: Import, code: str) -> str:
    return reverse("migrations_data:import-fault", args=[of.pk, code])


def groups(listed: Sequence[Found]) -> list[dict[str, Any]]:
    """The classes by how much they hurt."""
    made = [
        {"label": label, "listed": [one for one in listed if one.fault.weight == weight]} for weight, label in _labels()
    ]
    return [group for group in made if group["listed"]]


def _labels() -> list[tuple[Weight, str]]:
    return [
        (Weight.LOSES, _("These lose clients")),
        (Weight.COSTS, _("These cost work")),
        (Weight.UNTIDY, _("These are untidy")),
    ]


def concerned(of: Import, user: User) -> int:
    """How many records have at least one fault."""
    rows = AuditLine.objects.filter(of_import=of).visible_to(user).order_by()
    return rows.values("record_type", "record_id").distinct().count()


def is_blind(user: User, at: datetime) -> bool:
    """Whether somebody sees no client now and could take access to them."""
    return holds(user, Permission.GRANT_TAKE) and not Grant.objects.in_force(at).filter(user=user).exists()


@dataclass
class ShownLine:
    """A fault of one record, with the way to it and where in the tables it came from."""

    line: AuditLine
    name: str
    href: str
    owner: str
    words: str
    state: str = ""
    """Of its task: "" when there is none, else open, late, done or dropped."""
    other: tuple[str, str] | None = None
    """Name and address of another record that the line names."""

    @property
    def place(self) -> str:
        """Where it stands in its file; empty for records made beside their rows. A file of text has no sheets."""
        row = self.line.row
        if row is None:
            return ""
        if row.sheet.file.encoding:
            return _("row %(number)s") % {"number": row.number}
        return _("%(sheet)s, row %(number)s") % {"sheet": row.sheet.name, "number": row.number}

    @property
    def row_href(self) -> str:
        """The row among its neighbours, as it is in the file."""
        row = self.line.row
        return f"{reverse('migrations_data:import-rows', args=[row.sheet_id])}?after={row.number - 1}" if row else ""


@dataclass
class LinesPage:
    """Some records of a class, with the way to the next."""

    lines: list[ShownLine]
    next: str = ""
    people: list[dict[str, Any]] = field(default_factory=list)


def lines_page(of: Import, fault: Fault, user: User, *, after: int, at: datetime) -> LinesPage:
    """The records of a class behind line `after`: by key, so that the last page costs what the first does."""
    listed = list(_lines(of, user).filter(code=fault.code, pk__gt=after)[: LINES_A_PAGE + 1])
    more = f"{_href(of, fault.code)}?after={listed[LINES_A_PAGE - 1].pk}" if len(listed) > LINES_A_PAGE else ""
    return LinesPage(_shown(listed[:LINES_A_PAGE], user, at), more, people(of, fault, user))


def _lines(of: Import, user: User) -> QuerySet[AuditLine]:
    rows = AuditLine.objects.filter(of_import=of).visible_to(user).order_by("pk")
    return rows.select_related("row__sheet__file").defer(
        "row__cells", "row__values", "row__extras", "row__sheet__columns"
    )


def _shown(lines: Sequence[AuditLine], user: User, at: datetime) -> list[ShownLine]:
    """The lines with their records, others that they name, and their tasks: a statement for each kind of thing."""
    records = {noun: _records(noun, lines, user) for noun in RECORDS}
    tasks = Task.objects.in_bulk([line.task_id for line in lines if line.task_id])
    shown = []
    for line in lines:
        name, owner = records[line.record_type].get(line.record_id, ("", ""))
        one = ShownLine(
            line, name, _record_url(line.record_type, line.record_id), owner, FAULTS[line.code].line(line.detail)
        )
        other = line.detail.get("other") if line.code == "lookalikes" else None
        if other in records[line.record_type]:
            one.other = (records[line.record_type][other][0], _record_url(line.record_type, other))
        if line.task_id:
            one.state = _state(tasks.get(line.task_id), at)
        shown.append(one)
    return shown


def _record_url(noun: str, pk: int) -> str:
    return reverse(URLS[noun], args=[pk])


def _records(noun: str, lines: Sequence[AuditLine], user: User) -> dict[int, tuple[str, str]]:
    """Name and owner of the records of a noun that lines are about or name, by key: as far as they are visible."""
    keys = {line.record_id for line in lines if line.record_type == noun}
    keys |= {line.detail["other"] for line in lines if line.record_type == noun and line.code == "lookalikes"}
    if not keys:
        return {}
    rows = RECORDS[noun].objects.visible_to(user).filter(pk__in=keys)
    return {pk: (name, owner) for pk, name, owner in rows.values_list("pk", NAMES[noun], "owner__full_name")}


def _state(task: Task | None, at: datetime) -> str:
    if task is None or task.deleted_at is not None:
        return "dropped"
    return "late" if task.status == TaskStatus.OPEN and task.due_at < at else task.status


def people(of: Import, fault: Fault, user: User) -> list[dict[str, Any]]:
    """Who has done how many of the tasks that were given for a class, who has the most left first."""
    given = AuditLine.objects.filter(of_import=of, code=fault.code, task_id__isnull=False).values("task_id")
    rows: QuerySet[Any, Any] = Task.objects.visible_to(user).filter(pk__in=given).order_by()
    open_ = Q(status=TaskStatus.OPEN)
    counted = rows.values(whose=F("owner__full_name")).annotate(
        all=Count("pk"), done=Count("pk", filter=~open_), left=Count("pk", filter=open_)
    )
    return list(counted.order_by("-left", "whose"))


def table(of: Import, user: User, at: datetime) -> Table:
    """All faults of an import as a sheet, the worst class first."""
    headings = (
        _("Fault"), _("Why it matters"), _("Record"), _("What is wrong"), _("Owner"), _("File"), _("Sheet"), _("Row"), _("Task"),
    )  # fmt: skip
    return Table(_("import-%(pk)s-faults") % {"pk": of.pk}, headings, _rows(of, user, at))


def _rows(of: Import, user: User, at: datetime) -> Iterator[Sequence[Any]]:
    words = {"open": _("given"), "late": _("overdue"), "done": _("done"), "dropped": _("dropped"), "": ""}
    for found in summary(of, user):
        for one in _all(of, found.fault, user, at):
            row = one.line.row
            place = (row.sheet.file.name, row.sheet.name, row.number) if row else ("", "", None)
            said = " ".join(filter(None, (one.words, one.other[0] if one.other else "")))
            yield str(found.fault.label), str(found.fault.why), one.name, said, one.owner, *place, words[one.state]


def _all(of: Import, fault: Fault, user: User, at: datetime) -> Iterable[ShownLine]:
    """Every line of a class, some at a time."""
    after = 0
    while some := list(_lines(of, user).filter(code=fault.code, pk__gt=after)[:LINES_AT_ONCE]):
        yield from _shown(some, user, at)
        after = some[-1].pk
