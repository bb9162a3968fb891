"""One clause of a query without its parts: a word, a quoted text, a value, a span, by its field."""

from __future__ import annotations

from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search.fields import DEFAULT, LIVENESS_WORDS, Field, find_field
from ipsearch.search.points import integer_span, time_span
from ipsearch.search.tokens import Token, TokenStream, shown, unexpected
from ipsearch.search.tree import (
    Earlier,
    Everything,
    Exact,
    Node,
    Number,
    Pattern,
    Range,
    Value,
    Words,
)

_SIGNS = str.maketrans("＊？", "*?")
_MOST_DIGITS = 9


def default_field(kind: Kind) -> Field:
    """Give the field that words stand in where none is named."""
    return find_field(DEFAULT[kind], kind)


def read_leaf(tokens: TokenStream, field: Field | None, kind: Kind, *, is_direct: bool) -> Node:
    """Read a clause; `field` is the one named for it, `is_direct` if that was right before it."""
    token = tokens.next
    if token.kind == "comparison":
        return _comparison(tokens, field)
    if token.kind == "[":
        return _span(tokens, field)
    if token.kind not in ("word", "exact", "earlier"):
        raise tokens.unexpected("a word, a quoted text or (")
    tokens.take()
    if token.kind == "earlier":
        return _earlier(token, field if is_direct else None)
    if token.kind == "word" and token.text in ("*", "＊"):
        if is_direct and field is not None:
            raise unexpected(token, f"what to look for in {field.name} (* alone is every record)")
        return Everything()
    if not token.text.strip():
        raise QueryError(
            f"{shown(token.text)} where a text was expected: there is nothing between the quotes",
            token.column,
        )
    return _value(token, field, kind)


def _earlier(token: Token, field: Field | None) -> Earlier:
    digits = token.text[1:]
    if field is not None:
        raise unexpected(token, f"a value of {field.name} (an earlier query takes no field)")
    if len(digits) > _MOST_DIGITS or int(digits) == 0:
        raise unexpected(token, "the number of an earlier query, from #1 on,")
    return Earlier(int(digits))


def _value(token: Token, named: Field | None, kind: Kind) -> Node:
    field = named or default_field(kind)
    text = token.text
    is_wild = token.kind == "word" and any(sign in text for sign in "*?＊？")
    if field.nature in ("date", "integer"):
        low, dots, high = text.partition("..")
        return _range(field, low, high if dots else low, token, is_open=bool(dots))
    if field.nature == "text":
        if token.kind == "exact":
            return Exact(text, field)
        if not is_wild:
            return Words(text, field, named is None)
        if not text.strip("*?＊？"):
            raise unexpected(token, "a letter or more beside the signs * and ?")
        return Pattern(text, field, named is None)
    if is_wild:
        if field.nature != "class":
            raise _wild(token, field)
        text = text.translate(_SIGNS)
        if not text[:-1] or any(sign in text[:-1] for sign in "*?") or text[-1] == "?":
            raise unexpected(token, f"a class symbol, * at its end alone, for {field.name}")
    if field.nature == "number":
        return Number(text, field)
    if field.name == "ld":
        if text not in LIVENESS_WORDS:
            raise unexpected(token, "live (有效) or dead (无效)")
        text = LIVENESS_WORDS[text]
    return Value(text, field)


def _wild(token: Token, field: Field) -> QueryError:
    what = {"number": "a whole number", "date": "a date", "integer": "a whole number"}
    expected = what.get(field.nature, "a whole value")
    return unexpected(token, f"{expected} for {field.name} (* and ? are for words and classes)")


def _comparison(tokens: TokenStream, field: Field | None) -> Range:
    sign = tokens.take()
    if field is None or field.nature not in ("date", "integer"):
        raise _not_compared(sign, field)
    if tokens.next.kind not in ("word", "exact"):
        raise tokens.unexpected("a date" if field.nature == "date" else "a whole number")
    token = tokens.take()
    low, high = _points(field, token.text, token)
    if sign.text == ">=":
        return Range(low, None, field)
    if sign.text == "<=":
        return Range(None, high, field)
    if sign.text == ">":
        return Range(high + 1, None, field)
    if sign.text == "<":
        return Range(None, low - 1, field)
    return Range(low, high, field)


def _not_compared(token: Token, field: Field | None) -> QueryError:
    if field is None:
        return unexpected(token, "a word, a quoted text or (; a date field before it")
    return QueryError(
        f"{shown(token.text)} where : was expected: {field.name} holds neither dates nor counts",
        token.column,
    )


def _span(tokens: TokenStream, field: Field | None) -> Range:
    opened = tokens.take()
    if field is None or field.nature not in ("date", "integer"):
        raise _not_compared(opened, field)
    low = _bound(tokens)
    if not tokens.is_at("word") or tokens.next.text.upper() not in ("TO", "至", "ＴＯ"):
        raise tokens.unexpected("TO, as in [low TO high],")
    tokens.take()
    high = _bound(tokens)
    if not tokens.is_at("]"):
        raise tokens.unexpected("], as in [low TO high],")
    tokens.take()
    return _range(field, low.text, high.text, low, is_open=True)


def _bound(tokens: TokenStream) -> Token:
    if not tokens.is_at("word"):
        raise tokens.unexpected("a date or a number, as in [low TO high],")
    return tokens.take()


def _range(field: Field, low: str, high: str, token: Token, *, is_open: bool) -> Range:
    """Make a span; where it may be open, "" and * stand for no end."""
    no_end = ("", "*", "＊") if is_open else ()
    begin = None if low in no_end else _points(field, low, token)[0]
    end = None if high in no_end else _points(field, high, token)[1]
    if begin is not None and end is not None and begin > end:
        raise QueryError(
            f"{shown(token.text)} where the earlier end of a span was expected: "
            f"{low} comes after {high}",
            token.column,
        )
    return Range(begin, end, field)


def _points(field: Field, text: str, token: Token) -> tuple[int, int]:
    if token.kind == "word" and any(sign in text for sign in "*?＊？"):
        raise _wild(token, field)
    read = time_span if field.nature == "date" else integer_span
    try:
        return read(text if len(text) <= 40 else f"{text[:39]}…")
    except ValueError as error:
        raise QueryError(str(error), token.column) from None
