"""Every workbook is read in two ways; where they do not agree, nothing is imported before somebody has looked."""

import io
import json
import struct

import pytest
from django.core.management import call_command
from django.urls import reverse

from migrations_data.models import ImportFile, ImportRow, ImportSheet, Status
from migrations_data.reading.comparing import compare
from migrations_data.reading.limits import Limits
from migrations_data.services import differences, imports
from migrations_data.services.differences import NotAccepted
from tests.budgets import assert_budget
from tests.migrations_data import tables
from tests.migrations_data.books import SHEET, changed, gather

CP1251 = "cp1251"


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def old_workbook(rows, *, amounts_format=0):
    """A sheet as programs of 1995 wrote it, without a word about its code page: texts and numbers, nothing else."""
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = value.encode(CP1251)
                cells += record(0x0204, struct.pack("<HHHH", row, column, 15, len(text)) + text)
            else:
                cells += record(0x0203, struct.pack("<HHHd", row, column, 16, value))
    style = struct.pack("<HHHHHHHH", 0, 0, 1, 0x20, 0, 0, 0, 0)
    amounts = struct.pack("<HHHHHHHH", 0, amounts_format, 1, 0x20, 0, 0, 0, 0)
    fonts = record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05Arial") * 5
    name = b"\x06Sheet1"
    begin = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 1993))
    tail = record(0x00E0, style) * 16 + record(0x00E0, amounts)
    place = len(begin) + len(fonts) + len(tail) + len(record(0x0085, struct.pack("<IH", 0, 0) + name)) + 4
    book = begin + fonts + tail + record(0x0085, struct.pack("<IH", place, 0) + name) + record(0x000A)
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 1993)) + cells + record(0x000A)
    return book + sheet


NAMES = [["Клиент", "Сумма"], ["Рога и копыта", 1500.5], ["Тюменская практика", 20000.0]]


def contained(stream):
    """The stream in the container that such files are kept in: one header, one table, one folder, then the stream."""
    stream = stream.ljust(max(len(stream), 4096), b"\0")
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Book", 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + entries.ljust(512, b"\0") + stream


def entry(name, kind, child, start, size):
    letters = (name + "\0").encode("utf-16-le")
    free = 0xFFFFFFFF
    head = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters), kind, 1, free, free, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


@pytest.fixture
def put(tmp_path):
    def write(content, name):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_an_old_workbook_without_a_code_page_reads_in_its_letters(put):
    page = gather(put(contained(old_workbook(NAMES)), "a.xls")).sheets[0]
    assert page.rows == [(1, ["Клиент", "Сумма"]), (2, ["Рога и копыта", 1500.5]), (3, ["Тюменская практика", 20000])]


def test_two_readers_that_agree_say_so(put):
    content = tables.workbook({"a": [["name", "sum"], ["Kos", 10.5], ["Lis", 20]]})
    assert compare(put(content, "a.xlsx"), Limits()).code == "agree"
    assert compare(put(contained(old_workbook(NAMES)), "a.xls"), Limits()).code == "agree"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"name;sum\nKos;1\n", "a.csv", "text"),
        (b"PK\x03\x04 and nothing more", "a.xlsx", "unreadable"),
        (
            changed(tables.workbook({"a": [["name"]]}), SHEET, lambda text: text + " " * 13_000_000),
            "b.xlsx",
            "unreadable",
        ),
    ],
)
def test_what_cannot_be_compared_is_not_and_says_why(put, content, name, code):
    assert compare(put(content, name), Limits()).code == code


def test_a_comparison_that_takes_too_long_is_given_up(put):
    rows = [["name", *range(14)]] * 3000
    found = compare(put(tables.workbook({"a": rows}), "a.xlsx"), Limits(cpu_seconds=0, wall_seconds=0))
    assert (found.code, found.differences) == ("slow", [])


TOLD = [{"sheet": "clients", "column": "B", "filled": [2, 2], "sum": [30.5, 88000.0]}]


