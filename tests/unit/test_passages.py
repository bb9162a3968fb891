from __future__ import annotations

import pytest

from ipsearch.sources.passages import guess_language, split_claims, split_paragraphs


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("锂离子电池", "zh"),
        ("一种 LED 灯", "zh"),
        ("Lithium ion battery", "en"),
        ("リチウムイオン電池", "ja"),
        ("리튬 이온 전지", "ko"),
        ("123", None),
    ],
)
def test_the_script_tells_the_language(text: str, language: str | None) -> None:
    """Han is Chinese unless kana stand in it, Latin alone is English."""
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "1.一种电池。\n2.根据权利要求1所述的电池。\n3.一种车辆。",
        "1、一种电池。2、根据权利要求1所述的电池。3、一种车辆。",
        "1. 一种电池。\n\n 2 . 根据权利要求1所述的电池。\n3．一种车辆。",
    ],
)
def test_claims_are_split_at_their_numbers(text: str) -> None:
    """Lines and inline numbering give the same claims with their labels."""
    claims = split_claims(text)
    assert [(claim["label"], claim["text"]) for claim in claims] == [
        ("1", "一种电池。"),
        ("2", "根据权利要求1所述的电池。"),
        ("3", "一种车辆。"),
    ]
    assert {claim["language"] for claim in claims} == {"zh"}


def test_a_list_inside_a_claim_stays_in_it() -> None:
    """Only the next number in order begins a claim."""
    text = (
        "What is claimed is:\n 1. A method of:\n 5. mixing at 2.5 bar\n 2. The method of claim 1."
    )
    assert [claim["text"] for claim in split_claims(text)] == [
        "A method of: 5. mixing at 2.5 bar",
        "The method of claim 1.",
    ]


def test_a_claim_without_number_is_kept_whole() -> None:
    """A design's single claim has no number: it is one passage without a label."""
    (claim,) = split_claims("The ornamental design for a drone, as shown.")
    assert claim["label"] is None
    assert claim["text"].startswith("The ornamental design")
    assert split_claims("  ") == []


def test_paragraphs_carry_their_labels() -> None:
    """Labels before a paragraph, on a line of their own, or without line breaks are kept."""
    lines = split_paragraphs("技术领域\n[0001] 本发明涉及电池。\n[0002]\n背景如下。")
    assert [(line["label"], line["text"]) for line in lines] == [
        (None, "技术领域"),
        ("0001", "本发明涉及电池。"),
        ("0002", "背景如下。"),
    ]
    glued = split_paragraphs("【0001】甲。【0002】乙。")
    assert [(line["label"], line["text"]) for line in glued] == [("0001", "甲。"), ("0002", "乙。")]
