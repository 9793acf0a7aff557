"""Who is who: what the import links by itself, what it proposes, and what looking costs.

Labelled records go the whole way of an import: uploaded, columns confirmed, run. A link that nobody was asked about has to be right,
every one; proposals have to find nearly all true pairs and little else. The records are made here from a fixed seed; others are
added when DAYBOOK_SAMPLES names a folder that has them.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from django.core.files.base import ContentFile

from accounts.models import Role, User
from bench import matching_rows
from bench.loading import bare
from bench.matching_rows import Labelled
from bench.work import stopwatch
from config.scratch import scratch_database
from migrations_data.loading import engine, staged
from migrations_data.loading.linking import leaning_of
from migrations_data.matching import ask
from migrations_data.models import Import, ImportQuestion, ImportRow, ImportSheet
from migrations_data.services import columns, imports, work

AT = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
RECALL, PRECISION = 0.95, 0.9
MICROSECONDS = 100
PRESENT, UNLIKE = 500_000, 10_000
FOUND_IN = "dedupe/febrl_dataset3.csv"
FEBRL = {"given_name": "first_name", "surname": "last_name", "suburb": "city"}

COMPANIES = """
INSERT INTO crm_company (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded, tax_number,
    tax_key, domain, domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note, completeness,
    validity)
SELECT 'manual', '', %(person)s, %(person)s, now(), now(), word || ' Trading', word || ' trading', word || ' trading', n::text, n::text,
    word || '.example', word || '.example', '+48' || 500000000 + n, reverse('48' || 500000000 + n), '', '', 'Lodz', 'Poland', 'Food',
    'EUR', %(person)s, '', 0.5, 0.5
