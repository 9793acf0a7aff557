"""Secrets of addresses do not reach the logs."""

import logging
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from config.logs import AccessLog, WithoutSecrets, hidden

SECRET = "q7Yx0mB4c9-dE_fGhIjKlMnOpQrStUv"


@pytest.mark.parametrize("path", [f"/live/{SECRET}/table.csv", f"/calendar/feed/{SECRET}.ics"])
def test_the_secret_is_taken_out_and_the_rest_stays(path: str) -> None:
    shown = hidden(f"GET {path}?x=1 404")
    assert SECRET not in shown
    assert shown.startswith("GET /")
    assert shown.endswith("?x=1 404")


@pytest.mark.parametrize("path", ["/live/12/renew/", "/calendar/feed/delete/", "/companies/12/"])
def test_other_addresses_stay_whole(path: str) -> None:
    assert hidden(path) == path


def test_messages_of_the_program_are_clean() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/live/{SECRET}/table.csv",), None
    )
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Not Found: /live/[secret]/table.csv"


def test_the_log_of_requests_is_clean() -> None:
    path = f"/live/{SECRET}/table.csv"
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": path, "PATH_INFO": path, "SERVER_PROTOCOL": "HTTP/1.1"}
    response = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request = SimpleNamespace(headers=[])
    took = SimpleNamespace(seconds=0, microseconds=5)
    atoms = AccessLog(Config()).atoms(response, request, environ, took)
    assert SECRET not in str(atoms)
    assert "[secret]" in atoms["r"]
