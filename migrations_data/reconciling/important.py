"""The clients that must not be lost: the largest by money, those with whom most is going on, and every VIP. One by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from crm.models import Company, Contact
from crm.services.complaint_news import VIP
from migrations_data.models import LOADED, Import, ImportRow, ImportSheet, Outcome
from migrations_data.reconciling import named
from migrations_data.reconciling.finding import by_text, folded, living

NOUNS = ("company", "contact")
MOST = 50
CANDIDATES = 400
"""So many spellings are looked at for each list: one client may be written in several ways."""
PLACES = 3


class State(StrEnum):
    """Where a client of the files is now. The first two are worst: with one of them the import stays open."""

    REJECTED = "rejected"
    ASKED = "asked"
    LEFT_OUT = "left_out"
    GONE = "gone"
    THERE = "there"


@dataclass
class Client:
    """A client as the files name him. `places` are (sheet, row) where he stands: his own row first; `rows` how many name him.

    `own` and `others` count the outcomes of the rows about him and of those that only name him; `records` those that came of
    them by noun, `texts` what he is called in the files, `keys` those of his own rows.
    """

    noun: str
    name: str
    money: Decimal = Decimal(0)
    times: int = 0
    rows: int = 0
    vip: bool = False
    state: State = State.REJECTED
    record: tuple[str, int] | None = None
    places: list[tuple[int, int]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    own: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    records: dict[str, set[int]] = field(default_factory=lambda: {noun: set() for noun in NOUNS})
    keys: set[str] = field(default_factory=set)

    @property
    def blocks(self) -> bool:
        """Whether the import cannot be closed because of him."""
        return self.state in (State.REJECTED, State.ASKED)


@dataclass
class Important:
    """The three lists. `by_revenue` when the files have no deals and no purchases, so that yearly revenue had to do."""

    money: list[Client]
    activity: list[Client]
    vip: list[Client]
    by_revenue: bool = False

    def everybody(self) -> list[Client]:
        """Each of them once, those that hold the import open first."""
        once = {id(one): one for one in [*self.money, *self.activity, *self.vip]}
        return sorted(once.values(), key=lambda one: (not one.blocks, -one.money, -one.times, one.name))

    def blocking(self) -> list[Client]:
        return [one for one in self.everybody() if one.blocks]


def important(of: Import, sheets: Sequence[ImportSheet]) -> Important:
    """The three lists of an import with where each client is now. A fixed number of statements, whatever the rows."""
    ways = named.ways(sheets)
    if not ways:
        return Important([], [], [])
    by_revenue = not any(sheet.kind in named.WORTH for sheet in sheets)
    lines = _read(ways, by_revenue)
    clients = _merged(lines, _by_key(ways, {line.said for line in lines if not line.own}))
    lists = Important(
        money=_first(clients, lambda one: one.money),
        activity=_first(clients, lambda one: one.times),
        vip=sorted((one for one in clients if one.vip), key=lambda one: (-one.money, one.name)),
        by_revenue=by_revenue,
    )
    _settle(of, lists.everybody())
    return lists


def _first(clients: Iterable[Client], of: Callable[[Client], Any]) -> list[Client]:
    return sorted((one for one in clients if of(one) > 0), key=lambda one: (-of(one), one.name))[:MOST]


class _Line(NamedTuple):
    """A client in one spelling on one sheet."""

    noun: str
    said: str
    sheet: int
    own: bool
    alias: str
    money: Decimal
    times: int
    rows: int
    vip: bool
    first: int
    key: str | None
    companies: list[int] | None
    contacts: list[int] | None
    loaded: int
    asked: int
    rejected: int
    left_out: int


def _read(ways: Sequence[named.Way], by_revenue: bool) -> list[_Line]:
    """One line a spelling and sheet, for the spellings that may be on one of the lists."""
    worth = "max(revenue)" if by_revenue else "sum(worth)"
    vips = {noun: _vips(noun) for noun in ("company", "contact")}
    said: list[Any] = [
        list(LOADED), [Outcome.REJECTED, ""], named.NOTHING, *vips["company"], *vips["contact"], CANDIDATES, CANDIDATES,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LARGEST.replace("<lines>", named.lines(ways)).replace("<worth>", worth), said)
        return [_Line(*row) for row in cursor.fetchall()]


def _vips(noun: str) -> tuple[list[int], list[str]]:
    """Keys and names (in lower case) of the clients who are VIP here already."""
    model: Any = Company if noun == "company" else Contact
    found = model.objects.live().filter(tags__name__iexact=VIP).values_list("pk", "name")
    return [pk for pk, _name in found], [name.lower() for _pk, name in found]


def _by_key(ways: Sequence[named.Way], texts: set[str]) -> list[_Line]:
    """The clients' own rows that are meant by these texts: by their key in the old system, and people by their name."""
    own = [way for way in ways if way.own]
    if not own or not texts:
        return []
    said: list[Any] = [list(LOADED), [Outcome.REJECTED, ""], sorted(texts), sorted({text.lower() for text in texts})]
    with connection.cursor() as cursor:
        cursor.execute(BY_KEY.replace("<lines>", named.lines(own)), said)
        return [_Line(*row) for row in cursor.fetchall()]