FROM generate_series(1, %(count)s) n, LATERAL (SELECT translate(md5(n::text), '0123456789', 'ghijklmnop') AS word) w
"""
Pairs = set[tuple[int, int]]
Write = Callable[[str], object]


def run(write: Write) -> bool:
    """Print what was found and what it cost; False when a link is wrong, too little is found, or it is too dear."""
    write(f"{'':<12}{'true':>7}{'linked':>8}{'wrong':>7}{'proposed':>10}{'recall':>8}{'precision':>11}")
    fine = True
    tables: list[tuple[str, str, Labelled, dict[str, str]]] = [
        ("people", "contacts", matching_rows.people(), {}),
        ("companies", "companies", matching_rows.companies(), {}),
    ]
    samples = Path(os.environ.get("DAYBOOK_SAMPLES", "")) / FOUND_IN
    if os.environ.get("DAYBOOK_SAMPLES") and samples.exists():
        tables.append(("febrl", "contacts", _febrl(samples), FEBRL))
    for name, kind, table, fields in tables:
        with scratch_database():
            fine &= _judge(write, name, table, _import(_somebody(), kind, table, fields))
    with scratch_database():
        fine &= _cost(write, _somebody())
    return fine


def _somebody() -> User:
    return User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Adam Bench", role=Role.ADMIN)


def _febrl(path: Path) -> Labelled:
    """Records whose first column says whose copy they are: "rec-12-org", "rec-12-dup-0"."""
    with path.open() as lines:
        header, *rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    return Labelled(header[1:], [row[1:] for row in rows], [int(row[0].split("-")[1]) for row in rows])


def _import(by: User, kind: str, table: Labelled, fields: dict[str, str]) -> Import:
    """The table, run. Columns that are named in `fields` fill those; with none named, what was recognised stands."""
    of = _read(by, table.header, table.rows)
    sheet = ImportSheet.objects.get(file__of_import=of)
    if sheet.kind != kind:
        sheet = columns.set_kind(sheet=sheet, kind=kind, by=by)
    if fields:
        said = {column["index"]: {"field": fields.get(column["name"], "")} for column in sheet.columns}
        columns.set_columns(sheet=sheet, columns=said, by=by)
    imports.run(of=of, by=by, at=AT, background=False)
    return work.carry_on(import_id=of.pk, at=AT, seconds=3600)


def _read(by: User, header: list[str], rows: Iterable[list[str]]) -> Import:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    made = imports.upload(
        by=by, at=AT, uploads=[ContentFile(out.getvalue().encode(), name="table.csv")], background=False
    )
    return work.carry_on(import_id=made.pk, at=AT)


def _judge(write: Write, name: str, table: Labelled, of: Import) -> bool:
    """What was found of the true pairs. A row that waits for another with its tax number is found with that one."""
    true = table.pairs()
    rows = ImportRow.objects.filter(sheet__file__of_import=of, number__gt=1)
    places = {pk: number - 2 for pk, number in rows.values_list("pk", "number")}
    linked, proposed = _linked(of, places), _proposed(of, places)
    told = proposed | linked
    leaning = leaning_of(engine.context_of(of, of.created_by, AT, commit=True))
    heads = {places[row]: places[head] for row, head in leaning.items()}
    found = {pair for pair in true if pair in told or _meet(pair, heads, told)}
    recall = len(found) / len(true)
    precision = len(true & proposed) / max(1, len(proposed))
    wrong = len(linked - true)
    write(f"{name:<12}{len(true):>7,}{len(linked):>8,}{wrong:>7}{len(proposed):>10,}{recall:>8.3f}{precision:>11.3f}")
    return wrong == 0 and recall >= RECALL and precision >= PRECISION


def _linked(of: Import, places: dict[int, int]) -> Pairs:
    """Rows that came to one record, or to nothing because they say the same, without anybody having said so."""
    became: dict[int, list[int]] = {}
    found: Pairs = set()
    rows = ImportRow.objects.filter(pk__in=places)
    for pk, record, code, detail in rows.values_list("pk", "record_id", "code", "detail"):
        if record is not None:
            became.setdefault(record, []).append(places[pk])
        if code in ("same_row", "duplicate"):
            found.add(_pair(places[pk], int(detail) - 2))
    return found | {_pair(*pair) for listed in became.values() for pair in combinations(listed, 2)}


def _proposed(of: Import, places: dict[int, int]) -> Pairs:
    asked = ImportQuestion.objects.filter(of_import=of).values_list("row", "candidates")
    return {_pair(places[row], places[one["row"]]) for row, candidates in asked for one in candidates if one["row"]}


def _meet(pair: tuple[int, int], heads: dict[int, int], told: Pairs) -> bool:
    """Whether the rows that two wait for are one, or proposed as one."""
    one, other = (heads.get(place, place) for place in pair)
    return one == other or _pair(one, other) in told


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _cost(write: Write, by: User) -> bool:
    """What matching takes of a table in which nobody is like anybody, beside a large company's clients."""
    with bare(["crm_company"]) as cursor:
        cursor.execute(COMPANIES, {"person": by.pk, "count": PRESENT})
    header = ["id", *matching_rows.companies(1).header]
    of = _read(by, header, matching_rows.numbered(UNLIKE))
    sheet = ImportSheet.objects.get(file__of_import=of)
    context = engine.context_of(of, by, AT, commit=False)
    loader, _tally = engine.begin(context, sheet)
    pks = list(staged.data_of(sheet).order_by("number").values_list("pk", flat=True))
    chunks = [staged.read(context.reader, pks[start : start + 1000]) for start in range(0, len(pks), 1000)]
    for row in (row for rows in chunks for row in rows):
        row.key, row.own_key = loader.identify(context, row)
    now = stopwatch()
    began = now()
    asked = sum(len(ask(context, loader, rows)) for rows in chunks)
    spent = (now() - began) / len(pks) * 1e6
    write(f"{len(pks):,} rows unlike {PRESENT:,} companies and each other: {spent:.0f} µs a row, {asked} asked about")
    return spent <= MICROSECONDS
