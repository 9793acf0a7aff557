"""Charts: lengths are true, links lead to the records, listeners hear the numbers, and the table behind says the same."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reports import charts
from reports.charts import Chart, Point, Series, palette
from reports.charts.drawing import fitted, width, wrapped
from reports.charts.heat import level
from reports.charts.lines import apart
from reports.charts.scale import scale
from reports.views import gallery_charts

KINDS = (charts.line, charts.columns, charts.bars, charts.funnel, charts.heat)
NASTY = "<script>alert(\"1\")</script> & 'co'"
VALUES = st.lists(st.none() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6), max_size=45)


def series(*values: float | None, name: str = "Calls", href: str = "/behind/{}/", **more: object) -> Series:
    points = [
        Point(label=f"Day {index}", value=value, shown="—" if value is None else f"{value:g}", href=href.format(index))
        for index, value in enumerate(values)
    ]
    return Series(name=name, points=points, **more)  # type: ignore[arg-type]


def drawn(chart: Chart, narrow: bool = False) -> Element:
    return fromstring(chart.svg_narrow if narrow else chart.svg)


def parts(root: Element, part: str) -> list[Element]:
    """Shapes of a part, in the order of drawing."""
    return [one for one in root.iter() if f"c-chart__{part}" in one.get("class", "").split()]


def figures(root: Element, part: str, key: str) -> list[float]:
    return [float(one.get(key, "nan")) for one in parts(root, part)]


# --- Lengths ----------------------------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_values() -> None:
    lengths = figures(drawn(charts.bars(title="T", says="", series=[series(100, 50, 25, 0)])), "bar", "width")
    assert lengths[0] == max(lengths) > 200
    assert [round(length / lengths[0], 2) for length in lengths] == [1.0, 0.5, 0.25, 0.0]


def test_a_bar_of_a_part_is_measured_by_the_whole() -> None:
    root = drawn(charts.bars(title="T", says="", series=[series(40, 80)], full=100))
    room = figures(root, "track", "width")[0]
    assert [round(length / room, 2) for length in figures(root, "bar", "width")] == [0.4, 0.8]


def test_bars_below_zero_run_the_other_way_from_the_same_line() -> None:
    root = drawn(charts.bars(title="T", says="", series=[series(30, -10)]))
    (up, down), (long, short) = figures(root, "bar", "x"), figures(root, "bar", "width")
    assert down + short == pytest.approx(up, abs=0.2)
    assert long == pytest.approx(3 * short, abs=0.5)


@pytest.mark.parametrize("narrow", [False, True])
def test_columns_are_as_high_as_their_values_and_stand_on_zero(narrow: bool) -> None:
    root = drawn(charts.columns(title="T", says="", series=[series(10, 20, None, 40)]), narrow)
    heights, tops = figures(root, "bar", "height"), figures(root, "bar", "y")
    assert [round(height / heights[-1], 2) for height in heights] == [0.25, 0.5, 1.0]
    assert {round(top + height) for top, height in zip(tops, heights, strict=True)} == {round(tops[0] + heights[0])}


def test_a_plan_across_a_column_stands_at_its_value() -> None:
    root = drawn(charts.columns(title="T", says="", series=[series(10, 40), series(40, 40, name="Plan", dashed=True)]))
    level_of_plan = float(re.match(r"M[\d.]+ ([\d.]+)", parts(root, "plan")[0].get("d", "")).group(1))  # type: ignore[union-attr]
    assert level_of_plan == pytest.approx(figures(root, "bar", "y")[-1], abs=0.2)


def test_points_of_a_line_stand_at_their_values_and_a_gap_parts_it() -> None:
    root = drawn(charts.line(title="T", says="", series=[series(0, 50, 100, None, 25, 75)]))
    ys = figures(root, "dot", "cy")
    room = ys[0] - ys[2]
    assert [round((ys[0] - y) / room, 2) for y in ys] == [0.0, 0.5, 1.0, 0.25, 0.75]
    assert len(parts(root, "line")) == 2
    xs = figures(root, "dot", "cx")
    assert xs[3] - xs[2] == pytest.approx(2 * (xs[1] - xs[0]), abs=0.2)


def test_stages_of_a_funnel_stand_in_the_middle_and_are_as_wide_as_their_values() -> None:
    root = drawn(charts.funnel(title="T", says="", series=[series(200, 100, 50)]))
    xs, widths = figures(root, "bar", "x"), figures(root, "bar", "width")
    assert [round(wide / widths[0], 2) for wide in widths] == [1.0, 0.5, 0.25]
    assert len({round(x + wide / 2) for x, wide in zip(xs, widths, strict=True)}) == 1
    assert [one.text for one in parts(root, "note")] == ["↓ 50\u202f%", "↓ 50\u202f%"]


def test_cells_grow_darker_with_their_values() -> None:
    root = drawn(charts.heat(title="T", says="", series=[series(0, 1, 25, 50, 75, 100)]))
    shades = [one.get("class", "").rpartition("-")[2] for one in parts(root, "cell")]
    assert shades == ["0", "1", "2", "3", "4", "5"]
    assert [level(value, -10, 10) for value in (-10, -4, 4, 10)] == [1, 2, 4, 5]


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=9))
def test_ticks_are_round_whole_and_around_all_values(values: list[int]) -> None:
    made = scale(values, 0, 100)
    assert made.low <= min(0, *values)
    assert made.high >= max(0, *values)
    assert len(made.ticks) <= 7
    assert all(tick == int(tick) for tick in made.ticks)
    if len(made.ticks) > 1:
        step = made.ticks[1] - made.ticks[0]
        assert str(step).replace(".", "").rstrip("0").lstrip("0") in {"1", "2", "25", "5"}


def test_a_line_high_above_zero_may_leave_zero_out_and_a_bar_may_not() -> None:
    assert scale([92, 96], 0, 100, cropped=True).low > 80
    assert scale([92, 96], 0, 100).low == 0


@hypothesis_settings(max_examples=40, deadline=None)
@given(VALUES, st.sampled_from(KINDS), st.sampled_from([320, 560, 1040]))
def test_whatever_comes_stays_on_the_sheet(values: list[float | None], kind: Callable[..., Chart], wide: int) -> None:
    chart = kind(title="T", says="", series=[series(*values), series(*values[::-1], name="Other", soft=True)])
    drawing = chart.draw(wide)
    for shape in [inner for outer in drawing.shapes for inner in (outer.inside or (outer,))]:
        numbers = {key: value for key, value in shape.at.items() if isinstance(value, float)}
        assert all(value == value for value in numbers.values())  # no NaN
        x, y = numbers.get("x", numbers.get("cx", 0)), numbers.get("y", numbers.get("cy", 0))
        assert -3 <= x <= x + numbers.get("width", 0) <= wide + 3, shape
        assert -3 <= y <= y + numbers.get("height", 0) <= drawing.height + 3, shape


# --- Links and words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("narrow", [False, True])
def test_every_value_with_an_address_is_a_link_with_a_name(kind: Callable[..., Chart], narrow: bool) -> None:
    root = drawn(kind(title="Calls by day", says="Seven calls.", series=[series(3, 4, 5)]), narrow)
    links = [one for one in root.iter() if one.tag == "a"]
    assert [link.get("href") for link in links] == ["/behind/0/", "/behind/1/", "/behind/2/"]
    assert all(f"Day {index}: {index + 3}" in link.get("aria-label", "") for index, link in enumerate(links))
    assert all(link.find("title") is not None and parts(link, "hit") for link in links)
    assert root.get("role") == "group"


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_without_addresses_is_one_picture_that_says_its_numbers(kind: Callable[..., Chart]) -> None:
    root = drawn(kind(title="Calls by day", says="Two days.", series=[series(31, 47, href="")]))
    assert root.get("role") == "img"
    assert [one for one in root.iter() if one.tag == "a"] == []
    label = root.get("aria-label", "")
    assert label.startswith("Calls by day. Two days.")
    assert all(said in label for said in ("31", "47"))


@pytest.mark.parametrize("kind", KINDS)
def test_words_and_addresses_of_people_are_text_and_never_markup(kind: Callable[..., Chart]) -> None:
    point = Point(label=NASTY, value=5, shown=NASTY, href='/deals/?q="><script>&x=1')
    chart = kind(title=NASTY, says=NASTY, series=[Series(name=NASTY, points=[point, point])])
    page = render_to_string("components/chart.html", {"chart": chart, "wide": True})
    for markup in (page, chart.svg, chart.standalone()):
        assert "<script" not in markup
        assert "&amp; &#x27;co" in markup
    assert 'href="/deals/?q=&quot;&gt;&lt;script&gt;&amp;x=1"' in chart.svg
    hrefs = {link.get("href") for link in drawn(chart).iter() if link.tag == "a"}
    assert hrefs == {point.href}
    fromstring(chart.standalone())


def test_a_tone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="Choose one of"):
        Point(label="x", value=1, shown="1", tone='bad" onload="x')


def test_the_table_behind_has_every_point_of_the_chart() -> None:
    one, plan = series(3, 4, 5), series(5, 5, 5, 5, name="Plan", dashed=True)
    for kind in (charts.line, charts.columns, charts.bars):
        chart = kind(title="T", says="", series=[one, plan], labels="Day")
        assert chart.headings == ["Day", "Calls", "Plan"]
        assert [row[0].shown for row in chart.rows] == ["Day 0", "Day 1", "Day 2", "Day 3"]
        assert [row[1] for row in chart.rows[:3]] == list(one.points)
        assert sum(row[1].value or 0 for row in chart.rows) == 12
        assert sum(row[2].value or 0 for row in chart.rows) == 20
        assert chart.rows[3][1].shown == "—"
    heat = charts.heat(title="T", says="", series=[one, plan])
    assert [[cell.value for cell in row[1:]] for row in heat.rows] == [[3, 4, 5], [5, 5, 5, 5]]
    funnel = charts.funnel(title="T", says="", series=[series(8, 4, 0, 2)])
    assert [row[2].shown for row in funnel.rows] == ["—", "50\u202f%", "0\u202f%", "—"]


def test_the_page_shows_sentence_drawings_and_table_with_the_same_links() -> None:
    chart = charts.bars(title="Calls by day", says="Seven calls in two days.", series=[series(3, 4)], labels="Day")
    page = render_to_string("components/chart.html", {"chart": chart})
    assert '<figcaption class="c-chart__says">Seven calls in two days.</figcaption>' in page
    assert page.count("<svg ") == 2
    table = page[page.index("<table") :]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', table) == [("/behind/0/", "3"), ("/behind/1/", "4")]
    assert render_to_string("components/chart.html", {"chart": chart, "wide": True}).count("<svg ") == 3
    assert re.findall(r"\son\w+=|\sstyle=", page) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [[], [series()], [series(None, None)]])
def test_nothing_is_said_in_words_and_has_no_table(kind: Callable[..., Chart], given: list[Series]) -> None:
    chart = kind(title="Calls", says="", series=given)
    assert "Nothing to show here yet." in chart.svg
    assert "<table" not in render_to_string("components/chart.html", {"chart": chart})


# --- Without colours --------------------------------------------------------------------------------------------------


def test_what_is_bad_has_a_pattern_and_so_has_each_further_series() -> None:
    bad = Series(
        name="Kept", points=[Point(label="a", value=1, shown="1", tone="bad"), Point(label="b", value=2, shown="2")]
    )
    for kind in (charts.bars, charts.columns):
        assert len(parts(drawn(kind(title="T", says="", series=[bad])), "dense")) == 1
        two = drawn(kind(title="T", says="", series=[series(1, 2), series(2, 1, name="Other")]))
        assert len(parts(two, "sparse")) == 3  # two bars and the one beside the name
    marked = drawn(charts.heat(title="T", says="", series=[bad]))
    assert len(parts(marked, "mark")) == 1


def test_lines_differ_by_their_marks_and_a_plan_is_dashed() -> None:
    root = drawn(charts.line(title="T", says="", series=[series(1, 2), series(2, 1, name="Other"), series(3, 3, name="Plan", dashed=True)]))  # fmt: skip
    assert {one.tag for one in parts(root, "dot")} == {"circle", "path"}
    plan = next(one for one in parts(root, "line") if "c-chart--plan" in one.get("class", ""))
    assert plan is not None
    paper = charts.line(title="T", says="", series=[series(3, 3, dashed=True)]).standalone()
    assert 'stroke-dasharray="4 4"' in paper


# --- Themes, files, letters -------------------------------------------------------------------------------------------


def _tokens() -> dict[str, tuple[str, str]]:
    text = Path(settings.BASE_DIR, "static", "css", "tokens.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", text)
    return {name: (light or both, dark or both) for name, light, dark, both in pairs}


def _full(colour: str) -> str:
    return "#" + "".join(letter * 2 for letter in colour[1:]) if len(colour) == 4 else colour


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1)])
def test_pictures_have_the_colours_of_the_pages(theme: str, place: int) -> None:
    tokens = _tokens()
    assert {name: _full(tokens[name][place]) for name in palette.THEMES[theme]} == palette.THEMES[theme]


def test_the_style_sheet_knows_every_part_and_tone_that_is_drawn() -> None:
    sheet = Path(settings.BASE_DIR, "static", "css", "charts.css").read_text(encoding="utf-8")
    drawings = [
        svg for chart in [*gallery_charts.samples(), *gallery_charts.hard()] for svg in (chart.svg, chart.svg_narrow)
    ]
    used = {name for svg in drawings for names in re.findall(r'class="([^"]+)"', svg) for name in names.split()}
    assert len(used) > 25
    assert sorted(name for name in used if f".{name}" not in sheet) == []


def test_a_file_has_no_classes_and_no_links_and_needs_nothing_else() -> None:
    for chart in [*gallery_charts.samples(), *gallery_charts.hard()]:
        for theme in ("light", "dark"):
            root = fromstring(chart.standalone(theme))
            assert not [one for one in root.iter() if one.get("class") or one.get("href") or one.tag.endswith("}a")]


def test_a_picture_is_a_png_of_the_size_asked_for() -> None:
    chart = charts.columns(title="Звонки", says="", series=[series(3, 4)])
    made = chart.png(scale=2, theme="dark")
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", made[16:24])
    assert (wide, high) == (2 * (560 + 28), 2 * (round(chart.draw(560).height) + 28))
    assert chart.png(scale=1) != made


@given(st.text(alphabet="aбŁWil. 40…", min_size=1, max_size=60), st.floats(20, 200))
def test_words_are_cut_to_their_room(words: str, room: float) -> None:
    assert width(fitted(words, room)) <= room or fitted(words, room) == "…"
    assert len(wrapped(words, room)) <= 2


@given(st.lists(st.floats(10, 200), min_size=1, max_size=6))
def test_names_beside_lines_do_not_touch(wanted: list[float]) -> None:
    places = apart(sorted(wanted), 29, 10, 200)
    assert all(later - earlier >= 28.9 for earlier, later in pairwise(places))
    assert places[-1] <= 200.01
