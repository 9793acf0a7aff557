"""Many people with many days to close, made and looked at inside the production form.

`python -m tests.production.crowd make` makes them; `... check` closes what is left and says, as JSON, how everything stands.
"""

import json
import os
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any

import django

TEAMS, PEOPLE, DAYS = 10, 6, 60

EXPECTED = """
SELECT count(*) FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') d
WHERE extract(isodow FROM d) <= 5
"""
WRONG = """
SELECT c.id FROM discipline_scorecard c
LEFT JOIN (SELECT card_id, sum(points) AS points, count(*) AS lines FROM discipline_scoreline GROUP BY card_id) l ON l.card_id = c.id
LEFT JOIN (
    SELECT card_id, sum(CASE 'person:' || user_id WHEN credit THEN points ELSE -points END) AS points
    FROM discipline_ledgerentry WHERE kind = 'card' GROUP BY card_id
) p ON p.card_id = c.id
JOIN accounts_user u ON u.id = c.user_id
WHERE c.points IS DISTINCT FROM l.points OR c.posted <> COALESCE(p.points, 0)
    OR (u.email LIKE '%%@crowd.example' AND c.points <> c.posted)
"""


def main() -> None:
    """Do what the word on the command line says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps({"make": make, "check": check}[sys.argv[1]]()))


def make() -> dict[str, Any]:
    """Teams and people who signed the rules and then did nothing for weeks: each working day costs them points."""
    from accounts.models import Role, User
    from crm.history.clock import movable, show
    from discipline.models import Mode
    from discipline.services import assignments, policies, schemes, sign_offs

    on = datetime.now(UTC).date() - timedelta(days=DAYS)
    then = datetime.combine(on - timedelta(days=1), time(0), UTC)
    coordinator = User.objects.get(email="coordinator@smoke.example")
    with movable():
        show(then)
        version = schemes.publish(name="Crowd", rules=schemes.FACTORY, on=on, by=coordinator, at=then)
        for n in range(TEAMS):
            team = _team(n, coordinator)
            policies.set_policy(
                team=team,
                by=coordinator,
                at=then,
                on=on,
                deadline=time(18),
                zone="UTC",
                mode=Mode.LIVE,
                overridden=True,
            )
            for k in range(PEOPLE):
                person = User.objects.create_user(
                    f"p{n}-{k}@crowd.example", None, full_name=f"Person {n} {k}", role=Role.MANAGER, zone="UTC"
                )
                sign_offs.sign(version=version, by=person, at=then)
                assignments.assign(user=person, team=team, scheme=version.scheme, on=on, by=coordinator, at=then)
    return {"people": TEAMS * PEOPLE, "first": on.isoformat()}


def _team(n: int, coordinator: Any) -> Any:
    from accounts.services import teams

    return teams.add(by=coordinator, name=f"Crowd {n}")


def check() -> dict[str, Any]:
    """Try the dead days again as a coordinator would, close what is left, and count whatever does not fit."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from discipline.models import ClosingAttempt, Scorecard, TeamDay
    from discipline.services import attempts, ledger, planner, verification

    now = timezone.now()
    coordinator = User.objects.get(email="coordinator@smoke.example")
    dead = list(ClosingAttempt.objects.filter(dead_at__isnull=False).select_related("team"))
    for one in dead:
        attempts.retry(team=one.team, day=one.day, by=coordinator)
    planner.run(now=now)
    cards = Scorecard.objects.filter(user__email__endswith="@crowd.example")
    closed = TeamDay.objects.filter(team__name__startswith="Crowd")
    first, last = closed.earliest("day").day, closed.latest("day").day
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, {"first": first, "last": last})
        (workdays,) = cursor.fetchone()
        cursor.execute(WRONG, {})
        wrong = cursor.fetchall()
    days = sorted(set(cards.values_list("day", flat=True)))
    again = verification.run(now=now, days_back=days)
    return {
        "cards": cards.count(), "expected": workdays * TEAMS * PEOPLE, "team_days": closed.count(), "dead": len(dead),
        "wrong": len(wrong), "broken": ledger.verify(), "unbalanced": len(ledger.unbalanced()),
        "missing": len(planner.missing(now=now)), "computed_again": again.cards, "differing": again.findings.count(),
        "entries": again.entries,
    }  # fmt: skip


if __name__ == "__main__":
    main()
