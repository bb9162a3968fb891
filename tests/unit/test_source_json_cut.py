"""Values cut out of a JSON file by their brackets."""

from __future__ import annotations

import io
import json
import time

import pytest

from ipsearch.sources import json_cut
from ipsearch.sources.base import Input, Notes, Reject
from ipsearch.sources.json_objects import Found, read_array, read_values


def _read(data: bytes, is_array: bool = True) -> list[Found]:
    opened = Input("a", io.BytesIO(data), len(data), True, Notes())
    return list(read_array(opened) if is_array else read_values(opened))


def test_one_broken_element_leaves_the_others() -> None:
    """What is no JSON between its brackets, or between two objects, is one reject in its place."""
    first, broken, second, between, third = _read(
        b'[{"a": 1}, {"a": \xff}, {"a": 2}, nonsense, {"a": 3}]'
    )
    assert [first, second, third] == [
        (f"document {number}", {"a": value}) for number, value in ((1, 1), (3, 2), (5, 3))
    ]
    assert isinstance(broken, Reject) and broken.head == b'{"a": \xff}'
    assert isinstance(between, Reject) and between.head == b"nonsense"


@pytest.mark.parametrize("end", [b"", b", ", b', {"a": "', b"]]", b"] x"])
def test_a_broken_end_is_one_reject(end: bytes) -> None:
    """An array that breaks off, or with something behind it, gives what it has and says so."""
    first, second, reject = _read(b'[{"a": 1}, {"a": 2}' + end)
    assert [first, second] == [("document 1", {"a": 1}), ("document 2", {"a": 2})]
    assert isinstance(reject, Reject) and reject.position == "document 3"


def test_a_long_chinese_text_takes_linear_time() -> None:
    """Ten megabytes of one text are read at once, not again with every block."""
    begin = time.process_time()
    (item,) = _read(json.dumps([{"a": "电" * 3_000_000}], ensure_ascii=False).encode())
    assert not isinstance(item, Reject) and len(item[1]["a"]) == 3_000_000
    assert time.process_time() - begin < 5


def test_hosts_of_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object with more values than any document has is given up before it is parsed."""
    monkeypatch.setattr(json_cut, "VALUES_MAX", 1_000)
    monkeypatch.setattr(json_cut, "_BLOCK_BYTES", 512)
    (reject,) = _read(b'[{"a": [' + b"[]," * 5_000 + b"[]]}]")
    assert isinstance(reject, Reject) and "more than 1000 values" in reject.reason
