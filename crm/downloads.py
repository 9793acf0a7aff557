"""Files on their way out: always as a download, so that nothing somebody uploaded runs in this site's name."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from crm.models import File


def served(file: File) -> FileResponse:
    """The content of a file under its own name. Raises Http404 when the store has lost it."""
    try:
        content = file.content.open("rb")
    except FileNotFoundError as missing:
        raise Http404(_("The content of this file is gone.")) from missing
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
