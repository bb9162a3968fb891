"""Made-up marks of any number, as texts or as JSON Lines in ipsearch's own record form.

What is measured: nothing here; this writes what the benchmarks of marks read.
Corpus model: lengths and characters distributed as in a list of brand names that is read at run
    time (characters drawn one by one by how often they stand in the list); one mark in ten has a
    weak word behind or before it, one in twenty is a near neighbour of an earlier one: a character
    replaced by one that sounds or looks alike or by any, dropped, added, or two swapped. No text
    comes twice. Owners by Zipf, classes and similar groups of the Chinese table, dates by rule.
Notes: the texts depend on the seed, the list and their position alone: fewer are the beginning of
    more. Short names run out: where a draw has been there already, a new length is drawn too, so
    the share of two-character marks falls in very large sets.
"""

from __future__ import annotations

import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import Any

from ipsearch.marks.characters import look_alikes
from ipsearch.marks.goods_table import goods, groups
from ipsearch.marks.sound import sound_alikes

WEAK_SHARE, NEIGHBOUR_SHARE = 0.1, 0.05
WEAK_BEHIND = (
    "公司", "集团", "酒店", "科技", "食品", "实业", "国际", "电器", "药业", "服饰", "餐饮", "传媒",
)  # fmt: skip
WEAK_BEFORE = ("中国", "北京", "上海", "广州", "新", "老", "大", "小")
KEPT_FOR_NEIGHBOURS = 20_000
OWNERS_PER_MARK = 0.25
MOST_MARKS = 90_000_000  # the serial part of a number

_HAN = re.compile("[\u4e00-\u9fff]+")
_FIRST_DAY = date(2005, 1, 1)
_FILING_DAYS = 20 * 365
_TODAY = date(2025, 6, 30)


def brand_names(path: Path) -> list[str]:
    """Read the list: a name a line, those of Chinese characters alone."""
    lines = path.read_text(encoding="utf-8-sig").split()
    return [line for line in dict.fromkeys(lines) if _HAN.fullmatch(line)]


class _Draws:
    """Lengths and characters as in the list."""

    def __init__(self, names: list[str], seed: int) -> None:
        self.random = random.Random(f"marks/{seed}")
        lengths = Counter(map(len, names))
        self._lengths = sorted(lengths)
        self._length_sums = list(accumulate(lengths[length] for length in self._lengths))
        counts = Counter("".join(names))
        self._chars = sorted(counts)
        self._char_sums = list(accumulate(counts[char] for char in self._chars))

    def name(self) -> str:
        length = self.random.choices(self._lengths, cum_weights=self._length_sums)[0]
        return "".join(self.random.choices(self._chars, cum_weights=self._char_sums, k=length))

    def char(self) -> str:
        return self.random.choices(self._chars, cum_weights=self._char_sums)[0]

    def neighbour(self, name: str) -> str:
        place = self.random.randrange(len(name))
        way = self.random.randrange(6)
        if way == 0:
            return name[:place] + self._one_of(sound_alikes(name[place])) + name[place + 1 :]
        if way == 1:
            return name[:place] + self._one_of(look_alikes(name[place])) + name[place + 1 :]
        if way == 2:
            return name[:place] + self.char() + name[place + 1 :]
        if way == 3:
            return name[:place] + name[place + 1 :] if len(name) > 2 else name + self.char()
        if way == 4:
            return name[:place] + self.char() + name[place:]
        return name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]

    def _one_of(self, found: dict[str, float]) -> str:
        return self.random.choice(sorted(found)) if found else self.char()

    def with_weak_word(self, name: str) -> str:
        if self.random.random() < 0.8:
            return name + self.random.choice(WEAK_BEHIND)
        return self.random.choice(WEAK_BEFORE) + name


def mark_texts(names: list[str], count: int, seed: int = 1) -> Iterator[str]:
    """Make `count` different signs like `names`."""
    draws = _Draws(names, seed)
    seen: set[int] = set()
    earlier: deque[str] = deque(maxlen=KEPT_FOR_NEIGHBOURS)
    while len(seen) < count:
        chance = draws.random.random()
        if chance < NEIGHBOUR_SHARE and earlier:
            text = draws.neighbour(earlier[draws.random.randrange(len(earlier))])
        else:
            text = draws.name()
            if chance > 1 - WEAK_SHARE:
                text = draws.with_weak_word(text)
        mark = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        if mark not in seen:
            seen.add(mark)
            earlier.append(text)
            yield text


def mark_records(names: list[str], count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make `count` marks as records of our own JSON Lines."""
    if count > MOST_MARKS:
        raise ValueError(f"{count} marks; the most is {MOST_MARKS}")
    numbers = random.Random(f"mark records/{seed}")
    owners = max(1, int(count * OWNERS_PER_MARK))
    for position, text in enumerate(mark_texts(names, count, seed)):
        yield _record(text, position, numbers, owners)


def _record(text: str, position: int, numbers: random.Random, owners: int) -> dict[str, Any]:
    number = f"CN{position + 10_000_000}"
    filed = _FIRST_DAY + timedelta(days=numbers.randrange(_FILING_DAYS))
    published = filed + timedelta(days=numbers.randrange(90, 270))
    registered = published + timedelta(days=92)
    chance = numbers.random()
    record: dict[str, Any] = {
        "kind": "trademark",
        "id": number,
        "application_number": number,
        "office": "CN",
        "mark_text": text,
        "mark_kind": "word",
        "mark_category": "trademark",
        "owners": [{"name": f"某某公司{int(owners ** numbers.random())}", "country": "CN"}],
        "filing_date": filed.isoformat(),
    }
    if chance < 0.15:
        status = "refused"
    elif published > _TODAY or chance < 0.2:
        status = "pending"
    else:
        record["preliminary_publication_date"] = published.isoformat()
        status = "pending" if registered > _TODAY else "registered"
    if status == "registered":
        expiry = registered.replace(year=registered.year + 10, day=min(registered.day, 28))
        record["registration_number"] = number
        record["registration_date"] = registered.isoformat()
        record["expiry_date"] = expiry.isoformat()
        status = "expired" if expiry < _TODAY else status
    record["legal_status"] = status
    record["classes"] = [
        _nice_class(nice_class, numbers, status)
        for nice_class in sorted(numbers.sample(range(1, 46), numbers.choice((1, 1, 1, 1, 2, 3))))
    ]
    return record


def _nice_class(nice_class: int, numbers: random.Random, status: str) -> dict[str, Any]:
    codes = _groups_of_class()[nice_class]
    chosen = sorted(numbers.sample(codes, min(len(codes), numbers.randrange(1, 4))))
    named = _goods_of_group()
    return {
        "nice_class": nice_class,
        "similar_groups": [{"group": code, "part": _part(code, numbers)} for code in chosen],
        "goods": [numbers.choice(named[code]) for code in chosen if named.get(code)],
        "status": status,
    }


def _part(code: str, numbers: random.Random) -> str | None:
    parts = groups()[code].parts
    return numbers.choice(parts) if parts and numbers.random() < 0.7 else None


@cache
def _groups_of_class() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code in sorted(groups()):
        found.setdefault(int(code[:2]), []).append(code)
    return found


@cache
def _goods_of_group() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in goods():
        found.setdefault(item.group, []).append(item.name)
    return found
