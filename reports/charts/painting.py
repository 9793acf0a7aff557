"""How shapes become markup: with classes on a page, where style sheets and themes reach them; with plain colours everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from reports.charts import palette
from reports.charts.drawing import Drawing, Shape, number

Paint = Callable[[Shape], str]
MARGIN = 14.0


def for_page(drawing: Drawing, label: str, classes: str) -> SafeString:
    """For a page: classes only. What leads nowhere is silent for listeners; the label and the names of the links speak."""
    linked = any(shape.href for shape in drawing.shapes)
    parts = []
    for speaks, shapes in groupby(drawing.shapes, key=lambda shape: bool(shape.href)):
        inner = "".join(_page(shape) for shape in shapes)
        parts.append(inner if speaks or not linked else f'<g aria-hidden="true">{inner}</g>')
    return mark_safe(  # noqa: S308 - every word went through escape()
        f'<svg class="{escape(classes)}" viewBox="0 0 {number(drawing.width)} {number(drawing.height)}" '
        f'role="{"group" if linked else "img"}" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def alone(drawing: Drawing, label: str, theme: str, *, ground: bool = False) -> str:
    """For paper and pictures: attributes only, nothing to click, and a ground with a margin where asked for."""
    colours, margin = palette.THEMES[theme], MARGIN if ground else 0.0
    wide, high = number(drawing.width + 2 * margin), number(drawing.height + 2 * margin)
    box = f"{number(-margin)} {number(-margin)} {wide} {high}"
    under = f'<rect x="{number(-margin)}" y="{number(-margin)}" width="{wide}" height="{high}" fill="{colours["surface"]}"/>'
    inner = "".join(_alone(shape, colours) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="{box}" '
        f'font-family="Inter, sans-serif" font-size="12"><title>{escape(label)}</title>{under if ground else ""}{inner}</svg>'
    )


def _page(shape: Shape) -> str:
    if shape.tag in {"a", "g"}:
        name = escape(shape.name)
        named = f'<a class="c-chart__link" href="{escape(shape.href)}" aria-label="{name}">' if shape.href else "<g>"
        return f"{named}<title>{name}</title>{_all(shape.inside, _page)}</{shape.tag}>"
    tone = f" c-chart--{shape.tone}" if shape.tone else ""
    return _element(shape, f' class="c-chart__{shape.part}{tone}"')


def _alone(shape: Shape, colours: dict[str, str]) -> str:
    if shape.tag in {"a", "g"}:
        return _all(shape.inside, lambda one: _alone(one, colours))
    paint = palette.paint(shape.part, shape.tone, colours)
    if paint is None:
        return ""
    return _element(shape, "".join(f' {key}="{value}"' for key, value in paint.items()))


def _element(shape: Shape, painted: str) -> str:
    at = "".join(f' {key}="{number(value)}"' for key, value in shape.at.items())
    return f"<{shape.tag}{painted}{at}>{escape(shape.words)}</text>" if shape.words else f"<{shape.tag}{painted}{at}/>"


def _all(shapes: Iterable[Shape], paint: Paint) -> str:
    return "".join(paint(shape) for shape in shapes)
