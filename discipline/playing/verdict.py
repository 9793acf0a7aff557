"""Compares what a story expects with the cards that were written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from discipline.models import LedgerEntry, Scorecard, ScoreLine
from discipline.playing.player import Played
from discipline.playing.story import Story, StoryError, day_of

Row = tuple[str, str, str, str]
"""Where, what was expected, what is, and whether they agree."""


def cards(story: Story) -> list[dict[str, Any]]:
    """Every card of the span, with its lines and evidence, as plain values."""
    found = Scorecard.objects.filter(day__range=(story.first, story.last)).select_related("user")
    return [_card(card) for card in found.order_by("day", "user__full_name")]


def _card(card: Scorecard) -> dict[str, Any]:
    return {
        "who": card.user.full_name,
        "day": card.day.isoformat(),
        "cutoff": _utc(card.cut_off),
        "points": card.points,
        "posted": _posted(card),
        "proposed": _proposed(card),
        "lines": [_line(line) for line in card.lines.order_by("position")],
    }


def _line(line: ScoreLine) -> dict[str, Any]:
    return {
        "rule": line.code,
        "value": None if line.value is None else float(line.value),
        "threshold": float(line.threshold),
        "result": line.result,
        "reason": line.reason,
        "points": line.points,
        "evidence": line.evidence,
    }


def compare(story: Story, played: Played) -> list[Row]:
    """One row per expectation; a last column that is empty means agreement."""
    rows: list[Row] = []
    for expected in story.expect:
        rows += _compare_card(expected, played)
    return rows


def _compare_card(expected: Mapping[str, Any], played: Played) -> list[Row]:
    who, day = str(expected["who"]), day_of(expected["day"])
    user = played.world.person(who)
    found = list(Scorecard.objects.filter(user=user, day=day))
    where = f"{who} {day}"
    if expected.get("card") == "none":
        return [_row(f"{where} card", "none", "none" if not found else "a card")]
    if not found:
        return [_row(f"{where} card", "a card", "none")]
    actual = _card(found[0])
    rows = [
        _row(f"{where} {key}", expected[key], actual[key])
        for key in ("points", "posted", "proposed")
        if key in expected
    ]
    if "cutoff" in expected:
        rows.append(_row(f"{where} cutoff", _utc(_instant(expected["cutoff"])), actual["cutoff"]))
    if "cards" in expected:
        rows.append(_row(f"{where} cards", expected["cards"], len(found)))
    if "postings" in expected:
        rows.append(_row(f"{where} postings", expected["postings"], _postings(user.pk, day)))
    return rows + _compare_lines(where, expected.get("lines") or {}, actual["lines"])


def _compare_lines(where: str, expected: Mapping[str, Any], lines: list[dict[str, Any]]) -> list[Row]:
    actual = {line["rule"]: line["result"] for line in lines}
    return [_row(f"{where} {code}", result, actual.get(code, "no such rule")) for code, result in expected.items()]


def _row(where: str, expected: Any, actual: Any) -> Row:
    return where, str(expected), str(actual), "" if str(expected) == str(actual) else "differs"


def _posted(card: Scorecard) -> int:
    """What reached the ledger for a card: what the person got, less what he gave back."""
    person = f"person:{card.user_id}"
    entries = LedgerEntry.objects.filter(card=card).values_list("credit", "points")
    return sum(points if credit == person else -points for credit, points in entries)


def _proposed(card: Scorecard) -> int:
    """What the program itself proposes to correct of a card."""
    return sum(card.adjustments.filter(proposed_by__isnull=True).values_list("delta", flat=True))


def _postings(user_id: int, day: date) -> int:
    return LedgerEntry.objects.filter(user=user_id, day=day).count()


def _instant(value: Any) -> datetime:
    """A cut-off as the file wrote it; without an offset it is UTC."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise StoryError(f"The cut-off {value} is no time.") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
