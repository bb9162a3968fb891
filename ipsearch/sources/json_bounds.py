"""Bounds for the incremental JSON parser, which alone would take any size and any depth."""

from __future__ import annotations

from typing import BinaryIO

OBJECT_BYTES = 256 << 20
"""A longer object is given up: no document is as long."""

NESTING_MAX = 4_000
"""So many brackets more may be open than closed, counting those in texts."""

_BLOCK_BYTES = 1 << 12  # small: how deep it goes inside one block is not seen


class HostileJsonError(Exception):
    """One object is longer, or nested deeper, than any honest one."""


class BoundedStream:
    """A stream for the incremental parser, which alone would take any size and any depth.

    The parser keeps a path for each level that is open: their lengths add up to the square of the
    depth, and a hundred kilobytes of `[` to more memory than a machine has. The depth is told by
    counting brackets, those in texts too; whoever has got an object calls `rest`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = self._depth = 0

    def rest(self) -> None:
        """Count from here on: an object is complete."""
        self._size = self._depth = 0

    def read(self, size: int = -1) -> bytes:
        """Read a small block; raise `HostileJsonError` before giving out too much."""
        block = self._stream.read(min(size, _BLOCK_BYTES) if size >= 0 else _BLOCK_BYTES)
        self._size += len(block)
        self._depth += block.count(b"[") + block.count(b"{")
        self._depth -= block.count(b"]") + block.count(b"}")
        self._depth = max(self._depth, 0)
        if self._size > OBJECT_BYTES:
            raise HostileJsonError(f"an object of more than {OBJECT_BYTES} bytes")
        if self._depth > NESTING_MAX:
            raise HostileJsonError("objects or lists are nested too deeply")
        return block
