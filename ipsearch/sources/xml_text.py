"""The readable text of an XML element: lines for blocks, one space for white space, math in a row.

Elements are known by their local names, so that one table serves every office's schema.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from lxml import etree

from ipsearch.sources.base import Notes
from ipsearch.sources.math_rows import math_row

_LINE = "\x1f"  # cannot stand in XML: our mark for "a new line begins here"
_SEPARATORS = {
    **dict.fromkeys(("claim-text", "ClaimText", "p", "Paragraphs", "heading", "Heading"), _LINE),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd", "br", "Br", "pre"), _LINE),
    **dict.fromkeys(
        ("table", "tgroup", "row", "tr", "title", "abst-problem", "abst-solution"), _LINE
    ),
    **dict.fromkeys(("entry", "td", "th"), " "),
}
_SPACE_BEFORE_BREAK = re.compile(r"[ \t\r]+\n")
# What is looked for begins with the break itself: any other pattern is tried at every letter.
_NOT_ASCII_BREAK = re.compile(r"\n(?<=[^\x00-\x7f]\n)\s*(?=[^\x00-\x7f])")
_FORMULAS = frozenset({"math", "MathText"})
_FORMULA_TAGS = tuple("{*}" + name for name in sorted(_FORMULAS))


@lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


def text_of(element: etree._Element) -> str:
    """All text in `element`, in order; "" if there is none.

    Blocks (paragraphs, list items, rows) stand on lines of their own. A line break in the source
    is a space, but nothing between two Chinese characters, which are not parted by spaces.
    """
    if len(element) == 0:
        text = element.text
        return _tidy(text) if text else ""
    parts: list[str] = []
    _gather(element, parts)
    return _tidy("".join(parts))


def _gather(element: etree._Element, parts: list[str]) -> None:
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            separator, is_formula = _treatment(tag)
            if separator:
                parts.append(separator)
            if is_formula:
                parts.append(_row_of(child))
            elif len(child):
                _gather(child, parts)
            elif text := child.text:
                parts.append(text)
            if separator:
                parts.append(separator)
        elif tag is etree.Entity:
            parts.append(child.text or "")
        if text := child.tail:
            parts.append(text)


@lru_cache(maxsize=4096)
def _treatment(tag: str) -> tuple[str, bool]:
    """What parts an element of this tag from its surroundings, and whether it is a formula."""
    name = local_name(tag)
    return _SEPARATORS.get(name, ""), name in _FORMULAS


def write_formulas(element: etree._Element) -> None:
    """Put rows of text in the place of the formulas inside of `element`, in the tree."""
    for formula in reversed(list(element.iter(*_FORMULA_TAGS))):  # the innermost first
        row = _row_of(formula)
        if len(formula):
            del formula[:]
        formula.text = row


def _row_of(formula: etree._Element) -> str:
    if local_name(formula.tag) == "math":
        return math_row(etree.tostring(formula, encoding="unicode", with_tail=False))
    quoted = (formula.text or "").strip()  # in a CDATA section, with named characters of its own
    return math_row(quoted) if "<math" in quoted else text_of(formula)


def _tidy(text: str) -> str:
    # Nothing parts the words of most texts but single spaces: they need no cutting into words.
    if "  " not in text and (_has_no_break(text) if text.isascii() else text.isprintable()):
        return text.strip(" ")  # no other white space is printable
    if "\n" in text and not text.isascii():
        if " \n" in text or "\t\n" in text or "\r\n" in text:
            text = _SPACE_BEFORE_BREAK.sub("\n", text)
        text = _NOT_ASCII_BREAK.sub("", text)
    if _LINE not in text:
        return " ".join(text.split())
    # split() would take our own mark for white space: cut at it first
    lines = (" ".join(line.split()) for line in text.split(_LINE))
    return "\n".join(line for line in lines if line)


def _has_no_break(ascii_text: str) -> bool:
    """Whether it has none of the white space that XML allows, but for plain spaces."""
    found = "\n" in ascii_text or "\t" in ascii_text or "\r" in ascii_text
    return not found and _LINE not in ascii_text


def strip_number(text: str, label: str | None) -> str:
    """Take the printed number off the beginning of a claim whose `label` it repeats.

    >>> strip_number("1. A battery.", "1")
    'A battery.'
    """
    if not label or not text.startswith(label):
        return text
    rest = text[len(label) :].lstrip()
    if rest[:1] not in (".", "．", "、", ",", "，", ":", "：", ")") or rest[1:2].isdigit():
        return text
    return rest[1:].lstrip()


def printed_number(text: str | None) -> str | None:
    """`00012` is printed as `12`; None for nothing and for zeros."""
    return (text or "").strip().lstrip("0") or None


def read_date(text: str | None, notes: Notes, what: str) -> date | None:
    """Read `YYYYMMDD`. None, and a note where something stood, for what is not a whole date.

    A date without month or day (`19870000`) is unknown: nobody knows which day to say.
    """
    digits = (text or "").strip().replace("-", "")
    if not digits.strip("0"):
        return None
    try:
        return date.fromisoformat(digits)
    except ValueError:
        partial = len(digits) == 8 and digits.isdigit() and digits.endswith("00")
        notes.warn(f"{what}: a date without month or day" if partial else f"{what}: not a date")
        return None
