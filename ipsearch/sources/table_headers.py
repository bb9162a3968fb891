"""The headers of a table -> what each of its columns means: a `Layout`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from ipsearch.errors import UnknownNameError
from ipsearch.records import KINDS, Kind

Aliases = Mapping[str, Mapping[str, Sequence[str]]]
"""Kind -> target -> headers, the best first: the shape of `headers.toml` and of a user's own."""

_LANGUAGES: dict[str, str] = {
    "中文": "zh",
    "汉语": "zh",
    "chinese": "zh",
    "zh": "zh",
    "英文": "en",
    "英语": "en",
    "english": "en",
    "en": "en",
    "日文": "ja",
    "japanese": "ja",
    "ja": "ja",
}
_LANGUAGE_ORDER: tuple[str | None, ...] = (None, "zh", "en", "ja")
_TRANSLATED = ("译文", "翻译", "译", "translated", "translation")

NUMBERS = frozenset(
    {"publication_number", "grant_number", "application_number", "registration_number"}
)
_COUNTERS = frozenset({"序号", "编号", "no", "index", "行号", ""})
# A table with nothing else brings news of records, and no record.
_NEWS = NUMBERS | {
    *("office", "kind_code", "patent_type", "other_numbers", "nice_class"),
    *("legal_status", "simple_status", "status_date", "legal_events", "inactive_date"),
    *("transaction_date",),
}
_STATUS = frozenset({"legal_status", "simple_status", "legal_events"})

# What only a table of geographical indications has: a name, and one more of these.
_OF_INDICATIONS = frozenset(
    {
        *("indication", "area", "region", "quality", "product_kind", "authorised_users"),
        *("certificate_number", "announcement", "announcement_date", "approval_date"),
    }
)
_SURE_OF_INDICATIONS = frozenset({"area", "authorised_users", "certificate_number"})

_MARKED = re.compile(r"^\s*[\[【〔(]标[\]】〕)]")
_UNIT = re.compile(
    r"\((?:个|项|件|页|条|年|月|日|天|元|万元|yyyy-?mm-?dd|yyyy/mm/dd|yyyymmdd|years?|days?)\)\s*$"
)
_NO_LETTER = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table that means something to us."""

    target: str  # a key of headers.toml: "titles", "applicants.province"
    language: str | None  # that its header names, ISO 639-1
    position: int  # in a row, from 0


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of one table mean."""

    kind: Kind
    columns: dict[str, tuple[Column, ...]]  # target -> its columns, the best first
    headers: tuple[str, ...]
    unmapped: tuple[str, ...]  # headers that nothing is made of
    is_chinese: bool  # whether any header is
    is_news: bool  # whether the rows have numbers and a legal status, and nothing else
    fingerprint: str  # eight hexadecimal digits that stand for the set of what the columns mean

    @property
    def width(self) -> int:
        """How many cells a row may have."""
        return len(self.headers)

    def are_headers(self, cells: Sequence[str]) -> bool:
        """Whether a row repeats the headers."""
        return cells[0] == self.headers[0] and tuple(cells) == self.headers


def normalise_header(text: str) -> str:
    """Make headers comparable: no case, width, space, punctuation, `[标]` or bracketed unit.

    >>> normalise_header("[标]当前申请（专利权）人")
    '当前申请专利权人'
    """
    plain = unicodedata.normalize("NFKC", _MARKED.sub("", text)).casefold()
    return _NO_LETTER.sub("", _UNIT.sub("", plain))


