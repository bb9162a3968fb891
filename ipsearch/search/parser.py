"""A query's text into its tree.

    query    := clause (OR clause)*           clause := factor ((AND | nothing) factor)*
    factor   := NOT factor | near             near   := boosted [(W/n | N/n) boosted]
    boosted  := primary (^number)*
    primary  := "(" query ")" | field ":" (value | "(" query ")") | value | #number | *
    value    := word | pattern | "exact text" | [low TO high] | low..high | (>|>=|<|<=|=) point

`tokens` says what a word is and how operators are spelled, `leaves` how a value is read. Nothing
here recurses: what is open is a list, so no query exhausts the stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search.fields import Field, find_field
from ipsearch.search.leaves import default_field, read_leaf
from ipsearch.search.tokens import Token, TokenStream, shown, unexpected
from ipsearch.search.tree import And, Boosted, Exact, Near, Node, Not, Or, Pattern, Words

MAX_DEPTH = 150
"""Parentheses inside each other, and nodes of a tree below each other; more are refused."""

MOST_UNITS = 999
"""The largest n of W/n and N/n."""

LEAST_FACTOR, MOST_FACTOR = 1e-6, 1e6
"""The bounds of a boost: the engine's scores are numbers of 32 bits."""

_OPERAND = "a word, a quoted text or ("


class _Operand(NamedTuple):
    node: Node
    height: int  # nodes below each other in it, less one
    column: int  # where it begins


class _Pending(NamedTuple):
    """The left side of a proximity whose right side is yet to come."""

    left: _Operand
    operator: Token
    named: Field  # where it stands


@dataclass(slots=True)
class _Level:
    """What is open: the whole query, or one pair of parentheses."""

    named: Field | None  # the field of it all
    column: int
    clauses: list[_Operand] = field(default_factory=list)  # of an OR
    factors: list[_Operand] = field(default_factory=list)  # of an AND, behind the last OR
    is_implied: bool = True  # no AND was written between them
    nots: list[int] = field(default_factory=list)  # columns of NOTs before an operand to come
    near: _Pending | None = None


