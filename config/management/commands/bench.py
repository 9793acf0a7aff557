"""Prints the measurements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bench.asking import run as asking
from bench.closing import run as closing
from bench.exporting import run as exporting
from bench.figures import run as figures
from bench.importing import run as importing
from bench.matching import run as matching
from bench.pages import run as pages
from bench.reading import run as reading
from bench.scorecards import run as scorecards
from bench.workplace import run as workplace

PARTS: dict[str, Callable[[Callable[[str], object]], bool]] = {
    "pages": pages,
    "workplace": workplace,
    "scorecards": scorecards,
    "closing": closing,
    "figures": figures,
    "asking": asking,
    "reading": reading,
    "importing": importing,
    "matching": matching,
    "exporting": exporting,
}


class Command(BaseCommand):
    help = "Measure: statements a page, the pages of a large company, closing a day, importing, who is who. Counts and ratios, on scratch databases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure (everything)")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name in options["parts"] or PARTS:
            self.stdout.write(self.style.MIGRATE_HEADING(name))
            if not PARTS[name](self.stdout.write):
                failed.append(name)
        if failed:
            raise CommandError(f"Out of bounds: {', '.join(failed)}")
