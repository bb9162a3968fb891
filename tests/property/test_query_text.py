"""A query's tree and its text are the same thing; any other is refused."""

from __future__ import annotations

import calendar
import contextlib
import random
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipsearch import field, word
from ipsearch.errors import QueryError
from ipsearch.records import KINDS, Kind
from ipsearch.search.building import Query
from ipsearch.search.fields import DEFAULT, FIELDS, Field, find_field
from ipsearch.search.parser import MAX_DEPTH, parse
from ipsearch.search.printing import quoted, to_text
from ipsearch.search.tokens import tokens
from ipsearch.search.tree import (
    And,
    Boosted,
    Earlier,
    Everything,
    Exact,
    Near,
    Node,
    Not,
    Number,
    Or,
    Pattern,
    Range,
    Value,
    Words,
)

# What a word may be taken for, and what may stand beside it.
ODD = ["ti", "pd", "标题", "TO", "至", "and", "w/o", "W/", "#", "#1x", "^", "^a", "10^-3", "note:"]
ODD += [
    "甲:乙",
    "10:30",
    "=",
    "a=b",
    "..",
    "'",
    "\\",
    "」",
    "』",
    "Ｗ",
    "é",
    "ﷺ",
    "アイ",
    "石墨烯",
    "a",
]
SIGNS = ["*", "?", "＊", "？"]
QUOTED = ["“", "”", "「", "」", "『", '"', "＂", "(", "AND", "*", "ti:", " ", "石墨烯", "\n"]
DAYS = st.dates().map(lambda day: day.year * 10_000 + day.month * 100 + day.day)
YEARS = st.integers(0, 9999).map(lambda year: year * 10_000)
COUNTS = st.integers(0, 999_999_999)


def is_one_word(text: str, kind: Kind) -> bool:
    try:
        found = [token[:2] for token in tokens(text, kind)]
    except QueryError:
        return False
    return found == [("word", text), ("end", "the end")]


def has_quotes(text: str) -> bool:
    with contextlib.suppress(QueryError):
        return bool(text.strip()) and bool(quoted(text))
    return False


def typed(kind: Kind, *, is_pattern: bool) -> st.SearchStrategy[str]:
    """Words as they are typed, with or without signs for what is not known."""
    pieces = st.sampled_from([*ODD, *SIGNS]) | st.text(max_size=3)
    texts = st.lists(pieces, min_size=1, max_size=4).map("".join)
    if is_pattern:
        texts |= st.sampled_from(["batter*", "col?r", "石？烯", "*烯"])
    return texts.filter(
        lambda text: (
            is_one_word(text, kind)
            and any(sign in text for sign in SIGNS) == is_pattern
            and text.strip("".join(SIGNS)) != ""
        )
    )


TEXTS = st.lists(st.sampled_from(QUOTED) | st.text(max_size=3), max_size=5).map("".join)
TEXTS = TEXTS.filter(has_quotes)


def ranges(field: Field) -> st.SearchStrategy[Node]:
    """Spans as comparisons and spans give them: an open end may be the day behind a month's."""
    points = DAYS if field.nature == "date" else COUNTS

    def both(first: int, second: int) -> Node:
        return Range(min(first, second), max(first, second), field)

    spans = [
        st.just(Range(None, None, field)),
        st.builds(lambda point, more: Range(point + more, None, field), points, st.integers(0, 1)),
        st.builds(lambda point, less: Range(None, point - less, field), points, st.integers(0, 1)),
        st.builds(both, points, points),
        st.builds(lambda point: Range(point, point, field), points),
    ]
    if field.nature == "date":
        spans += [st.builds(lambda day: whole_month(day, field), DAYS)]
        spans += [st.builds(lambda year: Range(year + 101, year + 1231, field), YEARS)]
    return st.one_of(spans)


