"""Words around and inside tables that tell what a row, a column or a sheet is, folded, in the four languages."""

from __future__ import annotations

from migrations_data.understanding.words import split

TOTALS = frozenset(split(
    "total, totals, grand total, subtotal, sub total, sum, sum total, overall, итого, всего, итог, итоги, общий итог, промежуточный итог, "
    "итого по документу, в том числе, razem, suma, ogolem, lacznie, suma calkowita, suma koncowa, suma czesciowa, podsumowanie, totales, "
    "total general, suma total, gran total, importe total"
))  # fmt: skip
TOTALS_BEGIN = (
    "итого ",
    "всего ",
    "итог ",
    "razem ",
    "ogolem ",
    "lacznie ",
    "suma ",
    "total ",
    "subtotal ",
    "grand total ",
)
"""What rows are called that add up others."""
PAGES = ("page ", "strona ", "страница ", "лист ", "pagina ", "printed ", "wydrukowano ", "напечатано ", "impreso ")
"""How lines begin that a printer adds between rows."""
PIVOT = (
    "row labels", "column labels", "etykiety wierszy", "etykiety kolumn", "названия строк", "названия столбцов", "etiquetas de fila",
    "etiquetas de columna", "rotulos de fila", "count of ", "sum of ", "average of ", "liczba z ", "suma z ", "srednia z ",
    "количество по полю ", "сумма по полю ", "cuenta de ", "suma de ", "promedio de ",
)  # fmt: skip
"""How the headers of pivot tables begin."""

YES = frozenset(
    split("1, yes, y, true, t, x, v, +, ✓, ✔, vip, tak, prawda, да, д, истина, si, sí, s, verdadero, ja, oui")
)
NO = frozenset(split("0, no, n, false, f, nie, falsz, fałsz, нет, н, ложь, falso, nein, non"))

IDS = split("id, key, code, kod, код, codigo, nr, no, number, номер, ключ")
"""Words of headers above what tells rows apart."""
PROOFS: dict[str, tuple[float, tuple[str, ...]]] = {
    "contacts": (1, split(
        "full name, first name, last name, given name, surname, imie, nazwisko, imie i nazwisko, имя, фамилия, отчество, фио, nombre completo, "
        "nombre y apellidos, apellido, apellidos"
    )),
    "people": (3, split(
        "hire date, hired, hired on, date of hire, employee id, salary, data zatrudnienia, id pracownika, pensja, wynagrodzenie, дата приема, "
        "дата приема на работу, табельный номер, оклад, зарплата, fecha de contratacion, fecha de ingreso, id empleado, salario, sueldo"
    )),
}  # fmt: skip
"""Headers that say what kind of table it is, though nothing of ours is filled by them."""
VIP = ("vip", "вип", "вип клиент")

COUNTRY_OF_HEADER = {
    "nip": "PL", "regon": "PL", "krs": "PL", "инн": "RU", "огрн": "RU", "кпп": "RU", "едрпоу": "UA", "єдрпоу": "UA", "nif": "ES", "cif": "ES",
    "cuit": "AR", "rfc": "MX", "rut": "CL", "ust idnr": "DE", "siren": "FR", "siret": "FR", "partita iva": "IT", "ico": "CZ", "dic": "CZ",
    "ein": "US", "zip": "US", "zip code": "US",
}  # fmt: skip
"""Headers that only tables of one country have."""
