"""Which rules hold in a window: those published before it opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from discipline.models import Rule, SchemeVersion
from discipline.windows import Window


class Rulebook:
    """The published versions of some schemes with their rules, in two statements."""

    def __init__(self, versions: Iterable[SchemeVersion]) -> None:
        self._versions: dict[int, list[SchemeVersion]] = defaultdict(list)
        for version in versions:
            self._versions[version.scheme_id].append(version)

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Rulebook:
        schemes = {window.scheme_id for window in windows}
        return cls(SchemeVersion.objects.published().filter(scheme__in=schemes).prefetch_related("rules"))

    def version(self, window: Window) -> SchemeVersion | None:
        """The latest version that has begun and was published before the window opened.

        The first version of a scheme may be older than its publishing: it is what the company starts with, and the days
        before had no rules that it could change.
        """
        for version in self._versions[window.scheme_id]:
            begun = version.effective_from is not None and version.effective_from <= window.day
            known = version.published_at is not None and version.published_at <= window.opens
            if begun and (known or version.number == 1):
                return version
        return None

    def rules(self, window: Window) -> list[Rule]:
        """The rules of a window in their order; none when it has no version."""
        version = self.version(window)
        return list(version.rules.all()) if version else []
