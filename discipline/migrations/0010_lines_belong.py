"""Lines are checked against their cards and rules all at once, where foreign keys did it one by one."""

import django.db.models.deletion
from django.db import migrations, models

from discipline import sql


class Migration(migrations.Migration):
    dependencies = [("discipline", "0009_fewer_indexes")]

    operations = [
        migrations.AlterField(
            model_name="scoreline",
            name="card",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines",
                to="discipline.scorecard",
            ),
        ),
        migrations.AlterField(
            model_name="scoreline",
            name="rule",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="discipline.rule",
            ),
        ),
        migrations.RunSQL(sql.LINES_BELONG, sql.LINES_BELONG_BACK),
    ]
