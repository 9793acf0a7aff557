"""The people of a deal as its page shows them."""

import pytest
from django.urls import reverse

from crm.models import ContactPhone, Share
from tests.factories.crm import make_contact, make_deal

pytestmark = pytest.mark.django_db


def test_a_lent_deal_names_its_contacts_but_lends_neither_their_phones_nor_their_cards(cast, sign_in):
    deal = make_deal(cast.manager)
    contact = make_contact(cast.manager, "Elena Bauer")
    ContactPhone.objects.create(contact=contact, number="+48 600 100 200", reversed="00200100684", position=0)
    deal.contacts.add(contact)
    Share.objects.create(deal=deal, user=cast.stranger, shared_by=cast.manager)
    card = reverse("crm:contact", args=[contact.pk])
    page = reverse("crm:deal", args=[deal.pk])
    own = sign_in(cast.manager).get(page).content.decode()
    lent = sign_in(cast.stranger).get(page).content.decode()
    assert all(said in own for said in ("Elena Bauer", "600 100 200", card, 'name="spoke_with"'))
    assert "Elena Bauer" in lent
    assert not any(said in lent for said in ("600 100 200", card, 'name="spoke_with"'))
