"""Index and search together: shards over generations, threads, odd records, hard questions."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import tantivy

import ipsearch
from ipsearch.analysis import Analyzer, fold
from ipsearch.errors import QueryError
from ipsearch.index import Shard, Span, Vocabulary, engine_schema, shard
from ipsearch.index.folder import remove_folder
from ipsearch.index.phrases import MOST_UNITS
from ipsearch.index.writer import ShardWriter
from ipsearch.records import Kind, to_batch
from ipsearch.search import Compiler, parse

ANALYZER = Analyzer()
ASCII_SIGNS = [chr(code) for code in range(33, 127) if not chr(code).isalnum()]


def patent(number: int, *titles: str, **columns: Any) -> dict[str, Any]:
    name = f"CN{1_000_000 + number}A"
    row = {"id": name, "publication_number": name, "office": "CN", "source": "test", **columns}
    return row | {"titles": [{"text": title} for title in titles]}


def add(writer: ShardWriter, rows: Sequence[Mapping[str, Any]], first: int, kind: Kind) -> None:
    """Add rows under the addresses from `first` on; a row's id is its application's key."""
    keys = pa.array([row["id"] for row in rows])
    batch = to_batch(rows, kind).append_column("application_key", keys)
    batch = batch.append_column("ingestion", pa.array([1] * len(rows), pa.int32()))
    writer.add(batch, range(first, first + len(rows)))


def build(folder: Path, rows: Sequence[Mapping[str, Any]], kind: Kind = "patent") -> Path:
    writer = ShardWriter(folder, kind, ANALYZER)
    add(writer, rows, 0, kind)
    writer.commit()
    return folder


def ask(folders: Iterable[Path], expression: str, kind: Kind = "patent") -> set[int]:
    """Give the addresses of what the shards find; they must count as many."""
    folders = list(folders)
    compiled = Compiler(kind, ANALYZER.segmenter(), Vocabulary(folders)).compile(
        parse(expression, kind)
    )
    found: set[int] = set()
    for folder in folders:
        shard = Shard(0, folder)
        hits = shard.search(compiled.whole()[0], 10_000)
        total = shard.count(compiled.whole()[0])
        assert len(hits) == total
        found |= {hit.address for hit in hits}
    return found


def test_a_folder_just_opened_can_be_removed(tmp_path: Path) -> None:
    """A folder goes, although the engine's thread makes its lock file there once more."""
    built = build(tmp_path / "built", [patent(1, "锂电池")])
    for number in range(100):
        folder = Path(shutil.copytree(built, tmp_path / str(number)))
        opened = Shard(0, folder)
        remove_folder(folder)
        assert not folder.exists()
        assert opened.record_count == 1
    remove_folder(folder)  # what is gone is as asked


def test_generations_share_nothing_but_files(tmp_path: Path) -> None:
    """A new generation has what was added, not what was removed; the old one stays as it was."""
    old = build(tmp_path / "old", [patent(1, "锂电池"), patent(2, "钠电池"), patent(3, "水泵")])
    reader = Shard(0, old)
    writer = ShardWriter(tmp_path / "new", "patent", ANALYZER, base=old)
    writer.remove_applications([patent(1)["id"], patent(9)["id"]])
    add(writer, [patent(1, "锂电容"), patent(4, "新词语料电池")], 10, "patent")
    assert writer.commit() == 4
    new = tmp_path / "new"
    assert ask([new], '"电池"') == {1, 11}
    assert ask([new], '"锂电"') == {10}
    assert ask([new], '"料电"') == {11}
    assert ask([new], "NOT 电池") == {10, 2}
    assert ask([old], '"锂电"') == {0}
    assert ask([old], '"电容"') == set()
    assert reader.record_count == 3
    assert Shard(0, new).record_count == 4


def test_a_term_of_one_shard_is_looked_for_in_all(tmp_path: Path) -> None:
    """Shards have vocabularies of their own; a question is answered from them as from one."""
    one = build(tmp_path / "one", [patent(1, "锂离子电池"), patent(2, "batteries")])
    other = build(tmp_path / "other", [patent(3, "离子泵")])
    writer = ShardWriter(tmp_path / "third", "patent", ANALYZER)
    add(writer, [patent(4, "battery"), patent(5, "离 子")], 20, "patent")
    writer.commit()
    assert ask([one, other, tmp_path / "third"], '"离子"') == {0}  # both have the address 0
    assert ask([other], '"离子"') == {0}
    assert ask([one, tmp_path / "third"], "ti:battery") == {1, 20}


@pytest.mark.parametrize("around", ["", "电", "x", " "])
def test_every_ascii_sign_is_itself(tmp_path: Path, around: str) -> None:
    """No sign means anything to the engine, whatever stands beside it."""
    texts = [f"{around}{sign}{around}" for sign in ASCII_SIGNS]
    folder = build(tmp_path / "shard", [patent(n, text) for n, text in enumerate(texts)])
    for sign, text in zip(ASCII_SIGNS, texts, strict=True):
        if sign == '"':
            continue
        expected = {n for n, other in enumerate(texts) if fold(text) in fold(other)}
        assert ask([folder], f'"{text}"') == expected
        assert ask([folder], f"「{sign}」") == {n for n, t in enumerate(texts) if sign in t}


