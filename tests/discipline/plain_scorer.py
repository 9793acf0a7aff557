"""The scoring model once more, in plain Python and by brute force: no SQL, no cleverness, only what the model says.

A history is a list of records, each a list of versions `(at, fields)`. Time is in minutes on a grid of five, so that "at some
instant" can be tried out between the points of the grid.
"""

from dataclasses import dataclass, field
from typing import Any

DAY = 24 * 60
GRID = 5


@dataclass
class Record:
    """A record's key, when it was first saved, and everything it has been since."""

    kind: str
    pk: int
    versions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

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
    """A window `(opens, cut_off]` in minutes, with the end of the last day of a next step."""

    opens: int
    cut_off: int
    next_step_until: int

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
    last: dict[Any, int] = {}
    count = 0
    for record, state in sorted(_of_day(activities, "call", who, day), key=lambda pair: (pair[1]["ended"], pair[0].pk)):
        if state["result"] in ("no_answer", "busy", "wrong_number", "not_held"):
            continue
        if state["source"] == "manual" and not (state["note"] or state["result"]):
            continue
        if state["source"] != "manual" and (state["seconds"] or 0) < 30:
            continue
        key = state["contact"] or ("alone", record.pk)
        if key not in last or state["ended"] - last[key] >= 10:
            last[key] = state["ended"]
            count += 1
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
        breaches = [t for t in day.instants() if task.open_at(t) and task.at(t)["due"] < t]
        charged += bool(breaches) and task.at(breaches[0])["owner"] == who
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
