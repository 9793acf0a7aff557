"""Phone numbers: one canonical form, and whether a number can exist. A table asks several times of each: answers are kept a while."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from crm.folding import digits, reversed_digits

SHORTEST_END = 4
"""Fewer digits than these say nothing about whose number it is."""


@lru_cache(maxsize=10_000)
def parsed(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """The number as its parts, read from `country` (two letters) when it has no prefix of its own."""
    try:
        return phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=10_000)
def is_valid(text: str, country: str) -> bool:
    """Whether such a number can exist in its country's numbering plan."""
    number = parsed(text, country)
    return number is not None and phonenumbers.is_valid_number(number)


def key(text: str, country: str) -> str:
    """The digits from the last to the first, with the country's prefix when the number can exist, so that "600 100 200" and
    "+48 600-100-200" are the same number and either is found by its end."""
    number = parsed(text, country)
    if number is not None and is_valid(text, country):
        return reversed_digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))[:40]
    return reversed_digits(text)[:40]


def end_asked(query: str) -> str:
    """The reversed digits of a search that looks like a phone number or the end of one; empty for anything else."""
    asked = digits(query)
    if len(asked) < SHORTEST_END or any(char.isalpha() for char in query):
        return ""
    return asked[::-1]
