"""Workbooks under a password: opened once with what the person types; the password is kept nowhere."""

import io
import json
import logging

import pytest
from django.core.management import call_command
from django.urls import reverse
from msoffcrypto.format.ooxml import OOXMLFile

from migrations_data.models import Import, ImportRow, Status
from migrations_data.reading.parent import Unreadable
from migrations_data.services import imports, unlocking, work
from migrations_data.services.unlocking import NotLocked
from tests.migrations_data import tables

PASSWORD = " Zażółć 12 "
ROWS = {"clients": [["company", "city"], ["Kos", "Leeds"], ["Lis", "York"]]}


def locked(password=PASSWORD):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(tables.workbook(ROWS))).encrypt(password, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def content():
    return locked()


@pytest.fixture
def waiting(db, clock, cast, content):
    return tables.upload(cast.admin, clock.now, {"clients.xlsx": content, "more.csv": tables.ACCOUNTS})


def test_a_workbook_under_a_password_waits_for_it_and_names_itself(waiting):
    assert (waiting.status, waiting.error_code) == (Status.LOCKED, "file_password")
    assert waiting.error.startswith("clients.xlsx: ")
    assert not ImportRow.objects.exists()


def test_a_wrong_password_is_told_and_the_right_one_opens_it(waiting, clock, cast):
    with pytest.raises(Unreadable) as refusal:
        unlocking.unlock(of=waiting, password="Zażółć 12", by=cast.admin, at=clock.now, background=False)
    assert (refusal.value.code, refusal.value.field) == ("file_wrong_password", "password")
    before = waiting.files.get(name="clients.xlsx").content.name
    unlocking.unlock(of=waiting, password=PASSWORD, by=cast.admin, at=clock.now, background=False)
    read = work.carry_on(import_id=waiting.pk, at=clock.now)
    file = read.files.get(name="clients.xlsx")
    assert (read.status, read.error) == (Status.READ, "")
    assert file.content.name != before
    with file.content.open("rb") as opened:
        assert opened.read(4) == b"PK\x03\x04"
    assert ImportRow.objects.filter(sheet__file=file).count() == 3
    with pytest.raises(NotLocked):
        unlocking.unlock(of=read, password=PASSWORD, by=cast.admin, at=clock.now)


def test_the_page_asks_for_it_and_says_when_it_is_wrong(waiting, clock, cast, sign_in):
    window = sign_in(cast.admin)
    url = reverse("migrations_data:import-unlock", args=[waiting.pk])
    assert window.get(reverse("migrations_data:import", args=[waiting.pk])).url == url
    assert "clients.xlsx" in window.get(url).content.decode()
    refused = window.post(url, {"password": "guess"})
    assert refused.status_code == 422
    assert "That is not its password." in refused.content.decode()
    assert "guess" not in refused.content.decode()
    assert window.post(url, {"password": PASSWORD}).url == reverse("migrations_data:import", args=[waiting.pk])
    assert Import.objects.get().status == Status.UPLOADED
    assert window.get(url).status_code == 302


def test_one_that_waits_can_be_forgotten(waiting, clock, cast):
    imports.give_up(of=waiting, by=cast.admin, at=clock.now)
    assert not Import.objects.exists()


def test_a_workbook_that_is_only_write_protected_opens_by_itself(db, clock, cast):
    made = tables.upload(cast.admin, clock.now, {"clients.xlsx": locked(unlocking.DEFAULT_PASSWORD)})
    assert (made.status, ImportRow.objects.count()) == (Status.READ, 3)


def test_what_nothing_here_opens_is_refused(db, clock, cast):
    sealed = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    made = tables.upload(cast.admin, clock.now, {"old.xls": sealed})
    with pytest.raises(Unreadable):
        unlocking.unlock(of=made, password="x", by=cast.admin, at=clock.now, background=False)
    assert Import.objects.get().status == Status.LOCKED


def test_the_command_takes_the_password_and_no_log_does(db, clock, cast, content, tmp_path, caplog):
    path = tmp_path / "clients.xlsx"
    path.write_bytes(content)
    caplog.set_level(logging.DEBUG)
    for words in ([], ["--password", "wrong"]):
        out = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_workbook", str(path), "--json", *words, stdout=out)
        assert (ended.value.code, json.loads(out.getvalue())["ok"]) == (2, False)
    with pytest.raises(SystemExit):
        call_command("import_workbook", str(path), "--dry-run", "--password", PASSWORD, stdout=io.StringIO())
    assert ImportRow.objects.filter(sheet__name="clients").count() == 3
    assert PASSWORD.strip() not in caplog.text
