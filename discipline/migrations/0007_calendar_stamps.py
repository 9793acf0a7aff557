"""Days of a calendar say since when they held and until when, so that a past window reads them as they were."""

from django.db import migrations, models
from django.db.models import Q

import crm.history.fields
from crm.history.sql import stamped, stamped_back

ALWAYS = "2000-01-01 00:00+00"
"""What stands before days had stamps held for every day there was."""


class Migration(migrations.Migration):
    dependencies = [("discipline", "0006_money_steps")]

    operations = [
        migrations.AddField("calendarday", "recorded_at", crm.history.fields.StampField(
            db_default=crm.history.fields.DaybookNow(), editable=False,
        )),
        migrations.AddField("calendarday", "approved_at", crm.history.fields.StampField(editable=False, null=True)),
        migrations.AddField("calendarday", "removed", models.BooleanField(default=False)),
        migrations.AddField("calendarday", "removed_at", crm.history.fields.StampField(editable=False, null=True)),
        migrations.AlterModelOptions("calendarday", {"ordering": ["calendar", "day", "pk"]}),
        migrations.RemoveConstraint("calendarday", "calendar_day_once"),
        migrations.AddConstraint("calendarday", models.UniqueConstraint(
            fields=["calendar", "day"], condition=Q(removed=False), name="calendar_day_stands_once",
        )),
        migrations.RunSQL(
            f"UPDATE discipline_calendarday SET recorded_at = '{ALWAYS}', approved_at = CASE WHEN approved_by_id IS NOT NULL "
            f"THEN '{ALWAYS}'::timestamptz END",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            stamped(
                "discipline_calendarday",
                frozen=("calendar", "day", "kind", "ends_at", "name"),
                moments={"approved_at": "NEW.approved_by_id IS NOT NULL", "removed_at": "NEW.removed"},
            ),
            stamped_back("discipline_calendarday"),
        ),
    ]  # fmt: skip
