"""Every client that the files name, in SQL: one line for each row and each client in it, with the records that came of it.

Companies and contacts name themselves; deals, purchases, tasks and activities name whose they are, and contacts their company. Where
a company should stand may stand a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrations_data.models import ImportSheet
from migrations_data.reconciling import cells
from migrations_data.understanding.words import EMPTY, ERRORS

NOTHING = sorted(EMPTY | ERRORS)
"""What stands for no client, in lower case."""
TABLES = {
    "contacts": "crm_contact", "deals": "crm_deal", "purchases": "crm_purchase", "tasks": "crm_task", "activities": "crm_activity",
}  # fmt: skip
"""Where the records are that say which company, or which contact, they belong to."""
OF_DEAL = "(SELECT max(m.contact_id) FROM crm_deal_contacts m WHERE m.deal_id = t.id)"
PERSON = {"deals": OF_DEAL, "tasks": "t.contact_id", "activities": "t.contact_id"}
"""The contact that such a record (`t`) belongs to."""
COUNTED = frozenset({"deals", "purchases", "tasks", "activities"})
"""What speaks for how much is going on with a client."""
WORTH = {"deals": "amount", "purchases": "amount"}
IDENTITY = frozenset(
    {"key", "name", "first_name", "last_name", "company", "contact", "domain", "email", "phone", "address", "owner", "title"}
)  # fmt: skip
"""Columns in which the word VIP is part of a name."""
MARK = r"(^|[^[:alnum:]])(vip|вип)([^[:alnum:]]|$)"
LONGEST_MARK = 40
"""A mark stands at the beginning of a cell; further on in a long one the word is part of a story."""
NO = ("", "0", "no", "n", "nie", "нет", "false", "falsch", "fałsz", "ложь", "-", "–", "—")


@dataclass(frozen=True)
class Way:
    """How the rows of a sheet name a client: `own` when the row is about the client itself."""

    sheet: ImportSheet
    noun: str
    text: str
    own: bool = False
    key: str = "''"


def ways(sheets: Sequence[ImportSheet]) -> list[Way]:
    """All ways in which these sheets name clients."""
    return [way for sheet in sheets if sheet.kind for way in _ways(sheet)]


def _ways(sheet: ImportSheet) -> list[Way]:
    at = {
        name: cells.place(sheet, name)
        for name in ("key", "name", "first_name", "last_name", "company", "contact", "tax_number")
    }
    key = cells.text(at["key"])
    if sheet.kind == "companies":
        return [Way(sheet, "company", cells.text(at["name"]), own=True, key=key)]
    found = []
    if sheet.kind == "contacts":
        whole = f"concat_ws(' ', NULLIF({cells.text(at['first_name'])}, ''), NULLIF({cells.text(at['last_name'])}, ''))"
        found.append(
            Way(sheet, "contact", cells.text(at["name"]) if at["name"] is not None else whole, own=True, key=key)
        )
    if sheet.kind not in TABLES:
        return found
    companies = [cells.text(at["company"])] if at["company"] is not None else []
    if sheet.kind == "purchases" and at["tax_number"] is not None:
        companies.append(cells.text(at["tax_number"]))
    if companies:
        found.append(Way(sheet, "company", cells.first_of(companies)))
    if at["contact"] is not None and sheet.kind in PERSON:
        found.append(Way(sheet, "contact", cells.text(at["contact"])))
    return found


def lines(found: Sequence[Way]) -> str:
    """The SQL of all these lines: sheet, noun, own, said, alias, worth, revenue, times, vip, number, outcome, key, company, contact."""
    return "\nUNION ALL\n".join(_lines(way) for way in found)


def _lines(way: Way) -> str:
    sheet, joined = way.sheet, ""
    company, contact = ("r.record_id", "NULL") if way.noun == "company" else ("NULL", "r.record_id")
    if not way.own:
        joined = f"LEFT JOIN {TABLES[sheet.kind]} t ON t.id = r.record_id"
        person = PERSON.get(sheet.kind, "NULL")
        company, contact = "t.company_id", f"CASE WHEN t.company_id IS NULL THEN {person} END"
        company, contact = ("NULL", person) if way.noun == "contact" else (company, contact)
    first = way.noun == "company" or cells.place(sheet, "company") is None
    worth = cells.amount(sheet, WORTH[sheet.kind]) if sheet.kind in WORTH and first else "NULL::numeric"
    revenue = cells.amount(sheet, "revenue") if way.own and way.noun == "company" else "NULL::numeric"
    return f"""
SELECT {sheet.pk} AS sheet, '{way.noun}' AS noun, {way.own} AS own, {way.text} AS said, {way.key} AS alias, {worth} AS worth,
    {revenue} AS revenue, {int(sheet.kind in COUNTED)} AS times, {_vip(sheet)} AS vip, r.number, r.outcome, r.key,
    ({company})::bigint AS company, ({contact})::bigint AS contact
FROM migrations_data_importrow r {joined}
WHERE r.sheet_id = {sheet.pk} AND r.part = ''"""


def _vip(sheet: ImportSheet) -> str:
    """Whether the row marks its client as VIP: in a column called so, or by the word in a column that is no name."""
    marked = [column for column in sheet.columns if column["field"] == "vip" or _called_vip(column["name"])]
    others = [column for column in sheet.columns if column not in marked and column["field"] not in IDENTITY]
    said = [
        f"lower({cells.text(column['index'])}) NOT IN ({_list(NO)})"
        for column in marked
        if column["field"] not in IDENTITY
    ]
    if others:
        among = " OR ".join(
            f"lower(left({cells.text(column['index'])}, {LONGEST_MARK})) ~ '{MARK}'" for column in others
        )
        said.append(f"(lower(r.cells::text || COALESCE(r.fixes::text, '')) ~ 'vip|вип' AND ({among}))")
    return f"({' OR '.join(said)})" if said else "FALSE"


def _called_vip(name: str) -> bool:
    return any(word in name.casefold() for word in ("vip", "вип"))


def _list(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
