"""Charts of features against documents: what is found without looking at all is what looking at all
finds."""

from __future__ import annotations

import random

import pytest

from ipsearch.analysis import SPACE, Analyzer, fold
from ipsearch.novelty.claims import Feature, parse_claim
from ipsearch.novelty.evidence import Chart, Charter, Match, best_pairs
from ipsearch.novelty.passages import make_documents
from ipsearch.novelty.synonyms import Synonyms

ANALYZER = Analyzer()
VOCABULARY = [
    *(
        "蓄电池",
        "电池",
        "池",
        "石墨烯",
        "石墨",
        "电极",
        "的",
        "anode",
        "anodes",
        "an",
        "3",
        "，",
        "蓄",
    ),
    *("界面膜", "sei", "膜"),
]
FORMS = {"anode": {"anode", "anodes"}, "anodes": {"anode", "anodes"}}


def rareness(term: str) -> float:
    """Some weight for a word, the same for its forms."""
    return 1.0 + len(min(FORMS.get(term, {term}))) / 7


def charter(claim: str, synonyms: Synonyms) -> Charter:
    def forms(term: str) -> set[str]:
        return FORMS.get(term, {term})

    features = parse_claim(claim).features
    return Charter(features, ANALYZER.segmenter(), rareness, forms, synonyms)


def looking_at_all(feature: Feature, paragraphs: list[str]) -> tuple[float, int]:
    """Cut every passage into terms; give the best share of a feature's words and its place."""
    segmenter = ANALYZER.segmenter()

    def words(text: str) -> set[str]:
        terms = {term.text for term in segmenter.terms(fold(text))} - {",", SPACE}
        return {min(FORMS.get(term, {term})) for term in terms}

    wanted = words(feature.text)
    total = sum(map(rareness, wanted))
    shares = [sum(map(rareness, wanted & words(text))) / total for text in paragraphs]
    best = max(shares, default=0.0)
    return best, next((at for at, share in enumerate(shares) if share > best - 1e-9), -1)


def test_charts_are_those_of_looking_at_all_passages() -> None:
    """For each feature the first of the passages that have most of its words is given, and how
    much; words within words are no terms and do not count."""
    pick = random.Random(7)

    def text(words: int) -> str:
        return " ".join(pick.choices(VOCABULARY, k=words)).replace(" ", pick.choice(["", " "]))

    charted = 0
    for _ in range(150):
        claim = "；".join(text(pick.randint(1, 6)) + "电" for _ in range(pick.randint(1, 4)))
        paragraphs = [text(pick.randint(1, 9)) for _ in range(pick.randint(0, 8))]
        made = charter(claim, Synonyms())
        row = {"description": [{"label": None, "text": paragraph} for paragraph in paragraphs]}
        chart = made.chart(*make_documents([row]))
        for feature, match in zip(parse_claim(claim).features, chart.matches, strict=True):
            share, place = looking_at_all(feature, paragraphs)
            assert match.coverage == pytest.approx(share)
            assert match.label == feature.label
            if share:
                charted += 1
                assert match.place == f"[{place + 1:04d}]"
                assert match.text == paragraphs[place]
                for begin, end in match.spans:
                    assert 0 <= begin < end <= len(match.text)
    assert charted > 200


def test_synonyms_of_several_words_cover() -> None:
    """A synonym stands for all the words of what it means, wherever it stands."""
    made = charter("形成固体电解质界面膜", Synonyms.read(["SEI膜 = 固体电解质界面膜"]))
    row = {"abstracts": [{"text": "形成了SEI膜"}]}
    (match,) = made.chart(*make_documents([row])).matches
    assert match.coverage == pytest.approx(1.0)
    assert "SEI膜" in "".join(match.text[begin:end] for begin, end in match.spans)


def test_pairs_are_better_than_each_alone() -> None:
    """Two documents make a pair if together they cover more; those that show less than half do
    not."""

    def chart(*coverages: float) -> Chart:
        return Chart(tuple(Match("", c, "", "", "", ()) for c in coverages))

    charts = {"a": chart(1.0, 0.0), "b": chart(0.0, 0.8), "c": chart(0.1, 0.2), "d": chart(1.0, 0)}
    pairs = best_pairs(charts)
    assert [pair.ids for pair in pairs] == [("a", "b"), ("b", "d"), ("a", "c"), ("c", "d")]
    assert pairs[0].coverage == pytest.approx(0.9)
    assert best_pairs({}) == best_pairs({"a": chart()}) == []
