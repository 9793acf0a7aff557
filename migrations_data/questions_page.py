"""What the page of who is who shows: a row of the file beside those it may be, what agrees marked, why in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm import names
from crm.folding import fold
from crm.models import Company, Contact
from migrations_data.loading.rows import cell_of
from migrations_data.matching.likeness import ALIKE, WORDS
from migrations_data.matching.traits import phones
from migrations_data.models import Answer, Import, ImportQuestion, ImportRow, ImportSheet, Outcome
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.values import text

CARDS = 6
KINDS = {"company": "companies", "contact": "contacts"}
RECORDS: dict[str, tuple[Any, Permission, str]] = {
    "company": (Company, Permission.COMPANY_VIEW, "crm:company"),
    "contact": (Contact, Permission.CONTACT_VIEW, "crm:contact"),
}
LINES = {
    "company": ("name", "tax_number", "phone", "email", "domain", "address", "city", "country"),
    "contact": ("name", "title", "company", "phone", "email", "city"),
}

Said = Mapping[str, str]


@dataclass
class Side:
    """Somebody whom the row may be. `key` is the digit that says so; `hidden` for a client whom the person may not see."""

    key: int
    title: str
    where: str
    href: str
    score: int
    reasons: list[str]
    hidden: bool


@dataclass
class Line:
    """A field: what the row says, and what each of the others says with how far that agrees ("same", "near", "")."""

    label: str
    said: str
    others: list[tuple[str, str]]


@dataclass
class Card:
    """A question with all that is needed to answer it. `alike` are how many open ones ask the same for the same reasons."""

    question: ImportQuestion
    title: str
    where: str
    sides: list[Side]
    lines: list[Line]
    alike: int


@dataclass
class Page:
    """Some questions, the likeliest first, and how far the person has got."""

    cards: list[Card]
    decided: int
    open: int
    mine: int
    next: str
    after: str

    @property
    def total(self) -> int:
        return self.decided + self.open


def page(of: Import, user: User, *, after: str = "") -> Page:
    """The open questions behind `after` ("score-number"): by key, so that the last page costs what the first does."""
    asked = ImportQuestion.objects.filter(of_import=of)
    opened = asked.filter(answer=Answer.OPEN, row__outcome=Outcome.ASKED)
    place = _place(after)
    behind = opened.filter(Q(score__lt=place[0]) | Q(score=place[0], pk__gt=place[1])) if place else opened
    listed = list(behind.select_related("row__sheet__file").order_by("-score", "pk")[: CARDS + 1])
    said = Q(row__outcome=Outcome.ASKED, answer=Answer.OPEN)
    counts = asked.aggregate(
        open=Count("pk", filter=said),
        decided=Count("pk", filter=~Q(answer=Answer.OPEN)),
        mine=Count("pk", filter=~Q(answer=Answer.OPEN) & Q(answered_by=user)),
    )
    last = listed[CARDS - 1] if len(listed) > CARDS else None
    return Page(
        cards=_cards(listed[:CARDS], opened, user),
        next=f"{last.score}-{last.pk}" if last else "",
        after=after if place else "",
        **counts,
    )


def _place(after: str) -> tuple[int, int] | None:
    score, _dash, pk = after.partition("-")
    fine = all(part.isascii() and part.isdigit() and len(part) < 16 for part in (score, pk))
    return (int(score), int(pk)) if fine else None


def _cards(listed: Sequence[ImportQuestion], opened: Any, user: User) -> list[Card]:
    groups = {one.group for one in listed}
    counted = opened.filter(group__in=groups).order_by().values_list("group").annotate(times=Count("pk"))
    alike = dict(counted) if groups else {}
    wanted = {each["row"] for one in listed for each in one.candidates if each["row"]}
    rows = ImportRow.objects.filter(pk__in=wanted).select_related("sheet__file").in_bulk() if wanted else {}
    known = {}
    for noun in RECORDS:
        ids = {each["record"] for one in listed if one.record_type == noun for each in one.candidates} - {None}
        records = _records(noun, ids, user)
        known[noun] = records | _imported(noun, ids - records.keys(), user)
    return [_card(one, rows, known[one.record_type], alike.get(one.group, 0)) for one in listed]


def _imported(noun: str, ids: Collection[int], user: User) -> dict[int, ImportRow]:
    """Of records whom the person may not see those that he brought himself: as the rows that they were."""
    if not ids:
        return {}
    rows = ImportRow.objects.filter(record_type=noun, record_id__in=ids).select_related("sheet__file")
    rows = rows.filter(sheet__file__of_import__in=Import.objects.visible_to(user))
    return {row.record_id: row for row in rows.order_by("record_id", "-pk").distinct("record_id") if row.record_id}


def _records(noun: str, ids: Collection[int], user: User) -> dict[int, Any]:
    """The records among candidates that this person may see."""
    model, permission, _url = RECORDS[noun]
    if not ids or not holds(user, permission):
        return {}
    found = model.objects.visible_to(user).filter(pk__in=ids).select_related("owner")
    if noun == "contact":
        found = found.select_related("company").prefetch_related("phones", "emails")
    return {one.pk: one for one in found}


def _card(question: ImportQuestion, rows: Mapping[int, ImportRow], records: Mapping[int, Any], alike: int) -> Card:
    noun, row = question.record_type, question.row
    labels: dict[str, str] = {name: str(ALL[KINDS[noun]].fields[name].label) for name in LINES[noun]}
    mine = _row_says(row, noun, labels)
    sides, others = [], []
    for key, each in enumerate(question.candidates, start=1):
        record, other = records.get(each["record"] or 0), rows.get(each["row"] or 0)
        if isinstance(record, ImportRow):
            record, other = None, record
        says = _row_says(other, noun, labels) if other else _record_says(noun, record) if record else {}
        sides.append(_side(key, each, noun, record, other, says))
        others.append(says)
    lines = [
        Line(label, mine.get(name, ""), [_beside(name, mine.get(name, ""), says.get(name, "")) for says in others])
        for name, label in labels.items()
        if mine.get(name) or any(says.get(name) for says in others)
    ]
    return Card(question, mine.get("name", ""), where(row), sides, lines, alike)


def where(row: ImportRow) -> str:
    """Where a row stands, in words."""
    return _("row %(number)s of %(sheet)s") % {"number": row.number, "sheet": row.sheet.name}


def _side(
    key: int, each: Mapping[str, Any], noun: str, record: Any, other: ImportRow | None, says: Said
) -> Side:  # fmt: skip
    if record is not None:
        title, place = record.name, _("in Daybook, with %(owner)s") % {"owner": record.owner.full_name}
        href = reverse(RECORDS[noun][2], args=[record.pk])
    else:
        title, href = says.get("name", ""), ""
        place = where(other) if other else _("in Daybook, not shown to you")
        if other is not None and each["record"]:
            place = _("in Daybook since you imported %(row)s") % {"row": where(other)}
    hidden = record is None and other is None
    words = [str(WORDS[code]) for code in each["reasons"] if code in WORDS]
    return Side(key, title or _("A client whom you may not see"), place, href, each["score"], words, hidden)


def _row_says(row: ImportRow, noun: str, labels: dict[str, str]) -> Said:
    """What a row says by field; columns without a field by their header, whose labels are added."""
    found: dict[str, list[str]] = {}
    for column in columns_of(row.sheet):
        shown = text(cell_of(column["index"], row.cells, row.extras, row.fixes))
        if not shown:
            continue
        name = "name" if column["field"] in ("first_name", "last_name") else column["field"]
        if name not in LINES[noun]:
            name = f"={fold(column['name'])}"
            labels.setdefault(name, column["name"])
        found.setdefault(name, []).append(shown.removesuffix("T00:00:00"))
    return {name: " ".join(parts) if name == "name" else ", ".join(parts) for name, parts in found.items()}


def columns_of(sheet: ImportSheet) -> list[dict[str, Any]]:
    """The columns by which somebody may be known: not the key, not comments and colours."""
    return [column for column in sheet.columns if column["index"] >= 0 and column["field"] not in ("key", "owner")]


def _record_says(noun: str, record: Any) -> Said:
    if noun == "company":
        return {name: str(getattr(record, name) or "") for name in LINES["company"]}
    return {
        "name": record.name,
        "title": record.title,
        "company": record.company.name if record.company else "",
        "phone": ", ".join(one.number for one in record.phones.all()),
        "email": ", ".join(one.address for one in record.emails.all()),
        "city": record.city,
    }


def _beside(name: str, mine: str, other: str) -> tuple[str, str]:
    """What another one says, and how far that agrees."""
    if not mine or not other:
        return other, ""
    if name == "phone":
        return other, "same" if phones([mine]) & phones([other]) else ""
    one, two = (names.core(mine), names.core(other)) if name in ("name", "company") else (fold(mine), fold(other))
    if one == two or sorted(one.split()) == sorted(two.split()):
        return other, "same"
    return other, "near" if fuzz.token_sort_ratio(one, two) >= ALIKE else ""
