"""No container engine runs here: what docker-compose.yml says is held against what the production form starts."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from config import secrets
from tests.production import form

OURS = (form.ONCE, *form.LASTING)


def test_the_production_form_starts_the_commands_of_the_compose_file() -> None:
    assert set(form.commands()) == set(OURS)
    assert {name for name, service in form.services().items() if service.get("build")} == set(OURS)
    assert "tests.production" in (form.BASE / ".ci" / "run").read_text()


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_a_list_of_words_whose_program_is_installed(name: str) -> None:
    words = form.commands()[name]
    assert all(isinstance(word, str) for word in words)
    assert shutil.which(words[0], path=str(Path(sys.executable).parent))


@pytest.mark.parametrize("name", [*form.LASTING, "postgres", "redis"])
def test_each_lasting_service_is_watched_and_started_again(name: str) -> None:
    service = form.services()[name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"


def test_redis_writes_down_what_waits() -> None:
    assert "--appendonly yes" in form.services()["redis"]["command"][-1]


def test_every_secret_must_be_given() -> None:
    for service in form.services().values():
        for name, value in (service.get("environment") or {}).items():
            if any(word in name for word in ("SECRET", "PASSWORD", "_URL")):
                assert ":?" in value, f"{name} has a default"


def test_the_image_does_not_run_as_root() -> None:
    lines = (form.BASE / "Dockerfile").read_text().split("\n")
    assert [line for line in lines if line.startswith("USER ")] == ["USER daybook"]
    assert all(form.services()[name]["cap_drop"] == ["ALL"] for name in OURS)


def test_the_variables_of_the_compose_file_are_those_that_deploy_md_tells() -> None:
    told = (form.BASE / "docs" / "deploy.md").read_text()
    asked = yaml.safe_load(form.COMPOSE.read_text())["x-app"]["environment"]
    assert [name for name in asked if name not in told] == []


@pytest.mark.parametrize("given", ["", "change-me-change-me-change-me-change-me-change-me", "short"])
def test_a_missing_default_or_short_key_is_refused_in_production(given: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="DAYBOOK_SECRET_KEY"):
        secrets.secret_key(given=given, production=True, var=tmp_path)


def test_the_local_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = secrets.secret_key(given="", production=False, var=tmp_path)
    assert secrets.secret_key(given="", production=False, var=tmp_path) == first
    assert len(first) >= secrets.SHORTEST
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_password_that_everybody_tries_first_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        secrets.refuse_guessable(DATABASE_URL="postgres://daybook:daybook@db/daybook")
    secrets.refuse_guessable(DATABASE_URL="postgres://daybook:hYq-92_kd@db/daybook", REDIS_URL="redis://redis/0")
