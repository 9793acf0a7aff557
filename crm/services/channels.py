"""The phones and e-mails of a contact."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from crm import phones
from crm.models import CompanySettings, Contact, ContactEmail, ContactPhone

Phone = str | tuple[str, str]
"""A number, or a number with its label."""
MOST = 20
SHORTEST_NUMBER = 3
LONGEST_NUMBER, LONGEST_LABEL = 40, 30


class NotAPhone(Refused):
    code = "not_a_phone"
    field = "phones"
    message = _("Write the phone with digits, like +48 600 100 200.")


class NotAnEmail(Refused):
    code = "not_an_email"
    field = "emails"
    message = _("Write the e-mail like name@example.com.")


def put_phones(contact: Contact, numbers: Sequence[Phone]) -> None:
    """Let the contact have exactly these phones, in this order; empty ones and repeated ones are left out."""
    country = CompanySettings.current().country
    rows: dict[str, ContactPhone] = {}
    for entry in numbers[:MOST]:
        number, label = (entry, "") if isinstance(entry, str) else entry
        number = " ".join(number.split())
        if not number:
            continue
        key = phones.key(number, country)
        if len(key) < SHORTEST_NUMBER or len(number) > LONGEST_NUMBER:
            raise NotAPhone
        row = ContactPhone(
            contact=contact, number=number, reversed=key, label=label[:LONGEST_LABEL], position=len(rows)
        )
        rows.setdefault(key, row)
    contact.phones.all().delete()
    ContactPhone.objects.bulk_create(rows.values())


def put_emails(contact: Contact, addresses: Sequence[str]) -> None:
    """Let the contact have exactly these e-mails, in lower case, in this order; empty ones and repeated ones are left out."""
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses[:MOST] if address.strip()))
    for address in wanted:
        try:
            validate_email(address)
        except ValidationError:
            raise NotAnEmail from None
    contact.emails.all().delete()
    ContactEmail.objects.bulk_create(
        ContactEmail(contact=contact, address=address, position=position) for position, address in enumerate(wanted)
    )
