"""Reads the figures of the screens now, or makes up for the mornings of past days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline.services.days import WritersBusy
from reports.services import readings


class Command(BaseCommand):
    help = "Reads the figures of the screens now; with --since also those of past mornings, from history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, help="make up for the mornings from this day on, like 2026-10-01"
        )

    def handle(self, *, since: date | None, **options: Any) -> None:
        now = timezone.now()
        if since is not None and since > now.date():
            raise CommandError("This day is still to come. Give the first past day that the screens should show.")
        try:
            mornings = readings.read_mornings(since=since, at=now) if since else []
            reading = readings.read(at=now)
        except WritersBusy as busy:
            raise CommandError("Somebody is writing at the moment. Run this again.") from busy
        if reading is None:
            raise CommandError("Another reading is on its way. Run this again in a minute.")
        if since is not None:
            self.stdout.write(f"{len(mornings)} mornings read.")
        self.stdout.write(f"Figures read as of {timezone.localtime(reading.moment):%Y-%m-%d %H:%M}.")
