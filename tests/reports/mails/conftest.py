"""Reports by mail at a time of the test's choice: set up, told, delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from notifications.models import Message
from notifications.services import relay
from reports.models import Report, ReportMail, ReportShare
from reports.services import mailing, report_mails
from tests.fixtures import Clock

BY_OWNER = {"source": "deals", "rows": ["owner"], "period": {"kind": "all"}, "show": "bar"}
SET_UP = "2026-10-20 10:00"
"""A Tuesday."""


@pytest.fixture
def report(cast: Any) -> Report:
    """Open to everybody who sells, and to the head whose it is."""
    made = Report.objects.create(user=cast.head, name="Deals by owner", definition=BY_OWNER)
    for role in ("manager", "head"):
        ReportShare.objects.create(report=made, role=role)
    return made


@pytest.fixture
def set_up(cast: Any, clock: Clock, report: Report) -> Callable[..., ReportMail]:
    """A report by mail of the head, set up on a Tuesday at ten: every Monday at eight to his manager, unless said otherwise."""

    def make(*people: User, **more: Any) -> ReportMail:
        facts = {
            "report": None if "screen" in more else report,
            "rhythm": "weekly",
            "hour": time(8),
            "with_excel": False,
        }
        facts |= {"people": people or [cast.manager], "by": cast.head, "at": clock.set(SET_UP)} | more
        return report_mails.put(**facts)  # type: ignore[arg-type]

    return make


@pytest.fixture
def run_at(clock: Clock) -> Callable[..., int]:
    """Move the clock and look once what is due; how many people were told."""

    def run(wall: str, zone: str = "Europe/Warsaw") -> int:
        return mailing.run(now=clock.set(wall, zone))

    return run


@pytest.fixture
def mail_at(run_at: Callable[..., int], clock: Clock) -> Callable[[str], list[Any]]:
    """The same, and empty the outbox; the letters that went out."""

    def run(wall: str) -> list[Any]:
        before = len(mail.outbox)
        run_at(wall)
        relay.deliver_waiting(at=clock.now)
        return mail.outbox[before:]

    return run


@pytest.fixture
def told() -> Callable[[User], list[str]]:
    """The kinds and days of what somebody was told of reports."""

    def ask(person: User) -> list[str]:
        kinds = ("report_due", "report_now", "owner_week")
        rows = Message.objects.visible_to(person).filter(kind__in=kinds).order_by("pk")
        return [f"{one.kind} {one.context['day']}" for one in rows]

    return ask
