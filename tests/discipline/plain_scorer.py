"""The scoring model once more, in plain Python and by brute force: no SQL, no cleverness, only what the model says.

A history is a list of records, each a list of versions `(at, fields)`. Time is in minutes on a grid of five, so that "at some
instant" can be tried out between the points of the grid.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

DAY = 24 * 60
GRID = 5
RULES = {
    "conversations": ("at least", 5),
    "meetings_held": ("at least", 1),
    "deals_won": ("at least", 2),
    "deals_lost": ("at most", 1),
    "lost_without_reason": ("at most", 0),
    "deals_in_progress": ("at least", 2),
    "deals_without_task": ("at most", 0),
    "overdue_tasks": ("at most", 0),
    "data_in_time": ("at most", 0),
}
WORK = ("conversations", "meetings_held", "deals_won", "deals_lost")
NEEDS_ITEMS = ("lost_without_reason", "deals_without_task", "overdue_tasks")


@dataclass
class Record:
    """A record's key, when it was first saved, and everything it has been since."""

    kind: str
    pk: int
    versions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    """When it changed hands through nobody's fault."""

    @property
    def recorded(self) -> int:
        return self.versions[0][0]

    def at(self, moment: float) -> dict[str, Any] | None:
        """What it was at a moment; None before it was there."""
        known = [fields for at, fields in self.versions if at <= moment]
        return known[-1] if known else None

    def open_at(self, moment: float) -> bool:
        state = self.at(moment)
        return state is not None and state["status"] == "open" and not state["deleted"]


@dataclass(frozen=True)
class Day:
    """A window `(opens, cut_off]` in minutes, with the end of the last day of a next step, the whole days of leave in it, minutes
    scheduled and absent, the step of a new hire (None: on trial) and what did not work."""

    opens: int
    cut_off: int
    next_step_until: int
    away: tuple[tuple[int, int], ...] = ()
    scheduled: int = 540
    absent: int = 0
    ramp: int | None = 100
    out: frozenset[str] = frozenset()

    @property
    def horizon(self) -> int:
        return self.cut_off + 30

    def instants(self) -> list[float]:
        """Moments between the points of the grid, and the cut-off itself."""
        return [t + GRID / 2 for t in range(self.opens, self.cut_off, GRID)] + [float(self.cut_off)]


def score(records: list[Record], who: int, day: Day) -> dict[str, tuple[int, int]]:
    """Figure and number of judged records of every metric of a person's day."""
    of = {kind: [record for record in records if record.kind == kind] for kind in ("activity", "task", "deal")}
    won, lost, bare = _closed(of["deal"], who, day)
    open_deals = [d for d in of["deal"] if d.open_at(day.cut_off) and d.at(day.cut_off)["owner"] == who]
    return {
        "conversations": (_conversations(of["activity"], who, day), 0),
        "meetings_held": (_meetings(of["activity"], who, day), 0),
        "deals_won": (won, 0),
        "deals_lost": (lost, 0),
        "lost_without_reason": (bare, lost),
        "deals_in_progress": (len(open_deals), 0),
        "deals_without_task": _without_task(open_deals, of["task"], who, day),
        "overdue_tasks": _overdue(of["task"], who, day),
        "data_in_time": (_not_in_time(records, of, who, day), 0),
    }


