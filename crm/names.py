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
    "prosta spolka akcyjna", "spolka cywilna", "spolka partnerska", "sp p", "spolka komandytowo akcyjna", "s k a", "ska",
    "закрытое акционерное общество", "открытое акционерное общество", "непубличное акционерное общество",
    "крестьянское фермерское хозяйство", "кфх", "ано", "гуп", "муп", "фгуп",
    "товариство з обмеженою відповідальністю", "приватне підприємство", "приватне акціонерне товариство", "акціонерне товариство",
    "фізична особа підприємець", "прат", "пат", "ат", "пп", "фоп",
    "sociedad limitada unipersonal", "sociedad anonima unipersonal", "s l n e", "sociedad cooperativa", "s coop", "sociedad civil", "s c p",
    "gesellschaft mit beschrankter haftung", "aktiengesellschaft", "ug haftungsbeschrankt", "ohg", "e k", "kgaa", "gbr", "se",
    "societe a responsabilite limitee", "societe anonyme", "eurl", "sasu", "snc", "sci",
    "societa a responsabilita limitata", "societa per azioni", "s r l s", "srls", "s n c", "s a s",
    "spolecnost s rucenim omezenym", "akciova spolecnost", "spol s r o", "sro", "v o s", "k s",
    "limited liability company", "l l c", "l p", "pllc", "public limited company", "limited liability partnership", "cic",
)  # fmt: skip
SAME_FORM = {
    "spolka z ograniczona odpowiedzialnoscia": "sp z o o", "sp z oo": "sp z o o", "spolka akcyjna": "s a", "sa": "s a",
    "sociedad anonima": "s a", "spolka komandytowa": "sp k", "spolka jawna": "sp j", "p s a": "psa",
    "общество с ограниченной ответственностью": "ооо", "акционерное общество": "ао", "публичное акционерное общество": "пао",
    "индивидуальный предприниматель": "ип", "sociedad limitada": "s l", "sl": "s l", "slu": "s l u", "sau": "s a u",
    "limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "srl": "s r l", "spa": "s p a",
    "bv": "b v", "nv": "n v", "prosta spolka akcyjna": "psa", "spolka cywilna": "s c", "spolka partnerska": "sp p",
    "spolka komandytowo akcyjna": "s k a", "ska": "s k a", "закрытое акционерное общество": "зао", "открытое акционерное общество": "оао",
    "непубличное акционерное общество": "нао", "крестьянское фермерское хозяйство": "кфх",
    "товариство з обмеженою відповідальністю": "тов", "приватне підприємство": "пп", "приватне акціонерне товариство": "прат",
    "акціонерне товариство": "ат", "фізична особа підприємець": "фоп", "sociedad limitada unipersonal": "s l u",
    "sociedad anonima unipersonal": "s a u", "sociedad cooperativa": "s coop", "sociedad civil": "s c p",
    "gesellschaft mit beschrankter haftung": "gmbh", "aktiengesellschaft": "ag", "ug haftungsbeschrankt": "ug",
    "societe a responsabilite limitee": "sarl", "societe anonyme": "s a", "societa a responsabilita limitata": "s r l",
    "societa per azioni": "s p a", "srls": "s r l s", "snc": "s n c", "sas": "s a s", "spolecnost s rucenim omezenym": "s r o",
    "spol s r o": "s r o", "sro": "s r o", "akciova spolecnost": "a s", "limited liability company": "llc", "l l c": "llc",
    "public limited company": "plc", "limited liability partnership": "llp",
}  # fmt: skip
"""One form as it is written out, or without its points."""
IN_FRONT = tuple(form for form in LEGAL_FORMS if not form.isascii())
"""Written before the name in Russian and Ukrainian; elsewhere a first word like "AS" belongs to the name."""


def _any(forms: tuple[str, ...]) -> str:
    return "|".join(sorted(forms, key=len, reverse=True))


_BEFORE = re.compile(rf"^(?:{_any(IN_FRONT)}) (?=\S)")
_AFTER = re.compile(rf"(?<=\S) (?:{_any(LEGAL_FORMS)})$")


_FIRST_WORDS = frozenset(form.partition(" ")[0] for form in IN_FRONT)
_LAST_WORDS = frozenset(form.rpartition(" ")[2] for form in LEGAL_FORMS)
"""Most names begin and end with other words: they need no look at all the forms."""


def core(name: str) -> str:
    """The folded name without its legal form ("ООО «Ромашка»" -> "ромашка"); the whole name when nothing else is left."""
    return parted(fold(name))[0]


def forms(name: str) -> tuple[str, ...]:
    """The legal forms of a name in one spelling ("Acme sp z oo" -> ("sp z o o",)); empty when it has none."""
    return parted(fold(name))[1]


def parted(folded: str) -> tuple[str, tuple[str, ...]]:
    """A folded name as `core` and `forms` at once."""
    before = _BEFORE.match(folded) if folded.partition(" ")[0] in _FIRST_WORDS else None
    bare = folded[before.end() :] if before else folded
    after = None
    while bare.rpartition(" ")[2] in _LAST_WORDS and (last := _AFTER.search(bare)):
        after = after or last
        bare = bare[: last.start()]
    found = [one.group().strip() for one in (before, after) if one]
    return bare or folded, tuple(SAME_FORM.get(form, form) for form in found)


def other_form(one: str, other: str) -> bool:
    """Whether two names say that they are different companies: each has a legal form, and not the same."""
    return bool(forms(one) and forms(other)) and forms(one) != forms(other)


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
