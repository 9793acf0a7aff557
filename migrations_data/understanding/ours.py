"""What Daybook itself wrote into a table that it gave back: an import takes no notice of it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

REASON = gettext_noop("Why it was not taken")
"""The last column of rows that come back to be mended."""


@lru_cache(maxsize=1)
def reasons() -> frozenset[str]:
    """What that column is called, in every language."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(_(REASON))
    return frozenset(found)
