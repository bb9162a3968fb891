"""What a query means, said a second time: plain Python over the records, no index, no engine.

The tree comes from the parser; everything else is read off the records. Each kind of clause marks
the records that match it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from ipsearch.analysis import fold
from ipsearch.analysis.folding import HAN
from ipsearch.classification import ancestors
from ipsearch.errors import IdentifierError, QueryError
from ipsearch.identifiers import filing_keys, lookup_keys
from ipsearch.records import Kind
from ipsearch.search import parse, tree
from tests.reference.scanned_texts import (
    Booleans,
    ScannedTexts,
    Spans,
    folded_values,
    is_run,
    pieces,
    terms,
)

Row = Mapping[str, Any]

_ADDRESS = ("country", "province", "city", "county", "address")
TEXTS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "patent": {
        "ti": ("titles.text",),
        "ab": ("abstracts.text",),
        "cl": ("claims.text",),
        "de": ("description.text",),
        "pa": ("applicants.name",),
        "ow": ("owners.name",),
        "in": ("inventors.name",),
        "ag": ("agents.name", "agents.organization"),
        "addr": tuple(f"{who}.{part}" for who in ("applicants", "owners") for part in _ADDRESS),
    },
    "trademark": {
        "tm": ("mark_text", "transliteration", "translation"),
        "gs": ("classes.goods",),
        "ow": ("owners.name",),
        "ag": ("agents.name", "agents.organization"),
        "addr": tuple(f"owners.{part}" for part in _ADDRESS),
        "md": ("mark_description", "disclaimer"),
    },
}
"""Field of texts -> where in a record they stand."""

INTEGERS: dict[Kind, dict[str, str]] = {
    "patent": {
        "pd": "publication_date",
        "ad": "filing_date",
        "prd": "priority_date",
        "gd": "grant_date",
        "nclaims": "claim_count",
    },
    "trademark": {
        "ad": "filing_date",
        "prd": "priority_date",
        "pd": "preliminary_publication_date",
        "rd": "registration_date",
        "ed": "expiry_date",
    },
}
"""Field of dates and counts -> the column."""

AS_STORED: frozenset[str] = frozenset()
"""Fields of numbers that are found only as the record has them. Without it here, a field's numbers
are found in any spelling, as the record's own are."""

LIVE = frozenset({"pending", "granted", "registered", "opposed"})
_NUMERALS = "〇一二三四五六七八九十"


def values_at(row: Row, path: str) -> list[Any]:
    """Give the values at a path such as `titles.text`; those that are null are left out."""
    found: list[Any] = [row]
    for step in path.split("."):
        found = [item[step] for item in found if item.get(step) is not None]
        found = [v for value in found for v in (value if isinstance(value, list) else [value])]
    return [value for value in found if value is not None]


def texts_of(row: Row, field: str, kind: Kind) -> list[str]:
    """Give a record's texts of a field, as they stand in it."""
    return [text for path in TEXTS[kind][field] for text in values_at(row, path)]


