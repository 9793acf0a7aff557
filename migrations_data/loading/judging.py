"""A chunk of rows judged and written: the one way, for preview and run alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.refusals import Refused
from migrations_data import matching
from migrations_data.loading import changes, linking, staged
from migrations_data.loading.changes import Change
from migrations_data.loading.context import Context, Loader, Rejected, Verdict
from migrations_data.loading.rows import FILL, NEVER, OVER, Problem, Row
from migrations_data.models import LOADED, ImportRow, Outcome

CHANNELS = ("phone", "email")
BESIDE = {"channels", "product"}
"""What loaders say they save that is no column."""


@dataclass
class Work:
    """What a chunk will write: rows that become new records, records that change, and in which columns.

    `links` has the records that rows stand for; `said` what the source has said about them so far; `asked` what a person has to
    decide first; `firsts` are rows by their key in the database, among them those that had a key of these rows first.
    """

    links: linking.Links
    said: Said
    asked: Mapping[int, matching.Question]
    firsts: Mapping[int, Row]
    drafts: list[tuple[Verdict, Any]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    beside: changes.Beside = field(default_factory=dict)


def chunk(context: Context, loader: Loader, rows: Sequence[Row]) -> list[Verdict]:
    """Turn rows into records, in a number of statements that does not grow with them; one verdict each, in order."""
    verdicts: dict[int, Verdict] = {}
    named = [row for row in rows if _is_named(context, loader, row, verdicts)]
    loader.prepare(context, named)
    links = linking.find(context, loader, named)
    said = Said.of(context, loader, links)
    asked = matching.ask(context, loader, _unknown(context, loader, named, links))
    work = Work(links, said, asked, _firsts(context, loader, named))
    if loader.record_type == "user":  # people are placed at once, not when they are saved
        work.beside = changes.beside_of(loader, {one.pk for one in links.records.values()})
    for row in named:
        try:
            verdicts[row.pk] = _judge(context, loader, row, work)
        except Refused as refusal:
            verdicts[row.pk] = rejected(context, row, refusal)
    _write(context, loader, work)
    return [verdicts[row.pk] for row in rows]


def _is_named(context: Context, loader: Loader, row: Row, verdicts: dict[int, Verdict]) -> bool:
    """Whether a row could be read and has a key; else its verdict is put down."""
    try:
        if row.problem is None:
            row.key, row.own_key = loader.identify(context, row)
            return True
    except Rejected as refusal:
        verdicts[row.pk] = rejected(context, row, refusal)
    else:
        verdicts[row.pk] = Verdict(row, Outcome.REJECTED, row.problem)
    return False


def _firsts(context: Context, loader: Loader, rows: Sequence[Row]) -> dict[int, Row]:
    seen = context.seen.get(loader.kind, {})
    before = {seen[row.key] for row in rows if row.key in seen}
    earlier = staged.again(context, before) if before else []
    return {row.pk: row for row in (*earlier, *rows)}


def _unknown(context: Context, loader: Loader, rows: Sequence[Row], links: linking.Links) -> list[Row]:
    """Rows about which a person may be asked: they are linked with nothing and nobody has said who they are."""
    seen = context.seen.get(loader.kind, {})
    return [
        row
        for row in rows
        if row.problem is None
        and not (row.own_key and row.key in seen)
        and row.pk not in links.records
        and row.pk not in links.decided
        and row.pk not in links.new
    ]


def _judge(context: Context, loader: Loader, row: Row, work: Work) -> Verdict:
    """What becomes of one row; what it writes is put with the rest of the work. Raises Refused."""
    if row.problem is not None:  # found while it was linked
        return Verdict(row, Outcome.REJECTED, row.problem)
    first = context.seen.get(loader.kind, {}).get(row.key)
    once_more = _once_more(context, row, work.firsts[first], work) if first is not None else None
    if once_more is not None:
        return once_more
    decided = work.links.decided.get(row.pk) or linking.waiting(context, row)
    if decided is not None:
        return decided
    if row.pk in work.asked:
        linking.wait(context, loader.record_type, row)
        return Verdict(row, Outcome.ASKED, Problem("asked"), values=row.values, question=work.asked[row.pk])
    record = work.links.records.get(row.pk)
    verdict = _new(context, loader, row, work) if record is None else _known(context, loader, row, record, work)
    context.seen.setdefault(loader.kind, {}).setdefault(row.key, row.pk)
    return verdict


def _once_more(context: Context, row: Row, first: Row, work: Work) -> Verdict | None:
    """A second row with a key is a copy, or a contradiction; one that has no key of its own may also be somebody else, who is told
    apart by a number."""
    if row.pk in work.links.new and not row.own_key:
        row.key = context.nth(row.key)
        return None
    if not row.own_key and (row.pk in work.asked or row.pk in work.links.joined or row.pk in work.links.decided):
        return None
    if first.values == row.values:
        return Verdict(row, Outcome.SKIPPED, Problem("same_row", detail=str(first.number)))
    return Verdict(row, Outcome.REJECTED, Problem("duplicate", detail=str(first.number)))


def _new(context: Context, loader: Loader, row: Row, work: Work) -> Verdict:
    draft = loader.draft(context, row)
    verdict = Verdict(row, Outcome.CREATED, record_type=loader.record_type, values=row.values)
    work.drafts.append((verdict, draft))
    return verdict


def _known(context: Context, loader: Loader, row: Row, record: Any, work: Work) -> Verdict:
    """A row about a record that is here. One that was joined with it by a person fills its blanks."""
    joined = row.pk in work.links.joined
    origin = work.links.origins[row.pk]
    known = {} if joined else work.said.about(origin, row.key)
    outcome = Outcome.MERGED if joined else Outcome.SKIPPED
    verdict = Verdict(row, outcome, Problem("same"), loader.record_type, origin, {**known, **row.values})
    if getattr(record, "deleted_at", None) is not None:
        verdict.outcome, verdict.problem = Outcome.SKIPPED, Problem("deleted")
        return verdict
    fields = differing(context, loader, row, record, known)
    if fields:
        change = Change(verdict, record, changes.before(record))
        saved = loader.amend(context, record, row, fields)
        if saved:
            change.see()
            work.changed.append(change)
            work.names |= saved
    return verdict


def differing(context: Context, loader: Loader, row: Row, record: Any, known: Mapping[str, Any]) -> set[str]:
    """The fields in which the row says something new.

    What the source said before and says again is no news, even when somebody has changed it in Daybook since. What it never said
    fills blanks. An empty cell clears nothing. Columns that go over everything, or never, do as their policy says.
    """
    found = set()
    for name, value in row.values.items():
        if name == "key" or name in loader.once_only:
            continue
        policy = context.reader.policies.get(name, FILL)
        if policy == NEVER:
            continue
        if policy == OVER and not (name in CHANNELS and loader.record_type == "contact"):
            found.add(name)
        elif name in known:
            if known[name] != value:
                found.add(name)
        elif loader.is_blank(record, name):
            found.add(name)
    return found


def _write(context: Context, loader: Loader, work: Work) -> None:
    """Save what the rows came to. A record that an amendment left as it was has not changed."""
    ids = loader.add(context, [draft for _verdict, draft in work.drafts])
    for (verdict, _draft), pk in zip(work.drafts, ids, strict=True):
        verdict.record_id = pk
    records = {change.record.pk: change.record for change in work.changed}
    if BESIDE & work.names:
        work.beside |= changes.beside_of(loader, records)
    loader.save(context, list(records.values()), work.names)
    if not work.changed:
        return
    changes.compare(loader, work.changed, work.beside)
    changes.tell(context, loader, work.changed)
    for change in work.changed:
        if change.pairs:
            change.verdict.problem = None
            if change.verdict.outcome == Outcome.SKIPPED:
                change.verdict.outcome = Outcome.UPDATED
    context.changed += [change for change in work.changed if change.pairs]


@dataclass
class Said:
    """What the latest run before this one said about records: by record, and by record and key of the row."""

    by_key: dict[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)
    latest: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context, loader: Loader, links: linking.Links) -> Said:
        found = cls()
        ids = {links.origins[pk] for pk in links.records if pk not in links.joined}
        if not ids:
            return found
        rows = ImportRow.objects.filter(record_type=loader.record_type, record_id__in=ids, outcome__in=LOADED)
        rows = rows.exclude(sheet__file__of_import=context.of).order_by("record_id", "key", "-pk")
        listed = rows.distinct("record_id", "key").values_list("pk", "record_id", "key", "values")
        for _pk, record, key, said in sorted(listed, key=lambda one: one[0]):
            assert record is not None
            found.by_key[record, key] = found.latest[record] = said or {}
        return found

    def about(self, record: int, key: str) -> Mapping[str, Any]:
        return self.by_key.get((record, key)) or self.latest.get(record, {})


def rejected(context: Context, row: Row, refusal: Refused) -> Verdict:
    """The verdict on a row that a rule refused, with the column that it belongs to."""
    column = context.reader.column_of(FIELDS.get(refusal.field, refusal.field))
    if isinstance(refusal, Rejected):
        return Verdict(row, Outcome.REJECTED, Problem(refusal.code, column, refusal.detail[:300]))
    return Verdict(row, Outcome.REJECTED, Problem("refused", column, str(refusal.message)[:300]))


FIELDS = {
    "revenue_minor": "revenue", "amount_minor": "amount", "price_minor": "price", "emails": "email", "phones": "phone",
    "reason": "loss_reason",
}  # fmt: skip
"""Fields of records that have another name among those of columns."""
