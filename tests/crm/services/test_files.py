"""Files: only what is let in, only on records within reach, under names that harm nobody."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.refusals import NotAllowed
from crm.models import Company, File
from crm.services import files, shares
from tests.factories.crm import make_company, make_contact, make_deal, make_task

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nan offer"


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return content.getvalue()


GOOD = {
    "offer.pdf": PDF,
    "Offer.PDF": PDF,
    "logo.png": b"\x89PNG\r\n\x1a\n....",
    "photo.jpeg": b"\xff\xd8\xff\xe0....",
    "stamp.gif": b"GIF89a....",
    "map.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "prices.xlsx": zipped(),
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
    "list.csv": "łódź;1\n".encode(),
}


@pytest.fixture
def attach(cast, clock):
    def one(name="offer.pdf", content=PDF, by=None, **record):
        record = record or {"company": make_company(cast.manager)}
        upload = SimpleUploadedFile(name, content)
        upload.name = name  # the form's field keeps only the last part of a path
        return files.attach(by=by or cast.manager, at=clock.now, upload=upload, **record)

    return one


@pytest.mark.parametrize("name", GOOD)
def test_documents_tables_pictures_and_texts_are_kept_with_their_digest(attach, name):
    file = attach(name, GOOD[name])
    assert (file.name, file.size, file.sha256) == (name, len(GOOD[name]), hashlib.sha256(GOOD[name]).hexdigest())
    assert file.content.read() == GOOD[name]
    assert name not in file.content.name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("picture.svg", b"<svg onload=x>"),
        ("run.exe", b"MZ"),
        ("offer.pdf", b"<html>"),
        ("offer.pdf.exe", PDF),
        ("logo.png", PDF),
        ("list.csv", b"a\x00b"),
        ("noname", PDF),
        ("offer.pdf", b""),
    ],
)
def test_other_types_disguises_and_empty_files_are_refused(attach, name, content):
    with pytest.raises(files.FileRefused) as refused:
        attach(name, content)
    assert refused.value.field == "upload"
    assert str(refused.value.message).endswith(".")
    assert not File.objects.exists()


def test_a_file_that_is_too_large_is_refused(attach, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(files.FileRefused, match="larger than 10"):
        attach()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\Offer 1.pdf", "Offer 1.pdf"),
        ("..hidden.pdf", "hidden.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("Oferta   łódź.pdf", "Oferta łódź.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_before_anybody_sees_it(sent, kept):
    assert files.clean_name(sent) == kept


@pytest.mark.parametrize("noun", ["company", "contact", "deal", "task"])
def test_a_file_hangs_on_a_record_within_reach(attach, cast, clock, noun):
    make = {
        "company": make_company,
        "contact": make_contact,
        "deal": make_deal,
        "task": lambda owner: make_task(owner, clock.now),
    }[noun]
    assert getattr(attach(**{noun: make(cast.manager)}), noun)
    theirs = make(cast.stranger)
    with pytest.raises(NotAllowed):
        attach(**{noun: theirs})
    with pytest.raises(NotAllowed):
        attach(by=cast.owner, **{noun: theirs})


def test_a_file_hangs_on_one_record(attach, cast):
    with pytest.raises(TypeError):
        attach(company=make_company(cast.manager), deal=make_deal(cast.manager))


def test_a_colleague_removes_his_own_file_and_not_mine(attach, cast, clock, django_capture_on_commit_callbacks):
    company = make_company(cast.manager)
    shares.share(record=company, with_=cast.stranger, by=cast.manager, at=clock.now)
    mine, his = attach(company=company), attach(company=company, by=cast.stranger)
    with pytest.raises(NotAllowed):
        files.delete(file=mine, by=cast.stranger, at=clock.now)
    storage, kept = mine.content.storage, mine.content.name
    with django_capture_on_commit_callbacks(execute=True):
        files.delete(file=his, by=cast.stranger, at=clock.now)
        files.delete(file=mine, by=cast.manager, at=clock.now)
        assert storage.exists(kept)
    assert not storage.exists(kept)
    assert not File.objects.exists()


@pytest.mark.parametrize("who", ["teammate", "stranger", "owner", "admin"])
def test_who_does_not_reach_the_record_neither_sees_nor_removes_its_files(attach, cast, clock, who):
    file = attach()
    with pytest.raises(NotAllowed):
        files.delete(file=file, by=getattr(cast, who), at=clock.now)
    assert File.objects.visible_to(getattr(cast, who)).exists() == (who == "owner")


def test_a_file_of_a_deleted_record_is_out_of_sight(attach, cast, clock):
    attach()
    Company.objects.update(deleted_at=clock.now)
    assert not File.objects.visible_to(cast.manager).exists()
