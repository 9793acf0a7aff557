"""The key that signs sessions: given in production, made once and kept otherwise."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 40
DEFAULTS = ("change-me", "changeme", "change_me", "secret", "insecure", "example")
GUESSABLE = {*DEFAULTS, "daybook", "postgres", "redis", "password", "admin", "root", "test", "123456"}


def secret_key(*, given: str, production: bool, var: Path) -> str:
    """Return the key to sign with.

    Raises ImproperlyConfigured in production when none is given, or one that anybody could guess.
    """
    if given:
        if production and (len(given) < SHORTEST or given.lower().startswith(DEFAULTS)):
            raise ImproperlyConfigured(
                f"DAYBOOK_SECRET_KEY is a default or shorter than {SHORTEST} characters. Make one with:\n"
                '  python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
            )
        return given
    if production:
        raise ImproperlyConfigured("DAYBOOK_SECRET_KEY must be set when DAYBOOK_URL is. See docs/deploy.md.")
    return _kept(var / "secret_key")


def refuse_guessable(**addresses: str) -> None:
    """Raise ImproperlyConfigured when an address carries a password that everybody tries first."""
    for name, address in addresses.items():
        if (urlsplit(address).password or "-") in GUESSABLE:
            raise ImproperlyConfigured(
                f"The password in {name} is one that everybody tries first. Give it another one."
            )


def _kept(path: Path) -> str:
    """Read the key, or make it; two processes that start together end with the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii")
