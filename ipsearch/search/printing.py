"""A query's tree into its text: read again, it gives the same tree."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ipsearch.errors import QueryError
from ipsearch.records import KINDS
from ipsearch.search.fields import DEFAULT, Field, find_field
from ipsearch.search.tokens import QUOTES, is_operator
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

_OR, _AND, _NOT, _NEAR, _BOOSTED, _LEAF = range(6)
"""What binds looser needs parentheses inside what binds closer."""

_BARE = re.compile(r"[\w./~-]+")
_BARE_CLASS = re.compile(r"[\w./~-]+\*?")
_MOST_COUNT = 999_999_999

_Piece = str | tuple[Node, bool]  # a node, and whether its field was named before it


def to_text(node: Node) -> str:
    """Write a tree as a query, with no more parentheses than it needs.

    Raises `QueryError` for a text that no quotes go around. Words and spans must be such as
    `parse` gives: a text that is more than one word was never typed as one.
    """
    written: list[str] = []
    pieces: list[_Piece] = [(node, False)]
    while pieces:
        piece = pieces.pop()
        if isinstance(piece, str):
            written.append(piece)
        else:
            pieces.extend(reversed(_pieces(*piece)))
    return "".join(written)


def quoted(text: str) -> str:
    """Put quotes around a text; raise `QueryError` if it holds every sign that would end it."""
    for opening in '"「『＂':
        if QUOTES[opening] not in text:
            return f"{opening}{text}{QUOTES[opening]}"
    raise QueryError(f'no quotes go around a text that holds all of " 」 』 ＂: {text[:40]!r}')


def value_text(text: str, *, is_class: bool = False) -> str:
    """Write a value or a number: as it stands if it is read as one word, else in quotes."""
    bare = _BARE_CLASS if is_class else _BARE
    return text if bare.fullmatch(text) and not is_operator(text) else quoted(text)


def factor_text(factor: float) -> str:
    """Write a number of a boost, all its digits."""
    return format(Decimal(repr(factor)), "f").removesuffix(".0")


def _binding(node: Node) -> int:
    match node:
        case Or():
            return _OR
        case And():
            return _AND
        case Not():
            return _NOT
        case Near():
            return _NEAR
        case Boosted():
            return _BOOSTED
    return _LEAF


def _pieces(node: Node, is_named: bool) -> Sequence[_Piece]:
    """Give what a node is written as, its parts not yet written."""
    match node:
        case Or(children):
            return _joined([_within(child, _AND, is_named) for child in children], " OR ")
        case And(children, is_implied):
            sign = " " if is_implied else " AND "
            return _joined([_within(child, _NOT, is_named) for child in children], sign)
        case Not(child):
            return ["NOT ", *_within(child, _NOT, is_named)]
        case Near(left, right, most, is_ordered):
            named = _named_once(left)
            sign = f" {'W' if is_ordered else 'N'}/{most} "
            sides = _within(left, _LEAF, bool(named)), _within(right, _LEAF, bool(named))
            return [named, *sides[0], sign, *sides[1]]
        case Boosted(child, factor):
            return [*_within(child, _BOOSTED, is_named), f"^{factor_text(factor)}"]
    return [_leaf(node, is_named)]


def _within(node: Node, least: int, is_named: bool) -> Sequence[_Piece]:
    if _binding(node) < least:
        return ["(", (node, is_named), ")"]
    return [(node, is_named)]


def _joined(parts: Iterable[Sequence[_Piece]], sign: str) -> Sequence[_Piece]:
    pieces: list[_Piece] = []
    for part in parts:
        if pieces:
            pieces.append(sign)
        pieces += part
    return pieces


def _named_once(side: Node) -> str:
    """Write the field of a proximity, once for both sides; "" if it goes without saying."""
    while isinstance(side, Or):
        side = side.children[0]
    if isinstance(side, Words | Exact | Pattern) and not _is_default(side.field):
        return f"{side.field.name}:"
    return ""


def _is_default(field: Field) -> bool:
    return any(field == find_field(DEFAULT[kind], kind) for kind in KINDS)


def _leaf(node: Node, is_named: bool) -> str:
    match node:
        case Words(text, field, is_plain) | Pattern(text, field, is_plain):
            return text if is_plain or is_named else f"{field.name}:{text}"
        case Exact(text, field):
            is_bare = is_named or _is_default(field)
            return quoted(text) if is_bare else f"{field.name}:{quoted(text)}"
        case Value(text, field) | Number(text, field):
            return f"{field.name}:{value_text(text, is_class=field.nature == 'class')}"
        case Range(low, high, field):
            return _range(low, high, field)
        case Earlier(number):
            return f"#{number}"
        case Everything():
            return "*"
    raise TypeError(node)


def _range(low: int | None, high: int | None, field: Field) -> str:
    is_date = field.nature == "date"
    if low is None and high is None:
        return f"{field.name}:.."
    if low is not None and high is not None:
        if is_date and (whole := _whole_span(low, high)):
            return f"{field.name}:{whole}"
        ends = dict.fromkeys((_point(low, is_date), _point(high, is_date)))
        return f"{field.name}:{'..'.join(ends)}"
    # An end that is no day came of > or <: the day behind the last of February is the 29th.
    if low is not None:
        is_point = _is_point(low, is_date)
        sign, point = (">=", low) if is_point else (">", low - 1)
    else:
        assert high is not None
        is_point = _is_point(high, is_date)
        sign, point = ("<=", high) if is_point else ("<", high + 1)
    return f"{field.name}{sign}{_point(point, is_date)}"


def _whole_span(low: int, high: int) -> str:
    """Write a year or a month that is a span's whole length; else ""."""
    if low // 10_000 == high // 10_000 and low % 10_000 == 101 and high % 10_000 == 1231:
        return f"{low // 10_000:04}"
    if low // 100 == high // 100 and low % 100 == 1 and not _is_point(high + 1, True):
        return _point(low, True)[:7]
    return ""


def _point(value: int, is_date: bool) -> str:
    if not is_date:
        return str(value)
    return f"{value // 10_000:04}-{value // 100 % 100:02}-{value % 100:02}"


def _is_point(value: int, is_date: bool) -> bool:
    if not is_date:
        return 0 <= value <= _MOST_COUNT
    year, month, day = value // 10_000, value // 100 % 100, value % 100
    if not (0 <= year <= 9999 and 1 <= month <= 12):
        return False
    return 1 <= day <= calendar.monthrange(max(year, 1), month)[1]
