"""What a browser keeps of the pages it has seen: told apart by person, so that nothing of one is shown to another."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

OWNER_HEADER = "X-Daybook-Owner"
"""Says in an answer whose page it is; the worker keeps pages under it."""
WORKER = Path(settings.BASE_DIR) / "static" / "js" / "worker.js"


def owner_of(user: Any) -> str:
    """A word for a person that says nothing about him."""
    return salted_hmac("daybook.device", str(user.pk)).hexdigest()[:16]


@cache
def _source() -> tuple[str, str]:
    text = WORKER.read_text(encoding="utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def worker() -> str:
    """The service worker with the addresses that it needs. Its text changes with them, and the browser takes the new one."""
    source, version = _source()
    facts = {
        "version": version,
        "offline": reverse("accounts:offline"),
        "signOut": reverse("account_logout"),
        "signIn": reverse("account_login"),
        "files": settings.STATIC_URL,  # the folder itself has no name with a hash, so `static` knows none
        "owner": OWNER_HEADER,
    }
    return f"const DAYBOOK = {json.dumps(facts)};\n{source}"


def manifest() -> dict[str, Any]:
    """The web app manifest: how Daybook looks on the home screen of a phone, and what a long press on it offers."""
    shortcuts = [(_("Log call"), "/log/"), (_("Deals"), "/deals/"), (_("Tasks"), "/tasks/")]
    return {
        "id": "/",
        "name": "Daybook",
        "short_name": "Daybook",
        "description": _("Calls, deals and the score of the day"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#f5f6f8",
        "icons": [
            {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("img/icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
    }
