"""How words are compared, and what a proposal is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from crm.custom.keys import LETTERS
from crm.folding import fold
from migrations_data.models import Decision

LONGEST = 200
ALIKE = 85
"""From how many points of a hundred two words are likely the same."""


@dataclass(frozen=True)
class Proposal:
    """What becomes of a word; `sure` when nobody needs to look."""

    decision: str
    target: int | None = None
    sure: bool = False


@lru_cache(maxsize=100_000)
def key_of(said: str) -> str:
    """A word as it is kept and compared; what has no letters or digits stays as it is."""
    return (fold(said) or said.casefold())[:LONGEST]


@lru_cache(maxsize=100_000)
def latin(said: str) -> str:
    """The folded word in Latin letters: "Иванов" and "Ivanov" are the same."""
    return fold(said).translate(LETTERS)


def likeliest(said: str, ours: Mapping[int, str], *, at_least: int = ALIKE) -> int | None:
    """The key of the name that is most like a word; None when none is, or two are as likely."""
    asked = latin(said)
    scored = sorted(((fuzz.token_sort_ratio(asked, latin(name)), key) for key, name in ours.items()), reverse=True)
    if not asked or not scored or scored[0][0] < at_least:
        return None
    return None if len(scored) > 1 and scored[1][0] == scored[0][0] else scored[0][1]


def used(target: int, *, sure: bool = False) -> Proposal:
    """One of ours."""
    return Proposal(Decision.USE, target, sure)
