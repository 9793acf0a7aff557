"""Sets up, inside the production form, one seller with a contact and a day that waits to be closed.

`python -m tests.production.company` prints what the smoke test needs to know, as JSON.
"""

import json
import os
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any

import django


def main() -> None:
    """Make the company as it stood five days ago, so that days have passed since which nobody has closed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from crm.history.clock import movable, show

    then = datetime.combine(datetime.now(UTC).date() - timedelta(days=5), time(8), UTC)
    with movable():
        show(then)
        print(json.dumps(make(then)))


def make(then: datetime) -> dict[str, Any]:
    """Make coordinator, head, seller, team, rules and a contact through the services, at `then`."""
    from accounts.models import Role, User
    from accounts.services import memberships, people, teams
    from crm.services import contacts
    from discipline.models import Mode
    from discipline.services import assignments, policies, schemes

    password, on = secrets.token_urlsafe(16), then.date()
    coordinator = User.objects.create_superuser("coordinator@smoke.example", password, full_name="Coordinator")
    head = people.add(by=coordinator, at=then, email="head@smoke.example", full_name="Head", role=Role.HEAD, zone="UTC")
    seller = people.add(
        by=coordinator,
        at=then,
        email="seller@smoke.example",
        full_name="Seller",
        role=Role.MANAGER,
        language="en",
        zone="UTC",
        password=password,
    )
    team = teams.add(by=coordinator, name="Smoke", head=head)
    policies.set_policy(team=team, by=coordinator, at=then, on=on, deadline=time(18), zone="UTC", mode=Mode.LIVE)
    scheme = schemes.factory(by=coordinator, at=then)
    memberships.place(user=seller, team=team, on=on, by=coordinator)
    week = range(1, 8)
    assignments.assign(user=seller, team=team, scheme=scheme, on=on, workdays=list(week), by=coordinator, at=then)
    contact = contacts.add(by=seller, at=then, name="Smoke Contact")
    return {"email": seller.email, "password": password, "contact": contact.pk}


if __name__ == "__main__":
    main()
