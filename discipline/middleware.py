"""The web process keeps an eye on the timetable, which cannot tell of its own silence."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from discipline.services import watching

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between two looks of one process."""
PATIENCE = 1_800.0
"""A process that has just begun waits as long as the jobs may take to come round."""


class WatchTimetable:
    """After an answer, now and then: has a job been silent for too long?"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.look_at = time.monotonic() + PATIENCE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if time.monotonic() >= self.look_at:
            self.look_at = time.monotonic() + EVERY
            try:
                watching.look(now=timezone.now())
            except DatabaseError:
                log.exception("The timetable could not be looked at.")
        return response
