"""The readable text of an XML element: lines for blocks, one space for white space, math in a row.

Elements are known by their local names, so that one table serves every office's schema.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from lxml import etree

from ipsearch.sources.base import Notes

_LINE = "\x1f"  # cannot stand in XML: our mark for "a new line begins here"
_SEPARATORS = {
    **dict.fromkeys(("claim-text", "ClaimText", "p", "Paragraphs", "heading", "Heading"), _LINE),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd", "br", "Br", "pre"), _LINE),
    **dict.fromkeys(
        ("table", "tgroup", "row", "tr", "title", "abst-problem", "abst-solution"), _LINE
    ),
    **dict.fromkeys(("entry", "td", "th"), " "),
}
_NOT_ASCII_BREAK = re.compile(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])")


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
        return _tidy(element.text or "")
    parts: list[str] = []
    _gather(element, parts)
    return _tidy("".join(parts))


def _gather(element: etree._Element, parts: list[str]) -> None:
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            separator, reader = _treatment(tag)
            if separator:
                parts.append(separator)
            if reader is not None:
                parts.append(reader(child))
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
def _treatment(tag: str) -> tuple[str, Callable[[etree._Element], str] | None]:
    """What parts an element of this tag from its surroundings, and who reads it if not we."""
    name = local_name(tag)
    reader = {"math": math_text, "MathText": _quoted_math}.get(name)
    return _SEPARATORS.get(name, ""), reader


def _tidy(text: str) -> str:
    if "\n" in text and not text.isascii():
        text = _NOT_ASCII_BREAK.sub("", text)
    if _LINE not in text:
        return " ".join(text.split())
    # split() would take our own mark for white space: cut at it first
    lines = (" ".join(line.split()) for line in text.split(_LINE))
    return "\n".join(line for line in lines if line)


def math_text(element: etree._Element) -> str:
    """MathML in one row: `(a+b)/(c)`, `x_i^2`, `√(n)`."""
    tag = element.tag
    if not isinstance(tag, str):
        return html.unescape(element.text or "") if tag is etree.Entity else ""
    if len(element) == 0:
        return (element.text or "").strip()
    name = local_name(tag)
    if name in _MATH_TOKENS:  # with named characters inside
        tails = (math_text(child) + (child.tail or "") for child in element)
        return ((element.text or "") + "".join(tails)).strip()
    parts = []
    for child in element:
        if len(child) == 0 and isinstance(child.tag, str):  # most are: spare them the call
            parts.append((child.text or "").strip())
        else:
            parts.append(math_text(child))
    template = _MATH_FORMS.get((name, len(parts)))
    if template is not None:
        return template.format(*parts)
    if name == "mfenced":
        separators = element.get("separators", ",").strip()[:1]
        return element.get("open", "(") + separators.join(parts) + element.get("close", ")")
    if name == "msqrt":
        return f"√({''.join(parts)})"
    return (_MATH_JOINTS.get(name) or "").join(part for part in parts if part)


_MATH_FORMS = {
    ("mfrac", 2): "({})/({})",
    ("msub", 2): "{}_{}",
    ("munder", 2): "{}_{}",
    ("msup", 2): "{}^{}",
    ("mover", 2): "{}{}",
    ("msubsup", 3): "{}_{}^{}",
    ("munderover", 3): "{}_{}^{}",
    ("mroot", 2): "{1}√({0})",
}
_MATH_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_MATH_JOINTS = {"mtable": "; ", "mtr": " "}


def _quoted_math(element: etree._Element) -> str:
    """MathML that stands as text, in a CDATA section, with the named characters that it uses."""
    text = (element.text or "").strip()
    if "<math" not in text:
        return text_of(element)
    try:
        return math_text(etree.fromstring('<!DOCTYPE math SYSTEM "none">' + text, _math_parser()))
    except (etree.XMLSyntaxError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", "", text))


@lru_cache(maxsize=1)
def _math_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


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
