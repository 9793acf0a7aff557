"""Which words of a line may say who it was. Whether somebody bears the name is for the caller to find out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crm.folding import digits
from crm.spoken.lexicon import LEXICON
from crm.spoken.parts import Name, Token

MOST, WORDS = 6, 3
SHORTEST_PHONE, SHORTEST_NAME = 5, 2


def names(tokens: tuple[Token, ...]) -> tuple[Name, ...]:
    """The likeliest first: the digits of a phone, words with a capital letter, the first words that are left."""
    found = [*_phones(tokens), *_capitals(tokens), *_first(tokens)]
    return tuple({name.places: name for name in found}.values())[:MOST]


def _runs(tokens: tuple[Token, ...], fits: Callable[[Token], bool]) -> Iterator[list[int]]:
    """Neighbours of one part that nobody has taken and that all fit."""
    run: list[int] = []
    for place, token in enumerate(tokens):
        fitting = not token.taken and fits(token)
        if run and (not fitting or token.part != tokens[run[-1]].part):
            yield run
            run = []
        if fitting:
            run.append(place)
    if run:
        yield run


def _phones(tokens: tuple[Token, ...]) -> Iterator[Name]:
    for run in _runs(tokens, lambda token: token.text in "+()-" or token.text[0].isdecimal()):
        number = digits("".join(tokens[place].text for place in run))
        if len(number) >= SHORTEST_PHONE:
            yield Name(number, tuple(run))


def _capitals(tokens: tuple[Token, ...]) -> Iterator[Name]:
    for run in _runs(tokens, lambda token: token.text[0].isupper()):
        yield from _beginnings(tokens, run)


def _first(tokens: tuple[Token, ...]) -> Iterator[Name]:
    for run in _runs(tokens, lambda token: token.text[0].isalpha()):
        begins = next((n for n, place in enumerate(run) if not LEXICON.fillers.find([tokens[place].word], 0)), len(run))
        yield from _beginnings(tokens, run[begins:])
        return


def _beginnings(tokens: tuple[Token, ...], run: list[int]) -> Iterator[Name]:
    """The first three words, two, one: a name may be followed by what was said."""
    for length in range(min(len(run), WORDS), 0, -1):
        text = " ".join(tokens[place].text for place in run[:length])
        if len(text) >= SHORTEST_NAME:
            yield Name(text, tuple(run[:length]))
