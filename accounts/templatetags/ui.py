"""Tags for page authors: the small things that every page draws the same way. Load with `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zlib import crc32

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import drawing, formats

register = template.Library()

Figure = Decimal | float | None

# State -> icon, word, tone. The word may be replaced by the page, the icon and the tone may not: they are learnt once.
STATES: dict[str, tuple[str, Any, str]] = {
    "met": ("circle-check", gettext_lazy("Met"), "good"),
    "on-track": ("circle-check", gettext_lazy("On track"), "good"),
    "watch": ("alert-triangle", gettext_lazy("Watch"), "watch"),
    "missed": ("circle-x", gettext_lazy("Missed"), "bad"),
    "behind": ("circle-x", gettext_lazy("Behind"), "bad"),
    "na": ("circle-minus", gettext_lazy("Not counted"), "none"),
    "pending": ("clock", gettext_lazy("Still open"), "none"),
    "trial": ("flask", gettext_lazy("Trial"), "info"),
    "late": ("hourglass", gettext_lazy("Late"), "bad"),
    "done": ("circle-check", gettext_lazy("Done"), "good"),
    "failed": ("circle-x", gettext_lazy("Failed"), "bad"),
    "running": ("loader", gettext_lazy("Running"), "info"),
}
AVATAR_COLOURS = 8
SILENT = mark_safe('aria-hidden="true"')


@cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
def joined_styles() -> str:
    """The address of all style sheets in one, where the files were collected; nothing where each is served by itself."""
    name = getattr(staticfiles_storage, "joined_styles", "")
    return static(name) if name else ""


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """A picture from the sprite. Without `label` it is decoration beside a word, with it a picture that says something."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SILENT
    sized = "" if size == 18 else f" c-icon--{size}"
    return format_html('<svg class="c-icon{}" {}><use href="{}#i-{}"></use></svg>', sized, spoken, _sprite(), name)


def initials(name: str) -> str:
    """ "Anna Keller" -> "AK", "Elbe Pharma GmbH" -> "EP", "" -> "?"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in (words[0], *words[1:2])).upper()


@register.simple_tag
def avatar(who: Any, size: int = 28, label: bool = False, square: bool = False) -> SafeString:
    """Initials on a colour that stays with the name. With `label` the name is spoken and shown on hover."""
    name = str(getattr(who, "full_name", "") or who or "")
    colour = crc32(name.encode()) % AVATAR_COLOURS + 1
    classes = (
        f"c-avatar c-avatar--{colour}"
        + (f" c-avatar--{size}" if size != 28 else "")
        + (" c-avatar--square" if square else "")
    )
    spoken = format_html('role="img" aria-label="{0}" title="{0}"', name) if label else SILENT
    return format_html('<span class="{}" {}>{}</span>', classes, spoken, initials(name))


@register.simple_tag
def status(state: str, word: str = "") -> SafeString:
    """A state as icon and word: met, on-track, watch, missed, behind, na, pending, trial, late, done, failed, running."""
    name, usual, tone = STATES[state]
    return format_html('<span class="c-status is-{}">{}{}</span>', tone, icon(name, 16), word or usual)


@register.filter
def tone(state: str) -> str:
    """The tone of a state (good, watch, bad, info, none), for `is-…` and `c-bar--…` classes."""
    return STATES[state][2]


@register.simple_tag
def money(minor: int | None, currency: str = "EUR") -> str:
    """Minor units -> "€12 000"; a dash for none."""
    return formats.money(minor, currency)


@register.simple_tag
def money_short(minor: int | None, currency: str = "EUR") -> str:
    """Minor units -> "€180k"."""
    return formats.money_short(minor, currency)


@register.filter
def number(value: Figure, places: int = 0) -> str:
    """12000 -> "12 000"."""
    return formats.number(value, places)


@register.filter
def percent(value: Figure, places: int = 0) -> str:
    """0.86 -> "86 %"."""
    return formats.percent(value, places)


@register.simple_tag
def points(value: Figure) -> SafeString:
    """Points with sign; a loss is red."""
    tone_of = "bad" if value is not None and value < 0 else "plain"
    return format_html('<span class="c-points c-points--{}">{}</span>', tone_of, formats.points(value))


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A timedelta, or minutes -> "2 h 14 min"."""
    return formats.duration(value)


