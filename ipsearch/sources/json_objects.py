"""JSON Lines and JSON arrays: a file's objects one by one, with positions, and their records."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any, BinaryIO, NamedTuple

import orjson

from ipsearch.errors import IpsearchError, SourceError
from ipsearch.records import Row
from ipsearch.sources.base import Input, Record, Reject
from ipsearch.sources.json_cut import VALUES_MAX, BrokenJsonError, count_values, cut_values
from ipsearch.sources.opening import peek

LINE_BYTES = 64 << 20
"""A longer line is passed over: no document is as long, and memory holds a line three times."""

_BLOCK_BYTES = 256 << 10
_MARK = b"\xef\xbb\xbf"  # of byte order

Found = tuple[str, dict[str, Any]] | Reject


def to_records(
    items: Iterable[Found], convert: Callable[[dict[str, Any]], Row]
) -> Iterator[Record | Reject]:
    """Make a patent's record of every object; one that `convert` raises an error on is a reject."""
    for item in items:
        if isinstance(item, Reject):
            yield item
            continue
        position, found = item
        try:
            row = convert(found)
        except IpsearchError as error:
            yield Reject(position, str(error), repr(found)[:200].encode()[:200])
            continue
        yield Record("patent", row, position)


def is_json(head: bytes) -> bool:
    """Whether a file that begins with `head` is JSON Lines or a JSON array."""
    return _first(head) in (b"{", b"[")


def is_lines(head: bytes) -> bool:
    """Whether it is JSON Lines of objects."""
    return _first(head) == b"{"


def read_json(input: Input, head: bytes) -> Iterator[Found]:
    """Yield the objects of a file whose beginning is `head`.

    An array cannot be divided: it is read whole by the range that begins at 0.
    """
    if is_lines(head):
        yield from read_lines(input)
    elif input.start == 0:
        yield from read_array(input)


def _first(head: bytes) -> bytes:
    return head.removeprefix(_MARK).lstrip()[:1]


def read_lines(input: Input) -> Iterator[Found]:
    """Yield the position and object of every line that begins in the input's range of bytes.

    Positions are "line 17" from 1, or "byte 4711" in a range that does not begin at 0. A line
    that is no JSON object is a reject; an empty one is nothing.
    """
    for block in read_blocks(input):
        yield from parse_block(block)


class Block(NamedTuple):
    """Lines of a file, with their ends."""

    lines: list[bytes]
    offset: int  # of the first, in bytes
    number: int  # of the first, from 1; 0 where nobody counts: in a range not from the beginning
    left_out: int = 0  # bytes of the only line that are not there: it is too long

    def positions(self) -> Iterator[str]:
        """Say where each line stands."""
        offset = self.offset
        for count, line in enumerate(self.lines):
            yield f"line {self.number + count}" if self.number else f"byte {offset}"
            offset += len(line)


def read_blocks(input: Input) -> Iterator[Block]:
    """Yield the lines that begin in the input's range of bytes, many at a time."""
    stream, offset = input.stream, input.start
    is_range = input.start > 0
    if is_range:  # the line that the byte before belongs to began before the range
        stream.seek(offset - 1)
        offset = offset - 1 + _pass_line(stream)
    number = 0 if is_range else 1
    for lines, left_out in _line_blocks(stream):
        size = sum(map(len, lines))
        if input.end is not None and offset + size > input.end:
            lines = _before(lines, input.end - offset)
        if lines:
            yield Block(lines, offset, number, left_out)
        offset += size + left_out
        number += 0 if is_range else len(lines)
        if input.end is not None and offset >= input.end:
            return


def _before(lines: list[bytes], end: int) -> list[bytes]:
    """Give the lines that begin in the first `end` bytes of them."""
    begins = accumulate(map(len, lines), initial=0)
    return [line for line, begin in zip(lines, begins, strict=False) if begin < end]


