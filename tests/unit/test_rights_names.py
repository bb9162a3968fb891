"""Names in a description of a product: which are found, why, and what is none."""

from __future__ import annotations

import pytest

from ipsearch.analysis import Analyzer
from ipsearch.rights.names import names_in


@pytest.fixture(scope="module")
def segmenter():
    """Jieba with its own dictionary."""
    return Analyzer().segmenter()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("一种格沃尔牌智能水杯，内设有一腔体", [("格沃尔", "branded")]),
        ("采用格沃尔品牌的杯盖", [("格沃尔", "branded")]),
        ("本产品的商标为清沫，用于牙刷", [("清沫", "branded")]),
        ("品牌名称：Acme Turbo，型号 A7", [("Acme Turbo", "branded")]),
        ("本产品为“清沫”牙刷", [("清沫", "quoted")]),
        ("a pump that uses Qorvix® oil", [("Qorvix", "marked")]),
        ("The Acme Turbo™ pump", [("Acme Turbo", "marked")]),
        ("It is sold under the brand PureQlow in shops", [("PureQlow", "branded")]),
        ("our Zelnik-branded valves", [("Zelnik", "branded")]),
        ("配有Zelnik阀门", [("Zelnik", "capitals")]),
        ("with an Acme Turbo Filter inside", [("Acme Turbo Filter", "capitals")]),
        ("格沃尔智能水杯", [("格沃尔", "unknown word")]),
    ],
)
def test_a_name_is_found_and_says_why(
    text: str, names: list[tuple[str, str]], segmenter: object
) -> None:
    """Marked, branded, quoted, capitalised or unknown: each is a name for its own reason."""
    found = [tuple(name) for name in names_in(text, segmenter)]  # type: ignore[arg-type]
    assert found == names


@pytest.mark.parametrize(
    "text",
    [
        "一种保温杯，包括杯体和杯盖，杯盖与杯体通过卡扣连接。",
        "采用知名品牌的电机，设有门牌、铭牌和指示牌",
        "配有LED灯、USB接口和LCD显示屏，容量为5000mAh",
        "型号为XR-7，长度为20cm",
        "The bottle has a lid. Water stays warm. Each lid is round.",
        "a transport control protocol (TCP) and TCP servers",
        "他说：“杯盖，应当拧紧。”",
        "12345",
        "",
    ],
)
def test_what_is_ordinary_is_no_name(text: str, segmenter: object) -> None:
    """Dictionary words, units, abbreviations, models and beginnings of sentences name nothing."""
    assert names_in(text, segmenter) == []  # type: ignore[arg-type]


def test_a_name_is_given_once_for_its_best_reason(segmenter: object) -> None:
    """However often and however written it stands, it is one name."""
    text = "Qorvix pumps and QORVIX® oil, “Qorvix” again"
    assert [tuple(n) for n in names_in(text, segmenter)] == [  # type: ignore[arg-type]
        ("QORVIX", "marked")
    ]


def test_a_part_of_a_name_is_no_further_one(segmenter: object) -> None:
    """Characters that the dictionary does not know are looked up with the name they are in."""
    found = names_in("大格沃尔牌水杯", segmenter)  # type: ignore[arg-type]
    assert [name.text for name in found] == ["大格沃尔"]


def test_a_word_that_begins_a_sentence_is_a_name_if_it_is_one_elsewhere(segmenter: object) -> None:
    """`Zelnik makes ...` alone says nothing; `... by Zelnik` does."""
    assert names_in("Zelnik makes valves.", segmenter) == []  # type: ignore[arg-type]
    found = names_in("Zelnik makes valves. They are by Zelnik.", segmenter)  # type: ignore[arg-type]
    assert [name.text for name in found] == ["Zelnik"]


@pytest.mark.parametrize(
    "piece", ["A", "A ", "A-", "(A", "牌", "“", "品牌为", "A®", "三", "acme's "]
)
def test_time_grows_with_the_text_alone(piece: str, segmenter: object) -> None:
    """No pattern takes long over a text made to be hard: it ends, and finds few names."""
    assert len(names_in(piece * (20_000 // len(piece)), segmenter)) <= 2  # type: ignore[arg-type]
