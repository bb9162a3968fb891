"""Claims in, what they depend on and their features out: Chinese and English by the same rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.errors import QueryError
from ipsearch.novelty.claims import (
    Claim,
    choose,
    parse_claim,
    parse_claims,
    split_claims,
    with_parents,
)
from ipsearch.novelty.claims.features import LONG_HAN, LONG_WORDS, MOST_FEATURES
from ipsearch.novelty.claims.references import MOST_REFERENCES
from ipsearch.novelty.subject import from_record
from ipsearch.records import SCHEMAS


def features(text: str, number: int = 1) -> list[str]:
    """The texts of a claim's features."""
    return [feature.text for feature in parse_claim(text, number).features]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "1. 一种电池。；2. 根据权利要求1所述的电池。",
            ["一种电池。", "根据权利要求1所述的电池。"],
        ),
        ("1、一种电池\n2、如权利要求1所述的电池", ["一种电池", "如权利要求1所述的电池"]),
        ("１．一种电池。２．按权利要求１。", ["一种电池。", "按权利要求１。"]),
        ("1)一种电池\n2）如权利要求1所述", ["一种电池", "如权利要求1所述"]),
        ("[1] A cup. [2] The cup of claim 1.", ["A cup.", "The cup of claim 1."]),
        ("【权利要求1】一种杯【权利要求2】如权利要求1", ["一种杯", "如权利要求1"]),
        ("权利要求1：一种杯\n权利要求2：如权利要求1", ["一种杯", "如权利要求1"]),
        ("Claim 1. A cup. Claim 2. The cup of claim 1.", ["A cup.", "The cup of claim 1."]),
        ("权 利 要 求 书\n1．一 种 杯\n2．如 权 利 要 求 1", ["一 种 杯", "如 权 利 要 求 1"]),
        ("1\n一种杯\n2\n如权利要求1所述的杯", ["一种杯", "如权利要求1所述的杯"]),
        ("What is claimed is: 1. A cup. 2. The cup of claim 1.", ["A cup.", "The cup of claim 1."]),
        ("We claim:\n1. A cup\n2. A lid\n", ["A cup", "A lid"]),
        ("1. A cup 2. The cup of claim 1 3. The cup of claim 2", None),
        (
            "发明名称：杯\n权利要求：1. 一种杯。2. 如权利要求1所述的杯。",
            ["一种杯。", "如权利要求1所述的杯。"],
        ),
        ("1. 石墨杯。2. 石墨杯的制法。3. 如权利要求2所述的制法。", None),
        ("一种杯。\n如权利要求1所述的杯，带盖。", ["一种杯。", "如权利要求1所述的杯，带盖。"]),
    ],
)
def test_a_set_of_claims_is_divided(text: str, claims: list[str] | None) -> None:
    """Whatever stands around the numbers of a set, each claim is found and without its number."""
    found = split_claims(text)
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    assert [claim for _, claim in found] == claims if claims else len(found) == 3


@pytest.mark.parametrize(
    "text",
    [
        "一种电池，厚度为0.5mm。",
        "一种电池，正极占3.2%，其余为\n2.5",
        "A cup with a ratio of\n2.5 to 1, or 1:3.",
        "一种手机壳，背面有太阳能电池",
        "2.5-二甲基苯酚",
        "A method comprising:\n1. The first step;\n2. The second step;\n3. The third.",
        "一种方法，包括：1、混合；2、加热；3、冷却。",
        "包括：1、一种正极；2、一种负极",
        "A cup as claimed in\nclaim 1. 2 handles",
        "根据权利要求1、2所述的电池",
    ],
)
def test_other_numbers_do_not_divide(text: str) -> None:
    """Decimals, ratios, steps and references are no numbers of claims."""
    assert split_claims(text) == [(1, text)]


@pytest.mark.parametrize(
    "steps",
    [
        "\n1、混合；\n2、加热；\n3、冷却。\n",
        "1、混合。2、加热。3、冷却。\n",
        "1.混合；2.加热；3.冷却。",
    ],
)
def test_steps_within_a_set_are_no_claims(steps: str) -> None:
    """A claim's own numbered steps stay in it, also where they end in full stops."""
    found = split_claims(f"1、一种方法，包括以下步骤：{steps}2、根据权利要求1所述的方法。")
    assert [number for number, _ in found] == [1, 2]
    assert "冷却" in found[0][1]
    assert found[1][1] == "根据权利要求1所述的方法。"
    assert features(found[0][1])[-1].endswith("冷却")


