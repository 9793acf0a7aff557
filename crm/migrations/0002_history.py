"""Starts the history: stamps, versions of every tracked record, and the periods of open deals and tasks."""

from django.db import migrations

from crm.history import periods, sql

COMPANY = (
    "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at name name_key "
    "tax_number tax_key domain domain_key phone phone_reversed email address city country industry "
    "employees founded revenue_minor currency parent_id owner_id note completeness validity "
).split()

CONTACT = (
    "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at name name_key "
    "title company_id city owner_id note "
).split()

DEAL = (
    "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at title company_id "
    "owner_id stage_id stage_since amount_minor currency expected_close status opened_at closed_at "
    "first_won_at first_won_by_id loss_reason_id competitor note "
).split()

TASK = (
    "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at kind title note "
    "owner_id due_at due_has_time company_id contact_id deal_id status result done_at pushes push_reason "
).split()

ACTIVITY = (
    "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at kind direction "
    "occurred_at seconds result note performed_by_id company_id contact_id deal_id task_id "
).split()

FROZEN = {"crm_activity": ("performed_by_id", "kind", "occurred_at", "source")}
TRACKED = {"crm_company": COMPANY, "crm_contact": CONTACT, "crm_deal": DEAL, "crm_task": TASK, "crm_activity": ACTIVITY}
OPEN_DEALS = {"table": "crm_deal", "periods": "crm_dealperiod"}
OPEN_TASKS = {"table": "crm_task", "periods": "crm_taskperiod"}
NOT_IN_THE_FUTURE = """
ALTER TABLE crm_activity ADD CONSTRAINT activity_not_in_the_future
    CHECK (occurred_at <= recorded_at + interval '5 minutes');
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(sql.tracked(table, columns, frozen=FROZEN.get(table, ())), sql.tracked_back(table))
            for table, columns in TRACKED.items()
        ),
        migrations.RunSQL(periods.DEAL_STAMPS, periods.DEAL_STAMPS_BACK),
        migrations.RunSQL(periods.TASK_STAMPS, periods.TASK_STAMPS_BACK),
        migrations.RunSQL(
            periods.open_periods(**OPEN_DEALS, key="deal_id", watched=["owner_id"]),
            periods.open_periods_back(**OPEN_DEALS),
        ),
        migrations.RunSQL(
            periods.open_periods(
                **OPEN_TASKS, key="task_id", watched=["owner_id", "deal_id", "company_id", "kind", "due_at"]
            ),
            periods.open_periods_back(**OPEN_TASKS),
        ),
        migrations.RunSQL(
            NOT_IN_THE_FUTURE, "ALTER TABLE crm_activity DROP CONSTRAINT activity_not_in_the_future;"
        ),
    ]
