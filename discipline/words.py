"""How results, reasons and targets read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from discipline.metrics import METRICS
from discipline.models import Comparison, Result

REASONS: dict[str, Any] = {
    "": "",
    "late": gettext_lazy("entered too late"),
    "deleted": gettext_lazy("deleted"),
    "no_outcome": gettext_lazy("no outcome entered"),
    "not_held": gettext_lazy("did not take place"),
    "not_reached": gettext_lazy("nobody was reached"),
    "no_note": gettext_lazy("neither note nor result"),
    "too_short": gettext_lazy("shorter than 30 seconds"),
    "repeat": gettext_lazy("within ten minutes of another"),
    "not_unique": gettext_lazy("was there before"),
    "poor_card": gettext_lazy("card quality below 60"),
    "reopened": gettext_lazy("opened again"),
    "no_amount": gettext_lazy("no amount"),
    "other_currency": gettext_lazy("in another currency"),
    "no_reason": gettext_lazy("no reason given"),
    "has_reason": gettext_lazy("reason given"),
    "overdue": gettext_lazy("overdue"),
    "no_next_step": gettext_lazy("no next step within 30 days"),
    "first_hour": gettext_lazy("held for less than an hour"),
    "nothing_entered": gettext_lazy("nothing was entered"),
    "without_note": gettext_lazy("no note"),
    "without_file": gettext_lazy("no file"),
    "has_file": gettext_lazy("a file is there"),
    "no_date": gettext_lazy("no expected date"),
    "after_date": gettext_lazy("after the expected day"),
    "not_renewed": gettext_lazy("its day went by"),
    "done_before": gettext_lazy("was done before"),
    "short_notice": gettext_lazy("given less than a day ahead"),
    "not_ahead": gettext_lazy("not that far ahead"),
    "chosen_late": gettext_lazy("chosen too late in the day"),
    "not_done": gettext_lazy("not done"),
    "no_items": gettext_lazy("nothing to judge"),
    "not_scored": gettext_lazy("shown, not scored"),
    "exposure": gettext_lazy("away most of the day"),
    "outage": gettext_lazy("a system was out of order"),
    "moved": gettext_lazy("moved"),
    "moved_again": gettext_lazy("moved again"),
    "by_hand": gettext_lazy("entered by hand"),
    "closed_again": gettext_lazy("closed again"),
    "given_away": gettext_lazy("given to a colleague"),
    "far_away": gettext_lazy("due"),
    "left_funnel": gettext_lazy("not open any more, or with somebody else"),
    "last_minutes": gettext_lazy("entered in the last 15 minutes"),
    "no_plan": gettext_lazy("no personal plan yet"),
}
"""Reasons in evidence and on lines, by the word that is stored."""

STATES = {Result.MET: "met", Result.MISSED: "missed", Result.NOT_APPLICABLE: "na"}
"""Results as the page's components know them."""

MISSING: dict[str, Any] = {
    "companies_added": lambda n: ngettext("%(n)s more company", "%(n)s more companies", n),
    "meetings_held": lambda n: ngettext("%(n)s more meeting", "%(n)s more meetings", n),
    "conversations": lambda n: ngettext("%(n)s more conversation", "%(n)s more conversations", n),
    "deals_won": lambda n: ngettext("%(n)s more win", "%(n)s more wins", n),
    "deals_lost": lambda n: ngettext("%(n)s deal lost", "%(n)s deals lost", n),
    "sum_won": lambda n: _("%(n)s more to win"),
    "deals_in_progress": lambda n: ngettext("%(n)s more open deal", "%(n)s more open deals", n),
    "overdue_tasks": lambda n: ngettext("%(n)s overdue task to do", "%(n)s overdue tasks to do", n),
    "deals_without_task": lambda n: ngettext("%(n)s deal needs a next step", "%(n)s deals need a next step", n),
    "lost_without_reason": lambda n: ngettext("%(n)s lost deal needs a reason", "%(n)s lost deals need a reason", n),
    "data_in_time": lambda n: ngettext("%(n)s record to put right", "%(n)s records to put right", n),
    "activities": lambda n: ngettext("%(n)s more", "%(n)s more", n),
    "files_delivered": lambda n: ngettext("%(n)s more file", "%(n)s more files", n),
    "won_without_file": lambda n: ngettext("%(n)s deal won needs its file", "%(n)s deals won need their files", n),
    "renewals_in_time": lambda n: ngettext("%(n)s more renewal", "%(n)s more renewals", n),
    "renewals_missed": lambda n: ngettext("%(n)s renewal went by", "%(n)s renewals went by", n),
    "tasks_ahead": lambda n: ngettext("%(n)s more task done ahead", "%(n)s more tasks done ahead", n),
    "priorities_done": lambda n: ngettext("%(n)s more priority", "%(n)s more priorities", n),
    "base_quality": lambda n: ngettext("%(n)s more point of card quality", "%(n)s more points of card quality", n),
}


def reason(word: str) -> str:
    """What is wrong with a record, or why a line does not apply."""
    return str(REASONS.get(word, word))


def label(metric: str, own: str = "") -> str:
    """The name of a rule: its own, else that of its metric, retired ones by their key."""
    known = METRICS.get(metric)
    return own or (str(known.label) if known else metric)


def figure(value: Decimal | None) -> str:
    """A value or threshold: "12", "3 500.50"."""
    return formats.number(value, 2)


def target(comparison: str, threshold: Decimal) -> str:
    """What a rule asks for: "at least 10", "none allowed"."""
    if comparison == Comparison.AT_LEAST:
        return _("at least %(n)s") % {"n": figure(threshold)}
    if not threshold:
        return _("none allowed")
    words = _("exactly %(n)s") if comparison == Comparison.EXACTLY else _("at most %(n)s")
    return words % {"n": figure(threshold)}


def missing(metric: str, comparison: str, value: Decimal, threshold: Decimal) -> str:
    """What is still to be done for a rule that is not kept: "2 more conversations"."""
    amount = threshold - value if comparison == Comparison.AT_LEAST else value - threshold
    say = MISSING.get(metric)
    if say is None or amount <= 0:
        return ""
    return str(say(int(amount)) % {"n": figure(amount)})


def part(comparison: str, value: Decimal | None, threshold: Decimal) -> float:
    """How far a value is towards what the rule asks for, from 0 to 1."""
    if value is None:
        return 0.0
    if comparison == Comparison.AT_LEAST:
        return 1.0 if value >= threshold else float(value / threshold)
    return 1.0 if value <= threshold else float((threshold + 1) / (value + 1))