def test_a_reference_at_the_end_of_a_claim_is_no_number() -> None:
    """Nor does a claim's text take the place of a later claim of that number."""
    texts = ["A cup.", "A lid.", "A jar.", "A pot.", "A box with the jar of claim 3 or 4.", "A"]
    texts[-1] += " set with the box of claim 5."
    joined = " ".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
    assert [text for _, text in split_claims(joined)] == texts


def test_numbers_are_the_printed_ones_where_they_go_up() -> None:
    """Gaps and cancelled claims are followed, what goes down or back is counted instead."""

    def numbers(*texts: str) -> list[int]:
        return [claim.number for claim in parse_claims(texts)]

    assert numbers("1. A cup.", "2. A lid.", "3. A cup.") == [1, 2, 3]
    assert numbers("A cup.", "A lid.") == [1, 2]
    assert numbers("5. 一种杯。7. 如权利要求5所述的杯。") == [5, 7]
    assert numbers("1-20. (canceled)\n21. A cup.\n22. The cup of claim 21.") == [21, 22]
    assert numbers("1. A cup.", "2. (canceled)", "3. The cup of claim 1.") == [1, 3]
    assert numbers("1. A cup.", "1. A lid.", "9000. A jar.") == [1, 2, 3]
    assert parse_claims("1. A cup.")[0].text == "A cup."


def test_labels_of_a_record_are_followed() -> None:
    """Where claims were cancelled the others keep their numbers; no label divides a text."""
    columns = ("family_id", "extended_family_id", "ipc", "cpc", "priority_date", "filing_date")

    def claims(*labelled: tuple[str | None, str]) -> list[tuple[int, str]]:
        column = [{"label": label, "text": text} for label, text in labelled]
        row = dict.fromkeys(columns) | {"id": "CN1A", "office": "CN", "claims": column}
        return [(claim.number, claim.text) for claim in from_record(row).claims]

    lid, cup = "如权利要求1所述的杯，带盖。", "一种杯。"
    assert claims(("1", cup), ("4", lid)) == [(1, cup), (4, lid)]
    assert claims(("1", cup), ("2", "(canceled)"), ("3", lid)) == [(1, cup), (3, lid)]
    assert claims(("2", cup), ("3", "3. " + lid)) == [(2, cup), (3, lid)]
    assert claims((None, cup), ("2-3", ""), ("x", lid)) == [(1, cup), (2, lid)]
    assert claims(("3", "2-氯苯酚；")) == [(3, "2-氯苯酚")]
    steps = "一种方法：1、混合。2、加热。"
    assert claims(("1", steps), ("4", lid)) == [(1, steps), (4, lid)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据权利要求1所述的电池", (1,)),
        ("如权利要求1至3任一项所述的电池", (1, 2, 3)),
        ("按照权利要求1或2所述的电池", (1, 2)),
        ("如权利要求1-5中任意一项所述的电池", (1, 2, 3, 4, 5)),
        ("如权利要求２～４之一所述的电池", (2, 3, 4)),
        ("权利要求1、3或5所述的电池", (1, 3, 5)),
        ("权利要求1或权利要求3所述的电池", (1, 3)),
        ("如 权 利 要 求 1 和 2 所 述 的 电 池", (1, 2)),
        ("如請求項1所述之電池", (1,)),
        ("如申請專利範圍第1項或第3項所述之電池", (1, 3)),
        ("根据任一前述权利要求所述的电池", (1, 2, 3, 4, 5)),
        ("前述权利要求中任一项所述的电池", (1, 2, 3, 4, 5)),
        ("The cup of claim 1, wherein 2 to 4 lids", (1,)),
        ("The cup of claim 2, 3 wt% of which", (2,)),
        ("A cup according to any one of claims 1 to 3", (1, 2, 3)),
        ("A cup as claimed in claim 4 or 5", (4, 5)),
        ("A cup as in any of the preceding claims", (1, 2, 3, 4, 5)),
        ("A cup according to any preceding claim 2 to 4", (2, 3, 4)),
        ("The cup of claims 1, 3, and 5", (1, 3, 5)),
        ("The cup of any one of claims 1–3 or claim 5", (1, 2, 3, 5)),
        ("A cup, with a handle", ()),
    ],
)
def test_references(text: str, expected: tuple[int, ...]) -> None:
    """Every claim referred to is named, ranges spelled out; "preceding" is all below."""
    assert parse_claim(text, 6).depends_on == expected


