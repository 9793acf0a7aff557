#!/usr/bin/env python3
"""From a fresh clone to a running Daybook with nothing but Python 3.11: `python3 config/bootstrap.py run`.

Standard library only. Every step leaves a stamp of what it was made from and is skipped while that is unchanged.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)

sys.path.insert(0, str(BASE))  # as a script, Python would look only into this folder
from config.preparing import PYTHON, StepFailed, do, prepare  # noqa: E402


def main(words: list[str]) -> int:
    _need_python()
    name, *rest = words or ["help"]
    targets: dict[str, Callable[[list[str]], int]] = {
        "run": _run,
        "setup": _setup,
        "test": _test,
        "browser": _browser,
        "check": _check,
        "fix": _fix,
        "bench": _bench,
        "lock": _lock,
    }
    if name not in targets:
        print(f"Say what to do: {', '.join(targets)}. Plain `run` starts Daybook.")
        return 2
    os.chdir(BASE)
    try:
        return targets[name](rest)
    except StepFailed as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# --- What can be asked for --------------------------------------------------------------------------------------------


def _run(rest: list[str]) -> int:
    began = time.time()
    prepare("run", frontend=True)
    os.environ.setdefault("DAYBOOK_BEGAN", str(began))
    return _become("manage.py", "up", *rest)


def _setup(rest: list[str]) -> int:
    prepare("dev", frontend=True)
    return 0


def _test(rest: list[str]) -> int:
    prepare("dev", frontend=False)
    return _become("-m", "pytest", *(rest or ["-n", "auto", "--dist", "worksteal"]))


def _browser(rest: list[str]) -> int:
    prepare("dev", frontend=True)
    return _become("-m", "pytest", "tests/browser", *rest)


def _fix(rest: list[str]) -> int:
    prepare("dev", frontend=False)
    return _each(
        {"ruff check --fix": ["-m", "ruff", "check", "--fix", "."], "ruff format": ["-m", "ruff", "format", "."]}
    )


def _bench(rest: list[str]) -> int:
    prepare("dev", frontend=False)
    return _become("manage.py", "bench", *rest)


def _check(rest: list[str]) -> int:
    prepare("dev", frontend=False)
    deployed = {
        "DAYBOOK_URL": "https://daybook.example",
        "DAYBOOK_SECRET_KEY": hashlib.sha256(b"only for this check").hexdigest(),
        "DATABASE_URL": "postgres://daybook@127.0.0.1/daybook",
        "REDIS_URL": "redis://127.0.0.1/0",
    }
    import_linter = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    style = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy", "."],
        "import-linter": ["-c", import_linter],
        "djlint": ["-m", "djlint", "templates", "--lint", "--quiet"],
        "migrations complete": ["manage.py", "makemigrations", "--check", "--dry-run"],
    }
    production = {
        "deploy check": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        "API schema": ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    }
    return _each(style) | _each(production, extra=deployed)


def _lock(rest: list[str]) -> int:
    """Write the locks anew from pyproject.toml and package.json: the newest versions that they allow. Needs uv and npm."""
    uv, npm = shutil.which("uv"), shutil.which("npm")
    if not uv or not npm:
        raise StepFailed("Locking needs uv and npm on PATH. Install them first; nobody else needs them.")
    tool = [uv, "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
    tool += ["--python-version", "3.11", "--upgrade"]
    before: list[str] = []
    for name, extras in {"production": [], "run": ["embedded"], "dev": ["embedded", "dev"]}.items():
        words = [
            *tool,
            "pyproject.toml",
            *before,
            *(f"--extra={extra}" for extra in extras),
            "-o",
            f"requirements/{name}.txt",
        ]
        do([*words], f"locking requirements/{name}.txt")
        before = ["-c", f"requirements/{name}.txt"]
    do([*tool, "requirements/node.in", "-o", "requirements/node.txt"], "locking requirements/node.txt")
    do([npm, "install", "--package-lock-only"], "locking package.json")
    return 0


def _become(*words: str) -> int:
    """Go on as this program of our environment, so that signals and the exit code are its own."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *words])


def _each(commands: dict[str, list[str]], extra: dict[str, str] | None = None) -> int:
    """Run all commands, also after one has failed, and say which did."""
    failed = []
    for name, words in commands.items():
        began = time.monotonic()
        done = subprocess.run([str(PYTHON), *words], check=False, env={**os.environ, **(extra or {})})
        print(f"{'FAILED' if done.returncode else 'ok':>6}  {name} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def _need_python() -> None:
    """Go on with a newer Python of this machine when the one that was called is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            os.execv(found, [found, *sys.argv])
    sys.exit(f"Daybook needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
