"""Named characters: the table, SGML references, names of the Green Book."""

from __future__ import annotations

import html.entities
import re
import unicodedata
from pathlib import Path

import pytest

from ipsearch.sources.base import Notes
from ipsearch.sources.entities import character, resolve_dots, resolve_names

DTD = Path(__file__).parents[2].parent / "shared/data/uspto_patent/dtd/html-entities.dtd"
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("deg", "°"), ("mdash", "—"), ("lgr", "λ"), ("Lgr", "Λ"), ("mgr", "μ"), ("phgr", "φ")],
        *[("PHgr", "Φ"), ("PSgr", "Ψ"), ("psgr", "ψ"), ("OHgr", "Ω"), ("ohgr", "ω"), ("EEgr", "Η")],
        *[("eegr", "η"), ("THgr", "Θ"), ("thgr", "θ"), ("KHgr", "Χ"), ("khgr", "χ"), ("sfgr", "ς")],
        *[("aacgr", "ά"), ("OHacgr", "Ώ"), ("idigr", "ϊ"), ("udiagr", "ΰ"), ("b.alpha", "𝛂")],
        *[("b.Omega", "𝛀"), ("b.thetav", "𝛝"), ("thetas", "θ"), ("rarr2", "⇉"), ("sbsol", "﹨")],
        *[("rsqb", "]"), ("emsp", "\u2003"), ("nvlt", "<\u20d2"), ("fflig", "ﬀ"), ("starf", "★")],
    ],
)
def test_character(name: str, expected: str) -> None:
    """A name stands for the character that ISO and HTML give it."""
    assert character(name) == expected


def test_greek_letters_are_all_there() -> None:
    """Every letter of the Greek alphabet has its name in ISOgrk1, small and capital."""
    letters = ("a b g d e z ee th i k l m n x o p r s t u", "ph kh ps oh")
    short = " ".join(letters).split()
    capitals = [name.upper() if len(name) > 1 else name.capitalize() for name in short]
    assert "".join(str(character(f"{name}gr")) for name in short) == "αβγδεζηθικλμνξοπρστυφχψω"
    assert "".join(str(character(f"{name}gr")) for name in capitals) == "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"


def test_bold_letters_fold_to_plain_ones() -> None:
    """A bold Greek letter is the plain one to whoever folds compatible characters."""
    for name, plain in (("b.alpha", "α"), ("b.Delta", "Δ"), ("b.phis", "φ"), ("b.Lambda", "Λ")):
        assert unicodedata.normalize("NFKC", character(name) or "") == plain


def test_names_of_html_are_all_there() -> None:
    """Whatever HTML knows by a name, we know too; XML's own five are the parser's."""
    for name, text in html.entities.html5.items():
        plain = name.removesuffix(";")
        if name.endswith(";") and plain not in XML_NAMES:
            assert character(plain) == text
    assert [character(name) for name in XML_NAMES] == [None] * 5


@pytest.mark.skipif(not DTD.is_file(), reason="no entity list here")
def test_agrees_with_the_entity_list_of_the_office() -> None:
    """The office's own list of entities says the same of each name."""
    declared = re.findall(r'<!ENTITY (\S+) "([^"]*)">', DTD.read_text("utf-8"))
    assert len(declared) > 2000
    for name, value in declared:
        points = re.findall(r"&#x([0-9A-Fa-f]+);", value.replace("&#x26;#x", "&#x"))
        text = "".join(chr(int(point, 16)) for point in points)
        assert name in XML_NAMES or character(name) == text


def test_references_become_numbers() -> None:
    """Known names become references that any parser reads; the rest stays as it was."""
    assert resolve_names(b"5 &mgr;m &amp; &lt;&AMP; &foo; & &#955; &nvlt;") == (
        b"5 &#956;m &amp; &lt;&#38; &foo; & &#955; &#60;&#8402;"
    )
    assert resolve_names(b"&deg;<![CDATA[ &deg; ]]>&deg;") == b"&#176;<![CDATA[ &deg; ]]>&#176;"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("30.degree. C.", "30° C."),
        ("2.+-.0.5 .mu.m", "2±0.5 μm"),
        ("H.sub.2 SO.sub.4", "H2 SO4"),
        ("X.sub..alpha..beta.", "Xαβ"),
        ("10.sup.-3 to .ltoreq.1.5", "10-3 to ≤1.5"),
        (".alpha.-olefin", "α-olefin"),
        ("x .di-elect cons. Y", "x ∈ Y"),
        ("e.g. in i.e. U.S. Pat. No. 3,000,000.", "e.g. in i.e. U.S. Pat. No. 3,000,000."),
        ("www.uspto.gov is a site.", "www.uspto.gov is a site."),
        (". . . and so on...", ". . . and so on..."),
        ("", ""),
        (".", "."),
        ("one. two", "one. two"),
    ],
)
def test_names_between_full_stops(written: str, expected: str) -> None:
    """A name of the Green Book becomes its character, ordinary full stops stay."""
    notes = Notes()
    assert resolve_dots(written, notes) == expected
    assert notes.warnings == {}


def test_unknown_names_are_counted() -> None:
    """What looks like a name and is none stays, and is counted."""
    notes = Notes()
    assert resolve_dots("5 .foobar. and 7.foobar.", notes) == "5 .foobar. and 7.foobar."
    assert notes.warnings == {"unknown character name kept as it is: .foobar.": 2}
