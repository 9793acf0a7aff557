"""What the month is likely to bring, as a range, against the plan."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.lists.cells import Money
from reports import charts, formulas
from reports.charts import Chart, Series
from reports.company.blocks import BAD, GOOD, WATCH, Block, Cell
from reports.company.board import Board, point
from reports.company.outlook import Outlook

KEY = "forecast"


def block(board: Board) -> Block:
    board = board.under(KEY)
    outlook, facts = Outlook.of(board.shown), []
    if outlook.plan or outlook.won or outlook.due:
        facts = [_likely(board, outlook), _plan(board, outlook), _won(board), _due(board)]
    return Block(
        key=KEY,
        width="less",
        title=_("Forecast of the month"),
        icon="chart-line",
        changed=_changed(board, outlook),
        why=_why(outlook),
        facts=facts,
        charts=[_chart(board, outlook, facts)] if facts else [],
        alarm=_alarm(board, outlook),
        tone=_tone(outlook),
        empty=_("Set the plan of the month and the expected close of deals, and the forecast begins."),
        more=_("The plans"),
        more_href="discipline:plan-list",
    )


def _likely(board: Board, outlook: Outlook) -> Cell:
    low, high = outlook.low, outlook.high
    part = formulas.attainment(high, outlook.plan)
    note = _("up to %(part)s of the plan") % {"part": formats.percent(part)} if part is not None else ""
    return board.cell(
        "deals_due",
        shown=_range(board, low, high),
        plain=Money(high, board.currency),
        label=_("Likely result"),
        note=note,
        tone=_tone(outlook),
    )


def _range(board: Board, low: int, high: int) -> str:
    """Rounded where rounding leaves two different ends."""
    short = [formats.money_short(amount, board.currency) for amount in (low, high)]
    ends = short if short[0] != short[1] else [board.near(low), board.near(high)]
    return " – ".join(dict.fromkeys(ends))


def _plan(board: Board, outlook: Outlook) -> Cell:
    people = board.sum("plan").count
    note = ngettext("of %(n)s person", "of %(n)s people", people) % {"n": formats.number(people)}
    return board.money("plan", label=_("Plan"), note=note if outlook.plan else _("nobody has a plan this month"))


def _won(board: Board) -> Cell:
    return board.money("won", label=_("Won so far"), note=_deals(board.sum("won").count))


def _due(board: Board) -> Cell:
    deals = board.sum("deals_due").count
    return board.money("deals_due", label=_("Expected from open deals"), note=_deals(deals))


def _deals(count: int) -> str:
    return ngettext("%(n)s deal", "%(n)s deals", count) % {"n": formats.number(count)}


def _chart(board: Board, outlook: Outlook, facts: list[Cell]) -> Chart:
    """What is won already, the two ways to come to a forecast, and the plan as the line to reach."""
    _result, plan, won, due = facts
    rows = [(_("Won so far"), Decimal(outlook.won), won, GOOD)]
    if outlook.going_on is not None:
        rows.append((_("If it goes on like this"), outlook.going_on, won, ""))
    rows.append((_("With what open deals promise"), outlook.by_pipeline, due, ""))
    bars = [point(cell, name, float(value), tone=tone, shown=board.near(value)) for name, value, cell, tone in rows]
    goal = [point(plan, name, float(outlook.plan), shown=board.near(outlook.plan)) for name, *_rest in rows]
    series = [Series(name=_("Result"), points=bars)]
    if outlook.plan:
        series.append(Series(name=_("Plan"), points=goal, dashed=True))
    return charts.bars(title=_("Forecast against plan"), series=series, says=_says(board, outlook), labels=_("Month"))


def _says(board: Board, outlook: Outlook) -> str:
    return _("Won %(won)s, likely %(low)s to %(high)s, plan %(plan)s.") % {
        "won": board.near(outlook.won),
        "low": board.near(outlook.low),
        "high": board.near(outlook.high),
        "plan": board.near(outlook.plan),
    }


def _changed(board: Board, outlook: Outlook) -> str:
    before = board.shown.before
    was = Outlook.of(before).high if before else None
    return board.change_of_month(outlook.high, was, board.near)


def _why(outlook: Outlook) -> str:
    left = int(outlook.days - outlook.elapsed)
    if not outlook.days:
        return _("shown because the month can still be changed")
    if left <= 0:
        return _("shown because the month is decided")
    said = ngettext(
        "shown because %(n)s workday is left to change it", "shown because %(n)s workdays are left to change it", left
    )
    return said % {"n": left}


def _tone(outlook: Outlook) -> str:
    if not outlook.plan:
        return ""
    return GOOD if outlook.low >= outlook.plan else WATCH if outlook.high >= outlook.plan else BAD


def _alarm(board: Board, outlook: Outlook) -> str:
    if _tone(outlook) == BAD:
        return _("Even at best the month ends %(n)s below the plan.") % {"n": board.near(outlook.plan - outlook.high)}
    if _tone(outlook) == WATCH:
        return _("The plan is within reach, but not yet safe.")
    return ""
