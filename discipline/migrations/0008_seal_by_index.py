"""Sealing an entry costs the same however many entries are posted at once."""

from django.db import migrations

from discipline import sql


class Migration(migrations.Migration):
    dependencies = [("discipline", "0007_calendar_stamps")]

    operations = [migrations.RunSQL(sql.LEDGER_SEAL_BY_INDEX, sql.LEDGER_SEAL_BY_INDEX_BACK)]
