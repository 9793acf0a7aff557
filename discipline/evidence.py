"""The records behind a line, told by their names as of that day, and linked where the reader may see them today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats, roles
from crm.models import ActivityKind, Company, Contact, Deal
from discipline import words
from discipline.metrics import Record, Role

Key = tuple[str, int]

LABELS = """
(SELECT DISTINCT ON (id) 'company' AS type, id, '' AS kind, name, '' AS whom, 'company' AS leads_to, id AS leads_id
 FROM crm_company_timeline WHERE id = ANY(%(company)s) AND from_at <= %(at)s ORDER BY id, from_at DESC)
UNION ALL
(SELECT DISTINCT ON (id) 'deal', id, '', title, '', 'deal', id
 FROM crm_deal_timeline WHERE id = ANY(%(deal)s) AND from_at <= %(at)s ORDER BY id, from_at DESC)
UNION ALL
(SELECT DISTINCT ON (id) 'task', id, kind, title, '',
    CASE WHEN deal_id IS NOT NULL THEN 'deal' WHEN contact_id IS NOT NULL THEN 'contact' ELSE 'company' END,
    COALESCE(deal_id, contact_id, company_id)
 FROM crm_task_timeline WHERE id = ANY(%(task)s) AND from_at <= %(at)s ORDER BY id, from_at DESC)
UNION ALL
(SELECT DISTINCT ON (a.id) 'activity', a.id, a.kind, COALESCE(p.name, ''), COALESCE(c.name, ''),
    CASE WHEN a.contact_id IS NOT NULL THEN 'contact' WHEN a.company_id IS NOT NULL THEN 'company' ELSE 'deal' END,
    COALESCE(a.contact_id, a.company_id, a.deal_id)
 FROM crm_activity_timeline a
 LEFT JOIN crm_contact_timeline p ON p.id = a.contact_id AND p.from_at <= %(at)s AND p.to_at > %(at)s
 LEFT JOIN crm_company_timeline c ON c.id = a.company_id AND c.from_at <= %(at)s AND c.to_at > %(at)s
 WHERE a.id = ANY(%(activity)s) AND a.from_at <= %(at)s ORDER BY a.id, a.from_at DESC)
UNION ALL
(SELECT DISTINCT ON (file_id) 'file', file_id, '', name, '', 'deal', deal_id
 FROM crm_fileperiod WHERE file_id = ANY(%(file)s) AND from_at <= %(at)s ORDER BY file_id, from_at DESC)
"""
PAGES: dict[str, tuple[Any, str]] = {
    "company": (Company, "crm:company"),
    "contact": (Contact, "crm:contact"),
    "deal": (Deal, "crm:deal"),
}
ICONS = {
    "company": "building", "deal": "layout-kanban", "task": "checklist", "activity": "history", "file": "paperclip", "day": "clock",
}  # fmt: skip
NAMED = ("company", "deal", "task", "activity", "file")
"""Types of records that have a name."""
TIMES = ("moved_again", "closed_again")
"""Reasons whose figure says how often."""
TONES = {Role.COUNTED: "good", Role.BREACH: "bad", Role.EXCLUDED: "none"}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One record of the evidence, ready to draw."""

    icon: str
    tone: str
    role: str
    label: str
    reason: str
    value: str
    at: datetime | None
    url: str


@dataclass(frozen=True)
class Label:
    text: str
    leads_to: Key | None


def described(evidence: Sequence[Sequence[Any]], *, as_of: datetime, reader: Any) -> list[Item]:
    """The records in their order; two statements, whatever their number.

    Who sees a card sees its records by name, also those that are gone since. A coordinator without access to clients does not.
    """
    records = [Record(*row) for row in evidence]
    labels = _labels({(record.type, record.id) for record in records}, as_of) if _may_name(reader) else {}
    links = _links({label.leads_to for label in labels.values() if label.leads_to}, reader)
    return [_item(record, labels.get((record.type, record.id)), links) for record in records]


def _may_name(reader: Any) -> bool:
    """Whether clients are open to the reader at all."""
    return reader.role != roles.Role.ADMIN or reader.grants.in_force(timezone.now()).exists()


def _item(record: Record, label: Label | None, links: dict[Key, str]) -> Item:
    return Item(
        icon=ICONS.get(record.type, "point"),
        tone=TONES[Role(record.role)],
        role=record.role,
        label=label.text
        if label
        else _("The whole day")
        if record.type == "day"
        else _("Record %(id)s") % {"id": record.id},
        reason=words.reason(record.reason),
        value=_value(record),
        at=datetime.fromisoformat(record.at) if record.at else None,
        url=links.get(label.leads_to, "") if label and label.leads_to else "",
    )


def _value(record: Record) -> str:
    """The figure beside a record: what a deal brought, how good a company's card is."""
    if record.value is None:
        return ""
    shown = formats.number(record.value, 1)
    if record.reason in TIMES:
        return ngettext("%(n)s time", "%(n)s times", int(record.value)) % {"n": shown}
    return _("card quality %(n)s") % {"n": shown} if record.type == "company" else shown


def _labels(keys: set[Key], as_of: datetime) -> dict[Key, Label]:
    asked: dict[str, list[int]] = defaultdict(list)
    for kind, pk in sorted(keys):
        asked[kind].append(pk)
    if not set(asked) & set(NAMED):
        return {}
    ids = {kind: asked[kind] for kind in NAMED}
    with connection.cursor() as cursor:
        cursor.execute(LABELS, {**ids, "at": as_of})
        return {
            (row[0], row[1]): Label(_text(*row[:1], *row[2:5]), (row[5], row[6]) if row[6] else None)
            for row in cursor.fetchall()
        }


def _text(type_: str, kind: str, name: str, whom: str) -> str:
    """ "Call: Nadia Bauer, Acme" for an activity, its own name for everything else."""
    if type_ != "activity":
        return name
    who = ", ".join(part for part in (name, whom) if part)
    what = str(ActivityKind(kind).label)
    return f"{what}: {who}" if who else what


def _links(keys: Iterable[Key], reader: Any) -> dict[Key, str]:
    """Addresses of those records that the reader may see now: one statement over all kinds."""
    asked: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keys:
        asked[kind].append(pk)
    rows = [
        PAGES[kind][0].objects.visible_to(reader).filter(pk__in=ids).order_by()
        .annotate(noun=Value(kind, output_field=CharField())).values_list("noun", "pk")
        for kind, ids in asked.items()
    ]  # fmt: skip
    if not rows:
        return {}
    found = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
    return {(kind, pk): reverse(PAGES[kind][1], args=[pk]) for kind, pk in found}
