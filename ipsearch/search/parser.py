"""A query's text into its tree.

    query   := clause (OR clause)*          clause := factor ((AND | nothing) factor)*
    factor  := NOT factor | "(" query ")" | [field ":"] value
    value   := word | "exact text" | (query) | [low TO high] | low..high | (>|>=|<|<=) point

Operators are AND OR NOT in capitals, or 与 或 非 standing alone. Full-width punctuation counts as
its ASCII twin, outside quotes. `*` alone is every record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search.fields import DEFAULT, Field, find_field, is_field
from ipsearch.search.points import integer_span, time_span
from ipsearch.search.tree import And, Everything, Exact, Node, Not, Number, Or, Range, Value, Words

MAX_DEPTH = 100
"""Parentheses inside each other; more are refused."""

_WIDE = str.maketrans("（）：＞＜＝［］　", "():><=[] ")
_QUOTES = {'"': '"', "“": "”", "”": "”", "＂": "＂", "「": "」", "『": "』"}
_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "与": "AND", "或": "OR", "非": "NOT"}
_COMPARISON = re.compile(r"(>=|<=|>|<|=)")
_SPACED_COMPARISON = re.compile(r"\s+[<>=＜＞＝]")
_GROUP_WITH_PART = re.compile(r"\d{4}\s?[(（][一二三四五六七八九十\d]{1,3}[)）]")
_BARE_END = re.compile(r'[\s()（）"“”＂「『\[\]［］　]')


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word, exact, field, comparison, (, ), [, ], AND, OR, NOT, end
    text: str
    column: int  # from 1


def parse(text: str, kind: Kind) -> Node:
    """Read a query; raise `QueryError` naming the column, what stood there, what was expected."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError("half a character, as from a wrong encoding", error.start + 1) from None
    return _Parser(list(_tokens(text, kind)), kind).query()


def _tokens(text: str, kind: Kind) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        char = text[at].translate(_WIDE)
        if char.isspace():
            at += 1
        elif char in "()[]":
            tokens.append(_Token(char, char, at + 1))
            at += 1
        elif text[at] in _QUOTES:
            end = _end_of_quote(text, at)
            tokens.append(_Token("exact", text[at + 1 : end], at + 1))
            at = end + 1
        elif match := _COMPARISON.match(text[at : at + 2].translate(_WIDE)):
            tokens.append(_Token("comparison", match[1], at + 1))
            at += len(match[1])
        else:
            at = _bare(text, at, kind, tokens)
    tokens.append(_Token("end", "the end", len(text) + 1))
    return tokens


def _end_of_quote(text: str, at: int) -> int:
    closing = {_QUOTES[text[at]], '"'} if text[at] in "“”" else {_QUOTES[text[at]]}
    for end in range(at + 1, len(text)):
        if text[end] in closing:
            return end
    raise QueryError(f"the quote {text[at]} is not closed", at + 1)


def _bare(text: str, at: int, kind: Kind, tokens: list[_Token]) -> int:
    """Read a word, or a field's name with what ends it."""
    group = _GROUP_WITH_PART.match(text, at)
    if group and tokens and tokens[-1].kind == "field":  # 0901(一): its parentheses are its own
        tokens.append(_Token("word", group[0], at + 1))
        return group.end()
    match = _BARE_END.search(text, at)
    end = match.start() if match else len(text)
    word = text[at:end]
    if word in _OPERATORS:
        tokens.append(_Token(_OPERATORS[word], word, at + 1))
        return end
    named = re.match(r"([^:：<>=＜＞＝]+)([:：]|(?=[<>=＜＞＝]))", word)
    if named and (is_field(named[1], kind) or _is_like_a_field(named, word)):
        tokens.append(_Token("field", named[1], at + 1))
        return at + named.end()
    if _SPACED_COMPARISON.match(text, end) and is_field(word, kind):
        tokens.append(_Token("field", word, at + 1))
        return end
    compared = re.search(r"[<>＜＞]", word)
    if compared and compared.start():
        end = at + compared.start()
        word = text[at:end]
    tokens.append(_Token("word", word, at + 1))
    return end


def _is_like_a_field(named: re.Match[str], word: str) -> bool:
    """Letters and a colon are meant as a field, not as text; a time or a ratio is not."""
    name = named[1]
    return named[2] in (":", "：") and name.isascii() and name.isalpha() and word != named[0]


