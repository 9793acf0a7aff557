"""A record is given only to somebody who works with clients."""

import pytest

from crm.services import companies, contacts, deals, tasks
from crm.services.base import NotASeller
from tests.factories.crm import make_company, make_contact, make_deal, make_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["owner", "admin"])
@pytest.mark.parametrize("noun", ["company", "contact", "deal", "task"])
def test_neither_owner_nor_coordinator_is_given_a_record(cast, clock, noun, who):
    make = {"company": make_company, "contact": make_contact, "deal": make_deal}
    record = make_task(cast.manager, clock.now) if noun == "task" else make[noun](cast.manager)
    give = {"company": companies.give, "contact": contacts.give, "deal": deals.give, "task": tasks.give}[noun]
    with pytest.raises(NotASeller):
        give(**{noun: record}, to=getattr(cast, who), by=cast.manager, at=clock.now)
    record.refresh_from_db()
    assert record.owner == cast.manager
