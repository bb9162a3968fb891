"""Every rule by which goods are judged, its score and why: one table.

The Chinese office judges goods by its table of similar groups; the rules are those that the table
and its notes state. A score says how far the goods stand in the way: 1 is the same, 0 is of no
concern. What a record or a question leaves open scores between what it may turn out to be.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

GoodsRule = Literal[
    "same_goods",
    "same_part",
    "same_group",
    "first_paragraph",
    "part_unknown",
    "similar_by_note",
    "searched_by_edition",
    "by_function",
    "similar_by_note_some",
    "whole_class",
    "class_only",
    "class_unknown",
    "not_asked",
    "searched_by_edition_some",
    "paragraph_unknown",
    "same_class",
    "class_related",
    "parts_not_similar",
    "goods_not_similar",
    "different",
]


class Weight(NamedTuple):
    """What a rule counts for, and why, in English and in Chinese."""

    score: float  # 0..1
    reason: str
    reason_zh: str


WEIGHTS: dict[GoodsRule, Weight] = {
    "same_goods": Weight(
        1.0,
        "both cover goods of the same name in one class",
        "同一类别中有同名商品或服务",
    ),
    "same_part": Weight(
        1.0,
        "the goods of one part of a group are similar to each other",
        "同一类似群的同一部分",
    ),
    "same_group": Weight(
        1.0,
        "a group without parts: its goods are similar to each other",
        "同一类似群（不分部分）",
    ),
    "not_asked": Weight(
        1.0,
        "no goods are asked for: every mark counts",
        "未限定商品或服务",
    ),
    "first_paragraph": Weight(
        0.9,
        "the note: what stands before the parts is similar to all",
        "该类似群第一自然段与各部分均类似",
    ),
    "similar_by_note": Weight(
        0.9,
        "a note calls these goods of two groups or parts similar",
        "区分表注释：两处商品或服务类似",
    ),
    "part_unknown": Weight(
        0.8,
        "one side names the group without the part: the whole group, as the office searches it",
        "同一类似群，部分不详，按整个类似群计",
    ),
    "searched_by_edition": Weight(
        0.8,
        "a note: searched together with marks filed under that edition, as this one was",
        "区分表注释：与该版本及以前的商标交叉检索",
    ),
    "by_function": Weight(
        0.7,
        "the note leaves it to function and use which goods of the part are similar",
        "区分表注释：根据功能、用途确定是否类似",
    ),
    "similar_by_note_some": Weight(
        0.5,
        "a note calls some goods similar; whether these are among them is not known",
        "区分表注释：两处有部分商品或服务类似，是否在内不详",
    ),
    "whole_class": Weight(
        1.0,
        "the class is asked for as a whole: whatever a mark holds in it counts",
        "查询整个类别",
    ),
    "class_only": Weight(
        0.5,
        "a side names the class, and no groups or goods of the table",
        "同一类别，类似群不详",
    ),
    "class_unknown": Weight(
        0.5,
        "the record names no class: kept, as nothing speaks against it",
        "记录未载类别，予以保留",
    ),
    "paragraph_unknown": Weight(
        0.5,
        "paragraphs or goods here are not similar to each other; which is meant is not known",
        "该处各自然段或各商品之间互不类似，具体商品不详",
    ),
    "searched_by_edition_some": Weight(
        0.4,
        "as `searched_by_edition`, but edition or goods of the record are not known",
        "区分表注释：与早期版本交叉检索，该商标的版本或商品不详",
    ),
    "same_class": Weight(
        0.2,
        "other groups of the same class, which no note connects",
        "同一类别，其他类似群",
    ),
    "class_related": Weight(
        0.2,
        "another class without known groups, of which some goods are similar by a note",
        "另一类别，类似群不详，其中有与之类似的商品或服务",
    ),
    "parts_not_similar": Weight(
        0.1,
        "the note: the parts of the group are not similar",
        "区分表注释：该类似群各部分之间不类似",
    ),
    "goods_not_similar": Weight(
        0.1,
        "the note: the goods or paragraphs here are not similar to each other",
        "区分表注释：该处各商品或各自然段之间互不类似",
    ),
    "different": Weight(
        0.0,
        "other classes, which no note connects",
        "不同类别，无交叉检索",
    ),
}
"""Under `part_unknown` both sides name one group, so it stays above all that is only possible."""

SIMILAR_FROM = 0.4
"""From this score on goods are, or may be, similar; what is below is stated or known to differ."""
