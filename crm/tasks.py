"""The jobs of the CRM. Every task may run twice or late: the database says what is missing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.services import duplicate_search, merges


@shared_task
def find_duplicates() -> None:
    """Take over what came to merged clients at the last moment, and look who may be there twice."""
    now = timezone.now()
    merges.gather_late(at=now)
    duplicate_search.run(at=now)
