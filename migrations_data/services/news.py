"""Telling whoever imports that it is through, and what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from migrations_data.models import Import, Status
from migrations_data.reconciling.standing import standing
from notifications.services.messages import tell


@transaction.atomic
def finish(*, of: Import, at: datetime) -> None:
    """Note that a run is through and tell so, once. One that was cancelled meanwhile stays as it is."""
    if not Import.objects.filter(pk=of.pk, status=Status.RUNNING).update(status=Status.DONE, finished_at=at):
        return
    of.refresh_from_db()
    found = standing(of)
    counts = {
        name: found.totals[name]
        for name in ("created", "updated", "skipped", "merged", "asked", "rejected", "left_out")
    }
    tell(
        recipient=of.created_by,
        kind="import_done",
        key=f"import_done:{of.pk}:{at:%Y-%m-%dT%H:%M:%S}",
        at=at,
        context={
            **found.figures,
            **counts,
            "files": [file.name for file in of.files.all()],
            "lost": [one.name for one in found.missing[:10]],
            "important": [one.name for one in found.important.blocking()[:10]],
            "sums_agree": all(one.agrees for one in found.checks),
        },
        url=reverse("migrations_data:import-report", args=[of.pk]),
    )
