"""What can be watched: an own mark, an own patent, a competitor, a query. One watch, one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ipsearch.classification import parse_nice, parse_similar_group
from ipsearch.corpus.notes_file import MOST_CHARS, check_name
from ipsearch.errors import ClassificationError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.records import KINDS, Kind

WatchKind = Literal["mark", "patent", "competitor", "topic"]
WATCH_KINDS: tuple[WatchKind, ...] = ("mark", "patent", "competitor", "topic")

MOST_NAMES = 100
"""Of one competitor: its firms and their spellings."""


@dataclass(frozen=True, slots=True)
class MarkWatch:
    """An own mark: marks of others that are too close to it."""

    text: str
    classes: tuple[int, ...] = ()  # Nice; of none, groups or goods given: all classes
    groups: tuple[str, ...] = ()  # similar groups: 0901, or with its part 0901-一
    goods: tuple[str, ...] = ()  # in words
    threshold: float | None = None  # least likeness of the signs, 0 to 1; None: the library's own
    owners: tuple[str, ...] = ()  # whose marks raise no alert
    offices: tuple[str, ...] = ()  # only marks of these; of none: of all
    also_dead: bool = False  # marks that are known to be dead raise an alert too
    name: str = ""  # by default the text
    note: str = ""

    def __post_init__(self) -> None:
        from ipsearch.marks.sign import read_sign

        read_sign(self.text)
        _put(self, "name", self.name or _as_name(self.text))
        _check(self, ("text", "note"), ("goods", "owners"))
        _check_names(self.owners)
        _put(self, "classes", tuple(dict.fromkeys(parse_nice(str(c)) for c in self.classes)))
        _put(self, "groups", tuple(dict.fromkeys(map(_group, self.groups))))
        _put(self, "offices", _offices(self.offices))
        _check_share(self.threshold)


@dataclass(frozen=True, slots=True)
class PatentWatch:
    """An own patent: new documents near what it claims, and those that cite it."""

    number: str
    claim: int | None = None  # whose features are looked for; None: the first independent one
    threshold: float | None = None  # least mean coverage of them, 0 to 1; None: the library's own
    owners: tuple[str, ...] = ()  # whose documents raise no alert; its own owners' never do
    offices: tuple[str, ...] = ()
    name: str = ""  # by default the number
    note: str = ""

    def __post_init__(self) -> None:
        _put(self, "name", self.name or _as_name(self.number))
        _check(self, ("number", "note"), ("owners",))
        _check_names(self.owners)
        lookup_keys(self.number)
        if self.claim is not None and self.claim < 1:
            raise QueryError(f"watch {self.name!r}: there is no claim {self.claim}")
        _put(self, "offices", _offices(self.offices))
        _check_share(self.threshold)


@dataclass(frozen=True, slots=True)
class CompetitorWatch:
    """A competitor: whatever is filed or held under one of its names, in any usual spelling.

    A name that ends in `*` stands for every name that begins so.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...] = KINDS
    offices: tuple[str, ...] = ()
    name: str = ""  # by default the first of the names
    note: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.names, str):
            _put(self, "names", (self.names,))
        if not 1 <= len(self.names) <= MOST_NAMES:
            raise QueryError(f"{len(self.names)} names of a competitor: 1 to {MOST_NAMES}")
        _check_names(self.names)
        _put(self, "name", self.name or _as_name(self.names[0].rstrip("*")))
        _check(self, ("note",), ("names",))
        for kind in self.kinds:
            _check_kind(kind)
        _put(self, "kinds", tuple(dict.fromkeys(self.kinds)) or KINDS)
        _put(self, "offices", _offices(self.offices))


@dataclass(frozen=True, slots=True)
class TopicWatch:
    """A query: whatever matches it."""

    expression: str
    kind: Kind = "patent"
    name: str = ""  # by default the expression
    note: str = ""

    def __post_init__(self) -> None:
        from ipsearch.search import parse
        from ipsearch.search.earlier import references

        _put(self, "name", self.name or _as_name(self.expression))
        _check(self, ("expression", "note"), ())
        _check_kind(self.kind)
        try:
            found = references(parse(self.expression, self.kind))
        except QueryError as error:
            raise QueryError(f"watch {self.name!r}: {error}") from None
        if found:
            raise QueryError(
                f"watch {self.name!r}: #{found[0]} is a query of a session, a watch stands by"
                " itself"
            )


Watch = MarkWatch | PatentWatch | CompetitorWatch | TopicWatch

WATCHES: dict[WatchKind, type[Watch]] = {
    "mark": MarkWatch,
    "patent": PatentWatch,
    "competitor": CompetitorWatch,
    "topic": TopicWatch,
}


def kind_of(watch: Watch) -> WatchKind:
    """Say what is watched."""
    return next(kind for kind, type_ in WATCHES.items() if isinstance(watch, type_))


def subject_of(watch: Watch) -> str:
    """Give what is watched in a few words: the text, the number, the names, the expression."""
    match watch:
        case MarkWatch():
            return watch.text
        case PatentWatch():
            return watch.number
        case CompetitorWatch():
            return "; ".join(watch.names)
        case TopicWatch():
            return watch.expression


def _put(watch: Watch, name: str, value: Any) -> None:
    object.__setattr__(watch, name, value)  # what a frozen one does when it is made


def _as_name(text: str) -> str:
    return " ".join(text.split())[:MOST_CHARS].strip()


def _check(watch: Watch, texts: Sequence[str], lists: Sequence[str]) -> None:
    """Check the name, that texts are whole characters, and make tuples of lists."""
    check_name(watch.name, "watch")
    for name in lists:
        values = getattr(watch, name)
        _put(watch, name, (values,) if isinstance(values, str) else tuple(dict.fromkeys(values)))
    for name in (*texts, *lists):
        values = getattr(watch, name)
        for value in (values,) if isinstance(values, str) else values:
            if any("\ud800" <= char <= "\udfff" for char in value):
                raise QueryError(f"watch {watch.name!r}: {name} holds half a character")
            if not value.strip() and name != "note":
                raise QueryError(f"watch {watch.name!r}: {name} is empty")


def _group(text: str) -> str:
    group, part = parse_similar_group(text)
    return f"{group}-{part}" if part else group


def _offices(offices: Sequence[str]) -> tuple[str, ...]:
    given = (offices,) if isinstance(offices, str) else offices
    folded = tuple(dict.fromkeys(office.strip().upper() for office in given))
    for office in folded:
        if len(office) != 2 or not (office.isascii() and office.isalpha()):
            raise ClassificationError(f"not an office, two letters as in CN: {office!r}")
    return folded


def _check_names(names: Sequence[str]) -> None:
    from ipsearch.watch.names import check_wanted

    for name in names:
        check_wanted(name)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise QueryError(f"no kind {kind!r}; there are: {', '.join(KINDS)}")


def _check_share(threshold: float | None) -> None:
    if threshold is not None and not 0.0 < threshold <= 1.0:
        raise QueryError(f"threshold {threshold}: above 0, at most 1")
