"""Whether anything in the database changed.

The server counts the rows that a transaction has touched, which is asked after every request. Only where something was touched
are all rows of all tables read and compared: it may have been taken back.
"""

from __future__ import annotations

from functools import cache

from django.db import connection

LEFT_OUT = frozenset({"django_session", "django_migrations"})
TOUCHED = """
SELECT COALESCE(SUM(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE NOT relname = ANY(%s)
"""


def touched() -> int:
    """How many rows this transaction has written so far, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [list(LEFT_OUT)])
        return int(cursor.fetchone()[0])


@cache
def _statement() -> str:
    tables = sorted(set(connection.introspection.table_names()) - LEFT_OUT)
    parts = (f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t" for table in tables)
    return " UNION ALL ".join(parts)


def fingerprint() -> dict[str, str]:
    """Table -> the hash of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        return dict(cursor.fetchall())
