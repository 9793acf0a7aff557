"""Which static files are collected, and under which names they are served.

Packages bring many that no page of ours asks for, and each is compressed twice.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = Path("templates") / "shell" / "styles.html"
# A link with a medium of its own does not match: paper is not worth waiting for.
_LINKED = re.compile(r"""\{% static '(css/[\w-]+\.css)' %\}">""")


def linked_styles(base: Path | None = None) -> list[str]:
    """Name the style sheets that every page links, in their order."""
    return _LINKED.findall(((base or settings.BASE_DIR) / STYLES).read_text(encoding="utf-8"))


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file under a name with its hash, and so are the files that a script imports.

    Thirty style sheets are pleasant to write and slow to fetch before the first paint: they are served as one.
    """

    support_js_module_import_aggregation = True
    joined_styles = "css/joined.css"

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join the style sheets first, so that the joined one gets its hash and its compressed copies as the others do."""
        if not dry_run:
            sheets = [Path(self.path(name)).read_text(encoding="utf-8") for name in linked_styles()]
            Path(self.path(self.joined_styles)).write_text("\n".join(sheets), encoding="utf-8")
            paths[self.joined_styles] = (self, self.joined_styles)
        yield from super().post_process(paths, dry_run=dry_run, **options)


class UsedStaticFiles(StaticFilesConfig):
    """Django's own static files app, leaving out what is not served."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.ttf",  # the server itself reads them, for paper
        "django_htmx",  # htmx itself comes from npm, at an exact version
        "mfa",
        "redoc",
        "rest_framework",  # the API answers in JSON only
        "swagger-ui-es-bundle*",
        "swagger-ui.js*",
        "xregexp.js",
    ]
