"""Rows in bulk for the measurements: a person's clients, deals, tasks and calls, made by set-based SQL."""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import User
from crm.models import Stage

_COMPANIES = """
INSERT INTO crm_company (source, external_id, created_by_id, changed_by_id, name, name_key, folded, tax_number, tax_key, domain,
    domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note, completeness, validity)
SELECT 'manual', '', %(person)s, %(person)s, 'Company ' || n, 'company ' || n, 'company ' || n || ' lodz', '', '', '', '', '', '',
    '', '', 'Łódź', 'Poland', 'Food', 'EUR', %(person)s, '', 0.5, 0.5
FROM generate_series(1, %(count)s) n
RETURNING id
"""
_CONTACTS = """
INSERT INTO crm_contact (source, external_id, created_by_id, changed_by_id, name, name_key, folded, title, company_id, city,
    owner_id, note)
SELECT 'manual', '', %(person)s, %(person)s, 'Person ' || n, 'person ' || n, 'person ' || n, 'Buyer', id, '', %(person)s, ''
FROM unnest(%(companies)s::bigint[]) WITH ORDINALITY AS c(id, n)
RETURNING id
"""
_DEALS = """
INSERT INTO crm_deal (source, external_id, created_by_id, changed_by_id, title, folded, company_id, owner_id, stage_id,
    amount_minor, currency, status, competitor, note)
SELECT 'manual', '', %(person)s, %(person)s, 'Deal ' || n, 'deal ' || n, id, %(person)s,
    (%(stages)s::bigint[])[1 + n %% array_length(%(stages)s::bigint[], 1)], n * 1000, 'EUR', 'open', '', ''
FROM unnest(%(companies)s::bigint[]) WITH ORDINALITY AS c(id, n)
RETURNING id
"""
_TASKS = """
INSERT INTO crm_task (source, external_id, created_by_id, changed_by_id, kind, title, note, owner_id, due_at, due_has_time,
    deal_id, status, result, pushes, push_reason)
SELECT 'manual', '', %(person)s, %(person)s, 'call', 'Task ' || n, '', %(person)s, now() + n * interval '1 hour', true, id, 'open',
    '', 0, ''
FROM unnest(%(deals)s::bigint[]) WITH ORDINALITY AS d(id, n)
"""
_ACTIVITIES = """
INSERT INTO crm_activity (source, external_id, created_by_id, changed_by_id, kind, direction, occurred_at, seconds, result, note,
    performed_by_id, company_id, contact_id)
SELECT 'manual', '', %(person)s, %(person)s, 'call', 'out', now() - n * interval '7 minutes', 120, 'reached', 'Talked.',
    %(person)s, (%(companies)s::bigint[])[n], (%(contacts)s::bigint[])[n]
FROM generate_series(1, array_length(%(companies)s::bigint[], 1)) n
"""


def fill_desk(person: User, stages: list[Stage], count: int) -> None:
    """Give `person` `count` companies, each with a contact, an open deal with a task, and a call."""
    values: dict[str, Any] = {"person": person.pk, "count": count, "stages": [stage.pk for stage in stages]}
    with connection.cursor() as cursor:
        for name, statement in (("companies", _COMPANIES), ("contacts", _CONTACTS), ("deals", _DEALS)):
            cursor.execute(statement, values)
            values[name] = [row[0] for row in cursor.fetchall()]
        cursor.execute(_TASKS, values)
        cursor.execute(_ACTIVITIES, values)
        cursor.execute("ANALYZE")
