"""Random queries of every construct, cut from the records that they are put to.

Most clauses of a query come from one record, so that what is joined by AND finds something. The
same seed and records give the same queries.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from ipsearch.analysis import fold
from ipsearch.analysis.folding import HAN, SYLLABLE, WORD
from ipsearch.records import Kind
from ipsearch.search.fields import DEFAULT, FIELDS, Field, find_field
from tests.reference.evaluator import INTEGERS, Row, facts_of, texts_of, values_at
from tests.reference.scanned_texts import pieces

CONSTRUCTS = frozenset(
    {"words", "exact", "range", "class", "value", "number", "pattern", "near", "boost", "earlier"}
)
"""What a query may hold besides operators and parentheses; each can be left out."""

_SPECIAL = re.compile(r'[\s()（）\[\]［］"“”＂「」『』:：<>=＜＞＝*＊?？^＾#＃~|!&\\;]')
_OPERATORS = frozenset(("AND", "OR", "NOT", "TO", "与", "或", "非", "至", "且"))
_PROXIMITY = re.compile(r"(w|n|near)/?\d*")
_QUOTES = ('""', '""', "“”", "「」", "『』", "＂＂")
_CAN_BE_BOOSTED = ("words", "exact", "pattern")


class RandomQueries:
    """Makes queries about some records, all of one kind."""

    def __init__(
        self,
        rows: Sequence[Row],
        kind: Kind,
        seed: int,
        constructs: frozenset[str] = CONSTRUCTS,
    ) -> None:
        self._rows, self._kind, self._pick = rows, kind, random.Random(seed)
        self._constructs = constructs - {"earlier"}
        self._may_refer = "earlier" in constructs
        self._fields = {
            nature: [field for field in FIELDS[kind] if field.nature == nature]
            for nature in ("text", "number", "class", "value", "date", "integer")
        }
        self._row = self._rows[0]

    def query(self, earlier: int = 0) -> str:
        """Make a query; of a session that has `earlier` queries it may name some."""
        self._row = self._pick.choice(self._rows)
        shape = self._pick.random()
        if shape < 0.08 and "words" in self._constructs:
            return self._plain_words()
        if shape < 0.3:
            return self._leaf()
        return self._tree(self._pick.choices((1, 2, 3), (6, 3, 1))[0], earlier)

    # trees

    def _tree(self, depth: int, earlier: int) -> str:
        if self._may_refer and earlier and self._chance(0.25):
            return f"#{self._pick.randint(1, earlier)}"
        if depth == 0:
            if self._chance(0.15):
                self._row = self._pick.choice(self._rows)
            return self._leaf()
        shape = self._pick.random()
        if shape < 0.05:
            return f"{self._pick.choice(('NOT', '非'))} {self._inner(depth - 1, earlier)}"
        if shape < 0.13:
            return self._group()
        joint = self._pick.choice((" AND ", " 与 ", " ", " OR ", " 或 ", " AND NOT ", " 非 "))
        parts = [self._inner(depth - 1, earlier) for _ in range(self._pick.choice((2, 2, 2, 3)))]
        joined = joint.join(parts)
        if "boost" in self._constructs and self._chance(0.1):
            return f"{self._enclosed(joined)}^{self._pick.choice(('2', '0.5', '10'))}"
        return joined

    def _inner(self, depth: int, earlier: int) -> str:
        """Make a part of a tree; without parentheses the operators bind as they do."""
        part = self._tree(depth, earlier)
        return self._enclosed(part) if self._chance(0.6) and depth else part

    def _enclosed(self, part: str) -> str:
        return f"({part})" if self._chance(0.7) else f"（{part}）"

    def _group(self) -> str:
        """Give several words or quoted texts one field."""
        field = self._text_field()
        joint = self._pick.choice((" ", " AND ", " OR ", " 或 ", " NOT "))
        parts = [self._text_leaf(field) for _ in range(self._pick.randint(2, 3))]
        return self._named(field) + self._enclosed(joint.join(parts))

    # leaves

    def _leaf(self) -> str:
        makers: dict[str, Callable[[], str]] = {
            "words": lambda: self._fielded(self._word),
            "exact": lambda: self._fielded(self._exact),
            "pattern": lambda: self._fielded(self._pattern),
            "near": self._near,
            "range": self._range,
            "class": self._class,
            "value": self._value,
            "number": self._number,
        }
        weights = {"words": 4, "exact": 5, "pattern": 4, "near": 5}
        names = [name for name in sorted(makers) if name in self._constructs]
        name = self._pick.choices(names, [weights.get(name, 2) for name in names])[0]
        leaf = makers[name]()
        if "boost" in self._constructs and name in _CAN_BE_BOOSTED and self._chance(0.08):
            leaf += self._pick.choice(("^3", "^0.5", "^1.25"))
        return leaf

    def _chance(self, share: float) -> bool:
        return self._pick.random() < share

    def _named(self, field: Field) -> str:
        return self._pick.choice((field.name, field.name, *field.aliases)) + self._pick.choice(
            "::："
        )

    def _text_field(self) -> Field:
        """Choose a field of texts of which the record has any, mostly."""
        fields = [f for f in self._fields["text"] if self._texts(f)]
        return self._pick.choice(fields or self._fields["text"])

    def _texts(self, field: Field) -> list[str]:
        return [text for name in field.indexed for text in texts_of(self._row, name, self._kind)]

    def _fielded(self, make: Callable[[str], str]) -> str:
        if self._chance(0.45):
            return make(self._text(find_field(DEFAULT[self._kind], self._kind)))
        field = self._text_field()
        return self._named(field) + make(self._text(field))

    def _text_leaf(self, field: Field) -> str:
        makers = [self._word, self._exact]
        if "pattern" in self._constructs:
            makers.append(self._pattern)
        return self._pick.choice(makers)(self._text(field))

    def _text(self, field: Field) -> str:
        texts = [text for text in self._texts(field) if fold(text)]
        return self._pick.choice(texts) if texts else "石墨烯 battery 电池"

    def _plain_words(self) -> str:
        text = self._text(find_field(DEFAULT[self._kind], self._kind))
        return " ".join(self._word(text) for _ in range(self._pick.choice((1, 1, 2, 3, 5))))

    def _word(self, text: str) -> str:
        """Cut a word as a person would type it: of one script, or across scripts and signs."""
        for _ in range(20):
            if self._chance(0.6):
                kind, piece = self._pick.choice(pieces(text))
                if kind not in (HAN, SYLLABLE, WORD):
                    continue
                word = piece if kind == WORD else self._cut(piece, self._pick.randint(1, 7))
            else:
                word = self._cut(text, self._pick.randint(2, 12))
            word = word.strip()
            if is_word(word):
                return self._varied(word)
        return "电池"

    def _varied(self, word: str) -> str:
        """Write a word in another case or width, now and then."""
        if word.isascii() and word.isalnum() and self._chance(0.1):
            return "".join(chr(ord(char) + 0xFEE0) for char in word)
        varied = word.upper() if self._chance(0.1) else word
        return varied if is_word(varied) else word

    def _exact(self, text: str) -> str:
        opening, closing = self._pick.choice(_QUOTES)
        for _ in range(20):
            piece = self._cut(text, self._pick.choice((1, 2, 3, 4, 5, 8, 12, 30)))
            if fold(piece) and not set('"“”「」『』＂') & set(piece):
                return opening + piece + closing
        return '"电池"'

    def _cut(self, text: str, size: int) -> str:
        begin = self._pick.randrange(max(len(text) - size, 0) + 1)
        return text[begin : begin + size]

    def _pattern(self, text: str) -> str:
        """Put signs into a run of letters or into a piece of Han."""
        cut = pieces(text)
        runs = [p for kind, p in cut if kind == WORD and len(p) > 1 and is_word(p)]
        others = [p for kind, p in cut if kind == HAN and len(p) > 1]
        star, mark = self._pick.choice("**＊"), self._pick.choice("??？")
        if runs and (not others or self._chance(0.5)):
            return self._run_pattern(self._pick.choice(runs), star, mark)
        if not others:
            return f"电池{star}"
        piece = self._cut(self._pick.choice(others), self._pick.randint(2, 6))
        if len(piece) > 2 and self._chance(0.5):
            at = self._pick.randrange(1, len(piece) - 1)
            piece = piece[:at] + mark + piece[at + 1 :]
        shape = self._pick.randrange(5)
        return {0: f"{star}{piece}", 1: f"{piece}{star}", 2: f"{piece}{mark}", 3: mark + piece}.get(
            shape, f"{star}{piece}{star}"
        )

    def _run_pattern(self, run: str, star: str, mark: str) -> str:
        at = self._pick.randrange(len(run))
        end = self._pick.randint(at, len(run))
        head, tail = run[:at], run[end:]
        made = {
            0: run[: max(at, 1)] + star,
            1: star + run[at:],
            2: run[:at] + mark + run[at + 1 :],
            3: head + star + tail,
            4: star + run[at : at + 3] + star,
            5: mark + run[1:],
            6: run + self._pick.choice((star, mark)),
        }[self._pick.randrange(7)]
        return made if re.sub(r"[*＊?？]", "", made) else run + star

    # proximity

    def _near(self) -> str:
        field = self._text_field()
        is_default = field.name == DEFAULT[self._kind]
        text = self._text(field)
        middle = self._pick.randint(0, len(text))
        parts = [text[:middle], text[middle:]]
        if self._chance(0.3):
            self._pick.shuffle(parts)
        left, right = (self._side(part if fold(part) else text) for part in parts)
        most = self._pick.choice((0, 0, 1, 2, 3, 5, 10, 30))
        sign = self._pick.choice(("W/{}", "N/{}", "w/{}", "n/{}", "NEAR/{}", "Ｗ／{}")).format(most)
        joined = f"{left} {sign} {right}"
        if is_default and self._chance(0.5):
            return f"({joined})"
        named = self._named(field)
        shape = self._pick.random()
        if shape < 0.5:
            return f"{named}({joined})"
        return f"({named}{joined})" if shape < 0.8 else f"({named}{left} {sign} {named}{right})"

    def _side(self, text: str) -> str:
        makers = [self._word, self._word, self._exact]
        if "pattern" in self._constructs:
            makers.append(self._pattern)
        if self._chance(0.2):
            joint = self._pick.choice((" OR ", " 或 "))
            return self._enclosed(
                joint.join(self._pick.choice(makers)(text) for _ in range(self._pick.randint(2, 3)))
            )
        return self._pick.choice(makers)(text)

    # facts

    def _range(self) -> str:
        field = self._pick.choice(self._fields["date"] + self._fields["integer"])
        name = self._named(field)[:-1]
        column = INTEGERS[self._kind][field.indexed[0]]
        own = [row[column] for row in (self._row, *self._pick.choices(self._rows, k=30))]
        values = [value for value in own if value is not None]
        if field.nature == "integer":
            low, high = sorted(self._pick.choices([v for v in values or [10] if v >= 0], k=2))
            spelled = [str(low), str(high)]
        else:
            days = [self._pick.choice(values) for _ in range(2)] if values else []
            spelled = [self._day(day) for day in sorted(days)] or ["2015", "2016-02"]
        shape = self._pick.randrange(6)
        if shape == 0 or spelled[0][:4] == spelled[1][:4]:
            sign = self._pick.choice((">=", "<=", ">", "<", "=", ":", "：", "＞＝", " >= "))
            return f"{name}{sign}{self._pick.choice(spelled)}"
        open_end = self._pick.randrange(8)
        low_text = "*" if open_end == 0 else spelled[0]
        high_text = "*" if open_end == 1 else spelled[1]
        if shape < 4:
            return f"{name}:[{low_text} {self._pick.choice(('TO', '至'))} {high_text}]"
        return f"{name}:{spelled[0]}..{'' if open_end == 1 else spelled[1]}"

    def _day(self, day: Any) -> str:
        formats = ("%Y", "%Y-%m", "%Y-%m-%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y年%m月")
        return str(day.strftime(self._pick.choice(formats)))

    def _fact(self, field: Field) -> str | None:
        """Choose what the record, or another one, is found by in a field."""
        for row in (self._row, *self._pick.choices(self._rows, k=20)):
            found = sorted({f for name in field.indexed for f in facts_of(row, name, self._kind)})
            if found:
                return self._pick.choice(found)
        return None

    def _class(self) -> str:
        fields = self._fields["class"]
        fact = self._fact(self._pick.choice(fields)) if fields else None
        if fact is None:
            return self._value()
        field = self._pick.choice(fields)
        spaced = re.sub(r"^([A-H]\d\d[A-Z])(\d)", r"\1 \2", fact)
        spelled = self._pick.choice((fact, fact, fact.lower(), f'"{spaced}"', fact + "*"))
        return self._named(field) + spelled

    def _value(self) -> str:
        field = self._pick.choice(self._fields["value"])
        if field.name == "ld":
            return self._named(field) + self._pick.choice(("live", "dead", "有效", "无效"))
        fact = self._fact(field)
        if fact is None:
            return f"office:{self._row['office']}"
        if field.name in ("office", "kind", "ls", "type") and self._chance(0.3):
            fact = self._pick.choice((fact.lower(), fact.upper()))
        if field.name == "nc":
            fact = self._pick.choice((fact, fact.zfill(2), f"第{fact}类"))
        if field.name == "sg" and "-" in fact:
            group, part = fact.split("-")
            fact = self._pick.choice(
                (f"{group}({part})", f"{group}（{part}）", f'"{group}({part})"')
            )
        return self._named(field) + fact

    def _number(self) -> str:
        field = self._pick.choice(self._fields["number"])
        paths = {
            "num": ("publication_number", "registration_number", "application_number"),
            "pr": ("priorities.number",),
            "ct": ("citations.publication_number",),
        }[field.indexed[0]]
        for row in (self._row, *self._pick.choices(self._rows, k=20)):
            numbers = [v for path in paths for v in values_at(row, path) if _has(row, path)]
            if numbers:
                spelled = self._spelled(self._pick.choice(numbers))
                is_alone = field.indexed[0] == "num" and "words" in self._constructs
                if is_alone and self._chance(0.1) and is_word(spelled):
                    return spelled
                return self._named(field) + (spelled if " " not in spelled else f'"{spelled}"')
        return "num:CN1"

    def _spelled(self, number: str) -> str:
        """Spell a canonical number in one of the ways that people use."""
        without_check = re.sub(r"\.[0-9X]$", "", number)
        bare = without_check[2:]
        kind = re.search(r"[A-Z]\d?$", bare)
        return self._pick.choice(
            (
                number,
                number.lower(),
                f"{number[:2]} {number[2:]}",
                without_check,
                bare[: kind.start()] if kind else bare,
                number.replace(".", "") if number.startswith("CN") else number,
            )
        )


def _has(row: Row, path: str) -> bool:
    return row.get(path.split(".")[0]) is not None


def is_word(text: str) -> bool:
    """Say whether a text, typed without quotes, is read as one word and nothing else."""
    plain = unicodedata.normalize("NFKC", text)
    if not fold(text) or _SPECIAL.search(text) or _SPECIAL.search(plain):
        return False
    if {text, plain, plain.upper()} & _OPERATORS or _PROXIMITY.fullmatch(plain.lower()):
        return False
    return text.count("..") == 0 and not plain.startswith(("-", "+", "/"))
