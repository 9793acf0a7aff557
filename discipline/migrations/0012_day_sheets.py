"""Each card once more as one short row, for pages that show many of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from crm.history.sql import append_only
from discipline.sql import DAY_SHEETS

BACK = "DROP TRIGGER a_no_change ON discipline_daysheet; DROP TRIGGER a_no_truncate ON discipline_daysheet;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_calendar_addresses"),
        ("discipline", "0011_table_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DaySheet",
            fields=[
                ("card", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="sheet", serialize=False, to="discipline.scorecard")),
                ("day", models.DateField()),
                ("name", models.CharField(max_length=150)),
                ("points", models.IntegerField()),
                ("lines", models.JSONField(default=list)),
                ("team", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team")),
                ("user", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["team", "day"], name="day_sheet_by_team")],
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="day_sheet_once")],
            },
        ),
        migrations.RunSQL(DAY_SHEETS.format(which="IS NOT NULL"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("discipline_daysheet"), BACK),
    ]
