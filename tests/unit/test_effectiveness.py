"""Sets, measures and comparisons of the effectiveness benchmark, on cases known by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import ipsearch
from benchmarks import effectiveness, effectiveness_sets, lines
from benchmarks.__main__ import main
from benchmarks.effectiveness_related import (
    coupled,
    of_corpus,
    of_one_applicant,
    of_one_group,
    of_records,
)
from benchmarks.effectiveness_report import last_of_each_set
from benchmarks.effectiveness_sets import NAMES, load
from benchmarks.effectiveness_texts import TEXT_SETS, in_script, invented_number
from benchmarks.judged import sample
from benchmarks.paired import DRAWS, compare

ABSTRACTS = (
    "一种石墨烯电极的制备方法，先以水热法合成，再于氮气中煅烧。",
    "本发明涉及一种草原巡检无人机，机身下方装有红外相机。",
    "一种折叠式自行车，车架中部设有铰链，收起后可放入行李箱。",
)
TITLES = ("石墨烯电极的制备", "巡检草原的无人机", "可以收起的自行车")
STOPPED = ["stop list: a tenth of records", "words that hardly count too"]


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    monkeypatch.setattr(lines, "RESULTS", folder)
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three abstracts with titles and keywords; no passages, no citations."""
    folder = tmp_path / "data" / "cn_science_dev"
    folder.mkdir(parents=True)
    pairs = list(zip(ABSTRACTS, TITLES, strict=True))
    titles = [f"to title\t{abstract}\t{title}\n" for abstract, title in pairs]
    keywords = [f"to keywords\t {a} {t}\t{t[:3]}_{t[-3:]}\n" for a, t in pairs]
    (folder / "abstract_title.tsv").write_text("".join(titles), encoding="utf-8")
    (folder / "abstract_keywords.tsv").write_text("".join(keywords), encoding="utf-8")
    monkeypatch.setattr(effectiveness_sets, "DATA", folder.parent)
    return folder.parent


def test_equal_systems_do_not_differ() -> None:
    """Two runs of the same values differ by nothing, and that is no surprise at all."""
    same = compare([0.1, 0.5, 0.9], [0.1, 0.5, 0.9])
    assert same == {"difference": 0.0, "low": 0.0, "high": 0.0, "p": 1.0}


