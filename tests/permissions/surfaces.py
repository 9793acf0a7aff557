"""Everything that answers somebody, found in the running program, and the table that says how it must answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import URLPattern, get_resolver

TABLE = yaml.safe_load((Path(__file__).parent.parent / "permissions.yaml").read_text(encoding="utf-8"))
OURS = ("accounts", "notifications", "crm", "discipline", "migrations_data", "reports", "config")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Case:
    """One row of the table: a surface, a method, and what each actor is answered."""

    surface: str
    method: str
    row: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.surface}" + (f" ({self.row['case']})" if "case" in self.row else "")

    @property
    def api(self) -> bool:
        return self.surface.startswith("api:")

    @property
    def answers(self) -> dict[str, Any]:
        """Actor -> answer. A page does not know tokens: there one is nobody."""
        said = dict(TABLE["answers"][self.row["as"]], **self.row.get("but", {}))
        rest = said.pop("rest")
        full = {actor: said.get(actor, rest) for actor in TABLE["actors"]}
        if not self.api and "token" not in said:
            full["token"] = full["anonymous"]
        return full


def live_surfaces() -> dict[str, Any]:
    """Name -> view of every address that the resolver knows. One without a name is called by its route."""
    return dict(_walk(get_resolver(), "", ""))


def _walk(resolver: Any, names: str, route: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{names}{entry.name or route + str(entry.pattern)}", entry.callback
        else:
            inner = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from _walk(entry, inner, route + str(entry.pattern))


def listed() -> dict[str, dict[str, Any]]:
    """The table's surfaces as they are written, patterns and all."""
    return TABLE["surfaces"]


def rows_of(surface: str) -> dict[str, Any]:
    """The row of a surface: its own, or that of the one pattern which it fits."""
    if surface in listed():
        return listed()[surface]
    fitting = [name for name in listed() if "*" in name and fnmatchcase(surface, name)]
    assert len(fitting) <= 1, f"{surface} fits {fitting}"
    return listed()[fitting[0]] if fitting else {}


def cases() -> list[Case]:
    """Every row with its method, for a test each."""
    found = []
    for surface in live_surfaces():
        for method, rows in rows_of(surface).items():
            if method in METHODS:
                found += [Case(surface, method, row) for row in (rows if isinstance(rows, list) else [rows])]
    return found


def tasks() -> dict[str, Any]:
    """Our Celery tasks by name."""
    from config.celery import app

    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if name.partition(".")[0] in OURS}


def commands() -> set[str]:
    """Our management commands."""
    labels = {config.name for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    return {name for name, app in get_commands().items() if app in labels}


def parameters(route: str) -> list[str]:
    """The names in an address."""
    return re.findall(r"<(?:\w+:)?(\w+)>", route)
