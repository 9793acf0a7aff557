"""Companies in bulk: those that are present, made by set-based SQL, and tables of others that come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.models import User

PRESENT = """
INSERT INTO crm_company (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded, tax_number,
    tax_key, domain, domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note, completeness,
    validity)
SELECT 'manual', '', %(person)s, %(person)s, now(), now(), word || ' Trading', word || ' trading', word || ' trading', '', '',
    word || '.example', word || '.example', '+48' || 500000000 + n, reverse('48' || 500000000 + n), '', '', 'Lodz', 'Poland', 'Food',
    'EUR', %(person)s, '', 0.5, 0.5
FROM generate_series(1, %(count)s) n, LATERAL (SELECT translate(md5(n::text), '0123456789', 'ghijklmnop') AS word) w
"""
COLUMNS = (
    "Client ID", "Company name", "Tax number", "Website", "Phone", "E-mail", "Address", "City", "Country", "Industry", "Employees",
    "Founded", "Revenue", "Owner", "Note",
)  # fmt: skip
CITIES = ("Łódź", "Warszawa", "Kraków", "Gdańsk", "Poznań", "Wrocław", "Lublin", "Katowice", "Gdynia", "Toruń")
TRADES = ("Food", "Transport", "Building", "Retail", "Medical", "Software", "Printing")
FORMS = ("Sp. z o.o.", "S.A.", "GmbH", "Ltd")
WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
LETTERS = "bcdfghklmnprstwz"


def fill(cursor: Any, by: User, count: int) -> None:
    """Have `count` companies."""
    cursor.execute(PRESENT, {"person": by.pk, "count": count})


def head() -> str:
    return ",".join(COLUMNS)


def lines(first: int, count: int) -> Iterator[str]:
    """Rows of a table, none like another."""
    for n in range(first, first + count):
        word = _word(n)
        yield (
            f"C{n:07},{word.capitalize()} {_word(n * 7 + 3)} {FORMS[n % 4]},{_tax(n)},www.{word}.example,"
            f"+48 22 {n // 1000 % 1000:03} {n % 1000:03} 0,office@{word}.example,ul. {_word(n % 997).capitalize()} {n % 90 + 1},"
            f"{CITIES[n % 10]},Poland,{TRADES[n % 7]},{n % 900 + 1},{1950 + n % 70},{n % 90000 * 100}.50,Agent Number {n % 30},"
            f"Met at the fair; wants the offer number {n}"
        )


def _word(n: int) -> str:
    """A word for a number, unlike those of its neighbours."""
    mixed, letters = (n * 2_654_435_761 + 97) % 2**32, []
    for _place in range(8):
        mixed, letter = divmod(mixed, 16)
        letters.append(LETTERS[letter])
    return "a".join("".join(letters[place : place + 2]) for place in range(0, 8, 2))


def _tax(n: int) -> str:
    """A tax number whose check digit is right."""
    while True:
        figures = [int(char) for char in f"{100_000_000 + n * 7 % 800_000_000:09}"]
        check = sum(a * b for a, b in zip(figures, WEIGHTS, strict=True)) % 11
        if check < 10:
            return "".join(map(str, (*figures, check)))
        n += 123_456_789
