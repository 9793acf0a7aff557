"""What the report of an import shows, made out of how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can, holds
from migrations_data import faults_page, pages, rows_page
from migrations_data.loading.problems import say_finding
from migrations_data.models import COUNTS, Import, ImportFile, ImportSheet, Part, Status
from migrations_data.reconciling import book
from migrations_data.reconciling.accounts import Account
from migrations_data.reconciling.important import Client, State
from migrations_data.reconciling.returned import files_with_some
from migrations_data.reconciling.standing import TONES, Standing, conclusion
from migrations_data.understanding.nouns import ALL

MISSING_SHOWN = 20
LISTS = ("money", "activity", "vip")
STATES = {
    State.THERE: "done", State.ASKED: "watch", State.REJECTED: "failed", State.LEFT_OUT: "na", State.GONE: "na",
}  # fmt: skip
TONE_OF = {"asked": "watch", "rejected": "bad"}


@dataclass
class Step:
    """Something to do next, and where it leads; a `file` is sent for rather than opened."""

    icon: str
    text: str
    note: str
    href: str
    action: str
    file: bool = False


def context(found: Standing, user: User, *, chosen: str = "") -> dict[str, Any]:
    """Everything that the report shows to somebody. `chosen` is the list of important clients that is open."""
    of = found.of
    runs = can(user, Permission.IMPORT_RUN, of)
    lists = _lists(found, chosen)
    current = next(one for one in lists if one["current"])
    return {
        "of": of,
        "found": found,
        "steps": pages.steps(of),
        "conclusion": conclusion(found.figures),
        "tone": TONES[found.verdict],
        "next": _next(found) if runs else [],
        "may_run": runs,
        "may_close": runs and of.status == Status.DONE and of.closed_at is None,
        "words": book.outcomes(),
        "totals": _totals(found),
        "sheets": [_sheet(one) for one in found.accounts],
        "missing": _missing(found),
        "more_missing": max(0, len(found.missing) - MISSING_SHOWN),
        "lists": lists,
        "clients": _clients(found, current["clients"], user),
        "list": current["key"],
        "blocking": _clients(found, found.important.blocking(), user),
        "faults": faults_page.summary(of, user),
        "findings": [one for one in map(_findings, found.sheets) if one["lines"]],
    }


def _totals(found: Standing) -> list[dict[str, Any]]:
    return [
        {"name": name, "word": word, "count": found.totals[name], "tone": TONE_OF.get(name, "none")}
        for name, word in book.outcomes().items()
    ]


def _sheet(account: Account) -> dict[str, Any]:
    """A table with what became of its rows; each count leads to its rows."""
    sheet = account.sheet
    kind = ALL.get(sheet.kind)
    rows = reverse("migrations_data:import-rows", args=[sheet.pk])
    words, counted = book.outcomes(), account.counted
    return {
        "account": account,
        "name": _name(sheet),
        "label": str(kind.label) if kind else _("Left out"),
        "icon": kind.icon if kind else "eye-off",
        "href": rows,
        "around": _around(account),
        "counts": [
            {"name": name, "word": words[name], "count": counted[name], "tone": TONE_OF.get(name, ""), "href": f"{rows}?outcome={name}"}
            for name in COUNTS
        ],
    }  # fmt: skip


def _name(sheet: ImportSheet) -> str:
    """The file, and the sheet in it where that says more."""
    name = f"{sheet.name} ({sheet.table + 1})" if sheet.table else sheet.name
    return name if sheet.file.encoding else f"{sheet.file.name} · {name}"


def _around(account: Account) -> str:
    """What the file has beside the rows that were read: "1 header, 3 above the table, 2 blank"."""
    words = (
        (Part.HEADER, _("header")), (Part.BANNER, _("above the table")), (Part.BLANK, _("blank")), (Part.TOTAL, _("subtotals")),
        (Part.NOTE, _("notes")),
    )  # fmt: skip
    return ", ".join(f"{formats.number(account.parts[part])} {word}" for part, word in words if account.parts[part])


def _next(found: Standing) -> list[Step]:
    """What to do next, the most urgent first."""
    of, asked = found.of, found.totals["asked"]
    if of.status != Status.DONE:
        return []
    return [
        *([_decide(of, asked)] if asked else []),
        *(_mend(of, file) for file in files_with_some(found.sheets)),
        Step(
            icon="clipboard-check",
            text=_("See what was wrong in the old tables"),
            note=_("Duplicates, contradictions, clients without a next step."),
            href=reverse("migrations_data:import-faults", args=[of.pk]),
            action=_("Look"),
        ),
    ]


def _decide(of: Import, asked: int) -> Step:
    said = ngettext(
        "%(n)s row may be a client who is here already", "%(n)s rows may be clients who are here already", asked
    )
    return Step(
        icon="users",
        text=said % {"n": formats.number(asked)},
        note=_("Say who is who; one key decides about all that are alike."),
        href=reverse("migrations_data:import-questions", args=[of.pk]),
        action=_("Decide"),
    )


def _mend(of: Import, file: ImportFile) -> Step:
    return Step(
        icon="file-spreadsheet",
        text=_("Mend the rows that were not taken: %(file)s") % {"file": file.name},
        note=_(
            "They come back as in your file, each with its reason. Correct them and import the file: what is in stays as it is."
        ),
        href=reverse("migrations_data:import-returned", args=[of.pk, file.pk]),
        action=_("Download"),
        file=True,
    )


def _lists(found: Standing, chosen: str) -> list[dict[str, Any]]:
    lists = found.important
    kept = {"money": lists.money, "activity": lists.activity, "vip": lists.vip}
    words = {
        "money": _("By yearly revenue") if lists.by_revenue else _("By money"),
        "activity": _("By activity"),
        "vip": _("VIP"),
    }
    filled = [key for key in LISTS if kept[key]]
    current = chosen if chosen in LISTS else (filled or list(LISTS))[0]
    address = reverse("migrations_data:import-report", args=[found.of.pk])
    return [
        {"key": key, "label": f"{words[key]} {formats.number(len(kept[key]))}", "clients": kept[key], "current": key == current,
         "href": f"{address}?list={key}#important"}
        for key in LISTS
    ]  # fmt: skip


def _clients(found: Standing, clients: Sequence[Client], user: User) -> list[dict[str, Any]]:
    """Clients with their records, for those who may see them, and the rows where they stand."""
    links = _links(clients, user)
    sheets = {sheet.pk: sheet for sheet in found.sheets}
    waiting = {file.pk for file in files_with_some(found.sheets)}
    words = book.state_words()
    return [
        {
            "client": one,
            "money": formats.money(int(one.money * 100), found.of.currency) if one.money else formats.DASH,
            "href": links.get(one.record, "") if one.record else "",
            "state": STATES[one.state],
            "word": words[one.state],
            "places": [_place(sheets[sheet], row) for sheet, row in one.places[:2]],
            "todo": _todo(found, one, sheets, waiting),
        }
        for one in clients
    ]


def _todo(found: Standing, client: Client, sheets: dict[int, ImportSheet], waiting: set[int]) -> dict[str, Any] | None:
    """Where to do something about a client who holds the import open."""
    if not client.blocks:
        return None
    if client.state == State.ASKED:
        return {"href": reverse("migrations_data:import-questions", args=[found.of.pk]), "action": _("Decide")}
    files = (sheets[sheet].file_id for sheet, _row in client.places)
    file = next((pk for pk in files if pk in waiting), None)
    if file is None:
        return None
    return {
        "href": reverse("migrations_data:import-returned", args=[found.of.pk, file]),
        "action": _("Mend"),
        "file": True,
    }


def _place(sheet: ImportSheet, row: int) -> dict[str, Any]:
    rows = reverse("migrations_data:import-rows", args=[sheet.pk])
    return {"sheet": sheet.name, "row": row, "href": f"{rows}?after={row - 1}"}


def _missing(found: Standing) -> list[dict[str, Any]]:
    sheets = {sheet.pk: sheet for sheet in found.sheets}
    icons = {"company": "building-plus", "contact": "user-plus"}
    return [
        {"name": one.name, "icon": icons[one.noun], "asked": one.asked, "place": _place(sheets[one.sheet], one.row)}
        for one in found.missing[:MISSING_SHOWN]
    ]


def _links(clients: Iterable[Client], user: User) -> dict[tuple[str, int], str]:
    """Addresses of the records that this person may open: one statement a kind."""
    found: dict[tuple[str, int], str] = {}
    for noun in ("company", "contact"):
        model, permission, url = rows_page.VIEWS[noun]
        pks = {one.record[1] for one in clients if one.record and one.record[0] == noun}
        if pks and holds(user, permission):
            for pk in model.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True):
                found[noun, pk] = reverse(url, args=[pk])
    return found


def _findings(sheet: ImportSheet) -> dict[str, Any]:
    return {"name": _name(sheet), "lines": [{**one, "text": say_finding(one)} for one in sheet.findings]}


def is_reported(of: Import) -> bool:
    """Whether an import is shown by its report: it was run, and is through or was taken back."""
    return of.status in (Status.DONE, Status.UNDONE)
