"""Plays stories with known scores and says where the program disagrees."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from discipline.playing import verdict
from discipline.playing.player import play
from discipline.playing.stage import NoScratch, Stage
from discipline.playing.story import Story, StoryError
from discipline.playing.verdict import Row


class Command(BaseCommand):
    help = (
        "Plays scenario files on a scratch database of its own and compares the scores. Exit 0 when all hold, else 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print everything as JSON instead of tables")

    def handle(self, *, files: list[Path], **options: Any) -> None:
        logging.getLogger("notifications").setLevel(logging.ERROR)  # no mail leaves a story: its outbox stays as it is
        stage = Stage()
        try:
            with stage.built():
                results = [self._play(path, stage, quiet=options["json"]) for path in files]
        except NoScratch as error:
            raise CommandError(
                "The database role may not create databases. Give it CREATEDB, or use another."
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(results, indent=2, ensure_ascii=False))
        failed = [result for result in results if not result["ok"]]
        if not options["json"]:
            self.stdout.write(f"{len(results) - len(failed)} of {len(results)} hold.")
        if failed:
            raise SystemExit(1)

    def _play(self, path: Path, stage: Stage, *, quiet: bool) -> dict[str, Any]:
        """Play one file and describe what came out."""
        result: dict[str, Any] = {"name": path.stem, "ok": False, "cards": [], "refused": [], "mismatches": []}
        rows: list[Row] = []
        try:
            story = Story.read(path)
            result["name"] = story.name
            with stage.scene() as clock:
                played = play(story, clock)
                rows = verdict.compare(story, played)
                result |= {"cards": verdict.cards(story), "refused": played.refused}
                result["mismatches"] = [*played.mismatches, *_differences(rows)]
        except StoryError as error:
            result["mismatches"] = [str(error)]
        except Exception as error:  # a story that the program stumbles over fails alone
            result["mismatches"] = [f"{type(error).__name__}: {error}"]
        result["ok"] = not result["mismatches"]
        if not quiet:
            self._show(path, result, rows)
        return result

    def _show(self, path: Path, result: dict[str, Any], rows: list[Row]) -> None:
        word = self.style.SUCCESS("holds") if result["ok"] else self.style.ERROR("fails")
        self.stdout.write(f"{path.name}: {result['name']}: {word}")
        for where, expected, actual, differs in rows:
            self.stdout.write(f"  {where:<28} expected {expected:<10} actual {actual:<10} {differs}")
        for mismatch in result["mismatches"]:
            if not any(mismatch.startswith(where) for where, *_rest in rows):
                self.stdout.write(self.style.WARNING(f"  {mismatch}"))


def _differences(rows: list[Row]) -> list[str]:
    return [f"{where}: expected {expected}, is {actual}" for where, expected, actual, differs in rows if differs]
