"""The running text of a document: headings and paragraphs of a description, out of its sections.

Thousands of elements in it only change the look of a word (`sub`, `figref`) or hold no text
(`img`). They are taken out of the tree in one go, before anything is read, so that nearly every
paragraph is one text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from ipsearch.records import Row
from ipsearch.sources.xml_text import (
    local_name,
    printed_number,
    strip_number,
    text_of,
    write_formulas,
)

_INLINE = frozenset(
    {
        *("b", "i", "u", "o", "sub", "sup", "sub2", "sup2", "smallcaps", "figref", "claim-ref"),
        *("crossref", "img", "chemistry", "thead", "tbody", "colspec", "math"),
        *("Sub", "Sup", "Underline", "Bold", "Italic", "Image", "MathDetails", "MathText"),
    }
)
_INLINE_TAGS = tuple("{*}" + name for name in sorted(_INLINE))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the descriptions of a format are laid out, by local names."""

    blocks: frozenset[str]  # headings and paragraphs: they are never sections
    sections: frozenset[str] | None = None  # None: whatever has a paragraph or heading inside

    def is_section(self, element: etree._Element, name: str) -> bool:
        if self.sections is not None:
            return name in self.sections
        if name in self.blocks:
            return False
        return next(element.iter(*self.tags), None) is not None

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple("{*}" + name for name in sorted(self.blocks))


def flatten(section: etree._Element) -> None:
    """Make plain text of all in `section` that parts no text, formulas too; `text_of` is as before.

    The tree is changed: do so where nothing else is read from it.
    """
    write_formulas(section)
    etree.strip_tags(section, *_INLINE_TAGS)


def blocks(section: etree._Element, layout: Layout) -> list[etree._Element]:
    """The headings and paragraphs of `section`, through the sections inside; `section` is flat."""
    found: list[etree._Element] = []
    _collect(section, layout, found)
    flatten(section)
    return found


def _collect(section: etree._Element, layout: Layout, found: list[etree._Element]) -> None:
    plain = list(section.iterchildren(*layout.tags))
    if len(plain) == len(section):  # nothing else is there, and no name needs asking for
        found += plain
        return
    for child in section:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        name = local_name(tag)
        if layout.is_section(child, name):
            _collect(child, layout, found)
            continue
        if name in _INLINE:
            child.tag = "p"  # it stands as a block by itself, and must stay one
        found.append(child)


def claims_of(claims: Iterable[etree._Element], language: str | None) -> list[Row]:
    """A `PASSAGE` of each claim that has any text, without the number that the text repeats."""
    passages: list[Row] = []
    for claim in claims:
        if text := text_of(claim):
            label = printed_number(claim.get("num"))
            text = strip_number(text, label)
            passages.append({"language": language, "label": label, "text": text})
    return passages


def passages_of(blocks: list[etree._Element], language: str | None) -> list[Row]:
    """A `PASSAGE` of each block that has any text; its label is its number, but for zeros."""
    passages: list[Row] = []
    for block in blocks:
        if text := text_of(block):
            label = block.get("num")
            label = label if label and label.strip("0") else None
            passages.append({"language": language, "label": label, "text": text})
    return passages
