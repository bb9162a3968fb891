"""The one form in which texts are compared."""

from __future__ import annotations

import unicodedata

import opencc
import pytest

from ipsearch.analysis import fold, fold_with_offsets
from ipsearch.analysis.folding import (
    HAN,
    OTHER,
    SYLLABLE,
    WORD,
    classes_of,
    fold_joined,
    fold_joined_codes,
    from_codes,
    to_codes,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("石墨烯導電劑", "石墨烯导电剂"),
        ("Ｇraphene（ＡＢ）", "graphene(ab)"),
        ("  多　 个\t空\n格 ", "多 个 空 格"),
        ("㎡ ½ ℃ Ⅳ", "m2 1⁄2 °c iv"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("e\u0301te\u0301", "été"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Straße ΑΣ", "strasse ας".replace("ς", "σ")),
        ("", ""),
        ("   ", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Width, case, script and white space do not tell texts apart."""
    assert fold(text) == folded


def test_traditional_is_opencc_character_by_character() -> None:
    """Every Han character folds as OpenCC's first choice for it alone, and that choice's, ..."""
    t2s = opencc.OpenCC("t2s").convert

    def convert(text: str) -> str:  # 薴 becomes 苧, which becomes 苎: folding is idempotent
        return str(t2s(t2s(text)))

    han = [chr(code) for code in range(0x4E00, 0xA000)]
    expected = convert("\n".join(unicodedata.normalize("NFKC", c) for c in han)).split("\n")
    assert fold("".join(han)) == "".join(expected)


def test_offsets_lead_back() -> None:
    """Each folded character is led back to the one that it came from."""
    text = " 導電（½）é\u0301  劑 "
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert text[offsets[folded.index("导")]] == "導"
    assert text[offsets[folded.index("剂")]] == "劑"
    assert text[offsets[folded.index("⁄")]] == "½"


def test_classes() -> None:
    """Letters, Han, kana and hangul, and all else are told apart."""
    text = "a1é α石々かカ한,。 ·"
    expected = [WORD, WORD, WORD, OTHER, WORD, HAN, HAN, SYLLABLE, SYLLABLE, SYLLABLE]
    assert classes_of(to_codes(text)).tolist() == [*expected, *[OTHER] * 4]


def test_the_quick_way_folds_every_character_as_the_plain_way() -> None:
    """Folding to code points gives the text that folding gives, each character among others."""
    for begin in [*range(0, 0xD800, 16), *range(0xE000, 0x12000, 16)]:
        text = "石 a".join(map(chr, range(begin, begin + 16)))
        assert from_codes(fold_joined_codes(text)) == fold_joined(text)


def test_the_quick_way_composes_marks() -> None:
    """A mark that belongs to the letter before it is joined to it in the quick way too."""
    for text in ("e\u0301", "か\u3099℃", "ｶﾞ", "a\u200b\u0301", "가\u11a8"):
        assert from_codes(fold_joined_codes(text)) == fold_joined(text)
