"""Where everything answers. Each app has its own names; the API of every app joins under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.tables import tables
from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("admin-tables/", tables.urls),
    path("", include("notifications.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("config.api_urls")),
    path("", include("crm.urls")),
    path("", include("discipline.urls")),
    path("", include("migrations_data.urls")),
    path("", include("reports.urls")),
]
