"""Topics: kept queries, and what is new in each, in Python and on the command line."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import CorpusError, QueryError, UnknownNameError
from ipsearch.records import to_batch

SAMPLES = Path(__file__).parents[2] / "samples"


def run(*arguments: str | Path, lang: str = "en", stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)], input=stdin)


def jsonl(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def patent(number: int, title: str, **more: Any) -> dict[str, Any]:
    record_id = f"CN{100000000 + number}A"
    return {
        "id": record_id,
        "publication_number": record_id,
        "office": "CN",
        "source": "test",
        "titles": [{"language": "zh", "text": title}],
        **more,
    }


def give(corpus: ipsearch.Corpus, *rows: dict[str, Any]) -> None:
    corpus.ingest(to_batch(list(rows), "patent"), workers=1)


@pytest.fixture
def corpus(tmp_path: Path) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    give(corpus, patent(1, "石墨烯电池"), patent(2, "石墨烯薄膜"), patent(3, "茶叶加工方法"))
    return corpus


def news(corpus: ipsearch.Corpus, name: str) -> set[str]:
    return {record_id for record_id, _ in corpus.topics.new(name)}


def test_what_is_there_is_not_new_and_what_comes_is(corpus: ipsearch.Corpus) -> None:
    """A topic begins with what matches; what comes later is new until it is acknowledged."""
    added = corpus.topics.add("石墨烯", '"石墨烯"', note="每周一\n看")
    assert (added.kind, added.hits, added.new) == ("patent", 2, 0)
    (nothing,) = corpus.topics.refresh()
    assert (nothing.hits, nothing.new) == (2, ())
    give(corpus, patent(4, "石墨烯涂料"), patent(5, "茶杯"))
    assert news(corpus, "石墨烯") == set()  # not refreshed yet
    (one,) = corpus.topics.refresh("石墨烯")
    assert (one.hits, one.new) == (3, ("CN100000004A",))
    give(corpus, patent(6, "石墨烯纤维"))
    (two,) = corpus.topics.refresh()
    assert two.new == ("CN100000006A",)
    assert news(corpus, "石墨烯") == {"CN100000004A", "CN100000006A"}
    assert corpus.topics.get("石墨烯").new == 2
    assert corpus.topics.acknowledge("石墨烯", ["CN100000004A", "CN1"]) == 1
    assert news(corpus, "石墨烯") == {"CN100000006A"}
    assert corpus.topics.acknowledge("石墨烯") == 1
    assert news(corpus, "石墨烯") == set()
    assert corpus.topics.refresh()[0].new == ()


def test_new_is_told_exactly_whatever_is_done_to_the_corpus(corpus: ipsearch.Corpus) -> None:
    """Records replaced, removed, brought back, compacted and divided anew: a set of ids decides."""
    chance = random.Random(5)
    words = ["石墨烯", "电池", "茶叶", "薄膜"]
    corpus.topics.add("t", "石墨烯 OR 薄膜")
    waiting: set[str] = set()
    before = {hit.id for hit in corpus.query("石墨烯 OR 薄膜", limit=1000)}
    for turn in range(6):
        numbers = chance.sample(range(1, 60), 12)
        rows = [patent(n, "".join(chance.sample(words, 2)), transaction_date=None) for n in numbers]
        give(corpus, *rows)
        if turn % 3 == 0:
            gone = chance.sample(sorted(before), min(3, len(before)))
            there = [i for i in gone if corpus.get(i)]
            if there:
                corpus.remove(there, workers=1)
        if turn % 4 == 1:
            corpus.compact(workers=1)
        if turn % 5 == 2:
            corpus.reshard(1 + turn % 4, workers=1)
        now = {hit.id for hit in corpus.query("石墨烯 OR 薄膜", limit=1000)}
        (found,) = corpus.topics.refresh()
        assert found.hits == len(now)
        assert set(found.new) == now - before
        waiting |= now - before
        assert news(corpus, "t") == waiting
        if turn == 3:
            corpus.topics.acknowledge("t")
            waiting = set()
        before = now
    assert (corpus.path / "notebook.sqlite").exists()


def test_a_topic_is_checked_when_it_is_added(corpus: ipsearch.Corpus) -> None:
    """What cannot be read, refers to a session or has no name is refused; nothing is kept."""
    corpus.session("s").query("石墨烯")
    for expression, reason in (
        ("((石墨烯", "topic 'a': column"),
        ("#1 AND 电池", "topic 'a': #1"),
        ("", "topic 'a'"),
        ("pd>=abc", "column"),
    ):
        with pytest.raises(QueryError, match=reason.replace("(", "\\(")):
            corpus.topics.add("a", expression)
    for name in ("", " a", "a\n", "\ud800"):
        with pytest.raises(CorpusError):
            corpus.topics.add(name, "石墨烯")
    with pytest.raises(CorpusError, match="half a character"):
        corpus.topics.add("a", "石墨烯", note="\ud800")
    assert list(corpus.topics) == []
    with pytest.raises(UnknownNameError, match="there are: none"):
        corpus.topics.get("a")


def test_replacing(corpus: ipsearch.Corpus) -> None:
    """A name is taken once; with `replace` a new query counts anew, a new note changes no more."""
    corpus.topics.add("a", "石墨烯")
    with pytest.raises(CorpusError, match="already: a"):
        corpus.topics.add("a", "茶叶")
    give(corpus, patent(7, "石墨烯海绵"))
    corpus.topics.refresh()
    changed = corpus.topics.add("a", "石墨烯", note="不同", replace=True)
    assert (changed.note, changed.new) == ("不同", 1)
    changed = corpus.topics.add("a", "茶叶", replace=True)
    assert (changed.hits, changed.new) == (1, 0)
    corpus.topics.add("b", "茶叶")
    corpus.topics.remove("a", "b")
    assert list(corpus.topics) == []
    with pytest.raises(UnknownNameError):
        corpus.topics.remove("a")


def test_one_that_cannot_be_asked_does_not_keep_the_others(
    corpus: ipsearch.Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A topic that has become unreadable has a fault; the others are refreshed."""
    monkeypatch.setattr("ipsearch.search.topics._check", lambda text: None)
    monkeypatch.setattr(type(corpus), "scan", lambda *a, **k: iter(()), raising=True)
    corpus.topics.add("bad", "(((")
    corpus.topics.add("good", "石墨烯")
    monkeypatch.undo()
    bad, good = corpus.topics.refresh()
    assert bad.fault is not None and bad.new == () and good.fault is None and good.hits == 2
    result = run("topic", "refresh", corpus.path)
    assert result.exit_code == 4 and "topic bad could not be asked" in result.stderr