def test_p_is_that_of_all_sign_changes() -> None:
    """Of the eight sign changes of three equal differences two are as far from 0: p is 1/4."""
    found = compare([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert (found["difference"], found["low"], found["high"]) == (1.0, 1.0, 1.0)
    assert found["p"] == pytest.approx(0.25, abs=0.02)


def test_many_equal_differences_are_no_chance() -> None:
    """The least p is one draw in all; the interval holds the difference; the sign says who won."""
    others = [0.01 * n for n in range(40)]
    found = compare(others, [value + 0.2 + 0.001 * n for n, value in enumerate(others)])
    assert found["p"] == round(1 / (DRAWS + 1), 5)
    assert found["low"] < found["difference"] < found["high"] < 0
    with pytest.raises(ValueError, match="are no pairs"):
        compare([1.0], [])


def test_measures_of_a_ranking() -> None:
    """Two of three found, at 1 and 4: AP (1 + 2/4) / 3. A query without hits has 0 of all."""
    pytest.importorskip("ir_measures")
    values = effectiveness.measure(
        {"a": {"x", "y", "z"}, "b": {"x"}, "c": {"x"}},
        {"a": ["x", "p", "q", "y"], "b": [], "c": ["z", "x"]},
    )
    assert values["ap"] == pytest.approx({"a": 0.5, "b": 0.0, "c": 0.5})
    assert values["rr"] == pytest.approx({"a": 1.0, "b": 0.0, "c": 0.5})
    assert values["recall_at_100"] == pytest.approx({"a": 2 / 3, "b": 0.0, "c": 1.0})
    # ranks 1, 4 and 1,003 of three: (1,008 / 3 - 2) of 1,000 lost
    assert values["pres_at_1000"] == pytest.approx({"a": 0.666, "b": 0.0, "c": 0.999})


def test_a_set_is_measured_and_one_without_data_is_a_line(
    tmp_path: Path, results: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles find their abstracts; what is not there is said in the lines and in the table."""
    pytest.importorskip("ir_measures")
    monkeypatch.setattr(effectiveness, "SYSTEMS", effectiveness.SYSTEMS[:2])
    names = ["cn_science_title", "drcd_questions"]
    plain, ours, missing = effectiveness.run_effectiveness(tmp_path, names=names, count=9, seed=1)
    for line in (plain, ours):
        assert (line["records"], line["queries"], line["failed"]) == (3, 3, 0)
        assert (
            line["ap"] == line["recall_at_10"] == line["ndcg_at_100"] == line["pres_at_1000"] == 1
        )
    assert plain["differences"] == {}
    assert ours["differences"]["plain"]["ap"]["p"] == 1
    assert missing["ap"] is None
    text = (results / "effectiveness.md").read_text(encoding="utf-8")
    assert missing["skipped"] in text
    assert "| ours | plain | +0.0000 [+0.0000, +0.0000] |" in text
    kept = (results / "effectiveness.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["set"] for line in kept] == [names[0], names[0], names[1]]


def test_a_keyword_is_a_word_of_its_own(tmp_path: Path, data: Path) -> None:
    """Both sets of abstracts have one corpus; keywords stand apart; as many as asked are drawn."""
    keywords = load("cn_science_keywords", tmp_path, 2, 1)
    titles = load("cn_science_title", tmp_path, 9, 1)
    assert keywords.folder == titles.folder
    assert keywords.corpus_sha256 == titles.corpus_sha256
    assert len(keywords.queries) == 2
    assert {query.text for query in keywords.queries} < {f"{t[:3]} {t[-3:]}" for t in TITLES}
    assert [query.text for query in titles.queries] == list(TITLES)
    assert list(titles.qrels.values()) == [frozenset({invented_number(n)}) for n in range(3)]
    with pytest.raises(ValueError, match="no set nothing; there are: cn_science_title"):
        load("nothing", tmp_path, 1, 1)


def _record(
    number: str, published: str, family: str, cites: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "record": "patent",
        "publication_number": number,
        "application_number": number[:-1].replace("US20", "US"),
        "family_id": family,
        "filing_date": f"{int(published[:4]) - 1}{published[4:]}",
        "publication_date": published,
        "abstracts": [{"language": "en", "text": f"a foldable bicycle, in form {family}"}],
        "citations": [{"publication_number": cited} for cited in cites],
    }


def test_relevant_is_what_was_cited_and_published_before(tmp_path: Path) -> None:
    """A citation counts if it is there, earlier than the filing and of another family."""
    cited = ("US20100000001A1", "US20100000002A1", "US20200000003A1", "US20100000004A1", "US1A")
    records = [
        _record(cited[0], "2010-05-01", "one"),
        _record(cited[1], "2010-06-01", "one"),  # of the same family as the first
        _record(cited[2], "2020-01-02", "late"),
        _record(cited[3], "2010-07-01", "own"),
        _record("US20190000009A1", "2019-03-01", "own", cited),
        _record("US20190000010A1", "2019-03-01", "other", (cited[2],)),
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    folder = tmp_path / "corpus"
    with ipsearch.create(folder, shards=1) as corpus:
        corpus.ingest(file)
        judged = of_corpus(folder, 5, 1)
        assert [query.number for query in judged.queries] == ["US20190000009A1"]
        assert judged.qrels == {"US20190000009A1": frozenset(cited[:2])}
        searcher = effectiveness.Searcher(corpus)
        assert searcher.by_family(judged.qrels) == {"US20190000009A1": frozenset({"one"})}
        systems = searcher.differing(effectiveness.SYSTEMS, judged.queries)
        # no classes, no claims, few words
        names = ["plain", "ours", "rareness counts once", *STOPPED, "no other forms"]
        assert [system.name for system in systems] == names
        for system in systems:
            found, failed = searcher.run(system, judged.queries)
            assert found == {"US20190000009A1": ["one"]}
            assert failed == 0


def test_levers_that_move_nothing_are_left_out(tmp_path: Path) -> None:
    """Classes, claims and long texts each bring their lever in; all systems find the record."""
    cited, citing = "US20100000001A1", "US20190000009A1"
    words = " ".join(f"part{n}" for n in range(50))
    more = {
        "ipc": ["B62K15/00"],
        "claims": [{"text": f"1. A foldable bicycle comprising {words}."}],
    }
    records = [
        _record(cited, "2010-05-01", "one") | more,
        _record(citing, "2019-03-01", "two", (cited,)) | more,
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with ipsearch.create(tmp_path / "corpus", shards=1) as corpus:
        corpus.ingest(file)
        queries = of_corpus(tmp_path / "corpus", 5, 1).queries
        searcher = effectiveness.Searcher(corpus)
        systems = searcher.differing(effectiveness.SYSTEMS, queries)
        names = ["plain", "ours", "rareness counts once", "scripts as one", *STOPPED]
        names += ["no other forms", "classes count", "classes twice", "no second stage", "40 terms"]
        assert [system.name for system in systems] == names
        for system in systems:
            assert searcher.run(system, queries)[0] == {citing: ["one"]}


def test_what_is_marked_is_neither_found_nor_relevant(tmp_path: Path) -> None:
    """Of two relevant records the first is marked and the other is sought; one alone is no query;
    without marks the same is sought, by the subject's words alone."""
    records = [
        _record(f"US201000000{n}A1", "2010-05-01", f"family {n}")
        | {"abstracts": [{"language": "en", "text": f"a foldable bicycle {more}"}]}
        for n, more in (("01", "of carbon"), ("02", "of carbon fibre"), ("03", "with bags"))
    ]
    subject = _record("US20190000009A1", "2019-03-01", "own")
    file = tmp_path / "records.jsonl"
    lines_ = (json.dumps(record) + "\n" for record in [*records, subject])
    file.write_text("".join(lines_), encoding="utf-8")
    first, second, third = (record["publication_number"] for record in records)
    qrels = {"US20190000009A1": frozenset({first, second}), first: frozenset({third})}
    judged = of_records("google_marked", tmp_path / "corpus", "", "", qrels, 9, 1)
    assert [(query.id, query.like) for query in judged.queries] == [("US20190000009A1", first)]
    assert judged.qrels == {"US20190000009A1": {second}}
    with ipsearch.create(judged.folder, shards=1) as corpus:
        corpus.ingest(file)
        searcher = effectiveness.Searcher(corpus)
        systems = searcher.differing(effectiveness.SYSTEMS, judged.queries)
        assert "marks do not count" in [system.name for system in systems]
        found = {system.name: searcher.run(system, judged.queries)[0] for system in systems}
    assert found["ours"] == {"US20190000009A1": ["family 02", "family 03"]}
    assert set(found["plain"]["US20190000009A1"]) == {"family 02", "family 03"}


def test_without_ir_measures_it_says_so(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where ir-measures is not installed the command names the extra, and leaves nothing behind."""
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    effectiveness._measures.cache_clear()
    assert main(["effectiveness", "--set", NAMES[0]]) == 1
    assert "pip install -c constraints.txt -e '.[effectiveness]'" in capsys.readouterr().err
    assert not list(results.iterdir())


PASSAGES = effectiveness_sets.DATA / "passages_zh_dev"


@pytest.mark.skipif(not PASSAGES.exists(), reason="the passages are not here")
def test_both_scripts_ask_the_same_questions() -> None:
    """Questions in the other script are those of the original set, each to the same passage."""
    for name, variant in (
        ("cmrc_questions", "cmrc_traditional"),
        ("drcd_questions", "drcd_simplified"),
    ):
        one, other = TEXT_SETS[name], TEXT_SETS[variant]
        assert other.variant_of == name
        assert one.read is other.read
        texts, questions = one.read(effectiveness_sets.DATA)
        assert len(set(map(tuple, texts))) == len(texts)
        assert {at for _, _, at in questions} == set(range(len(texts)))
        drawn = sample(questions, 50, 1)
        assert drawn == sample(questions, 50, 1)
        asked = [text for _, text, _ in drawn]
        assert in_script(other.script, asked) != asked


def test_the_table_has_the_last_run_of_each_set() -> None:
    """A set that is measured again stands once, with the lines of its later run, behind others."""
    kept = [("a", "1"), ("a", "1"), ("b", "2"), ("a", "3")]
    done = [{"set": name, "run": run, "line": at} for at, (name, run) in enumerate(kept)]
    assert [line["line"] for line in last_of_each_set(done)] == [2, 3]


def test_records_that_cite_the_same_are_coupled() -> None:
    """Who cites one of the same documents is relevant; who cites five of them is of one family."""
    family = [f"US{n}A" for n in range(5)]
    cited = {"a": ["x", *family], "b": ["x"], "c": family, "d": ["y"]}
    assert coupled(cited) == {"a": frozenset("b"), "b": frozenset("a")}


def _filed(id_: str, applicant: str, group: str, title: str) -> dict[str, Any]:
    texts = [{"language": "zh", "text": title}]
    names = {"titles": texts, "abstracts": [{"language": "zh", "text": f"{title}，{id_}"}]}
    return {"id": id_, "applicants": [{"name": applicant}], "ipc": [f"{group}/00"], **names}


def test_relevant_by_applicant_and_by_group() -> None:
    """What one applicant filed twice is not searched for; of a group what others filed counts."""
    rows = [
        _filed("a", "甲", "H01M4", "电极"),
        _filed("b", "甲", "H01M4", "电极"),
        _filed("c", "甲", "H01M10", "电池"),
        _filed("d", "乙", "H01M4", "极片"),
    ]
    by_applicant = of_one_applicant(rows)
    assert by_applicant == {"a": frozenset("c"), "b": frozenset("c"), "c": frozenset("ab")}
    assert of_one_group(rows) == {"a": frozenset("d"), "b": frozenset("d"), "d": frozenset("ab")}
