"""How much a file may ask of this machine. Standard library only: the reading process knows nothing of Django."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds. Ordinary tables stay far below; what goes beyond is refused with the limit's name."""

    file_bytes: int = 50_000_000
    inflated_bytes: int = 1_000_000_000
    inflation: int = 100
    parts: int = 5_000
    sheets: int = 100
    rows: int = 200_000
    columns: int = 300
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 30
    wall_seconds: int = 60

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


WIDE = Limits(
    file_bytes=2_000_000_000,
    inflated_bytes=20_000_000_000,
    inflation=1_000,
    parts=100_000,
    sheets=2_000,
    rows=20_000_000,
    columns=16_384,
    memory_bytes=6 * 1024**3,
    cpu_seconds=1_800,
    wall_seconds=3_600,
)
"""For whoever sits at the server and knows the file."""


class TooMuch(Exception):
    """The file cannot be read, or asks for more than it may. `code` names why, `detail` a figure or name for the message."""

    def __init__(self, code: str, detail: str | int = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(code)