def judge(metric: str, value: int, held: int, day: Day) -> tuple[str, int]:
    """What a rule says about a figure: its result and points, +1 met and -2 missed."""
    comparison, threshold = RULES[metric]
    there, ramp = day.scheduled - day.absent, 100 if day.ramp is None else day.ramp
    if metric in WORK and comparison == "at least":
        if 4 * there < day.scheduled:
            return "n/a", 0
        if there * ramp < day.scheduled * 100:
            threshold = max(1, threshold * there * ramp // (day.scheduled * 100))
    if metric in NEEDS_ITEMS and held == 0 and value == 0:
        return "n/a", 0
    if value >= threshold if comparison == "at least" else value <= threshold:
        return "met", 1
    if "everything" in day.out or (metric == "conversations" and "telephony" in day.out):
        return "n/a", 0
    return "missed", -2


def posted(points: list[int], mode: str, day: Day, *, signed: bool) -> int:
    """What of the points counts."""
    if not signed or mode in ("off", "trial") or day.ramp is None:
        return 0
    return sum(points) if mode == "live" else sum(one for one in points if one > 0)


def ramp(hired: date | None, day: date, leave: set[date]) -> int | None:
    """The step of a new hire on a day: ten workdays on trial, then 50, 75 and 100 per cent by fortnight."""
    if hired is None:
        return 100
    worked, one = 0, hired
    while worked < 10 or one.isoweekday() > 5 or one in leave:
        worked += one.isoweekday() < 6 and one not in leave
        one += timedelta(days=1)
    if day < one:
        return None
    return (50, 75, 100)[min((day - one).days // 14, 2)]


def _in_time(record: Record, day: Day) -> dict[str, Any] | None:
    """The activity as it was when it was last in time to enter it; None when it came too late."""
    first = record.versions[0][1]
    limit = max(day.cut_off, first["ended"] + 15) if first["source"] == "manual" else day.horizon
    return record.at(limit) if record.recorded <= limit else None


def _of_day(activities: list[Record], kind: str, who: int, day: Day) -> list[tuple[Record, dict[str, Any]]]:
    found = []
    for record in activities:
        first = record.versions[0][1]
        mine = first["what"] == kind and first["who"] == who and first["source"] != "import"
        if mine and day.opens < first["ended"] <= day.cut_off:
            state = _in_time(record, day)
            if state is not None and not state["deleted"]:
                found.append((record, state))
    return found


def _conversations(activities: list[Record], who: int, day: Day) -> int:
    """Calls of the hour before take part as their own day saw them, but count in that one."""
    before = Day(opens=day.opens - 60, cut_off=day.opens, next_step_until=0)
    calls = _of_day(activities, "call", who, before) + _of_day(activities, "call", who, day)
    last: dict[Any, int] = {}
    count = 0
    for record, state in sorted(calls, key=lambda pair: (pair[1]["ended"], pair[0].pk)):
        if state["result"] in ("no_answer", "busy", "wrong_number", "not_held"):
            continue
        if state["source"] == "manual" and not (state["note"] or state["result"]):
            continue
        if state["source"] != "manual" and (state["seconds"] or 0) < 30:
            continue
        key = state["contact"] or ("alone", record.pk)
        if key not in last or state["ended"] - last[key] >= 10:
            last[key] = state["ended"]
            count += state["ended"] > day.opens
    return count


def _meetings(activities: list[Record], who: int, day: Day) -> int:
    return sum(state["result"] not in ("", "not_held") for _record, state in _of_day(activities, "meeting", who, day))


def _closed(deals: list[Record], who: int, day: Day) -> tuple[int, int, int]:
    """Deals won and lost by somebody in the window that still are, and those lost without a reason."""
    won = lost = bare = 0
    for deal in deals:
        now = deal.at(day.cut_off)
        wins = [(at, fields) for at, fields in deal.versions if fields["status"] == "won"]
        if wins and now and now["status"] == "won" and not now["deleted"]:
            at, fields = wins[0]
            won += day.opens < at <= day.cut_off and fields["by"] == who
        closing = _last_closing(deal, day.cut_off)
        if closing and now["status"] == "lost" and not now["deleted"]:
            at, fields = closing
            if day.opens < at <= day.cut_off and fields["by"] == who:
                lost += 1
                bare += not now["reason"]
    return won, lost, bare


def _last_closing(deal: Record, until: int) -> tuple[int, dict[str, Any]] | None:
    """The version with which the deal last became lost."""
    found = None
    before = "open"
    for at, fields in deal.versions:
        if at <= until and fields["status"] == "lost" and before != "lost":
            found = (at, fields)
        before = fields["status"]
    return found


def _without_task(open_deals: list[Record], tasks: list[Record], who: int, day: Day) -> tuple[int, int]:
    held = bare = 0
    for deal in open_deals:
        moments = range(day.cut_off - 60, day.cut_off + 1, GRID)
        if not all(deal.open_at(t) and deal.at(t)["owner"] == who for t in moments):
            continue
        held += 1
        bare += not any(
            task.open_at(day.cut_off)
            and task.at(day.cut_off)["deal"] == deal.pk
            and task.at(day.cut_off)["due"] <= day.next_step_until
            for task in tasks
        )
    return bare, held


def _overdue(tasks: list[Record], who: int, day: Day) -> tuple[int, int]:
    held = sum(task.open_at(day.cut_off) and task.at(day.cut_off)["owner"] == who for task in tasks)
    charged = 0
    for task in tasks:
        if not task.open_at(day.cut_off):
            continue
        if any(day.opens < at <= day.cut_off for at in task.cleared):
            continue
        breaches = [t for t in day.instants() if task.open_at(t) and task.at(t)["due"] < t]
        if not breaches:
            continue
        lapsed = breaches[0] - GRID / 2
        on_leave = any(since < lapsed <= until for since, until in day.away)
        charged += not on_leave and task.at(breaches[0])["owner"] == who
    return charged, held


def _not_in_time(records: list[Record], of: dict[str, list[Record]], who: int, day: Day) -> int:
    wrong = 0
    for record in of["activity"]:
        first, now = record.versions[0][1], record.at(day.cut_off)
        mine = first["who"] == who and first["source"] == "manual" and day.opens < record.recorded <= day.cut_off
        if mine and not now["deleted"] and first["ended"] <= day.opens and record.recorded > first["ended"] + 15:
            wrong += 1
    wrong += sum(state["result"] == "" for _record, state in _of_day(of["activity"], "meeting", who, day))
    wrong += sum(
        task.open_at(day.cut_off)
        and task.at(day.cut_off)["owner"] == who
        and task.at(day.cut_off)["what"] == "meeting"
        and day.opens < task.at(day.cut_off)["due"] <= day.cut_off
        for task in of["task"]
    )
    entered = any(
        record.versions[0][1]["by"] == who
        and record.versions[0][1]["source"] == "manual"
        and day.opens < record.recorded <= day.cut_off
        for record in records
    )
    return wrong + (not entered)
