"""What a stage said of its deals leaves a trace: how likely they were to be won, and when they went cold.

Nobody wrote down what it was before, so what was there counts by the stage as it is today.
"""

from django.db import migrations, models

from crm.history.presence import presence, presence_back

STAGES = {"table": "crm_stage", "periods": "crm_stageperiod"}
PLACES = {"id": "stage_id", "pipeline_id": "pipeline_id"}
RULES = {"probability": "probability", "cold_after_days": "cold_after_days"}
BEFORE = presence(**STAGES, columns=PLACES, key=("id",))
KEPT = presence(**STAGES, columns={**PLACES, **RULES}, key=("id",))
FILL = """
UPDATE crm_stageperiod p SET probability = s.probability, cold_after_days = s.cold_after_days
FROM crm_stage s WHERE s.id = p.stage_id
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0021_downloads")]

    operations = [
        migrations.RunSQL(presence_back(**STAGES), BEFORE),
        migrations.AddField("stageperiod", "probability", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("stageperiod", "cold_after_days", models.PositiveSmallIntegerField(default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, presence_back(**STAGES)),
    ]
