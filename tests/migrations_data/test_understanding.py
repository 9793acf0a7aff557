"""What a table is about and which column holds what."""

import pytest

from migrations_data.understanding import sheets
from migrations_data.understanding import tables as understanding_tables
from migrations_data.understanding.nouns import ALL
from tests.migrations_data import tables


def understood(text, *names):
    rows = [(number, line.split(",")) for number, line in enumerate(text.splitlines(), 1) if line]
    header = understanding_tables.header_row(rows)
    head: list[str] = next((cells for number, cells in rows if number == header), [])
    columns = sheets.columns_of(head, [row for row in rows if row[0] > header])
    kind, sureness = sheets.guess(columns, *names)
    return kind, sureness, {column.name: column.field for column in columns if column.field}, columns


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        (tables.ACCOUNTS, "companies", ["name", "industry", "founded", "revenue", "employees", "country", "parent"]),
        (tables.PRODUCTS, "products", ["name", "group", "price"]),
        (tables.TEAMS, "people", ["name", "head", "team"]),
        (tables.PIPELINE, "deals", ["key", "owner", "product", "company", "stage", "opened", "closed", "amount"]),
        ("Nazwa firmy,NIP,Miasto,Telefon\nKos,5250001009,Łódź,600100200\n", "companies", ["name", "tax_number", "city", "phone"]),
        ("ФИО,Должность,Компания,Телефон,Почта\nПетров,Директор,Рога,+79001112233,p@example.com\n", "contacts", ["name", "title", "company", "phone", "email"]),
        ("Nombre,Apellidos,Empresa,Correo electrónico\nAna,López,Dulces,a@example.com\n", "contacts", ["first_name", "last_name", "company", "email"]),
        ("Сделка,Клиент,Этап,Сумма,Дата создания\nФлот,Рога,Переговоры,1000,01.02.2026\n", "deals", ["title", "company", "stage", "amount", "opened"]),
    ],
)  # fmt: skip
def test_tables_are_recognised_by_their_headers_in_four_languages(text, kind, fields):
    found, sureness, chosen, _columns = understood(text)
    assert found == kind
    assert list(chosen.values()) == fields
    assert sureness > 0.5


def test_values_speak_where_the_header_is_silent():
    _kind, _sure, chosen, _columns = understood(
        "Contact person,Firm,Col7,Col8\nAna,Kos,a@example.com,600 100 200\nBo,Lis,b@example.com,600 100 201\n"
    )
    assert chosen == {"Contact person": "name", "Firm": "company", "Col7": "email", "Col8": "phone"}


def test_values_that_contradict_the_header_win():
    _kind, _sure, chosen, _columns = understood("account,sector,revenue\nBirch,retail,high\nCedar,finance,low\n")
    assert "revenue" not in chosen.values()


def test_a_table_about_something_else_is_nothing():
    assert understood("Date,Rain mm\n2026-01-01,3\n2026-01-02,0\n")[0] == ""


def test_a_postcode_is_no_key():
    _kind, _sure, chosen, _columns = understood("First Name,Last Name,Postal Code\nAna,Ruiz,04001\n")
    assert "key" not in chosen.values()


def test_the_header_is_found_below_a_banner():
    rows = [
        (1, ["Report of 2026"]),
        (2, ["for the board"]),
        (4, ["name", "city", "phone"]),
        (5, ["Kos", "Łódź", "600100200"]),
    ]
    assert understanding_tables.header_row(rows) == 4


def test_an_unknown_header_is_the_first_row_of_text_and_a_table_without_one_has_none():
    assert understanding_tables.header_row([(1, ["alpha", "beta"]), (2, ["1", "2"])]) == 1
    assert understanding_tables.header_row([(1, [11, "2016-01-01"]), (2, [12, "2016-01-02"])]) == 0


def test_amounts_in_millions_are_seen_against_the_employees():
    from decimal import Decimal

    staff = [Decimal(2822), Decimal(495), Decimal(1185)]
    assert sheets.revenue_looks_scaled([Decimal("1100.04"), Decimal("251"), Decimal("647")], staff) == 1_000_000
    assert sheets.revenue_looks_scaled([each * 150_000 for each in staff], staff) == 1
    assert sheets.unit_of("revenue, mln") == 1_000_000
    assert sheets.unit_of("Выручка, тыс. руб.") == 1_000


def test_every_field_has_words_and_every_need_a_field():
    for kind in ALL.values():
        assert all(field.words for field in kind.fields.values())
        assert {name for group in kind.needs for name in group} <= set(kind.fields)
