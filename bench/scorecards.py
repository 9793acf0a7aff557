"""The team's day of thirty people and ten rules with its sparklines: statements, buffers, and the page written by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from bench.pages import PLAIN
from bench.workplace import SHELL, asked_of, buffers_of, seconds_of, written_of
from config.scratch import scratch_database
from discipline.models import Scheme, SchemeVersion

Write = Callable[[str], object]
PEOPLE, RULES, DAYS = 30, 10, 60
TEAMS = {"S": 4, "M": 20, "L": 67}
LAST = date(2026, 11, 20)
CARDS = """
INSERT INTO discipline_scorecard (user_id, team_id, day, version_id, mode, zone, window_from, cut_off, horizon, scheduled, absent,
    ramp, signed, points, posted, inputs_hash)
SELECT m.user_id, m.team_id, d.day, %(version)s, 'live', 'Europe/Warsaw', d.day + time '18:00' - interval '1 day',
    d.day + time '18:00', d.day + time '18:30', 540, 0, 100, true, m.user_id %% 21 - 10, 0, ''
FROM unnest(%(days)s::date[]) AS d (day), accounts_membership m ORDER BY d.day, m.team_id, m.user_id
"""
SHEETS = """
INSERT INTO discipline_daysheet (card_id, user_id, team_id, day, name, points, lines)
SELECT c.id, c.user_id, c.team_id, c.day, u.full_name, c.points, (
    SELECT jsonb_agg(jsonb_build_array('R' || n, 'conversations', 'Rule number ' || n, (c.id + n) %% 40 / 2.0,
        CASE (c.id + n) %% 5 WHEN 0 THEN 'missed' ELSE 'met' END, CASE (c.id + n) %% 5 WHEN 0 THEN -2 ELSE 1 END, true, false))
    FROM generate_series(1, %(rules)s) n)
FROM discipline_scorecard c JOIN accounts_user u ON u.id = c.user_id ORDER BY c.id
"""
DAYS_CLOSED = """
INSERT INTO discipline_teamday (team_id, day, cards, points, met, missed)
SELECT team_id, day, count(*), sum(points), 0, 0 FROM discipline_scorecard GROUP BY team_id, day
"""
MOST_BUFFERS, MOST_STATEMENTS, MOST_TIMES = 300, 2, 2.5


def run(write: Write, size: str = "") -> bool:
    """Print the figures of one team's day among many; False when a count is out of bounds."""
    size = size or os.environ.get("SIZE", "S")
    with override_settings(STORAGES=PLAIN), scratch_database():
        owner = _fill(TEAMS[size])
        team = Team.objects.order_by("pk")[TEAMS[size] // 2]
        address = f"{reverse('discipline:team-day')}?team={team.pk}&day={LAST.isoformat()}"
        asked = asked_of(owner, address)
        statements, buffers = len(asked) - SHELL, sum(buffers_of(sql) for sql in asked)
        fits = statements <= MOST_STATEMENTS and buffers <= MOST_BUFFERS
        write(f"size {size}: {TEAMS[size]} teams of {PEOPLE}, {RULES} rules, {DAYS} days")
        write(f"statements {statements} (bound {MOST_STATEMENTS}), buffers {buffers} (bound {MOST_BUFFERS})")
        client = Client(SERVER_NAME="localhost")
        client.force_login(owner)
        sqls = [sql.replace("%", "%%") for sql in asked]
        whole, floor = seconds_of(lambda: client.get(address)), seconds_of(lambda: written_of(sqls))
        write(f"page {whole * 1000:.1f} ms, by hand {floor * 1000:.1f} ms: {whole / floor:.1f} x (bound {MOST_TIMES})")
    return fits


def _fill(teams: int) -> User:
    """A company of `teams` teams with their closed days; its owner."""
    for number in range(teams):
        team = Team.objects.create(name=f"Team {number}", path=f"{number + 1:06}.")
        people = [
            User(
                email=f"p{number}-{n}@daybook.example",
                full_name=f"Person {number} {n}",
                role=Role.MANAGER,
                password="",
            )
            for n in range(PEOPLE)
        ]
        made = User.objects.bulk_create(people)
        Membership.objects.bulk_create(Membership(user=one, team=team, starts_on=date(2026, 1, 5)) for one in made)
    owner = User.objects.create_user("bench@daybook.example", "not-asked-for", full_name="Olga Owner", role=Role.OWNER)
    version = SchemeVersion.objects.create(scheme=Scheme.objects.create(name="Bench"), number=1)
    days = [day for n in range(DAYS * 2) if (day := LAST - timedelta(days=n)).isoweekday() < 6][:DAYS]
    with connection.cursor() as cursor:
        cursor.execute(CARDS, {"version": version.pk, "days": days})
        cursor.execute(SHEETS, {"rules": RULES})
        cursor.execute(DAYS_CLOSED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return owner
