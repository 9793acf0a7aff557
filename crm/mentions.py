"""Colleagues named in a note, as "@Anna Keller": found in the text, and marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, Value
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User

SIGN = re.compile(r"(?<![\w.@])@(?=\w)")
"""An at sign that begins a name; the one in an e-mail address does not."""
FIRST_WORD = re.compile(r"[\w'’-]+")
MOST = 20


def named_in(text: str) -> list[User]:
    """The colleagues whose whole names stand behind an at sign, as they come; of two names the longer one is meant."""
    behind = [text[found.end() :] for found in SIGN.finditer(text)][:MOST]
    if not behind:
        return []
    starts = {word.group() for rest in behind if (word := FIRST_WORD.match(rest))}
    asked = Q()
    for start in starts:
        asked |= Q(full_name__istartswith=start)
    people = list(User.objects.active().filter(asked).order_by("pk")) if asked else []
    found: dict[int, User] = {}
    for rest in behind:
        meant = _longest(rest, [person.full_name for person in people])
        found |= {person.pk: person for person in people if meant and person.full_name.lower() == meant.lower()}
    return list(found.values())


def able(people: Iterable[User], record: Any) -> list[User]:
    """Those among the people who may see the record, in one statement."""
    model = type(record)
    listed = list(people)
    asked = [
        model._default_manager.visible_to(person).filter(pk=record.pk).order_by().values_list(Value(person.pk))
        for person in listed
    ]
    asked = [query for query in asked if not query.query.is_empty()]
    seeing = {pk for (pk,) in asked[0].union(*asked[1:], all=True)} if asked else set()
    return [person for person in listed if person.pk in seeing]


def marked(text: str, names: Sequence[str]) -> SafeString | str:
    """The text with the names of those who were told as chips; everything else escaped."""
    if not names:
        return text
    pieces: list[SafeString | str] = []
    done = 0
    for sign in SIGN.finditer(text):
        name = _longest(text[sign.end() :], names)
        if not name or sign.start() < done:
            continue
        pieces.append(format_html("{}", text[done : sign.start()]))
        end = sign.end() + len(name)
        pieces.append(format_html('<span class="c-mention">@{}</span>', text[sign.end() : end]))
        done = end
    pieces.append(format_html("{}", text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped


def _longest(rest: str, names: Iterable[str]) -> str:
    """The longest of the names that the text begins with, as whole words."""
    low = rest.lower()
    fitting = [
        name for name in names if name and low.startswith(name.lower()) and not re.match(r"\w", rest[len(name) :])
    ]
    return max(fitting, key=len, default="")
