"""Tags, products in deals, groups, stages and files leave a trace of when they were there.

Nobody wrote down since when those that are there already have been: a tag and a product count from when their company and deal
were recorded, a file from its upload, groups and stages always. Days closed before asked for none of them and stay as they are.
"""

from django.db import migrations

from crm.history.presence import presence, presence_back

ALWAYS = "'-infinity'::timestamptz"
KEPT = (
    {
        "table": "crm_company_tags", "periods": "crm_companytagperiod", "key": ("company_id", "tag_id"),
        "columns": {"company_id": "company_id", "tag_id": "tag_id"},
        "since": "(SELECT recorded_at FROM crm_company WHERE id = t.company_id)",
    },
    {
        "table": "crm_dealproduct", "periods": "crm_dealproductperiod", "key": ("deal_id", "product_id"),
        "columns": {"deal_id": "deal_id", "product_id": "product_id"},
        "since": "(SELECT recorded_at FROM crm_deal WHERE id = t.deal_id)",
    },
    {
        "table": "crm_product", "periods": "crm_productgroupperiod", "key": ("id",),
        "columns": {"id": "product_id", "group": '"group"'}, "since": ALWAYS,
    },
    {
        "table": "crm_stage", "periods": "crm_stageperiod", "key": ("id",),
        "columns": {"id": "stage_id", "pipeline_id": "pipeline_id"}, "since": ALWAYS,
    },
    {
        "table": "crm_file", "periods": "crm_fileperiod", "key": ("id",),
        "columns": {
            "id": "file_id", "name": "name", "deal_id": "deal_id", "task_id": "task_id", "uploaded_by_id": "uploaded_by_id",
        },
        "since": "t.uploaded_at",
    },
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("crm", "0006_presence")]

    operations = [
        *(
            migrations.RunSQL(presence(**kept), presence_back(table=kept["table"], periods=kept["periods"]))
            for kept in KEPT
        ),
        migrations.RunSQL(
            "CREATE INDEX company_was_owned ON crm_company_history (owner_id, to_at);", "DROP INDEX company_was_owned;"
        ),
    ]
