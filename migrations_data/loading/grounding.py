"""What a chunk of a preview stands on: rows judged in an earlier chunk, which was taken back, are judged again beside it, so that what
they became is there. In a run it is there anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from migrations_data.loading import judging, linking, staged
from migrations_data.loading.context import Context
from migrations_data.loading.loaders import LOADERS
from migrations_data.loading.references import name_key
from migrations_data.loading.rows import Reader, Row
from migrations_data.models import LOADED, ImportRow, ImportSheet
from migrations_data.understanding.own import kind_of


def stand_in(context: Context, rows: Sequence[Row]) -> None:
    """Judge beside the chunk what its rows lean on; of rows that are judged by themselves, also the companies that they name."""
    here = {row.pk for row in rows}
    leaning = linking.leaning_of(context)
    wanted = {leaning[pk] for pk in here if pk in leaning}
    if context.alone:
        if any("owner" in row.values for row in rows):
            _people(context)
        wanted |= _named(context, {row.values[name] for row in rows for name in linking.NAMED_IN if name in row.values})
    context.stands = _judged(context, wanted - here) if wanted - here else {}


def _people(context: Context) -> None:
    """Judge the list of people that came with the tables: those whom it adds may own what the rows become."""
    for sheet in ImportSheet.objects.filter(file__of_import=context.of, kind="people"):
        beside, loader = _beside(context, sheet), LOADERS[sheet.kind]
        taken = set(staged.data_of(sheet).filter(outcome__in=LOADED).values_list("pk", flat=True))
        for layer in staged.arranged(beside, sheet, loader) or [sorted(taken)]:
            judging.chunk(beside, loader, staged.read(beside.reader, [pk for pk in layer if pk in taken]))


def _named(context: Context, texts: Iterable[str]) -> set[int]:
    """Rows of the import that became, or would become, the companies of these names or keys."""
    said = set(texts)
    found: set[int] = set()
    for sheet in ImportSheet.objects.filter(file__of_import=context.of, kind="companies") if said else ():
        meant = Q(key__in=[key for text in said for key in (context.key(text), name_key(context, text))])
        for column in sheet.columns:
            if column["field"] == "name" and column["index"] >= 0:
                meant |= Q(**{f"cells__{column['index']}__in": list(said)})
        found |= set(staged.data_of(sheet).filter(meant, outcome__in=LOADED).values_list("pk", flat=True))
    return found


def _judged(context: Context, wanted: Iterable[int]) -> dict[int, int]:
    """What these rows become: row -> record."""
    found: dict[int, int] = {}
    rows = list(ImportRow.objects.filter(pk__in=list(wanted)).select_related("sheet").only("sheet"))
    for sheet in {row.sheet_id: row.sheet for row in rows}.values():
        beside = _beside(context, sheet)
        pks = [row.pk for row in rows if row.sheet_id == sheet.pk]
        for verdict in judging.chunk(beside, LOADERS[sheet.kind], staged.read(beside.reader, pks)):
            if verdict.record_id is not None:
                found[verdict.row.pk] = verdict.record_id
    return found


def _beside(context: Context, sheet: ImportSheet) -> Context:
    """A context that knows nothing of what the pass remembers, and leaves nothing behind in it."""
    reader = Reader(kind_of(sheet.kind), sheet.columns)
    beside = Context(context.of, context.by, context.at, context.home, reader, commit=False)
    beside.known |= {"answers": linking.answers_of(context), "leaning": {}}
    return beside
