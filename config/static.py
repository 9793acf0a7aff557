"""Which static files are collected: packages bring many that no page of ours asks for, and each is compressed twice."""

from django.contrib.staticfiles.apps import StaticFilesConfig


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
