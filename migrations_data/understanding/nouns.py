"""What can be imported: the kinds of tables and, for each, the fields that a column may fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from migrations_data.understanding.words import FIELDS, KINDS


class Type(StrEnum):
    """How the values of a field read. The value is stored with the columns of a sheet.

    Figures and sums are those of the company's own fields: numbers with a fraction, and amounts that no column is checked against.
    A moment is a day with its time when the cell has one. A mark is set or not.
    """

    TEXT = "text"
    NAME = "name"
    MONEY = "money"
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    MOMENT = "moment"
    MAIL = "mail"
    PHONE = "phone"
    COUNTRY = "country"
    FIGURE = "figure"
    SUM = "sum"
    MARK = "mark"


@dataclass(frozen=True)
class Field:
    """A field that a column may fill. `weight` says how much finding it speaks for this kind of table; `words` are the folded
    headers under which it is found; several columns may fill one that is `many`. `case` says whose name it is, "person" or "firm":
    one in capitals or small letters alone is put right."""

    name: str
    label: Any
    type: Type = Type.TEXT
    weight: float = 1
    many: bool = False
    words: tuple[str, ...] = ()
    case: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of table. One of each group in `needs` must be filled by a column, else its rows say nothing."""

    name: str
    label: Any
    icon: str
    needs: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]
    words: tuple[str, ...]


def _kind(name: str, label: Any, icon: str, *, needs: tuple[tuple[str, ...], ...], fields: tuple[Field, ...]) -> Kind:
    known = {field.name: replace(field, words=FIELDS[name][field.name]) for field in fields}
    return Kind(name, label, icon, needs, known, KINDS[name])


KEY = Field("key", _("Key in the old system"))
NOTE = Field("note", _("Note"), many=True)

COMPANIES = _kind(
    "companies",
    _("Companies"),
    "building",
    needs=(("name",),),
    fields=(
        KEY,
        Field("name", _("Name"), Type.NAME, case="firm"),
        Field("tax_number", _("Tax number"), weight=2),
        Field("domain", _("Website"), weight=1.5),
        Field("phone", _("Phone"), Type.PHONE),
        Field("email", _("E-mail"), Type.MAIL),
        Field("address", _("Address")),
        Field("postcode", _("Postcode")),
        Field("region", _("Region")),
        Field("city", _("City")),
        Field("country", _("Country"), Type.COUNTRY),
        Field("industry", _("Industry"), weight=2),
        Field("employees", _("Employees"), Type.NUMBER, weight=2),
        Field("founded", _("Founded in"), Type.YEAR, weight=2),
        Field("revenue", _("Yearly revenue"), Type.MONEY, weight=2),
        Field("currency", _("Currency"), weight=0.5),
        Field("parent", _("Part of"), Type.NAME, weight=1.5),
        Field("owner", _("Owner"), Type.NAME),
        Field("vip", _("Important client (VIP)"), weight=0.5),
        NOTE,
    ),
)

CONTACTS = _kind(
    "contacts",
    _("Contacts"),
    "address-book",
    needs=(("name", "first_name", "last_name"),),
    fields=(
        KEY,
        Field("name", _("Name"), Type.NAME, case="person"),
        Field("first_name", _("First name"), weight=1.5, case="person"),
        Field("last_name", _("Last name"), weight=2, case="person"),
        Field("title", _("Position"), weight=1.5),
        Field("company", _("Company"), Type.NAME),
        Field("phone", _("Phone"), Type.PHONE, many=True),
        Field("email", _("E-mail"), Type.MAIL, many=True),
        Field("city", _("City")),
        Field("owner", _("Owner"), Type.NAME),
        NOTE,
    ),
)

PRODUCTS = _kind(
    "products",
    _("Products"),
    "package",
    needs=(("name",),),
    fields=(
        KEY,
        Field("name", _("Name"), Type.NAME, weight=1.5),
        Field("group", _("Group"), weight=1.5),
        Field("price", _("Price"), Type.MONEY, weight=2),
    ),
)

