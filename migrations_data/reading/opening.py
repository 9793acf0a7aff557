"""Opening a workbook with its password: `python -m migrations_data.reading.opening FILE TARGET LIMITS`, the password on standard input.

Prints `{"opened": true}`, or `{"refused": {code, detail}}`: wrong_password, sealed (locked in a way that nothing here opens) or open
(it needs no password).
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path

from migrations_data.reading.limits import Limits, TooMuch
from migrations_data.reading.process import confine

OLE = b"\xd0\xcf\x11\xe0"


def main(path: str, target: str, given: str) -> None:
    """Write what is in the workbook to `target`."""
    limits = confine(given)
    most = limits.file_bytes * 2
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    password = sys.stdin.buffer.read().decode("utf-8")
    try:
        open_with(Path(path), Path(target), password, limits)
        said: dict[str, object] = {"opened": True}
    except TooMuch as refusal:
        said = {"refused": {"code": refusal.code, "detail": refusal.detail}}
    sys.stdout.write(json.dumps(said))


def open_with(path: Path, target: Path, password: str, limits: Limits) -> None:
    """Decrypt a workbook. Raises TooMuch."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError, InvalidKeyError

    if path.stat().st_size > limits.file_bytes:
        raise TooMuch("file", limits.file_bytes)
    with path.open("rb") as source:
        if source.read(4) != OLE:
            raise TooMuch("open")
        source.seek(0)
        try:
            locked = msoffcrypto.OfficeFile(source)
            if not locked.is_encrypted():
                raise TooMuch("open")
            locked.load_key(password=password)
            with target.open("wb") as out:
                locked.decrypt(out)
        except InvalidKeyError as error:
            raise TooMuch("wrong_password") from error
        except (FileFormatError, NotImplementedError) as error:
            raise TooMuch("sealed") from error
        except TooMuch:
            raise
        except Exception as error:  # a key that fits nothing shows only in what comes out
            raise TooMuch("wrong_password") from error


if __name__ == "__main__":
    main(*sys.argv[1:4])