def test_a_kind_that_is_not_there_yet(tmp_path: Path) -> None:
    """Topics may come before their records: all of those are new then."""
    corpus = ipsearch.create(tmp_path / "corpus", shards=1)
    corpus.topics.add("p", "石墨烯")
    corpus.topics.add("m", "草原", kind="trademark")
    assert [one.hits for one in corpus.topics.refresh()] == [0, 0]
    corpus.ingest(SAMPLES / "trademarks_zh.csv")
    patents, marks = corpus.topics.refresh()
    assert patents.hits == 0 and marks.hits == len(marks.new) > 0
    assert corpus.titles(marks.new, kind="trademark")[marks.new[0]]


def test_topics_move_to_another_corpus(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """A file has all or some topics; all of a file are taken in, or none; the same is no clash."""
    wild = "\"石\\墨\t烯\" OR ti:'x' OR “电池”"
    corpus.topics.add("一 \\\"'名", wild, note='行一\r\n行二\x00\x7f\u2028\u202e"""\\')
    corpus.topics.add("二", "草原", kind="trademark")
    corpus.topics.export(tmp_path / "all.toml")
    corpus.topics.export(tmp_path / "one.toml", "二")
    assert not list(tmp_path.glob("*.part"))
    other = ipsearch.create(tmp_path / "other", shards=1)
    assert [topic.name for topic in other.topics.load(tmp_path / "one.toml")] == ["二"]
    assert len(other.topics.load(tmp_path / "all.toml")) == 2  # one is here, the same

    def texts(held: ipsearch.Corpus) -> list[tuple[str, ...]]:
        return sorted((t.name, t.kind, t.expression, t.note) for t in held.topics)

    assert texts(other) == texts(corpus)
    corpus.topics.add("二", "草原 OR 沙漠", kind="trademark", replace=True)
    corpus.topics.add("三", "茶")
    corpus.topics.export(tmp_path / "all.toml")
    with pytest.raises(CorpusError, match="already: 二"):
        other.topics.load(tmp_path / "all.toml")
    assert len(list(other.topics)) == 2
    other.topics.load(tmp_path / "all.toml", replace=True)
    assert texts(other) == texts(corpus)
    (tmp_path / "bad.toml").write_bytes("version = 1 # 电池".encode("gbk"))
    with pytest.raises(CorpusError, match=r"bad\.toml: byte 14 is not UTF-8"):
        other.topics.load(tmp_path / "bad.toml")


def test_a_topic_of_more_than_a_batch(tmp_path: Path) -> None:
    """Thousands of matches, in several parts and shards, are counted and told apart exactly."""
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    give(corpus, *(patent(n, "电池" if n % 3 else "茶叶") for n in range(3_000)))
    assert corpus.topics.add("t", "电池").hits == 2_000
    give(corpus, *(patent(n, "电池" if n % 2 else "茶叶") for n in range(3_000, 5_000)))
    (found,) = corpus.topics.refresh()
    assert found.hits == 3_000
    assert sorted(found.new) == [f"CN{100000000 + n}A" for n in range(3_001, 5_000, 2)]
    assert len(corpus.titles(found.new, kind="patent")) == 1_000


def test_topics_on_the_command_line(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """Add, list, run, ingest with --topics, new, clear, export, import, remove: both languages."""
    folder = corpus.path
    added = run("topic", "add", folder, "石墨烯", '"石墨烯"', "--note", "每周一", lang="zh")
    assert added.exit_code == 0 and "现有命中 2 件" in added.stderr
    twice = run("topic", "add", folder, "石墨烯", "电池")
    assert twice.exit_code == 1 and twice.stderr.count("\n") == 1
    bad = run("topic", "add", folder, "坏", "((电池")
    assert bad.exit_code == 1 and "column" in bad.stderr
    assert run("topic", "add", folder, "茶", "-", stdin="茶叶\n").exit_code == 0
    assert [row["name"] for row in jsonl(run("topic", "list", folder, "-o", "jsonl"))] == [
        "石墨烯",
        "茶",
    ]
    for lang, word in (("en", "Topic"), ("zh", "专题")):
        assert word in run("topic", "list", folder, lang=lang).stdout
        shown = run("topic", "show", folder, "石墨烯", lang=lang).stdout
        assert "每周一" in shown and '"石墨烯"' in shown
    asked = run("query", folder, '"石墨烯"', "-o", "csv")
    assert run("topic", "run", folder, "石墨烯", "-o", "csv").stdout == asked.stdout
    assert run("topic", "run", folder, "石墨烯", "--count").stdout == "2\n"
    assert len(jsonl(run("topic", "run", folder, "石墨烯", "--limit", "1", "-o", "jsonl"))) == 1

    row = json.dumps({"kind": "patent", **patent(8, "石墨烯气凝胶")}, ensure_ascii=False)
    (tmp_path / "more.jsonl").write_text(row + "\n", encoding="utf-8")
    ingested = run("ingest", tmp_path / "more.jsonl", "--into", folder, "--topics")
    assert ingested.exit_code == 0, ingested.stderr
    assert "topic 石墨烯: records 3, new 1" in ingested.stderr
    assert "topic 茶: records 1, new 0" in ingested.stderr
    for _ in range(2):
        listed = jsonl(run("topic", "new", folder, "石墨烯", "-o", "jsonl"))
        assert [(row["id"], row["title"]) for row in listed] == [("CN100000008A", "石墨烯气凝胶")]
    assert "石墨烯气凝胶" in run("topic", "new", folder, "石墨烯", "--clear").stdout
    assert run("topic", "new", folder, "石墨烯").stdout == ""
    assert jsonl(run("topic", "refresh", folder, "茶", "-o", "jsonl")) == [
        {"name": "茶", "hits": 1, "new": [], "fault": None}
    ]
    assert "石墨烯" in run("topic", "refresh", folder).stdout

    assert run("topic", "export", folder, tmp_path / "t.toml").exit_code == 0
    written = (tmp_path / "t.toml").read_text("utf-8")
    assert run("topic", "export", folder, "-").stdout == written
    assert run("topic", "remove", folder, "石墨烯", "茶").exit_code == 0
    assert jsonl(run("topic", "list", folder, "-o", "jsonl")) == []
    assert run("topic", "import", folder, "-", stdin=written).exit_code == 0
    assert run("topic", "import", folder, tmp_path / "t.toml").exit_code == 0
    assert run("topic", "export", folder, "-").stdout == written
    unknown = run("topic", "run", folder, "无")
    assert unknown.exit_code == 1 and "there are: 石墨烯, 茶" in unknown.stderr
    assert run("topic", "import", folder, tmp_path / "none.toml").exit_code == 1
