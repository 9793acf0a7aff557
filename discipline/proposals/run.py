"""Looking for what became known since the last look, and proposing what follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from django.db.models import Min

from discipline import bounds
from discipline.models import Adjustment, AdjustmentStatus, Heartbeat, Scorecard, ScoreLine, TeamDay
from discipline.proposals import company_deleted, late_calls, late_leave, late_outage, win_reopened
from discipline.proposals.base import Row, taken_back
from discipline.proposals.replay import Again, Judged, Step, causes_of, replay
from discipline.services import adjustments, heartbeats

CAUSES = [one.CAUSE for one in (late_leave, late_outage, late_calls, company_deleted, win_reopened)]
NAME = "proposals"
OVERLAP = timedelta(hours=2)
"""Looked at twice: somebody may commit a while after his stamp."""
FURTHEST = timedelta(days=35)
AT_ONCE = 500


def run(*, now: datetime, since: datetime | None = None) -> int:
    """Propose corrections for what became known after `since`, by default after the last run; gives how many are new.

    Running it again proposes nothing twice: of what changed only the difference to earlier proposals, refused ones too, is proposed.
    Eight statements when nothing has happened.
    """
    began = since or _last_look(now)
    found: set[int] = taken_back(CAUSES, since=began)
    for cause in CAUSES:
        found |= cause.find(since=began, now=now).keys()
    listed = sorted(found)
    new = sum(_propose(listed[first : first + AT_ONCE], now) for first in range(0, len(listed), AT_ONCE))
    heartbeats.beat(NAME, at=now)
    return new


def _last_look(now: datetime) -> datetime:
    """When the last run was, or earlier where days have been closed late since: they did not stand there to be found."""
    last = Heartbeat.objects.filter(name=NAME).values_list("beaten_at", flat=True).first()
    if last is None:
        return now - FURTHEST
    since = last - OVERLAP
    closed = TeamDay.objects.filter(closed_at__gt=since).aggregate(first=Min("day"))["first"]
    if closed is not None:
        since = min(since, datetime.combine(closed, time(0), UTC))
    return max(since, now - FURTHEST)


def _propose(keys: Sequence[int], now: datetime) -> int:
    cards = list(
        Scorecard.objects.filter(pk__in=keys)
        .select_related("user", "team")
        .prefetch_related("lines__rule")
        .order_by("pk")
    )
    facts = causes_of(cards, CAUSES, now=now)
    earlier: dict[int, list[Adjustment]] = defaultdict(list)
    for one in Adjustment.objects.filter(card__in=keys):
        earlier[one.card_id].append(one)
    return sum(
        _of_card(again, facts[again.card.pk], earlier[again.card.pk], now) for again in replay(cards, facts, now=now)
    )


def _of_card(again: Again, facts: Mapping[str, list[Row]], earlier: Sequence[Adjustment], now: datetime) -> int:
    """Propose what one card lacks, one correction a cause."""
    own = [one for one in earlier if one.proposed_by_id is None]
    live = sum(one.delta for one in earlier if one.status != AdjustmentStatus.REFUSED)
    within, stands = bounds.of_card(again.stored.values(), again.card), again.card.posted + live
    new = 0
    for kind, wanted in _deltas(again, earlier).items():
        step = next((one for one in again.steps if one.kind == kind), None)
        line, rows = _touched(again, step)
        delta = within.cut(wanted, stands)
        if line is not None:
            on_line = sum(
                one.delta for one in earlier if one.line_id == line.pk and one.status != AdjustmentStatus.REFUSED
            )
            delta = bounds.of_line(line.rule, again.card).cut(delta, bounds.posted(line, again.card) + on_line)
        if not delta:
            continue
        number = sum(one.kind == kind for one in own)
        made = adjustments.propose(
            card=again.card, delta=delta, kind=kind, text="", at=now, line=line, records=[*facts.get(kind, []), *rows],
            key=f"{kind}:{again.card.pk}:{number}",
        )  # fmt: skip
        stands += delta if made else 0
        new += made is not None
    return new


def _deltas(again: Again, earlier: Sequence[Adjustment]) -> dict[str, int]:
    """By cause, what is to be proposed: what it changes in the card, less what was proposed for it before, refused or not.

    What only takes an earlier proposal back because of another cause goes into that one.
    """
    proposed: Counter[str] = Counter()
    for one in earlier:
        if one.proposed_by_id is None:
            proposed[one.kind] += one.delta
    wanted: Counter[str] = Counter({kind: -points for kind, points in proposed.items()})
    stands = again.card.posted
    for step in again.steps:
        ends = step.posted if step.lines else -_given_by_people(earlier)
        wanted[step.kind] += ends - stands
        stands = ends
    back = {kind: points for kind, points in wanted.items() if points * proposed[kind] < 0}
    fresh = [kind for kind, points in wanted.items() if points and kind not in back]
    if fresh and back:
        wanted[fresh[0]] += sum(back.values())
        return {kind: wanted[kind] for kind in fresh}
    return {kind: points for kind, points in wanted.items() if points}


def _given_by_people(earlier: Sequence[Adjustment]) -> int:
    """What appeals and heads have moved on a card: of a day that is gone nothing is left, not even that."""
    return sum(one.delta for one in earlier if one.proposed_by_id and one.status != AdjustmentStatus.REFUSED)


def _touched(again: Again, step: Step | None) -> tuple[ScoreLine | None, list[Row]]:
    """The line that a step changes, when it is one, and every changed line as a row: ["line", key, result, reason, value, ""]."""
    if step is None or not step.lines:
        return None, []
    changed = _changed(again.before(step), step.lines)
    lines = [again.stored[rule] for rule in changed if rule in again.stored]
    rows: list[Row] = [
        [
            "line",
            line.pk,
            step.lines[line.rule_id].result,
            step.lines[line.rule_id].reason,
            float(step.lines[line.rule_id].value),
            "",
        ]
        for line in lines
    ]
    return (lines[0] if len(lines) == 1 and len(changed) == 1 else None), rows


def _changed(before: Judged, after: Judged) -> list[int]:
    """The rules whose points a step changes."""
    return [
        rule
        for rule in dict.fromkeys([*before, *after])
        if (before[rule].points if rule in before else 0) != (after[rule].points if rule in after else 0)
    ]