def parse_block(block: Block) -> Iterator[Found]:
    """Yield the position and object of every line of a block."""
    if block.left_out:
        (position,), (line,) = block.positions(), block.lines
        yield Reject(position, f"a line of more than {LINE_BYTES} bytes", line)
        return
    for position, line in zip(block.positions(), block.lines, strict=True):
        if line.isspace():
            continue
        if len(line) > VALUES_MAX and count_values(line) > VALUES_MAX:
            yield Reject(position, f"a line of more than {VALUES_MAX} values", line[:200])
            continue
        try:
            found = orjson.loads(line.removeprefix(_MARK) if block.offset == 0 else line)
        except orjson.JSONDecodeError as error:
            yield Reject(position, f"not JSON: {error}", line[:200])
            continue
        if isinstance(found, dict):
            yield position, found
        else:
            yield Reject(position, f"not an object: {type(found).__name__}", line[:200])


def _line_blocks(stream: BinaryIO) -> Iterator[tuple[list[bytes], int]]:
    """Yield lines with their ends, many at a time: asking for each takes longer than its JSON.

    The number is how many bytes are left out of a line that is too long: it then stands alone, cut
    to its first 200 bytes. Before a fault of the stream comes what stood before it.
    """
    pieces: list[bytes] = []  # of a line whose end has not come: all, or the first of too many
    size = 0  # of that line
    fault: SourceError | None = None
    while True:
        try:
            block = stream.read(_BLOCK_BYTES)
        except SourceError as error:
            block, fault = b"", error
        lines = io.BytesIO(block).readlines()
        if pieces:
            more = lines.pop(0) if lines else b""
            size += len(more)
            if size <= LINE_BYTES:
                pieces.append(more)
            if block and not more.endswith(b"\n"):
                continue
            line = b"".join(pieces)
            yield ([line], 0) if size <= LINE_BYTES else ([line[:200]], size - len(line[:200]))
            pieces = []
        if lines and not lines[-1].endswith(b"\n"):
            pieces = [lines.pop()]
            size = len(pieces[0])
        yield lines, 0
        if fault is not None:
            raise fault
        if not block:
            return


def _pass_line(stream: BinaryIO) -> int:
    """Read to the end of the current line; return how many bytes that was."""
    size = 0
    while piece := stream.readline(1 << 20):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return size


def read_array(input: Input) -> Iterator[Found]:
    """Yield the position ("document 3") and object of every element of a JSON array.

    Memory holds one element at a time. Where the array breaks off, one reject says so, and what
    came before has been yielded.
    """
    stream = _without_mark(input)
    while stream.read(1) not in (b"[", b""):
        pass
    yield from _parse_values(cut_values(stream, is_array=True))


def read_values(input: Input) -> Iterator[Found]:
    """Yield the position and object of values that stand one after another, over any lines."""
    yield from _parse_values(cut_values(_without_mark(input), is_array=False))


def _parse_values(values: Iterator[tuple[bytes, bytes]]) -> Iterator[Found]:
    count = 0
    try:
        for gap, value in values:
            for reject in _parse_gap(gap, count + 1):
                count += 1
                yield reject
            if not value:
                continue
            count += 1
            position = f"document {count}"
            try:
                found = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                yield Reject(position, f"not JSON: {error}", value[:200])
                continue
            if isinstance(found, dict):
                yield position, found
            else:
                yield Reject(position, f"not an object: {type(found).__name__}", value[:200])
    except BrokenJsonError as error:
        yield Reject(f"document {count + 1}", str(error))


def _parse_gap(gap: bytes, number: int) -> Iterator[Reject]:
    """Say what stands between two objects: commas are nothing, a number is no document."""
    plain = gap.strip(b", \t\r\n")
    if not plain:
        return
    try:
        found = orjson.loads(b"[" + plain + b"]")
    except orjson.JSONDecodeError as error:
        yield Reject(f"document {number}", f"not JSON: {error}", plain[:200])
        return
    for count, value in enumerate(found, start=number):
        yield Reject(f"document {count}", f"not an object: {type(value).__name__}", plain[:200])


def _without_mark(input: Input) -> BinaryIO:
    """The stream after a byte order mark, which the parser takes for an error."""
    head, opened = peek(input)
    if head.startswith(_MARK):
        opened.stream.read(3)
    return opened.stream