class Reference:
    """Some records, all of one kind, and what is asked of them."""

    def __init__(self, rows: Sequence[Row], kind: Kind) -> None:
        self.rows, self.kind = rows, kind
        self._ids = np.array([row["id"] for row in rows], object)
        self._scanned: dict[str, ScannedTexts] = {}
        self._integers: dict[str, list[int | None]] = {}
        self._facts: dict[str, dict[str, list[int]]] = {}
        self._known: dict[tree.Node, Booleans] = {}

    def ids(self, text: str, earlier: Sequence[str] = ()) -> set[str]:
        """Give the ids of what a query finds; `earlier` are the session's queries, #1 first."""
        trees: list[tree.Node] = []
        for query in (*earlier, text):
            trees.append(_settled(parse(query, self.kind), trees))
        return set(self._ids[self._answer(trees[-1])])

    def _answer(self, node: tree.Node) -> Booleans:
        """Answer a whole query: nothing but words finds what has any of their terms."""
        words = _plain_words(node)
        cut = [list(_terms(word.text)) for word in words]
        distinct = dict.fromkeys(term for own in cut for term in own)
        is_single = len(distinct) < 2 or (len(words) == 1 and len(_units(words[0].text)) == 1)
        if is_single or any(_is_number(word.text) for word in words):
            return self._matching(node)
        found = [
            self._texts(name).term(*term) for name in words[0].field.indexed for term in distinct
        ]
        return _any(found, self._none())

    def _matching(self, node: tree.Node) -> Booleans:
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._look(node)
        return known

    def _look(self, node: tree.Node) -> Booleans:
        match node:
            case tree.And(children, _):
                return np.logical_and.reduce([self._matching(child) for child in children])
            case tree.Or(children):
                return _any([self._matching(child) for child in children], self._none())
            case tree.Not(child):
                return ~self._matching(child)
            case tree.Everything():
                return ~self._none()
            case tree.Words():
                return self._words(node)
            case tree.Exact(_, field) | tree.Pattern(_, field, _):
                return self._standing(field.indexed, lambda texts: _spans(texts, node))
            case tree.Near():
                return self._near(node)
            case tree.Number(text, field):
                return _any([self._number(name, text) for name in field.indexed], self._none())
            case tree.Value(text, field):
                own = [self._value(field.name, name, text) for name in field.indexed]
                return _any(own, self._none())
            case tree.Range(low, high, field):
                return _any([self._range(name, low, high) for name in field.indexed], self._none())
        raise AssertionError(f"a query's tree with {node!r} in it")

    def _none(self) -> Booleans:
        return np.zeros(len(self.rows), bool)

    # texts

    def _texts(self, name: str) -> ScannedTexts:
        if name not in self._scanned:
            self._scanned[name] = ScannedTexts(
                [folded_values(texts_of(row, name, self.kind)) for row in self.rows]
            )
        return self._scanned[name]

    def _standing(self, names: Sequence[str], find: Callable[[ScannedTexts], Spans]) -> Booleans:
        found = [self._texts(name).records_at(find(self._texts(name)).starts) for name in names]
        return _any(found, self._none())

    def _words(self, node: tree.Words) -> Booleans:
        units = _units(node.text)
        if not units:
            return self._matching(tree.Exact(node.text, node.field))
        found = ~self._none()
        for unit in units:
            found &= self._standing(node.field.indexed, lambda texts, u=unit: _word(texts, u))  # type: ignore[misc]
        if node.is_plain and _is_number(node.text):
            found = found | self._number("num", node.text)
        return found

    def _near(self, node: tree.Near) -> Booleans:
        found = []
        for name in _field_of(node.left).indexed:
            texts = self._texts(name)
            left, right = _spans(texts, node.left), _spans(texts, node.right)
            found.append(texts.near(left, right, node.most))
            if not node.is_ordered:
                found.append(texts.near(right, left, node.most))
        return _any(found, self._none())

    # facts

    def _range(self, name: str, low: int | None, high: int | None) -> Booleans:
        if name not in self._integers:
            self._integers[name] = [_integer(row, name, self.kind) for row in self.rows]
        points = self._integers[name]
        return np.array(
            [
                point is not None
                and (low is None or point >= low)
                and (high is None or point <= high)
                for point in points
            ],
            bool,
        )

    def _number(self, name: str, text: str) -> Booleans:
        return self._having(name, lookup_keys(text))

    def _value(self, field: str, name: str, text: str) -> Booleans:
        if field == "ld":
            is_live = {"live": True, "有效": True, "dead": False, "无效": False}[text.lower()]
            statuses = [row.get("legal_status") for row in self.rows]
            return np.array([s is not None and (s in LIVE) == is_live for s in statuses])
        return self._having(name, [_wanted(field, text)])

    def _having(self, name: str, wanted: Sequence[str]) -> Booleans:
        if name not in self._facts:
            self._facts[name] = {}
            for number, row in enumerate(self.rows):
                for fact in set(facts_of(row, name, self.kind)):
                    self._facts[name].setdefault(fact, []).append(number)
        found = self._none()
        for fact in wanted:
            found[self._facts[name].get(fact, [])] = True
        return found


def facts_of(row: Row, name: str, kind: Kind) -> Iterator[str]:
    """Give what a record may be found by in a field of values, classes or numbers."""
    plain = {
        "office": "office",
        "src": "source",
        "ls": "legal_status",
        "pr": "priorities.number",
        "ct": "citations.publication_number",
    }
    match name:
        case "num":
            publication = "publication_number" if kind == "patent" else "registration_number"
            yield from filing_keys(
                publication_number=row[publication],
                application_number=row["application_number"],
                others=row["other_numbers"] or (),
            )
        case "pr" if name not in AS_STORED:
            for number in values_at(row, plain[name]):
                yield from filing_keys(publication_number=None, application_number=number)
        case "ct" if name not in AS_STORED:
            for number in values_at(row, plain[name]):
                yield from filing_keys(publication_number=number, application_number=None)
        case "fam":
            yield from values_at(row, "family_id") + values_at(row, "extended_family_id")
        case "type":
            paths = ("patent_type",) if kind == "patent" else ("mark_kind", "mark_category")
            yield from (value for path in paths for value in values_at(row, path))
        case "kind":
            for code in values_at(row, "kind_code"):
                yield from (code, code[:1])
        case "ipc" | "cpc":
            yield from (level for symbol in values_at(row, name) for level in ancestors(symbol))
        case "loc":
            yield from _levels(values_at(row, "locarno"), "-")
        case "vc":
            yield from _levels(values_at(row, "vienna_codes"), ".")
        case "nc":
            yield from map(str, values_at(row, "classes.nice_class"))
        case "sg":
            for group in values_at(row, "classes.similar_groups"):
                yield group["group"]
                if group["part"]:
                    yield f"{group['group']}-{group['part']}"
        case _:
            yield from (value.replace(" ", "") for value in values_at(row, plain[name]))


