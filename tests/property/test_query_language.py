"""Queries against a plain evaluator: the same sets; and no text does anything but be refused."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ipsearch
from ipsearch.analysis import Analyzer, fold
from ipsearch.errors import QueryError
from ipsearch.index import Vocabulary
from ipsearch.index.vocabulary import VocabularyWriter
from ipsearch.records import Kind, to_batch
from ipsearch.search import Compiler, parse

TITLES = [
    "石墨烯電池的一種製備方法",
    "锂离子电池",
    "Graphene battery, method",
    "一种AB型装置",
    "電池组件",
]
ABSTRACTS = [
    "本发明公开一种电池。其特征在于：C++",
    "A battery (Li-ion) for 5 mg",
    "装置",
    "",
    "的一是石墨",
]
CLASSES = [["H01M10/0525"], ["H01M4/38", "C01B32/184"], ["G06F17/30"], [], ["H01L21/02"]]
OFFICES = ["CN", "US", "EP"]
ROWS: list[dict[str, Any]] = [
    {
        "id": f"{OFFICES[n % 3]}{1_000_000 + n}A",
        "publication_number": f"{OFFICES[n % 3]}{1_000_000 + n}A",
        "office": OFFICES[n % 3],
        "source": "test",
        "titles": [{"text": TITLES[n % 5]}, {"text": TITLES[n * 3 % 4]}],
        "abstracts": [{"text": ABSTRACTS[n * 7 % 5]}],
        "ipc": CLASSES[n * 2 % 5],
        "publication_date": date(2019 + n % 4, 1 + n % 12, 1 + n % 28) if n % 7 else None,
        "claim_count": n % 6 or None,
    }
    for n in range(60)
]

Clause = tuple[str, frozenset[int]]  # a query and the rows that it should find
EVERY = frozenset(range(len(ROWS)))


def holding(field: str, text: str) -> Clause:
    columns = {"ti": ["titles"], "ab": ["abstracts"], "ta": ["titles", "abstracts"]}[field]
    found = frozenset(
        number
        for number, row in enumerate(ROWS)
        if any(fold(text) in fold(v["text"]) for column in columns for v in row[column])
    )
    return f'{field}:"{text}"', found


def piece(value: str, begin: int, size: int) -> str:
    return value[begin % len(value) :][:size].strip() or value[0]


def in_class(symbol: str) -> Clause:
    """A symbol stands for itself and all below it: by letters down to the subclass, then whole."""
    found = frozenset(
        n
        for n, row in enumerate(ROWS)
        if any(
            c == symbol
            or (c.startswith(symbol) if len(symbol) <= 4 else c.startswith(f"{symbol}/"))
            for c in row["ipc"]
        )
    )
    return f"ipc:{symbol}", found


def in_office(office: str) -> Clause:
    return f"office:{office}", frozenset(
        n for n, r in enumerate(ROWS) if r["office"] == office.upper()
    )


def published(sign: str, year: int, month: int) -> Clause:
    first, behind = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    dates = {n: row["publication_date"] for n, row in enumerate(ROWS) if row["publication_date"]}
    holds = {
        ">=": lambda day: day >= first,
        ">": lambda day: day >= behind,
        "<=": lambda day: day < behind,
        "<": lambda day: day < first,
        ":": lambda day: first <= day < behind,
    }[sign]
    return f"pd{sign}{year}-{month:02}", frozenset(n for n, day in dates.items() if holds(day))


def claims(low: int, high: int) -> Clause:
    low, high = sorted((low, high))
    counts = {n: row["claim_count"] for n, row in enumerate(ROWS) if row["claim_count"]}
    return f"nclaims:{low}..{high}", frozenset(n for n, c in counts.items() if low <= c <= high)


leaves = st.one_of(
    st.builds(
        holding,
        st.sampled_from(["ti", "ab", "ta"]),
        st.builds(
            piece,
            st.sampled_from([text for text in TITLES + ABSTRACTS if text]),
            st.integers(0, 30),
            st.integers(1, 6),
        ),
    ),
    st.builds(
        in_class,
        st.sampled_from(["H", "H01", "H01M", "H01M4", "H01M10", "H01M10/0525", "G06", "A"]),
    ),
    st.builds(in_office, st.sampled_from(["CN", "us", "EP", "JP"])),
    st.builds(
        published,
        st.sampled_from([">=", ">", "<=", "<", ":"]),
        st.integers(2018, 2023),
        st.integers(1, 12),
    ),
    st.builds(claims, st.integers(0, 7), st.integers(0, 7)),
    st.just(("*", EVERY)),
)


def branch(children: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    def both(a: Clause, b: Clause, sign: str) -> Clause:
        return f"({a[0]}{sign}{b[0]})", a[1] & b[1]

    def either(a: Clause, b: Clause, sign: str) -> Clause:
        return f"({a[0]}{sign}{b[0]})", a[1] | b[1]

    def none(a: Clause, sign: str) -> Clause:
        return f"{sign} {a[0]}", EVERY - a[1]

    return st.one_of(
        st.builds(both, children, children, st.sampled_from([" AND ", " 与 ", " "])),
        st.builds(either, children, children, st.sampled_from([" OR ", " 或 "])),
        st.builds(none, children, st.sampled_from(["NOT", "非"])),
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """The rows above, in two shards."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("language") / "corpus", shards=2)
    corpus.ingest(to_batch(ROWS, "patent"))
    return corpus


