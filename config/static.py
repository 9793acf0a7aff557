"""Which static files are collected, and under which names they are served.

Packages bring many that no page of ours asks for, and each is compressed twice.
"""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file under a name with its hash, and so are the files that a script imports."""

    support_js_module_import_aggregation = True


class UsedStaticFiles(StaticFilesConfig):
    """Django's own static files app, leaving out what is not served."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "django_htmx",  # htmx itself comes from npm, at an exact version
        "mfa",
        "redoc",
        "rest_framework",  # the API answers in JSON only
        "swagger-ui-es-bundle*",
        "swagger-ui.js*",
        "xregexp.js",
    ]
