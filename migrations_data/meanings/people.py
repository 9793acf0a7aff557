"""Who is meant by a name in an old table: "Иванов И.И.", "ivanov@…" and "Ivanov Ivan" may be one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from crm.folding import fold
from migrations_data.meanings.base import ALIKE, Proposal, latin
from migrations_data.models import Decision

PART, INITIALS, SURNAME, ADDRESS = 95, 94, 90, 88
SLIP = 88
"""From how many points two surnames are the same but for a slip."""


@dataclass(frozen=True)
class Person:
    """Somebody who may be meant. `target` is one of ours, or a row of the list of people that comes with the import."""

    target: int
    name: str
    mail: str = ""
    keys: tuple[str, ...] = ()
    active: bool = True


@dataclass
class Known:
    """Those who may be meant, found by name in any order, by address, or by the key of the old system."""

    decision: str
    people: Sequence[Person]
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_mail: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.people:
            for said in (one.name, *one.keys):
                self.by_name[in_any_order(said)].append(one)
            if one.mail:
                self.by_mail[one.mail.lower()] = one

    def exact(self, said: str) -> list[Person]:
        """Those who are called exactly so; of several the ones who still work here."""
        if "@" in said:
            return [self.by_mail[said.lower()]] if said.lower() in self.by_mail else []
        found = self.by_name.get(in_any_order(said), [])
        return [one for one in found if one.active] or found

    def likely(self, said: str) -> tuple[int, Person | None]:
        """How likely the likeliest is meant, 0..100; nobody when two are as likely."""
        scored = sorted(((likeness(said, one), place) for place, one in enumerate(self.people)), reverse=True)
        if not scored or scored[0][0] < ALIKE:
            return 0, None
        tie = len(scored) > 1 and scored[1][0] == scored[0][0]
        return (0, None) if tie else (scored[0][0], self.people[scored[0][1]])


@lru_cache(maxsize=100_000)
def in_any_order(name: str) -> str:
    """A folded name, its words in order of the alphabet."""
    return " ".join(sorted(fold(name).split()))


def propose(said: str, ours: Known, beside: Known) -> Proposal:
    """Who is meant: one of ours or of the list beside, else somebody who left and is not here yet."""
    for known in (ours, beside):
        exact = known.exact(said)
        if exact:
            return Proposal(known.decision, exact[0].target, sure=len(exact) == 1)
    best = max(((*known.likely(said), known.decision) for known in (ours, beside)), key=lambda found: found[0])
    if best[1] is not None:
        return Proposal(best[2], best[1].target)
    return Proposal(Decision.INACTIVE)


def nearest(said: str, people: Sequence[Person], most: int) -> list[Person]:
    """Those who are most like a name, for a short list to choose from."""
    asked = latin(said)
    return sorted(people, key=lambda one: (-fuzz.token_sort_ratio(asked, latin(one.name)), one.name))[:most]


def likeness(said: str, one: Person) -> int:
    """How likely a name means a person, 0..100: all of the words of the shorter name, initials for names, a surname alone, the
    words of an address, or a slip."""
    if "@" in said:
        return ADDRESS if set(latin(said.partition("@")[0]).split()) <= set(latin(one.name).split()) else 0
    asked, there = latin(said).split(), latin(one.name).split()
    if not asked or not there:
        return 0
    shared = set(asked) & set(there)
    if len(shared) >= 2 and (shared == set(asked) or shared == set(there)):
        return PART
    if _by_initials(asked, there) or _by_initials(there, asked):
        return INITIALS
    if len(asked) == 1 and len(asked[0]) > 2 and asked[0] in there:
        return SURNAME
    return int(fuzz.token_sort_ratio(" ".join(asked), " ".join(there)))


def _by_initials(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether "ivanov i i" is "ivanov ivan ivanovich": a word in common, and for each initial a word that begins with it."""
    initials = [word for word in short if len(word) == 1]
    words = [word for word in short if len(word) > 1]
    if not initials or not words:
        return False
    rest = list(full)
    for word in words:
        same = next((one for one in rest if one == word or fuzz.ratio(one, word) >= SLIP), None)
        if same is None:
            return False
        rest.remove(same)
    for letter in initials:
        begins = next((one for one in rest if one.startswith(letter)), None)
        if begins is None:
            return False
        rest.remove(begins)
    return True