def _levels(codes: Sequence[str], joint: str) -> Iterator[str]:
    for code in codes:
        parts = code.split(joint)
        yield from (joint.join(parts[: level + 1]) for level in range(len(parts)))


def _wanted(field: str, text: str) -> str:
    """Write what was asked for as records have it."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if field in ("ipc", "cpc", "class"):
        return plain.upper().rstrip("*")
    if field in ("office", "kind"):
        return plain.upper()
    if field in ("ls", "type"):
        return plain.lower()
    if field == "nc":
        return plain.strip("第类").lstrip("0")
    if field == "sg" and "(" in plain:
        group, _, part = plain.rstrip(")").partition("(")
        return f"{group}-{_NUMERALS[int(part)] if part.isdigit() else part}"
    return plain


def _integer(row: Row, name: str, kind: Kind) -> int | None:
    value = row[INTEGERS[kind][name]]
    if name == "nclaims" and value is None and row["claims"] is not None:
        return len(row["claims"])
    if isinstance(value, date):
        return int(value.strftime("%Y%m%d"))
    return value  # type: ignore[no-any-return]


# words


def _terms(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text as typed into terms, each with its class; signs are none."""
    for kind, piece in pieces(fold(text)):
        if kind:
            yield from ((kind, term) for term in terms(kind, piece))


def _units(text: str) -> list[str]:
    """Give what of words must stand in a record: terms, single Han characters joined to those
    beside them."""
    units: list[str] = []
    for kind, piece in pieces(fold(text)):
        if not kind:
            continue
        for number, term in enumerate(terms(kind, piece)):
            if kind == HAN and number and (len(term) == 1 or len(units[-1]) == 1):
                units[-1] += term
            else:
                units.append(term)
    return list(dict.fromkeys(units))


def _word(texts: ScannedTexts, unit: str) -> Spans:
    return texts.run(unit) if is_run(unit) else texts.piece(unit)


def _is_number(text: str) -> bool:
    """Say whether a word may be a record's number: six digits or more, and it can be read so."""
    if sum(char.isdigit() for char in text) < 6:
        return False
    try:
        return bool(lookup_keys(text))
    except IdentifierError:
        return False


def _spans(texts: ScannedTexts, node: tree.Node) -> Spans:
    """Find where one side of a proximity, a quoted text or a pattern stands."""
    match node:
        case tree.Or(children):
            return Spans.joined([_spans(texts, child) for child in children])
        case tree.Words(text, _, _):
            return _word(texts, fold(text))
        case tree.Exact(text, _):
            return texts.piece(fold(text))
        case tree.Pattern(text, _, _):
            folded = fold(text)
            others = folded.replace("*", "").replace("?", "")
            if not others:
                raise QueryError(f"nothing but signs: {text!r}")
            if is_run(others):
                return texts.signed_run(folded)
            if "*" in folded.strip("*"):
                raise QueryError(f"* within Han: {text!r}")
            return texts.signed_piece(folded.strip("*"))
    raise AssertionError(f"{node!r} beside a proximity")


def _field_of(node: tree.Node) -> Any:
    return _field_of(node.children[0]) if isinstance(node, tree.Or) else node.field  # type: ignore[union-attr]


# trees


def _settled(node: tree.Node, earlier: Sequence[tree.Node]) -> tree.Node:
    """Put earlier trees in their places and leave out what counts for scores alone."""
    match node:
        case tree.Earlier(number):
            return earlier[number - 1]
        case tree.Boosted(child, _):
            return _settled(child, earlier)
        case tree.Not(child):
            return tree.Not(_settled(child, earlier))
        case tree.And(children, is_implied):
            return tree.And(tuple(_settled(c, earlier) for c in children), is_implied)
        case tree.Or(children):
            return tree.Or(tuple(_settled(c, earlier) for c in children))
    return node


def _plain_words(node: tree.Node) -> list[tree.Words]:
    """Give the words of a query that is nothing but words without a field; else none."""
    nodes = node.children if isinstance(node, tree.And) and node.is_implied else (node,)
    words = [child for child in nodes if isinstance(child, tree.Words) and child.is_plain]
    return words if len(words) == len(nodes) else []


def _any(found: Sequence[Booleans], none: Booleans) -> Booleans:
    return np.logical_or.reduce([none, *found])