@pytest.mark.parametrize(
    ("text", "is_independent"),
    [
        ("一种电池，包括正极", True),
        ("如权利要求1所述的电池，包括正极", False),
        ("一种如权利要求1所述的电池，包括正极", False),
        ("前述权利要求任一项所述的电池", False),
        ("一种包括权利要求1所述电池的车辆", True),
        ("一种车辆，其特征在于，包括如权利要求1所述的电池", True),
        ("一种制备如权利要求1所述材料的方法", True),
        ("一种如权利要求1所述的电池的制备方法，其特征在于", True),
        ("采用权利要求1所述的方法制得的产品", True),
        ("权利要求1所述的化合物在制备药物中的应用。", True),
        ("A battery", True),
        ("The battery of claim 1, wherein", False),
        ("A battery as claimed in claim 1, wherein", False),
        ("Battery according to claim 1, characterised in that", False),
        ("One or more media as recited in claim 1, wherein", False),
        ("A vehicle comprising the battery of claim 1", True),
        ("Vehicle comprising a battery according to claim 1", True),
        ("A method of making the material of claim 1, wherein", True),
        ("A method for making a plate according to claim 1, wherein", False),
        ("A method for making a plate according to claim 1, comprising", True),
        ("The method of making a plate according to claim 1, which", False),
    ],
)
def test_independent_claims_may_refer(text: str, is_independent: bool) -> None:
    """A claim that begins with another category is independent, whatever it refers to."""
    assert parse_claim(text, 2).is_independent is is_independent


