"""A clean transfer is stamped by the database and never changed."""

from django.db import migrations

from crm.history.sql import stamped, stamped_back


class Migration(migrations.Migration):
    dependencies = [("crm", "0004_clean_transfers")]

    operations = [
        migrations.RunSQL(stamped("crm_cleantransfer", frozen=(), final="true"), stamped_back("crm_cleantransfer")),
    ]
