"""Text tables come in several encodings, sometimes in two at once: guess, decode, name what fails.

A line that cannot be decoded costs that line alone: it comes with the fault and with U+FFFD in
the place of the bad bytes, so that a reader of quoted cells keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ipsearch.errors import SourceError

LINE_BYTES = 64 << 20
"""A longer line is no line of a table: it is passed over and reported."""

_PIECE_BYTES = 8 << 20
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text file."""

    number: int  # the first is 1
    offset: int  # bytes before it in the file
    text: str  # with its line end; U+FFFD for what cannot be decoded
    fault: SourceError | None = None  # the row that this line belongs to is to be rejected


def encoding_of(head: bytes) -> str | None:
    """Say in which encoding a file is that begins with `head`; None if it is no text.

    XML says so itself, and is UTF-8 where it does not.
    """
    if b"\0" in head[:1024] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        declared = re.search(rb"<\?xml[^>]*encoding=[\"']([\w.-]+)", head[:500])
        return declared[1].decode("ascii").lower() if declared else "utf-8"
    return detect_encoding(head)


def detect_encoding(head: bytes) -> str:
    """Guess a text file's encoding from its beginning (64 KiB are plenty).

    Returns "utf-16" or "utf-8-sig" where a byte order mark says so, otherwise "utf-8",
    "gb18030" (GB2312 and GBK are parts of it) or "cp1252": what most of the lines fit. A
    character cut at the end of `head` does not count; plain ASCII is "utf-8".

    >>> detect_encoding("锂离子电池".encode("gbk"))
    'gb18030'
    """
    if head[:2] in _UTF16:
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    if len(lines) > 1 and not head.endswith(b"\n"):
        lines[-1:] = []  # it may be cut within a character
    elif lines:
        lines[-1] = _without_cut(lines[-1])
    as_utf8 = sum(_fits(line, "utf-8") for line in lines)
    if as_utf8 * 2 >= len(lines):
        return "utf-8"
    data = b"\n".join(lines)
    runs = re.findall(rb"[\x80-\xff]+", data)
    single = sum(len(run) == 1 for run in runs)  # é stands alone, 电 takes two bytes
    is_western = single * 2 > len(runs) and sum(map(len, runs)) * 4 < len(data)
    return "cp1252" if is_western else "gb18030"


def decode_line(raw: bytes, encoding: str, *, name: str = "", offset: int = 0) -> str:
    """Decode one line; raise `SourceError` with the place of the first byte that does not fit.

    `offset` is where the line begins in the file called `name`. A line of UTF-8 in a GB18030
    file is a fault too, though it would decode: to nonsense.
    """
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        reason = f"byte 0x{byte:02x} is not {encoding}: {error.reason}"
        raise SourceError(name, f"byte {offset + error.start}", reason) from None
    if encoding == "gb18030" and not raw.isascii() and _is_strayed_utf8(raw):
        raise SourceError(name, f"byte {offset}", "a line in utf-8 in a file in gb18030")
    return text


def text_lines(stream: BinaryIO, encoding: str, name: str) -> Iterator[TextLine]:
    """Yield the lines of `stream`, as `detect_encoding` named its encoding, to its end.

    A byte order mark is left out. Lines end in a line feed. Faults of the stream itself
    (`SourceError`) are raised.
    """
    offset = 0
    if encoding == "utf-16":
        mark = stream.read(2)
        encoding, offset = _UTF16.get(mark, "utf-16-le"), len(mark)
    elif encoding == "utf-8-sig":
        encoding = "utf-8"
    for number, (raw, size) in enumerate(_raw_lines(stream, encoding), start=1):
        if number == 1 and encoding == "utf-8" and raw.startswith(b"\xef\xbb\xbf"):
            raw, size, offset = raw[3:], size - 3, 3
        where = f"byte {offset}"
        try:
            if size > LINE_BYTES:
                raw = b"\n"
                reason = f"a line of {size} bytes, more than {LINE_BYTES}: no line of a table"
                raise SourceError(name, where, reason)
            yield TextLine(number, offset, decode_line(raw, encoding, name=name, offset=offset))
        except SourceError as fault:
            yield TextLine(number, offset, raw.decode(encoding, "replace"), fault)
        offset += size


def _raw_lines(stream: BinaryIO, encoding: str) -> Iterator[tuple[bytes, int]]:
    """Yield each line and its size in bytes; of an endless line no more than its beginning."""
    line_end = {"utf-16-le": b"\n\0", "utf-16-be": b"\0\n"}.get(encoding, b"\n")
    width = len(line_end)
    line, tail, size = b"", b"", 0
    while piece := stream.readline(_PIECE_BYTES):
        if line_end == b"\n\0" and (size + len(piece)) % 2:
            piece += stream.read(1)
        size += len(piece)
        tail = (tail + piece)[-2:]
        if size <= LINE_BYTES:
            line += piece
        if size % width == 0 and tail.endswith(line_end):
            yield line, size
            line, tail, size = b"", b"", 0
    if size:
        yield line, size


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _without_cut(line: bytes) -> bytes:
    """Leave out the beginning of a UTF-8 character at the end of `line`."""
    return re.sub(rb"([\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$", b"", line)


def _is_strayed_utf8(raw: bytes) -> bool:
    """Tell UTF-8 from GBK that happens to be valid UTF-8: the latter is of common characters."""
    if not _fits(raw, "utf-8") or _fits(raw, "gb2312"):
        return False
    return any(character >= "\u0800" for character in raw.decode("utf-8"))
