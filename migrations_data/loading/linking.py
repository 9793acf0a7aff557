"""Which records rows stand for: by the source's own key and by tax number, as matching finds them, and by what people said.

A row may lean on another of the import: somebody said that both are the same, or they share a tax number. It is judged after that
one, and joined with what that one became.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from crm.merging import followed
from migrations_data import matching
from migrations_data.loading import naming
from migrations_data.loading.context import Context, Loader, Verdict
from migrations_data.loading.references import name_key
from migrations_data.loading.rows import Problem, Row
from migrations_data.models import LOADED, Answer, Import, ImportQuestion, ImportRow, ImportSheet, Outcome, Part

CLIENTS = ("company", "contact")
NAMED_IN = ("company", "parent")
"""Fields in which rows name companies."""


@dataclass
class Links:
    """The records that rows stand for, locked, by row; the keys of those that they were before a merge. `joined` are rows that a
    person, or another row, has joined with theirs. `decided` have their verdict without being looked at."""

    records: dict[int, Any] = field(default_factory=dict)
    origins: dict[int, int] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    decided: dict[int, Verdict] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    """Rows of which a person said that they are nobody who is here."""


def find(context: Context, loader: Loader, rows: Sequence[Row]) -> Links:
    """The records of a chunk of rows. Statements do not grow with the rows."""
    if loader.record_type not in CLIENTS:
        records = dict(loader.find(context, rows))
        return Links(records, {pk: one.pk for pk, one in records.items()})
    answers = answers_of(context)
    links = Links(new={row.pk for row in rows if row.pk in answers and answers[row.pk].answer == Answer.OTHER})
    left = {row.pk for row in rows if row.pk in answers and answers[row.pk].answer == Answer.LEAVE}
    links.decided = {row.pk: Verdict(row, Outcome.LEFT_OUT, Problem("left")) for row in rows if row.pk in left}
    found = dict(loader.find(context, [row for row in rows if row.pk not in left]))
    _weigh(context, loader, rows, found, links)
    rest = [row for row in rows if row.pk not in found and row.pk not in left and row.problem is None]
    ids = _as_said(context, rest, answers, links)
    links.joined |= ids.keys()
    found |= _locked(loader, ids)
    links.origins = {pk: one.pk for pk, one in found.items()}
    links.records = followed(loader.record_type, found, lambda pks: _all(loader).filter(pk__in=pks).order_by("pk"))
    return links


def _weigh(context: Context, loader: Loader, rows: Sequence[Row], found: dict[int, Any], links: Links) -> None:
    """What was found otherwise than by its key: not what a person called another one; a row that leans on another is joined."""
    leaning, seen = leaning_of(context), context.seen.get(loader.kind, {})
    for row in rows:
        record = found.get(row.pk)
        if record is not None and (record.external_id != row.key or (row.key in seen and not row.own_key)):
            if row.pk in links.new:
                del found[row.pk]
            elif row.pk in leaning:
                links.joined.add(row.pk)


def _as_said(
    context: Context, rows: Sequence[Row], answers: Mapping[int, ImportQuestion], links: Links
) -> dict[int, int]:
    """What people said: row -> record. A row whose other one is not in waits for it."""
    same = {row.pk: answers[row.pk] for row in rows if row.pk in answers and answers[row.pk].answer == Answer.SAME}
    ids = {pk: said.record_id for pk, said in same.items() if said.record_id}
    leaning = leaning_of(context)
    roots = {row.pk: leaning[row.pk] for row in rows if row.pk in same and row.pk not in ids and row.pk in leaning}
    stands = {**became(roots.values()), **context.stands} if roots else {}
    for row in rows:
        if row.pk in roots:
            record = stands.get(roots[row.pk])
            if record:
                ids[row.pk] = record
            else:
                links.decided[row.pk] = Verdict(row, Outcome.ASKED, Problem("waits"), values=row.values)
    return ids


def became(rows: Iterable[int]) -> dict[int, int]:
    """What rows became: row -> record."""
    listed = ImportRow.objects.filter(pk__in=set(rows), outcome__in=LOADED, record_id__isnull=False)
    return {pk: record for pk, record in listed.values_list("pk", "record_id") if record is not None}


def _locked(loader: Loader, ids: Mapping[int, int]) -> dict[int, Any]:
    if not ids:
        return {}
    records = {one.pk: one for one in _all(loader).filter(pk__in=set(ids.values())).order_by("pk")}
    return {pk: records[record] for pk, record in ids.items() if record in records}


def _all(loader: Loader) -> Any:
    found = loader.model._base_manager.select_for_update(of=("self",))
    return found.select_related("company").prefetch_related("emails") if loader.record_type == "contact" else found


def answers_of(context: Context) -> Mapping[int, ImportQuestion]:
    """What people said about rows of this import: read once a pass."""
    if "answers" not in context.known:
        context.known["answers"] = matching.answers(context.of)
    found: Mapping[int, ImportQuestion] = context.known["answers"]
    return found


def leaning_of(context: Context) -> Mapping[int, int]:
    """Row -> the row that it leans on, which comes before it: found once a pass."""
    if "leaning" not in context.known:
        answers = answers_of(context)
        context.known["leaning"] = {**_by_tax(context.of), **_by_answers(answers)}
    found: Mapping[int, int] = context.known["leaning"]
    return found


def _by_answers(answers: Mapping[int, ImportQuestion]) -> dict[int, int]:
    """Rows that people called the same make a group; its first one, or the one that is a record, carries the others."""
    group: dict[int, int] = {}

    def root(pk: int) -> int:
        while pk in group:
            pk = group[pk]
        return pk

    for pk, said in sorted(answers.items()):
        if said.answer == Answer.SAME and said.other_row_id and not said.record_id:
            one, other = sorted(
                (root(pk), root(said.other_row_id)), key=lambda each: (not _is_record(answers, each), each)
            )
            if one != other:
                group[other] = one
    return {pk: root(pk) for pk in group}


def _is_record(answers: Mapping[int, ImportQuestion], pk: int) -> bool:
    return pk in answers and answers[pk].record_id is not None


SAME_TAX = """
SELECT array_agg(pk ORDER BY pk) FROM ({rows}) listed
WHERE number <> '' GROUP BY number HAVING count(*) > 1
"""
TAX_OF = """
SELECT id AS pk, upper(regexp_replace(COALESCE(fixes ->> %s, cells ->> %s, ''), '[^[:alnum:]]', '', 'g')) AS number
FROM migrations_data_importrow WHERE sheet_id = %s AND part = %s AND number > %s
"""


def _by_tax(of: Import) -> dict[int, int]:
    """Rows of companies that share a tax number lean on the first of them: one statement."""
    said: list[Any] = []
    parts = []
    for sheet in ImportSheet.objects.filter(file__of_import=of, kind="companies"):
        for column in sheet.columns:
            if column["field"] == "tax_number" and column["index"] >= 0:
                parts.append(TAX_OF)
                said += [str(column["index"]), column["index"], sheet.pk, Part.DATA, sheet.header_row]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SAME_TAX.format(rows=" UNION ALL ".join(parts)), said)
        return {pk: pks[0] for (pks,) in cursor.fetchall() for pk in pks[1:]}


def wait(context: Context, record_type: str, row: Row) -> None:
    """Note a client about whom a person is asked: rows that name him wait with him."""
    if record_type == "company":
        context.waiting |= keys_of_companies(context, [row])
    else:
        context.waiting |= {naming.key_of_contact(context, row.values["name"])}
        context.waiting |= {naming.key_of_contact(context, row.values["key"])} if "key" in row.values else set()


def keys_of_companies(context: Context, rows: Iterable[Row]) -> set[str]:
    """Keys by which other rows may name these companies."""
    listed = [row for row in rows if "name" in row.values]
    own = {context.key(row.values["key"]) for row in listed if "key" in row.values}
    return own | {name_key(context, row.values["name"]) for row in listed}


def keys_named(context: Context, text: str) -> set[str]:
    """Keys that a text may mean."""
    return {context.key(text), name_key(context, text)}


def waiting(context: Context, row: Row) -> Verdict | None:
    """The verdict on a row that names a client about whom somebody is asked."""
    for name in (*NAMED_IN, "contact") if context.waiting else ():
        said = row.values.get(name)
        asked = said and name in NAMED_IN and keys_named(context, said) & context.waiting
        if said and (asked or naming.names_waiting(context, name, said)):
            problem = Problem("waits_for", context.reader.column_of(name), said[:300])
            return Verdict(row, Outcome.ASKED, problem, values=row.values)
    return None
