"""Names of firms in other spellings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.errors import QueryError
from ipsearch.watch.names import (
    BEGINS,
    SAME,
    SAME_BUT_FORM,
    SAME_BUT_PLACE,
    SOUNDS,
    Wanted,
    WantedNames,
)

PAIRS = [
    ("晨谷科技有限公司", "晨谷科技有限公司", SAME),
    ("晨谷科技有限公司", "晨谷科技有限公司。", SAME),
    ("晨谷科技有限公司", "晨谷　科技 有限公司", SAME),
    ("雲雀電子股份有限公司", "云雀电子股份有限公司", SAME),
    ("ACME Lumen Co., Ltd.", "Ａｃｍｅ　Ｌｕｍｅｎ　ＣＯ．，ＬＴＤ", SAME),
    ("云雀电子股份有限公司", "云雀电子有限责任公司", SAME_BUT_FORM),
    ("云雀电子", "云雀电子集团有限公司", SAME_BUT_FORM),
    ("Lumora GmbH", "LUMORA Inc.", SAME_BUT_FORM),
    ("Lumora S.p.A.", "Lumora", SAME_BUT_FORM),
    ("株式会社雲雀製作所", "云雀制作所", SAME_BUT_FORM),
    ("云雀电子有限公司", "云雀电子有限公司 LARKO ELECTRONICS CO., LTD.", SAME_BUT_FORM),
    ("Larko Electronics Co., Ltd.", "云雀电子有限公司 LARKO ELECTRONICS CO., LTD.", SAME_BUT_FORM),
    ("云雀电子(深圳)有限公司", "云雀电子有限公司", SAME_BUT_FORM),
    ("深圳市云雀电子有限公司", "云雀电子有限公司", SAME_BUT_PLACE),
    ("云雀电子有限公司", "广东省深圳市云雀电子股份有限公司", SAME_BUT_PLACE),
    ("北京云雀电子", "云雀电子", SAME_BUT_PLACE),
    ("云雀*", "云雀电子有限公司", BEGINS),
    ("云雀*", "深圳市云雀科技有限公司", BEGINS),
    ("Lumora*", "Lumora Lighting GmbH", BEGINS),
    ("云雀电子有限公司", "Yunque Electronics Co., Ltd.", SOUNDS),
    ("Yunque Technologies Inc.", "深圳市云雀科技有限公司", SOUNDS),
    ("云雀电子有限公司", "云鹊电子有限公司", None),  # only the sound, in one script: another firm
    ("云雀电子有限公司", "云雀食品有限公司", None),
    ("云雀电子有限公司", "大云雀电子有限公司", None),
    ("云雀", "云雀电子有限公司", None),
    ("Lumora GmbH", "Lumora Lighting GmbH", None),
    ("Lumora GmbH", "Lumira GmbH", None),
    ("有限公司甲", "有限公司", None),
    ("Company Limited", "Ltd.", None),
    ("中山电子有限公司", "电子有限公司", SAME_BUT_PLACE),
]


@pytest.mark.parametrize(("wanted", "met", "rule"), PAIRS)
def test_spellings(wanted: str, met: str, rule: object) -> None:
    """Case, width, script, form and place do not make another firm; another word does."""
    assert Wanted(wanted).liken(met) == rule


names = st.sampled_from([name.rstrip("*") for pair in PAIRS for name in pair[:2]])
texts = st.one_of(names, st.text(max_size=12))


@given(texts)
def test_any_text_has_forms_and_is_like_itself(name: str) -> None:
    """Whatever stands where a name should, it is compared without an error."""
    for wanted, _, _ in PAIRS:
        Wanted(wanted).liken(name)
    try:
        own = Wanted(name)
    except QueryError:
        return
    if not name.rstrip().endswith("*"):
        assert own.liken(name) == SAME


@settings(max_examples=50)
@given(st.lists(names, min_size=1, max_size=8), st.lists(texts, max_size=8))
def test_looking_through_all_finds_what_each_finds(wanted: list[str], met: list[str]) -> None:
    """Very many wanted names at once give what comparing each with each gives."""
    index = WantedNames(enumerate(wanted))
    for name in met:
        expected = {n: like for n, w in enumerate(wanted) if (like := Wanted(w).liken(name))}
        assert {n: like for n, like, _ in index.find(name)} == expected


@pytest.mark.parametrize("name", ["", " ", "*", "a*", "。", "云*雀", "x" * 600])
def test_a_name_must_say_something(name: str) -> None:
    """A name that would be any, or none, is refused with the name in the message."""
    with pytest.raises(QueryError, match="name"):
        Wanted(name)
