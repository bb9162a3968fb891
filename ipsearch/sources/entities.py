"""Named characters, `&lgr;` in SGML-born files, `.degree.` in the Green Book -> the characters.

No document's own declarations are ever read: the table is ours (`data/entities.tsv`). A name that
it does not have stays as it was written, and is counted.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from ipsearch.sources.base import Notes

UNKNOWN = "unknown character name kept as it is"

_REFERENCE = re.compile(rb"&([A-Za-z][A-Za-z0-9.]*);")
_REFERENCE_OR_CDATA = re.compile(_REFERENCE.pattern + rb"|<!\[CDATA\[(?s:.)*?\]\]>")
_LOOKS_NAMED = re.compile(r"[A-Za-z][A-Za-z-]{2,17}")


@cache
def _table() -> dict[str, str]:
    text = resources.files("ipsearch.data").joinpath("entities.tsv").read_text("ascii")
    table = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, points = line.partition("\t")
            table[name] = "".join(chr(int(point, 16)) for point in points.split())
    return table


@cache
def _references() -> dict[bytes, bytes]:
    """`lgr` -> `&#955;`, which any XML parser reads, whatever the encoding."""
    return {
        name[1:-1].encode("ascii"): "".join(f"&#{ord(c)};" for c in text).encode("ascii")
        for name, text in _table().items()
        if name.startswith("&")
    }


@cache
def _dotted() -> dict[str, str]:
    return {name[1:-1]: text for name, text in _table().items() if name.startswith(".")}


def character(name: str) -> str | None:
    """Return what `&name;` stands for; None if nobody knows, or if XML itself says it.

    >>> character("lgr"), character("b.alpha"), character("nosuch")
    ('λ', '𝛂', None)
    """
    return _table().get(f"&{name};")


def resolve_names(content: bytes) -> bytes:
    """Write the named characters of an XML or SGML text as numeric references.

    XML's own five, unknown names, and what stands in CDATA sections are left as they are.

    >>> resolve_names(b"10 &mgr;m &lt; &nosuch; <![CDATA[&mgr;]]>")
    b'10 &#956;m &lt; &nosuch; <![CDATA[&mgr;]]>'
    """
    known = _references()

    def replace(match: re.Match[bytes]) -> bytes:
        return known.get(match[1], match[0]) if match[1] else match[0]

    pattern = _REFERENCE_OR_CDATA if b"<![CDATA[" in content else _REFERENCE  # three times as fast
    return pattern.sub(replace, content)


def resolve_dots(text: str, notes: Notes) -> str:
    """Put the characters for names between full stops, as the Green Book writes them.

    The marks of lower and higher setting (`.sub.`, `.sup.`) are left out, as those of XML are.
    What looks like a name, does not follow a letter and is unknown is counted in `notes`.

    >>> resolve_dots("10.mu.m, 30.degree. C., X.sub..alpha.", Notes())
    '10μm, 30° C., Xα'
    """
    pieces = text.split(".")
    if len(pieces) < 3:
        return text
    known = _dotted()
    made = [pieces[0]]
    last = len(pieces) - 1
    position = 1
    while position < last:
        name = pieces[position]
        found = known.get(name)
        if found is not None:
            made += (found, pieces[position + 1])
            position += 2
            continue
        if not pieces[position - 1][-1:].isalpha() and _LOOKS_NAMED.fullmatch(name):
            notes.warn(f"{UNKNOWN}: .{name}.")
        made += (".", name)
        position += 1
    if position == last:
        made += (".", pieces[last])
    return "".join(made)
