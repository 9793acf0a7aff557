"""The timetable. Every entry only looks what is due and may run twice or late: rows in the database carry the truth."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox": {"task": "notifications.tasks.deliver", "schedule": 60.0},
    "changes of access": {"task": "notifications.tasks.announce", "schedule": 60.0},
    "imports": {"task": "migrations_data.tasks.look_again", "schedule": 30.0},
    "downloads": {"task": "crm.tasks.look_after_downloads", "schedule": 30.0},
    "duplicates": {"task": "crm.tasks.find_duplicates", "schedule": 900.0},
    "days to close": {"task": "discipline.tasks.plan_days", "schedule": 600.0},
    "simulations": {"task": "discipline.tasks.resume_simulations", "schedule": 120.0},
    "alerts": {"task": "discipline.tasks.send_alerts", "schedule": 60.0},
    "figures": {"task": "reports.tasks.read_figures", "schedule": 600.0},
    "reports by mail": {"task": "reports.tasks.send_reports", "schedule": 60.0},
    "verification": {"task": "discipline.tasks.verify", "schedule": 3600.0},
}