def _meant(by_key: Sequence[_Line]) -> dict[str, tuple[str, str]]:
    """Text (in lower case) -> noun and name of whom it means: a company before a person."""
    found: dict[str, tuple[str, str]] = {}
    for line in sorted(by_key, key=lambda line: line.noun, reverse=True):
        for text in {line.alias.lower(), line.said.lower()} - {""}:
            found[text] = (line.noun, line.said)
    return found


def _merged(lines: Sequence[_Line], by_key: Sequence[_Line]) -> list[Client]:
    """One client for all his spellings; money and rows of a key go to the client who has it."""
    meant = _meant(by_key)
    found: dict[tuple[str, str], Client] = {}
    for line in [*by_key, *lines]:
        noun, name = (line.noun, line.said) if line.own else meant.get(line.said.lower(), (line.noun, line.said))
        _add(found.setdefault((noun, folded(noun, name)), Client(noun, name)), line)
    return list(found.values())


def _add(client: Client, line: _Line) -> None:
    """Count a spelling in; a row about the client himself that is counted already only says what it is worth."""
    client.texts.add(line.said)
    client.records["company"] |= set(line.companies or ())
    client.records["contact"] |= set(line.contacts or ())
    client.vip = client.vip or line.vip
    client.money += line.money
    if (line.sheet, line.first) in client.places:
        return
    client.places.append((line.sheet, line.first))
    client.times += line.times
    client.rows += line.rows
    counts = client.own if line.own else client.others
    counts.update(loaded=line.loaded, asked=line.asked, rejected=line.rejected, left_out=line.left_out)
    if line.own and line.key:
        client.keys.add(line.key)


def _settle(of: Import, clients: Sequence[Client]) -> None:
    """Say of each where he is now, in a fixed number of statements."""
    now = {noun: living(noun, {pk for one in clients for pk in one.records[noun]}) for noun in NOUNS}
    unsure = [one for one in clients if one.own["asked"] or not _came(one, now)]
    texts = {text for one in unsure for text in one.texts}
    called = {noun: by_text(of, noun, texts) for noun in NOUNS}
    decided = _decided_later(of, [one for one in clients if _undecided(one)], called)
    for one in clients:
        known = [
            (noun, pk)
            for noun in ((one.noun,) if one.noun == "contact" else NOUNS)
            for text in sorted(one.texts)
            for pk in called[noun].get(text, ())
        ]
        one.record = next(iter([*_came(one, now), *known]), None)
        one.state = _state(one, decided)


