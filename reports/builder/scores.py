"""Reports about scored days, as they were closed: cards, the rules on them, and every figure of every day."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Coalesce
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from crm.lists import Asker, Filter, choice, record
from crm.lists.filters import MINE, Rows
from discipline.metrics import METRICS, Metric, bound
from discipline.metrics import Kind as MetricKind
from discipline.models import Mode, Result, Rule, Scorecard, ScoreLine, Snapshot
from discipline.words import REASONS
from reports.builder import dimensions, figures
from reports.builder.expressions import filled
from reports.builder.parts import Date, Dimension, Figure, Holds, How, Shown, Source

Narrows = Callable[[Rows, list[int]], Rows]
OF_CARD: dict[str, Any] = {"of": Scorecard}
BOUND_UNDER = "reports.builder.bound"
KEPT_FOR_S = 60


def _one_of(path: str) -> Narrows:
    return lambda rows, keys: rows.filter(**{f"{path}__in": keys})


def _picked(one: Filter, narrows: Narrows) -> Filter:
    """A filter by records to which the row does not refer itself."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        return narrows(rows, [asker.user.pk if key == MINE else int(key) for key in value.split(",")])

    return replace(one, narrow=narrow, of=Scorecard)


def _whose(person: Narrows, team: Narrows) -> list[Filter]:
    who = record("user", _("Person"), User, named_by="full_name", suggest="person", mine=_("Mine"), quick=True)
    return [_picked(who, person), _picked(record("team", _("Team"), Team, named_by="name"), team)]


