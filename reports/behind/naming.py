"""The names of records as they stood at a moment, and what they lead to: SQL beside a row `r` of a figure."""

from __future__ import annotations

from reports.figures import Noun

_COMPANY = """(SELECT c.name FROM crm_company_timeline c WHERE c.id = {of}.company_id AND c.from_at <= %(moment)s
    ORDER BY c.from_at DESC LIMIT 1)"""
_OVER = """CASE WHEN n.deal_id IS NOT NULL THEN 'deal' WHEN n.contact_id IS NOT NULL THEN 'contact' ELSE 'company' END,
    COALESCE(n.deal_id, n.contact_id, n.company_id)"""


def _of(table: str, name: str, whom: str, leads_to: str, leads_id: str, day: str) -> str:
    return f"""
SELECT {name} AS name, {whom} AS whom, {leads_to} AS leads_to, {leads_id} AS leads_id, {day} AS day
FROM {table} n WHERE n.id = r.id AND n.from_at <= %(moment)s ORDER BY n.from_at DESC LIMIT 1"""  # noqa: S608


def _thing(noun: str, name: str, *, whom: str = "''", day: str = "NULL::timestamptz", over: str = "") -> str:
    """The names of records that are kept with their history."""
    leads_to, leads_id = (over.split(",", 1)) if over else (f"'{noun}'", "n.id")
    return _of(f"crm_{noun}_timeline", name, whom, leads_to, leads_id, day)


NAMES: dict[Noun, str] = {
    Noun.COMPANY: _thing("company", "n.name", whom="n.city", day="n.recorded_at"),
    Noun.CONTACT: _thing("contact", "n.name", whom=_COMPANY.format(of="n"), day="n.recorded_at"),
    Noun.DEAL: _thing("deal", "n.title", whom=_COMPANY.format(of="n"), day="COALESCE(n.closed_at, n.opened_at)"),
    Noun.TASK: _thing("task", "n.title", whom=_COMPANY.format(of="n"), day="n.due_at", over=_OVER),
    Noun.ACTIVITY: _thing("activity", "n.kind", whom=_COMPANY.format(of="n"), day="n.occurred_at", over=_OVER),
    Noun.PURCHASE: _thing("purchase", "n.number", whom=_COMPANY.format(of="n"), day="n.day::timestamp AT TIME ZONE %(reader_zone)s"),
    Noun.COMPLAINT: _thing("complaint", "n.subject", whom=_COMPANY.format(of="n"), day="n.recorded_at"),
    Noun.CARD: """
SELECT t.name AS name, '' AS whom, 'card' AS leads_to, n.id AS leads_id, n.day::timestamp AT TIME ZONE %(reader_zone)s AS day
FROM discipline_scorecard n JOIN accounts_team t ON t.id = n.team_id WHERE n.id = r.id""",
    Noun.PLAN: """
SELECT n.metric AS name, '' AS whom, 'plan' AS leads_to, n.id AS leads_id, n.first::timestamp AT TIME ZONE %(reader_zone)s AS day
FROM discipline_plan n WHERE n.id = r.id""",
    Noun.PERSON: """
SELECT n.full_name AS name, '' AS whom, 'person' AS leads_to, n.id AS leads_id, NULL::timestamptz AS day
FROM accounts_user n WHERE n.id = r.id""",
}  # fmt: skip
PAGES = {
    "company": "crm:company",
    "contact": "crm:contact",
    "deal": "crm:deal",
    "purchase": "crm:purchase",
    "complaint": "crm:complaint",
    "card": "discipline:card",
}
"""Where a record leads; a plan leads to the plans, a person to his cards."""
