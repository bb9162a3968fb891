"""Queries as Python objects that print as the text of the language.

>>> ti = field("ti")
>>> str(ti(near("石墨烯", exact("锂离子电池"), 5)) & (field("pd") >= "2015"))
'ti:(石墨烯 N/5 "锂离子电池") AND pd>=2015'

A `Query` is its text and how closely that binds, so that it can stand inside others. It does not
know of which kind of record it will be asked: whether a field is one of that kind is found out
when it is.
"""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from ipsearch.errors import QueryError
from ipsearch.records import KINDS
from ipsearch.search.fields import find_field, is_field
from ipsearch.search.parser import LEAST_FACTOR, MOST_FACTOR, MOST_UNITS
from ipsearch.search.printing import factor_text, quoted, value_text
from ipsearch.search.tokens import is_word, shown

_OR, _BESIDE, _AND, _NOT, _NEAR, _BOOSTED, _FIELD, _LEAF = range(8)
"""What binds looser needs parentheses inside what binds closer. `_BESIDE`: words side by side."""

Point = str | int | date
"""A day, month or year, or a count."""


class Query:
    """A query, or a part of one. `&` both, `|` any, `~` what does not match; `str` is its text."""

    __slots__ = ("_binding", "_text")
    __hash__ = object.__hash__

    def __init__(self, text: str, binding: int) -> None:
        """Not for use from outside: `field`, `word`, `exact`, `near` and `within` make queries."""
        self._text, self._binding = text, binding

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Query {self._text}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and self._text == other._text

    def __and__(self, other: Query | str) -> Query:
        right = _as_query(other)
        return Query(f"{self._inside(_AND)} AND {right._inside(_NOT)}", _AND)

    def __rand__(self, other: str) -> Query:
        return _as_query(other) & self

    def __or__(self, other: Query | str) -> Query:
        right = _as_query(other)
        return Query(f"{self._inside(_OR)} OR {right._inside(_BESIDE)}", _OR)

    def __ror__(self, other: str) -> Query:
        return _as_query(other) | self

    def __invert__(self) -> Query:
        return Query(f"NOT {self._inside(_NOT)}", _NOT)

    def boost(self, factor: float) -> Query:
        """Let it count `factor` times as much in the ranking; what is found stays the same."""
        if not LEAST_FACTOR <= factor <= MOST_FACTOR:
            raise QueryError(f"boost {factor} where a number above 0, up to 1000000, was expected")
        return Query(f"{self._inside(_BOOSTED)}^{factor_text(float(factor))}", _BOOSTED)

    def __bool__(self) -> NoReturn:
        raise QueryError("a query is neither true nor false: join with & | ~, spans by between()")

    def _inside(self, least: int) -> str:
        return self._text if self._binding >= least else f"({self._text})"


