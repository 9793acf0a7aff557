"""The rules of the game in plain words, made from a scheme's version itself: the text that people read and sign.

The same version gives the same words, in each language, so that the hash of what was signed can be held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from discipline import words
from discipline.metrics import METRICS
from discipline.metrics.parameters import Option, Parameter, Reference, said
from discipline.models import ControlSettings, Period, Rule, SchemeVersion, WhenNothing
from discipline.ruleset import RuleSpec
from discipline.timetable import STEPS, TRIAL_WORKDAYS
from discipline.windows import GRACE, HORIZON

AnyRule = Rule | RuleSpec


class Names:
    """What rules are called: by their own name or their figure's with its parameters. The company's lists are read once each."""

    def __init__(self) -> None:
        self._known: dict[Reference, tuple[Option, ...]] = {}

    def __call__(self, rule: AnyRule) -> str:
        metric = METRICS.get(rule.metric)
        if metric is None or rule.label:
            return words.label(rule.metric, rule.label)
        more = said([self._filled(one) for one in metric.parameters], rule.parameters) if rule.parameters else ""
        week = _("week") if rule.period == Period.WEEK else ""
        aside = ", ".join(part for part in (week, more) if part)
        return f"{metric.label} ({aside})" if aside else str(metric.label)

    def _filled(self, parameter: Parameter) -> Parameter:
        """The parameter with its list inside, so that words for its values take no further statement."""
        if parameter.reference is None:
            return parameter
        if parameter.reference not in self._known:
            self._known[parameter.reference] = tuple(parameter.options())
        return replace(parameter, choices=self._known[parameter.reference], reference=None)


@dataclass(frozen=True, kw_only=True)
class Article:
    """A paragraph of the text with its heading; those about a rule carry its short name and its figure's icon."""

    title: str
    sentences: list[str]
    code: str = ""
    icon: str = ""


def text(version: SchemeVersion, *, language: str) -> str:
    """The whole text of a version in a language, as it is signed: a heading, then articles, an empty line between them."""
    with translation.override(language):
        return plain(version, articles(version))


def plain(version: SchemeVersion, written: Sequence[Article]) -> str:
    """The articles of a version as the one text that is hashed and signed."""
    return "\n\n".join([heading(version), *("\n".join([one.title, *one.sentences]) for one in written)])


def heading(version: SchemeVersion) -> str:
    """ "Rules of the game: Standard, version 2", in the language that is active."""
    return _("Rules of the game: %(scheme)s, version %(number)s") % {
        "scheme": version.scheme,
        "number": version.number,
    }


def articles(version: SchemeVersion) -> list[Article]:
    """The text in the language that is active: what holds for all rules, each rule, what points mean."""
    names = Names()
    rules = [rule for rule in version.rules.all() if rule.metric in METRICS]
    return [
        _who(version),
        _time(),
        _absence(),
        *(article(rule, names) for rule in rules),
        _points(rules),
        _appeals(),
    ]


def article(rule: AnyRule, names: Names) -> Article:
    """One rule: what counts and why, what is asked, what it gives and takes, and what else holds for it."""
    metric = METRICS[rule.metric]
    return Article(
        title=names(rule),
        sentences=[str(metric.why), *([asked(rule)] if rule.scored else []), given(rule), *_besides(rule)],
        code=rule.code,
        icon=metric.icon,
    )


def asked(rule: AnyRule) -> str:
    """ "Each day: at least 10."."""
    if rule.by_plan:
        return _("Each week: at least what your personal plan sets for that week.")
    target = words.target(rule.comparison, rule.threshold)  # type: ignore[arg-type]
    per = _("Each week: %(target)s.") if rule.period == Period.WEEK else _("Each day: %(target)s.")
    return per % {"target": target}


def given(rule: AnyRule) -> str:
    """What keeping and missing it means: "Kept +1, missed −2."."""
    if not rule.scored:
        return _("It is shown on your card and gives no points.")
    points = {"met": formats.points(rule.points_met), "missed": formats.points(-rule.points_missed)}
    if rule.trial:
        return (
            _(
                "It is on trial: judged and shown, without points. Later it may give %(met)s when kept and %(missed)s when missed."
            )
            % points
        )
    return _("Kept %(met)s, missed %(missed)s.") % points


