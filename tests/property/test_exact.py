"""Quoted text finds the records that hold it, no more and no fewer: against Python's own `in`."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipsearch.analysis import Analyzer, fold
from ipsearch.index import Shard, Vocabulary, exact, exact_query, phrases
from ipsearch.index.writer import ShardWriter
from ipsearch.records import to_batch

Values = Mapping[str, list[str]]  # field of the index -> its values, in one record

FIELDS = ("ti", "ab", "cl")
COLUMNS = {"ti": "titles", "ab": "abstracts", "cl": "claims"}
ANALYZER = Analyzer()

# What jieba knows, and what it cuts where it stands together; both scripts.
HAN = (
    "石墨烯 电池 電池 锂离子电池 中国人民 中國人民 的一种 一种 是一 可以 可是 研究 研究所 所有"
    " 有机 有机发光 机器学习 機器學習 装置 裝置 正極材料 方法 的 一 是 人 人民 人民法院 天天 多多"
    " 其特征在于 特征 在于 于是"
)
LATIN = (
    "a e ee x ab abab the method batteries Li LiFePO4 café naïve Ångström C AT T 4S x1 1 12 2021"
)
LATIN += " привет мир αβγ אב ไทย"
SIGNS = [
    "，",
    "。",
    "、",
    "；",
    "：",
    "（",
    "）",
    *"()[]{}*+?.|^$\\/-_=~`!@#%&<>'\"",
    "“",
    "”",
    "—",
    "·",
    "♥",
]
SIGNS += ["C++", "c#", "AT&T", "3.5%", "10-20", "x_y", "〆", "〡", "😀", "\ue000", "\u0378"]
KANA = "ア イ アイウ アアア ひらがな カメラ ｶﾞｲﾄﾞ ー 가 나 가나다 한국어 데이터 각"
ODD = [
    "　",
    "  ",
    " ",
    " ",
    "\t",
    "Ｇｒａｐｈｅｎｅ",
    "ＡＢ",
    "１２",
    "㎏",
    "℃",
    "①",
    "ⅷ",
    "ﬁ",
    "½",
    "々",
    "〇",
    "𠮷",
    "㐀",
]
ODD += ["e\u0301", "\u00ad", "\u200b", "ß", "İ", "´", "\ufdd1"]

pieces = st.one_of(
    st.sampled_from(HAN.split()),
    st.sampled_from(LATIN.split()),
    st.sampled_from(SIGNS),
    st.sampled_from(KANA.split()),
    st.sampled_from(ODD),
)
texts = st.lists(pieces, min_size=1, max_size=12).map("".join)
records = st.fixed_dictionaries(
    {
        "ti": st.lists(texts, max_size=2),
        "ab": st.lists(texts, max_size=1),
        "cl": st.lists(texts, max_size=3),
    }
)


class Index:
    """Some records in a shard of their own."""

    def __init__(
        self, folder: Path, values: Iterable[Values], analyzer: Analyzer = ANALYZER
    ) -> None:
        self.values = list(values)
        rows = [
            {"id": f"CN{number}A", "office": "CN", "source": "test"}
            | {column: [{"text": t} for t in one.get(name, ())] for name, column in COLUMNS.items()}
            for number, one in enumerate(self.values)
        ]
        batch = to_batch(rows, "patent")
        keys = pa.array([row["id"] for row in rows])
        writer = ShardWriter(folder, "patent", analyzer)
        ingestions = pa.array([1] * len(rows), pa.int32())
        batch = batch.append_column("application_key", keys)
        writer.add(batch.append_column("ingestion", ingestions), range(len(rows)))
        writer.commit()
        self.shard, self.vocabulary = Shard(0, folder), Vocabulary([folder])
        self.segmenter = analyzer.segmenter()
        self.folded = [
            [fold(v) for name in FIELDS for v in one.get(name, ())] for one in self.values
        ]
        self.warnings: list[str] = []

    def find(self, folded: str) -> set[int]:
        query = exact_query(
            "patent",
            dict.fromkeys(FIELDS, 1.0),
            folded,
            self.segmenter,
            self.vocabulary,
            self.warnings,
        )
        return {found.address for found in self.shard.search(query, len(self.values))}

    def holding(self, folded: str) -> set[int]:
        return {i for i, values in enumerate(self.folded) if any(folded in v for v in values)}

    def check(self, quoted: Iterable[str]) -> None:
        for folded in filter(None, map(fold, quoted)):
            assert self.find(folded) == self.holding(folded), folded
        assert not self.warnings


def substrings(index: Index, seed: int, count: int) -> list[str]:
    """Choose pieces of the values, two characters or more where there are so many."""
    chance = random.Random(seed)
    values = [value for values in index.folded for value in values if value]
    found = []
    for _ in range(count if values else 0):
        value = chance.choice(values)
        begin = chance.randrange(max(len(value) - 1, 1))
        found.append(value[begin : begin + chance.randint(2, 12)])
    return found


relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


@relaxed
@given(st.lists(records, min_size=1, max_size=8), st.lists(texts, max_size=8), st.integers(0, 99))
def test_quoted_text_finds_who_holds_it(corpus: list[Values], others: list[str], seed: int) -> None:
    """Pieces of the texts, and other texts, are found just where one value holds them."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "shard", corpus)
        index.check(substrings(index, seed, 40))
        index.check(others)


