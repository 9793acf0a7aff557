"""A mail whose pictures stand inside its words, wherever it is read."""

from __future__ import annotations

from collections.abc import Sequence
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from typing import Any

from django.core.mail import EmailMultiAlternatives

from notifications.attachments import Attachment


class Letter(EmailMultiAlternatives):
    """A plain text, the same as HTML together with its `pictures` (multipart/related), and files."""

    pictures: Sequence[Attachment] = ()

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """The whole mail; the HTML part becomes one with its pictures, so that no program lists them as files."""
        whole = super().message(*args, **kwargs)
        if self.pictures:
            alternative = next(part for part in whole.walk() if part.get_content_type() == "multipart/alternative")
            parts: Any = alternative.get_payload()
            parts[-1] = self._related(parts[-1])
        return whole

    def _related(self, html: Any) -> MIMEBase:
        related = MIMEMultipart("related", type="text/html")
        related.attach(html)
        for one in self.pictures:
            part = MIMEImage(one.content, _subtype=one.content_type.partition("/")[2])
            part.add_header("Content-ID", f"<{one.cid}>")
            part.add_header("Content-Disposition", "inline", filename=one.filename)
            related.attach(part)
        return related
