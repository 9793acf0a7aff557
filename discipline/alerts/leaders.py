"""Who leads whom: the head of a person's team, or of the nearest team above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Leaders:
    """The tree of teams with their heads; made of rows key, path, head, whether the head is active."""

    def __init__(self, teams: Iterable[tuple[int, str, int | None, bool | None]]) -> None:
        self._above: dict[int, list[int]] = {}
        self._heads: dict[int, int] = {}
        for pk, path, head_id, active in teams:
            self._above[pk] = [int(key) for key in reversed(path.split(".")) if key]
            if head_id is not None and active:
                self._heads[pk] = head_id

    def of(self, team_id: int, *, but: Collection[int] = ()) -> int | None:
        """The nearest head up from a team who is none of `but`; None when there is no such head."""
        heads = (self._heads.get(key) for key in self._above.get(team_id, ()))
        return next((head for head in heads if head is not None and head not in but), None)

    @property
    def everybody(self) -> set[int]:
        """All heads."""
        return set(self._heads.values())
