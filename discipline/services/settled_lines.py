"""The lines of a draft: whose entries it takes, and what they come to. In as many statements for two people as for two thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.refusals import Refused
from discipline.models import EntryKind, PayRule, Settlement, SettlementLine
from discipline.pay_book import PayBook
from discipline.services.bulk import insert
from discipline.services.locks import lock_accounts
from discipline.settling import money_for
from discipline.unsettled import HOME, MOVED

NAMED = 4
"""So many open days are named in a refusal."""

OPEN_DAYS = """
SELECT t.name, d::date FROM (
    SELECT DISTINCT a.team_id, d FROM discipline_assignment a
    CROSS JOIN LATERAL generate_series(
        GREATEST(a.starts_on, %(first)s)::timestamp, LEAST(COALESCE(a.ends_on - 1, %(last)s), %(last)s)::timestamp, interval '1 day'
    ) AS d
    WHERE a.user_id = ANY(%(people)s)
) AS worked JOIN accounts_team t ON t.id = worked.team_id
WHERE EXISTS (
    SELECT FROM discipline_teampolicy p
    WHERE p.team_id = worked.team_id AND p.starts_on <= d AND (p.ends_on IS NULL OR d < p.ends_on)
) AND NOT EXISTS (SELECT FROM discipline_teamday x WHERE x.team_id = worked.team_id AND x.day = d)
ORDER BY d, t.path
"""

OPEN_ENTRIES = f"""
SELECT e.id, e.user_id, e.kind, {MOVED}, l.met, l.missed, e.day > %(last)s
FROM discipline_ledgerentry e LEFT JOIN discipline_scorecard c ON c.id = e.card_id AND e.kind = 'card'
LEFT JOIN LATERAL (
    SELECT sum(points) FILTER (WHERE points > 0) AS met, sum(points) FILTER (WHERE points < 0 AND c.mode = 'live') AS missed
    FROM discipline_scoreline WHERE card_id = c.id
) l ON true
WHERE e.user_id = ANY(%(people)s) AND e.kind <> 'settlement' AND (e.day <= %(last)s OR e.kind IN ('reward', 'reward_back'))
  AND NOT EXISTS (SELECT FROM discipline_settledentry s WHERE s.entry_id = e.id)
