"""Formulas in MathML -> one row of text: `(a+b)/(c)`, `x_i^2`, `√(n)`.

A formula is read from its markup, tag by tag, for a document may have thousands: building a tree
of each of them would cost more than all the rest of the document. What is not plain tags and text
goes through the XML parser first, which writes it as such.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache, partial

from lxml import etree

# A token is taken whole, for half of a formula's tags are theirs; else one tag after the other.
_TOKEN_OR_TAG = re.compile(r"<(?:m[ino]>([^<]*)</m[ino]>|([^<>]+)>)")
_NAME = r"[A-Za-z_][\w.:-]*"
_START_TAG = re.compile(rf"({_NAME})((?:\s+{_NAME}\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*/?")
_ATTRIBUTE = re.compile(rf"({_NAME})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")
_MARKUP = frozenset("<>&")  # what may not stand as itself
_DEPTH_MAX = 256  # as the XML parser has it

_Layout = Callable[[list[str]], str]


class _NotPlain(ValueError):
    """The markup has more than tags and text, or is broken."""


def math_row(markup: str) -> str:
    """The row of one formula, given as markup from `<math` to `</math>`.

    What is no XML at all is given without its tags.
    """
    try:
        return _read(markup)
    except _NotPlain:
        pass
    try:
        root = etree.fromstring('<!DOCTYPE math SYSTEM "none">' + markup, _parser())
        return _read(etree.tostring(root, encoding="unicode", with_tail=False))
    except (etree.XMLSyntaxError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", "", markup))


def _read(markup: str) -> str:
    """Go through tags and texts; what was read of the open elements lies on one stack."""
    if "&" in markup:
        markup = _REFERENCE.sub(lambda reference: _character(reference[0]), markup)
    pieces = iter(_TOKEN_OR_TAG.split(markup))
    rows = [text] if (text := next(pieces).strip()) else []
    opened: list[tuple[str, _Layout | None, int]] = []  # end tag, layout, how many rows lay there
    for token, tag, text in zip(pieces, pieces, pieces, strict=True):
        if token is not None:
            rows.append(token.strip())
        elif tag[0] == "/":
            end_tag, lay_out, first = opened.pop() if opened else ("", None, 0)
            if tag != end_tag or len(opened) > _DEPTH_MAX:
                raise _NotPlain(tag)
            if lay_out is not None:
                rows[first:] = (lay_out(rows[first:]),)
            elif len(rows) != first + 1:
                rows[first:] = ("".join(rows[first:]),)
        else:
            end_tag, lay_out = _element_of(tag)
            if tag[-1] == "/":
                rows.append(lay_out([]) if lay_out is not None else "")
            else:
                opened.append((end_tag, lay_out, len(rows)))
        if text and not text.isspace():
            rows.append(text.strip())
    if opened or len(rows) != 1:
        raise _NotPlain(markup)
    return html.unescape(rows[0]) if "&" in rows[0] else rows[0]


@lru_cache(maxsize=1024)
def _element_of(start_tag: str) -> tuple[str, _Layout | None]:
    """The end tag that belongs to a start tag, and what makes one row of the element's parts."""
    match = _START_TAG.fullmatch(start_tag)
    if match is None:
        raise _NotPlain(start_tag)
    name = match[1].rpartition(":")[2]
    lay_out = _LAYOUTS.get(name)
    if name == "mfenced":
        told = {key: one or two for key, one, two in _ATTRIBUTE.findall(match[2])}
        separator = told.get("separators", ",").strip()[:1]
        lay_out = partial(_fenced, told.get("open", "("), separator, told.get("close", ")"))
    return f"/{match[1]}", lay_out


def _pair(first: str, between: str, last: str, parts: list[str]) -> str:
    """Two parts and what stands around them; an element with fewer or more of them is broken."""
    if len(parts) != 2:
        return "".join(parts)
    return f"{first}{parts[0]}{between}{parts[1]}{last}"


def _base_and_limits(parts: list[str]) -> str:
    return f"{parts[0]}_{parts[1]}^{parts[2]}" if len(parts) == 3 else "".join(parts)


def _fenced(left: str, separator: str, right: str, parts: list[str]) -> str:
    return left + separator.join(parts) + right


def _joined(joint: str, parts: list[str]) -> str:
    return joint.join(part for part in parts if part)


def _root(parts: list[str]) -> str:
    return f"{parts[1]}√({parts[0]})" if len(parts) == 2 else "".join(parts)


_LAYOUTS: dict[str, _Layout] = {
    "mfrac": partial(_pair, "(", ")/(", ")"),
    "msub": partial(_pair, "", "_", ""),
    "munder": partial(_pair, "", "_", ""),
    "msup": partial(_pair, "", "^", ""),
    "msubsup": _base_and_limits,
    "munderover": _base_and_limits,
    "mroot": _root,
    "msqrt": lambda parts: f"√({''.join(parts)})",
    "mtable": partial(_joined, "; "),
    "mtr": partial(_joined, " "),
}


@lru_cache(maxsize=1024)
def _character(reference: str) -> str:
    character = html.unescape(reference)
    return reference if character in _MARKUP else character


@lru_cache(maxsize=1)
def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
