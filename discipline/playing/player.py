"""Lets a story's time pass: everything happens in order, and the planner closes days at each horizon while workers are up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Barrier, Thread

from django.db import connection

from accounts.models import Team
from accounts.refusals import NotAllowed, Refused
from crm.history.clock import show
from discipline import proposals
from discipline.playing import deeds, perfect
from discipline.playing.setting import World, late_signatures, set_up
from discipline.playing.stage import Clock
from discipline.playing.story import Event, Story, StoryError
from discipline.services import days, planner
from discipline.timetable import Timetable

CHANGE_WINDOWS = frozenset({"set_mode", "move_person"})


@dataclass
class Played:
    """What came of the events: which were refused, and what did not go as the story says."""

    world: World
    refused: list[int] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)


def play(story: Story, clock: Clock) -> Played:
    """Play a whole story on the present database."""
    played = Played(set_up(story, clock))
    _Performance(story, clock, played).perform()
    return played


class _Performance:
    """One run through a story."""

    def __init__(self, story: Story, clock: Clock, played: Played) -> None:
        self.story = story
        self.clock = clock
        self.played = played
        self.up = True
        self._ends: list[datetime] | None = None

    def perform(self) -> None:
        events = [*self.story.events, *perfect.events(self.story), *late_signatures(self.story)]
        listed = sorted(events, key=lambda event: event.at)
        for event in listed:
            self._close_until(event.at, with_it=False)
            self.clock.set(event.at)
            self._happen(event)
        last = self._horizons()
        self._close_until(max([*last, self.clock.now]), with_it=True)
        self.clock.set(max([*last, self.clock.now]))
        proposals.run(now=self.clock.now)

    def _happen(self, event: Event) -> None:
        if event.do == "workers_down":
            self.up = False
        elif event.do == "workers_up":
            self.up = True
            self._deliver(int(event.facts.get("deliveries", 1)))
        else:
            self._try(event)
            if event.do in CHANGE_WINDOWS:
                self._ends = None

    def _try(self, event: Event) -> None:
        name = f"event {event.index} ({event.do})" if event.index is not None else f"{event.do} of a perfect day"
        try:
            deeds.do(self.played.world, event)
        except StoryError:
            raise
        except Refused as refusal:
            if event.index is not None:
                self.played.refused.append(event.index)
            if not event.refused:
                why = "not allowed" if isinstance(refusal, NotAllowed) else refusal.message
                self.played.mismatches.append(f"{name} was refused: {why}")
        else:
            if event.refused:
                self.played.mismatches.append(f"{name} should have been refused")

    def _horizons(self) -> list[datetime]:
        """When there is something to close, in order; looked up again after the rules have changed."""
        if self._ends is None:
            self._ends = self._find_horizons()
        return self._ends

    def _find_horizons(self) -> list[datetime]:
        timetable = Timetable.of_teams(None, first=self.story.first, until=self.story.last)
        teams = self.played.world.teams.values()
        ends = {window.horizon for day in self.story.days for window in timetable.windows(day)}
        ends |= {end for day in self.story.days for team in teams if (end := timetable.over_at(team.pk, day))}
        return sorted(ends)

    def _close_until(self, moment: datetime, *, with_it: bool) -> None:
        """Run the planner at each horizon that has come since; what is saved at the horizon itself comes before it."""
        for horizon in self._horizons():
            if horizon < self.clock.now or horizon > moment or (horizon == moment and not with_it):
                continue
            self.clock.set(horizon)
            if self.up:
                planner.run(now=horizon, since=self.story.first, until=self.story.last)
                proposals.run(now=horizon)

    def _deliver(self, times: int) -> None:
        """Hand every waiting job to so many workers at the same moment."""
        teams = Team.objects.in_bulk()
        for team_id, day in planner.missing(now=self.clock.now, since=self.story.first, until=self.story.last):
            together = Barrier(times)

            def work(team_id: int = team_id, day: object = day, together: Barrier = together) -> None:
                try:
                    show(self.clock.now)
                    together.wait()
                    days.close(team=teams[team_id], day=day, at=self.clock.now)  # type: ignore[arg-type]
                except Exception as error:
                    self.played.mismatches.append(f"a worker failed on {day}: {error}")
                finally:
                    connection.close()

            workers = [Thread(target=work) for _ in range(times)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
