"""Files are read in a process with limits; hostile and broken ones are refused with a message."""

import pytest
from django.core.files.base import ContentFile

from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import Unreadable
from migrations_data.services import imports
from tests.migrations_data.books import gather, zipped
from tests.migrations_data.tables import workbook


@pytest.fixture
def file(tmp_path):
    def put(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp852"])
def test_polish_letters_come_out_of_any_encoding(file, encoding):
    text = "Nazwa;Miasto\nŻółć i Gęś;Łódź\nKsiężyc;Kraków\nŚwieży chleb;Częstochowa\n"
    book = gather(file(text.encode(encoding)))
    assert book.sheets[0].rows[1] == (2, ["Żółć i Gęś", "Łódź"])
    assert book.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8"])
def test_cyrillic_letters_come_out_of_any_encoding(file, encoding):
    text = "Название;Город\nРога и копыта;Екатеринбург\nПрактика;Тюмень\n"
    book = gather(file(text.encode(encoding)))
    assert book.sheets[0].rows[2] == (3, ["Практика", "Тюмень"])
    assert book.encoding == encoding


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "~", "^"])
def test_the_separator_is_found_and_quoted_ones_are_text(file, separator):
    text = f'name{separator}city\n"Smith{separator} Sons"{separator}Leeds\n\nKos{separator}\n'
    assert gather(file(text.encode())).sheets[0].rows == [
        (1, ["name", "city"]),
        (2, [f"Smith{separator} Sons", "Leeds"]),
        (3, []),
        (4, ["Kos"]),
    ]


def test_a_line_that_names_the_separator_holds_nothing(file):
    assert gather(file(b"sep=;\nname;city\nKos;Leeds\n")).sheets[0].rows[:2] == [(1, []), (2, ["name", "city"])]


def test_a_workbook_keeps_its_sheets_numbers_and_dates(file):
    from datetime import date

    content = workbook(
        {"first": [["name", "since", "sum"], ["Kos", date(2016, 10, 20), 10.5], [], ["Lis", "", 3.0]], "empty": []}
    )
    book = gather(file(content, "table.xlsx"))
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("first", False), ("empty", False)]
    assert book.sheets[0].rows == [
        (1, ["name", "since", "sum"]),
        (2, ["Kos", "2016-10-20", 10.5]),
        (3, []),
        (4, ["Lis", "", 3]),
    ]


LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bomb.xlsx", zipped({"xl/workbook.xml": b"<a>" + b" " * 20_000_000 + b"</a>"}), "file_inflation"),
        ("laughs.xlsx", zipped({"xl/workbook.xml": LAUGHS}), "file_entities"),
        ("laughs16.xlsx", zipped({"xl/workbook.xml": LAUGHS.replace("1.0\"", "1.0\" encoding=\"utf-16\"").encode("utf-16")}), "file_entities"),
        ("parts.xlsx", zipped({f"{n}.xml": "<a/>" for n in range(6)}), "file_parts"),
        ("broken.xlsx", workbook({"a": [["x"]]})[:-300], "file_broken"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "file_markup"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "file_broken"),
        ("empty.csv", b"  \n", "file_empty"),
        ("half.csv", b"\xff\xfea\x00b", "file_letters"),
        ("rows.csv", b"a,b\n" * 2000, "file_rows"),
        ("columns.csv", b"," .join([b"x"] * 40) + b"\n", "file_columns"),
        ("file.csv", b"a,b\n" + b"x" * 300_000, "file_file"),
        ("locked.xls", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + bytes(600), "file_password"),
    ],
)  # fmt: skip
def test_what_may_not_be_read_is_refused_with_its_reason(file, name, content, code):
    limits = Limits(rows=1000, columns=30, parts=5 if name == "parts.xlsx" else 100, file_bytes=200_000)
    with pytest.raises(Unreadable) as refusal:
        gather(file(content, name), limits)
    assert refusal.value.code == code
    assert "%" not in str(refusal.value.message)


def test_a_small_file_that_unfolds_in_memory_ends_the_reading_process_and_nothing_else(file):
    content = workbook({"same": [["x" * 30_000] * 20 for _row in range(1500)]})
    assert len(content) < 200_000
    with pytest.raises(Unreadable) as refusal:
        gather(file(content, "big.xlsx"))
    assert refusal.value.code == "file_memory"


def test_a_file_that_takes_too_long_is_given_up(file):
    content = b"a,b,c\n" * 200_000
    with pytest.raises(Unreadable) as refusal:
        gather(file(content), Limits(wall_seconds=0, rows=10_000_000))
    assert refusal.value.code == "file_time"


@pytest.mark.django_db
def test_a_refused_file_leaves_a_failed_import_with_its_name_and_no_rows(clock, cast):
    from migrations_data.models import ImportRow
    from migrations_data.services import work

    made = imports.upload(by=cast.admin, at=clock.now, uploads=[ContentFile(b"", name="a.csv")], background=False)
    made = work.carry_on(import_id=made.pk, at=clock.now)
    assert (made.status, made.error_code) == ("failed", "file_empty")
    assert made.error.startswith("a.csv: ")
    assert not ImportRow.objects.exists()
