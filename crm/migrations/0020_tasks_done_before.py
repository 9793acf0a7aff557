"""Tasks that an import brings done keep the day on which they were."""

from django.db import migrations

from crm.history import periods


class Migration(migrations.Migration):
    dependencies = [("crm", "0019_tasks_for_records")]

    operations = [migrations.RunSQL(periods.TASK_DONE_BEFORE, periods.TASK_DONE_BEFORE_BACK)]
