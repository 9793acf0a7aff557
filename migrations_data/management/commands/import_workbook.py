"""`manage.py import_workbook FILE...`: the same import as on the page, by hand."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

from django.core.files import File
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.refusals import NotAllowed, Refused
from migrations_data.loading.problems import say_finding
from migrations_data.models import Import, Status
from migrations_data.reading.limits import WIDE
from migrations_data.services import differences, imports, report, unlocking, work
from migrations_data.services.work import Busy

CLEAN, WITH_REJECTS, REFUSED = 0, 1, 2
MOST = 20
"""So many findings and problems of a sheet are printed; `--json` has them all."""
AS_LONG_AS_IT_TAKES = 24 * 3600.0


class Command(BaseCommand):
    help = (
        "Import tables (.xlsx, .xls, .ods, .csv, .tsv). Files given together are linked. "
        "Ends with 0 when everything was taken, 1 when rows were rejected, 2 when nothing was done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="try everything and keep nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--as", dest="email", default="", help="who imports (by default the first coordinator)")
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
        self.as_json: bool = options["json"]
        self.limits = WIDE if options["no_limits"] else None
        try:
            done = self._import(options)
        except NotAllowed:
            self._refuse(_("This person may not import. Name a CRM coordinator with --as EMAIL."))
        except Refused as refusal:
            self._refuse(str(refusal.message))
        except Busy:
            self._refuse(_("Another import is running. Try again when it is through."))
        if done.status == Status.FAILED:
            self._refuse(done.error or _("The import broke off. The log says why."), done)
        told = report.as_dict(done)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if self.as_json else in_words(told))
        sys.exit(CLEAN if told["ok"] else WITH_REJECTS)

    def _import(self, options: dict[str, Any]) -> Import:
        by = self._person(options["email"])
        with ExitStack() as stack:
            uploads = [File(stack.enter_context(self._open(path)), name=path.name) for path in options["files"]]
            words = {"origin": options["origin"], "currency": options["currency"], "limits": self.limits}
            made = imports.upload(by=by, at=timezone.now(), uploads=uploads, background=False, **words)
        made = self._read(made, by, options)
        if made.status == Status.READ:
            ask = imports.preview if options["dry_run"] else imports.run
            made = self._work(ask(of=made, by=by, at=timezone.now(), background=False))
        return made

    def _read(self, made: Import, by: User, options: dict[str, Any]) -> Import:
        """Read the files, with the password and the assent that were given along."""
        made = self._work(made)
        while made.status == Status.LOCKED and options["password"]:
            unlocking.unlock(of=made, password=options["password"], by=by, at=timezone.now(), background=False)
            made = self._work(made)
        if made.status == Status.LOCKED:
            self._refuse(_("%(why)s Here: with --password.") % {"why": made.error}, made)
        for file in differences.waiting(made):
            if not options["accept_differences"]:
                self._refuse(differences.in_words(file) + " " + _("Here: with --accept-differences."), made)
            differences.accept(file=file, by=by, at=timezone.now())
        return made

    def _work(self, made: Import) -> Import:
        return work.carry_on(import_id=made.pk, at=timezone.now(), seconds=AS_LONG_AS_IT_TAKES, limits=self.limits)

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

    def _refuse(self, why: str, made: Import | None = None) -> NoReturn:
        if self.as_json:
            told: dict[str, Any] = {"ok": False, "import_id": made and made.pk, "error": why, "files": [], "lost": []}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self.stderr.write(why)
        sys.exit(REFUSED)


def in_words(told: dict[str, Any]) -> str:
    """The report as lines for a terminal."""
    lines: list[str] = []
    for file in told["files"]:
        for sheet in file["sheets"]:
            lines += _sheet_in_words(file["name"], sheet)
    if told["lost"]:
        lines.append(_("Clients not found afterwards: %(names)s") % {"names": ", ".join(told["lost"])})
    return "\n".join(lines)


def _sheet_in_words(file: str, sheet: dict[str, Any]) -> Sequence[str]:
    counts = ", ".join(
        f"{sheet[name]} {word}"
        for name, word in (
            ("created", _("new")), ("updated", _("updated")), ("same", _("unchanged")), ("rejected", _("rejected")),
            ("left_out", _("left out")),
        )
    )  # fmt: skip
    lines = [f"{file} / {sheet['name']} ({sheet['kind'] or '-'}): {sheet['rows_in']} = {counts}"]
    lines += [f"  {sum_['column']}: {sum_['in']} = {sum_['loaded']} + {sum_['rejected']}" for sum_ in sheet["sums"]]
    lines += [_finding(one) for one in sheet["findings"][:MOST]]
    lines += [f"  {one['row']} {one['column']}: {one['message']}" for one in sheet["problems"][:MOST]]
    return lines


def _finding(found: dict[str, Any]) -> str:
    times = f" × {found['count']}" if found["count"] > 1 else ""
    return f"  {found['column']} {say_finding(found)}{times}"
