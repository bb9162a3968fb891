"""A query's text into tokens, one at a time, each with the column where it begins.

A token ends at white space, a bracket, a quote, `<` or `>`. Full-width punctuation counts as its
ASCII twin, outside quotes. Read as more than a word, where they stand alone: AND OR NOT in
capitals, 与 或 非; W/5 N/5 NEAR/5 in any case; #3. A name of a field is one before `:` or a sign
of comparison. `^` and a number at the end of a word, or behind a quote or a bracket, is a boost;
any other `^` in a word is text: 10^-3, x^2+1.

Every character is looked at a bounded number of times, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from ipsearch.errors import QueryError
from ipsearch.records import KINDS, Kind
from ipsearch.search.fields import find_field, is_field

TokenKind = Literal[
    "word",
    "exact",
    "field",
    "comparison",
    "boost",
    "near",
    "earlier",
    "(",
    ")",
    "[",
    "]",
    "AND",
    "OR",
    "NOT",
    "end",
]

QUOTES = {'"': '"', "“": "”", "”": "”", "＂": "＂", "「": "」", "『": "』"}
"""What opens a quoted text, and what closes it. What “ opened, `"` closes too."""

_CLOSING = {opening: re.compile(closing) for opening, closing in QUOTES.items()}
_CLOSING["“"] = _CLOSING["”"] = re.compile('[”"]')
_WIDE = str.maketrans("（）＞＜＝［］＾", "()><=[]^")
_SPELLINGS: dict[TokenKind, tuple[str, ...]] = {
    "AND": ("AND", "ＡＮＤ", "与"),
    "OR": ("OR", "ＯＲ", "或"),
    "NOT": ("NOT", "ＮＯＴ", "非"),
}
_OPERATORS = {word: kind for kind, words in _SPELLINGS.items() for word in words}
_SPACE = re.compile(r"\s*")
_COMPARISON = re.compile("[<>＜＞][=＝]?|[=＝]")
_SPACED_COMPARISON = re.compile(r"\s+[<>=＜＞＝]")
_BARE = re.compile(r'[^\s()（）\[\]［］"“”＂「『<>＜＞]+')
_NAMED = re.compile("([^:：=＝]+)([:：=＝])")
_COMPARING = ("<", ">", "＜", "＞")
_OPENING = frozenset('(（[［"“”＂「『<>＜＞')
_SIGN = re.compile(r"[\^＾]")
_FACTOR = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_NEAR = re.compile(r"(?:[wnｗｎ]|near|ｎｅａｒ)[/／]\d+", re.IGNORECASE)
_EARLIER = re.compile(r"[#＃]\d+")
_GROUP_WITH_PART = re.compile(r"\d{4}\s?[(（][一二三四五六七八九十\d]{1,3}[)）]")


class Token(NamedTuple):
    """A piece of a query; of a boost or a quoted text, what is inside."""

    kind: TokenKind
    text: str
    column: int  # from 1


class TokenStream:
    """The tokens of a query, with a look at the next one."""

    def __init__(self, text: str, kind: Kind) -> None:
        self._rest = tokens(text, kind)
        self.next = next(self._rest)

    def take(self) -> Token:
        """Give the next token and go on behind it; the end stays the end."""
        token = self.next
        if token.kind != "end":
            self.next = next(self._rest)
        return token

    def is_at(self, kind: TokenKind) -> bool:
        """Say whether the next token is of this kind."""
        return self.next.kind == kind

    def unexpected(self, expected: str) -> QueryError:
        """Say that the next token is not what could stand there."""
        return unexpected(self.next, expected)


def unexpected(token: Token, expected: str) -> QueryError:
    """Say that a token is not what could stand in its place."""
    what = token.text if token.kind == "end" else shown(token.text)
    if token.kind == "boost":
        what = shown(f"^{token.text}")
    return QueryError(f"{what} where {expected} was expected", token.column)


def shown(text: str) -> str:
    """Quote a text for a message, shortened to what can be read there."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def tokens(text: str, kind: Kind) -> Iterator[Token]:
    """Read the tokens of a query, the last one `end`; raise `QueryError` for what is none."""
    last = Token("end", "", 0)
    end = 0
    while (at := _SPACE.match(text, end).end()) < len(text):  # type: ignore[union-attr]
        is_adjacent = at == end and last.kind in ("exact", ")", "]")
        found, end = _at(text, at, kind, last)
        if is_adjacent and found[0].kind == "word" and found[0].text[0] in "^＾":
            raise unexpected(found[0], "^ and a number")
        yield from found
        last = found[-1]
    yield Token("end", "the end", len(text) + 1)


