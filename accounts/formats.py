"""How figures and times read: one place, plain strings, so that a page of a thousand rows formats each value once.

Thin spaces between thousands, a true minus, a dash for what is not there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

THIN = "\u202f"  # narrow and never broken at the end of a line
MINUS = "\u2212"
DASH = "\u2014"

BEFORE = {"EUR": "€", "USD": "$", "GBP": "£"}
AFTER = {"PLN": "zł", "RUB": "₽", "CZK": "Kč", "UAH": "₴"}
NO_MINOR_UNITS = frozenset({"JPY", "KRW", "HUF", "CLP"})
LARGE = ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k"))


def number(value: Decimal | float | None, places: int = 0) -> str:
    """ "12 000", "−3.5"; a dash for none. Zeros behind the point are dropped."""
    if value is None:
        return DASH
    text = f"{abs(value):,.{places}f}"
    if places:
        text = text.rstrip("0").rstrip(".")
    whole, _point, rest = text.partition(".")
    shown = whole.replace(",", THIN) + (str(get_format("DECIMAL_SEPARATOR")) + rest if rest else "")
    return f"{MINUS}{shown}" if value < 0 and text.strip("0.,") else shown


def _with_currency(shown: str, currency: str, negative: bool) -> str:
    sign = MINUS if negative else ""
    if currency in BEFORE:
        return f"{sign}{BEFORE[currency]}{shown}"
    return f"{sign}{shown}{THIN}{AFTER.get(currency, currency)}"


def money(minor: int | None, currency: str = "EUR") -> str:
    """An amount in minor units as people write it: "€12 000", "€12 000.50", "300 zł"; a dash for none."""
    if minor is None:
        return DASH
    amount = Decimal(abs(minor)) if currency in NO_MINOR_UNITS else Decimal(abs(minor)) / 100
    whole = int(amount)
    shown = number(whole)
    if amount != whole:
        shown += f"{get_format('DECIMAL_SEPARATOR')}{amount % 1:.2f}".replace("0.", "", 1)
    return _with_currency(shown, currency, minor < 0)


def money_short(minor: int | None, currency: str = "EUR") -> str:
    """An amount where only its size matters: "€180k", "€1.2M"."""
    if minor is None:
        return DASH
    amount = Decimal(abs(minor)) if currency in NO_MINOR_UNITS else Decimal(abs(minor)) / 100
    for size, letter in LARGE:
        if amount >= size:
            units = amount / size
            return _with_currency(
                number(units, 0 if units >= 100 or letter == "k" else 1) + letter, currency, minor < 0
            )
    return _with_currency(number(amount), currency, minor < 0)


def points(value: Decimal | float | None) -> str:
    """Points with their sign: "+7", "−2", "0"; a dash for none."""
    if value is None:
        return DASH
    return f"+{number(value, 2)}" if value > 0 else number(value, 2)


def percent(value: Decimal | float | None, places: int = 0) -> str:
    """A share given as 0.86 -> "86 %"."""
    return DASH if value is None else f"{number(value * 100, places)}{THIN}%"


def duration(value: timedelta | float | None) -> str:
    """A stretch of time, given as timedelta or minutes: "45 min", "2 h 14 min", "3 d"."""
    if value is None:
        return DASH
    minutes = int(value.total_seconds() // 60) if isinstance(value, timedelta) else int(value)
    if abs(minutes) >= 48 * 60:
        return _("%(days)s d") % {"days": number(minutes // 1440)}
    hours, rest = divmod(abs(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def day(value: date, today: date) -> str:
    """A day as people say it: "Today", "Tomorrow", "Fri 27 Nov", "27 Nov 2025"."""
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    distance = (value - today).days
    if distance in names:
        return names[distance]
    if value.year == today.year or abs(distance) < 120:
        return date_format(value, "D j M")
    return date_format(value, "j M Y")


def when(value: datetime | date, *, now: datetime | None = None, inside: bool = False) -> str:
    """A moment in the reader's zone: "Today 14:00", "Fri 27 Nov 09:00"; a date has no time. `inside` a sentence: "today 14:00"."""
    today = timezone.localtime(now).date()
    local = timezone.localtime(value) if isinstance(value, datetime) else None
    on = local.date() if local else value
    shown = day(on, today)
    if inside and abs((on - today).days) <= 1:
        shown = shown[:1].lower() + shown[1:]
    return f"{shown} {local:%H:%M}" if local else shown


def ago(value: datetime, *, now: datetime | None = None) -> str:
    """How long since: "just now", "5 h ago", then the day."""
    minutes = int(((now or timezone.now()) - value).total_seconds() // 60)
    if minutes < 0 or minutes >= 24 * 60:
        return when(value, now=now)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(minutes)s min ago") % {"minutes": minutes}
    return _("%(hours)s h ago") % {"hours": minutes // 60}


def late(value: datetime | date, *, now: datetime | None = None) -> str:
    """By how much something is late: "Yesterday", "3 days late", "40 min late"; empty when it is not."""
    moment = now or timezone.now()
    today = timezone.localtime(moment).date()
    due = timezone.localtime(value).date() if isinstance(value, datetime) else value
    days = (today - due).days
    if days >= 2:
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    if days == 1:
        return _("Yesterday")
    if isinstance(value, datetime) and value < moment:
        return _("%(time)s late") % {"time": duration(moment - value)}
    return ""