def test_signs_of_patterns_beside_many_words(tmp_path: Path) -> None:
    """Signs stay themselves also where a quoted text becomes a pattern for very many words."""
    words = [f"x{number}" for number in range(500)] + [f"{number}x" for number in range(500)]
    texts = [f"{word}{sign}{word}" for word in words for sign in ".*+|(]"]
    folder = build(tmp_path / "shard", [patent(n, text) for n, text in enumerate(texts)])
    for sign in ".*+|(]":
        for quoted in (f"x{sign}x", f"{sign}x", f"x{sign}", f"0x{sign}10"):
            expected = {n for n, text in enumerate(texts) if quoted in text}
            assert ask([folder], f'"{quoted}"') == expected, quoted


def test_threads_get_what_one_gets(tmp_path: Path) -> None:
    """One corpus, asked from eight threads at once, gives each the answer that it gives alone."""
    chance = random.Random(4)
    words = ["石墨烯", "電池", "锂离子电池", "battery", "method", "装置", "的一种", "方法", "C++"]
    rows = [patent(n, "".join(chance.choices(words, k=6))) for n in range(300)]
    corpus = ipsearch.create(tmp_path / "corpus", shards=3)
    corpus.ingest(to_batch(rows, "patent"))
    questions = [f'"{a[-1]}{b[0]}" OR {c}' for a in words for b in words for c in ("电池", "泵")]
    questions += [f"ti:{a} NOT {b}" for a in words for b in words]

    def answer(question: str) -> list[str]:
        return [hit.id for hit in corpus.query(question, limit=50)]

    alone = list(map(answer, questions))
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answer, questions)) == alone


def test_a_span_is_the_same_by_values_and_by_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether hits are looked at one by one or the engine is told of the spans, the same is found:
    by the second field where the first has no value, and without either it is not within."""
    chance = random.Random(3)

    def day() -> date | None:
        return chance.choice([None, *(date(2000 + n, 1, 1) for n in range(4))])

    names = ("publication_date", "priority_date", "filing_date")
    rows = [patent(n, "电池" * (1 + n % 7), **{name: day() for name in names}) for n in range(200)]
    opened = Shard(0, build(tmp_path / "shard", rows))
    everything = tantivy.Query.term_query(engine_schema("patent"), "ti", "电池")
    spans = (Span("pd", 20010101, None), Span("prd", None, 20020101, otherwise="ad"))
    wanted = {
        n
        for n, row in enumerate(rows)
        if (published := row["publication_date"]) and published.year >= 2001
        if (filed := row["priority_date"] or row["filing_date"]) and filed.year <= 2002
    }
    assert len(wanted) > 20
    assert {hit.address for hit in opened.search(everything, 200, within=spans)} == wanted
    by_value = opened.search(everything, 12, within=spans)
    monkeypatch.setattr(shard, "_MOST_OVERFETCHED", 12)
    by_engine = opened.search(everything, 12, within=spans)
    assert [round(hit.score, 4) for hit in by_value] == [round(hit.score, 4) for hit in by_engine]
    assert {hit.address for hit in by_value} <= wanted
    assert {hit.address for hit in by_engine} <= wanted


def test_marks_are_found_by_all_that_they_hold(tmp_path: Path) -> None:
    """A mark's words, goods, classes, groups, codes and owners each find it, and only it."""
    classes = [
        {
            "nice_class": 9,
            "similar_groups": [{"group": "0901", "part": "一"}, {"group": "0907", "part": None}],
            "goods": ["计算机程序", "可下载软件"],
        },
        {"nice_class": 35, "similar_groups": [], "goods": ["广告"]},
    ]
    mark = {
        "id": "CN1",
        "office": "CN",
        "source": "test",
        "mark_text": "天天天",
        "classes": classes,
    }
    mark |= {"vienna_codes": ["03.01.08"], "owners": [{"name": "某某公司"}]}
    other = {"id": "CN2", "office": "CN", "source": "test", "mark_text": "每天", "classes": None}
    folder = build(tmp_path / "shard", [mark, other], "trademark")
    for found in (
        '"天天"',
        '商品："下载软"',
        "nc:9",
        "类别:第35类",
        "sg:0901",
        'sg:"0901（一）"',
        "vc:03.01",
    ):
        assert ask([folder], found, "trademark") == {0}, found
    assert ask([folder], '"天"', "trademark") == {0, 1}
    for nothing in ('gs:"程序可下"', 'gs:"软件广告"', "nc:3", 'sg:"0901（二）"', "vc:03.01.0"):
        assert ask([folder], nothing, "trademark") == set(), nothing