def is_word(text: str) -> bool:
    """Say whether a text is read as one word, whichever kind of record is asked for."""
    for kind in KINDS:
        try:
            first, second, *_ = islice(tokens(f"{text} ", kind), 3)
        except QueryError:
            return False
        if first[:2] != ("word", text) or second.kind != "end":
            return False
    return True


def is_operator(word: str) -> bool:
    """Say whether a word alone is read as an operator."""
    return word in _OPERATORS or _NEAR.fullmatch(word) is not None


def _at(text: str, at: int, kind: Kind, last: Token) -> tuple[list[Token], int]:
    """Read what begins at `at`: one token, or a word and its boosts; and say where it ends."""
    char = text[at].translate(_WIDE)
    if char in "()[]":
        return [Token(char, char, at + 1)], at + 1  # type: ignore[arg-type]
    if char in QUOTES:
        end = _end_of_quote(text, at)
        return [Token("exact", text[at + 1 : end], at + 1)], end + 1
    if match := _COMPARISON.match(text, at):
        return [Token("comparison", match[0].translate(_WIDE), at + 1)], match.end()
    if _is_group(last, kind) and (match := _GROUP_WITH_PART.match(text, at)):
        return [Token("word", match[0], at + 1)], match.end()  # its parentheses are its own
    match = _BARE.match(text, at)
    assert match is not None  # all that it does not match was read above
    return _bare(text, at, match.end(), kind)


def _is_group(last: Token, kind: Kind) -> bool:
    """Say whether a similar group is to follow."""
    if last.kind != "field" or not is_field(last.text, kind):
        return False
    return find_field(last.text, kind).name == "sg"


def _end_of_quote(text: str, at: int) -> int:
    match = _CLOSING[text[at]].search(text, at + 1)
    if match is None:
        closing = QUOTES[text[at]]
        raise QueryError(
            f"the end where {closing} was expected: the quote {text[at]} is not closed", at + 1
        )
    return match.start()


def _bare(text: str, at: int, end: int, kind: Kind) -> tuple[list[Token], int]:
    """Read a word and its boosts, or a field's name with the colon that ends it."""
    word, boosts = _without_boosts(text, at, end)
    if not word:
        return boosts, end
    if match := _NAMED.match(word):
        is_colon = match[2] in ":："
        follows = text[at + match.end() : at + match.end() + 1]
        is_begun = match.end() < len(word) or (follows and follows in _OPENING)
        if is_field(match[1], kind) or (is_colon and is_begun and _is_like_a_field(match[1])):
            return [Token("field", match[1], at + 1)], at + match.end(2 if is_colon else 1)
    elif not boosts and is_field(word, kind) and _is_compared(text, end):
        return [Token("field", word, at + 1)], end
    return [Token(_kind_of(word), word, at + 1), *boosts], end


def _is_compared(text: str, end: int) -> bool:
    return text[end : end + 1] in _COMPARING or _SPACED_COMPARISON.match(text, end) is not None


def _is_like_a_field(name: str) -> bool:
    """Letters and a colon are meant as a field, not as text; a time or a ratio is not."""
    return name.isascii() and name.isalpha()


def _kind_of(word: str) -> TokenKind:
    if word in _OPERATORS:
        return _OPERATORS[word]
    if _NEAR.fullmatch(word):
        return "near"
    return "earlier" if _EARLIER.fullmatch(word) else "word"


def _without_boosts(text: str, at: int, end: int) -> tuple[str, list[Token]]:
    """Take the boosts off the end of a word."""
    boosts: list[Token] = []
    signs = [match.start() for match in _SIGN.finditer(text, at, end)]
    while signs and _FACTOR.fullmatch(text, signs[-1] + 1, end):
        boosts.append(Token("boost", text[signs[-1] + 1 : end], signs[-1] + 1))
        end = signs.pop()
    return text[at:end], boosts[::-1]
