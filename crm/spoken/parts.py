"""What comes out of a line of text: the fields that were understood, names that somebody may have, and the words that are left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from crm.spoken.lexicon import LEXICON

CLOSING = ".,;:!?)"
EDGES = " \t\n,;–—-→"


@dataclass
class Token:
    """A word, a number or a sign; `taken` says what it was understood as."""

    text: str
    word: str
    start: int
    end: int
    part: int = 0
    taken: str = ""


@dataclass(frozen=True)
class Step:
    """What comes next: its words, its kind where they say one, and when by the clock on the wall."""

    title: str
    kind: str
    due: datetime | None


@dataclass(frozen=True)
class Name:
    """Words that may say who it was, or the digits of a phone; `places` are their tokens."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """What was understood. `note()` is everything else, in the words of the person."""

    kind: str = ""
    result: str = ""
    minutes: int | None = None
    ended: datetime | None = None
    step: Step | None = None
    names: tuple[Name, ...] = ()
    text: str = ""
    rest: str = ""
    tokens: tuple[Token, ...] = field(default=(), repr=False)

    def leads(self, name: Name) -> bool:
        """Whether the line begins with this name, but for the kind and words that mean nothing."""
        before = range(min(name.places))
        return set(before) <= _with_fillers(self.tokens, name) | {p for p in before if self.tokens[p].taken == "kind"}

    def note(self, name: Name | None = None) -> str:
        """What stays for the note once `name` was found; nothing that was typed is lost."""
        gone = _with_fillers(self.tokens, name) if name else set()
        kept = [place for place, token in enumerate(self.tokens) if not token.taken and place not in gone]
        if len(kept) == len(self.tokens):
            return (self.text + self.rest).strip()
        said = joined(self.text, self.tokens, kept)
        tidy = re.sub(r"(?:\s*[,;])+(?=\s*[,;.])", "", said).strip(EDGES)
        bare = tidy if any(char.isalnum() or ord(char) > 0x2000 for char in tidy) else ""
        return f"{bare}{self.rest}".strip()


def joined(text: str, tokens: tuple[Token, ...], places: list[int]) -> str:
    """The words at `places` as they were typed, with one space where others were taken out between them."""
    pieces = []
    for before, place in pairwise([-1, *places]):
        token = tokens[place]
        if before == place - 1:
            pieces.append(text[tokens[before].end if before >= 0 else 0 : token.end])
        else:
            pieces.append(token.text if token.text in CLOSING else f" {token.text}")
    return "".join(pieces).strip()


def _with_fillers(tokens: tuple[Token, ...], name: Name) -> set[int]:
    """The places of a name with the words before it that mean nothing by themselves ("with", "do", "с")."""
    gone = set(name.places)
    place = min(gone) - 1
    while place >= 0 and not tokens[place].taken and LEXICON.fillers.find([tokens[place].word], 0):
        gone.add(place)
        place -= 1
    return gone
