"""Indexes by which a past day is found in records and their history, also those deleted since."""

from django.db import migrations

INDEXES = {
    "activity_was_performed": "crm_activity_history (performed_by_id, occurred_at)",
    "activity_was_stamped": "crm_activity_history (performed_by_id, recorded_at)",
    "activity_was_at_company": "crm_activity_history (company_id) WHERE company_id IS NOT NULL",
    "company_was_added": "crm_company_history (created_by_id, recorded_at)",
    "company_had_tax_key": "crm_company_history (tax_key) WHERE tax_key <> ''",
    "company_had_domain": "crm_company_history (domain_key) WHERE domain_key <> ''",
    "company_had_phone": "crm_company_history (phone_reversed) WHERE phone_reversed <> ''",
    "contact_by_creator": "crm_contact (created_by_id, recorded_at)",
    "contact_was_added": "crm_contact_history (created_by_id, recorded_at)",
    "deal_by_creator": "crm_deal (created_by_id, recorded_at)",
    "deal_was_added": "crm_deal_history (created_by_id, recorded_at)",
    "deal_was_won": "crm_deal_history (first_won_by_id, first_won_at) WHERE first_won_at IS NOT NULL",
    "deal_lost_by": "crm_deal (changed_by_id, closed_at) WHERE status = 'lost'",
    "deal_was_lost_by": "crm_deal_history (changed_by_id, closed_at) WHERE status = 'lost'",
    "task_was_added": "crm_task_history (created_by_id, recorded_at)",
}


class Migration(migrations.Migration):
    dependencies = [("discipline", "0002_never_changed"), ("crm", "0002_history")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {where};", f"DROP INDEX {name};") for name, where in INDEXES.items()
    ]
