"""Labelled records that the bench makes itself: people and companies, each with copies as people make them by typing again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SEED = 20261019


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    "Anna Jan Maria Piotr Ewa Adam Zofia Marek Olga Pavel Lucia Carlos Ines Diego Emma Liam Grace Noah Mia Owen Klara Tomasz "
    "Irena Viktor Nina Oscar Paula Hugo Teresa Ivan Marta Leon Sara Felix Julia Rafael Dorota Simon Vera Kamil"
)
LAST = _words(
    "Nowak Kowalski Wojcik Zielinski Mazur Krawczyk Garcia Martinez Lopez Sanchez Smith Taylor Brown Wilson Walker Ivanov Petrov "
    "Sidorov Smirnov Volkov Becker Schulz Hoffmann Keller Richter Novak Svoboda Horvath Kovacs Larsen Hansen Berg Lindqvist "
    "Rossi Ferrari Moretti Dubois Laurent Moreau Fontaine Okafor Mensah Tanaka Suzuki Haddad Rahman Demir Yilmaz Costa Silva"
)
STREETS = _words(
    "Oak Mill Station Church Garden Harbour Castle Meadow Bridge Forest River Market School Chapel Tower Linden Birch"
)
CITIES = _words(
    "Krakow Warszawa Gdansk Poznan Wroclaw Lodz Szczecin Lublin Madrid Sevilla Bilbao Riga Vilnius Brno Graz Lyon"
)
KINDS = _words(
    "Logistics Foods Metals Textiles Optics Energy Media Paper Glass Timber Dairy Robotics Tools Shipping Pharma Bikes"
)
SOUNDS = _words(
    "ba be bo da do fa fi ga go ka ke ko la le lo ma me mo na ne no pa po ra re ri ro sa se so ta te to va vi vo za ze zo"
)
FORMS = ("Sp. z o.o.", "S.A.", "GmbH", "Ltd", "S.L.")
SHARED = ("office@shared.example", "info@shared.example", "biuro@shared.example")
WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


@dataclass
class Labelled:
    """A table with the true pairs in it, by the place of the rows."""

    header: list[str]
    rows: list[list[str]]
    owners: list[int]

    def pairs(self) -> set[tuple[int, int]]:
        places: dict[int, list[int]] = {}
        for place, owner in enumerate(self.owners):
            places.setdefault(owner, []).append(place)
        return {(one, other) for listed in places.values() for one in listed for other in listed if one < other}


def people(count: int = 2000) -> Labelled:
    """People at companies, a third of them two or three times; every tenth has a mailbox that others have too."""
    chance = random.Random(SEED)  # noqa: S311 - the same rows every time
    header = [
        "first name",
        "last name",
        "company",
        "phone",
        "e-mail",
        "city",
        "street",
        "house number",
        "postcode",
        "birth date",
    ]
    return _labelled(header, count, chance, _person, _copied_person)


def companies(count: int = 2000) -> Labelled:
    """Companies with their legal forms, a third of them two or three times; some names stand for two with different forms."""
    chance = random.Random(SEED + 1)  # noqa: S311
    header = ["company name", "tax number", "phone", "e-mail", "street", "city", "postcode", "employees"]
    made = _labelled(header, count, chance, _company, _copied_company)
    for place in range(0, len(made.rows), 40):
        made.rows.append(_of_another_form(chance, made.rows[place]))
        made.owners.append(count + place)
    return made


Make = Callable[[random.Random], list[str]]
Copy = Callable[[random.Random, list[str]], list[str]]


def _labelled(header: list[str], count: int, chance: random.Random, make: Make, copy: Copy) -> Labelled:
    listed: list[tuple[int, list[str]]] = []
    for owner in range(count):
        row = make(chance)
        listed.append((owner, row))
        copies = 0 if chance.random() > 1 / 3 else chance.choice((1, 1, 2))
        listed += [(owner, copy(chance, row)) for _n in range(copies)]
    chance.shuffle(listed)
    return Labelled(header, [row for _owner, row in listed], [owner for owner, _row in listed])


def _person(chance: random.Random) -> list[str]:
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)}{chance.choice(('', '', 'ova', 'sen', 'ez', 'man'))}"
    mail = f"{first}.{last}{chance.randrange(99)}@mail.example".lower()
    return [
        first, last, f"{_word(chance)} {chance.choice(KINDS)}", _phone(chance),
        chance.choice(SHARED) if chance.random() < 0.1 else mail, chance.choice(CITIES), f"{chance.choice(STREETS)} Street",
        str(chance.randrange(1, 200)), f"{chance.randrange(10, 99)}-{chance.randrange(100, 999)}",
        f"{chance.randrange(1950, 2004)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
    ]  # fmt: skip


def _copied_person(chance: random.Random, row: list[str]) -> list[str]:
    made = list(row)
    if chance.random() < 0.15:
        made[0], made[1] = made[1], made[0]
    return _spoiled(chance, made, must=(0, 1))


def _company(chance: random.Random) -> list[str]:
    name, form = f"{_word(chance)} {chance.choice(KINDS)}", chance.choice(FORMS)
    mail = (
        chance.choice(SHARED)
        if chance.random() < 0.1
        else f"hello@{name.replace(' ', '-').lower()}{chance.randrange(99)}.example"
    )
    return [
        f"{name} {form}", _tax(chance), _phone(chance), mail, f"{chance.choice(STREETS)} Street {chance.randrange(1, 200)}",
        chance.choice(CITIES), f"{chance.randrange(10, 99)}-{chance.randrange(100, 999)}", str(chance.randrange(2, 900)),
    ]  # fmt: skip


def _of_another_form(chance: random.Random, row: list[str]) -> list[str]:
    """Another company of that name: its legal form says so."""
    bare = next((row[0].removesuffix(f" {form}") for form in FORMS if row[0].endswith(form)), row[0])
    mine = row[0].removeprefix(bare).strip()
    other = _company(chance)
    other[0] = f"{bare} {next(form for form in FORMS if form != mine)}"
    return other


def _copied_company(chance: random.Random, row: list[str]) -> list[str]:
    made = list(row)
    if chance.random() < 0.3:
        made[0] = next((made[0].removesuffix(f" {form}") for form in FORMS if made[0].endswith(form)), made[0])
    if chance.random() < 0.7:
        made[1] = ""
    return _spoiled(chance, made, must=(0,), whole=(1,))


def _spoiled(chance: random.Random, row: list[str], *, must: tuple[int, ...], whole: tuple[int, ...] = ()) -> list[str]:
    """A slip in one to three cells, another one or two empty."""
    for place in chance.sample([place for place in range(len(row)) if place not in whole], chance.choice((1, 1, 2, 3))):
        row[place] = _slip(chance, row[place])
    for place in chance.sample([place for place in range(len(row)) if place not in must], chance.choice((0, 1, 1, 2))):
        row[place] = ""
    return row


def _slip(chance: random.Random, text: str) -> str:
    """Two signs in the wrong order, one left out, one twice."""
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    ways = (
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
    )
    return chance.choice(ways)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SOUNDS) for _n in range(chance.choice((2, 3, 3, 4)))).capitalize()


def _phone(chance: random.Random) -> str:
    return f"+48 {chance.choice((5, 6, 7))}{chance.randrange(10**7, 10**8)}"


def _tax(chance: random.Random) -> str:
    """A number with right check digits."""
    while True:
        figures = [chance.randrange(1, 10) for _n in WEIGHTS]
        check = sum(figure * weight for figure, weight in zip(figures, WEIGHTS, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*figures, check]))


def numbered(count: int) -> Iterator[list[str]]:
    """Companies of which none is like another: what matching costs where it finds nothing."""
    chance = random.Random(SEED + 2)  # noqa: S311
    for number in range(count):
        row = _company(chance)
        row[0] = f"{_word(chance)}{_word(chance)} {_word(chance)} {row[0]}"
        yield [f"N{number}", *row]
