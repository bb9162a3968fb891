"""From what a searcher types to a tree, or to an error that says where and what."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from ipsearch import exact, field, near, within, word
from ipsearch.errors import QueryError
from ipsearch.search.parser import MAX_DEPTH, parse
from ipsearch.search.points import time_span
from ipsearch.search.tree import And, Everything, Exact, Not, Or, Range, Value, Words


def test_operators_in_both_languages() -> None:
    """Chinese and English operators and names, wide and narrow signs, give the same tree."""
    english = parse('(ti:电池 OR ab:"石墨烯") AND NOT pd>=2018', "patent")
    assert parse("（标题：电池 或 摘要：“石墨烯”） 与 非 公开日＞＝2018", "patent") == english
    assert isinstance(english, And)
    assert isinstance(english.children[0], Or)
    assert isinstance(english.children[1], Not)


def test_words_side_by_side_are_marked() -> None:
    """Words without an operator are told from words with one."""
    side_by_side, joined = parse("石墨烯 电池", "patent"), parse("石墨烯 AND 电池", "patent")
    assert isinstance(side_by_side, And) and side_by_side.is_implied
    assert isinstance(joined, And) and not joined.is_implied


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("pd:2018", 20180101, 20181231),
        ("pd>2018-02", 20180229, None),
        ("pd<=2020", None, 20201231),
        ("pd:[2015 TO 2020-06]", 20150101, 20200630),
        ("公开日:2018..", 20180101, None),
        ("ad:2021年3月5日", 20210305, 20210305),
        ("nclaims>10", 11, None),
        ("pd >= 2021", 20210101, None),
        ("公开日 < 2021", None, 20210100),
    ],
)
def test_ranges(text: str, low: int | None, high: int | None) -> None:
    """Dates of any length and counts become spans whose ends belong to them."""
    node = parse(text, "patent")
    assert isinstance(node, Range)
    assert (node.low, node.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("石墨烯 AND", 8),
        ('"石墨烯', 1),
        ("(石墨烯", 1),
        ("石墨烯)", 4),
        ("xyz:石墨烯", 1),
        ("pd>=nonsense", 5),
        ("ti>2018", 3),
        ("pd:[2015 2020]", 10),
        ('""', 1),
        ("pd:2021-02-30", 4),
    ],
)
def test_errors_name_the_column(text: str, column: int) -> None:
    """What cannot be read is an error that names the column."""
    with pytest.raises(QueryError) as caught:
        parse(text, "patent")
    assert caught.value.column == column


def test_deep_nesting_is_refused() -> None:
    """Parentheses without end are an error, not a crash."""
    depth = MAX_DEPTH + 1
    with pytest.raises(QueryError, match="levels"):
        parse("(" * depth + "a" + ")" * depth, "patent")
    with pytest.raises(QueryError, match="levels"):
        parse("NOT " * depth + "a", "patent")
    assert parse("(" * 50 + "a" + ")" * 50, "patent") == parse("a", "patent")


def test_leaves() -> None:
    """Words, quoted texts and everything are told apart; marks have their own default field."""
    word = parse("华为", "trademark")
    assert isinstance(word, Words)
    assert word.field.name == "tm"
    assert isinstance(parse('"华 为"', "trademark"), Exact)
    assert parse("*", "patent") == Everything()


def test_random_texts_raise_nothing_else() -> None:
    """10,000 random texts are read or refused with the query error."""
    pick = random.Random(8)
    pieces = ["(", ")", "[", "]", '"', "“", "”", ":", "：", ">", ">=", "..", "*", " ", "AND", "或"]
    pieces += [
        "NOT",
        "ti",
        "pd",
        "2018",
        "石墨烯",
        "a",
        "\ud800",
        "\0",
        "￥",
        "TO",
        "-",
        "'",
        "\u202e",
    ]
    for _ in range(10_000):
        text = "".join(pick.choices(pieces, k=pick.randint(0, 14)))
        try:
            parse(text, pick.choice(["patent", "trademark"]))
        except QueryError:
            continue


@pytest.mark.parametrize("text", ["2021-13", "2021-02-30", "20211", "x", "2021-", ""])
def test_no_date(text: str) -> None:
    """A text that is no day, month or year is refused."""
    with pytest.raises(ValueError):
        time_span(text)


def test_similar_group_with_its_part() -> None:
    """The part of a similar group belongs to it, in any parentheses."""
    for text in ("sg:0901(一)", "类似群:0901（一）", 'sg:"0901(一)"'):
        node = parse(text, "trademark")
        assert isinstance(node, Value)
        assert node.text.startswith("0901") and node.text.endswith(("一)", "一）"))


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (word("a") & word("b") & "c", "a AND b AND c"),
        (word("a") & (word("b") & word("c")), "a AND (b AND c)"),
        ("a" & word("b") | "c", "a AND b OR c"),
        (word("a") & (word("b") | word("c")), "a AND (b OR c)"),
        (word("a b") & word("c"), "(a b) AND c"),
        (~(word("a") | word("b")), "NOT (a OR b)"),
        (~word("a").boost(2.5), "NOT a^2.5"),
        ((~word("a")).boost(2), "(NOT a)^2"),
        (near("a", "b", 3).boost(2), "(a N/3 b)^2"),
        (within(field("ti")("a"), word("b") | "c*", 3), "ti:a W/3 (b OR c*)"),
        (field("ti")(near("a", "b", 3)) & field("ab")("c"), "ti:(a N/3 b) AND ab:c"),
        (field("ti") & near("a", "b", 3) & "c", "ti:(a N/3 b) AND c"),
        (field("ti")(field("ab")("a")), "ti:(ab:a)"),
        (field("标题")("石墨烯 电池"), "标题:(石墨烯 电池)"),
        (field("ipc").has("H01M*", "H01M 10/0525"), 'ipc:(H01M* OR "H01M 10/0525")'),
        (field("sg")("0901(一)"), 'sg:"0901(一)"'),
        (field("kind")("AND"), 'kind:"AND"'),
        (field("pd") >= date(2015, 1, 31), "pd>=2015-01-31"),
        (field("pd") < 2015, "pd<2015"),
        (field("ad").between("2015", None), "ad:[2015 TO *]"),
        (field("nclaims") == 3, "nclaims:3"),
        (exact('他说"好"'), '「他说"好"」'),
    ],
)
def test_built_queries_print_as_text(built: object, text: str) -> None:
    """What is built has the text that one would type, in the parentheses that it needs."""
    assert str(built) == text
    parse(text, "trademark" if "sg:" in text else "patent")


@pytest.mark.parametrize(
    "build",
    [
        lambda: word(""),
        lambda: word("AND"),
        lambda: word("a AND b"),
        lambda: word("ti:a"),
        lambda: word("商标:a"),
        lambda: word("(a"),
        lambda: word("a^2"),
        lambda: word("#1"),
        lambda: word("*"),
        lambda: exact(" "),
        lambda: exact('"」』＂'),
        lambda: field("nosuch"),
        lambda: field("ti")(),
        lambda: field("ti")("a(b"),
        lambda: field("office")(" "),
        lambda: word("a").boost(0),
        lambda: word("a").boost(float("nan")),
        lambda: near("a", "b", 1000),
        lambda: near("a", ~word("b"), 1),
        lambda: near("a", "b c", 1),
        lambda: near(near("a", "b", 1), "c", 1),
        lambda: word("a") and word("b"),
        lambda: word("a") & 3,  # type: ignore[operator]
        lambda: field("ad").between("2015 OR", None),
        lambda: "2014" < field("pd") < "2015",
        lambda: field("pd") >= "2015" & word("a"),
    ],
)
def test_what_cannot_be_built_is_refused(build: Callable[[], object]) -> None:
    """What would read as something else, or drop a part, is the query error at once."""
    with pytest.raises(QueryError):
        build()
