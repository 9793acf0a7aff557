"""What a letter brings along: figures for its text, pictures inside it, and files.

Apps above register a provider for a kind of message. It is asked as the letter is written, in the recipient's language and zone, so
that nothing large waits in the outbox and nobody gets what he may not see any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import User
from notifications.models import Message

NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', " "))
LONGEST_NAME = 120
MOST = 8 * 1024 * 1024
"""So many bytes travel with a letter; a file beyond them stays behind, and the letter says where it lies."""


class NotForHim(Exception):
    """The recipient may not see this (any more), or there is nothing to send: the letter is withdrawn."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file; with a `cid` it is a picture that the letter shows by `<img src="cid:…">`."""

    name: str
    content: bytes
    content_type: str
    cid: str = ""

    @property
    def filename(self) -> str:
        """The name as every system can save it, on one line."""
        return " ".join(self.name.translate(NOT_IN_NAMES).split())[-LONGEST_NAME:]


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """More words for the templates of a kind, and what travels with the letter."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()

    @property
    def pictures(self) -> list[Attachment]:
        return [one for one in self.attachments if one.cid]

    @property
    def files(self) -> list[Attachment]:
        return [one for one in self.attachments if not one.cid]


Provider = Callable[[Message, User], Enclosed]
_providers: dict[str, Provider] = {}


def register(kind: str, provider: Provider) -> None:
    """Let this say from now on what letters of a kind bring along. It may raise NotForHim."""
    _providers[kind] = provider


def of(message: Message) -> Enclosed:
    """What a letter brings along, as far as there is room; `too_large` among its facts names the files that stay behind."""
    provider = _providers.get(message.kind)
    if provider is None:
        return Enclosed()
    enclosed = provider(message, message.recipient)
    taken, left = _that_fit(enclosed.pictures + enclosed.files)
    return replace(enclosed, facts={**enclosed.facts, "too_large": [one.name for one in left]}, attachments=taken)


def _that_fit(attachments: Iterable[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """Those that fit one after the other, and those that do not."""
    taken: list[Attachment] = []
    left: list[Attachment] = []
    room = MOST
    for one in attachments:
        fits = len(one.content) <= room
        (taken if fits else left).append(one)
        room -= len(one.content) if fits else 0
    return taken, left
