"""Declared outages: by whom, for whom, and what is refused with which field."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline.models import Outage
from discipline.services import outages

pytestmark = pytest.mark.django_db
FROM, UNTIL = datetime(2026, 10, 20, 9, tzinfo=UTC), datetime(2026, 10, 20, 11, tzinfo=UTC)


@pytest.fixture
def declare(clock, cast):
    def declaring(**facts):
        asked = {"source": "telephony", "from_at": FROM, "until_at": UNTIL, "reason": "Cable cut", "by": cast.admin}
        return outages.declare(at=clock.now, **(asked | facts))

    return declaring


def test_the_coordinator_declares_for_everybody_and_a_head_for_his_teams(declare, clock, cast):
    assert declare().recorded_at == clock.now
    assert declare(by=cast.head, team=cast.team).team == cast.team
    with pytest.raises(outages.TeamMissing) as refused:
        declare(by=cast.head)
    assert refused.value.field == "team"
    with pytest.raises(NotAllowed):
        declare(by=cast.head, team=cast.other_team)


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_nobody_else_declares(declare, cast, who):
    with pytest.raises(NotAllowed):
        declare(by=getattr(cast, who), team=cast.team)


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"until_at": FROM}, outages.EndsBeforeItStarts, "until_at"),
        ({"until_at": FROM + timedelta(days=40)}, outages.TooLong, "until_at"),
        ({"from_at": FROM + timedelta(days=40), "until_at": FROM + timedelta(days=41)}, outages.TooFarAhead, "from_at"),
        ({"source": "coffee"}, outages.UnknownSource, "source"),
        ({"reason": " "}, outages.ReasonMissing, "reason"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_saved(declare, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        declare(**facts)
    assert (refused.value.field, Outage.objects.count()) == (field, 0)


def test_a_declaration_is_withdrawn_never_changed(declare, clock, cast):
    outage = declare(by=cast.head, team=cast.team)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.filter(pk=outage.pk).update(source="mail")
    with pytest.raises(NotAllowed):
        outages.withdraw(outage=outage, by=cast.other_head, at=clock.now)
    later = clock.set("2026-10-20 12:00")
    assert outages.withdraw(outage=outage, by=cast.head, at=later).withdrawn_at == later
    assert outages.withdraw(outage=outage, by=cast.head, at=clock.set("2026-10-20 13:00")).withdrawn_at == later