@pytest.mark.parametrize(
    ("text", "preamble", "body"),
    [
        ("一种电池，包括正极，其特征在于，负极为硅。", "一种电池，包括正极", "负极为硅。"),
        ("一种电池，其特征是：负极为硅。", "一种电池", "负极为硅。"),
        ("一种自行车，其改进在于车架为碳纤维。", "一种自行车", "车架为碳纤维。"),
        ("一 种 电 池 ， 其 特 征 在 于 ： 负 极", "一 种 电 池", "负 极"),
        ("一種電池，其特徵在於，負極", "一種電池", "負極"),
        ("一种耳机，其特征在于，所述耳机包括，\n存储器", "一种耳机", "存储器"),
        ("一种控制方法，该方法包括以下步骤：\n读取", "一种控制方法", "读取"),
        ("一种电池，其中正极包括石墨", "一种电池", "正极包括石墨"),
        ("一种合金，由铁和碳组成", "一种合金", "由铁和碳组成"),
        ("一种具有盖的杯，包括把手", "一种具有盖的杯", "把手"),
        ("如权利要求1所述的杯，所述盖包括把手", "如权利要求1所述的杯", "所述盖包括把手"),
        ("如权利要求1所述的杯，还包括盖", "如权利要求1所述的杯", "盖"),
        ("一种杯子", "", "一种杯子"),
        ("一种包括盖的杯", "", "一种包括盖的杯"),
        ("A cup comprising: a lid", "A cup", "a lid"),
        ("A cup, consisting essentially of glass", "A cup", "glass"),
        ("A cup with a lid, characterised in that it is red", "A cup with a lid", "it is red"),
        ("A pump, wherein the improvement comprises a seal", "A pump", "a seal"),
        ("A method of brewing tea, the method comprising the steps of:\nboiling", None, "boiling"),
        ("A cup including a lid", "A cup", "a lid"),
        ("A cup, wherein the lid comprises tin", "A cup", "the lid comprises tin"),
        ("A salt characterized by its melting point", "", None),
        ("The cup of claim 1 wherein the lid is red", "The cup of claim 1", "the lid is red"),
        ("The cup of claim 1, the cup further comprising:\na lid", "The cup of claim 1", "a lid"),
        ("The cup of claim 1, the lid having a rim", "The cup of claim 1", "the lid having a rim"),
        ("石墨烯可以用来做电池", "", "石墨烯可以用来做电池"),
    ],
)
def test_preamble_and_characterising_part(
    text: str, preamble: str | None, body: str | None
) -> None:
    """The transition divides a claim; words that only lead over belong to neither part."""
    claim = parse_claim(text)
    assert claim.preamble == ("A method of brewing tea" if preamble is None else preamble)
    assert claim.characterising == (text if body is None else body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一种电池，其特征在于，包括正极；负极；以及隔膜。", ["一种电池", "正极", "负极", "隔膜"]),
        ("一种方法，其特征在于：\n混合原料\n加热混合物", ["混合原料", "加热混合物"]),
        ("一种方法，包括：S1、混合，S2、加热", ["S1、混合", "S2、加热"]),
        ("一种方法，包括步骤1混合，步骤2加热", ["步骤1混合", "步骤2加热"]),
        ("一种方法，包括第一步，混合，第二步，加热", ["第一步，混合", "第二步，加热"]),
        ("一种方法，包括：（1）混合，（2）加热至式(1)", ["（1）混合", "（2）加热至式(1)"]),
        ("一种方法，包括：1）混合，2）加热", ["1）混合", "2）加热"]),
        ("一种方法，包括：(1)中和，(2)与水混合", ["(1)中和", "(2)与水混合"]),
        ("如权利要求1所述的方法，步骤1中加热，步骤2中冷却", ["步骤1中加热，步骤2中冷却"]),
        ("一种方法，包括：①混合②加热", ["①混合", "②加热"]),
        ("如权利要求1所述的方法，其中温度为5℃", ["温度为5℃"]),
        ("一种机架(1)，包括斗(2)、轮(3)", ["一种机架(1)", "斗(2)、轮(3)"]),
        ("一种化合物，包括盐（钠盐；钾盐）", ["一种化合物", "盐（钠盐；钾盐）"]),
        ("一种杯，包括盖(8，把手；底", ["一种杯", "盖(8，把手", "底"]),
        ("A cup comprising: a lid; and\na handle.", ["A cup", "a lid", "a handle"]),
        ("A method comprising: (a) mixing, (b) heating", ["(a) mixing", "(b) heating"]),
        ("A device comprising: a. a goal; and b. a ring", ["a. a goal", "b. a ring"]),
        ("A process comprising (i) mixing and (ii) heating", ["(i) mixing", "(ii) heating"]),
        ("A use of formulas (1), (2) and (3)", ["A use of formulas (1), (2) and (3)"]),
        ("A cup comprising AT&amp;T and; tin", ["A cup", "AT&amp;T", "tin"]),
        ("A case has a cell. The cell charges it.", ["A case", "a cell", "The cell charges it"]),
        ("一种方法", ["一种方法"]),
        ("The cup of claim 1.", ["The cup of claim 1"]),
    ],
)
def test_features(text: str, expected: list[str]) -> None:
    """Features are cut at separators and steps, outside brackets, and trimmed."""
    assert features(text) == expected


def test_line_breaks_that_only_wrap_do_not_cut() -> None:
    """Lines broken for their length, or after a word that needs the next, are one feature."""
    wrapped = (
        "A method comprising heating a mixture of the two\n"
        "liquids in a vessel until the greater part of it\n"
        "has evaporated and only a dry residue is left; and\n"
        "cooling the vessel"
    )
    assert len(features(wrapped)) == 2
    assert features("A processor configured to\ncount") == ["A processor configured to\ncount"]
    assert len(features("一种电池，其中，\n采用式\nE=mc^2\n计算")) == 3


