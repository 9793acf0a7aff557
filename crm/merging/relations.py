"""What hangs on a client, and what becomes of it when the client becomes part of another. The one list: what is not on it stops a merge.

    move   goes over to the one that stays
    join   goes over unless he has the same already; then it stays behind with the merged record
    keep   stays: history and periods say what was, and triggers write them

A relation is named by its model and field. Apps above this one are named here too, by their labels alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from crm.history.timelines import Timeline
from crm.models import Company, Contact

MODELS: dict[str, Any] = {"company": Company, "contact": Contact}


class Fate(StrEnum):
    MOVE = "move"
    JOIN = "join"
    KEEP = "keep"


@dataclass(frozen=True)
class Relation:
    """`beside` is the column that may stand once beside the client, for those that join."""

    label: str
    fate: Fate
    beside: str = ""

    @property
    def model(self) -> Any:
        return apps.get_model(self.label.rpartition(".")[0])

    @property
    def field(self) -> str:
        return self.label.rpartition(".")[2]


class UnknownRelation(Refused):
    """Something new hangs on clients, and nobody has decided what a merge does with it."""

    code = "unknown_relation"
    message = _(
        "Something is kept with clients that merging does not know yet. Nothing was changed. Tell your administrator."
    )


def _list(noun: str, fate: Fate, *names: str) -> list[Relation]:
    """Relations of this app; a name is "Model", "Model.field" or "Model:beside"."""
    made = []
    for name in names:
        model, _colon, beside = name.partition(":")
        label = model if "." in model else f"{model}.{noun}"
        made.append(Relation(f"crm.{label}", fate, beside))
    return made


# In the order in which other writers lock: contacts, deals, tasks, activities.
RELATIONS: dict[str, list[Relation]] = {
    "company": [
        *_list(
            "company", Fate.MOVE, "Company.parent", "Contact", "Employment", "Deal", "Task", "Activity", "Contract", "Complaint",
            "Purchase", "File",
        ),
        *_list("company", Fate.JOIN, "Company_tags:tag", "Share:user", "MassTask:mass"),
        *_list("company", Fate.KEEP, "TaskPeriod", "CompanyTagPeriod"),
    ],
    "contact": [
        *_list("contact", Fate.JOIN, "Employment:", "Deal_contacts:deal"),
        *_list("contact", Fate.MOVE, "Task", "Activity", "Complaint", "File"),
        *_list(
            "contact", Fate.JOIN, "Activity_others:activity", "ContactPhone:reversed", "ContactEmail:address", "Contact_tags:tag",
            "Share:user",
        ),
    ],
}  # fmt: skip

BY_NUMBER = {
    "crm.CustomEntry.record": "written by a trigger from the record itself",
    "crm.DuplicateSearch.record": "how far the search has come",
    "crm.QueueMark.record": "what somebody did on a day",
    "migrations_data.ImportRow.record_id": "what a row of a file became; the import follows merges itself",
    "migrations_data.ImportChange.record_id": "what an import did to a record; one that was touched since stays when it is undone",
    "migrations_data.ImportQuestion.record_id": "who a row was said to be; the import follows merges itself",
    "migrations_data.AuditLine.record_id": "what was wrong with a record as it came; that of a merged one is listed no more",
}
"""Columns that name records by their number alone; none of them is touched."""


def hanging_on(noun: str) -> Iterator[str]:
    """The labels of all relations to a noun, of all the apps there are; the views of old versions are history and stay."""
    for relation in MODELS[noun]._meta.get_fields(include_hidden=True):
        leads_here = relation.auto_created and not relation.concrete and not relation.many_to_many
        if leads_here and not issubclass(relation.related_model, Timeline):
            yield f"{relation.related_model._meta.label}.{relation.field.name}"


@cache
def unknown(noun: str) -> frozenset[str]:
    """Relations to a noun that are not on the list."""
    return frozenset(hanging_on(noun)) - {relation.label for relation in RELATIONS[noun]}


def check_known(noun: str) -> None:
    """Raise UnknownRelation when something hangs on the noun that is not on the list."""
    if unknown(noun):
        raise UnknownRelation
