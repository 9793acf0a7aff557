"""Closes the days of a span whose horizon has passed and that have no cards yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Team
from discipline.models import TeamDay
from discipline.services import planner


class Command(BaseCommand):
    help = "Closes past days, as of their cut-offs. What is closed already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="first", type=date.fromisoformat, required=True, help="first day, like 2026-10-01"
        )
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="last day")
        parser.add_argument("--team", help="only this team, by its name")

    def handle(self, *, first: date, last: date, team: str | None, **options: Any) -> None:
        if first > last:
            raise CommandError("The first day comes after the last one. Swap --from and --to.")
        chosen = self._team(team)
        now = timezone.now()
        planner.run(now=now, since=first, until=last, team=chosen)
        days = TeamDay.objects.filter(day__range=(first, last), cards__gt=0).select_related("team")
        if chosen is not None:
            days = days.filter(team=chosen)
        self.stdout.write(f"{'Day':<12}{'Team':<28}{'Cards':>7}{'Met':>7}{'Missed':>8}{'Points':>8}")
        for one in days.order_by("day", "team__path"):
            self.stdout.write(
                f"{one.day.isoformat():<12}{one.team.name[:27]:<28}{one.cards:>7}{one.met:>7}{one.missed:>8}{one.points:>8}"
            )
        waiting = planner.missing(now=now, since=first, until=last, team=chosen)
        if waiting:
            raise CommandError(f"{len(waiting)} days are still open, because somebody is writing. Run this again.")

    def _team(self, name: str | None) -> Team | None:
        if name is None:
            return None
        team = Team.objects.filter(name__iexact=name).first()
        if team is None:
            raise CommandError(
                f"There is no team called {name}. The teams are: {', '.join(Team.objects.values_list('name', flat=True))}."
            )
        return team
