"""JSON Lines: positions, ranges of bytes, lines that are too long, files that break off."""

from __future__ import annotations

import io
import json

import pytest

from ipsearch.errors import SourceError
from ipsearch.sources import json_objects
from ipsearch.sources.base import Input, Notes, Reject
from ipsearch.sources.json_objects import Found, read_lines
from ipsearch.sources.streams import stream_of

LINES = [json.dumps({"n": n, "text": "试" * (n % 7)}, ensure_ascii=False) for n in range(60)]


@pytest.fixture(params=[1, 7, 64, 1 << 18])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many bytes are asked for at a time."""
    monkeypatch.setattr(json_objects, "_BLOCK_BYTES", request.param)
    return int(request.param)


def _read(data: bytes, start: int = 0, end: int | None = None) -> list[Found]:
    return list(read_lines(Input("a", io.BytesIO(data), len(data), True, Notes(), start, end)))


def _numbers(found: list[Found]) -> list[int]:
    return [item[1]["n"] for item in found if not isinstance(item, Reject)]


@pytest.mark.parametrize("end", ["", "\n", "\n\n  \r\n"])
def test_every_line_is_found_with_its_number(block: int, end: str) -> None:
    """Wherever blocks of bytes end, lines are whole and counted; empty ones count, too."""
    data = ("\ufeff" + "\r\n".join(LINES[:30]) + "\n\n" + "\n".join(LINES[30:]) + end).encode()
    found = _read(data)
    assert _numbers(found) == list(range(60))
    positions = [item.position if isinstance(item, Reject) else item[0] for item in found]
    assert positions == [f"line {n}" for n in (*range(1, 31), *range(32, 62))]


def test_ranges_divide_the_lines(block: int) -> None:
    """Each line belongs to the one range that it begins in, and is named by its byte."""
    data = ("\n".join(LINES) + "\n").encode()
    for cut in range(0, len(data), 11):
        first, second = _read(data, 0, cut), _read(data, cut) if cut else _read(data)
        if cut:
            assert _numbers(first) + _numbers(second) == list(range(60))
        for item in second if cut else []:
            assert not isinstance(item, Reject)
            start = int(item[0].removeprefix("byte "))
            assert json.loads(data[start:].partition(b"\n")[0]) == item[1]


def test_a_line_that_is_too_long_is_passed_over(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a reject with its beginning; what follows it has its right number and byte."""
    if block > 64:
        pytest.skip("a line within one block is never too long")
    monkeypatch.setattr(json_objects, "LINE_BYTES", 500)
    long = json.dumps({"n": -1, "text": "x" * 3_000})
    data = "\n".join([LINES[0], long, LINES[1], long]).encode()
    first, reject, second, last = _read(data)
    assert _numbers([first, second]) == [0, 1]
    assert isinstance(reject, Reject) and isinstance(last, Reject)
    assert (reject.position, last.position) == ("line 2", "line 4")
    assert reject.head == long[:200].encode() and "more than 500 bytes" in reject.reason
    begin = data.index(b"\n") + 1
    in_range = _read(data, begin)
    assert [item.position if isinstance(item, Reject) else item[0] for item in in_range][:2] == [
        f"byte {begin}",
        f"byte {begin + len(long) + 1}",
    ]


def test_what_stands_before_a_fault_is_read(block: int) -> None:
    """A stream that breaks off within a line gives the lines before, then that piece, then it."""
    data = "\n".join(LINES[:5]).encode()[:-3]

    def broken() -> object:
        yield data
        raise SourceError("", "", "broken")

    opened = Input("a", stream_of("a", broken()), None, False, Notes())  # type: ignore[arg-type]
    found: list[Found] = []
    with pytest.raises(SourceError, match="broken"):
        for item in read_lines(opened):
            found.append(item)
    assert _numbers(found) == [0, 1, 2, 3]
    assert isinstance(found[-1], Reject) and found[-1].position == "line 5"
