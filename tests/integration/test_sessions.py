"""Sessions of queries, in Python and on the command line."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.corpus import seal
from ipsearch.errors import CorpusError, QueryError, UnknownNameError
from ipsearch.records import to_batch
from ipsearch.search.parser import MAX_DEPTH

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = ["cnipa", "records.jsonl", "trademarks_zh.csv", "uspto_grants.xml"]


def run(*arguments: str | Path, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)])


def ids(results: ipsearch.library.Results) -> set[str]:
    return {hit.id for hit in results}


@pytest.fixture
def corpus(tmp_path: Path) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    corpus.ingest([SAMPLES / name for name in FILES], workers=1)
    return corpus


def test_references_give_what_the_queries_gave(corpus: ipsearch.Corpus) -> None:
    """`#1 AND #2` finds what both found, `#1 NOT #2` what only the first did, and so on."""
    session = corpus.session("石墨烯 一")
    one = ids(session.query('"石墨烯"', kind="patent", limit=1000))
    two = ids(session.query("office:CN", kind="patent", limit=1000))
    three = ids(session.query("ti:电池 OR office:US", kind="patent", limit=1000))
    assert one and two - one and three - two
    assert ids(session.query("#1", kind="patent", limit=1000, one_per="application")) <= one
    expected = {
        "#1 AND #2": one & two,
        "#2 NOT #1": two - one,
        "#1 OR #3": one | three,
        "(#2 OR #3) AND NOT #1": (two | three) - one,
        "#5": one & two,
        "#8 AND #3": ((two | three) - one) & three,
    }
    for text, found in expected.items():
        results = session.query(text, kind="patent", limit=1000)
        assert ids(results) == found and results.total == len(found), text
    entries = session.entries
    assert [entry.number for entry in entries] == list(range(1, 11))
    assert [entry.expression for entry in entries[4:]] == list(expected)
    assert [entry.hits for entry in entries[4:]] == [len(found) for found in expected.values()]
    assert entries[3].hits == len(one)  # records, though groups were shown
    assert {entry.kind for entry in entries} == {"patent"}


def test_what_is_written_out_finds_the_same(corpus: ipsearch.Corpus) -> None:
    """A query written out of its session finds the same outside it, and is noted nowhere."""
    session = corpus.session("s")
    session.query('"石墨烯"', kind="patent", office="CN", published_to=date(2019, 12, 31))
    session.query("ipc:H01M OR ti:电池", kind="patent")
    found = ids(session.query("#2 NOT #1", kind="patent", limit=1000))
    written = session.expand("#2 NOT #1", kind="patent")
    assert "#" not in written
    assert ids(corpus.query(written, kind="patent", limit=1000)) == found
    assert len(session.entries) == 3


def test_a_reference_is_asked_of_the_records_of_today(corpus: ipsearch.Corpus) -> None:
    """What came in since belongs to an earlier query's result."""
    session = corpus.session("s")
    session.query('"石墨烯"', kind="patent")
    before = session.query("#1", kind="patent").total
    row = {
        "id": "CN100000009A",
        "office": "CN",
        "source": "test",
        "publication_number": "CN100000009A",
        "titles": [{"language": "zh", "text": "石墨烯薄膜"}],
    }
    corpus.ingest(to_batch([row], "patent"))
    assert session.query("#1", kind="patent").total == before + 1
    assert [entry.hits for entry in session.entries] == [before, before, before + 1]


def test_office_dates_and_classes_belong_to_a_query(corpus: ipsearch.Corpus) -> None:
    """What narrowed an earlier query narrows it wherever it is put in."""
    session = corpus.session("s")
    narrow = session.query(
        "石墨烯 OR 电池 OR battery",
        kind="patent",
        office=["CN", "US"],
        published_from=date(2018, 1, 1),
        published_to=date(2020, 10, 16),
        in_class=["H01M", "H01M 10/0525"],
    )
    broad = corpus.query("石墨烯 OR 电池 OR battery", kind="patent", limit=1000)
    assert 0 < narrow.total < broad.total
    assert session.query("#1", kind="patent").total == narrow.total
    assert session.query("#1 OR #1", kind="patent").total == narrow.total
    assert session.entries[0].narrowing == (
        'office:(CN OR US) AND pd>=2018-01-01 AND pd<=2020-10-16 AND class:(H01M OR "H01M 10/0525")'
    )


def test_words_alone_are_told_when_they_are_put_in(corpus: ipsearch.Corpus) -> None:
    """Free words rank by any of them, put in each must stand there: a searcher is told."""
    session = corpus.session("s")
    session.query("石墨烯 无人机", kind="patent")
    assert not session.query("#1", kind="patent").warnings
    results = session.query("#1 AND office:CN", kind="patent")
    assert [warning for warning in results.warnings if warning.startswith("#1 is nothing but")]
    session.query("石墨烯", kind="patent")
    assert not session.query("#4 AND office:CN", kind="patent").warnings


