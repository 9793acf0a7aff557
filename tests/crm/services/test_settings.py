import pytest

from accounts.refusals import NotAllowed
from crm.models import CompanySettings, NextStep
from crm.services import settings


def test_change_keeps_what_is_not_named(cast, clock):
    settings.change(by=cast.admin, at=clock.now, company_name="Elbe Pharma", country="DE")
    settings.change(by=cast.admin, at=clock.now, next_step=NextStep.MUST)
    current = CompanySettings.current()
    assert (current.company_name, current.country, current.next_step) == ("Elbe Pharma", "DE", "must")


@pytest.mark.parametrize("wrong", [{"currency": "XXQ"}, {"country": "QQ"}, {"next_step": "never"}])
def test_what_nobody_knows_is_refused_at_its_field(cast, clock, wrong):
    with pytest.raises(settings.UnknownChoice) as refused:
        settings.change(by=cast.admin, at=clock.now, **wrong)
    assert [refused.value.field] == list(wrong)
    assert not CompanySettings.objects.exists()


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_changes_them(cast, clock, who):
    with pytest.raises(NotAllowed):
        settings.change(by=getattr(cast, who), at=clock.now, company_name="Mine")
