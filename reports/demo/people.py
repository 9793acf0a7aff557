"""Who works in the demo company, and how."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Role

PASSWORD = "daybook-demo"  # noqa: S105 - the demo company's, shown on its own sign-in page
SIGN_INS = [
    (Role.MANAGER, "anna@daybook.example", PASSWORD),
    (Role.HEAD, "marta@daybook.example", PASSWORD),
    (Role.OWNER, "helena@daybook.example", PASSWORD),
    (Role.ADMIN, "piotr@daybook.example", PASSWORD),
]
"""One of each role: (role, e-mail, password)."""


@dataclass(frozen=True)
class Habits:
    """How somebody works. Counts are means a day, the others chances between 0 and 1."""

    companies: float = 2.0
    meetings: float = 1.1
    calls: float = 11.0
    deals_a_week: float = 1.4
    notes: float = 0.9
    enters_late: float = 0.04
    lets_tasks_lapse: float = 0.06
    forgets_next_step: float = 0.04
    wins: float = 0.45


@dataclass(frozen=True)
class Place:
    """A team: where it is decides its clock, the language of its clients and their telephone numbers."""

    name: str
    zone: str
    language: str
    country: str


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    role: Role
    place: Place | None = None
    language: str = "en"
    habits: Habits = Habits()


CENTRAL = Place("Central", "Europe/Warsaw", "pl", "PL")
SOUTH = Place("South", "Europe/Madrid", "es", "ES")
EAST = Place("East", "Asia/Almaty", "ru", "KZ")
PLACES = (CENTRAL, SOUTH, EAST)

EXEMPLARY = Habits(
    companies=2.9, meetings=1.6, calls=13.5, enters_late=0.0, lets_tasks_lapse=0.0, forgets_next_step=0.0, wins=0.6
)
GOOD = Habits(
    companies=2.5, meetings=1.3, calls=12.0, enters_late=0.02, lets_tasks_lapse=0.03, forgets_next_step=0.02, wins=0.5
)
LATE = Habits(calls=12.0, enters_late=0.9)
LAPSING = Habits(lets_tasks_lapse=0.4, forgets_next_step=0.12)
BEGINNER = Habits(companies=1.2, meetings=0.5, calls=8.5, deals_a_week=1.2, wins=0.3)

PEOPLE = (
    Person("Helena Marsh", "helena@daybook.example", Role.OWNER),
    Person("Piotr Zieliński", "piotr@daybook.example", Role.ADMIN),
    Person("Marta Kowalczyk", "marta@daybook.example", Role.HEAD, CENTRAL),
    Person("Anna Nowak", "anna@daybook.example", Role.MANAGER, CENTRAL, habits=EXEMPLARY),
    Person("Tomasz Wójcik", "tomasz@daybook.example", Role.MANAGER, CENTRAL, "pl", LATE),
    Person("Emily Carter", "emily@daybook.example", Role.MANAGER, CENTRAL),
    Person("Javier Ortega", "javier@daybook.example", Role.HEAD, SOUTH, "es"),
    Person("Lucía Fernández", "lucia@daybook.example", Role.MANAGER, SOUTH, "es", GOOD),
    Person("Diego Romero", "diego@daybook.example", Role.MANAGER, SOUTH, "es", LAPSING),
    Person("Carmen Vidal", "carmen@daybook.example", Role.MANAGER, SOUTH, "es"),
    Person("Ольга Смирнова", "olga@daybook.example", Role.HEAD, EAST, "ru"),
    Person("Екатерина Соколова", "ekaterina@daybook.example", Role.MANAGER, EAST, "ru", GOOD),
    Person("Иван Петров", "ivan@daybook.example", Role.MANAGER, EAST, "ru"),
    Person("Тимур Ахметов", "timur@daybook.example", Role.MANAGER, EAST, "ru", BEGINNER),
)