def test_odd_records_are_kept(tmp_path: Path) -> None:
    """Records without texts, with empty and with monstrous ones stand beside others unharmed."""
    rows = [
        patent(0),
        patent(1, "", "　"),
        patent(2, "α" * 30_000 + " 电池"),
        patent(3, "ab" * 100_000 + " 电池"),  # longer than a term of the engine may be
        patent(4, "\u0301" * 1_000 + "电池"),
        patent(5, "电池" * 50_000),
        patent(6, *(["一"] * 5_000), "电池"),
        patent(7, "\ufdd0\ufdd1\x00电池"),
        patent(8, "电池", abstracts=None, ipc=None),
    ]
    folder = build(tmp_path / "shard", rows)
    assert ask([folder], '"电池"') == {2, 3, 4, 5, 6, 7, 8}
    assert ask([folder], '" 电池"') == {2, 3, 4, 5, 6, 7, 8}
    assert ask([folder], '"池电"') == {5}
    assert ask([folder], '"一一"') == set()
    assert ask([folder], '"αα"') == {2}
    assert ask([folder], '"α 电"') == {2}
    assert ask([folder], "*") == set(range(9))


def test_long_quotes(tmp_path: Path) -> None:
    """Quoted texts of hundreds of characters are found; beyond all sense they are refused."""
    chance = random.Random(2)
    words = [
        "石墨烯",
        "電池",
        "锂离子电池",
        "battery",
        "method",
        "装置",
        "的一种",
        "，",
        "。",
        "3.5%",
        " ",
    ]
    texts = ["".join(chance.choices(words, k=400)) for _ in range(20)]
    texts += ["一" * 700, "天" * 60 + "水泵", "x " * 800, "，" * 900, "ア" * 800, "a" * 900]
    folder = build(tmp_path / "shard", [patent(n, text) for n, text in enumerate(texts)])
    begin = time.monotonic()
    for text in texts:
        for start, size in ((0, 500), (3, 500), (7, 300), (1, 50)):
            quoted = fold(text)[start : start + size].strip()
            expected = {n for n, other in enumerate(texts) if quoted in fold(other)}
            assert ask([folder], f'"{quoted}"') == expected, quoted
    assert time.monotonic() - begin < 60
    for text in ("电池，" * MOST_UNITS, "x " * (MOST_UNITS + 1), "一" * 1_000_000):
        with pytest.raises(QueryError, match="at most"):
            ask([folder], f'"{text}"')


def test_wide_questions_are_bounded(tmp_path: Path) -> None:
    """One letter, one digit, letters at both edges, against very many words: answered at once."""
    chance = random.Random(3)
    letters = "etaoinshrdlucm0123456789"
    words = {"".join(chance.choices(letters, k=chance.randint(2, 8))) for _ in range(200_000)}
    ordered = sorted(words)
    chance.shuffle(ordered)
    texts = [" ".join(ordered[begin : begin + 500]) for begin in range(0, len(ordered), 500)]
    folder = build(tmp_path / "shard", [patent(n, text) for n, text in enumerate(texts)])
    corpus_terms = Vocabulary([folder])
    for quoted in ("e", "7", "ee", "e e", "7 a", "a 1 b", "eta o", "e ，", "的 e", "zz"):
        begin = time.monotonic()
        compiler = Compiler("patent", ANALYZER.segmenter(), corpus_terms)
        compiled = compiler.compile(parse(f'"{quoted}"', "patent"))
        hits = Shard(0, folder).search(compiled.whole()[0], 1_000)
        assert time.monotonic() - begin < 5
        expected = {n for n, text in enumerate(texts) if quoted in text}
        found = {hit.address for hit in hits}
        assert found == expected if not compiled.warnings else found <= expected, quoted


def test_many_clauses(tmp_path: Path) -> None:
    """A list of a thousand clauses, or words, is a question like any other."""
    folder = build(tmp_path / "shard", [patent(n, f"词{n}电池") for n in range(50)])
    either = " OR ".join(f'"词{n}电"' for n in range(1_000))
    assert ask([folder], either) == set(range(50))
    assert ask([folder], " ".join(["电池"] * 1_000)) == set(range(50))
    assert ask([folder], " AND ".join(['"电池"'] * 1_000)) == set(range(50))
    assert ask([folder], "NOT " + " NOT ".join(f'"词{n}电"' for n in range(1, 1_000))) == {0}


def test_pages_ask_for_no_more_than_there_is(tmp_path: Path) -> None:
    """A limit or an offset beyond all records costs nothing."""
    corpus = ipsearch.create(tmp_path / "corpus", shards=1)
    corpus.ingest(to_batch([patent(n, "电池") for n in range(5)], "patent"))
    assert len(corpus.query("电池", limit=10**12)) == 5
    assert len(corpus.query("电池", limit=10, offset=10**12)) == 0
    assert [len(corpus.query("电池", limit=2, offset=offset)) for offset in (0, 2, 4, 5)] == [
        2,
        2,
        1,
        0,
    ]
