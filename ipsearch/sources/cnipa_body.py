"""Claims, description and abstract of CNIPA's lower-case XML (ST.36), older documents and parts.

Lines are wrapped there as printed: a `<br/>` ends every line of a paragraph, mostly in the middle
of a sentence. Joined again, no word is torn in two.
"""

from __future__ import annotations

from lxml import etree

from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.cnipa_elements import elements_of, name_of
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten
from ipsearch.sources.xml_text import text_of

_SENTENCE_ENDS = "。；：！？;:!?"  # a line that ends so may be one of a list: it stays a line
_LANGUAGES = {"cn": "zh"}  # the country's code, where a language's is meant
_LAYOUT = Layout(blocks=frozenset({"p", "heading"}))


def plain_name(element: etree._Element) -> str:
    """The element's local name, without the `cn-` of national additions."""
    return name_of(element).removeprefix("cn-")


def language_of(element: etree._Element) -> str:
    """The language that the element says, ISO 639-1; Chinese if it says none."""
    told = (element.get("lang") or "zh").lower()[:2]
    return _LANGUAGES.get(told, told)


def unwrap_lines(root: etree._Element) -> None:
    """Take out the line breaks that only wrap a paragraph's lines."""
    for mark in list(root.iter("{*}br")):
        parent = mark.getparent()
        if parent is None:
            continue
        before = mark.getprevious()
        ahead = (parent.text if before is None else before.tail) or ""
        last = ahead.rstrip()[-1:] or _last_letter(before)
        behind = (mark.tail or "").lstrip()
        if not last or not behind or last in _SENTENCE_ENDS:
            continue
        # Words of letters are parted by the break; Chinese is not.
        joint = " " if last.isascii() and behind[0].isascii() else ""
        joined = ahead.rstrip() + joint + behind
        mark.tail = None
        parent.remove(mark)
        if before is None:
            parent.text = joined
        else:
            before.tail = joined


def _last_letter(element: etree._Element | None) -> str:
    """The last letter of an element before a line break: N<sub>2</sub><br/>."""
    if element is None or name_of(element) == "br":
        return ""
    return "".join(map(str, element.itertext())).rstrip()[-1:]


def read_claims(element: etree._Element, notes: Notes) -> list[Row]:
    """The claims in `element`, a passage each, without the numbers that their texts repeat."""
    claims = []
    for child in elements_of(element):
        if plain_name(child) == "claim":
            claims.append(child)
        else:
            note_unmapped(child, notes)
    flatten(element)
    return claims_of(claims, language_of(element))


def read_description(element: etree._Element) -> tuple[list[Row], list[Row]]:
    """The titles and the paragraphs in a description; headings are paragraphs without a label."""
    language = language_of(element)
    titles, passages = [], []
    for child in blocks(element, _LAYOUT):
        text = text_of(child)
        if not text:
            continue
        if plain_name(child) == "invention-title":
            titles.append({"language": language, "text": text})
            continue
        label = child.get("num") if plain_name(child) == "p" else None
        label = label if (label or "").strip("0") else None
        passages.append({"language": language, "label": label, "text": text})
    return titles, passages


def note_unmapped(element: etree._Element, notes: Notes) -> None:
    """Note an element that nothing is made of, if it has any content."""
    if any((text or "").strip() for text in element.itertext()):
        notes.unmapped.add(name_of(element))
