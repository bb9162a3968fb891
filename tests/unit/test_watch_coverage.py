"""How far documents cover watched claims: by sums over lists, and one by one."""

from __future__ import annotations

import random

from ipsearch.analysis import Analyzer
from ipsearch.novelty import Feature, parse_claims
from ipsearch.novelty.evidence import Charter
from ipsearch.novelty.passages import make_documents
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.watch.coverage import CoverageTask, Shape, covered

ANALYZER = Analyzer()
WORDS = [
    *("石墨烯", "正极", "集流体", "磷酸铁锂", "颗粒", "薄片", "厚度", "机器人", "控制", "传感器"),
    *("电池", "壳体", "battery", "anode", "layers", "layer", "传送带", "茶叶", "温度", "压力"),
]
FORMS = {"layer": {"layer", "layers"}, "layers": {"layer", "layers"}}


def rareness(term: str) -> float:
    """Some weight for a word, the same for its forms."""
    return 0.5 + len(min(FORMS.get(term, {term}))) % 5 + ord(min(FORMS.get(term, {term}))[0]) % 3


def sentence(pick: random.Random, least: int, most: int) -> str:
    return "，".join("和".join(pick.choices(WORDS, k=2)) for _ in range(pick.randint(least, most)))


def make_shape(features: tuple[Feature, ...], words: dict[str, int]) -> Shape:
    segmenter = ANALYZER.segmenter()
    weighed = []
    for feature in features:
        terms = {t.text for t in segmenter.terms(feature.text) if t.text.isalnum()}
        numbers = {}
        for term in terms:
            forms = FORMS.get(term, {term})
            number = words.setdefault(min(forms), len(words))
            words.update(dict.fromkeys(forms, number))
            numbers[number] = rareness(term)
        total = sum(numbers.values()) or 1.0
        weighed.append({number: weight / total for number, weight in numbers.items()})
    return Shape(tuple(weighed))


def test_all_pairs_are_as_the_chart_has_them() -> None:
    """Holding all claims against all documents finds the pairs, and the coverage, that charting
    each pair finds: nothing is lost by the bound, and the measure is the same."""
    pick = random.Random(3)
    claims = [
        parse_claims(
            [f"1. 一种装置，其特征在于，包括{sentence(pick, 2, 4)}；{sentence(pick, 2, 4)}。"]
        )
        for _ in range(30)
    ]
    features = [parsed[0].features for parsed in claims]
    documents = [tuple(sentence(pick, 1, 6) for _ in range(pick.randint(0, 4))) for _ in range(60)]
    words: dict[str, int] = {}
    shapes = tuple((n, 0.4, make_shape(each, words)) for n, each in enumerate(features))
    task = CoverageTask(shapes, words, tuple(documents), ANALYZER)
    found = {(hit.watch, hit.document): hit.coverage for hit in covered(task)}
    expected = {}
    for number, each in enumerate(features):
        charter = Charter(
            each,
            ANALYZER.segmenter(),
            rareness,
            lambda term: frozenset(FORMS.get(term, {term})),
            Synonyms(),
        )
        for place, document in enumerate(documents):
            row = {"claims": [{"text": text, "label": None} for text in document]}
            coverage = charter.chart(*make_documents([row])).coverage
            if coverage >= 0.4:
                expected[number, place] = coverage
    assert len(expected) > 20
    assert found.keys() == expected.keys()
    assert all(abs(found[pair] - expected[pair]) < 1e-9 for pair in found)


def test_no_documents_and_no_words() -> None:
    """Nothing to look at, or nothing to look for, gives nothing."""
    shape = Shape(({0: 1.0},))
    assert covered(CoverageTask(((1, 0.5, shape),), {"电池": 0}, (), ANALYZER)) == []
    assert covered(CoverageTask(((1, 0.5, shape),), {"电池": 0}, ((), ("",)), ANALYZER)) == []
    assert covered(CoverageTask((), {}, (("电池",),), ANALYZER)) == []
    only = covered(CoverageTask(((1, 0.5, shape),), {"电池": 0}, (("", "电池组"), ()), ANALYZER))
    assert only == [] or only[0].document == 0
