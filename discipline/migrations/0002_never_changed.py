"""Cards, snapshots and the ledger are only added to; entries are sealed; what is published stays."""

from django.db import migrations

from crm.history.sql import append_only
from discipline import sql

ADDED_TO = (
    "discipline_snapshot", "discipline_scorecard", "discipline_scoreline", "discipline_teamday", "discipline_ledgerentry",
)
BACK = "DROP TRIGGER a_no_change ON {0}; DROP TRIGGER a_no_truncate ON {0};"


class Migration(migrations.Migration):
    dependencies = [("discipline", "0001_initial"), ("crm", "0002_history")]

    operations = [
        *(migrations.RunSQL(append_only(table), BACK.format(table)) for table in ADDED_TO),
        migrations.RunSQL(sql.LEDGER_SEAL, sql.LEDGER_SEAL_BACK),
        migrations.RunSQL(sql.PUBLISHED_STAYS, sql.PUBLISHED_STAYS_BACK),
    ]
