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
    """What a rule counts for, and why."""

    score: float  # 0..1
    reason: str


WEIGHTS: dict[GoodsRule, Weight] = {
    "same_goods": Weight(1.0, "both cover goods of the same name in one class"),
    "same_part": Weight(1.0, "the goods of one part of a group are similar to each other"),
    "same_group": Weight(1.0, "a group without parts: its goods are similar to each other"),
    "not_asked": Weight(1.0, "no goods are asked for: every mark counts"),
    "first_paragraph": Weight(0.9, "the note: what stands before the parts is similar to all"),
    "similar_by_note": Weight(0.9, "a note calls these goods of two groups or parts similar"),
    "part_unknown": Weight(
        0.8, "one side names the group without the part: the whole group, as the office searches it"
    ),
    "searched_by_edition": Weight(
        0.8, "a note: searched together with marks filed under that edition, as this one was"
    ),
    "by_function": Weight(
        0.7, "the note leaves it to function and use which goods of the part are similar"
    ),
    "similar_by_note_some": Weight(
        0.5, "a note calls some goods similar; whether these are among them is not known"
    ),
    "class_only": Weight(0.5, "one side names the class without groups or goods of the table"),
    "class_unknown": Weight(0.5, "the record names no class: kept, as nothing speaks against it"),
    "paragraph_unknown": Weight(
        0.5, "paragraphs or goods here are not similar to each other; which is meant is not known"
    ),
    "searched_by_edition_some": Weight(
        0.4, "as `searched_by_edition`, but edition or goods of the record are not known"
    ),
    "same_class": Weight(0.2, "other groups of the same class, which no note connects"),
    "class_related": Weight(
        0.2, "another class without known groups, of which some goods are similar by a note"
    ),
    "parts_not_similar": Weight(0.1, "the note: the parts of the group are not similar"),
    "goods_not_similar": Weight(
        0.1, "the note: the goods or paragraphs here are not similar to each other"
    ),
    "different": Weight(0.0, "other classes, which no note connects"),
}
"""Under `part_unknown` both sides name one group, so it stays above all that is only possible."""

SIMILAR_FROM = 0.4
"""From this score on goods are, or may be, similar; what is below is stated or known to differ."""
