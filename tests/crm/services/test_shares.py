"""Shares: the record's own people lend it, nobody lends on what he was lent."""

import pytest

from accounts.refusals import NotAllowed
from crm.models import Company, Contact, Deal, Share
from crm.services import shares
from tests.factories.crm import make_company, make_contact, make_deal

pytestmark = pytest.mark.django_db
MAKERS = [(make_company, Company), (make_contact, Contact), (make_deal, Deal)]


@pytest.fixture
def share(cast, clock):
    def one(record, with_=None, by=None):
        return shares.share(record=record, with_=with_ or cast.stranger, by=by or cast.manager, at=clock.now)

    return one


@pytest.mark.parametrize(("make", "model"), MAKERS)
def test_a_shared_record_is_in_the_colleagues_lists_until_the_share_ends(share, cast, clock, make, model):
    record = make(cast.manager)
    lent = share(record)
    assert share(record, by=cast.head) == lent
    assert model.objects.visible_to(cast.stranger).get() == record
    shares.unshare(share=lent, by=cast.manager, at=clock.now)
    assert not model.objects.visible_to(cast.stranger).exists()


@pytest.mark.parametrize(("make", "model"), MAKERS)
@pytest.mark.parametrize("who", ["teammate", "stranger", "owner", "admin"])
def test_only_its_own_people_share_a_record(share, cast, make, model, who):
    with pytest.raises(NotAllowed):
        share(make(cast.manager), with_=cast.teammate, by=getattr(cast, who))


def test_what_is_lent_is_not_lent_on(share, cast):
    company = make_company(cast.manager)
    share(company)
    with pytest.raises(NotAllowed):
        share(company, with_=cast.teammate, by=cast.stranger)


@pytest.mark.parametrize("who", ["manager", "owner", "admin"])
def test_a_record_is_shared_with_a_colleague_who_works_with_clients(share, cast, who):
    with pytest.raises(shares.ShareRefused):
        share(make_company(cast.manager), with_=getattr(cast, who), by=cast.head)


def test_the_colleague_may_end_a_share_and_others_may_not(share, cast, clock):
    lent = share(make_company(cast.manager))
    with pytest.raises(NotAllowed):
        shares.unshare(share=lent, by=cast.teammate, at=clock.now)
    shares.unshare(share=lent, by=cast.stranger, at=clock.now)
    assert not Share.objects.exists()