def parse(text: str, kind: Kind) -> Node:
    """Read a query; raise `QueryError` naming the column, what stood there, what was expected."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = f"half a character, {shown(text[error.start])}, where a whole one was expected"
        raise QueryError(half, error.start + 1) from None
    return _Parser(text, kind).query()


class _Parser:
    def __init__(self, text: str, kind: Kind) -> None:
        self._tokens, self._kind = TokenStream(text, kind), kind
        self._default = default_field(kind)
        self._levels = [_Level(None, 1)]

    def query(self) -> Node:
        if self._tokens.is_at("end"):
            raise QueryError(f"the end where {_OPERAND} was expected: the query is empty", 1)
        while True:
            operand: _Operand | None = self._begin()
            while operand is not None:
                if self._awaits_right_side(operand := self._boosted(operand)):
                    break
                self._put(operand)
                if self._tokens.is_at("end"):
                    return self._end()
                operand = self._go_on()

    def _begin(self) -> _Operand:
        """Read up to the end of the next leaf: NOTs, fields and parentheses open before it."""
        while True:
            level, token = self._levels[-1], self._tokens.next
            named = level.near.named if level.near else level.named
            if level.near and named == self._default:
                named = None  # a word there is as plain as without a proximity
            if token.kind == "NOT" and level.near is None:
                self._tokens.take()
                level.nots.append(token.column)
                if len(level.nots) > MAX_DEPTH:
                    raise _too_deep(token.column)
            elif token.kind == "(":
                self._open(named, token.column)
            elif token.kind == "field":
                self._tokens.take()
                named = find_field(token.text, self._kind, token.column)
                if self._tokens.next.kind != "(":
                    leaf = read_leaf(self._tokens, named, self._kind, is_direct=True)
                    return _Operand(leaf, 0, token.column)
                self._open(named, token.column)
            else:
                leaf = read_leaf(self._tokens, named, self._kind, is_direct=False)
                return _Operand(leaf, 0, token.column)

    def _open(self, named: Field | None, column: int) -> None:
        self._tokens.take()
        if len(self._levels) > MAX_DEPTH:
            raise _too_deep(column)
        self._levels.append(_Level(named, column))

    def _boosted(self, operand: _Operand) -> _Operand:
        while self._tokens.next.kind == "boost":
            token = self._tokens.take()
            factor = float(token.text)
            if not LEAST_FACTOR <= factor <= MOST_FACTOR:
                raise unexpected(token, "^ and a number above 0, up to 1000000,")
            operand = _above(Boosted(operand.node, factor), operand)
        return operand

    def _awaits_right_side(self, operand: _Operand) -> bool:
        """Take the operator of a proximity behind its left side; or complete one."""
        level, token = self._levels[-1], self._tokens.next
        if token.kind != "near":
            return False
        if level.near is not None:
            raise unexpected(token, "AND, OR or the end (join two by AND: A W/3 B AND B W/3 C)")
        level.near = _Pending(operand, token, _side(operand, token))
        _distance(token)
        self._tokens.take()
        return True

    def _put(self, operand: _Operand) -> None:
        """Put a complete operand, with the NOTs before it, where it belongs."""
        level = self._levels[-1]
        if level.near is not None:
            left, token, named = level.near
            if (other := _side(operand, token)) != named:
                raise _apart(operand.column, token, (named, other))
            near = Near(left.node, operand.node, _distance(token), token.text[0] in "wWｗＷ")
            operand = _above(near, left, operand)
            level.near = None
        while level.nots:
            column = level.nots.pop()
            operand = _above(Not(operand.node), operand, column=column)
        level.factors.append(operand)

    def _go_on(self) -> _Operand | None:
        """Take an operator; or a parenthesis, and give what it closes: that is an operand."""
        level, token = self._levels[-1], self._tokens.next
        if token.kind == "OR":
            self._tokens.take()
            _end_clause(level)
        elif token.kind == "AND":
            self._tokens.take()
            level.is_implied = False
        elif token.kind == ")" and len(self._levels) > 1:
            self._tokens.take()
            closed = self._levels.pop()
            return _whole(closed)._replace(column=closed.column)
        elif token.kind in (")", "]"):
            raise self._tokens.unexpected("an operator or the end")
        return None

    def _end(self) -> Node:
        if len(self._levels) > 1:
            column = self._levels[-1].column
            raise QueryError("the end where ) was expected: the parenthesis is not closed", column)
        return _whole(self._levels[0]).node


def _end_clause(level: _Level) -> None:
    factors = level.factors
    if len(factors) > 1:
        joined = And(tuple(factor.node for factor in factors), level.is_implied)
        level.clauses.append(_above(joined, *factors))
    else:
        level.clauses += factors
    level.factors, level.is_implied = [], True


def _whole(level: _Level) -> _Operand:
    """Give all that stood in a level as one operand."""
    _end_clause(level)
    if len(level.clauses) == 1:
        return level.clauses[0]
    return _above(Or(tuple(clause.node for clause in level.clauses)), *level.clauses)


def _above(node: Node, *below: _Operand, column: int | None = None) -> _Operand:
    height = 1 + max(operand.height for operand in below)
    column = below[0].column if column is None else column
    if height > MAX_DEPTH:
        raise _too_deep(column)
    return _Operand(node, height, column)


def _too_deep(column: int) -> QueryError:
    most = f"more than {MAX_DEPTH} levels inside each other where fewer were expected"
    return QueryError(most, column)


def _distance(token: Token) -> int:
    digits = token.text.replace("／", "/").partition("/")[2]
    if len(digits) > 9 or int(digits) > MOST_UNITS:
        raise unexpected(token, f"a distance of 0 to {MOST_UNITS}")
    return int(digits)


def _side(operand: _Operand, operator: Token) -> Field:
    """Give the field of a side of a proximity; raise `QueryError` if it cannot be one."""
    fields: dict[str, Field] = {}
    nodes = [operand.node]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Or):
            nodes += node.children
        elif isinstance(node, Words | Exact | Pattern):
            fields[node.field.name] = node.field
        else:
            what = type(node).__name__.lower()
            hint = "; boost it as a whole: (A W/3 B)^2" if isinstance(node, Boosted) else ""
            raise QueryError(
                f"{what} where a side of {operator.text} was expected: "
                f"a word, a quoted text, a pattern or an OR of these{hint}",
                operand.column,
            )
    if len(fields) > 1:
        raise _apart(operand.column, operator, tuple(fields.values()))
    return next(iter(fields.values()))


def _apart(column: int, operator: Token, fields: tuple[Field, ...]) -> QueryError:
    names = " and ".join(named.name for named in fields)
    return QueryError(
        f"fields {names} where one field was expected: "
        f"both sides of {operator.text} stand in the same one",
        column,
    )