def test_long_pieces_are_cut_at_commas() -> None:
    """Only a long piece is cut where 所述, wherein ... begins, and no part becomes short."""
    parts = [
        "所述正极包括石墨烯涂层和铝箔集流体",
        "且所述负极包括硅碳复合材料层",
        "其中隔膜位于二者之间并且浸润",
    ]
    assert features("如权利要求1所述的电池，" + "，".join(parts)) == ["，".join(parts)]
    parts = [part + "甲" * (LONG_HAN // 3) for part in parts]
    assert features("如权利要求1所述的电池，" + "，".join(parts)) == parts
    short = "且所述盖为红"
    assert features("如权利要求1所述的杯，" + "，".join([*parts, short]))[-1].endswith(short)
    words = "word " * (LONG_WORDS // 3)
    sides = [f"the first lid {words}", f"wherein the second {words}", f"said third lid {words}"]
    text = "The cup of claim 1, wherein " + ", ".join(sides)
    assert features(text) == [side.strip() for side in sides]
    inside = f"the lid ({', said '.join(sides)})"
    assert features(f"The cup of claim 1, wherein {inside}") == [inside]
    choice = f"selected from {words}, a {words}, a {words}, a {words}"
    assert features(f"The cup of claim 1, wherein it is {choice}") == [f"it is {choice}".strip()]
    condition = f"当{'甲' * 40}时，所述{'乙' * 50}"
    assert features(f"如权利要求1所述的杯，{condition}") == [condition]


def test_labels_and_offsets() -> None:
    """A label is the claim's number and a letter; offsets are those of the claim's text."""
    claim = parse_claim("一种电池，其特征在于，包括：正极；负极。", 12)
    assert [(f.label, f.text, f.begin, f.end) for f in claim.features] == [
        ("12.a", "一种电池", 0, 4),
        ("12.b", "正极", 14, 16),
        ("12.c", "负极", 17, 19),
    ]
    many = parse_claim("A cup comprising " + "; ".join(f"lid {i}" for i in range(30)))
    assert [f.label for f in many.features[25:28]] == ["1.z", "1.aa", "1.ab"]


def test_choosing_a_claim() -> None:
    """A number chooses, none takes the first independent claim; a wrong one names those there."""
    claims = parse_claims(["2. The cup of claim 1, wherein A.", "3. A lid."])
    assert choose(claims, 2).number == 2
    assert choose(claims, None).number == 3
    assert choose(claims[:1], None).number == 2
    with pytest.raises(QueryError, match="no claim 1; there are: 2, 3"):
        choose(claims, 1)
    with pytest.raises(QueryError, match="none"):
        choose([], None)


def test_features_with_those_of_the_parents() -> None:
    """A dependent claim has the features of the claims above it, the root's first."""
    claims = parse_claims(
        [
            "1. 一种电池，包括正极；负极。2. 根据权利要求1所述的电池，其中正极为硅。"
            "3. 根据权利要求2或1所述的电池，其中负极为锂。4. 一种车辆，包括权利要求3所述的电池。"
        ]
    )
    labels = [feature.label for feature in with_parents(claims, claims[3])]
    assert labels == ["1.a", "1.b", "1.c", "2.a", "3.a", "4.a", "4.b"]
    assert with_parents(claims, claims[0]) == claims[0].features
    alone = parse_claim("根据权利要求7所述的电池，其中正极为硅", 8)
    assert with_parents([alone], alone) == alone.features
    circle = [parse_claim("The cup of claim 2, A", 1), parse_claim("The cup of claim 1, B", 2)]
    assert [f.label for f in with_parents(circle, circle[0])] == ["2.a", "1.a"]


@pytest.mark.parametrize("texts", [[], [""], [" \n", "；。"], ["1. (canceled)"]])
def test_nothing_is_no_claim(texts: list[str]) -> None:
    """Texts that say nothing raise, and only those."""
    with pytest.raises(QueryError):
        parse_claims(texts)


def test_numbers_may_be_written_in_han() -> None:
    """Claims and references numbered 一, 二 are read; words that only begin so are no numbers."""
    claims = parse_claims(
        ["权利要求一：一种杯。权利要求二：如权利要求一所述的杯。权利要求三：如权利要求一至二所述。"]
    )
    assert [(claim.number, claim.depends_on) for claim in claims] == [
        (1, ()),
        (2, (1,)),
        (3, (1, 2)),
    ]
    claims = parse_claims(["一、一种杯。二、如权利要求一所述的杯，包括：一、盖；二、柄。"])
    assert [claim.depends_on for claim in claims] == [(), (1,)]
    assert parse_claim("根据权利要求第二十一项所述的杯").depends_on == (21,)
    assert parse_claim("如权利要求一、三或五所述的杯").depends_on == (1, 3, 5)
    assert parse_claim("根据上述权利要求一所述的杯", 9).depends_on == (1,)
    assert parse_claim("根据前述权利要求一项或多项所述的杯", 3).depends_on == (1, 2)
    assert parse_claim("一种权利要求一种类的杯").depends_on == ()
    assert len(split_claims("一、技术领域\n涉及杯。二、背景技术\n已有杯。")) == 1


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1. 一种杯。2. 如权利要求1所述的杯。1. 一种碗。2. 如权利要求1所述的碗。", 2),
        (
            "1. A cup. 2. The cup of claim 1.\n1. A bowl. 2. The bowl of claim 1, blue.",
            2,
        ),
        ("1. 一种法，包括：1. 一种水煮。2. 晾凉。2. 如权利要求1所述的法。", 2),
    ],
)
def test_of_two_sets_the_first_counts(text: str, second: int) -> None:
    """A second set of claims behind the first is no part of it; steps of a claim are no set."""
    claims = parse_claims([text])
    assert [claim.number for claim in claims] == [1, second]
    assert claims[1].depends_on == (1,)
    assert "碗" not in claims[1].text and "bowl" not in claims[1].text


def test_a_record_with_two_sets_has_the_first() -> None:
    """Labels that begin anew begin another set, in another language or version."""
    sets = [("1", "A cup."), ("2", "The cup of claim 1."), ("1", "Une tasse."), ("2", "La tasse.")]
    row = dict.fromkeys(SCHEMAS["patent"].names) | {
        "id": "EP1234567B1",
        "claims": [{"label": label, "text": text} for label, text in sets],
    }
    assert [claim.text for claim in from_record(row).claims] == ["A cup.", "The cup of claim 1."]


def _check(claim: Claim) -> None:
    assert claim.preamble in claim.text
    assert claim.characterising in claim.text
    assert claim.features
    end = 0
    for feature in claim.features:
        assert end <= feature.begin < feature.end
        assert claim.text[feature.begin : feature.end] == feature.text == feature.text.strip()
        end = feature.end
    assert len({feature.label for feature in claim.features}) == len(claim.features)
    assert isinstance(claim.is_independent, bool)


_MARKS = (
    "1. |2、|3) |[4]|【5】|权利要求|权利要求1|claim |claims 1 to 3|一种|电池|如|所述|的|其特征在于"
    "|包括|由|组成|其中|，|；|。|：|（|）|(|)|[|]|\n|\r\n| |　|步骤1|S1|(a)|(i)|①|第一步|A |The |a "
    "|cup|comprising|wherein|and |the |0.5|3.2%|&amp;|甲|characterized by |, |; |. |: |İ|ß|ﬁ|𠀀"
    "|e\u0301|\u200b|\ud800|²|٣|(canceled)|前述|preceding claims"
)
_BITS = st.sampled_from(_MARKS.split("|"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_BITS, st.text(max_size=5)), max_size=60).map("".join))
def test_features_are_parts_of_any_text(text: str) -> None:
    """Whatever the text, nothing fails, and features are in order, apart and where they say."""
    if not any(char.isalnum() for char in text):
        return
    _check(parse_claim(text))
    entries = split_claims(text)
    assert all(claim in text for _, claim in entries)
    if entries:
        claims = parse_claims([text])
        assert [(claim.number, claim.text) for claim in claims] == entries
        for claim in claims:
            _check(claim)
            assert set(claim.features) <= set(with_parents(claims, claim))


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "1. ",
        "\n",
        "　",
        "权利要求1、",
        "claim 1, ",
        "a; ",
        "，所述",
        "当，所述",
        "①",
        "由",
        "其 ",
        "comprising:",
        ":\n",
        "x 2. 一种。",
    ],
)
def test_time_is_proportional_to_the_text(unit: str) -> None:
    """No pattern goes back over what it has read: a text eight times as long takes about as much
    longer."""

    def seconds(length: int) -> float:
        text = "甲" + unit * (length // len(unit))
        begin = time.process_time()
        parse_claims([text])
        return time.process_time() - begin

    assert seconds(80_000) < 20 * seconds(10_000) + 0.3


def test_what_is_kept_is_bounded() -> None:
    """Of a text of nothing but features or references only so many are kept, and all is covered."""
    claim = parse_claim("a;" * 5_000)
    assert len(claim.features) == MOST_FEATURES
    assert claim.features[-1].end == len(claim.text) - 1
    claim = parse_claim("The cup of claims 1 to 9999, wherein A")
    assert len(claim.depends_on) == MOST_REFERENCES
