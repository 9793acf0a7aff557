"""Indexes for every order in which the list of deals can be read."""

from datetime import UTC, date, datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

LIVE = models.Q(deleted_at__isnull=True)
FAR = datetime(9999, 12, 30, tzinfo=UTC)
KEYS = {
    "deal_by_close": Coalesce("expected_close", models.Value(date(9999, 12, 31), output_field=models.DateField())),
    "deal_by_step": Coalesce("next_task_due", models.Value(FAR, output_field=models.DateTimeField())),
    "deal_by_amount": Coalesce("amount_minor", models.Value(-1, output_field=models.BigIntegerField())),
}


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_card_tallies")]

    operations = [
        migrations.AddIndex("deal", models.Index(fields=["folded", "id"], name="deal_by_title", condition=LIVE)),
        *(
            migrations.AddIndex("deal", models.Index(key, "id", name=name, condition=LIVE))
            for name, key in KEYS.items()
        ),
    ]
