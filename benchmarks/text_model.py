"""A model of Chinese patent text: topics, their terms, and sentences that mention them again.

What is measured: nothing here; this writes the text that the other modules measure with.
Corpus model: a topic (2,000 of them, Zipf) owns nouns and qualifiers drawn from jieba's
    dictionary. A record takes its subject and a handful of components from its topic and mentions
    them over and over, in clauses of patent language that are put together from parts written
    for this purpose. Rare words, figures and Latin strings make the tail of the vocabulary.
    Nothing of a real patent is in it; the parameters below were tuned until the aggregate
    figures in `statistics.REAL` were met.
Notes: every sentence has at least some fifty bits of choice, so that none comes up more than
    three times in ten million records. One 16-bit number per choice, looked up in a table that
    repeats an entry as often as it is likely. The text is half grammatical and says nothing.
"""

from __future__ import annotations

import importlib.util
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import patent_phrases as phrases

TOPICS = 2_000
TOPIC_NOUNS = 90  # distinct nouns of a topic, before repeats
TOPIC_QUALIFIERS = 120
NOUN_FLATNESS = 0.75  # a word's weight is its frequency in the dictionary to this power
QUALIFIER_FLATNESS = 0.75
RARE_FLATNESS = 0.4
TAIL_FLATNESS = 0.55  # of the words that a text mentions once
ENDING_SHARE = 0.5  # of a topic's nouns: one character, 板 or 管
PREFIX_SHARE = 0.12  # of a topic's qualifiers: 上, 第一
COMPONENTS = 8  # what a record's clauses speak of; a power of two
NUMERALS_SHARE = 0.17  # of the records: components carry a reference numeral
LATIN_SHARE = 0.35  # of the records: one component carries an abbreviation or a model number
ASIDE_SHARE = 0.3  # of the abstracts: one clause with words from all over the dictionary
RARE_SHARE = 0.1  # of the components: a rare word qualifies it
SENTENCE_CLAUSES = (2, 3, 3, 3, 2, 4, 3, 3)  # equally likely

Draws = Iterator[int]
"""Numbers of 16 bits without end, each of 0 to 65,535 as likely as the others."""


def draws(seed: str) -> Draws:
    """Give 16-bit numbers without end, the same for the same `seed` on every machine."""
    source = random.Random(seed)
    while True:
        yield from np.frombuffer(source.randbytes(1 << 15), "<u2").tolist()


@cache
def zipf_table(count: int, size: int, *, offset: float = 0.0) -> list[int]:
    """Spread the ranks 0 to `count` - 1 over `size` places, each by 1 / (rank + 1 + `offset`).

    Shared: do not change it.
    """
    sums = list(accumulate(1 / (rank + 1 + offset) for rank in range(count)))
    edges = [round(value / sums[-1] * size) for value in sums]
    table: list[int] = []
    for rank, edge in enumerate(edges):
        table.extend([rank] * (edge - len(table)))
    return table


class Words:
    """Words and how likely each is."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._words = list(weights)
        self._sums = list(accumulate(weights.values()))

    def pick(self, source: random.Random, count: int) -> list[str]:
        """Draw `count` words, the same one more than once if it is likely."""
        return source.choices(self._words, cum_weights=self._sums, k=count)


class Vocabulary(NamedTuple):
    """Words of jieba's dictionary by what the model uses them for."""

    nouns: Words
    qualifiers: Words
    rare: Words
    tail: Words


