"""Blocks: only those are compared who share a key. Each key is one that most others do not have."""

from __future__ import annotations

from collections.abc import Iterator

from migrations_data.matching.traits import Traits


def keys_of(noun: str, one: Traits) -> Iterator[str]:
    """The keys of a row, each with a letter for its kind in front. "p" and "m" are phones and mailboxes."""
    yield from (f"p{number}" for number in one.phones)
    yield from (f"m{mail}" for mail in one.mails)
    yield from (f"i{number}" for number in one.ids)
    words = sorted(one.name.split())
    if words:
        yield "n" + "".join(words)
        yield from _by_part(one, words)
    if one.house and (one.postcode or one.city):
        yield f"h{one.house}|{one.postcode or one.city}"
    if noun == "company":
        yield from _of_company(one, words)
    elif one.birth:
        yield f"b{one.birth}"


def _by_part(one: Traits, words: list[str]) -> Iterator[str]:
    """Part of the name with something beside it."""
    beside = one.postcode or one.city or one.at
    if beside:
        yield from (f"w{word[:5]}|{beside}" for word in words if len(word) > 2)


def _of_company(one: Traits, words: list[str]) -> Iterator[str]:
    if one.tax:
        yield f"t{one.tax}"
    if one.domain:
        yield f"d{one.domain}"
    squeezed = "".join(words)
    if len(squeezed) > 5:
        yield "s" + squeezed.translate(SOUNDS)[:9]


SOUNDS = str.maketrans(dict.fromkeys("aeiouyаеёиоуыэюяьъ0123456789"))
"""What is left of a name by its consonants: slips are mostly in the vowels."""
