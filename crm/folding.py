"""How names, numbers and addresses are folded for search, sorting and comparing. One way for storing and for asking."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ё": "е"})
_SEPARATORS = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """Lower case, Latin accents off, Cyrillic kept, everything but letters and digits as single spaces.

    >>> fold("Łódź-Śródmieście  S.A.")
    'lodz srodmiescie s a'
    """
    if text.isascii():  # most are, and most of the time of folding went into looking at their letters
        return _SEPARATORS.sub(" ", text.lower()).strip()
    plain = []
    base_is_latin = False
    for char in unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)):
        if unicodedata.combining(char):
            if not base_is_latin:
                plain.append(char)
            continue
        base_is_latin = char < "\u0250"
        plain.append(char)
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", "".join(plain))).strip()


def digits(text: str) -> str:
    """The digits alone.

    >>> digits("+48 600-100-200")
    '48600100200'
    """
    return "".join(char for char in text if char.isascii() and char.isdigit())


def reversed_digits(text: str) -> str:
    """Digits from the last to the first: a search by the end of a phone number becomes a search by prefix."""
    return digits(text)[::-1]


def domain_of(text: str) -> str:
    """The bare domain of an address, a mail or a site ("https://www.Acme.com/x" -> "acme.com"); empty when there is none."""
    bare = re.sub(r"^[a-z]+://", "", text.strip().casefold()).rsplit("@", 1)[-1].split("/")[0].split(":")[0]
    bare = bare.removeprefix("www.").strip(".")
    return bare if "." in bare else ""


def tax_key(text: str) -> str:
    """A tax number without spaces, dashes and dots, in upper case ("PL 525-000-10-09" -> "PL5250001009")."""
    return re.sub(r"[^0-9A-ZА-Я]", "", text.upper())


def words(query: str) -> list[str]:
    """The folded words of a search, each looked for by its beginning."""
    return fold(query).split()