@relaxed
@given(st.lists(records, min_size=1, max_size=8), st.integers(0, 99))
def test_limits_of_the_engine_are_kept(corpus: list[Values], seed: int) -> None:
    """However few terms a pattern may stand for, the patterns together stand for them all."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "_MOST_LISTED", 2)
        for name, value in {
            "MOST_EXPANDED": 3,
            "_MOST_SPELLED": 1,
            "_MOST_IN_PATTERN": 2,
            "_MOST_PATTERNS": 2,
        }.items():
            patch.setattr(phrases, name, value)
        index = Index(Path(folder) / "shard", corpus)
        index.check(substrings(index, seed, 40))


@settings(relaxed, max_examples=20)
@given(st.data())
def test_repeated_characters(data: st.DataObject) -> None:
    """A character over and over is found wherever it stands, though its words may be cut in more
    ways than one."""
    run = st.builds(str.__mul__, st.sampled_from("天多哈一万人的"), st.integers(1, 9))
    value = st.lists(run | st.sampled_from(HAN.split()), min_size=1, max_size=8).map("".join)
    corpus = [{"ti": [text]} for text in data.draw(st.lists(value, min_size=1, max_size=12))]
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "shard", corpus)
        index.check(substrings(index, data.draw(st.integers(0, 99)), 40))
        index.check(char * size for char in "天多哈一万人的" for size in (2, 3, 4, 5, 7))


@settings(relaxed, max_examples=20)
@given(st.lists(records, min_size=1, max_size=6), st.integers(0, 99))
def test_words_of_a_user(corpus: list[Values], seed: int) -> None:
    """Words that a user adds change nothing of what quoted text finds."""
    analyzer = Analyzer.with_words(
        ["石墨烯电池 100 n", "種裝置", "的一是", "中国人民的电池可以是石墨烯的机器学习装置"]
    )
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "shard", corpus, analyzer)
        index.check(substrings(index, seed, 40))


def test_no_text_crosses_a_value(tmp_path: Path) -> None:
    """A text that begins in one value, claim or field and ends in the next is not found."""
    corpus = [
        {
            "ti": ["石墨烯电", "池"],
            "ab": ["组"],
            "cl": ["一种ab", "cd装置", "アイ", "ウエ", "x ", " y"],
        }
    ]
    index = Index(tmp_path / "shard", corpus)
    for text in (
        "电池",
        "池组",
        "abcd",
        "ab cd",
        "b c",
        "イウ",
        "アイウエ",
        "x y",
        "种abcd装",
        "烯电组",
    ):
        assert index.find(fold(text)) == set(), text
    index.check(["烯电", "种ab", "cd装", "アイ", "ウエ", "x", "y", "池", "组"])


def test_one_character(tmp_path: Path) -> None:
    """One character in quotes, of whatever sort, is found wherever it stands."""
    corpus = [
        {"ti": [text]} for text in (*HAN.split(), *LATIN.split(), *SIGNS, *KANA.split(), *ODD)
    ]
    index = Index(tmp_path / "shard", corpus)
    index.check({char for values in index.folded for value in values for char in value})


def test_reserved_characters_are_white_space(tmp_path: Path) -> None:
    """A text that holds one of the segmenter's own marks harms neither itself nor others."""
    corpus = [{"ti": [f"甲乙{mark}丙丁"]} for mark in "\ufdd0\ufdd1\ufdd2\ufdd3\x1e\x1f\n"]
    index = Index(tmp_path / "shard", [*corpus, {"ti": ["石墨烯"]}])
    index.check(["甲乙 丙丁", "乙\ufdd1丙", "乙丙", "石墨烯", "甲乙"])
    assert index.find("乙 丙") == set(range(7))


def test_many_words_at_an_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that too many words begin with are taken for a word, and a warning says so."""
    monkeypatch.setattr(exact, "_MOST_OPENED", 50)
    words = [f"x{number}e" for number in range(80)]
    index = Index(tmp_path / "shard", [{"ti": [" ".join(words), "one e"]}, {"ti": ["two e x"]}])
    assert index.find("two e") == {1}
    assert index.find("e x") == {1}  # between two of the words of the other it would be found too
    assert len(index.warnings) >= 1
    assert all(w.startswith("too many words") for w in index.warnings)
    assert index.find("x") == {0, 1}