@register.simple_tag
def when(value: datetime | date | None, style: str = "day") -> SafeString | str:
    """A moment in the reader's zone. `style`: "day" (Tomorrow 10:00), "time" (10:00), "date" (Fri 27 Nov), "ago", "late"."""
    if value is None:
        return formats.DASH
    is_moment = isinstance(value, datetime)
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    if style == "time" and isinstance(local, datetime):
        shown = f"{local:%H:%M}"
    elif style == "date":
        shown = formats.day(local.date() if isinstance(local, datetime) else local, timezone.localdate())
    elif style == "ago" and isinstance(value, datetime):
        shown = formats.ago(value)
    elif style == "late":
        shown = formats.late(value) or formats.when(value)
    else:
        shown = formats.when(value)
    whole = f"{local:%Y-%m-%d %H:%M}" if is_moment else f"{local:%Y-%m-%d}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, shown)


@register.simple_tag
def spark(values: Sequence[drawing.Value], state: str = "", label: str = "", wide: bool = False) -> SafeString:
    """The last days as a line, oldest first. `state` is one of the states or tones; `label` begins the spoken text."""
    tone_of = STATES[state][2] if state in STATES else state
    spoken = ", ".join(formats.number(value, 1) for value in values) or _("no days yet")
    classes = "c-spark" + (f" c-spark--{tone_of}" if tone_of else "") + (" c-spark--wide" if wide else "")
    return drawing.spark_svg(values, label=f"{label or _('Last days')}: {spoken}", classes=classes)


@register.simple_tag
def ring(
    value: Figure, of: Figure, caption: str = "", state: str = "", small: bool = False, signed: bool = False
) -> SafeString:
    """A ring filled to `value` of `of`, with the figure (signed for points) and a caption inside."""
    tone_of = STATES[state][2] if state in STATES else state
    classes = "c-ring" + (f" c-ring--{tone_of}" if tone_of else "") + (" c-ring--small" if small else "")
    part = drawing.share(None if value is None else float(value), None if of is None else float(of))
    shown = formats.points(value) if signed else formats.number(value)
    return format_html(
        '<span class="{}">{}<span class="c-ring__text"><b>{}</b> <small>{}</small></span></span>',
        classes, drawing.ring_svg(part), shown, caption,
    )  # fmt: skip


@register.simple_tag
def bar(value: Figure, of: Figure = 100, state: str = "", thick: bool = False) -> SafeString:
    """How far `value` is towards `of`. Drawn beside the figures themselves, so it is silent for listeners."""
    tone_of = STATES[state][2] if state in STATES else state
    classes = "c-bar" + (f" c-bar--{tone_of}" if tone_of else "") + (" c-bar--thick" if thick else "")
    part = drawing.share(None if value is None else float(value), None if of is None else float(of))
    return format_html(
        '<span class="{}" style="--v:{}%" aria-hidden="true"></span>',
        classes,
        f"{part * 100:.1f}".rstrip("0").rstrip("."),
    )


@register.filter
def state_word(state: str) -> str:
    """The word of a state, for listeners where only its icon is drawn."""
    return str(STATES[state][1])


@register.simple_tag
def countdown_state(until: datetime, now: datetime) -> dict[str, str]:
    """What the clock says before its script runs: text and colour class."""
    left = int((until - now).total_seconds() // 60)
    if left < 0:
        return {"css": "", "text": _("The day is closed")}
    css = "is-now" if left < 15 else "is-soon" if left < 60 else ""
    return {"css": css, "text": _("%(time)s left") % {"time": formats.duration(left)}}