def whole_month(day: int, field: Field) -> Node:
    first = day // 100 * 100 + 1
    last = calendar.monthrange(day // 10_000, day // 100 % 100)[1]
    return Range(first, first - 1 + last, field)


def words_in(field: Field, kind: Kind) -> st.SearchStrategy[Node]:
    """What may stand in a field of texts: in the one that words are looked for in, plain or not."""
    plain = st.booleans() if field.name == DEFAULT[kind] else st.just(False)
    return st.one_of(
        st.builds(Words, typed(kind, is_pattern=False), st.just(field), plain),
        st.builds(Pattern, typed(kind, is_pattern=True), st.just(field), plain),
        st.builds(Exact, TEXTS, st.just(field)),
    )


def sides(field: Field, kind: Kind) -> st.SearchStrategy[Node]:
    return st.recursive(words_in(field, kind), lambda children: several(children, Or), max_leaves=4)


def nears(field: Field, kind: Kind) -> st.SearchStrategy[Node]:
    side = sides(field, kind)
    return st.builds(Near, side, side, st.integers(0, 999), st.booleans())


def several(children: st.SearchStrategy[Node], kind_of: Any) -> st.SearchStrategy[Any]:
    return st.lists(children, min_size=2, max_size=4).map(lambda nodes: kind_of(tuple(nodes)))


def leaves(kind: Kind) -> st.SearchStrategy[Node]:
    by_nature: list[st.SearchStrategy[Node]] = [
        st.just(Everything()),
        st.builds(Earlier, st.integers(1, 999_999_999)),
    ]
    for named in (find_field(DEFAULT[kind], kind), *FIELDS[kind]):
        here = st.just(named)
        if named.nature == "text":
            by_nature += [words_in(named, kind), nears(named, kind)]
        elif named.nature == "number":
            by_nature.append(st.builds(Number, TEXTS, here))
        elif named.name == "ld":
            by_nature.append(st.builds(Value, st.sampled_from(["live", "dead"]), here))
        elif named.nature in ("class", "value"):
            values = st.sampled_from(["H01M10/0525", "H01M*", "0901(一)", "AND", "W/3", "#1", "*"])
            by_nature.append(st.builds(Value, values | TEXTS, here))
        else:
            by_nature.append(ranges(named))
    return st.one_of(by_nature)


def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    factors = st.floats(1e-6, 1e6) | st.integers(1, 9).map(float)
    return st.one_of(
        several(children, And),
        several(children, lambda nodes: And(nodes, True)),
        several(children, Or),
        st.builds(Not, children),
        st.builds(Boosted, children, factors),
    )


TREES = {kind: st.recursive(leaves(kind), branches, max_leaves=12) for kind in KINDS}


@settings(deadline=None, max_examples=500)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_tree_survives_its_text(data: st.DataObject, kind: Kind) -> None:
    """What a tree is written as is read as that tree."""
    tree = data.draw(TREES[kind])
    assert parse(to_text(tree), kind) == tree


PLAIN = st.sampled_from(
    [
        Exact("a", find_field("tacd", "patent")),
        Exact("b", find_field("ti", "patent")),
        Range(20210101, None, find_field("pd", "patent")),
        Near(*[Exact("c", find_field("tacd", "patent"))] * 2, 3, True),
        Near(
            Or((Exact("c", find_field("ti", "patent")),) * 2),
            Pattern("d*", find_field("ti", "patent"), False),
            3,
            True,
        ),
    ]
)


@settings(deadline=None, max_examples=200)
@given(tree=st.recursive(PLAIN, branches, max_leaves=8))
def test_no_parentheses_are_needless(tree: Node) -> None:
    """Without any one pair of its parentheses, a text is another tree's, or no query."""
    text = to_text(tree)
    depths = list(accumulate((char == "(") - (char == ")") for char in text))
    for opening in (at for at, char in enumerate(text) if char == "("):
        closing = next(at for at in range(opening, len(text)) if depths[at] == depths[opening] - 1)
        without = f"{text[:opening]}{text[opening + 1 : closing]}{text[closing + 1 :]}"
        with contextlib.suppress(QueryError):
            assert parse(without, "patent") != tree


MEANING = """
( ) （ ） [ ] ［ ］ " “ ” 「 」 『 』 ＂ : ： > >= < <= = ＞ .. * ? ＊ ？ ^ ^3 ^0.5 ＾２ ^-3
# #1 ＃12
AND OR NOT 与 或 非 ＡＮＤ TO 至 W/3 w/0 N/5 NEAR/2 Ｗ／５ W/1000 W/ ti: ti pd pd: 标题： 公开日
ipc: nc: ld: sg: num: ls: 2018 2018-02-30 2018.. 99999999999 H01M H01M* 0901(一) 石墨烯 石?烯
batter* a a^x 有效 foo: 甲:乙 10^-3 ' / - . é ﷺ アイ
"""
TOKENS = [*MEANING.split(), " ", " ", "\u3000", "\n", "\ud800", "\\", "\0", "\u202e", "\ufdd1"]


def check(text: str, kind: Kind) -> None:
    """Read a text; if it is a query, its tree's text is one for the same tree."""
    try:
        tree = parse(text, kind)
    except QueryError as error:
        assert error.column is not None
        assert 1 <= error.column <= len(text) + 1
        return
    written = to_text(tree)
    assert parse(written, kind) == tree
    assert to_text(parse(written, kind)) == written


def test_any_bytes_are_read_or_refused() -> None:
    """10,000 random strings of bytes, taken for UTF-8, raise nothing but the query error."""
    pick = random.Random(20)
    for _ in range(10_000):
        check(pick.randbytes(pick.randint(0, 60)).decode(errors="replace"), pick.choice(KINDS))


def test_any_tokens_are_read_or_refused() -> None:
    """10,000 random strings of what means something are queries, or raise the query error."""
    pick = random.Random(21)
    for _ in range(10_000):
        sign = pick.choice(["", " "])
        check(sign.join(pick.choices(TOKENS, k=pick.randint(1, 12))), pick.choice(KINDS))


@settings(deadline=None)
@given(text=st.text(), kind=st.sampled_from(KINDS))
@example(text="(note:)^2", kind="patent")
@example(text='「a"b”c」 OR pd>2021-02 OR pd<0000', kind="patent")
def test_any_text_is_read_or_refused(text: str, kind: Kind) -> None:
    """So do texts that hypothesis thinks of."""
    check(text, kind)


LONG = 100_000
HOSTILE = {
    "words": "a " * (LONG // 2),
    "units": "石" * LONG,
    "operators": "a OR b 与 NOT c W/3 d " * (LONG // 22),
    "fields": "ti:" * (LONG // 3),
    "fields with values": "ti:(a OR b) pd:2018..2020 " * (LONG // 26),
    "comparisons": "a<" * (LONG // 2),
    "quotes": '“a"' * (LONG // 3),
    "quotes never closed": "“" * LONG,
    "quotes closed at the end": "“" + '"a“' * (LONG // 3) + "”",
    "boosts": "a" + "^1" * (LONG // 2),
    "no boosts": "a" + "^1" * (LONG // 2) + "^x",
    "white space": "a" + " " * LONG + "b",
    "signs": "a*" * (LONG // 2),
    "digits": "nclaims:" + "9" * LONG,
    "a number of a query": "#" + "9" * LONG,
    "a distance": "a W/" + "9" * LONG + " b",
    "brackets": "pd:[" * (LONG // 4),
    "groups": "sg:0901(一) " * (LONG // 12),
    "a wide side": "(" + "a OR " * (LONG // 5) + "b) W/3 c",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_long_queries_are_read_or_refused(name: str) -> None:
    """100,000 characters of whatever sort are a query, or one error of a line."""
    for kind in KINDS:
        try:
            parse(HOSTILE[name], kind)
        except QueryError as error:
            assert len(str(error)) < 1_000


@pytest.mark.parametrize("opening", ["(", "NOT ", "ti:(", "(a OR ", "(a ", "ti:((a OR b) AND "])
def test_nesting_is_read_or_refused(opening: str) -> None:
    """As many levels as are allowed are read and written again; 10,000 are refused."""
    for levels in (MAX_DEPTH // 2, 10_000):
        text = opening * levels + "a" + (")" * levels if "(" in opening else "")
        if levels > MAX_DEPTH:
            with pytest.raises(QueryError, match=f"more than {MAX_DEPTH} levels"):
                parse(text, "patent")
        else:
            written = to_text(parse(text, "patent"))
            assert to_text(parse(written, "patent")) == written


LETTERS = "abcd"


def joined(
    children: st.SearchStrategy[tuple[Query, frozenset[int]]],
) -> st.SearchStrategy[tuple[Query, frozenset[int]]]:
    every = frozenset(range(2 ** len(LETTERS)))
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda pair: (pair[0][0] & pair[1][0], pair[0][1] & pair[1][1])),
        pairs.map(lambda pair: (pair[0][0] | pair[1][0], pair[0][1] | pair[1][1])),
        children.map(lambda child: (~child[0], every - child[1])),
        children.map(lambda child: (child[0].boost(2), child[1])),
        children.map(lambda child: (field("ti")(child[0]), child[1])),
    )


def holds(node: Node, letters: int) -> bool:
    """Say whether a tree holds where these letters, as bits, are true."""
    match node:
        case And(children, _):
            return all(holds(child, letters) for child in children)
        case Or(children):
            return any(holds(child, letters) for child in children)
        case Not(child):
            return not holds(child, letters)
        case Boosted(child, _):
            return holds(child, letters)
        case Words(text, _, _):
            return bool(letters >> LETTERS.index(text) & 1)
    raise AssertionError(node)


@settings(deadline=None, max_examples=300)
@given(
    built=st.recursive(
        st.sampled_from(LETTERS).map(
            lambda letter: (
                word(letter),
                frozenset(n for n in range(16) if n >> LETTERS.index(letter) & 1),
            )
        ),
        joined,
        max_leaves=10,
    )
)
def test_built_queries_mean_what_python_says(built: tuple[Query, frozenset[int]]) -> None:
    """The text of a built query, read again, holds where the operators of Python say."""
    query, expected = built
    tree = parse(str(query), "patent")
    assert {letters for letters in range(16) if holds(tree, letters)} == expected


def test_what_cannot_be_quoted_is_refused() -> None:
    """A text that would end every kind of quotes cannot be written, and says so."""
    text = '"」』＂'
    with pytest.raises(QueryError, match="no quotes"):
        to_text(Exact(text, find_field("ti", "patent")))
