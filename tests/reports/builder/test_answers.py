"""A report gives each cell and each total exactly, for what its reader may see."""

import pytest

from accounts.models import User
from reports.builder import Answer, Definition, answer
from tests.factories.crm import make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db


def asked(user: User, clock: Clock, **said: object) -> Answer:
    said.setdefault("period", {"kind": "all"})
    return answer(Definition.of({"source": "deals", **said}), user, clock.now)


def shown(found: Answer) -> dict[str, str]:
    return {row.label: found.cell(row.path).shown for row in found.rows}


def test_a_head_counts_the_deals_of_his_people_by_owner(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager)
    make_deal(cast.manager)
    make_deal(cast.teammate)
    make_deal(cast.stranger)
    found = asked(cast.head, clock, rows=["owner"])
    assert shown(found) == {"Anna Manager": "2", "Tomasz Teammate": "1"}
    assert found.total.count == 3
