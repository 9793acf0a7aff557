"""The timetable. Every entry only looks what is due and may run twice or late: rows in the database carry the truth."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox": {"task": "notifications.tasks.deliver", "schedule": 60.0},
}
