"""Names of companies: the legal form told apart from the name itself, and how alike two names are."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from crm.folding import fold

ALIKE = 88
"""From how many points of a hundred two names are told as alike."""

LEGAL_FORMS = (
    "spolka z ograniczona odpowiedzialnoscia", "sp z o o sp k", "sp z o o", "sp z oo", "spolka akcyjna", "spolka komandytowa",
    "spolka jawna", "sp k", "sp j", "p s a", "psa", "s c", "s a", "sa",
    "общество с ограниченной ответственностью", "публичное акционерное общество", "акционерное общество",
    "индивидуальный предприниматель", "ооо", "оао", "зао", "пао", "нао", "ао", "ип", "тов",
    "sociedad limitada", "sociedad anonima", "s l u", "slu", "s l", "sl", "s a u", "sau",
    "limited", "ltd", "llc", "llp", "plc", "incorporated", "inc", "corporation", "corp", "company", "co",
    "gmbh co kg", "gmbh", "ag", "kg", "ug", "s r o", "a s", "sarl", "sas", "s r l", "srl", "s p a", "spa", "b v", "bv", "n v", "nv",
    "oy", "ab", "aps", "as", "pty ltd", "pty",
)  # fmt: skip
IN_FRONT = tuple(form for form in LEGAL_FORMS if not form.isascii())
"""Written before the name in Russian and Ukrainian; elsewhere a first word like "AS" belongs to the name."""


def _any(forms: tuple[str, ...]) -> str:
    return "|".join(sorted(forms, key=len, reverse=True))


_BEFORE = re.compile(rf"^(?:{_any(IN_FRONT)}) (?=\S)")
_AFTER = re.compile(rf"(?<=\S) (?:{_any(LEGAL_FORMS)})$")


def core(name: str) -> str:
    """The folded name without its legal form ("ООО «Ромашка»" -> "ромашка"); the whole name when nothing else is left."""
    folded = fold(name)
    bare = _BEFORE.sub("", folded, count=1)
    while (shorter := _AFTER.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare or folded


def key(name: str) -> str:
    """What a name is sorted and compared by: a legal form in front goes behind, so that it sorts by the name itself."""
    folded = fold(name)
    found = _BEFORE.match(folded)
    return (f"{folded[found.end() :]} {found.group().strip()}" if found else folded)[:200]


def are_alike(one: str, other: str) -> bool:
    """Whether two names (folded, legal forms off) are probably one company: words in another order, a slip, a space more."""
    if fuzz.token_sort_ratio(one, other) >= ALIKE:
        return _numbers(one) == _numbers(other)
    return one.replace(" ", "") == other.replace(" ", "")


def _numbers(text: str) -> list[str]:
    """Branches and series differ by their number alone: "Depot 1" is not "Depot 2"."""
    return sorted(re.findall(r"\d+", text))