class FieldName:
    """A field: called with what is to stand in it, or compared, it makes a query."""

    __slots__ = ("_is_text", "_name")
    __hash__ = object.__hash__

    def __init__(self, name: str) -> None:
        kinds = [kind for kind in KINDS if is_field(name, kind)]
        if not kinds:
            find_field(name, "patent")  # raises: it names those there are
        self._name = name
        self._is_text = find_field(name, kinds[0]).nature == "text"

    def __repr__(self) -> str:
        return f"field({self._name!r})"

    def __call__(self, *values: Query | Point) -> Query:
        """Ask for records with any of `values` in this field.

        A `str` is what one types behind the field: words for a field of texts, each of which must
        stand there; a number, class or other value as it is for any other. A `Query` is looked for
        in this field wherever it names none itself.
        """
        if not values:
            raise QueryError(f"nothing where a value of {self._name} was expected")
        made = [self._value(value) for value in values]
        asked = made[0]
        for other in made[1:]:
            asked = asked | other
        return Query(f"{self._name}:{asked._inside(_LEAF)}", _FIELD)

    has = __call__

    def between(self, first: Point | None, last: Point | None) -> Query:
        """Ask for dates or counts from `first` to `last`, both included; None is no end."""
        ends = ["*" if end is None else _bare(_point(end)) for end in (first, last)]
        return Query(f"{self._name}:[{ends[0]} TO {ends[1]}]", _FIELD)

    def __ge__(self, point: Point) -> Query:
        return self._compared(">=", point)

    def __gt__(self, point: Point) -> Query:
        return self._compared(">", point)

    def __le__(self, point: Point) -> Query:
        return self._compared("<=", point)

    def __lt__(self, point: Point) -> Query:
        return self._compared("<", point)

    def __eq__(self, value: Query | Point) -> Query:  # type: ignore[override]
        return self(value)

    def __ne__(self, value: Query | Point) -> Query:  # type: ignore[override]
        return ~self(value)

    def __and__(self, query: Query | str) -> Query:
        """Narrow a query to this field: short for calling the field with it."""
        return self(query)

    def __bool__(self) -> NoReturn:
        raise QueryError(f"{self!r} alone is no query: call it with what is to stand there")

    def _compared(self, sign: str, point: Point) -> Query:
        return Query(f"{self._name}{sign}{value_text(_point(point))}", _FIELD)

    def _value(self, value: Query | Point) -> Query:
        if isinstance(value, Query):
            return value
        if self._is_text and isinstance(value, str):
            return word(value)
        text = _point(value)
        if not text.strip():
            raise QueryError(f"{text!r} where a value of {self._name} was expected")
        is_spelled = is_word(text)  # a span, a class with * behind it: as it would be typed
        return Query(text if is_spelled else value_text(text), _LEAF)


def field(name: str) -> FieldName:
    """Give the field of this name, Chinese or English; raise `QueryError` if there is none."""
    return FieldName(name)


def word(text: str) -> Query:
    """Make a query of a word, or of words side by side, as typed; `*` and `?` make it a pattern.

    Raises `QueryError` for what would be read as more than words: `exact` takes any text.
    """
    words = text.split()
    for typed in words:
        if not is_word(typed) or typed in ("*", "＊"):
            raise QueryError(f"{shown(typed)} where a word was expected: exact() takes any text")
    if not words:
        raise QueryError(f"{text!r} where a word was expected")
    return Query(" ".join(words), _LEAF if len(words) == 1 else _BESIDE)


def exact(text: str) -> Query:
    """Make a query of a text that must stand exactly so in one value of a field."""
    if not text.strip():
        raise QueryError(f"{text!r} where a text was expected")
    return Query(quoted(text), _LEAF)


def near(left: Query | str, right: Query | str, most: int) -> Query:
    """Ask for two things in one value with at most `most` units between them, in either order.

    A unit is a Han, kana or hangul character or a run of letters and digits. A side is a word, an
    exact text, a pattern or any of such, joined by `|`; both stand in the same field. Raises
    `QueryError` for anything else.
    """
    return _near(left, right, most, "N")


def within(left: Query | str, right: Query | str, most: int) -> Query:
    """As `near`, `left` before `right`."""
    return _near(left, right, most, "W")


def _near(left: Query | str, right: Query | str, most: int, sign: str) -> Query:
    if not 0 <= most <= MOST_UNITS:
        raise QueryError(f"distance {most} where 0 to {MOST_UNITS} was expected")
    sides = []
    for side in (_as_query(left), _as_query(right)):
        if side._binding not in (_OR, _FIELD, _LEAF):
            raise QueryError(
                f"{shown(str(side))} where a side of {sign}/{most} was expected: "
                "a word, an exact text, a pattern or any of these"
            )
        sides.append(side._inside(_FIELD))
    return Query(f"{sides[0]} {sign}/{most} {sides[1]}", _NEAR)


def _as_query(value: Query | str) -> Query:
    if isinstance(value, Query):
        return value
    if isinstance(value, str):
        return word(value)
    raise QueryError(f"{value!r} where a query or a word was expected")


def _point(value: Point) -> str:
    if isinstance(value, Query | FieldName):
        raise QueryError(
            f"{value!r} where a date or a number was expected: "
            'comparisons stand in parentheses, (field("pd") >= "2015") & ...'
        )
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _bare(text: str) -> str:
    if not is_word(text):
        raise QueryError(f"{shown(text)} where a date or a number was expected")
    return text
