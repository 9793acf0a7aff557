"""History of the new columns, and of contracts, complaints and purchases."""

from importlib import import_module

from django.db import migrations

from crm.history import sql

history = import_module("crm.migrations.0002_history")
RECORDED = "id source external_id created_by_id changed_by_id recorded_at changed_at deleted_at"
CUSTOM = {"custom": "jsonb NOT NULL DEFAULT '{}'"}
WIDENED = {
    "crm_company": {"added": CUSTOM},
    "crm_contact": {"added": CUSTOM},
    "crm_deal": {"added": CUSTOM},
    "crm_activity": {
        "added": {"device_at": "timestamptz"}, "frozen": (*history.FROZEN["crm_activity"], "device_at"),
    },
}  # fmt: skip
TRACKED = {
    "crm_contract": f"""{RECORDED} company_id deal_id title number owner_id starts_on ends_on remind_days amount_minor
        currency status reminder_id renewal_id note""".split(),
    "crm_complaint": f"""{RECORDED} kind company_id contact_id deal_id product_id subject note owner_id amount_minor
        currency due_at task_id status answer closed_at""".split(),
    "crm_purchase": f"""{RECORDED} kind company_id deal_id product_id number day amount_minor currency""".split(),
}


class Migration(migrations.Migration):
    dependencies = [("crm", "0009_workplace")]

    operations = [
        *(
            migrations.RunSQL(
                sql.widened(table, history.TRACKED[table], **more),
                sql.widened_back(
                    table, history.TRACKED[table], added=more["added"], frozen=history.FROZEN.get(table, ())
                ),
            )
            for table, more in WIDENED.items()
        ),
        *(
            migrations.RunSQL(sql.tracked(table, columns), sql.tracked_back(table))
            for table, columns in TRACKED.items()
        ),
    ]
