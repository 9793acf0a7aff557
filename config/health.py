"""Two questions of whoever runs the process: is it alive, and can it serve people now?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.throttling import PatientRedisCache


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; asks nothing of others, so that their trouble does not restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, Redis and migrations are in place, else 503 with what is not."""
    state = {"database": _database(), "redis": _redis(), "migrations": False}
    state["migrations"] = state["database"] and _migrated()
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    # Asked past its stand-in: pages work without Redis for a while, background work does not.
    cache = caches["default"]
    return isinstance(cache, PatientRedisCache) and cache.reachable()


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
