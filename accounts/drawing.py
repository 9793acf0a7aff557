"""Small drawings made on the server: rings, sparklines. Plain SVG, no script, readable by people who listen."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from django.utils.html import format_html
from django.utils.safestring import SafeString

RING_RADIUS = 54
RING_LENGTH = 2 * pi * RING_RADIUS
SPARK_WIDTH = 100.0
SPARK_HEIGHT = 28.0
SPARK_MARGIN = 3.0  # so that the end dot and the stroke stay inside

Value = float | int | None


def share(value: Value, of: Value) -> float:
    """`value` as a part of `of`, held between 0 and 1."""
    if not value or not of:
        return 0.0
    return max(0.0, min(1.0, float(value) / float(of)))


def ring_svg(part: float) -> SafeString:
    """A ring filled clockwise from the top by `part` (0..1)."""
    filled = RING_LENGTH * part
    value = format_html(
        '<circle class="c-ring__value" cx="64" cy="64" r="{r}" stroke-dasharray="{filled} {length}" transform="rotate(-90 64 64)"/>',
        r=RING_RADIUS,
        filled=f"{filled:.1f}",
        length=f"{RING_LENGTH:.1f}",
    )
    return format_html(
        '<svg viewBox="0 0 128 128" fill="none" stroke-width="10" stroke-linecap="round" aria-hidden="true">'
        '<circle class="c-ring__track" cx="64" cy="64" r="{}"/>{}</svg>',
        RING_RADIUS,
        value if part > 0 else "",
    )


def spark_points(values: Sequence[Value]) -> list[tuple[float, float]]:
    """Coordinates for a line through `values`, oldest first; gaps (None) are stepped over; a flat line lies in the middle."""
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    if not known:
        return []
    low, high = min(v for _i, v in known), max(v for _i, v in known)
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    room = SPARK_HEIGHT - 2 * SPARK_MARGIN

    def height(value: float) -> float:
        return SPARK_HEIGHT / 2 if high == low else SPARK_MARGIN + room * (high - value) / (high - low)

    return [(round(index * step, 1), round(height(value), 1)) for index, value in known]


def spark_svg(values: Sequence[Value], *, label: str, classes: str) -> SafeString:
    """A line of the last days with a dot on the newest; `label` says the numbers. A single day draws its dot only."""
    points = spark_points(values)
    if not points:
        return format_html('<span class="u-faint" role="img" aria-label="{}">—</span>', label)
    line = " ".join(f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points))
    (first_x, _y), (last_x, last_y) = points[0], points[-1]
    return format_html(
        '<svg class="{classes}" viewBox="0 0 100 28" preserveAspectRatio="none" role="img" aria-label="{label}">'
        '<path class="c-spark__area" d="{line} L{last} 28 L{first} 28 Z"/><path d="{line}"/>'
        '<path class="c-spark__end" d="M{last} {top} h0.01"/></svg>',
        classes=classes,
        label=label,
        line=line,
        first=f"{first_x:g}",
        last=f"{last_x:g}",
        top=f"{last_y:g}",
    )