@cache
def vocabulary() -> Vocabulary:
    """Read the words of the installed jieba's `dict.txt` without importing jieba."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("no package called 'jieba': its dictionary is the vocabulary")
    path = Path(next(iter(spec.submodule_search_locations))) / "dict.txt"
    nouns: dict[str, float] = {}
    qualifiers: dict[str, float] = {}
    rare: dict[str, float] = {}
    tail: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, part = line.rsplit(" ", 2)
        if not 1 < len(word) < 5 or not "\u4e00" <= word[0] <= "\u9fff":
            continue
        frequency = int(count)
        is_technical = word[-1] in phrases.TECHNICAL_ENDINGS
        if part in ("n", "nz") and len(word) < 4 and is_technical:
            nouns[word] = (frequency + 1) ** NOUN_FLATNESS
        elif part in ("v", "vn", "b") and len(word) == 2 and frequency > 20:
            qualifiers[word] = frequency**QUALIFIER_FLATNESS
        if part in ("n", "nz", "vn") and is_technical:
            rare[word] = (frequency + 1) ** RARE_FLATNESS
        if part in ("n", "nz", "v", "vn", "b", "a", "l"):
            tail[word] = (frequency + 1) ** TAIL_FLATNESS
    return Vocabulary(Words(nouns), Words(qualifiers), Words(rare), Words(tail))


class Clause(NamedTuple):
    """A pattern of `%s`: first the components it mentions, then its figures."""

    pattern: str
    mentions: int
    figures: int


class Topic(NamedTuple):
    """What the records of one topic draw their terms from; every table has 1,024 places."""

    number: int
    is_process: bool  # its records tell steps rather than parts
    nouns: list[str]
    qualifiers: list[str]
    subjects: list[str]  # what such an invention is called in the end: 装置, 方法
    field: str


class Text(NamedTuple):
    """The text of one record; claim 1 first."""

    title: str
    abstract: str
    claims: list[str]
    mentions: list[str]  # the components that it speaks of


class TextModel:
    """Writes records' text; the same `seed` and draws give the same text."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        words = vocabulary()
        pick = random.Random(f"{seed}/model")
        self._topics: dict[int, Topic] = {}
        self._topic_ranks = zipf_table(TOPICS, 1 << 16, offset=12)
        self._rare = words.rare.pick(pick, 1 << 16)
        self._tail = words.tail.pick(pick, 1 << 18)
        self._parts = _make_clauses(pick, phrases.PART_CLAUSES)
        self._steps = _make_clauses(pick, phrases.STEP_CLAUSES)
        self._effects = _make_clauses(pick, phrases.EFFECT_CLAUSES)
        self._figures = _make_figures(pick)

    def topic(self, draws: Draws) -> Topic:
        """Choose a topic; frequent ones come up more often."""
        number = self._topic_ranks[next(draws)]
        topic = self._topics.get(number)
        if topic is None:
            topic = self._topics[number] = self._make_topic(number)
        return topic

    def _make_topic(self, number: int) -> Topic:
        words = vocabulary()
        pick = random.Random(f"{self._seed}/topic/{number}")
        nouns = words.nouns.pick(pick, TOPIC_NOUNS)
        # the single characters that a part's name ends with: 板, 管
        endings = pick.choices(phrases.PART_ENDINGS, k=TOPIC_NOUNS)
        nouns = [
            e if pick.random() < ENDING_SHARE else n for n, e in zip(nouns, endings, strict=True)
        ]
        qualifiers = words.qualifiers.pick(pick, TOPIC_QUALIFIERS)
        prefixes = pick.choices(phrases.PREFIXES, k=TOPIC_QUALIFIERS)
        qualifiers = [
            p if pick.random() < PREFIX_SHARE else q
            for q, p in zip(qualifiers, prefixes, strict=True)
        ]
        is_process = pick.random() < 0.3
        subjects = phrases.PROCESS_SUBJECTS if is_process else phrases.DEVICE_SUBJECTS
        return Topic(
            number,
            is_process,
            [nouns[rank] for rank in zipf_table(TOPIC_NOUNS, 1024, offset=6)],
            [qualifiers[rank] for rank in zipf_table(TOPIC_QUALIFIERS, 1024, offset=8)],
            pick.choices(subjects, k=8),
            pick.choice(qualifiers) + pick.choice(phrases.FIELDS),
        )

    def write(self, topic: Topic, draws: Draws, *, is_utility_model: bool) -> Text:
        """Write title, abstract and claims of one record of `topic`."""
        nouns, qualifiers, rare = topic.nouns, topic.qualifiers, self._rare
        terms = []
        for _ in range(COMPONENTS):
            noun = nouns[next(draws) & 1023]
            kind = next(draws)
            if kind < RARE_SHARE * 65536:
                terms.append(rare[next(draws)] + noun)
            else:
                terms.append(qualifiers[kind & 1023] + noun)
        purpose = (
            f"{qualifiers[next(draws) & 1023]}{nouns[next(draws) & 1023]}"
            f"{qualifiers[next(draws) & 1023]}{nouns[next(draws) & 1023]}"
        )
        subject = (
            f"{qualifiers[next(draws) & 1023]}{rare[next(draws)]}"
            f"{nouns[next(draws) & 1023]}{topic.subjects[next(draws) & 7]}"
        )
        title = phrases.TITLES[next(draws) & 15] % (purpose, subject)
        mentions = terms
        if not topic.is_process and next(draws) < NUMERALS_SHARE * 65536:
            first = next(draws) % 5 + 1
            mentions = [f"{term}({number})" for number, term in enumerate(terms, first)]
        if next(draws) < LATIN_SHARE * 65536:
            mentions = [*mentions[:-1], _latin(draws) + terms[-1]]
        clauses = self._steps if topic.is_process else self._parts
        abstract = self._abstract(
            topic, title, subject, mentions, clauses, draws, is_utility_model=is_utility_model
        )
        claims = self._claims(subject, title, mentions, clauses, draws)
        return Text(title, abstract, claims, mentions)

    def describe(
        self, topic: Topic, mentions: list[str], draws: Draws, characters: int
    ) -> list[str]:
        """Write a description in paragraphs, of `characters` in all but for the last sentence.

        It speaks of the record's components, and a fifth of its sentences of others of the topic.
        """
        clauses = self._steps if topic.is_process else self._parts
        paragraphs: list[str] = []
        sentences: list[str] = []
        length = 0
        while length < characters:
            spoken_of = mentions
            if next(draws) < ASIDE_SHARE * 65536 * 2 / 3:
                spoken_of = [
                    topic.qualifiers[next(draws) & 1023] + topic.nouns[next(draws) & 1023]
                    for _ in range(COMPONENTS)
                ]
            count = SENTENCE_CLAUSES[next(draws) & 7]
            sentences.append(self._clauses(clauses, count, spoken_of, draws) + "。")
            length += len(sentences[-1])
            if next(draws) & 7 == 0:  # eight sentences a paragraph on average
                paragraphs.append("".join(sentences))
                sentences = []
        if sentences:
            paragraphs.append("".join(sentences))
        return paragraphs

    def _abstract(
        self,
        topic: Topic,
        title: str,
        subject: str,
        mentions: list[str],
        clauses: list[Clause],
        draws: Draws,
        *,
        is_utility_model: bool,
    ) -> str:
        ours = "本实用新型" if is_utility_model else "本发明"
        opening = phrases.OPENINGS[next(draws) & 15].format(
            ours=ours, title=title, subject=subject, field=topic.field
        )
        count = 2 + (next(draws) & 3)
        last = mentions[next(draws) & 7]
        sentences = [f"{opening}，包括{mentions[0]}、{mentions[1]}和{last}"]
        for _ in range(count):
            length = SENTENCE_CLAUSES[next(draws) & 7]
            sentences.append(self._clauses(clauses, length, mentions, draws))
        aside = next(draws)
        if aside < ASIDE_SHARE * 65536:
            tail = self._tail
            words = [tail[next(draws) << 2 | aside & 3] for _ in range(3)]
            sentences[-1] += phrases.ASIDES[aside & 15] % tuple(words)
        merits = phrases.MERITS
        closing = phrases.CLOSINGS[next(draws) & 15].format(ours=ours, subject=subject)
        sentences.append(
            f"{closing}{self._clauses(self._effects, 1, mentions, draws)}，"
            f"{merits[next(draws) % len(merits)]}、{merits[next(draws) % len(merits)]}"
        )
        return "。".join(sentences) + "。"

    def _claims(
        self,
        subject: str,
        title: str,
        mentions: list[str],
        clauses: list[Clause],
        draws: Draws,
    ) -> list[str]:
        body = self._clauses(clauses, 4 + (next(draws) & 1), mentions, draws)
        listed = "、".join(mentions[:3])
        claims = [f"{title}，其特征在于，包括{listed}和{mentions[3]}，{body}。"]
        for number in range(2, 4 + (next(draws) & 3)):
            parent = 1 + next(draws) % (number - 1)
            length = 1 if next(draws) & 3 == 0 else 2
            body = self._clauses(clauses, length, mentions, draws)
            claims.append(f"根据权利要求{parent}所述的{subject}，其特征在于，{body}。")
        return claims

    def _clauses(self, clauses: list[Clause], count: int, mentions: list[str], draws: Draws) -> str:
        figures = self._figures
        out = []
        for _ in range(count):
            pattern, mentioned, figured = clauses[next(draws) & 4095]
            place = next(draws) & 7
            values = [mentions[place]]
            for _ in range(mentioned - 1):  # a part is not fixed to itself
                place = (place + 1 + next(draws) % 7) & 7
                values.append(mentions[place])
            for _ in range(figured):
                values.append(figures[next(draws) & 4095])
            out.append(pattern % tuple(values))
        return "，".join(out)


