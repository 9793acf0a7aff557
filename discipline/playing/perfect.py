"""The events of a perfect day: everything that the classic rules ask for, each saved five minutes after it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from discipline.playing.story import Event, PersonPlan, Story

SAVED_AFTER = timedelta(minutes=5)
CALLS = {
    "call1": time(9, 10),
    "call2": time(10, 20),
    "call3": time(11, 30),
    "call4": time(12, 40),
    "call5": time(14, 0),
}
COMPANIES = {"company1": time(9, 30), "company2": time(10, 0)}
MEETING = time(11, 0)
OPENED, WON = time(11, 0), time(12, 0)


def events(story: Story) -> list[Event]:
    """All perfect days of everybody in the span."""
    return [
        event
        for plan in story.people
        for day in story.days
        if _works(story, plan, day) and (left_out := story.left_out(plan.name, day)) is not None
        for event in _day(story, plan.name, day, left_out)
    ]


def _works(story: Story, plan: PersonPlan, day: date) -> bool:
    return day >= plan.hired and day.isoweekday() in plan.workdays and day not in story.holidays


def _day(story: Story, person: str, day: date, left_out: set[str]) -> Iterator[Event]:
    def ended(at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(story.zone))

    def event(part: str, do: str, at: time, **facts: object) -> Event:
        return Event(at=ended(at) + SAVED_AFTER, by=person, do=do, facts={"name": f"{part}@{day.isoformat()}", **facts})

    for part, at in COMPANIES.items():
        if part not in left_out:
            yield event(part, "add_company", at)
    if "meeting" not in left_out:
        yield event("meeting", "log_meeting", MEETING, ended=ended(MEETING), outcome="agreed")
    for number, (part, at) in enumerate(CALLS.items(), start=1):
        if part not in left_out:
            yield event(part, "log_call", at, ended=ended(at), contact=f"x{number}")
    if "win" not in left_out:
        yield event("win", "add_deal", OPENED)
        yield event("win", "win_deal", WON)