@settings(deadline=None, max_examples=400)
@given(clause=st.recursive(leaves, branch, max_leaves=10))
def test_boolean_algebra(corpus: ipsearch.Corpus, clause: Clause) -> None:
    """A tree of clauses finds what the sets of its clauses say."""
    expression, expected = clause
    results = corpus.query(expression, limit=100)
    assert {hit.id for hit in results} == {ROWS[n]["id"] for n in expected}
    assert results.total == len(expected)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """A few terms."""
    folder = tmp_path_factory.mktemp("vocabulary")
    writer = VocabularyWriter()
    writer.add(
        {"石墨", "石墨烯", "电池", "锂电池", "battery", "batteries", "a", "ab", "，", "アイ"}
    )
    writer.write(folder)
    return Vocabulary([folder])


TOKENS = [
    "(",
    ")",
    "（",
    "）",
    "[",
    "]",
    '"',
    "“",
    "”",
    "「",
    "」",
    "＂",
    ":",
    "：",
    ">",
    ">=",
    "<",
    "=",
    "＞",
]
TOKENS += [
    "..",
    "*",
    " ",
    "　",
    "AND",
    "OR",
    "NOT",
    "与",
    "或",
    "非",
    "TO",
    "至",
    "-",
    "'",
    "\\",
    "\u202e",
    "\0",
]
TOKENS += [
    "ti",
    "pd",
    "ipc",
    "nc",
    "an",
    "office",
    "标题",
    "公开日",
    "nclaims",
    "loc",
    "sg",
    "kind",
    "ls",
    "fam",
]
TOKENS += [
    "2018",
    "2018-13",
    "99999999999",
    "H01M",
    "H01M10/0525",
    "0901",
    "石墨烯",
    "電池",
    "battery",
    "a",
]
TOKENS += [
    "CN101234567B",
    "200710123456.7",
    "第9类",
    "\ud800",
    "\U0010ffff",
    "\ufdd1",
    "e\u0301",
    "ﷺ",
    "アイウ",
]

fuzz = st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=14).map("".join) | st.text()


@settings(deadline=None, max_examples=3_000, suppress_health_check=list(HealthCheck))
@given(text=fuzz, kind=st.sampled_from(["patent", "trademark"]))
def test_any_text_is_read_or_refused(vocabulary: Vocabulary, text: str, kind: Kind) -> None:
    """Whatever is typed compiles or raises `QueryError`, and its column lies in the text."""
    compiler = Compiler(kind, Analyzer().segmenter(), vocabulary)
    try:
        compiler.compile(parse(text, kind))
    except QueryError as error:
        assert error.column is None or 1 <= error.column <= len(text) + 1


@settings(deadline=None, max_examples=500, suppress_health_check=list(HealthCheck))
@given(text=fuzz)
def test_any_text_can_be_asked(corpus: ipsearch.Corpus, text: str) -> None:
    """What compiles, the engine takes; the front door raises nothing else either."""
    with contextlib.suppress(QueryError):
        results = corpus.query(text, limit=3)
        assert len(results) == min(results.total, 3)


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Bytes of whatever encoding, taken for text in one of two ways, are no exception."""
    for text in (data.decode("utf-8", "surrogateescape"), data.decode("latin-1")):
        with contextlib.suppress(QueryError):
            parse(text, "patent")
