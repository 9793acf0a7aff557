"""Rows of one import beside each other: who shares a key with whom.

The whole of a kind is looked at once a pass, before its first chunk: whether a mailbox is shared is not known before its last row.
Of a row that shares no key nothing stays.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from rapidfuzz import fuzz

from migrations_data.matching.keys import keys_of
from migrations_data.matching.likeness import ALIKE
from migrations_data.matching.traits import Glance, Traits
from migrations_data.models import Import, ImportRow, ImportSheet, Part

MOST, MOST_WEAK = 20, 6
"""A key that more rows share says nothing about any of them; part of a name in a city says it sooner."""
WEAK = "hsw"
BATCH = 2000
SPREAD = 16
"""Counters for each row: the more, the fewer rows are looked at in vain."""


class Inside:
    """Which rows of companies, or of people, share a key. `rank` is the place of a row in the order of the tables."""

    def __init__(self, of: Import, kind: str, noun: str, beginnings: Collection[str] = ()) -> None:
        """`beginnings` of words narrow it to rows that have one of them: for a few rows nobody looks at all the others."""
        self.noun = noun
        self.narrowed = reduce(or_, (Q(said__icontains=word) for word in beginnings), Q())
        sheets = ImportSheet.objects.filter(file__of_import=of, kind=kind).select_related("file")
        self.sheets = {sheet.pk: sheet for sheet in sheets}
        self.places = {pk: place for place, pk in enumerate(self.sheets)}
        self.glances = {pk: Glance(noun, sheet.columns) for pk, sheet in self.sheets.items()}
        self.groups: dict[int, list[int]] = {}
        self.crowded: set[int] = set()
        self.keys: dict[int, list[int]] = defaultdict(list)
        self._look()

    def _look(self) -> None:
        """Fill `groups` with the keys of several rows, `crowded` with those of too many."""
        keys, rows = array("q"), array("q")
        for sheet in self.sheets.values():
            listed = ImportRow.objects.filter(sheet=sheet, part=Part.DATA, number__gt=sheet.header_row)
            if self.narrowed:
                listed = listed.annotate(said=Cast("cells", TextField())).filter(self.narrowed)
            glance = self.glances[sheet.pk]
            for pk, cells, fixes in listed.values_list("pk", "cells", "fixes").iterator(chunk_size=BATCH):
                for key in keys_of(self.noun, glance.read(pk, cells, fixes)):
                    keys.append(hashed(key))
                    rows.append(pk)
        for shared, pks in _several(keys, rows).items():
            if len(pks) > (MOST_WEAK if shared & 1 else MOST):
                self.crowded.add(shared)
            elif len(pks) > 1:
                self.groups[shared] = pks
                for pk in pks:
                    self.keys[pk].append(shared)

    def near(self, pks: Iterable[int]) -> tuple[dict[int, Traits], dict[int, list[Traits]]]:
        """Of these rows those that share a key, with their traits, and the rows before them that share one: one statement."""
        sharing = [pk for pk in pks if pk in self.keys]
        members = {pk: {other for key in self.keys[pk] for other in self.groups[key]} - {pk} for pk in sharing}
        wanted = set(sharing).union(*members.values()) if sharing else set()
        found: dict[int, Traits] = {}
        self.cells: dict[int, str] = {}
        rank: dict[int, tuple[int, int]] = {}
        listed = ImportRow.objects.filter(pk__in=wanted) if wanted else ImportRow.objects.none()
        for pk, sheet, number, cells, fixes in listed.values_list("pk", "sheet_id", "number", "cells", "fixes"):
            found[pk] = self.glances[sheet].read(pk, cells, fixes)
            self.cells[pk] = repr((sheet, cells, fixes))
            rank[pk] = (self.places[sheet], number)
        self.traits = found
        before = {pk: [found[other] for other in members[pk] if rank[other] < rank[pk]] for pk in sharing}
        return {pk: found[pk] for pk in sharing}, before

    def is_copy(self, pk: int, others: Iterable[Traits]) -> bool:
        """Whether a row says, cell by cell, what another one does: nothing to ask about."""
        return any(self.cells[pk] == self.cells[other.pk] for other in others)

    def is_shared(self, key: str) -> bool:
        """Whether a phone or a mailbox belongs to several names, as far as the rows that `near` gave last tell."""
        mark = hashed(key)
        if mark in self.crowded:
            return True
        named = [self.traits[pk].name for pk in self.groups.get(mark, ()) if pk in self.traits]
        return key[0] != "n" and several_names(named)


def hashed(key: str) -> int:
    """A key as a number, odd for a weak one."""
    return hash(key) | 1 if key[0] in WEAK else hash(key) & ~1


def several_names(named: Sequence[str]) -> bool:
    """Whether these are the names of more than one."""
    first = named[0] if named else ""
    return any(name and first and fuzz.token_sort_ratio(first, name) < ALIKE for name in named[1:])


def _several(keys: array[int], rows: array[int]) -> dict[int, list[int]]:
    """The rows of each key that more than one row has. Counted before anything is kept: nearly all keys are one row's own."""
    size = max(1024, SPREAD * len(keys))
    times = bytearray(size)
    for key in keys:
        place = key % size
        if times[place] < 2:
            times[place] += 1
    found: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        if times[key % size] > 1:
            found.setdefault(key, []).append(rows[place])
    return found
