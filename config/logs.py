"""Logs that keep secrets out: an address that opens by itself is as good as a password."""

from __future__ import annotations

import logging
import re
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

_SECRET = re.compile(r"(/(?:live|calendar/feed)/)[\w-]{12,}")


def hidden(text: str) -> str:
    """The text with the secrets of addresses taken out."""
    return _SECRET.sub(r"\1[secret]", text)


class WithoutSecrets(logging.Filter):
    """Takes the secrets of addresses out of every message."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        shown = hidden(told)
        if shown != told:
            record.msg, record.args = shown, ()
        return True


class AccessLog(Logger):
    """The log of requests, one line each, without the secrets of addresses."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        told = super().atoms(resp, req, environ, request_time)
        return {name: hidden(value) if isinstance(value, str) else value for name, value in told.items()}
