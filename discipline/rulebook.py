"""Which rules hold in a window: those published before it opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.together import together
from discipline.models import Rule, SchemeVersion, SignOff
from discipline.windows import Window


class Rulebook:
    """The published versions of some schemes with their rules, and who signed them, in one statement."""

    def __init__(self, versions: Iterable[SchemeVersion], sign_offs: Iterable[tuple[int, int, datetime]] = ()) -> None:
        self._versions: dict[int, list[SchemeVersion]] = defaultdict(list)
        self._signed_at = {(user_id, version_id): at for user_id, version_id, at in sign_offs}
        for version in versions:
            self._versions[version.scheme_id].append(version)

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Rulebook:
        listed = list(windows)
        schemes, people = {one.scheme_id for one in listed}, {one.person_id for one in listed}
        published = SchemeVersion.objects.published().filter(scheme__in=schemes)
        versions, rules, signed = together(
            published,
            Rule.objects.filter(version__in=published.order_by().values("pk")).order_by("position", "pk"),
            SignOff.objects.filter(user__in=people, version__scheme__in=schemes).values(
                "user_id", "version_id", "signed_at"
            ),
        )
        _give(versions, rules)
        return cls(versions, ((row["user_id"], row["version_id"], row["signed_at"]) for row in signed))

    def signed(self, window: Window, version: SchemeVersion) -> bool:
        """Whether the person had signed this version before the window opened."""
        at = self._signed_at.get((window.person_id, version.pk))
        return at is not None and at <= window.opens

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


def _give(versions: Iterable[SchemeVersion], rules: Iterable[Rule]) -> None:
    """Let each version have its rules without asking again, as prefetching does."""
    of_version: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        of_version[rule.version_id].append(rule)
    for version in versions:
        rows: Any = version.rules.all()
        rows._result_cache = of_version[version.pk]
        for rule in rows._result_cache:
            rule.version = version
        version._prefetched_objects_cache = {"rules": rows}  # type: ignore[attr-defined]


class OneVersion(Rulebook):
    """As if one version, a draft perhaps, had been in force in every window; signed by whom the cards say."""

    def __init__(self, version: SchemeVersion, signed: Mapping[tuple[int, date], bool]) -> None:
        super().__init__([])
        self._one, self._signed_cards = version, signed

    def version(self, window: Window) -> SchemeVersion | None:
        return self._one

    def signed(self, window: Window, version: SchemeVersion) -> bool:
        return self._signed_cards.get((window.person_id, window.day), True)
