"""The charts of the gallery: each kind, and what makes each hard to draw. Invented, and never stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts import formats
from reports import charts
from reports.charts import Chart, Point, Series

STAGES = (("New", 180_000_00, "grey"), ("Qualified", 233_000_00, "blue"), ("Proposal", 193_000_00, "violet"), ("Negotiation", 42_000_00, "orange"), ("Won", 38_000_00, "green"))  # fmt: skip
WON = (0, 22, 22, 78, 78, 78, 78, 78, 105, 167, 167, 205, 221, 221, 221, 221, 232, 265, 275, 293, 293)
LONG = "Could not be reached for the whole of the last quarter"
LETTERS = ("Łódź i okolice", "Ростов-на-Дону", "Alcalá de Henares", "Stuttgart", LONG, "Kyï", "Oslo", "Übach-Palenberg")


def euros(minor: float) -> str:
    """A tick of money."""
    return formats.money_short(round(minor))


def points(
    values: Sequence[float | None], names: Sequence[str], *, money: bool = False, tones: Sequence[str] = ()
) -> list[Point]:
    return [
        Point(
            label=name,
            value=value,
            shown=formats.money(round(value)) if money and value is not None else formats.number(value, 1),
            href="#charts",
            tone=tones[index] if tones else "",
        )
        for index, (value, name) in enumerate(zip(values, names, strict=True))
    ]


def series(name: str, values: Sequence[float | None], names: Sequence[str], **more: Any) -> Series:
    kinds = {key: more.pop(key) for key in ("dashed", "soft") if key in more}
    return Series(name=name, points=points(values, names, **more), **kinds)


def samples() -> list[Chart]:
    """Every kind of chart as pages use it."""
    days = [str(day) for day in range(1, 31)]
    weeks = [f"W{week}" for week in range(36, 48)]
    won = [*(value * 1000_00 for value in WON), *([None] * 9)]
    plan = [value * 11_500_00 for value in range(1, 31)]
    people = ["Ewa Nowak", "Anna Keller", "Иван Петров", "Łukasz Wójcik", "José Núñez"]
    kept = [98, 91, 84, 71, 46]
    return [
        charts.line(title="Won against plan", says="€293 000 won of €345 000; €51 500 ahead of the pace of the plan.", axis=euros, labels="Day", series=[series("Won", won, days, money=True), series("Plan", plan, days, money=True, dashed=True)]),
        charts.funnel(title="Funnel of the quarter", says="Most is lost between proposal and negotiation.", labels="Stage", series=[Series(name="Value", points=[Point(label=name, value=minor, shown=formats.money(minor), href="#charts", tone=tone) for name, minor, tone in STAGES])]),
        charts.columns(title="Calls by week", says="112 calls last week, 8 below the plan.", labels="Week", series=[series("Calls", [96, 104, 118, 121, 90, 84, 99, 110, 126, 131, 117, 112], weeks), series("Plan", [100] * 6 + [120] * 6, weeks, dashed=True)]),
        charts.bars(title="Rules kept by person", says="José keeps 46 % of the rules, the team 78 %.", labels="Person", full=100, series=[series("Rules kept", kept, people, tones=["good", "good", "", "watch", "bad"])]),
        charts.heat(title="When the team calls", says="Most calls are made at ten; hardly any after four.", labels="Day", series=[series(day, [(hour * 7 + shift * 5) % 19 if hour != 4 else 0 for hour in range(11)], [str(hour + 8) for hour in range(11)]) for shift, day in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))]),
        charts.bars(title="This month and the last", says="Calls rose, meetings fell.", labels="Kind", series=[series("November", [412, 63, 18], ["Calls", "E-mails", "Meetings"]), series("October", [377, 71, 25], ["Calls", "E-mails", "Meetings"], soft=True), series("Plan", [400, 60, 24], ["Calls", "E-mails", "Meetings"], dashed=True)]),
    ]  # fmt: skip


def hard() -> list[Chart]:
    """Nothing, one point, below zero, all zero, forty labels, long labels, many lines, gaps."""
    forty = [f"{day} Nov" for day in range(1, 41)]
    wave = [(index * 37 % 23) - 6 for index in range(40)]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
    teams = [series(f"Team {name}", [((index + 3) * (turn + 5) * 7) % 53 + turn * 9 for index in range(8)], months) for turn, name in enumerate(("North", "South", "East", "West", "Key accounts"))]  # fmt: skip
    rules = ["Conversations", "Companies added", "Overdue tasks", "Deals without a task", "Data in by the deadline"]
    return [
        charts.line(title="Nothing yet", says="", series=[]),
        charts.line(title="One point", says="One reading so far: 12.", series=[series("Open deals", [12], ["Today"])]),
        charts.columns(title="Below zero", says="Points fell below zero in three weeks.", axis=formats.number, series=[series("Points", [4, -2, 7, -5, 0, -1, 6], ["W41", "W42", "W43", "W44", "W45", "W46", "W47"], tones=["", "bad", "", "bad", "", "bad", ""])]),
        charts.bars(title="Gained and lost", says="Two teams gained, two lost.", series=[series("Change", [12_000_00, -4_500_00, 0, -9_800_50, 3_000_00], ["North", "South", "East", "West", "Key accounts"], money=True)]),
        charts.columns(title="All zero", says="Nobody was late.", series=[series("Late", [0, 0, 0, 0, 0], months[:5])]),
        charts.columns(title="Forty days", says="Forty days, six of them below zero.", series=[series("Balance", wave, forty)]),
        charts.line(title="Forty days with gaps", says="The quality of the base rose to 94 %.", axis=lambda value: f"{formats.number(value)} %", series=[series("Quality", [None if index in (8, 9, 21) else 88 + index * 37 % 7 for index in range(40)], forty)]),
        charts.bars(title="Long names", says="Names of four languages.", series=[series("Deals", [31, 24, 18, 17, 9, 4, 1, 0.5], LETTERS)]),
        charts.columns(title="Long names below", says="Names of four languages.", series=[series("Deals", [31, 24, 18, 17, 9, 4, 1, 0.5], LETTERS)]),
        charts.line(title="Five teams", says="Key accounts lead, North is last.", series=teams),
        charts.columns(title="Three teams", says="Three teams side by side.", series=teams[:3]),
        charts.heat(title="Rules of the day", says="Marco missed two rules.", labels="Person", series=[series("Ewa Nowak", [14, 3, 0, 0, 1], rules, tones=["good"] * 5), series("Marco Rossi", [4, 1, 3, 0, None], rules, tones=["bad", "watch", "bad", "good", ""]), series("Пётр Александрович Константинопольский", [9, 2, 1, 0, 1], rules, tones=["watch", "good", "bad", "good", "good"])]),
        charts.heat(title="Forty days of three people", says="Forty days.", labels="Person", series=[series(name, [(index * step) % 11 for index in range(40)], forty, tones=["bad" if (index * step) % 11 == 3 else "" for index in range(40)]) for name, step in (("Anna Keller", 3), ("Ewa Nowak", 5), ("José Núñez", 7))]),
        charts.funnel(title="A funnel with nothing left", says="None of 40 deals was won.", series=[series("Deals", [40, 12, 3, 0], ["New", LONG, "Предложение", "Won"])]),
        charts.line(title="Prices", says="Between 0.15 and 0.62.", series=[series("Rate", [0.15, 0.32, 0.28, 0.62, 0.44], months[:5])]),
    ]  # fmt: skip
