"""What a zipped workbook says about itself, checked before anything in it is unpacked for reading."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from migrations_data.reading.limits import Limits, TooMuch

XML_PARTS = (".xml", ".rels", ".vml")


def check(path: Path, limits: Limits) -> None:
    """Refuse an archive that would inflate beyond the limits, or that declares document types and entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, path.stat().st_size, limits)
            for part in parts:
                if part.filename.lower().endswith(XML_PARTS):
                    _check_prolog(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise TooMuch("broken") from error
    except RuntimeError as error:  # zipfile's word for a part that wants a password
        raise TooMuch("sealed") from error


def sheets(path: Path) -> tuple[set[str], int]:
    """The names of the parts, and how many bytes its sheets have when they are unpacked."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts if "/worksheets/" in part.filename)
        return {part.filename for part in parts}, size


def _check_sizes(parts: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    inflated = sum(part.file_size for part in parts)
    if len(parts) > limits.parts:
        raise TooMuch("parts", limits.parts)
    if inflated > limits.inflated_bytes:
        raise TooMuch("inflated", limits.inflated_bytes)
    if inflated > limits.inflation * max(size, 1):
        raise TooMuch("inflation", limits.inflation)


def _check_prolog(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read up to the root element: a document type can only stand before it."""
    with archive.open(part) as content:
        try:
            for _event, _element in iterparse(content, events=("start",), forbid_dtd=True):
                return
        except DefusedXmlException as error:
            raise TooMuch("entities") from error
        except ParseError:
            return  # not well formed: the reader of workbooks says what it can make of it