def _choice(key: str, label: Any, options: Sequence[tuple[str, Any]], path: str) -> Filter:
    """Any of a few words of a card or a line."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        return rows.filter(**{f"{path}__in": value.split(",")})

    return choice(key, label, options, narrow, several=True, of=Scorecard, field="points")


def _metric_word(key: str) -> str:
    """A metric by its name; a rule that has a name of its own by that."""
    known = METRICS.get(key)
    return str(known.label) if known else key


def _card_of(name: str) -> Callable[[Asker], Any]:
    """A column of the card on which a figure of a day stands."""

    def value(asker: Asker) -> Any:
        cards = Scorecard.objects.filter(user=OuterRef("user"), day=OuterRef("day"))
        return Subquery(cards.order_by().values(name)[:1])

    return value


CARDS = Source(
    key="cards",
    label=_("Scored days"),
    model=Scorecard,
    icon="clipboard-check",
    rows=lambda user: Scorecard.objects.visible_to(user),
    dates=[Date(key="day", label=_("Day"), column="day", field="day", is_instant=False)],
    dimensions=[
        dimensions.person("user", _("Person"), "user"),
        dimensions.team("team"),
        dimensions.choice("mode", _("Mode"), "mode", Mode.choices),
    ],
    figures=[
        figures.total("points_sum", _("Points"), lambda asker: F("points"), field="points", holds=Holds.POINTS),
        figures.average("points_average", _("Points a day"), lambda asker: F("points"), field="points", holds=Holds.POINTS),
        figures.total("posted_sum", _("Points in the account"), lambda asker: F("posted"), field="posted", holds=Holds.POINTS),
        figures.count(_("Scored days")),
    ],
    filters=lambda user: [
        *_whose(_one_of("user"), _one_of("team")),
        _choice("mode", _("Mode"), Mode.choices, "mode"),
    ],
    shown=Shown(heading=_("Card"), title="team__name", person="user__full_name", leads=[("discipline:card", lambda asker: F("pk"))]),
)  # fmt: skip

JUDGED = Q(result__in=[Result.MET, Result.MISSED])
LINES = Source(
    key="rules",
    label=_("Rules kept and missed"),
    model=ScoreLine,
    icon="list-check",
    rows=lambda user: ScoreLine.objects.filter(card__in=Scorecard.objects.visible_to(user)),
    dates=[Date(key="day", label=_("Day"), column="card__day", field="day", is_instant=False, of=Scorecard)],
    dimensions=[
        Dimension(
            key="rule", label=_("Rule"), field="points", kind=dimensions.Kind.TEXT, value=lambda asker: Coalesce(filled("rule__label"), F("metric"), output_field=TextField()),
            words=lambda key, asker: _metric_word(key), **OF_CARD,
        ),
        dimensions.words("metric", _("Figure"), "metric", field="points", words=lambda key, asker: _metric_word(key), **OF_CARD),
        dimensions.person("user", _("Person"), "card__user", field="user", **OF_CARD),
        dimensions.team("card__team", **OF_CARD),
        dimensions.choice("result", _("Result"), "result", Result.choices, field="points", **OF_CARD),
        dimensions.choice("reason", _("Why it does not apply"), "reason", [one for one in REASONS.items() if one[0]], field="points", **OF_CARD),
    ],
    figures=[
        figures.rate("kept_rate", _("Rules kept"), lambda asker: Q(result=Result.MET), field="points", among=JUDGED, **OF_CARD),
        figures.count(_("Rules judged")),
        figures.count(_("Rules missed"), key="missed", among=Q(result=Result.MISSED)),
        figures.total("points_sum", _("Points"), lambda asker: F("points"), field="points", holds=Holds.POINTS, **OF_CARD),
        figures.average("value_average", _("Value on average"), lambda asker: F("value"), field="points", **OF_CARD),
    ],
    filters=lambda user: [
        *_whose(_one_of("card__user"), _one_of("card__team")),
        _choice("metric", _("Figure"), [(key, one.label) for key, one in METRICS.items()], "metric"),
        _choice("result", _("Result"), Result.choices, "result"),
    ],
    shown=Shown(
        heading=_("Rule"), title="metric", whom="card__team__name", person="card__user__full_name",
        leads=[("discipline:card", lambda asker: F("card_id"))], words=_metric_word,
    ),
)  # fmt: skip


def _on_average(label: Any) -> str:
    return _now("%(figure)s, a day on average") % {"figure": label}


_a_day = lazy(_on_average, str)


def _figures_of(metric: Metric) -> list[Figure]:
    """What flows can be added up over days, what stands can only be averaged."""
    label = f"{metric.label}: {metric.said(json.loads(metric.given))}" if metric.given else metric.label
    usual: dict[str, Any] = {
        "holds": Holds.NUMBER, "value": lambda asker: F("value"), "field": "points", "note": metric.why,
        "among": Q(metric=metric.key, parameters=metric.given), **OF_CARD,
    }  # fmt: skip
    added = (
        [Figure(key=f"{metric.name}_sum", label=label, how=How.SUM, **usual)] if metric.kind == MetricKind.FLOW else []
    )
    return [*added, Figure(key=f"{metric.name}_average", label=_a_day(label), how=How.AVERAGE, **usual)]


def _bound_figures() -> list[Figure]:
    """The figures of metrics as rules ask for them with parameters of their own ("Activities: calls")."""
    asked = cache.get(BOUND_UNDER)
    if asked is None:
        asked = list(
            Rule.objects.exclude(parameters={}).order_by("metric").values_list("metric", "parameters").distinct()
        )
        cache.set(BOUND_UNDER, asked, KEPT_FOR_S)
    return [figure for key, given in asked if key in METRICS for figure in _figures_of(bound(key, given))]


def _of_people(rows: Rows, keys: list[int]) -> Rows:
    return rows.filter(user__in=keys)


def _of_teams(rows: Rows, keys: list[int]) -> Rows:
    return rows.filter(Exists(Scorecard.objects.filter(user=OuterRef("user"), day=OuterRef("day"), team__in=keys)))


def _snapshots(user: Any) -> Rows:
    """The figures of days whose card the reader sees."""
    seen = Scorecard.objects.visible_to(user).filter(user=OuterRef("user"), day=OuterRef("day"))
    return Snapshot.objects.filter(Exists(seen))


DAILY = Source(
    key="metrics",
    label=_("Figures of each day"),
    model=Snapshot,
    icon="chart-line",
    rows=_snapshots,
    dates=[Date(key="day", label=_("Day"), column="day", field="day", is_instant=False, of=Scorecard)],
    dimensions=[
        dimensions.person("user", _("Person"), "user", **OF_CARD),
        dimensions.team("team", value=_card_of("team"), **OF_CARD),
    ],
    figures=[figure for metric in METRICS.values() for figure in _figures_of(metric)],
    extra_figures=_bound_figures,
    filters=lambda user: _whose(_of_people, _of_teams),
    shown=Shown(
        heading=_("Figure"), title="metric", person="user__full_name", leads=[("discipline:card", _card_of("pk"))], words=_metric_word
    ),
)  # fmt: skip
