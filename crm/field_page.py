"""What the page of own fields shows: the fields of each noun, how they are filled in, those that were retired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from crm.custom.usage import filled
from crm.forms.field_settings import KIND_ICONS
from crm.models import CustomField, CustomKind, Noun

SHOWN_OPTIONS = 4
NOUNS: dict[str, tuple[Any, str, Any, dict[str, Any]]] = {
    Noun.COMPANY: (
        gettext_lazy("Companies"), "building", gettext_lazy("For example a grade: Gold, Silver or Bronze."),
        {"kind": "choice", "label": gettext_lazy("Grade"), "options": [gettext_lazy("Gold"), gettext_lazy("Silver"), gettext_lazy("Bronze")]},
    ),
    Noun.CONTACT: (
        gettext_lazy("Contacts"), "address-book", gettext_lazy("For example the birthday, to call on the right day."),
        {"kind": "date", "label": gettext_lazy("Birthday")},
    ),
    Noun.DEAL: (
        gettext_lazy("Deals"), "currency-euro", gettext_lazy("For example the number of vehicles."),
        {"kind": "number", "label": gettext_lazy("Vehicles")},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One field, ready to draw."""

    field: CustomField
    icon: str
    kind: str
    options: str
    count: int
    first: bool = False
    last: bool = False

    @property
    def filled(self) -> str:
        said = {"n": formats.number(self.count)}
        return ngettext("%(n)s record", "%(n)s records", self.count) % said if self.count else formats.DASH


@dataclass(frozen=True)
class Section:
    """The fields of one noun."""

    noun: str
    title: str
    icon: str
    rows: list[Row]
    retired: list[Row]
    example: str
    example_url: str


def sections() -> list[Section]:
    """Companies, contacts, deals: two statements for all."""
    counts = filled()
    fields = list(CustomField.objects.all())
    return [_section(noun, [field for field in fields if field.noun == noun], counts) for noun in NOUNS]


def _section(noun: str, fields: list[CustomField], counts: dict[tuple[str, str], int]) -> Section:
    title, icon, example, begun = NOUNS[noun]
    active = [field for field in fields if field.is_active]
    rows = [_row(field, counts, first=place == 0, last=place == len(active) - 1) for place, field in enumerate(active)]
    query = urlencode({"noun": noun, **begun}, doseq=True)
    return Section(
        noun=noun,
        title=str(title),
        icon=icon,
        rows=rows,
        retired=[_row(field, counts) for field in fields if not field.is_active],
        example=str(example),
        example_url=f"{reverse('crm:field-new')}?{query}",
    )


def _row(field: CustomField, counts: dict[tuple[str, str], int], *, first: bool = False, last: bool = False) -> Row:
    kind = CustomKind(field.kind)
    return Row(
        field=field,
        icon=KIND_ICONS[kind],
        kind=capfirst(str(kind.label)),
        options=_options(field.options),
        count=counts.get((field.noun, field.key), 0),
        first=first,
        last=last,
    )


def _options(options: list[str]) -> str:
    """ "Gold, Silver, Bronze, Wood and 3 more"."""
    listed = ", ".join(options[:SHOWN_OPTIONS])
    more = len(options) - SHOWN_OPTIONS
    return _("%(options)s and %(n)s more") % {"options": listed, "n": more} if more > 0 else listed
