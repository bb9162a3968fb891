"""JSON in whole files: one object over many lines, answers with a list, and hostile ones."""

from __future__ import annotations

import io
import time

import pytest

from ipsearch.sources import json_cut
from ipsearch.sources.base import Input, Notes, Reject
from ipsearch.sources.json_whole import read_any_json


def _read(content: bytes, wrapper: str = "", start: int = 0) -> list[object]:
    input = Input("a.json", io.BytesIO(content), None, True, Notes(), start=start)
    return [
        item.reason if isinstance(item, Reject) else item for item in read_any_json(input, wrapper)
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1}\n{"a": 2}\n',
        b'[{"a": 1}, {"a": 2}]',
        b'{\n  "a": 1\n}\n{\n  "a": 2\n}\n',
        b'\xef\xbb\xbf{\r\n  "a": 1\r\n}\r\n{\r\n  "a": 2\r\n}',
        b'{"total": 2, "data": [{"a": 1}, {"a": 2}]}\n',
        b'{\n "total": 2,\n "data": [\n  {"a": 1},\n  {"a": 2}\n ]\n}',
    ],
)
def test_forms(content: bytes) -> None:
    """Lines, arrays, indented objects and answers give the same objects."""
    objects = [item[1] for item in _read(content, "data") if isinstance(item, tuple)]
    assert objects == [{"a": 1}, {"a": 2}]


def test_positions() -> None:
    """An object in an answer is found by its place in the list."""
    items = _read(b'{"data": [{"a": 1}, 5]}\n', "data")
    assert items == [("line 1 data 1", {"a": 1}), "not an object: int"]


def test_nothing_is_no_reject() -> None:
    """A file of white space holds no object, whole or broken."""
    assert _read(b"") == _read(b" \r\n\n") == _read(b"\xef\xbb\xbf\n") == []


def test_indented_file_is_read_once() -> None:
    """A range that does not begin at the beginning leaves an indented file to the one that does."""
    assert _read(b'{\n "a": 1\n}', start=5) == []


@pytest.mark.parametrize("content", [b'{\n "a": 1\n}\n{\n "b": ', b'{\n "a": 1\n}\n]'])
def test_broken_behind(content: bytes) -> None:
    """What was whole before a break is given, and one reject says where the break is."""
    first, *rest = _read(content)
    assert first == ("document 1", {"a": 1})
    assert len(rest) == 1 and str(rest[0]).startswith("not JSON from here on")


@pytest.mark.parametrize("piece", [b"[", b'{"a":', b'[1,{"b":'])
def test_endless_nesting(piece: bytes) -> None:
    """Depth is refused before it costs memory, which grows with its square."""
    begin = time.perf_counter()
    (reason,) = _read(b'{\n "a": ' + piece * 200_000)
    assert reason == "objects or lists are nested too deeply"
    assert time.perf_counter() - begin < 5


def test_endless_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object that does not end is given up; the limit is for one object, not for the file."""
    monkeypatch.setattr(json_cut, "OBJECT_BYTES", 100_000)
    whole = b'{\n "a": "' + b"x" * 30_000 + b'"\n}\n'
    assert len(_read(whole * 20)) == 20
    assert _read(b'{\n "a": "' + b"x" * 200_000) == ["an object of more than 100000 bytes"]
