"""A line through the days: how something went, beside its plan and what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from reports.charts import frame
from reports.charts.chart import Chart, nothing, rows_by_label
from reports.charts.drawing import Drawing, Shape, fitted, link, marker, path, text, through, width
from reports.charts.drawing import line as straight
from reports.charts.frame import Axis, Frame
from reports.charts.points import Point, Series
from reports.charts.scale import short

Place = tuple[float, float]
MOST_DOTS = {True: 16, False: 32}
"""Up to so many points each has its dot (narrow, or not); above it only the last one and those that are pointed at."""


def line(*, title: str, series: Sequence[Series], says: str, axis: Axis = short, labels: str = "") -> Chart:
    """Lines over time. `axis` formats the round numbers at the side, `labels` heads the first column of the table."""
    heads, rows = rows_by_label(series, labels or title)
    return Chart(
        kind="line", title=title, says=says, headings=heads, rows=rows, draw=partial(_draw, tuple(series), axis)
    )


def _draw(series: Sequence[Series], axis: Axis, wide: float) -> Drawing:
    if not any(one.known for one in series):
        return nothing(wide)
    narrow, many = wide <= 400, len(series) > 1
    above: list[Shape] = []
    top = 22.0
    if many and (narrow or len(series) > 6):
        above, used = frame.legend(
            series, wide, lines=True, said=[end[1].shown if (end := _end(one)) else "" for one in series]
        )
        top += used
    beside = _beside(series, wide) if many and not above else 14.0
    around = frame.framed(series, axis, wide=wide, top=top, height=150 if narrow else 196, right=beside, cropped=True)
    xs, slot = _places(series, around)
    shapes = [*above, *around.shapes]
    shapes += frame.below(frame.labels(series), xs, slot, around.bottom + 16, (0.0, wide), time=True)
    for one, (tone, _stripes) in reversed(list(zip(series, frame.colours(series), strict=True))):
        shapes += _line(one, tone, xs, around, filled=one is _main(series))
    shapes += _dots(series, xs, around, narrow=narrow)
    shapes += _ends(series, xs, around, wide) if many and not above else [] if many else _last(series[0], xs, around)
    return Drawing(wide, around.bottom + frame.depth(frame.labels(series), slot, time=True), tuple(shapes))


def _main(series: Sequence[Series]) -> Series | None:
    """The one that is filled below: where several lines tell a story, none is."""
    own = [one for one in series if not one.dashed and not one.soft]
    return own[0] if len(own) == 1 else None


def _places(series: Sequence[Series], around: Frame) -> tuple[list[float], float]:
    count = max(len(one.points) for one in series)
    room = around.right - around.left - 8
    if count == 1:
        return [around.left + room / 2], room
    slot = room / (count - 1)
    return [around.left + 4 + index * slot for index in range(count)], slot


def _runs(series: Series, xs: Sequence[float], around: Frame) -> list[list[Place]]:
    """Stretches without a gap."""
    found: list[list[Place]] = [[]]
    for x, point in zip(xs, series.points, strict=False):
        if point.value is None:
            found.append([])
        else:
            found[-1].append((x, around.up.at(float(point.value))))
    return [run for run in found if run]


def _line(series: Series, tone: str, xs: Sequence[float], around: Frame, *, filled: bool) -> list[Shape]:
    shapes = []
    for run in _runs(series, xs, around):
        if len(run) == 1:
            continue
        if filled and around.up.low <= 0:
            zero = around.up.zero
            shapes.append(path("area", through([*run, (run[-1][0], zero), (run[0][0], zero)]) + "Z", tone=tone))
        shapes.append(path("line", through(run), tone=tone))
    return shapes


def _dots(series: Sequence[Series], xs: Sequence[float], around: Frame, *, narrow: bool) -> list[Shape]:
    shapes = []
    for turn, (one, (tone, _stripes)) in enumerate(zip(series, frame.colours(series), strict=True)):
        known = [index for index, point in enumerate(one.points) if point.value is not None]
        shown = _shown(one, known, every=len(one.points) <= MOST_DOTS[narrow] and not (one.dashed or one.soft))
        for index in known:
            point = one.points[index]
            x, y = xs[index], around.up.at(frame.size(point.value))
            seen = index in shown or bool(point.tone)
            big = known and index == known[-1] and not one.dashed and not one.soft
            dot = marker("dot" if seen else "quiet", turn, x, y, 4.5 if big else 3.2, tone=point.tone or tone)
            hit = Shape("circle", "hit", at={"cx": x, "cy": y, "r": 9.0})
            shapes.append(link(point.href, frame.named(one, point, alone=len(series) == 1), hit, dot))
    return shapes


def _shown(series: Series, known: Sequence[int], *, every: bool) -> set[int]:
    """Which points have their dot: all of a short line, the last one, and those that no line would show."""
    if every:
        return set(known)
    there = set(known)
    lonely = {index for index in known if index - 1 not in there and index + 1 not in there}
    return lonely if series.dashed or series.soft else lonely | set(known[-1:])


def _end(series: Series) -> tuple[int, Point] | None:
    known = [(index, point) for index, point in enumerate(series.points) if point.value is not None]
    return known[-1] if known else None


def _last(series: Series, xs: Sequence[float], around: Frame) -> list[Shape]:
    """The newest value of a line that is alone, where the line does not run."""
    end = _end(series)
    if end is None:
        return []
    index, point = end
    before = next((float(p.value) for p in reversed(series.points[:index]) if p.value is not None), 0.0)
    x, y = xs[index], around.up.at(frame.size(point.value))
    falls = before > frame.size(point.value) and y + 20 < around.bottom
    half = width(point.shown, bold=True) / 2
    x = max(min(x, around.right + 12 - half), around.left + half)
    return [text("value", x, y + 20 if falls else y - 11, point.shown, anchor="middle")]


def _beside(series: Sequence[Series], wide: float) -> float:
    """How much room the names of the lines that go to the very end need."""
    needed = [width(one.name) for one in series] + [width(end.shown, bold=True) for end in _at_the_end(series).values()]
    return min(max(needed, default=0.0) + 26, wide * 0.28) if _at_the_end(series) else 14.0


def _at_the_end(series: Sequence[Series]) -> dict[int, Point]:
    """The last points of the lines that go on to the last place, by the turn of their series."""
    last = max(len(one.points) for one in series) - 1
    ends = {turn: _end(one) for turn, one in enumerate(series)}
    return {turn: end[1] for turn, end in ends.items() if end and end[0] == last}


def _ends(series: Sequence[Series], xs: Sequence[float], around: Frame, wide: float) -> list[Shape]:
    """Value and name of each line at its end; beside the drawing they are moved apart where they would touch."""
    beside = _at_the_end(series)
    shapes = []
    for turn, one in enumerate(series):
        if turn not in beside:
            shapes += _early(one, xs, around)
    wanted = sorted(beside.items(), key=lambda pair: around.up.at(frame.size(pair[1].value)))
    high = 29.0 if len(wanted) <= 5 else 15.0
    ys = apart([around.up.at(frame.size(point.value)) for _turn, point in wanted], high, around.top, around.bottom)
    tones = frame.colours(series)
    for (turn, point), y in zip(wanted, ys, strict=True):
        one, x = series[turn], around.right + 20
        shapes.append(_key(one, turn, x - 9, y - 6 if high > 15 else y, tones[turn][0]))
        if high > 15:
            shapes += _named(one, point, x, y, wide)
        else:
            shapes.append(text("name", x, y + 4, fitted(one.name, wide - x)))
    return shapes


def _early(series: Series, xs: Sequence[float], around: Frame) -> list[Shape]:
    """Name and value of a line that ends before the others: above its end where it rose, after it where it fell."""
    end = _end(series)
    if end is None:
        return []
    index, point = end
    x, y = xs[index], around.up.at(frame.size(point.value))
    value, name = width(point.shown, bold=True), width(series.name) + 5
    rose = all(frame.size(before.value) <= frame.size(point.value) for before in series.points[:index])
    left = max(x + 4 - value - name, around.left) if rose else x + 10
    y = y - 12 if rose else y + 4
    return [text("name", left, y, series.name), text("value", left + name, y, point.shown)]


def _key(series: Series, turn: int, x: float, y: float, tone: str) -> Shape:
    """What tells a line from the others, beside its name."""
    if series.dashed or series.soft:
        return straight("line", x - 5, y, x + 4, y, tone=tone)
    return marker("dot", turn, x, y, 3.6, tone=tone)


def _named(series: Series, point: Point, x: float, y: float, edge: float) -> list[Shape]:
    return [
        text("value", x, y - 2, fitted(point.shown, max(edge - x, 40), bold=True)),
        text("name", x, y + 12, fitted(series.name, max(edge - x, 40))),
    ]


def apart(wanted: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Places near those wanted (rising), at least so far from each other and, if it can be, between top and bottom."""
    places = list(wanted)
    for index, (before, here) in enumerate(pairwise(wanted), start=1):
        places[index] = max(here, places[index - 1] + least, before + least)
    over = places[-1] - bottom if places else 0.0
    if over > 0:
        limit = bottom
        for index in range(len(places) - 1, -1, -1):
            places[index] = min(places[index], limit)
            limit = places[index] - least
    return [max(place, top + index * least) if places[0] < top else place for index, place in enumerate(places)]
