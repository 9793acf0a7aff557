"""Currencies beside the usual ones stay what they are."""

import pytest
from django.urls import reverse

from crm.models import CompanySettings
from tests.factories.crm import make_company, make_deal, make_stage

pytestmark = pytest.mark.django_db
CHOSEN = '<option value="CHF" selected>CHF</option>'


def test_a_form_offers_the_currency_that_the_record_has(cast, sign_in):
    client = sign_in(cast.manager)
    for record in (make_company(cast.manager, currency="CHF"), make_deal(cast.manager, currency="CHF")):
        noun = record._meta.model_name
        assert CHOSEN in client.get(reverse(f"crm:{noun}-edit", args=[record.pk])).content.decode()


def test_a_new_deal_begins_in_the_companys_currency(cast, sign_in):
    CompanySettings.objects.create(pk=1, currency="CHF")
    make_stage()
    assert CHOSEN in sign_in(cast.manager).get(reverse("crm:deal-new")).content.decode()
