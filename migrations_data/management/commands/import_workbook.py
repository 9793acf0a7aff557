"""`manage.py import_workbook FILE...`: the same import as on the page, by hand, and its undo."""

from __future__ import annotations

import json
import logging
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.refusals import NotAllowed, Refused
from migrations_data import command_words
from migrations_data.models import Import, ImportProfile, Status
from migrations_data.reading.limits import WIDE
from migrations_data.services import differences, imports, matches, profiles, report, undo, unlocking, work
from migrations_data.services.work import Busy

log = logging.getLogger(__name__)
CLEAN, WITH_REJECTS, REFUSED = 0, 1, 2
AS_LONG_AS_IT_TAKES = 24 * 3600.0
PATIENCE_S = 600
"""So long the command waits for an import that is in front."""


class Command(BaseCommand):
    help = (
        "Import tables (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv), or undo an import. Files given together are linked. "
        "Ends with 0 when everything was taken, 1 when rows were rejected or wait for a decision (after --undo: when records "
        "stay because somebody has touched them), 2 when nothing was done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--profile", default="", help="read the tables as this profile says; a new name is remembered"
        )
        parser.add_argument("--dry-run", action="store_true", help="try everything and keep nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--as", dest="email", default="", help="who imports (by default the first coordinator)")
        parser.add_argument(
            "--undo", type=int, metavar="ID", help="take an import back, but for what people have touched"
        )
        parser.add_argument("--origin", default="", help="name of the old system, to keep its keys apart")
        parser.add_argument("--password", default="", help="of workbooks that are protected by one")
        parser.add_argument(
            "--accept-differences", action="store_true", help="import although two ways of reading a file do not agree"
        )
        parser.add_argument(
            "--no-limits", action="store_true", help="read files of any size, as far as the memory goes"
        )
        parser.add_argument("--currency", default="", help="currency of amounts (by default the company's)")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["files"]) == bool(options["undo"]):
            raise CommandError(_("Name the files to import, or an import to undo with --undo ID."), returncode=REFUSED)
        self.as_json: bool = options["json"]
        self.limits = WIDE if options["no_limits"] else None
        self.made: Import | None = None
        try:
            with _in_turn(self.stderr.write):
                told = self._undo(options) if options["undo"] else self._import(options)
        except NotAllowed:
            self._refuse(_("This person may not do this. Name the CRM coordinator whose import it is with --as EMAIL."))
        except Refused as refusal:
            self._refuse(str(refusal.message))
        except Busy:
            self._refuse(_("Another import is running. Try again when it is through."))
        except Exception:
            log.exception("The command broke off")
            self._refuse(_("The import broke off. The log says why."))
        words = command_words.of_undo if options["undo"] else command_words.of_import
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if self.as_json else words(told))
        sys.exit(CLEAN if told["ok"] else WITH_REJECTS)

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        by, profile = self._person(options["email"]), _profile(options["profile"])
        with ExitStack() as stack:
            uploads = [File(stack.enter_context(self._open(path)), name=path.name) for path in options["files"]]
            words = {"origin": options["origin"], "currency": options["currency"], "limits": self.limits}
            made = imports.upload(by=by, at=timezone.now(), uploads=uploads, background=False, **words)
        made = self._read(made, by, options)
        if profile is not None:
            profiles.apply(of=made, profile=profile)
        matches.collect(made)
        ask = imports.preview if options["dry_run"] else imports.run
        made = self._work(ask(of=made, by=by, at=timezone.now(), background=False))
        if options["profile"] and profile is None:
            profiles.remember(of=made, name=options["profile"], by=by, at=timezone.now())
        whole = report.as_dict(made)
        return command_words.exactly(whole) if self.as_json else whole

    def _read(self, made: Import, by: User, options: dict[str, Any]) -> Import:
        """Read the files, with the password and the assent that were given along."""
        made = self._work(made)
        while made.status == Status.LOCKED and options["password"]:
            unlocking.unlock(of=made, password=options["password"], by=by, at=timezone.now(), background=False)
            made = self._work(made)
        if made.status == Status.LOCKED:
            self._refuse(_("%(why)s Here: with --password.") % {"why": made.error})
        for file in differences.waiting(made):
            if not options["accept_differences"]:
                self._refuse(differences.in_words(file) + " " + _("Here: with --accept-differences."))
            differences.accept(file=file, by=by, at=timezone.now())
        return made

    def _undo(self, options: dict[str, Any]) -> dict[str, Any]:
        of = Import.objects.select_related("created_by").filter(pk=options["undo"]).first()
        if of is None:
            self._refuse(_("There is no import of that number."))
        by = self._person(options["email"]) if options["email"] else of.created_by
        before = undo.plan(of)
        if not options["dry_run"]:
            self._work(undo.ask(of=of, by=by, at=timezone.now(), background=False))
        return command_words.undone(of, before, undo.plan(of))

    def _work(self, made: Import) -> Import:
        """Do what the import waits for; one that cannot go on is refused."""
        self.made = made
        done = work.carry_on(import_id=made.pk, at=timezone.now(), seconds=AS_LONG_AS_IT_TAKES, limits=self.limits)
        if done.status == Status.FAILED:
            self.made = done
            self._refuse(done.error or _("The import broke off. The log says why."))
        return done

    def _person(self, email: str) -> User:
        people = User.objects.active().filter(role=Role.ADMIN).order_by("pk")
        person = User.objects.active().filter(email__iexact=email).first() if email else people.first()
        if person is None:
            self._refuse(_("There is no such person here. Name a CRM coordinator with --as EMAIL."))
        return person

    def _open(self, path: Path) -> Any:
        try:
            return path.open("rb")
        except OSError as error:
            self._refuse(_("%(file)s cannot be opened: %(why)s.") % {"file": path, "why": error.strerror})

    def _refuse(self, why: str) -> NoReturn:
        """Say why and end; of an import that brought nothing in, nothing is kept."""
        kept = self.made is not None and not _forget(self.made)
        if self.as_json:
            number = self.made.pk if self.made is not None and kept else None
            told: dict[str, Any] = {"ok": False, "import_id": number, "error": why, "files": [], "lost": []}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        self.stderr.write(why)
        sys.exit(REFUSED)


def _profile(name: str) -> ImportProfile | None:
    """The profile of that name, or None for a name that is still free."""
    try:
        return profiles.named(name) if name else None
    except profiles.NoSuchProfile:
        return None


def _forget(made: Import) -> bool:
    """Give up an import that has brought nothing in; whether it is gone."""
    try:
        imports.give_up(of=made, by=made.created_by, at=timezone.now())
    except Refused:
        return False
    return True


@contextmanager
def _in_turn(tell: Callable[[str], Any]) -> Iterator[None]:
    """Be the only one who imports until the command ends, after whoever is at it now. Raises Busy when that takes too long."""
    until, told = time.monotonic() + PATIENCE_S, False
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(work.alone())
                break
            except Busy:
                if time.monotonic() > until:
                    raise
                if not told:
                    tell(_("Another import is running. This one waits for it."))
                    told = True
                time.sleep(0.5)
        yield