def read_layout(headers: Sequence[str], extra: Aliases | None = None) -> Layout | None:
    """Find what `headers` mean; None if these are no headers of patents or marks.

    A table has a column of numbers and one more that is known, or a geographical indication and
    where it comes from. Its kind is the one that more headers belong to; a patent if it could be
    either. `extra` headers go before our own;
    `UnknownNameError` is raised if they name a target that there is not.
    """
    dictionary = _dictionary() if extra is None else _extend(_dictionary(), extra)
    found = {kind: _find(headers, dictionary[kind]) for kind in KINDS}
    is_indication = _is_indication({column.target for _, column in found["trademark"]})
    if not is_indication:  # what else they mean is too common to count for a mark
        found["trademark"] = [c for c in found["trademark"] if c[1].target not in _OF_INDICATIONS]
    patent, mark = found["patent"], found["trademark"]
    kind: Kind = "trademark" if len(mark) > len(patent) or is_indication else "patent"
    if len(mark) == len(patent) and _is_mark(headers):
        kind = "trademark"
    columns = found[kind]
    numbers = [column for _, column in columns if column.target in NUMBERS]
    if len(columns) < 2 or not (numbers or is_indication):
        return None
    is_any_id = bool(numbers) and all(
        normalise_header(headers[column.position]) == "id" for column in numbers
    )
    if len(columns) < 4 and is_any_id:
        return None  # any table has an id and a title
    by_target: dict[str, list[tuple[tuple[int, int, int], Column]]] = {}
    for order, column in columns:
        by_target.setdefault(column.target, []).append((order, column))
    mapped = {column.position for _, column in columns}
    unmapped = [
        header.strip()
        for position, header in enumerate(headers)
        if position not in mapped and normalise_header(header) not in _COUNTERS
    ]
    return Layout(
        kind=kind,
        columns={
            target: tuple(column for _, column in sorted(group, key=lambda pair: pair[0]))
            for target, group in by_target.items()
        },
        headers=tuple(headers),
        unmapped=tuple(unmapped),
        is_chinese=any(_HAN.search(header) for header in headers),
        is_news=by_target.keys() <= _NEWS and not _STATUS.isdisjoint(by_target),
        fingerprint=_fingerprint([column for _, column in columns]),
    )


def _fingerprint(columns: Sequence[Column]) -> str:
    names = {f"{column.target}:{column.language or ''}" for column in columns}
    return blake2b("\n".join(sorted(names)).encode(), digest_size=4).hexdigest()


def _is_indication(targets: set[str]) -> bool:
    return "indication" in targets and not _SURE_OF_INDICATIONS.isdisjoint(targets)


def _is_mark(headers: Sequence[str]) -> bool:
    return any("商标" in header or "trademark" in header.casefold() for header in headers)


def _find(
    headers: Sequence[str], dictionary: Mapping[str, tuple[str, int]]
) -> list[tuple[tuple[int, int, int], Column]]:
    """The columns that are known, each with its rank among those of its target."""
    columns = []
    for position, header in enumerate(headers):
        key = normalise_header(header)
        meaning, language = dictionary.get(key), None
        if meaning is None:
            key, language = _cut_language(key)
            meaning = dictionary.get(key)
        if meaning is None:
            continue
        target, preference = meaning
        is_standardised = int(_MARKED.match(header) is not None)  # as printed is better
        order = (_LANGUAGE_ORDER.index(language), 2 * preference + is_standardised, position)
        columns.append((order, Column(target, language, position)))
    return columns


def _cut_language(key: str) -> tuple[str, str | None]:
    """Take the language off a normalised header: 标题译英文, 英文标题, titleen."""
    language = None
    for word, code in _LANGUAGES.items():
        if key.endswith(word):
            key, language = key[: -len(word)], code
        elif key.startswith(word) and len(word) > 1 and not (word.isascii() and len(word) < 3):
            key, language = key[len(word) :], code
        if language is not None:
            break
    for word in _TRANSLATED:
        key = key.removesuffix(word)
    return key, language


Dictionary = dict[Kind, dict[str, tuple[str, int]]]
"""Kind -> normalised header -> target and rank among the headers of that target."""


@cache
def _dictionary() -> Dictionary:
    text = files("ipsearch.sources").joinpath("headers.toml").read_text(encoding="utf-8")
    return _extend({kind: {} for kind in KINDS}, tomllib.loads(text))


def _extend(dictionary: Dictionary, aliases: Aliases) -> Dictionary:
    """Put `aliases` over `dictionary`: a header that is in both means what `aliases` says."""
    extended: Dictionary = {kind: dict(dictionary[kind]) for kind in KINDS}
    for kind in KINDS:
        for target, headers in aliases.get(kind, {}).items():
            if dictionary[kind] and target not in targets(kind):
                known = ", ".join(sorted(targets(kind)))
                raise UnknownNameError(f"no column means {target!r}; there are: {known}")
            first = -len(headers) if dictionary[kind] else 0
            for preference, header in enumerate(headers, start=first):
                extended[kind][normalise_header(header)] = target, preference
    return extended


@cache
def targets(kind: Kind) -> frozenset[str]:
    """What the columns of a table can mean for a kind of record: the keys of `headers.toml`."""
    return frozenset(target for target, _ in _dictionary()[kind].values())