ORDER BY e.user_id, e.day, e.id
"""  # noqa: S608 - our own pieces, values always as parameters


class DaysOpen(Refused):
    """Points may still come for a day that is not closed."""

    code = "days_open"
    field = "last"


class NothingToSettle(Refused):
    code = "nothing_to_settle"
    message = _("Nobody has points to settle in these days. Choose a later last day, or another team.")


class NoRate(Refused):
    code = "no_rate"


class RateChanges(Refused):
    """One settlement is worked out by one rate."""

    code = "rate_changes"
    field = "last"


class TakenMeanwhile(Refused):
    code = "taken_meanwhile"
    message = _("Another settlement has just taken some of these points. Try again.")


class Taken:
    """The entries of one person, with their points by where they come from, and the rewards of later days apart."""

    def __init__(self) -> None:
        self.entries: list[int] = []
        self.later: list[int] = []
        self.points = self.later_points = 0
        self.parts = dict.fromkeys(("met", "missed", "corrections", "rewards"), 0)

    def add(self, entry: int, kind: str, points: int, met: int | None, missed: int | None, later: bool) -> None:
        if later:
            self.later.append(entry)
            self.later_points += points
            return
        self.entries.append(entry)
        self.points += points
        if kind == EntryKind.CARD:
            self.parts["met"] += met or 0
            self.parts["missed"] += missed or 0
        else:
            self.parts["corrections" if kind == EntryKind.ADJUSTMENT else "rewards"] += points

    def settle_rewards(self) -> bool:
        """Whether the person is settled now. Points spent since on rewards are not paid too; who has spent more than there is waits
        for the next settlement, with all his entries."""
        if self.points < 0 or self.later_points >= 0:
            return bool(self.entries)
        if self.points + self.later_points < 0:
            return False
        self.entries += self.later
        self.points += self.later_points
        self.parts["rewards"] += self.later_points
        return True


def work_out(settlement: Settlement) -> None:
    """Give a draft its lines and entries. Raises DaysOpen, NothingToSettle, NoRate, RateChanges and TakenMeanwhile."""
    homes = _homes(settlement)
    lock_accounts(homes)
    _refuse_open_days(settlement, list(homes))
    taken = _take(settlement, list(homes))
    if not taken:
        raise NothingToSettle
    rules = _rules(settlement, {homes[person] for person in taken})
    lines = [_line(settlement, person, homes[person], rules[homes[person]], one) for person, one in taken.items()]
    SettlementLine.objects.bulk_create(lines)
    rows = [(entry, line.pk) for line in lines for entry in taken[line.user_id].entries]
    columns = {"entry_id": "bigint", "line_id": "bigint"}
    if len(insert("discipline_settledentry", columns, rows, returning="entry_id")) != len(rows):
        raise TakenMeanwhile


def _homes(settlement: Settlement) -> dict[int, int]:
    """The people whom the settlement pays, with their team on its last day."""
    with connection.cursor() as cursor:
        cursor.execute(HOME, {"day": settlement.last, "people": None})
        homes = dict(cursor.fetchall())
    if settlement.team is None:
        return homes
    teams = set(Team.objects.filter(path__startswith=settlement.team.path).values_list("pk", flat=True))
    return {person: team for person, team in homes.items() if team in teams}


def _refuse_open_days(settlement: Settlement, people: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DAYS, {"first": settlement.first, "last": settlement.last, "people": people})
        found = cursor.fetchall()
    if not found:
        return
    named = ", ".join(f"{team} {date_format(day, 'j M')}" for team, day in found[:NAMED])
    more = _(" and %(n)s more") % {"n": len(found) - NAMED} if len(found) > NAMED else ""
    raise DaysOpen(
        _("Not closed yet: %(days)s%(more)s. Choose an earlier last day, or wait until they are.")
        % {"days": named, "more": more}
    )


def _take(settlement: Settlement, people: list[int]) -> dict[int, Taken]:
    """Every entry up to the last day that is not settled yet, by person."""
    taken: dict[int, Taken] = defaultdict(Taken)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ENTRIES, {"people": people, "last": settlement.last})
        for entry, person, *facts in cursor.fetchall():
            taken[person].add(entry, *facts)
    return {person: one for person, one in taken.items() if one.settle_rewards()}


def _rules(settlement: Settlement, teams: set[int]) -> Mapping[int, PayRule]:
    """The pay rule of each team; there must be one, the same from the first day to the last."""
    book = PayBook.read()
    names = dict(Team.objects.filter(pk__in=teams).values_list("pk", "name"))
    rules: dict[int, PayRule] = {}
    for team in sorted(teams):
        rule = book.on(team, settlement.last)
        if rule is None:
            said = _(
                "Nobody has said what a point is worth to %(team)s on %(day)s. Ask the owner to set the rate first."
            )
            raise NoRate(said % {"team": names[team], "day": _day(settlement.last)})
        changed = book.changes(team, settlement.first, settlement.last)
        if changed is not None:
            said = _(
                "The rate of %(team)s changes on %(day)s. Choose %(before)s as the last day, and settle the rest by itself."
            )
            before = _day(changed - timedelta(days=1))
            raise RateChanges(said % {"team": names[team], "day": _day(changed), "before": before})
        rules[team] = rule
    return rules


def _line(settlement: Settlement, person: int, team: int, rule: PayRule, taken: Taken) -> SettlementLine:
    worked = money_for(taken.points, rule)
    working: dict[str, Any] = {**worked.parts(), **taken.parts, "entries": len(taken.entries), "rule": rule.pk}
    return SettlementLine(
        settlement=settlement,
        user_id=person,
        team_id=team,
        points=taken.points,
        currency=rule.currency,
        amount_minor=worked.amount_minor,
        working=working,
    )


def _day(day: date) -> str:
    return date_format(day, "j M Y")
