"""What is asked of a corpus: queries by category, put together from its own records.

What is measured: nothing here; `ask` measures.
Corpus model: any sample of records (`samples`).
Notes: the same sample and seed give the same tasks. A category is drawn from a source of its own,
    so adding one leaves the others as they were. Shares are of all records:
    rare        one word in 0.002-0.02 % of them; the first ten
    count       such a word: how many records hold it, in longer words too
    frequent    one word in 5-30 %
    terms       two or three words of one title, ranked by any of them
    phrase      quoted text of 2-10 characters, cut at random out of title, abstract or a claim
    boolean     three words of one record under AND, OR, NOT and fields
    professional  1-10 operators: W/n, N/n, truncation, AND, OR, NOT; half of the words in over 1 %
    professional_count   the same: how many match
    novelty     50 words: 20 in 0.01-0.1 %, 20 in 0.1-1 %, 10 in 1-10 %; the first hundred
    novelty_before   the same, published before the day that 85 % of the records precede
    filtered    two or three words, in an office, a year and an IPC class
    facets      two or three words, and what their hits are like
    deep        a frequent word, ten hits after the first 10,000 (or a tenth of the records)
    show        two or three words; ten hits with title, applicants and a highlighted passage
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from benchmarks.samples import Sample, SampledRecord

Operator = Literal["any", "all", "phrase", "boolean"]

TASKS_PER_CATEGORY = 100
RARE, FREQUENT = (0.000_02, 0.000_2), (0.05, 0.3)
NOVELTY = ((20, 0.0001, 0.001), (20, 0.001, 0.01), (10, 0.01, 0.1))  # how many, from, to
BROAD_SHARE = 0.85
DEEP_OFFSET = 10_000
NOVELTY_LIMIT = 100
_QUOTES = frozenset("\"“”'‘’＂")
_BOOLEAN = ("{0} AND {1}", "({0} OR {1}) AND {2}", "{0} AND {1} NOT {2}", "ti:{0} AND tac:{1}")


@dataclass(frozen=True, slots=True)
class Task:
    """One question."""

    category: str
    terms: tuple[str, ...]  # for those who have a query language of their own; or one quoted text
    operator: Operator
    expression: str = ""  # in ours; "" for a text that the nearest records are wanted to
    before: str | None = None  # ISO 8601
    filters: dict[str, Any] = field(default_factory=dict)  # keywords of `Corpus.query`
    limit: int = 10
    offset: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Task:
        """Take it back from JSON."""
        return cls(**{**values, "terms": tuple(values["terms"])})


Draw = Callable[[random.Random], Task]


def make_tasks(
    sample: Sample, records: int, seed: int, count: int = TASKS_PER_CATEGORY
) -> list[Task]:
    """Make `count` tasks of each category for a corpus of so many `records`.

    Raises `ValueError` if the sample is too small to have words of every frequency.
    """
    tasks: list[Task] = []
    for category, draw in _draws(sample, records).items():
        pick = random.Random(f"{seed}/tasks/{category}")
        tasks.extend(draw(pick) for _ in range(count))
    return tasks


def _draws(sample: Sample, records: int) -> dict[str, Draw]:
    rare, frequent = _band(sample, *RARE), _band(sample, *FREQUENT)
    bands = [(count, _band(sample, low, high)) for count, low, high in NOVELTY]
    cut_off = _broad_cut_off(sample)
    offset = min(DEEP_OFFSET, records // 10)

    def novelty(pick: random.Random, category: str, before: date | None) -> Task:
        terms = [term for count, band in bands for term in pick.sample(band, count)]
        return Task(
            category,
            tuple(terms),
            "any",
            before=before.isoformat() if before else None,
            limit=NOVELTY_LIMIT,
        )

    def words(pick: random.Random, category: str, **more: Any) -> Task:
        record, terms = _title_words(sample, pick)
        if category == "filtered":
            year = (record.published or date(2015, 1, 1)).year
            more["filters"] = {
                "office": "CN",
                "published_from": f"{year}-01-01",
                "published_to": f"{year}-12-31",
                "in_class": record.ipc[0][:4] if record.ipc else "B",
            }
        return Task(category, terms, "any", " ".join(terms), **more)

    def one(pick: random.Random, category: str, words: list[str], offset: int = 0) -> Task:
        word = pick.choice(words)
        return Task(category, (word,), "all", word, offset=offset)

    return {
        "rare": lambda pick: one(pick, "rare", rare),
        "count": lambda pick: one(pick, "count", rare),
        "frequent": lambda pick: one(pick, "frequent", frequent),
        "terms": lambda pick: words(pick, "terms"),
        "phrase": lambda pick: _phrase(sample, pick),
        "boolean": lambda pick: _boolean(sample, pick),
        "professional": lambda pick: _professional(sample, pick, "professional"),
        "professional_count": lambda pick: _professional(sample, pick, "professional_count"),
        "novelty": lambda pick: novelty(pick, "novelty", None),
        "novelty_before": lambda pick: novelty(pick, "novelty_before", cut_off),
        "filtered": lambda pick: words(pick, "filtered"),
        "facets": lambda pick: words(pick, "facets"),
        "deep": lambda pick: one(pick, "deep", frequent, offset),
        "show": lambda pick: words(pick, "show"),
    }


def _band(sample: Sample, low: float, high: float) -> list[str]:
    most = max(count for count, _, _ in NOVELTY)
    found = sample.terms_between(low, high)
    while len(found) < most and high < 1:  # a small sample has no word so rare
        high *= 2
        found = sample.terms_between(low, high)
    if len(found) < most:
        raise ValueError(f"{len(sample.records)} records have too few words to ask for")
    return found


def _broad_cut_off(sample: Sample) -> date | None:
    days = sorted(record.published for record in sample.records if record.published)
    return days[int(len(days) * BROAD_SHARE)] if days else None


def _title_words(sample: Sample, pick: random.Random) -> tuple[SampledRecord, tuple[str, ...]]:
    while True:
        record = pick.choice(sample.records)
        words = _words(sample, record.title)
        if len(words) >= 2:
            return record, tuple(pick.sample(words, min(len(words), pick.randint(2, 3))))


def _words(sample: Sample, text: str) -> list[str]:
    """Give words that stand in a text, but those that stand in most texts."""
    from benchmarks.samples import terms_of

    (terms,) = terms_of([text])
    return sorted(
        term
        for term in terms
        if len(term) > 1 and term.isalpha() and sample.shares.get(term, 0) < 0.3
    )


def _boolean(sample: Sample, pick: random.Random) -> Task:
    while True:
        record = pick.choice(sample.records)
        title = _words(sample, record.title)
        rest = [word for word in _words(sample, " ".join(record.claims)) if word not in title]
        if title and len(rest) >= 2:
            terms = (pick.choice(title), *pick.sample(rest, 2))
            pattern = pick.choice(_BOOLEAN)
            operator: Operator = "all" if pattern == _BOOLEAN[0] else "boolean"
            used = terms[:2] if operator == "all" else terms
            return Task("boolean", used, operator, pattern.format(*terms))


def _professional(sample: Sample, pick: random.Random, category: str) -> Task:
    """Put together a query of one to ten operators; it may well match nothing."""
    common, others = sample.terms_between(0.01, 1.0), sample.terms_between(0.000_02, 0.01)

    def word() -> str:
        chosen = pick.choice(common if pick.random() < 0.5 else others)
        form = pick.random()
        return f"{chosen}*" if form < 0.15 else f"*{chosen}" if form < 0.3 else chosen

    left = pick.randint(1, 10)
    clauses: list[str] = []
    while left >= 0:
        near = f"{pick.choice('WN')}/{pick.randint(0, 10)}"
        if left and pick.random() < 0.5:
            clauses.append(f"({word()} {near} {word()})")
            left -= 2
        else:
            clauses.append(word())
            left -= 1
    expression = clauses[0]
    for clause in clauses[1:]:
        expression = f"({expression} {pick.choice(('AND', 'OR', 'NOT'))} {clause})"
    return Task(category, (expression,), "boolean", expression)


def _phrase(sample: Sample, pick: random.Random) -> Task:
    """Cut a text where it happens: in the middle of words, across punctuation and digits."""
    while True:
        record = pick.choice(sample.records)
        texts = (record.title, record.abstract, pick.choice(record.claims or ("",)))
        text = pick.choice(texts)
        length = pick.randint(2, 10)
        if len(text) < length:
            continue
        begin = pick.randrange(len(text) - length + 1)
        piece = text[begin : begin + length]
        if _QUOTES.isdisjoint(piece) and piece == piece.strip():
            return Task("phrase", (piece,), "phrase", f'"{piece}"')
