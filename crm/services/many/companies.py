"""Companies by the thousand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm import keys
from crm.models import Company, CompanySettings, Tag
from crm.services import companies
from crm.services.base import allow, check_filled
from crm.services.many.base import BATCH, NOBODY, check_keeper, insert, origin, own_of, put
from crm.services.text import cleaned


def company(
    *,
    by: User,
    home: CompanySettings,
    owner: User,
    external_id: str,
    name: str,
    former: Collection[int] = NOBODY,
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Company:
    """A company to be added. Raises Refused with the field that it belongs to."""
    words = cleaned(Company, {"currency": home.currency, "name": name, **facts})
    check_filled(words["name"], companies.NAMELESS, field="name")
    check_keeper(owner, former)
    draft = Company(owner=owner, **origin(by, external_id), **words, **own_of(Company, custom, by))
    put(draft, keys.company_keys(draft, home.country))
    return draft


@transaction.atomic
def add_companies(*, by: User, at: datetime, drafts: Sequence[Company]) -> None:
    allow(by, Permission.IMPORT_RUN)
    insert(drafts)


@transaction.atomic
def put_tags(*, by: User, at: datetime, wanted: Mapping[str, Sequence[Company]]) -> None:
    """Mark companies with tags by their names, whatever the case; a tag that is not there is made. None is taken off."""
    allow(by, Permission.IMPORT_RUN)
    there = {tag.name.casefold(): tag for tag in Tag.objects.all()}
    new = [Tag(name=name[:40]) for name in wanted if name.casefold() not in there]
    there |= {tag.name.casefold(): tag for tag in Tag.objects.bulk_create(new)}
    through = Company.tags.through
    rows = [through(company=one, tag=there[name.casefold()]) for name, marked in wanted.items() for one in marked]
    through._default_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
