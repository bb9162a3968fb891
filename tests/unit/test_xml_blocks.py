"""Running text: formulas as rows, sections and blocks, and that flattening changes no text."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from ipsearch.sources.math_rows import math_row
from ipsearch.sources.xml_blocks import Layout, blocks, claims_of, flatten, passages_of
from ipsearch.sources.xml_text import text_of

LAYOUT = Layout(blocks=frozenset({"p", "heading"}))


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<math><mi>&alpha;</mi><mo>&lt;</mo><mn>2</mn></math>", "α<2"),
        ("<math><mtext>a &amp;lt; b</mtext></math>", "a &lt; b"),
        ("<math><mo>&#60;</mo><mi>&nosuchname;</mi></math>", "<&nosuchname;"),
        ("<math>\n <mi> x </mi>\n <mspace width='1em'/>\n</math>", "x"),
        ("<m:math xmlns:m='u'><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>", "x^2"),
        ("<math><mi mathvariant='a>b'>x</mi></math>", "x"),
        ("<math><!-- no --><mfrac><mi>a</mi><mi>b</mi></mfrac></math>", "(a)/(b)"),
        ("<math><mfenced open='|' close='|'><mi>a</mi></mfenced></math>", "|a|"),
        ("<math><munderover><mo>Σ</mo><mi>i</mi><mi>n</mi></munderover></math>", "Σ_i^n"),
        ("<math/>", ""),
    ],
)
def test_math_rows(xml: str, expected: str) -> None:
    """Names, prefixes, attributes and empty elements of a formula are read as XML reads them."""
    assert math_row(xml) == expected


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("<math><mi>a</mo><mn>b</mi></math", "ab</math"),
        ("<math><mrow><mi>a</mi></math>", "a"),
        ("<math><mi>a</mi></math><math><mi>b</mi></math>", "ab"),
        ("a &lt; <math><mi>b</mi></math>", "a < b"),
        ("<mrow>" * 300 + "a" + "</mrow>" * 300, "a"),
    ],
)
def test_broken_formulas_lose_their_tags_alone(broken: str, expected: str) -> None:
    """What is no formula is given as the text it has."""
    assert math_row(broken) == expected


def test_deeply_nested_formula_is_cheap() -> None:
    """A hostile formula of a hundred thousand levels costs no more than its length."""
    assert math_row("<math>" + "<msqrt>" * 100_000 + "x" + "</msqrt>" * 100_000 + "</math>") == "x"


def test_flattening_changes_no_text() -> None:
    """Whatever is nested in whatever, the text is the same before and after."""
    generator = random.Random(11)
    names = ("b", "sub", "img", "chemistry", "ul", "li", "br", "tables", "entry", "row", "x")
    formulas = (
        "<math><mi>a</mi></math>",
        "<MathText><![CDATA[<math><mi>c</mi></math>]]></MathText>",
        "<MathText>d</MathText>",
    )

    def content(depth: int) -> str:
        parts = []
        for _ in range(generator.randrange(4)):
            name = generator.choice(names)
            pieces = ("x ", " 锂", "\n", "y", *formulas)
            parts.append(generator.choice(pieces))
            if depth:
                parts.append(f"<{name}>{content(depth - 1)}</{name}>")
        return "".join(parts)

    for _ in range(500):
        element = etree.fromstring(f"<p>{content(3)}</p>")
        before = text_of(element)
        flatten(element)
        assert text_of(element) == before


def test_blocks_through_sections() -> None:
    """Sections give way to what is in them; every other element is one block."""
    section = etree.fromstring(
        "<description><heading>H</heading><field><p num='0001'>a <b>b</b></p><p num='0000'>c</p>"
        "</field><tables num='7'><row><entry>t</entry></row></tables><p><img/></p></description>"
    )
    passages = passages_of(blocks(section, LAYOUT), "en")
    assert [(one["label"], one["text"]) for one in passages] == [
        (None, "H"),
        ("0001", "a b"),
        (None, "c"),
        ("7", "t"),
    ]


def test_inline_element_that_stands_as_a_block() -> None:
    """An element that parts no text is a paragraph where it stands among paragraphs."""
    section = etree.fromstring(
        "<description><p>a</p><b>b</b><MathText num='3'>c</MathText><p>d</p></description>"
    )
    passages = passages_of(blocks(section, LAYOUT), None)
    assert [(one["label"], one["text"]) for one in passages] == [
        (None, "a"),
        (None, "b"),
        ("3", "c"),
        (None, "d"),
    ]


def test_named_sections_alone() -> None:
    """Where a format names its sections, paragraphs in other elements stay together."""
    section = etree.fromstring("<d><art><p>a</p></art><ul><li><p>b</p></li></ul></d>")
    layout = Layout(blocks=frozenset({"p"}), sections=frozenset({"art"}))
    assert [text_of(block) for block in blocks(section, layout)] == ["a", "b"]
    assert [block.tag for block in blocks(section, layout)] == ["p", "ul"]


def test_claims_without_their_numbers() -> None:
    """A claim's label is its number without zeros, and its text does not repeat it."""
    claims = etree.fromstring("<c><claim num='0002'>2. A lid.</claim><claim num='0003'/></c>")
    assert claims_of(claims, "en") == [{"language": "en", "label": "2", "text": "A lid."}]