@pytest.fixture
def unsure(db, clock, cast, monkeypatch):
    """An import of which a second reader says something else."""
    from migrations_data.reading.comparing import Compared
    from migrations_data.services import staging

    monkeypatch.setattr(staging, "compare", lambda path, limits: Compared("differ", TOLD))
    content = tables.workbook({"clients": [["company", "revenue"], ["Kos", 10.5], ["Lis", 20]]})
    return tables.upload(cast.admin, clock.now, {"clients.xlsx": content})


def test_nothing_is_tried_or_run_before_somebody_accepted(unsure, clock, cast):
    file = unsure.files.get()
    assert (unsure.status, file.compared, file.differences) == (Status.READ, "differ", TOLD)
    for ask in (imports.preview, imports.run):
        with pytest.raises(NotAccepted):
            ask(of=unsure, by=cast.admin, at=clock.now, background=False)
    accepted = differences.accept(file=file, by=cast.admin, at=clock.now)
    assert differences.accept(file=file, by=cast.admin, at=clock.now).accepted_at == accepted.accepted_at == clock.now
    assert not differences.waiting(unsure).exists()


def test_the_page_shows_both_figures_and_accepts(unsure, clock, cast, sign_in):
    window = sign_in(cast.admin)
    url = reverse("migrations_data:import-differences", args=[unsure.pk])
    assert window.get(reverse("migrations_data:import", args=[unsure.pk])).url == url
    shown = window.get(url).content.decode()
    assert "clients.xlsx" in shown
    assert "88" in shown
    assert window.post(url, {"file": unsure.files.get().pk}).url == reverse("migrations_data:import", args=[unsure.pk])
    assert unsure.files.get().accepted_by == cast.admin
    assert window.get(url).url == reverse("migrations_data:import", args=[unsure.pk])


def test_the_page_takes_the_same_statements_for_many_files(unsure, clock, cast, sign_in):
    window = sign_in(cast.admin)
    url = reverse("migrations_data:import-differences", args=[unsure.pk])
    assert_budget(window, url, 14, lambda: _more(unsure))


def _more(unsure):
    for n in range(3):
        ImportFile.objects.create(of_import=unsure, name=f"{n}.xls", size=1, sha256=str(n), differences=TOLD * 9)


def test_the_command_refuses_until_it_is_told_to_accept(put, monkeypatch, cast, clock):
    from migrations_data.reading.comparing import Compared
    from migrations_data.services import staging

    monkeypatch.setattr(staging, "compare", lambda path, limits: Compared("differ", TOLD))
    path = str(
        put(tables.workbook({"clients": [["company", "city"], ["Kos", "Leeds"], ["Lis", "York"]]}), "clients.xlsx")
    )
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_workbook", path, "--json", stdout=out)
    assert (ended.value.code, json.loads(out.getvalue())["ok"]) == (2, False)
    assert "--accept-differences" in json.loads(out.getvalue())["error"]
    assert not ImportRow.objects.exclude(outcome="").exists()


def test_the_first_reader_gives_way_where_it_lost_cells(clock, cast, db, monkeypatch):
    from migrations_data.reading.comparing import Compared
    from migrations_data.services import staging

    read_by = []
    monkeypatch.setattr(staging, "compare", lambda path, limits: Compared("differ", TOLD, lost=True))
    monkeypatch.setattr(staging, "read", _noting(staging.read, read_by))
    content = tables.workbook({"clients": [["company", "revenue"], ["Kos", 10.5]]})
    made = tables.upload(cast.admin, clock.now, {"clients.xlsx": content})
    assert (made.status, read_by) == (Status.READ, ["", "second"])
    rows = ImportRow.objects.filter(sheet=ImportSheet.objects.get()).order_by("number")
    assert list(rows.values_list("cells", flat=True)) == [["company", "revenue"], ["Kos", 10.5]]


def _noting(read, read_by):
    def noted(path, limits=None, *, reader=""):
        read_by.append(reader)
        return read(path, limits, reader=reader)

    return noted