def test_what_cannot_be_referred_to(corpus: ipsearch.Corpus) -> None:
    """No session, no such number, the other kind: an error, and nothing is noted."""
    session = corpus.session("s")
    session.query("商标 OR 草原", kind="trademark")
    for text, kind in (("#2", "trademark"), ("#9", "trademark"), ("#1", "patent")):
        with pytest.raises(QueryError):
            session.query(text, kind=kind)
        with pytest.raises(QueryError):
            session.expand(text, kind=kind)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="#1"):
        corpus.query("#1 OR 草原", kind="trademark")
    with pytest.raises(QueryError):
        session.query("(((", kind="patent")
    with pytest.raises(QueryError):
        session.query("#99999999999999999999", kind="patent")
    assert len(session.entries) == 1
    for name in ("", " s", "a\nb", "x" * 201, "\ud800"):
        with pytest.raises(CorpusError):
            corpus.session(name)


def test_sessions_are_apart_and_can_be_dropped(corpus: ipsearch.Corpus) -> None:
    """A session knows its own queries only; dropped, it begins anew."""
    assert corpus.sessions() == [] and corpus.session("a").entries == ()
    assert not (corpus.path / "notebook.sqlite").exists()
    corpus.session("a").query("office:CN", kind="patent")
    corpus.session("b").query("office:US", kind="patent")
    corpus.session("b").query("#1", kind="patent")
    assert {(s.name, s.queries) for s in corpus.sessions()} == {("a", 1), ("b", 2)}
    assert corpus.session("b").drop() == 2
    with pytest.raises(UnknownNameError, match="there are: a"):
        corpus.session("b").drop()
    assert corpus.session("b").entries == ()
    corpus.session("b").query("office:US", kind="patent")
    assert [entry.number for entry in corpus.session("b").entries] == [1]


def test_many_at_once_have_a_number_each(corpus: ipsearch.Corpus) -> None:
    """Queries noted at the same moment never share a number."""
    session = corpus.session("s")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: session.query("office:CN", kind="patent"), range(40)))
    assert [entry.number for entry in session.entries] == list(range(1, 41))


def test_a_long_chain(corpus: ipsearch.Corpus) -> None:
    """As many queries that each refer to the one before as there may be levels; no more."""
    session = corpus.session("s")
    session.query("office:CN", kind="patent")
    found = session.entries[0].hits
    with sqlite3.connect(corpus.path / "notebook.sqlite") as notebook:
        seal.ready(notebook)
        notebook.executemany(
            "INSERT INTO query VALUES ('s', ?, 'patent', ?, '', 0, '')",
            [(number, f"#{number - 1} AND office:CN") for number in range(2, 700)],
        )
    assert session.query(f"#{MAX_DEPTH}", kind="patent").total == found
    for number in (MAX_DEPTH + 1, 699):
        with pytest.raises(QueryError, match="levels inside each other"):
            session.query(f"#{number}", kind="patent")


def test_history_on_the_command_line(corpus: ipsearch.Corpus) -> None:
    """`query --session` notes, `history` lists and drops; both languages."""
    folder, name = corpus.path, "石墨烯"
    first = run("query", folder, '"石墨烯"', "--kind", "patent", "--session", name, "-o", "jsonl")
    assert first.exit_code == 0 and "noted as #1 of session 石墨烯" in first.stderr
    again = run("query", folder, "#1", "--kind", "patent", "--session", name, "-o", "jsonl")
    hits = [[json.loads(x)["id"] for x in r.stdout.splitlines()] for r in (first, again)]
    assert hits[0] == hits[1] != []
    count = run("query", folder, "#1 AND office:CN", "--session", name, "--count", lang="zh")
    assert count.exit_code == 0 and "已记为检索史“石墨烯”的 #3" in count.stderr
    rows = [json.loads(x) for x in run("history", folder, name, "-o", "jsonl").stdout.splitlines()]
    assert [row["expression"] for row in rows] == ['"石墨烯"', "#1", "#1 AND office:CN"]
    assert rows[0]["hits"] == len(hits[0]) and rows[2]["hits"] == int(count.stdout)
    table = run("history", folder, name, lang="zh").stdout
    assert "检索式" in table and "#1 AND office:CN" in table
    assert "石墨烯" in run("history", folder).stdout
    none = run("query", folder, "#1 AND 没有这样的词", "--session", name)
    assert none.exit_code == 0 and none.stdout == ""
    explained = run("query", folder, "#1 AND office:CN", "--session", name, "--explain")
    assert explained.exit_code == 0 and "石墨烯" in explained.stdout
    outside = run("query", folder, "#1")
    assert outside.exit_code == 1 and "#1" in outside.stderr
    assert run("history", folder, "--drop").exit_code == 2
    assert "4" in run("history", folder, name, "--drop").stderr
    assert run("history", folder, name, "--drop").exit_code == 1
    assert "no query yet" in run("history", folder, name).stderr
