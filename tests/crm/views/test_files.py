"""Files on clients: only whoever sees the client brings them back, always as a download."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Company, File
from crm.services import files, shares
from tests.factories.crm import make_company, make_contact, make_deal
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
PDF = b"%PDF-1.7 offer"


def upload(name: str = "offer.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def attached(company: Company, by: User, name: str = "offer.pdf") -> File:
    return files.attach(by=by, at=timezone.now(), upload=upload(name), company=company)


def add(noun: str, pk: int) -> str:
    return reverse("crm:file-add", args=[noun, pk])


@pytest.mark.django_db(transaction=True)
def test_a_file_is_hung_on_brought_back_and_deleted(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client = sign_in(cast.manager)
    assert client.get(add("company", company.pk), **HTMX).status_code == 200
    answer = client.post(add("company", company.pk), {"upload": upload("Zażółć offer.pdf")}, **HTMX)
    assert answer.status_code == 204
    file = File.objects.get()
    assert "Zażółć offer.pdf" in client.get(reverse("crm:company", args=[company.pk])).content.decode()
    got = client.get(reverse("crm:file", args=[file.pk]))
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment;")
    assert got["X-Content-Type-Options"] == "nosniff"
    path = file.content.path
    assert client.post(reverse("crm:file-delete", args=[file.pk]), **HTMX).status_code == 204
    assert not File.objects.exists()
    with pytest.raises(FileNotFoundError), open(path, "rb"):
        pass
    assert client.get(reverse("crm:file", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("noun", ["contact", "deal"])
def test_files_hang_on_contacts_and_deals_too(noun: str, cast: Cast, sign_in: SignIn) -> None:
    record = make_contact(cast.manager) if noun == "contact" else make_deal(cast.manager)
    assert sign_in(cast.manager).post(add(noun, record.pk), {"upload": upload()}, **HTMX).status_code == 204
    assert getattr(File.objects.get(), noun) == record


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file first."),
        ({"upload": upload("empty.pdf", b"")}, "This file is empty."),
        ({"upload": upload("page.html", b"<script>")}, "This type of file is not accepted."),
        ({"upload": upload("offer.pdf", b"MZ program")}, "This type of file is not accepted."),
    ],
)
def test_what_is_no_document_is_refused(sent: dict[str, object], told: str, cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    answer = sign_in(cast.manager).post(add("company", company.pk), sent, **HTMX)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not File.objects.exists()


def test_a_stranger_neither_adds_nor_reads_nor_deletes(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    file = attached(company, cast.manager)
    client = sign_in(cast.stranger)
    assert client.get(reverse("crm:file", args=[file.pk])).status_code == 404
    assert client.post(add("company", company.pk), {"upload": upload()}, **HTMX).status_code == 404
    assert client.post(reverse("crm:file-delete", args=[file.pk]), **HTMX).status_code == 404
    assert File.objects.get() == file


def test_an_unknown_noun_is_no_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assert client.get(add("user", cast.manager.pk)).status_code == 404
    assert client.get(reverse("crm:share-add", args=["task", 1])).status_code == 404
    assert client.get(reverse("crm:timeline", args=["task", 1])).status_code == 404


def test_one_with_whom_it_is_shared_deletes_only_his_own(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    shares.share(record=company, with_=cast.teammate, by=cast.manager, at=timezone.now())
    theirs, own = attached(company, cast.manager, "theirs.pdf"), attached(company, cast.teammate, "own.pdf")
    client = sign_in(cast.teammate)
    card = client.get(reverse("crm:company", args=[company.pk])).content.decode()
    assert reverse("crm:file-delete", args=[own.pk]) in card
    assert reverse("crm:file-delete", args=[theirs.pk]) not in card
    assert client.post(reverse("crm:file-delete", args=[theirs.pk]), **HTMX).status_code == 404
    assert client.post(reverse("crm:file-delete", args=[own.pk]), **HTMX).status_code == 204
    assert File.objects.get() == theirs


def test_the_owner_reads_files_and_changes_none(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    file = attached(company, cast.manager)
    client = sign_in(cast.owner)
    assert client.get(reverse("crm:file", args=[file.pk])).status_code == 200
    assert client.get(add("company", company.pk)).status_code == 404
    assert client.post(reverse("crm:file-delete", args=[file.pk])).status_code == 404
