"""How far a text shows the features of a claim: the measure, against one written anew."""

from __future__ import annotations

import re

import pytest

from ipsearch.analysis import Analyzer
from ipsearch.errors import QueryError
from ipsearch.novelty.claims import parse_claims
from ipsearch.rights.coverage import Charted, chart, evidence, prepare
from ipsearch.rights.product import MOST_CHARS, Words, check, passages_of

CLAIM = "一种保温杯，其特征在于，包括杯体；杯盖内设有温度传感器；杯体底部设有充电线圈。"
RARE = {"温度": 4.0, "传感器": 5.0, "充电": 6.0, "线圈": 7.0}


def idf(term: str) -> float:
    return RARE.get(term, 1.0)


def alone(term: str) -> frozenset[str]:
    return frozenset({term})


def charted(claim: str, text: str) -> Charted:
    words = Words(Analyzer().segmenter())
    (read,) = parse_claims([claim])
    (features,) = prepare([read], words, idf, alone)
    return chart(read, features, passages_of(text, words))


def test_each_feature_is_covered_by_its_best_passage() -> None:
    """Coverage is the share of a feature's words, by rareness, in the passage that has most."""
    words = Words(Analyzer().segmenter())
    text = "本品为保温杯，有杯体。\n" + "说明。" * 100 + "\n杯盖内有温度传感器。"
    found = charted(CLAIM, text)
    passages = passages_of(text, words)
    for feature, (coverage, _) in zip(found.claim.features, found.found, strict=True):
        own = set(words.of([feature.text])[0])
        whole = sum(map(idf, own))
        expected = max(
            sum(idf(term) for term in own & set(words.of([passage])[0])) / whole
            for passage in passages.texts
        )
        assert coverage == pytest.approx(expected)


def test_a_feature_that_is_nowhere_is_missing() -> None:
    """A claim is met by what has all its features: those that are not there are named."""
    found = charted(CLAIM, "一种保温杯，包括杯体，杯盖内设有温度传感器。")
    assert found.missing == ("1.d",)
    assert found.claim.features[3].text.startswith("杯体底部")
    assert found.score == pytest.approx((found.coverage + 3 / 4) / 2)
    assert found.score < charted(CLAIM, CLAIM).score


def test_the_claim_itself_is_covered_wholly() -> None:
    """A text that is the claim shows every feature of it."""
    found = charted(CLAIM, CLAIM)
    assert found.coverage == pytest.approx(1.0)
    assert found.missing == ()
    assert found.score == pytest.approx(1.0)


def test_a_text_with_none_of_the_words_covers_nothing() -> None:
    """Nothing is 0, with no passage, and no error."""
    found = charted(CLAIM, "completely different")
    assert found.coverage == 0.0
    matches = evidence(found, passages_of("completely different", Words(Analyzer().segmenter())))
    assert [match.text for match in matches] == [""] * len(matches)


def test_forms_of_a_word_count_as_the_word() -> None:
    """A feature with two forms of one word has it once, and either form shows it."""
    words = Words(Analyzer().segmenter())
    (claim,) = parse_claims(["A battery with batteries"])

    def stem(term: str) -> frozenset[str]:
        return frozenset({"battery", "batteries"}) if term.startswith("batter") else alone(term)

    (features,) = prepare([claim], words, idf, stem)
    assert len(features[0].weights) == 3
    shown = chart(claim, features, passages_of("Batteries.", words))
    assert shown.found[0][0] == pytest.approx(1 / 3)


def test_evidence_marks_the_words_in_the_text() -> None:
    """Spans lie in the passage shown and hold words of the feature."""
    text = "杯盖内设有温度传感器，可显示水温。"
    found = charted(CLAIM, text)
    match = evidence(found, passages_of(text, Words(Analyzer().segmenter())))[2]
    assert match.text == text
    assert "温度传感器" in {match.text[begin:end] for begin, end in match.spans} or any(
        "传感器" in match.text[begin:end] for begin, end in match.spans
    )


def test_passages_hold_all_of_the_text() -> None:
    """However many sentences there are, each stands in some passage."""
    sentences = [f"第{number}句话。" for number in range(12_000)]
    passages = passages_of("".join(sentences), Words(Analyzer().segmenter()))
    assert len(passages.texts) <= 5_000
    told = {int(n) for text in passages.texts for n in re.findall(r"第(\d+)句话", text)}
    assert told == set(range(12_000))


@pytest.mark.parametrize("text", ["", "  \n", "。。。！", "\ud800", "长" * (MOST_CHARS + 1)])
def test_a_text_of_no_use_is_refused(text: str) -> None:
    """Empty, without a word, half decoded or far too long: an error says which."""
    with pytest.raises(QueryError):
        check(text)