def _make_clauses(pick: random.Random, families: Sequence[tuple[int, str]]) -> list[Clause]:
    """Put 4,096 patterns together; a family of weight 2 gives twice as many as one of weight 1."""
    clauses = []
    weights, patterns = zip(*families, strict=True)
    for pattern in pick.choices(patterns, weights, k=4096):
        pattern = re.sub(r"\{(\w+)\}", lambda m: pick.choice(phrases.PARTS[m[1]]), pattern)
        figures = pattern.count("%s#")
        pattern = pattern.replace("%s#", "%s")
        clauses.append(Clause(pattern, pattern.replace("%%", "").count("%s") - figures, figures))
    return clauses


def _make_figures(pick: random.Random) -> list[str]:
    """Make 4,096 figures, small round ones most often."""
    out = []
    for _ in range(4096):
        kind = pick.random()
        if kind < 0.5:
            out.append(str(int(100 ** pick.random())))
        elif kind < 0.75:
            out.append(str(5 * int(60 ** pick.random())))
        else:
            out.append(f"{pick.randrange(10)}.{pick.randrange(1, 10)}")
    return out


def _latin(draws: Draws) -> str:
    """Make an abbreviation or a model number: `PVK`, `QX20`."""
    value = next(draws)
    letters = "".join(chr(65 + (value >> shift) % 26) for shift in (0, 4, 8)[: 2 + (value & 1)])
    return letters if value & 6 else f"{letters}{value % 90 + 10}"