def _came(client: Client, now: Mapping[str, Mapping[int, int]]) -> list[tuple[str, int]]:
    """The records that came of his rows, as they are now, those of his own noun first."""
    nouns = sorted(NOUNS, key=lambda noun: noun != client.noun)
    return [(noun, now[noun][pk]) for noun in nouns for pk in sorted(client.records[noun]) if pk in now[noun]]


def _undecided(client: Client) -> bool:
    return client.own["asked"] > 0 and not client.own["loaded"]


def _state(client: Client, decided: set[str]) -> State:
    if _undecided(client) and not client.keys & decided:
        return State.ASKED
    if client.record is not None:
        return State.THERE
    counts = client.own + client.others
    if counts["loaded"]:
        return State.GONE
    if counts["asked"]:
        return State.ASKED
    return State.REJECTED if counts["rejected"] else State.LEFT_OUT


def _decided_later(of: Import, clients: Sequence[Client], called: Mapping[str, Mapping[str, list[int]]]) -> set[str]:
    """Keys of rows that waited here and that a later import took: by then somebody had decided."""
    keys = {key for one in clients for key in one.keys}
    found: set[str] = set()
    for noun in NOUNS:
        records = {pk for one in clients for text in one.texts for pk in called[noun].get(text, ())}
        rows = ImportRow.objects.filter(record_type=noun, record_id__in=records, key__in=keys, outcome__in=LOADED)
        if records and keys:
            found |= set(rows.filter(sheet__file__of_import__gt=of.pk).values_list("key", flat=True))
    return found


LARGEST = """
WITH said AS (<lines>
), summed AS (
    SELECT noun, lower(said) AS text, sheet, bool_or(own) AS own, min(said) AS said, max(alias) AS alias,
        COALESCE(<worth>, 0) AS money, sum(times) AS times, count(*) AS rows, bool_or(vip) AS vip, min(number) AS first,
        min(key) FILTER (WHERE own) AS key, array_agg(DISTINCT company) FILTER (WHERE company IS NOT NULL) AS companies,
        array_agg(DISTINCT contact) FILTER (WHERE contact IS NOT NULL) AS contacts,
        count(*) FILTER (WHERE outcome = ANY(%s)) AS loaded, count(*) FILTER (WHERE outcome = 'asked') AS asked,
        count(*) FILTER (WHERE outcome = ANY(%s)) AS rejected, count(*) FILTER (WHERE outcome = 'left_out') AS left_out
    FROM (SELECT * FROM said WHERE lower(said) <> ALL(%s)) AS said
    GROUP BY noun, lower(said), sheet
), marked AS (
    SELECT *, sum(money) OVER each AS worth, sum(times) OVER each AS going_on,
        bool_or(vip OR companies && %s::bigint[] OR noun = 'company' AND text = ANY(%s)
            OR contacts && %s::bigint[] OR noun = 'contact' AND text = ANY(%s)) OVER each AS is_vip
    FROM summed WINDOW each AS (PARTITION BY noun, text)
), ranked AS (
    SELECT *, dense_rank() OVER (ORDER BY worth DESC, noun, text) AS by_worth, dense_rank() OVER (ORDER BY going_on DESC, noun, text) AS by_times
    FROM marked
)
SELECT noun, said, sheet, own, alias, money, times, rows, is_vip, first, key, companies, contacts, loaded, asked, rejected, left_out
FROM ranked
WHERE is_vip OR worth > 0 AND by_worth <= %s OR going_on > 0 AND by_times <= %s
ORDER BY own DESC, sheet, first
"""

BY_KEY = """
SELECT noun, said, sheet, TRUE, alias, 0::numeric, 0, 1, vip, number, key, array_remove(ARRAY[company], NULL), array_remove(ARRAY[contact], NULL),
    (outcome = ANY(%s))::int, (outcome = 'asked')::int, (outcome = ANY(%s))::int, (outcome = 'left_out')::int
FROM (<lines>
) AS said
WHERE alias = ANY(%s) OR noun = 'contact' AND lower(said) = ANY(%s)
"""
