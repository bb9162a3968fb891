"""Values of a JSON file cut out of it one by one, so that a file of any size is read in pieces.

A value is found by its brackets, without looking into it: brackets and quotes are marked in a block
of bytes at once, brackets within texts are left out, and the depth is summed up. Time is linear in
the file, and memory holds one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

OBJECT_BYTES = 128 << 20
"""A longer value is given up: no document is as long, nor an answer with hundreds of them."""

NESTING_MAX = 4_000
"""So many brackets may be open."""

VALUES_MAX = 4_000_000
"""So many commas and brackets may be in one value, as each may cost a hundred bytes of memory."""

_BLOCK_BYTES = 256 << 10
_GAP_BYTES = 1 << 20  # between two values there is a comma: with so much else it is no such file

_QUOTE, _OPEN, _CLOSE = 1, 2, 3
_KINDS = bytes([_QUOTE, _OPEN, _OPEN, _CLOSE, _CLOSE])
_OTHERS = bytes(code for code in range(256) if code not in b'"[{]}')
_MARKS = bytes.maketrans(b'"[{]}' + _OTHERS, _KINDS + bytes(len(_OTHERS)))


class BrokenJsonError(Exception):
    """From here on it is no JSON, or more of it than any honest file would hold."""


def cut_values(stream: BinaryIO, *, is_array: bool) -> Iterator[tuple[bytes, bytes]]:
    """Yield what stands before each object or list of a file, and the object or list itself.

    They are the elements of an array whose opening bracket has been read, or stand one after
    another. The last thing yielded is what stands behind the last of them, with `b""`. Raises
    `BrokenJsonError`, after all whole values, where the file breaks off or brackets do not match.
    """
    marker = _Marker(1 if is_array else 0)
    gap = b""
    held = _Held()
    for block in _blocks(stream):
        begins, ends, stop = marker.mark(block)
        place = 0
        if held.pieces:
            place = ends.pop(0) + 1 if ends else 0
            held.add(block[:place] if place else block)
            if place:
                yield gap, held.take()
                gap = b""
        for begin, end in zip(begins, ends, strict=False):
            yield gap + block[place:begin], block[begin : end + 1]
            gap, place = b"", end + 1
        if stop >= 0:
            if block[stop] in b"[{":
                raise BrokenJsonError("objects or lists are nested too deeply")
            yield gap + block[place:stop], b""
            if not is_array or block[stop + 1 :].strip() or stream.read(_BLOCK_BYTES).strip():
                raise BrokenJsonError("not JSON from here on: a bracket closes what is not open")
            return
        if len(begins) > len(ends):
            gap += block[place : begins[-1]]
            held.add(block[begins[-1] :])
        elif not held.pieces:
            gap += block[place:]
            if len(gap) > _GAP_BYTES:
                raise BrokenJsonError(f"no object in {len(gap)} bytes")
    if held.pieces:
        raise BrokenJsonError("not JSON from here on: it breaks off")
    yield gap, b""
    if is_array:
        raise BrokenJsonError("not JSON from here on: the list does not end")


def count_values(piece: bytes) -> int:
    """Count commas and brackets: at least as many as values, as some are in texts."""
    return piece.count(b",") + piece.count(b"[") + piece.count(b"{")


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Read blocks, none of which ends between a backslash and what it escapes."""
    carried = b""
    while block := stream.read(_BLOCK_BYTES):
        block = carried + block
        carried = b"\\" if (len(block) - len(block.rstrip(b"\\"))) % 2 else b""
        yield block.removesuffix(carried)
    yield carried


class _Held:
    """The beginning of a value whose end has not come."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._size = self._values = 0

    def add(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self._size += len(piece)
        self._values += count_values(piece)
        if self._size > OBJECT_BYTES:
            raise BrokenJsonError(f"an object of more than {OBJECT_BYTES} bytes")
        if self._values > VALUES_MAX:
            raise BrokenJsonError(f"an object of more than {VALUES_MAX} values")

    def take(self) -> bytes:
        value = b"".join(self.pieces)
        self.pieces = []
        self._size = self._values = 0
        return value


class _Marks(NamedTuple):
    """Where the values of a block begin and end."""

    begins: list[int]
    ends: list[int]  # the last byte of each
    stop: int  # a bracket that closes what is around all values, or opens one too many; else -1


class _Marker:
    """Finds values in blocks; knows from block to block what is open."""

    def __init__(self, level: int) -> None:
        self._level = self._depth = level  # brackets that are open around a value, and now
        self._in_text = 0

    def mark(self, block: bytes) -> _Marks:
        if b"\\" in block:
            block = block.replace(rb"\\", b"__").replace(rb"\"", b"__")
        kinds = np.frombuffer(block.translate(_MARKS), np.uint8)
        places = np.flatnonzero(kinds)
        kinds = kinds[places]
        in_text = (np.cumsum(kinds == _QUOTE) + self._in_text) & 1
        brackets = (kinds != _QUOTE) & (in_text == 0)
        places, is_open = places[brackets], kinds[brackets] == _OPEN
        depths = self._depth + np.cumsum(np.where(is_open, 1, -1))
        if len(in_text):
            self._in_text = int(in_text[-1])
        if not len(depths):
            return _Marks([], [], -1)
        self._depth = int(depths[-1])
        stops = np.flatnonzero((depths < self._level) | (depths > NESTING_MAX))
        stop = int(places[stops[0]]) if len(stops) else -1
        if len(stops):
            places, is_open, depths = places[: stops[0]], is_open[: stops[0]], depths[: stops[0]]
        begins = places[is_open & (depths == self._level + 1)]
        ends = places[~is_open & (depths == self._level)]
        return _Marks(begins.tolist(), ends.tolist(), stop)
