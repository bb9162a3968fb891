"""Lines of our own records read many at once, against the same lines read one by one."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.records import to_batch
from ipsearch.sources.base import Batch, Input, Notes, Record, Reject
from ipsearch.sources.registry import get_source

SOURCE = get_source("ipsearch_records")

TEXTS = st.text(max_size=12)
DATES = st.sampled_from(
    ["2021-03-05", "20210305", "2021年3月5日", "1650-01-01", "no", 20210305, None]
)
NUMBERS = st.sampled_from(
    ["CN101234567B", "CN101234567", "US10172347B2", "cn 101234567 b", "EP1234567A1", "", None, 7]
)
APPLICATIONS = st.sampled_from(
    ["CN200710123456.7", "CN200710123456.8", "200710123456.7", "PCT/CN2019/123456", None]
)


def texts(more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Texts as written by the library, and by hand."""
    item = st.fixed_dictionaries(
        {"text": st.one_of(TEXTS, more)},
        optional={"language": st.sampled_from(["zh", "en", None]), "odd": st.none()},
    )
    return st.one_of(st.lists(st.one_of(item, more), max_size=2), TEXTS, st.none())


ODD = st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=3))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "record": st.sampled_from(["patent", "patent", "patent", "trademark", None]),
    "id": NUMBERS,
    "publication_number": NUMBERS,
    "application_number": APPLICATIONS,
    "office": st.sampled_from(["CN", "US", "", None]),
    "kind_code": st.sampled_from(["B", None]),
    "publication_date": DATES,
    "titles": texts(ODD),
    "title": TEXTS,
    "claims": texts(ODD),
    "claim_count": st.sampled_from([3, -1, "4", None, 2**40]),
    "ipc": st.one_of(st.lists(st.sampled_from(["H01M10/0525", None, 5]), max_size=2), st.none()),
    "applicants": st.lists(
        st.one_of(st.fixed_dictionaries({"name": TEXTS}), TEXTS, st.none()), max_size=2
    ),
    "priorities": st.lists(
        st.fixed_dictionaries({"number": TEXTS}, optional={"date": DATES}), max_size=2
    ),
    "citations": st.one_of(st.lists(NUMBERS, max_size=2), st.just([{"publication_number": "x"}])),
    "other_numbers": st.one_of(st.just([]), st.just(["CN101234567A"]), st.none()),
    "legal_status": st.sampled_from(["granted", "授权", "odd", None]),
    "is_event": st.sampled_from([True, False, None]),
    "source": st.sampled_from(["cnipa_patent", "", None]),
    "product": st.sampled_from(["x", None]),
    "unknown": TEXTS,
}
GOOD: dict[str, Any] = {
    "record": "patent",
    "id": "CN101234567B",
    "publication_number": "CN101234567B",
    "kind_code": "B",
    "office": "CN",
    "source": "cnipa_patent",
}


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """One line: a good record with a few values changed, now and then something else."""
    if draw(st.integers(0, 11)) == 0:
        return draw(st.sampled_from([b"\n", b"{}{}\n", b'{"id": "\xff"}\n', b"[1]\n", b'{"a":1\n']))
    row = dict(GOOD)
    for name in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3, unique=True)):
        row[name] = draw(VALUES[name])
    return json.dumps(row, ensure_ascii=draw(st.booleans())).encode() + b"\n"


def as_input(content: bytes) -> Input:
    """Open bytes as a file."""
    return Input("x.jsonl", io.BytesIO(content), len(content), True, Notes())


def outcomes(found: list[Batch | Record | Reject]) -> list[Any]:
    """Bring both ways of reading into one form."""
    result: list[Any] = []
    for item in found:
        if isinstance(item, Reject):
            result.append((item.position, item.reason))
        elif isinstance(item, Batch):
            result += [(item.kind, row) for row in item.rows.to_pylist()]
        else:
            result.append((item.kind, to_batch([item.row], item.kind).to_pylist()[0]))
    return result


@settings(max_examples=400)
@given(st.lists(lines(), max_size=4))
def test_many_at_once_is_the_same_as_one_by_one(content: list[bytes]) -> None:
    """Columns made of a block of lines hold what each line gives, and rejects are the same."""
    assert SOURCE.read_batches is not None
    whole = b"".join(content)
    one, other = as_input(whole), as_input(whole)
    assert outcomes(list(SOURCE.read_batches(one))) == outcomes(list(SOURCE.read(other)))
    assert one.notes == other.notes


def test_what_the_library_writes_is_read_many_at_once() -> None:
    """A plain record takes the quick way; one odd line sends its block the slow one."""
    assert SOURCE.read_batches is not None
    good = json.dumps(GOOD).encode() + b"\n"
    (batch,) = SOURCE.read_batches(as_input(good * 500))
    assert isinstance(batch, Batch) and len(batch.rows) == 500
    found = list(SOURCE.read_batches(as_input(good * 3 + b"{}\n")))
    assert [type(item) for item in found] == [Record] * 3 + [Reject]