PEOPLE = _kind(
    "people",
    _("People who work here"),
    "users",
    needs=(("name", "first_name", "last_name"),),
    fields=(
        KEY,
        Field("name", _("Name"), Type.NAME, weight=1.5, case="person"),
        Field("first_name", _("First name"), case="person"),
        Field("last_name", _("Last name"), case="person"),
        Field("email", _("E-mail"), Type.MAIL),
        Field("team", _("Team"), weight=2),
        Field("head", _("Head"), Type.NAME, weight=2),
    ),
)

DEALS = _kind(
    "deals",
    _("Deals"),
    "currency-euro",
    needs=(("title", "product", "company", "contact", "key"), ("stage", "amount", "closed", "opened")),
    fields=(
        KEY,
        Field("title", _("Title")),
        Field("company", _("Company"), Type.NAME),
        Field("contact", _("Contact"), Type.NAME),
        Field("product", _("Product"), Type.NAME),
        Field("owner", _("Owner"), Type.NAME),
        Field("stage", _("Stage or outcome"), weight=3),
        Field("amount", _("Amount"), Type.MONEY, weight=2),
        Field("currency", _("Currency"), weight=0.5),
        Field("opened", _("Opened on"), Type.DATE, weight=2),
        Field("closed", _("Closed on"), Type.DATE, weight=2),
        Field("expected_close", _("Expected close"), Type.DATE, weight=2),
        Field("loss_reason", _("Reason of the loss"), weight=2),
        Field("competitor", _("Competitor"), weight=2),
        NOTE,
    ),
)

PURCHASES = _kind(
    "purchases",
    _("Purchases"),
    "truck-delivery",
    needs=(("company", "tax_number", "contact"), ("day",), ("amount",)),
    fields=(
        KEY,
        Field("number", _("Document"), weight=2),
        Field("company", _("Company"), Type.NAME),
        Field("contact", _("Contact"), Type.NAME),
        Field("tax_number", _("Tax number"), weight=1.5),
        Field("day", _("Day"), Type.DATE, weight=2),
        Field("amount", _("Amount"), Type.MONEY, weight=2),
        Field("currency", _("Currency"), weight=1.5),
        Field("kind", _("Shipment or payment")),
        Field("product", _("Product"), Type.NAME),
    ),
)

TASKS = _kind(
    "tasks",
    _("Tasks"),
    "checkbox",
    needs=(("title", "note"),),
    fields=(
        KEY,
        Field("title", _("What to do"), weight=1.5),
        Field("company", _("Company"), Type.NAME),
        Field("contact", _("Contact"), Type.NAME),
        Field("deal", _("Deal"), Type.NAME),
        Field("owner", _("Owner"), Type.NAME),
        Field("due", _("Due"), Type.MOMENT, weight=2),
        Field("done", _("Done on"), Type.MOMENT, weight=1.5),
        Field("kind", _("Kind"), weight=1.5),
        Field("status", _("Done or open"), weight=1.5),
        NOTE,
    ),
)

ACTIVITIES = _kind(
    "activities",
    _("Activities"),
    "history",
    needs=(("day",), ("company", "contact", "deal", "note")),
    fields=(
        KEY,
        Field("company", _("Company"), Type.NAME),
        Field("contact", _("Contact"), Type.NAME),
        Field("deal", _("Deal"), Type.NAME),
        Field("owner", _("Owner"), Type.NAME),
        Field("day", _("Day"), Type.MOMENT, weight=1.5),
        Field("kind", _("Kind"), weight=2),
        Field("result", _("Result"), weight=2),
        NOTE,
    ),
)

ALL: Mapping[str, Kind] = {
    kind.name: kind for kind in (PRODUCTS, PEOPLE, COMPANIES, CONTACTS, DEALS, PURCHASES, TASKS, ACTIVITIES)
}
"""In the order of loading: what others refer to comes first."""
