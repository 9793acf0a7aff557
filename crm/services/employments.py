"""Dated employments of contacts: at most one without an end."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from crm.models import Company, Contact, Employment


class NotYet(Refused):
    """Employments say where somebody works now and worked before, day after day."""

    code = "not_yet"
    field = "on"
    message = _("Choose a day up to today and not before the present employment began.")


def present(contact: Contact) -> Employment | None:
    return contact.employments.filter(ends_on__isnull=True).first()


def begin(contact: Contact, company: Company | None, *, on: date | None) -> None:
    """Start an employment with the contact's present title; `on` is None when the day is not known."""
    if company is not None:
        Employment.objects.create(contact=contact, company=company, title=contact.title, starts_on=on)


def end(contact: Contact, *, on: date) -> None:
    """End the present employment, if any, so that `on` is the first day without it."""
    employment = present(contact)
    if employment is None:
        return
    if employment.starts_on is not None and employment.starts_on > on:
        raise NotYet
    employment.ends_on = on
    employment.save(update_fields=["ends_on"])


def rename(contact: Contact, title: str) -> None:
    """Correct the position in the present employment."""
    employment = present(contact)
    if employment is not None and employment.title != title:
        employment.title = title
        employment.save(update_fields=["title"])
