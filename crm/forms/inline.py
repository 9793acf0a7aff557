"""The editor of one fact: the record's own edit form with everything else left out, so that rules are written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from crm.forms.companies import EditCompany
from crm.forms.contacts import EditContact
from crm.forms.deals import EditDeal
from crm.forms.records import STAMPS, EditForm
from crm.services import companies, contacts, deals

TOGETHER = {"revenue_minor": ("revenue_minor", "currency"), "amount_minor": ("amount_minor", "currency")}
"""An amount is asked for with its currency."""


@dataclass(frozen=True)
class Verb:
    """The form of a noun and the service that takes what it says."""

    form: Callable[..., EditForm]
    edit: Callable[..., Any]


VERBS: Mapping[str, Verb] = {
    "company": Verb(EditCompany, companies.edit),
    "contact": Verb(EditContact, contacts.edit),
    "deal": Verb(EditDeal, deals.edit),
}


def editor(noun: str, record: Any, user: User, name: str, *, data: Any = None, id: str = "") -> EditForm | None:
    """The form for one field; None when the person may not write it. `id` begins the ids of its inputs."""
    form = VERBS[noun].form(data, user=user, auto_id=f"{id}-%s", **{noun: record})
    if name not in form.fields:
        return None
    kept = {*TOGETHER.get(name, (name,)), *STAMPS}
    for other in [other for other in form.fields if other not in kept]:
        del form.fields[other]
    return form
