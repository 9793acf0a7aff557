"""The jobs of the CRM. Every task may run twice or late: the database says what is missing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.services import downloads, duplicate_search, merges


@shared_task
def find_duplicates() -> None:
    """Take over what came to merged clients at the last moment, and look who may be there twice."""
    now = timezone.now()
    merges.gather_late(at=now)
    duplicate_search.run(at=now)


@shared_task(soft_time_limit=3000, time_limit=3060)
def write_download(*, download_id: int) -> None:
    """Write a file that somebody asked for; one that is written already, or by somebody else just now, is left alone."""
    downloads.carry_on(download_id=download_id, at=timezone.now())


@shared_task
def look_after_downloads() -> None:
    """Take up files whose task was lost or whose worker died, and take away those that were kept long enough."""
    for download_id in downloads.waiting():
        write_download.delay(download_id=download_id)
    downloads.tidy(at=timezone.now())
