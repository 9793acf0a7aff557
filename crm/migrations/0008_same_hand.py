"""Who changed a record changes only together with what he changed, so that nobody takes over what somebody else did."""

from importlib import import_module

from django.db import migrations

from crm.history import sql

history = import_module("crm.migrations.0002_history")


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_presence_kept")]

    operations = [
        migrations.RunSQL(
            sql.keeping(table, columns, frozen=history.FROZEN.get(table, ())), migrations.RunSQL.noop
        )
        for table, columns in history.TRACKED.items()
    ]
