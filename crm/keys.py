"""The derived columns of companies, contacts and deals: what they are found, sorted and compared by. Nobody else fills them."""

from __future__ import annotations

from collections.abc import Iterable

from crm import names, phones, tax
from crm.countries import code_of
from crm.folding import domain_of, fold
from crm.models import Company, Contact, Deal
from crm.quality import completeness, validity

COMPANY_KEYS = ("name_key", "tax_key", "domain_key", "phone_reversed", "folded", "completeness", "validity")
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com", "gmx.com",
    "gmx.de", "web.de", "proton.me", "protonmail.com", "wp.pl", "o2.pl", "onet.pl", "op.pl", "interia.pl", "gazeta.pl",
    "tlen.pl", "mail.ru", "inbox.ru", "list.ru", "bk.ru", "yandex.ru", "ya.ru", "rambler.ru", "ukr.net", "hotmail.es",
    "yahoo.es", "telefonica.net",
})  # fmt: skip
"""Where anybody has an address: such a domain says nothing about whose company it is."""


def own_domain(*texts: str) -> str:
    """The first domain among a site and addresses that belongs to a company and not to a mail provider."""
    found = (domain_of(text) for text in texts)
    return next((domain for domain in found if domain and domain not in FREE_MAIL), "")[:200]


def company_keys(company: Company, home: str) -> dict[str, object]:
    """The derived columns of a company; `home` is the installation's country, for numbers without a prefix."""
    country = code_of(company.country) or home
    return {
        "name_key": names.key(company.name),
        "tax_key": tax.key(company.tax_number, country),
        "domain_key": own_domain(company.domain, company.email),
        "phone_reversed": phones.key(company.phone, country) if company.phone else "",
        "folded": words_of(company.name, company.domain, company.email, company.tax_number, company.city),
        "completeness": completeness(company),
        "validity": validity(company, home),
    }


def contact_keys(contact: Contact, emails: Iterable[str], company: str) -> dict[str, str]:
    """The derived columns of a contact with these e-mails, working for the company of that name."""
    return {
        "name_key": fold(contact.name)[:200],
        "folded": words_of(contact.name, contact.title, *emails, company),
    }


def deal_keys(deal: Deal, company: str) -> dict[str, str]:
    """The derived columns of a deal with the company of that name."""
    return {"folded": words_of(deal.title, company)}


def words_of(*texts: str) -> str:
    """The folded words of all the texts, each once, in order."""
    return " ".join(dict.fromkeys(word for text in texts for word in fold(text).split()))
