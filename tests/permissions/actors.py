"""Whoever knocks: a browser or a program for each actor, and one request with what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken
from reports.models import LiveAddress
from tests.permissions import scene as scenes
from tests.permissions.fingerprint import fingerprint, touched
from tests.permissions.scene import Scene
from tests.permissions.surfaces import Case

SIGN_IN = "/sign-in/"


@dataclass(frozen=True)
class Answer:
    """What came back, and which tables are different now."""

    status: int
    location: str
    text: str
    changed: set[str]

    @property
    def word(self) -> Any:
        """The answer in the table's words."""
        if self.status in (301, 302) and self.location.startswith(SIGN_IN):
            return "sign-in"
        if self.status in (409, 422):
            return "refused"
        return "yes" if self.status < 400 else self.status


class Door:
    """Lets actors knock, each time at the same untouched world."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.sessions: dict[str, str] = {}
        for actor, person in scene.people.items():
            client = Client()
            client.force_login(person)
            self.sessions[actor] = client.cookies[settings.SESSION_COOKIE_NAME].value
        # A token or a live address notes every few minutes that it was used, which is no change that anybody asked for.
        for noted in (ApiToken, LiveAddress):
            noted.objects.update(last_used_at=timezone.now() + timedelta(days=1))
        self.before = fingerprint()

    def knock(self, actor: str, case: Case, query: dict[str, Any] | None = None) -> Answer:
        """One request by one actor; whatever it changed is taken back."""
        client = Client(raise_request_exception=True)
        if actor in self.sessions:
            client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: self.sessions[actor]})
        with transaction.atomic():
            touched_before = touched()
            response = self._send(client, actor, case, query)
            text = _text(response)
            after = fingerprint() if touched() != touched_before else self.before
            transaction.set_rollback(True)
        changed = {table for table, rows in after.items() if self.before[table] != rows}
        return Answer(response.status_code, response.headers.get("Location", ""), text, changed)

    def _send(self, client: Client, actor: str, case: Case, query: dict[str, Any] | None) -> Any:
        row = case.row
        url = row["path"] if "path" in row else reverse(case.surface, kwargs=self._filled(row.get("at", {})))
        words = self._filled(row.get("with", {}))
        extra: dict[str, Any] = {"query_params": query or self._filled(row.get("query", {}))}
        if actor == "token":
            extra["headers"] = {"Authorization": f"Bearer {self.scene.bearer}"}
        if case.method == "GET":
            return client.get(url, **extra)
        if case.api and "upload" not in words and "content" not in words:
            extra["content_type"] = "application/json"
        return getattr(client, case.method.lower())(url, words, **extra)

    def _filled(self, words: Any) -> Any:
        """`$deal` -> the deal's key, `$deal.title` -> its title, `$upload` -> a new file."""
        if isinstance(words, dict):
            return {name: self._filled(value) for name, value in words.items()}
        if isinstance(words, list):
            return [self._filled(value) for value in words]
        if not isinstance(words, str) or "$" not in words:
            return words
        before, _dollar, path = words.partition("$")
        if path == "upload":
            return scenes.upload()
        thing = self.scene.things[path.partition(".")[0]]
        for part in path.split(".")[1:]:
            thing = getattr(thing, part)
        value = getattr(thing, "pk", thing)
        return f"{before}{value}" if before else value


def _text(response: Any) -> str:
    """All that somebody could read: the body, as text, and the headers."""
    if isinstance(response, FileResponse) or response.streaming:
        body = b"".join(response.streaming_content)
    else:
        body = response.content
    return body.decode("utf-8", "replace") + str(dict(response.headers))
