"""Files attached to records."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can
from accounts.refusals import NotAllowed, Refused
from crm.models import Company, Contact, Deal, File, Task
from crm.services.base import allow

LARGEST = 25 * 1024 * 1024
LONGEST_NAME = 150
HEAD = 4096

VIEW = {
    "company": Permission.COMPANY_VIEW,
    "contact": Permission.CONTACT_VIEW,
    "deal": Permission.DEAL_VIEW,
    "task": Permission.TASK_VIEW,
}
OWN = {
    "company": Permission.COMPANY_DELETE,
    "contact": Permission.CONTACT_DELETE,
    "deal": Permission.DEAL_GIVE,
    "task": Permission.TASK_GIVE,
}


def begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(heads)


def is_text(head: bytes) -> bool:
    return b"\x00" not in head


_ZIP = begins(b"PK\x03\x04")
_OLE = begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
TYPES: dict[str, Callable[[bytes], bool]] = {
    "pdf": begins(b"%PDF-"),
    "png": begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": begins(b"\xff\xd8\xff"),
    "jpeg": begins(b"\xff\xd8\xff"),
    "gif": begins(b"GIF87a", b"GIF89a"),
    "webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), _ZIP),
    **dict.fromkeys(("doc", "xls", "ppt", "msg"), _OLE),
    **dict.fromkeys(("txt", "csv", "eml"), is_text),
}
"""What may be attached, and what its first bytes must look like: a name alone proves nothing."""


class FileRefused(Refused):
    code = "file_refused"
    field = "upload"


@transaction.atomic
def attach(
    *,
    by: User,
    at: datetime,
    upload: UploadedFile[Any],
    company: Company | None = None,
    contact: Contact | None = None,
    deal: Deal | None = None,
    task: Task | None = None,
) -> File:
    """Keep a file on exactly one record that `by` may see. It is stored under a random name and known by its own.

    Raises FileRefused for an empty or too large file and for a type that is not let in.
    """
    given = {"company": company, "contact": contact, "deal": deal, "task": task}
    (noun, record), *more = [(noun, record) for noun, record in given.items() if record is not None]
    if more:
        raise TypeError("A file hangs on one record")
    allow(by, Permission.FILE_ADD)
    allow(by, VIEW[noun], record)
    name = clean_name(upload.name or "")
    digest = _check(upload, name)
    file = File(name=name, size=upload.size or 0, sha256=digest, uploaded_by=by, **{noun: record})
    file.content.save(uuid.uuid4().hex, upload, save=False)
    try:
        file.save(force_insert=True)
    except Exception:
        file.content.delete(save=False)
        raise
    return file


@transaction.atomic
def delete(*, file: File, by: User, at: datetime) -> None:
    """Remove a file: who attached it may, and the record's own people. The bytes go once that is certain."""
    noun = next(noun for noun in OWN if getattr(file, f"{noun}_id") is not None)
    allow(by, Permission.FILE_ADD, file)
    if file.uploaded_by_id != by.pk and not can(by, OWN[noun], getattr(file, noun)):
        raise NotAllowed
    store, name = file.content.storage, str(file.content.name)
    file.delete()
    transaction.on_commit(lambda: store.delete(name))


def clean_name(name: str) -> str:
    """A name that is safe to show and to save under: no path, no control or direction signs, not hidden, not endless."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    shown = " ".join(shown.split()).lstrip(". ")
    stem, dot, extension = shown.rpartition(".")
    if not dot:
        return shown[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension[:10]}"


def _check(upload: UploadedFile[Any], name: str) -> str:
    """The digest of a file that may be kept."""
    if not upload.size:
        raise FileRefused(_("This file is empty. Choose another one."))
    if upload.size > LARGEST:
        raise FileRefused(
            _("This file is larger than %(limit)s. Choose a smaller one.") % {"limit": filesizeformat(LARGEST)}
        )
    looks_right = TYPES.get(name.rpartition(".")[2].lower())
    upload.seek(0)
    if looks_right is None or not looks_right(upload.read(HEAD)):
        raise FileRefused(
            _("This type of file is not accepted. Attach a document, table, presentation, picture, mail or PDF.")
        )
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
