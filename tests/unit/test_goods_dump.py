"""Likeness of goods against the table's own text, read here by simpler means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from ipsearch.marks.goods import Goods, goods_likeness, recorded_goods

DUMP = Path(__file__).parents[2].parent / "shared" / "data" / "nice_zh" / "data.sql"
pytestmark = pytest.mark.skipif(not DUMP.exists(), reason="no shared data")

GOODS = re.compile(r"(?:^|,|※)([^,()※\d]+?)\*?(?:C\d{6}|\d{6})(?=,|$)")

SLIPS = {"砾光辊", "十字裕", "婴儿用含乳面粉"}
"""Names that the dump has wrong in this place, and right in another."""

SIMILAR = ("same_part", "same_goods", "by_function")


@pytest.fixture(scope="module")
def contents() -> dict[str, str]:
    """What the dump says of each group."""
    rows = re.findall(r"\(\d+,\d+,'(\d{4})','[^']*','([^']*)'", DUMP.read_text(encoding="utf-8"))
    return {code: text.strip().replace("\\n", "\n") for code, text in rows if code != "4007"}


def one(group: str, name: str) -> Goods:
    """Read goods of this name in a group, as of no earlier edition."""
    groups = [{"group": group, "part": None}]
    return recorded_goods(
        [
            {
                "nice_class": int(group[:2]),
                "goods": [name],
                "similar_groups": groups,
                "edition": "99",
            }
        ]
    )


def parts(text: str) -> Iterator[list[str]]:
    """Give a few goods of each part that is written in one line."""
    for line in text.split("\n"):
        match = re.fullmatch(r"\([一二三四五六七八九十]+\)(.+\d)", line)
        if match is not None:
            yield GOODS.findall(match[1])[:3]


def test_parts(contents: dict[str, str]) -> None:
    """Goods of one part are similar, of two parts are not, where the note makes no exception."""
    checked = 0
    for group, text in contents.items():
        if not re.search("本类似群各部分之间(商品|服务)不类似(；|。|$)", text, re.MULTILINE):
            continue
        notes = "".join(re.split("注[：:]", text)[1:])
        if "互不类似" in notes or "不判为类似" in notes:
            continue
        found = list(parts(text))
        for ours, theirs in product(range(len(found)), repeat=2):
            for a, b in product(found[ours], found[theirs]):
                if {a, b} & SLIPS or a == b or a in notes or b in notes:
                    continue
                rule = goods_likeness(one(group, a), one(group, b)).rule
                if ours == theirs:
                    assert rule in SIMILAR, (a, b)
                else:
                    assert rule == "parts_not_similar", (a, b)
                checked += 1
    assert checked > 1_000


def test_notes(contents: dict[str, str]) -> None:
    """What a plain sentence calls similar is similar, whichever of the two is asked for."""
    name = "[^,与第本各等类除和及、；。:：\\d]+"
    sentence = re.compile(
        rf"(?:^|\n|；|：)(?:\d+\.)?((?:{name},)*{name})与(\d{{4}})((?:{name},)*{name})类似[；。,]"
    )
    checked = 0
    for group, text in contents.items():
        for names, other, others in sentence.findall(text):
            for a, b in product(names.split(","), others.split(",")):
                if {a, b} & SLIPS:
                    continue
                ours, theirs = one(group, a), one(other, b)
                assert goods_likeness(ours, theirs).score >= 0.9, (group, a, other, b)
                assert goods_likeness(theirs, ours).score >= 0.9, (group, a, other, b)
                checked += 1
    assert checked > 200


def test_goods_in_several_groups(contents: dict[str, str]) -> None:
    """Goods that a note says belong to several groups are the same in each pair of them."""
    checked = 0
    for text in contents.values():
        for note in re.findall("跨类似群保护(?:商品|服务)：([^；。]+)", text):
            for item, groups in re.findall(r"([^,()]+)\((\d{4}(?:,\d{4})+)\)", note):
                codes = groups.split(",")
                for a, b in product(codes, codes):
                    assert goods_likeness(one(a, item), one(b, item)).score >= 0.9, (item, a, b)
                    checked += 1
    assert checked > 100
