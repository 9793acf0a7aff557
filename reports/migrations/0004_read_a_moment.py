"""Indexes by which figures find what was lost and bought, and of history what was still in force at a moment.

History is written in the order in which versions end: what was in force at a moment lies behind it, block by block.
"""

from django.db import migrations

INDEXES = {
    "deal_lost_when": "crm_deal (closed_at) WHERE status = 'lost'",
    "deal_won_when": "crm_deal (first_won_at) WHERE first_won_at IS NOT NULL",
    "deal_was_at_company": "crm_deal_history (company_id) WHERE company_id IS NOT NULL",
    "purchase_was_at_company": "crm_purchase_history (company_id)",
    **{
        f"{noun}_ended_when": f"crm_{noun}_history USING brin (to_at) WITH (autosummarize = on)"
        for noun in ("company", "deal", "complaint")
    },
}


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_reading_moments"), ("crm", "0022_stage_rules"), ("discipline", "0003_read_a_day")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where};", f"DROP INDEX {name};") for name, where in INDEXES.items()
    ]
