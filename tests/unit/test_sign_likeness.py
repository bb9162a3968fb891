"""Which rule fires for which pair of signs, and what it says."""

from __future__ import annotations

import pytest

from ipsearch.marks import weights
from ipsearch.marks.keys import asked_keys, filed_keys
from ipsearch.marks.likeness import Likeness, Scorer
from ipsearch.marks.sign import read_sign


def explain(one: str, other: str, *classes: int) -> Likeness:
    return Scorer(read_sign(one), classes).explain(other)


@pytest.mark.parametrize(
    ("one", "other", "aspect", "rule"),
    [
        ("云嶺泉", "ＹＵＮ", "", ""),
        ("雲嶺泉", "云岭泉", "identity", "equal after normalising"),
        ("青禾 QINGHE", "青禾", "identity", "same characters"),
        ("云岭泉", "泉岭云", "form", "same characters in another order"),
        ("云岭泉", "云岭溪", "form", "characters differ"),
        ("云岭泉", "沙岭泉", "form", "first character differs"),
        ("红月亮", "红月季", "form", "another word"),
        ("蜂蜜", "蜜蜂", "form", "same characters, two words"),
        ("云岭泉", "云岭山泉", "form", "characters added or dropped"),
        ("启晟", "企盛", "sound", "same or near sounds"),
        ("麦浪", "麦浪集团", "containment", "weak word added"),
        ("澜禾", "澜禾之家", "containment", "one sign within the other"),
        ("LUMORA", "LUMERA", "form", "few letters differ"),
        ("LUMORA", "DUMORA", "form", "first letter differs"),
        ("KOFFIRA", "COFIRA", "sound", "same sound"),
        ("KOFFIRA", "COFIRO", "sound", "near in sound"),
        ("V0LTRA", "VOLTRA", "form", "letters drawn alike"),
        ("NOVA LUMEN", "LUMEN NOVA", "form", "same words in another order"),
        ("THE LUMORA", "LUMORA", "form", "articles or the like added"),
        ("LUMORA", "LUMORASKIN", "containment", "one word within the other"),
        ("HOUSE", "HORSE", "form", "another word"),
        ("华锐", "HUARUI", "sound", "pinyin"),
        ("HUA RUI", "华锐", "sound", "pinyin"),
        ("安吉尔", "ANGEL", "sound", "usual transliteration"),
        ("皇冠", "CROWN", "meaning", "same meaning in another language"),
        ("狮子", "雄狮", "meaning", "same meaning"),
        ("五六七", "567", "meaning", "same number"),
    ],
)
def test_rule(one: str, other: str, aspect: str, rule: str) -> None:
    """The best reason of a pair is of this aspect and rule, both ways."""
    for pair in ((one, other), (other, one)):
        reasons = explain(*pair).reasons
        best = reasons[0] if reasons and reasons[0].score > 0.3 else None
        assert (best.aspect, best.rule) == (aspect, rule) if best else aspect == ""


def test_details_show_what_was_seen() -> None:
    """A reason says which characters sound or look alike, or which word is weak."""
    assert "晨/辰 chen look 0." in explain("晨谷", "辰谷").reasons[0].detail
    assert explain("麦浪", "麦浪集团").reasons[0].detail == "集团 (legal)"
    for one, other in (("华锐", "HUA RUI"), ("HUA RUI", "华锐")):
        assert explain(one, other).reasons[0].detail == "华锐 (hua rui) / huarui"
    assert explain("狮子", "雄狮").reasons[0].detail.endswith("lion")
    assert "kofira" in explain("KOFFIRA", "COFIRA").reasons[0].detail


def test_aspects_have_their_own_scores() -> None:
    """A pair that both looks and sounds alike has a reason for each."""
    reasons = explain("晨谷", "辰谷").reasons
    assert {reason.aspect for reason in reasons} == {"form", "sound"}


def test_a_look_alike_is_nearer_than_a_longer_sign() -> None:
    """One character of two replaced by one of the same outline comes before one that is added."""
    scorer = Scorer(read_sign("康禾"))
    assert scorer.score("庸禾") > scorer.score("康禾谷") > scorer.score("谷禾")


def test_equals_are_put_in_order_by_all_their_reasons() -> None:
    """Of two signs of one likeness the one that is near in more ways stands first."""
    scorer = Scorer(read_sign("青禾 QINGHE"))
    assert scorer.rank("青禾 QINGHE") == (1.0, 1.0)
    for held in ("清禾", "QINGHE", "禾青", "云岭"):
        score, evidence = scorer.rank(held)
        assert score == scorer.score(held) == explain("青禾 QINGHE", held).score
        assert evidence == pytest.approx(
            sum(reason.score for reason in explain("青禾 QINGHE", held).reasons)
        )


def test_classes_weaken_goods() -> None:
    """What goods are called counts as a weak word in the class of these goods alone."""
    assert explain("沐云", "沐云电池", 9).reasons[0].rule == "weak word added"
    assert explain("沐云", "沐云电池").reasons[0].rule == "one sign within the other"
    assert explain("海澜电池", "晨谷电池", 9).score < 0.3


@pytest.mark.parametrize("held", ["", "  ", "®", "\u200b"])
def test_nothing_held(held: str) -> None:
    """A record without a sign is like none, and that is no error."""
    assert explain("云岭泉", held) == Likeness(0.0, ())
    assert Scorer(read_sign("云岭泉")).score(held) == 0.0
    assert filed_keys(held) == ()


def test_severity() -> None:
    """The steps of severity begin at the threshold of alerts."""
    assert weights.severity(1.0) == "identical"
    assert weights.severity(weights.VERY_NEAR) == "very near"
    assert weights.severity(weights.ALERT_THRESHOLD) == "near"
    assert weights.severity(weights.ALERT_THRESHOLD - 0.01) == ""


def ranked(asked: str, *held: str) -> list[str]:
    weight = dict(asked_keys(read_sign(asked)))
    sums = {text: sum(weight.get(key, 0.0) for key in filed_keys(text)) for text in held}
    return sorted(sums, key=lambda text: -sums[text])


def test_keys_rank_as_scores_do() -> None:
    """Nearer signs share more weight of keys: the sign, a look-alike, one character, none."""
    assert ranked("云岭泉", "沙海风", "云海风", "云岭溪", "云岭泉") == [
        "云岭泉",
        "云岭溪",
        "云海风",
        "沙海风",
    ]
    assert ranked("lumora", "veldino", "lumira", "lumora")[:2] == ["lumora", "lumira"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华锐", "HUARUI"),
        ("安吉尔", "ANGEL"),
        ("皇冠", "CROWN"),
        ("五六七", "567"),
        ("云岭泉", "泉岭云"),
        ("V0LTRA", "VOLTRA"),
        ("NOVA LUMEN", "LUMEN NOVA"),
        ("麦浪", "北京麦浪酒店"),
    ],
)
def test_keys_meet_across_scripts(one: str, other: str) -> None:
    """Signs that are alike by sound, meaning, order or look share a key, both ways."""
    for asked, held in ((one, other), (other, one)):
        assert {key for key, _ in asked_keys(read_sign(asked))} & set(filed_keys(held))
