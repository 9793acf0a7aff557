"""What an alert is: when it is due, whom it tells what, and what has been mended since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from discipline.alerts.scene import Scene
from notifications.services.many import Telling

Pair = tuple[int, str]
"""A recipient and the key of what he was told."""


def nothing_mended(scene: Scene, waiting: Collection[Pair]) -> set[Pair]:
    """For what stays true."""
    return set()


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A kind of message. All its parts take a fixed number of statements, however many people there are.

    `due` names the periods that are due now, asked of the database; each is told about once. `says` gives who is told what for
    periods that nobody has told about yet. `mended` gives those of the messages still waiting to go out that are no longer so.
    """

    kind: str
    due: Callable[[Scene], set[str]]
    says: Callable[[Scene, Collection[str]], Sequence[Telling]]
    mended: Callable[[Scene, Collection[Pair]], set[Pair]] = nothing_mended


def stamp(moment: datetime) -> str:
    """An instant as part of a period's name."""
    return moment.isoformat(timespec="minutes")