class _Parser:
    def __init__(self, tokens: list[_Token], kind: Kind) -> None:
        self._tokens, self._kind = tokens, kind
        self._at = self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def query(self) -> Node:
        if self._next.kind == "end":
            raise QueryError("the query is empty", 1)
        node = self._or(None)
        if self._next.kind != "end":
            raise self._unexpected("an operator or the end")
        return node

    def _unexpected(self, expected: str) -> QueryError:
        found = self._next
        what = found.text if found.kind == "end" else repr(found.text)
        return QueryError(f"{what} where {expected} was expected", found.column)

    def _or(self, field: Field | None) -> Node:
        children = [self._and(field)]
        while self._next.kind == "OR":
            self._take()
            children.append(self._and(field))
        return children[0] if len(children) == 1 else Or(tuple(children))

    def _and(self, field: Field | None) -> Node:
        children = [self._factor(field)]
        is_implied = True
        while self._next.kind not in ("OR", ")", "]", "end"):
            if self._next.kind == "AND":
                self._take()
                is_implied = False
            children.append(self._factor(field))
        return children[0] if len(children) == 1 else And(tuple(children), is_implied)

    def _factor(self, field: Field | None) -> Node:
        token = self._next
        if token.kind == "NOT":
            return self._deeper(lambda: (self._take(), Not(self._factor(field)))[1])
        if token.kind == "(":
            return self._deeper(lambda: self._group(field))
        if token.kind == "field":
            self._take()
            named = find_field(token.text, self._kind, token.column)
            return self._deeper(lambda: self._value(named))
        return self._value(field)

    def _deeper(self, read: object) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} levels inside each other", self._next.column)
        node: Node = read()  # type: ignore[operator]
        self._depth -= 1
        return node

    def _group(self, field: Field | None) -> Node:
        opened = self._take()
        node = self._or(field)
        if self._next.kind != ")":
            if self._next.kind == "end":
                raise QueryError("the parenthesis is not closed", opened.column)
            raise self._unexpected("an operator or )")
        self._take()
        return node

    def _value(self, field: Field | None) -> Node:
        token = self._next
        if token.kind == "(":
            return self._deeper(lambda: self._group(field))
        if token.kind == "comparison":
            return self._comparison(field)
        if token.kind == "[":
            return self._span(field)
        if token.kind not in ("word", "exact"):
            raise self._unexpected("a word, a quoted text or (")
        self._take()
        if token.text == "*" and token.kind == "word":
            return Everything()
        return self._leaf(token, field)

    def _leaf(self, token: _Token, named: Field | None) -> Node:
        field = named or find_field(DEFAULT[self._kind], self._kind)
        if field.nature in ("date", "integer"):
            low, _, high = token.text.partition("..")
            return self._range(field, low, high if ".." in token.text else low, token.column)
        if field.nature == "number":
            return Number(token.text, field)
        if field.nature in ("class", "value"):
            return Value(token.text, field)
        if token.kind == "exact":
            if not token.text.strip():
                raise QueryError("there is nothing between the quotes", token.column)
            return Exact(token.text, field)
        return Words(token.text, field, named is None)

    def _comparison(self, field: Field | None) -> Node:
        sign = self._take()
        if field is None or field.nature not in ("date", "integer"):
            raise QueryError(f"{sign.text} needs a date or number field before it", sign.column)
        if self._next.kind not in ("word", "exact"):
            raise self._unexpected("a date or a number")
        token = self._take()
        low, high = self._points(field, token.text, token.column)
        if sign.text == ">=":
            return Range(low, None, field)
        if sign.text == "<=":
            return Range(None, high, field)
        if sign.text == ">":
            return Range(high + 1, None, field)
        if sign.text == "<":
            return Range(None, low - 1, field)
        return Range(low, high, field)

    def _span(self, field: Field | None) -> Node:
        opened = self._take()
        if field is None or field.nature not in ("date", "integer"):
            raise QueryError("[ needs a date or number field before it", opened.column)
        words: list[_Token] = []
        while self._next.kind == "word":
            words.append(self._take())
        if self._next.kind != "]" or len(words) != 3 or words[1].text.upper() not in ("TO", "至"):
            raise QueryError("expected [low TO high]", opened.column)
        self._take()
        return self._range(field, words[0].text, words[2].text, words[0].column)

    def _range(self, field: Field, low: str, high: str, column: int) -> Range:
        begin = None if low in ("", "*") else self._points(field, low, column)[0]
        end = None if high in ("", "*") else self._points(field, high, column)[1]
        if begin is not None and end is not None and begin > end:
            raise QueryError(f"{low} comes after {high}", column)
        return Range(begin, end, field)

    def _points(self, field: Field, text: str, column: int) -> tuple[int, int]:
        read = time_span if field.nature == "date" else integer_span
        try:
            return read(text)
        except ValueError as error:
            raise QueryError(str(error), column) from None
