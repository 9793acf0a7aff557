"""System checks of the ground that scores stand on."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from crm.history.clock import is_genuine


@register(Tags.database)
def stamps_come_from_the_real_clock(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """An installation whose stamps can be set could be backdated: say so before it serves anybody."""
    if (
        not databases
        or connection.alias not in databases
        or "crm_activity" not in connection.introspection.table_names()
    ):
        return []
    if is_genuine():
        return []
    return [
        Error(
            "The database's clock was replaced: stamps could be set by hand.",
            hint="A demo set-up was broken off. Run `python manage.py load_demo --mend-clock`, then check again.",
            id="crm.E001",
        )
    ]
