"""Leave, corrections, sign-offs and whatever else scoring reads is stamped by the database and keeps what it said."""

from django.db import migrations

from crm.history.sql import append_only, stamped, stamped_back
from discipline import sql

STAMPED = {
    "discipline_leave": {
        "frozen": ("user_id", "kind", "from_at", "until_at", "asked_by_id"),
        "moments": {"approved_at": "NEW.status = 'approved'", "cancelled_at": "NEW.status = 'cancelled'"},
    },
    "discipline_outage": {
        "frozen": ("source", "team_id", "from_at", "until_at", "declared_by_id"), "moments": {"withdrawn_at": "NEW.withdrawn"},
    },
    "discipline_priority": {
        "frozen": ("user_id", "day", "place", "task_id"), "moments": {"dropped_at": "NEW.dropped"},
    },
    "discipline_adjustment": {
        "frozen": ("key", "kind", "user_id", "card_id", "line_id", "delta", "proposed_by_id"),
        "final": "OLD.status IN ('approved', 'refused')",
    },
    "discipline_appeal": {"frozen": ("line_id", "user_id", "text"), "final": "OLD.status = 'refused'"},
    "discipline_rewardclaim": {"frozen": ("reward_id", "user_id", "points"), "final": "OLD.status <> 'asked'"},
    "discipline_deadlineshift": {"frozen": (), "final": "true"},
    "discipline_plan": {"frozen": (), "final": "true"},
    "discipline_signoff": {"frozen": (), "final": "true", "stamp": "signed_at"},
    "discipline_cardreview": {"frozen": (), "final": "true", "stamp": "reviewed_at"},
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("discipline", "0004_control_system"), ("crm", "0005_clean_transfers_stay")]

    operations = [
        *(migrations.RunSQL(stamped(table, **how), stamped_back(table)) for table, how in STAMPED.items()),
        migrations.RunSQL(append_only("discipline_ledgerhead"), "DROP TRIGGER a_no_change ON discipline_ledgerhead; DROP TRIGGER a_no_truncate ON discipline_ledgerhead;"),
        migrations.RunSQL(sql.LEDGER_SEAL_AGAIN, sql.LEDGER_SEAL_AGAIN_BACK),
    ]
