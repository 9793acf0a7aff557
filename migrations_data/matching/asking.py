"""The questions that rows raise, and the answers that people gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from migrations_data.loading.context import Context, Loader
from migrations_data.loading.rows import Row
from migrations_data.matching.inside import Inside
from migrations_data.matching.likeness import ASKED, Likeness, likeness
from migrations_data.matching.memory import key_of
from migrations_data.matching.present import Present
from migrations_data.matching.traits import Traits, traits
from migrations_data.models import Answer, Import, ImportQuestion, ImportRow

NOUNS = ("company", "contact")
SHOWN = 9
"""So many candidates can be chosen with one key."""
CLOSE = 5
"""A second one with so few points less makes the likeliest less likely."""
FEW, BEGINNING = 20, 4
"""So few rows are compared only with those that have a word beginning with as many letters."""


@dataclass
class Question:
    """What is kept of a row that may be somebody: see `ImportQuestion`."""

    record_type: str
    key: str
    group: str
    score: int
    candidates: list[dict[str, Any]] = field(default_factory=list)


def ask(context: Context, loader: Loader, rows: Sequence[Row]) -> dict[int, Question]:
    """The questions that these rows raise, by row: rows of companies and contacts that are linked with nothing and not answered.

    They are compared with who is in Daybook and with the rows before them in the tables; the statements do not grow with them.
    A row that waits with its question is not compared again.
    """
    noun = loader.record_type
    if noun not in NOUNS or not rows:
        return {}
    kept = _kept(rows)
    rest = [row for row in rows if row.pk not in kept]
    return {**kept, **(_compare(context, loader, rest) if rest else {})}


def _kept(rows: Sequence[Row]) -> dict[int, Question]:
    keys = {row.pk: key_of(row) for row in rows}
    waiting = ImportQuestion.objects.filter(row__in=keys, answer=Answer.OPEN)
    return {
        one.row_id: Question(one.record_type, one.key, one.group, one.score, one.candidates)
        for one in waiting
        if one.key == keys[one.row_id]
    }


def _compare(context: Context, loader: Loader, rows: Sequence[Row]) -> dict[int, Question]:
    noun = loader.record_type
    inside = _inside(context, loader, rows)
    newest = _newest(context, loader)
    mine = {row.pk: _said(noun, row) for row in rows}
    beside, before = inside.near(mine)
    present = Present(noun, mine)

    def shared(key: str) -> bool:
        return key in present.shared or inside.is_shared(key)

    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if not row.own_key and row.pk in beside and inside.is_copy(row.pk, before[row.pk]):
            continue
        records = [other for other in present.near.get(row.pk, ()) if other.pk <= newest]
        listed = _like(noun, mine[row.pk], records, shared, "record")
        if row.pk in beside:
            listed += _like(noun, beside[row.pk], before[row.pk], shared, "row", namesakes=not row.own_key)
        if listed:
            found[row.pk] = sorted(listed, key=lambda each: (-each["score"], each["record"] is None, each["row"] or 0))
    _leave_own_out(context, noun, found)
    return {row.pk: _question(noun, row, found[row.pk]) for row in rows if found.get(row.pk)}


def _inside(context: Context, loader: Loader, rows: Sequence[Row]) -> Inside:
    """The rows of the import, looked at once a pass; for rows that are judged alone only those that could be like them."""
    if context.alone and len(rows) <= FEW:
        words = {word[:BEGINNING] for row in rows for word in row.values["name"].split() if len(word) >= BEGINNING}
        return Inside(context.of, loader.kind, loader.record_type, words)
    name = f"inside {loader.kind}"
    if name not in context.known:
        context.known[name] = Inside(context.of, loader.kind, loader.record_type)
    found: Inside = context.known[name]
    return found


def _newest(context: Context, loader: Loader) -> int:
    """The newest record from before this pass: what it makes itself is found among its rows."""
    name = f"newest {loader.kind}"
    if name not in context.known:
        context.known[name] = loader.model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0
    newest: int = context.known[name]
    return newest


def _said(noun: str, row: Row) -> Traits:
    """A row as it was read, for comparing it with records."""
    texts = {name: value if isinstance(value, list) else [str(value)] for name, value in row.values.items()}
    return traits(noun, row.pk, texts)


def _like(
    noun: str,
    one: Traits,
    others: Iterable[Traits],
    shared: Callable[[str], bool],
    what: str,
    *,
    namesakes: bool = False,
) -> list[dict[str, Any]]:
    """Those of the others who are alike. Rows without a key are known by their names: with `namesakes` those who would get the same key
    are asked about whatever else they say."""
    found = []
    for other in others:
        like = likeness(noun, one, other, shared)
        if like.score < ASKED and namesakes and _is_namesake(noun, one, other):
            like = Likeness(ASKED, like.reasons or ("name",))
        if like.score >= ASKED:
            said = {"record": None, "row": None, "score": like.score, "reasons": list(like.reasons)}
            found.append(said | {what: other.pk})
    return found


def _is_namesake(noun: str, one: Traits, other: Traits) -> bool:
    """Whether two rows without a key cannot be told apart by what they are called."""
    if one.name != other.name or one.form != other.form:
        return False
    if noun == "company":
        return True
    if one.mails or other.mails:
        return bool(one.mails & other.mails)
    return bool(one.phones & other.phones) if one.phones or other.phones else one.at == other.at


def _leave_own_out(context: Context, noun: str, found: dict[int, list[dict[str, Any]]]) -> None:
    """A run that was broken off made records of rows before: those rows stand for them here."""
    ids = {each["record"] for listed in found.values() for each in listed} - {None}
    if not ids or not context.of.rows_done:
        return
    own = ImportRow.objects.filter(sheet__file__of_import=context.of, record_type=noun, record_id__in=ids)
    made = set(own.filter(outcome="created").values_list("record_id", flat=True))
    for listed in found.values():
        listed[:] = [each for each in listed if each["record"] not in made]


def _question(noun: str, row: Row, listed: list[dict[str, Any]]) -> Question:
    first = listed[0]
    likely = "exact" if "name" in first["reasons"] else "alike"
    if len(listed) > 1 and listed[1]["score"] > first["score"] - CLOSE:
        likely += ":several"
    group = f"{noun}:{'+'.join(first['reasons'])}:{likely}"
    return Question(noun, key_of(row), group[:100], first["score"], listed[:SHOWN])


def answers(of: Import) -> dict[int, ImportQuestion]:
    """What people said about rows of an import, by row: one statement."""
    said = ImportQuestion.objects.filter(of_import=of).exclude(answer=Answer.OPEN)
    return {question.row_id: question for question in said}
