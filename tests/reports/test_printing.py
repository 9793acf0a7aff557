"""Reports on paper: every word is there and is only a word, tables are whole, wide ones lie across."""

from __future__ import annotations

import pytest
from django.utils import translation

from config import frontend
from reports import charts, printing
from reports.charts import Point, Series
from reports.printing import Document, Figure, Figures, Grid, Heading, Text
from reports.typesetting import FONTS
from tests.reports import paper

PEOPLE = ("Ewa Nowak", "Łukasz Wójcik", "Иван Петров", "José Núñez")
PROGRAM = '#panic("run") *bold* $x$ @ref <label> \\ "quoted" #{1+1} #read("/etc/passwd") //'


def document(
    *blocks: printing.Block, title: str = "Morning", subtitle: str = "Marta Ruiz · 22 Nov 2026, 06:00"
) -> Document:
    return Document(title=title, subtitle=subtitle, blocks=blocks)


def grid(rows: int, columns: int = 4) -> Grid:
    return Grid(
        headings=["Person", *(f"Column {column}" for column in range(1, columns))],
        rows=[[PEOPLE[row % 4], *(f"{row}·{column}" for column in range(1, columns))] for row in range(rows)],
        numbers=range(1, columns),
        total=["All of them", *["99"] * (columns - 1)],
    )


def calls() -> charts.Chart:
    points = [Point(label=name, value=index, shown=f"{index}", href="/behind/") for index, name in enumerate(PEOPLE)]
    return charts.bars(title="Звонки по людям", says="Шесть звонков.", series=[Series(name="Calls", points=points)])


def test_the_words_of_every_block_are_on_the_paper_in_four_languages() -> None:
    figures = Figures(figures=[Figure(label="Won", value="€293\u202f000", note="+5 to plan", tone="good"), Figure(label="Plan", value="85 %")])  # fmt: skip
    made = printing.pdf(
        document(figures, Heading(text="Zażółć gęślą jaźń"), Text(text="¿Qué cambió?"), calls(), grid(3))
    )
    (page,) = paper.texts(made)
    lines = page.split("\n")
    for words in ("Morning", "Marta Ruiz · 22 Nov 2026, 06:00", "Won", "€293\u202f000", "+5 to plan", "Zażółć gęślą jaźń",
                  "¿Qué cambió?", "Звонки по людям", "Шесть звонков.", *PEOPLE[:3], "2·3", "All of them"):  # fmt: skip
        assert words in lines
    assert "".join(lines).count("José Núñez") == 1  # in the chart, where letters stand one by one
    assert paper.fonts(made) == {"Inter-Regular", "Inter-SemiBold"}


def test_words_of_people_are_never_run() -> None:
    point = Point(label=PROGRAM, value=1, shown=PROGRAM)
    chart = charts.bars(title=PROGRAM, says=PROGRAM, series=[Series(name=PROGRAM, points=[point])])
    blocks = (
        Heading(text=PROGRAM),
        Text(text=PROGRAM),
        Figures(figures=[Figure(label="x", value="1", note=PROGRAM)]),
        chart,
    )
    table = Grid(headings=["A", PROGRAM], rows=[["b", PROGRAM]], total=["", PROGRAM], title=PROGRAM)
    made = printing.pdf(document(*blocks, table, title=PROGRAM, subtitle=PROGRAM))
    text = "".join(paper.texts(made)).replace("\n", "").replace(" ", "")
    assert text.count('#panic("run")*bold*$x$@ref<label>\\"quoted"#{1+1}#read("/etc/passwd")//') >= 10


def test_a_long_table_is_whole_and_repeats_its_head_on_each_page() -> None:
    pages = paper.texts(printing.pdf(document(grid(120))))
    assert len(pages) >= 3
    assert all("Column 1" in page for page in pages)
    rows = [line for page in pages for line in page.split("\n") if line.endswith("·3")]
    assert rows == [f"{row}·3" for row in range(120)]
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1)] == [True] * len(
        pages
    )


def test_a_table_that_nobody_would_read_on_paper_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_CELLS", 40)
    page = paper.texts(printing.pdf(document(grid(13))))[0].split("\n")
    assert [line for line in page if line.endswith("·3")] == [f"{row}·3" for row in range(10)]
    assert "3 more rows are in the Excel file." in page
    assert "All of them" in page


@pytest.mark.parametrize(("columns", "across"), [(8, False), (9, True), (33, True)])
def test_a_wide_table_lies_across(columns: int, across: bool) -> None:
    made = printing.pdf(document(grid(5, columns)))
    assert {wide > high for wide, high in paper.sizes(made)} == {across}
    assert f"4·{columns - 1}" in paper.texts(made)[0].split("\n")


def test_what_was_missed_is_marked_without_its_colour() -> None:
    cells = [Point(label="", value=3, shown="3", tone="bad"), Point(label="", value=4, shown="4", tone="watch"), Point(label="", value=5, shown="5", tone="good")]  # fmt: skip
    (page,) = paper.texts(printing.pdf(document(Grid(headings=["A", "B", "C"], rows=[cells]))))
    assert [word in page.split("\n") for word in ("× 3", "! 4", "5")] == [True, True, True]


def test_the_paper_speaks_the_language_that_is_active() -> None:
    with translation.override("pl"):
        made = printing.pdf(document(Text(text="Cześć")))
    assert b"/Lang(pl)" in made.replace(b" ", b"")


def test_the_table_behind_a_chart_can_be_printed_with_it() -> None:
    chart = calls()
    behind = printing.behind(chart)
    lines = paper.texts(printing.pdf(document(chart, behind)))[0].split("\n")
    for name, said in zip(PEOPLE, "0123", strict=True):
        assert said in lines[lines.index(name) :]


def test_it_is_served_as_a_download_that_nothing_keeps() -> None:
    response = printing.served(document(Text(text="Hello"), title="Morning of Łódź"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert "filename*=utf-8''Morning%20of%20%C5%81%C3%B3d%C5%BA.pdf" in response["Content-Disposition"]
    assert b"".join(response).startswith(b"%PDF-")  # type: ignore[arg-type]


def test_the_fonts_of_paper_are_those_that_are_picked() -> None:
    picked = {name.rpartition("/")[2] for name in frontend.PICKED.values() if name.endswith(".ttf")}
    assert {path.name for path in FONTS.glob("*.ttf")} == picked
    assert FONTS == frontend.VENDOR / "fonts"
