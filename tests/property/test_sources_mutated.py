"""Whatever happens to a file on its way, every source gives records and rejects, no exception.

Each source is tried with the samples that are detected as its own. Where its clean reading tells
at which byte or line each document stands, the file is also taken apart into documents: what is
whole must come through, however the rest is mutilated.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipsearch.errors import SourceError, UnknownFormatError
from ipsearch.records import to_batch
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.registry import SOURCES, detect
from ipsearch.sources.walk import Item, Opener, peek, walk

SAMPLES = Path(__file__).parents[2] / "samples"
LARGEST = 64 << 10  # of a sample: mutating longer ones shows nothing more
SLOWEST_S = 20.0  # on a busy machine; anything that hangs takes longer
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=20)
FEWER = settings(QUICK, max_examples=12)


@dataclass(frozen=True, repr=False)
class Case:
    """One sample file."""

    source: Source
    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"{self.source.name}-{Path(self.name).name}"

    def read(self, content: bytes, start: int = 0, end: int | None = None) -> list[Record | Reject]:
        """Read `content` as this file; a fault of the file as a whole is one more reject."""
        input = Input(
            self.name, io.BytesIO(content), len(content), True, Notes(), start=start, end=end
        )
        items: list[Record | Reject] = []
        try:
            for item in self.source.read(input):
                items.append(item)
        except SourceError as error:
            items.append(Reject(error.position, error.reason))
        return items


def _cases() -> list[Case]:
    """The samples, the smallest three of each source."""
    by_source: dict[str, list[Case]] = {}
    with Opener() as opener:
        for item in walk([SAMPLES]):
            if not isinstance(item, Item):
                continue
            with opener.open(item, Notes()) as opened:
                head, opened = peek(opened)
                try:
                    source = detect(head, opened.name)
                except UnknownFormatError:
                    continue
                content = opened.stream.read()
            by_source.setdefault(source.name, []).append(Case(source, item.name, content))
    return [
        case
        for cases in by_source.values()
        for case in sorted(cases, key=lambda case: len(case.content))[:3]
        if len(case.content) <= LARGEST
    ]


CASES = _cases()
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=repr)


def _check(items: list[Record | Reject]) -> None:
    """Rows fit the schema and say what they are; rejects say where and why."""
    for item in items:
        if isinstance(item, Record):
            to_batch([item.row], item.kind)
            assert item.row["id"] and item.row["office"] and item.row["source"]
            assert item.position
        else:
            assert item.reason and item.position and len(item.head) <= 200


def _rows(items: list[Record | Reject]) -> list[dict[str, Any]]:
    return [item.row for item in items if isinstance(item, Record)]


PIECES = st.sampled_from(
    [
        *(b"", b"<", b">", b"&", b"&deg;", b"0", b"\xff", b"\0", b"<?xml ", b"]]>", b"<!--", b"\n"),
        *(b'"', b",", b"{", b"}", b"[", b"]", b":", b"null", b"-1", b"1e999", b"99999999999999999"),
        *(b"\\ud800", "ＣＮ".encode(), b"20200230", b"\t", b";", b"|", b"\r\n", b"'"),
    ]
) | st.binary(max_size=8)
PLACES = st.floats(0, 1)
MUTATIONS = st.lists(
    st.tuples(st.sampled_from(["put", "cut", "copy", "swap"]), PLACES, PLACES, PIECES),
    min_size=1,
    max_size=5,
)


def _mutate(content: bytes, how: str, first: float, second: float, piece: bytes) -> bytes:
    size = len(content)
    a, b = sorted((int(first * size), int(second * size)))
    if how == "put":
        return content[:a] + piece + content[a + min(b - a, 40) :]
    if how == "cut":
        return content[:a] + content[b:]
    if how == "copy":
        return content[:b] + content[a:]
    middle = (a + b) // 2
    return content[:a] + content[middle:b] + content[a:middle] + content[b:]


@EVERY_CASE
@QUICK
@given(mutations=MUTATIONS)
def test_mutated_file(case: Case, mutations: list[tuple[str, float, float, bytes]]) -> None:
    """A file with pieces replaced, cut out, repeated and exchanged is read without an exception."""
    content = case.content
    for mutation in mutations:
        content = _mutate(content, *mutation)
    _check(case.read(content))


@EVERY_CASE
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "gb18030", "latin-1"])
def test_wrong_encoding(case: Case, encoding: str) -> None:
    """A file in another encoding than it says is read or refused, and does not vanish."""
    try:
        text = case.content.decode("utf-8")
    except UnicodeDecodeError:
        text = case.content.decode("latin-1")  # a workbook, say: bytes that are no text
    items = case.read(text.encode(encoding, "replace"))
    _check(items)
    assert items, "nothing came of a file full of documents"


HOSTILE = {
    "nothing": b"",
    "spaces": b" " * 100_000,
    "zeros": b"\0" * 100_000,
    "open elements": b"<a>" * 50_000,
    "open lists": b"[" * 50_000,
    "open objects": b'{"a":' * 20_000,
    "one long line": b"x" * 3_000_000,
    "separators": b"," * 300_000 + b"\n",
    "quotes": b'"' * 300_001,
    "entities": b"&" * 300_000,
}


@EVERY_CASE
def test_hostile_size(case: Case) -> None:
    """A file with an endless something before, inside or behind it is read within seconds."""
    middle = len(case.content) // 2
    begin = time.perf_counter()
    for hostile in HOSTILE.values():
        for content in (
            hostile + case.content,
            case.content[:middle] + hostile + case.content[middle:],
            case.content + hostile,
        ):
            _check(case.read(content))
    assert time.perf_counter() - begin < SLOWEST_S


# Documents taken apart


@dataclass(frozen=True, repr=False)
class Apart:
    """A file taken apart: what stands before, between and behind its documents is kept."""

    case: Case
    head: bytes
    units: tuple[bytes, ...]  # a document each, with what parts it from the next
    tail: bytes
    rows: tuple[dict[str, Any], ...]  # what each unit is read as

    def __repr__(self) -> str:
        return repr(self.case)

    @property
    def is_lines(self) -> bool:
        """Whether a document ends where its line does."""
        return not self.units[0].lstrip().startswith(b"<")


def _take_apart(case: Case) -> Apart | None:
    """Cut a file where its clean reading says that documents begin; None if it does not say."""
    items = case.read(case.content)
    records = [item for item in items if isinstance(item, Record)]
    if len(records) < len(items) or not records:
        return None
    places = [_place(record.position, case.content) for record in records]
    if any(place is None for place in places) or len(set(places)) < len(places):
        return None
    starts = [place for place in places if place is not None]
    *units, last = (case.content[a:b] for a, b in itertools.pairwise([*starts, None]))
    end = len(last)
    if last.startswith(b"<"):
        root = re.match(rb"<([\w:.-]+)", last)
        closing = last.rfind(b"</" + root[1] + b">") if root else -1
        if root is None or closing < 0:
            return None
        end = closing + len(root[1]) + 3
    units.append(last[:end])
    # Between two documents of a file stands the next one's prolog: it is not to be mixed up.
    units = [unit[: unit.rfind(b">") + 1] if _has_prolog(unit) else unit for unit in units]
    rows = tuple(record.row for record in records)
    head, tail = case.content[: starts[0]], last[end:]
    twice = case.read(head + _ended(units[0]) * 2 + tail)
    back = case.read(head + b"".join(map(_ended, reversed(units))) + tail)
    if _rows(twice) != [rows[0], rows[0]] or _rows(back) != list(reversed(rows)):
        return None  # what a document is read as depends on what stands before it
    return Apart(case, case.content[: starts[0]], tuple(units), last[end:], rows)


def _ended(unit: bytes) -> bytes:
    return unit if unit.endswith(b"\n") else unit + b"\n"


def _has_prolog(unit: bytes) -> bool:
    return unit.startswith(b"<") and b"<?xml" in unit


def _place(position: str, content: bytes) -> int | None:
    byte, line = re.search(r"byte (\d+)", position), re.fullmatch(r"line (\d+)", position)
    if byte is not None:
        return int(byte[1])
    if line is None:
        return None
    return sum(map(len, content.splitlines(keepends=True)[: int(line[1]) - 1]))


APART = [apart for case in CASES if (apart := _take_apart(case)) is not None]
PICKS = st.lists(st.tuples(st.integers(0, 99), st.none() | st.floats(0.05, 0.95)), max_size=7)


@pytest.mark.parametrize("apart", APART, ids=repr)
@FEWER
@given(picks=PICKS)
def test_nothing_whole_is_lost(apart: Apart, picks: list[tuple[int, float | None]]) -> None:
    """Documents reordered, repeated and left out are all read, beside broken ones too."""
    content, expected = apart.head, []
    for index, cut_at in picks:
        unit = apart.units[index % len(apart.units)]
        if cut_at is None:
            content += _ended(unit)
            expected.append(apart.rows[index % len(apart.units)])
        else:
            content += _ended(unit[: int(cut_at * len(unit))])
    items = apart.case.read(content + apart.tail)
    _check(items)
    found = iter(_rows(items))
    assert all(any(row == wanted for row in found) for wanted in expected)
    assert len(items) >= len(expected)
    if apart.is_lines and not _is_table(apart) and content:
        assert len(items) == len(picks)


def _is_table(apart: Apart) -> bool:
    return apart.head != b"" or not apart.units[0].startswith(b"{")


@pytest.mark.parametrize("apart", APART, ids=repr)
@FEWER
@given(where=st.floats(0.01, 0.99))
def test_truncated_file(apart: Apart, where: float) -> None:
    """A file that ends early gives its whole documents as they were, and a reject for the rest."""
    items = apart.case.read(apart.case.content[: int(where * len(apart.case.content))])
    rows = _rows(items)
    assert len(rows) <= len(apart.rows)
    assert rows[:-1] == list(apart.rows[: max(len(rows) - 1, 0)])
    if not _is_table(apart):  # a line of a table that is cut may still be one
        assert rows == list(apart.rows[: len(rows)])
        assert len(items) - len(rows) <= 2


SPLITTABLE = [case for case in CASES if case.source.can_split]


@pytest.mark.parametrize("case", SPLITTABLE, ids=repr)
@FEWER
@given(places=st.lists(PLACES, min_size=1, max_size=4))
def test_ranges(case: Case, places: list[float]) -> None:
    """Read in ranges, a file gives the same rows in the same order as in one piece."""
    inner = {int(place * len(case.content)) for place in places} - {0}
    edges = [0, *sorted(inner), None]
    rows: list[dict[str, Any]] = []
    for start, end in itertools.pairwise(edges):
        rows += _rows(case.read(case.content, start or 0, end))
    assert rows == _rows(case.read(case.content))


# Wrong types


def _is_json(case: Case) -> bool:
    return case.content.lstrip()[:1] in (b"{", b"[")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["CN", "20200101", "2021-02-30", "H01M", "1.", "US1A", "\ud7ff\U0001f600"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


def _objects(content: bytes) -> list[Any]:
    text = content.decode("utf-8-sig")
    try:
        found = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return found if isinstance(found, list) else [found]


def _replace_at(value: Any, path: list[int], new: Any) -> Any:
    """Replace what stands at `path`, a place at each level, by `new`."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = keys[path[0] % len(keys)]
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _replace_at(value[key], path[1:], new)
    return copy


@pytest.mark.parametrize("case", [case for case in CASES if _is_json(case)], ids=repr)
@settings(QUICK, max_examples=60)
@given(
    changes=st.lists(
        st.tuples(st.lists(st.integers(0, 99), min_size=1, max_size=6), JSON_VALUES),
        min_size=1,
        max_size=4,
    ),
    pick=st.integers(0, 99),
)
def test_wrong_types(case: Case, changes: list[tuple[list[int], Any]], pick: int) -> None:
    """An object with values of other types is one record or one reject, whatever they are."""
    objects = _objects(case.content)
    found = objects[pick % len(objects)]
    for path, new in changes:
        found = _replace_at(found, path, new)
    items = case.read((json.dumps(found) + "\n").encode())
    _check(items)
    if isinstance(found, dict) and len(case.read(case.content)) == len(objects):
        assert len(items) == 1  # where an object is a document, and no answer with several
    _check(case.read((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode()))


def test_every_source_is_tried() -> None:
    """Each source has a sample that is small enough to be mutated."""
    assert {case.source.name for case in CASES} == set(SOURCES)
