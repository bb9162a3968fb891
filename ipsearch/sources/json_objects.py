"""JSON Lines and JSON arrays: the objects of a file one by one, with their positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from ipsearch.sources.base import Input, Reject
from ipsearch.sources.json_bounds import BoundedStream, HostileJsonError
from ipsearch.sources.opening import peek

LINE_BYTES = 256 << 20
"""A longer line is passed over: no document is as long."""

Found = tuple[str, dict[str, Any]] | Reject


def is_json(head: bytes) -> bool:
    """Whether a file that begins with `head` is JSON Lines or a JSON array."""
    return _first(head) in (b"{", b"[")


def read_json(input: Input, head: bytes) -> Iterator[Found]:
    """Yield the objects of a file whose beginning is `head`.

    An array cannot be divided: it is read whole by the range that begins at 0.
    """
    if _first(head) == b"{":
        yield from read_lines(input)
    elif input.start == 0:
        yield from read_array(input)


def _first(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def read_lines(input: Input) -> Iterator[Found]:
    """Yield the position and object of every line that begins in the input's range of bytes.

    Positions are "line 17" from 1, or "byte 4711" in a range that does not begin at 0. A line
    that is no JSON object is a reject; an empty one is nothing.
    """
    stream, offset = input.stream, input.start
    is_range = input.start > 0
    if is_range:  # the line that the byte before belongs to began before the range
        stream.seek(offset - 1)
        offset = offset - 1 + _pass_line(stream)
    end = input.end if input.end is not None else float("inf")
    number = 0
    while offset < end and (line := stream.readline(LINE_BYTES)):
        number += 1
        position = f"byte {offset}" if is_range else f"line {number}"
        offset += len(line)
        if len(line) == LINE_BYTES and line[-1:] != b"\n":
            offset += _pass_line(stream)
            yield Reject(position, f"a line of more than {LINE_BYTES} bytes", line[:200])
            continue
        if line.isspace():
            continue
        try:
            found = orjson.loads(line if number > 1 else line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            yield Reject(position, f"not JSON: {error}", line[:200])
            continue
        if isinstance(found, dict):
            yield position, found
        else:
            yield Reject(position, f"not an object: {type(found).__name__}", line[:200])


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

    Memory holds one element at a time. Where the array breaks off or is no JSON any more, one
    reject says so, and what came before has been yielded.
    """
    yield from read_values(input, "item")


def read_values(
    input: Input, prefix: str, *, several: bool = False, head: bytes = b""
) -> Iterator[Found]:
    """Yield the position and object of every value at `prefix`, as the incremental parser has it.

    `several` values may stand one after another. `head` goes with a reject of the very first.
    """
    import ijson

    stream, count = BoundedStream(_without_mark(input)), 0
    try:
        for found in ijson.items(stream, prefix, multiple_values=several, use_float=True):
            count += 1
            stream.rest()
            if isinstance(found, dict):
                yield f"document {count}", found
            else:
                yield Reject(f"document {count}", f"not an object: {type(found).__name__}")
    except HostileJsonError as error:
        yield Reject(f"document {count + 1}", str(error))
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = f"not JSON from here on: {error}"
        yield Reject(f"document {count + 1}", reason, b"" if count else head)


def _without_mark(input: Input) -> BinaryIO:
    """The stream after a byte order mark, which the parser takes for an error."""
    head, opened = peek(input)
    if head.startswith(b"\xef\xbb\xbf"):
        opened.stream.read(3)
    return opened.stream
