"""Counting attempts to sign in, also while Redis is away.

django-allauth counts in the cache. Without Redis the choice would be to let nobody in, or to count nothing. Instead each
process counts by itself until Redis is back: people work on, and guessing stays slow, only by as many times less as there
are processes. Redis is asked again after a pause, so that no sign-in waits for a dead address more than once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PAUSE_S = 10.0
AWAY = (RedisError, OSError)


class PatientRedisCache(RedisCache):
    """Redis, and this process's own memory while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("patient", {"KEY_PREFIX": params.get("KEY_PREFIX", ""), "MAX_ENTRIES": 10_000})
        self._away_until = 0.0

    def reachable(self) -> bool:
        """Ask Redis itself, for the health check."""
        try:
            super().get("reachable")
        except AWAY:
            return False
        return True

    def add(self, key: Any, value: Any, *args: Any, **words: Any) -> bool:
        return bool(self._ask(super().add, self._own.add, key, value, *args, **words))

    def get(self, key: Any, *args: Any, **words: Any) -> Any:
        return self._ask(super().get, self._own.get, key, *args, **words)

    def set(self, key: Any, value: Any, *args: Any, **words: Any) -> None:
        self._ask(super().set, self._own.set, key, value, *args, **words)

    def delete(self, key: Any, *args: Any, **words: Any) -> bool:
        return bool(self._ask(super().delete, self._own.delete, key, *args, **words))

    def _ask(self, redis: Callable[..., Any], own: Callable[..., Any], *args: Any, **words: Any) -> Any:
        if time.monotonic() < self._away_until:
            return own(*args, **words)
        try:
            return redis(*args, **words)
        except AWAY as error:
            log.warning("Redis does not answer, this process counts by itself for a while: %s", error)
            self._away_until = time.monotonic() + PAUSE_S
            return own(*args, **words)