def _besides(rule: AnyRule) -> list[str]:
    said_so = []
    if rule.period == Period.WEEK:
        said_so.append(_("It stands on the card of your last working day of the week."))
    if rule.by_plan:
        said_so.append(_("Without a personal plan it does not apply."))
    if METRICS[rule.metric].needs_items and rule.scored:
        said_so.append({
            WhenNothing.NOT_APPLICABLE: _("With nothing to judge it does not apply."),
            WhenNothing.MET: _("With nothing to judge it counts as kept."),
            WhenNothing.MISSED: _("With nothing to judge it counts as missed."),
        }[WhenNothing(rule.when_nothing)])  # fmt: skip
    return said_so


def _who(version: SchemeVersion) -> Article:
    sentences = [
        _("These rules hold for everybody who is scored by the scheme “%(scheme)s”.") % {"scheme": version.scheme}
    ]
    if version.effective_from:
        day = {"day": date_format(version.effective_from, "j F Y")}
        sentences.append(
            _("They begin on %(day)s and stay until the next version, which is announced before it counts.") % day
        )
    sentences.append(_("You sign them once. Days that opened before you signed are shown to you and count 0."))
    return Article(title=_("Who and from when"), sentences=sentences)


def _time() -> Article:
    return Article(
        title=_("What belongs to a day"),
        sentences=[
            _("A day ends at its cut-off: your team's deadline or the end of your shift, whichever is earlier, by your team's clock."),
            _("What you do later, on a weekend, a holiday or on leave belongs to your next working day. Nothing is lost, nothing counts twice."),
            _("What you enter yourself counts when it is in by the cut-off, or within %(n)s minutes of its own end.") % {"n": _minutes(GRACE)},
            _("What telephony, mail and other programs capture may arrive until %(n)s minutes after the cut-off. Then the day is closed for good.") % {"n": _minutes(HORIZON)},
            _("What comes later stays in the records and changes no closed day."),
        ],
    )  # fmt: skip


def _absence() -> Article:
    steps = ", ".join(formats.percent(step / 100) for step in STEPS)
    return Article(
        title=_("Leave, part days and your first weeks"),
        sentences=[
            _("A working day wholly on leave is not scored."),
            _("Away for a part of it, what is to be done at least shrinks by that part, never below one; there for less than a quarter, it is not asked."),
            _("When something that a rule lives from was out of order and this was declared, missing it does not apply."),
            _("New colleagues have %(n)s working days on trial, then thresholds at %(steps)s, a fortnight each.") % {"n": TRIAL_WORKDAYS, "steps": steps},
        ],
    )  # fmt: skip


def _points(rules: Sequence[Rule]) -> Article:
    return Article(
        title=_("What points mean"),
        sentences=[
            _("The points of a day are the sum of its rules; what does not apply gives and takes nothing."),
            _best_and_worst([rule for rule in rules if rule.scored and not rule.trial]),
            _("While your team is off or on trial they count 0, in its soft start only those won count, then all of them."),
            _("Points turn into bonus and rewards as your company has set. Points below zero can reduce a bonus that is not earned yet, never wages."),
        ],
    )  # fmt: skip


def _best_and_worst(rules: Sequence[Rule]) -> str:
    daily = [rule for rule in rules if rule.period == Period.DAY]
    weekly = [rule for rule in rules if rule.period == Period.WEEK]
    day = _("A day gives at most %(best)s and takes at most %(worst)s.") % _range(daily)
    if not weekly:
        return day
    return f"{day} {_('The rules of the week add at most %(best)s and take at most %(worst)s.') % _range(weekly)}"


def _range(rules: Sequence[Rule]) -> dict[str, str]:
    best, worst = sum(rule.points_met for rule in rules), sum(rule.points_missed for rule in rules)
    return {"best": formats.points(best), "worst": formats.points(-worst)}


def _appeals() -> Article:
    days = ControlSettings.current().appeal_days
    within = ngettext(
        "If one is wrong, appeal from its line within %(n)s workday. Your head decides and says why; nobody decides about himself.",
        "If one is wrong, appeal from its line within %(n)s workdays. Your head decides and says why; nobody decides about himself.",
        days,
    )
    return Article(
        title=_("If you do not agree"),
        sentences=[
            _("Every point opens down to the records that caused it."),
            within % {"n": days},
            _("A closed card is never rewritten: what is put right stands beside it as a correction, signed by name."),
        ],
    )


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
