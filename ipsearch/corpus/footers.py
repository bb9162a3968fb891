"""A part's Parquet footer: at the part's own end, and once more in a file beside it.

Nothing in Parquet guards it: a bit that flips there can rename a column, and every page still has
its checksum. So whoever reads a part compares the two.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_FRAME = b"PAR1"
_TAIL_BYTES = 8  # the size of the footer, and the frame again


def footer_of(part: Path) -> bytes:
    """Give the content of the file that lies beside `part`, as its own end has it.

    Raises `OSError` if it cannot be read, `ValueError` if it is too short to end so.
    """
    with part.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - _TAIL_BYTES, 0))
        tail = file.read()
        size = int.from_bytes(tail[:4], "little")
        begin = end - _TAIL_BYTES - size
        if begin < len(_FRAME):
            raise ValueError(f"no footer of {size:,} bytes in {end:,}")
        file.seek(begin)
        return _FRAME + file.read(size) + tail


def is_footer(part: Path, sha256: str) -> bool:
    """Say whether the part's own footer is the one that was summed up."""
    try:
        return hashlib.sha256(footer_of(part)).hexdigest() == sha256
    except (OSError, ValueError):
        return False
