"""A rule of a card as pages draw it: what was asked and why, how it went, how many records stand behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline import asked, words
from discipline.metrics import METRICS, Role
from discipline.models import Result, Scorecard, ScoreLine

ORDER = {Result.MISSED: 0, Result.NOT_APPLICABLE: 1, Result.MET: 2}
COUNTS = (
    (Role.COUNTED, gettext_lazy("%(n)s counted")),
    (Role.BREACH, gettext_lazy("%(n)s against the rule")),
    (Role.EXCLUDED, gettext_lazy("%(n)s not counted")),
)


@dataclass(frozen=True, kw_only=True)
class LineView:
    """One rule. `notes` are short words under its name, `get` is where its records open."""

    line: ScoreLine
    icon: str
    state: str
    label: str
    notes: list[str]
    value: str
    target: str
    part: float
    trend: list[Decimal]
    get: str

    @property
    def points(self) -> int | None:
        """Nothing where the rule is only shown or on trial."""
        return self.line.points if self.line.rule.scored and not self.line.rule.trial else None

    @property
    def missed(self) -> bool:
        """Whether it was missed in earnest: on trial nothing is lost."""
        return self.line.result == Result.MISSED and not self.line.rule.trial


def draw(line: ScoreLine, card: Scorecard, trend: Sequence[Decimal] = ()) -> LineView:
    """A line of a card, read with its rule and evidence."""
    metric = METRICS.get(line.metric)
    return LineView(
        line=line,
        icon=metric.icon if metric else "point",
        state=words.STATES[Result.NOT_APPLICABLE if line.rule.trial else Result(line.result)],
        label=words.label(line.metric, line.rule.label),
        notes=[note for note in _notes(line, card) if note],
        value=words.figure(line.value),
        target=words.figure(line.threshold) if line.rule.scored else "",
        part=0.0 if line.reason else words.part(line.comparison, line.value, line.threshold),
        trend=list(trend),
        get=f"{reverse('discipline:cell')}?card={line.card_id}&line={line.code}",
    )


def missed_first(lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """What went wrong before what does not apply and what went well; dear ones first."""
    return sorted(lines, key=lambda line: (ORDER[Result(line.result)], line.points, line.position))


def _notes(line: ScoreLine, card: Scorecard) -> Iterable[str]:
    if not line.rule.scored:
        return
    yield words.reason(line.reason) or words.target(line.comparison, line.threshold)
    yield asked.of_line(line, card)
    if line.opens:
        yield _("of the week")
    yield _records(line)
    if line.rule.trial:
        kept = line.result == Result.MET
        yield _("on trial: kept, gives no points") if kept else _("on trial: not kept, takes no points")


def _records(line: ScoreLine) -> str:
    """ "3 counted, 1 not counted"; nothing without records."""
    found = Counter(row[2] for row in line.evidence)
    return ", ".join(str(say) % {"n": found[role]} for role, say in COUNTS if found[role])
