"""What a language brings: its words for kinds, results, days and times. Written as people write them, compared folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from crm.folding import fold

Phrases = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one language. A star at the end of a word stands for any ending; a phrase may have several words."""

    kinds: Mapping[str, Phrases]
    """What happened, or what is planned: call, meeting, note; email and todo only as plans."""
    results: Mapping[str, Phrases]
    days: Mapping[int, Phrases]
    """Days by their distance from today."""
    weekdays: tuple[Phrases, ...]
    """Monday first."""
    months: tuple[Phrases, ...]
    units: Mapping[str, Phrases]
    """minute, hour, day, week, month."""
    numbers: Mapping[int, Phrases]
    hours: Mapping[time, Phrases]
    """Parts of the day and the hours they mean."""
    lengths: Mapping[int, Phrases]
    """Stretches of time that are one phrase, in minutes."""
    afternoons: Phrases = ()
    """Behind an hour: one after noon."""
    mornings: Phrases = ()
    """Behind an hour: one before noon."""
    next_week: Phrases = ()
    within: Phrases = ()
    """Before an amount of time: from now on."""
    at: Phrases = ()
    """Before an hour."""
    on: Phrases = ()
    """Before a day."""
    lasting: Phrases = ()
    """Before how long it took."""
    then: Phrases = ()
    """Where the next step begins."""
    fillers: Phrases = ()
    """Before a name, or between the parts: of no meaning of their own."""


@dataclass(frozen=True)
class Phrase:
    """Folded words and what they mean."""

    words: tuple[str, ...]
    meaning: Any

    def length_at(self, words: list[str], place: int) -> int:
        """How many words it takes at `place`; 0 where it does not stand there."""
        asked = self.words
        if len(words) - place < len(asked):
            return 0
        fits = all(_same(word, words[place + index]) for index, word in enumerate(asked))
        return len(asked) if fits else 0


def bare(word: str) -> str:
    """A word as it is compared: folded, without what joins its parts ("e-mail" -> "email")."""
    return fold(word).replace(" ", "")


def _same(asked: str, found: str) -> bool:
    return found.startswith(asked[:-1]) if asked.endswith("*") else found == asked


class Table:
    """Phrases of all languages, looked up by where they begin; the longest wins."""

    def __init__(self, pairs: Iterable[tuple[Phrases, Any]]) -> None:
        self._by_letter: dict[str, list[Phrase]] = {}
        for phrases, meaning in pairs:
            for phrase in phrases:
                words = tuple(bare(word) + "*" * word.endswith("*") for word in phrase.split())
                self._by_letter.setdefault(words[0][0], []).append(Phrase(words, meaning))
        for listed in self._by_letter.values():
            listed.sort(key=lambda phrase: (-len(phrase.words), -len(phrase.words[0])))

    def find(self, words: list[str], place: int) -> tuple[Any, int] | None:
        """The meaning of what stands at `place` and how many words it takes."""
        if place >= len(words) or not words[place]:
            return None
        for phrase in self._by_letter.get(words[place][0], ()):
            length = phrase.length_at(words, place)
            if length:
                return phrase.meaning, length
        return None

    def length(self, words: list[str], place: int) -> int:
        """How many words it takes at `place`, whatever it means."""
        found = self.find(words, place)
        return found[1] if found else 0


class Lexicon:
    """All languages together."""

    def __init__(self, *languages: Words) -> None:
        def table(name: str) -> Table:
            return Table(pair for language in languages for pair in _pairs(getattr(language, name)))

        self.kinds, self.results = table("kinds"), table("results")
        self.days, self.weekdays, self.months = table("days"), table("weekdays"), table("months")
        self.units, self.numbers, self.lengths = table("units"), table("numbers"), table("lengths")
        self.hours, self.afternoons, self.mornings = table("hours"), table("afternoons"), table("mornings")
        self.next_week, self.then, self.fillers = table("next_week"), table("then"), table("fillers")
        self.within, self.at, self.on, self.lasting = table("within"), table("at"), table("on"), table("lasting")


def _pairs(listed: Any) -> Iterator[tuple[Phrases, Any]]:
    """Phrases with what they mean: by the keys of a mapping, by their number from 1, or that they are there at all."""
    if isinstance(listed, Mapping):
        yield from ((phrases, meaning) for meaning, phrases in listed.items())
    elif listed and isinstance(listed[0], tuple):
        yield from ((phrases, number) for number, phrases in enumerate(listed, 1))
    else:
        yield listed, True
