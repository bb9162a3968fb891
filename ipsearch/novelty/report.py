"""Here are the results of a novelty search, give me what its report (检索报告) says.

Format-free: `report_markdown`, `report_html` and `report_docx` write it. Whatever the report says
in its own words stands in `report_words`, in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from ipsearch.analysis import fold
from ipsearch.novelty.claims import Feature
from ipsearch.novelty.report_evidence import charts, documents, pairs
from ipsearch.novelty.report_facts import CorpusFacts
from ipsearch.novelty.report_parts import (
    Block,
    Cell,
    Column,
    Fields,
    Language,
    Paragraph,
    Say,
    Section,
    Table,
    day_or_unknown,
    joined,
    lines,
    paragraphs,
    text,
)
from ipsearch.novelty.report_words import WORDS, words
from ipsearch.novelty.results import NoveltyResults
from ipsearch.novelty.settings import Settings

_TITLE_CHARS = 200
_TELLING_WORDS = 12  # of one feature


@dataclass(frozen=True, slots=True)
class Report:
    """What a search report says, in its order."""

    title: str
    language: Language
    subject: str  # its number, or the beginning of its text
    author: str  # the program
    day: date  # of the search
    sections: tuple[Section, ...]


def make_report(
    results: NoveltyResults,
    facts: CorpusFacts,
    *,
    language: Language = "zh",
    conditions: Mapping[str, Sequence[str]] | None = None,
) -> Report:
    """Make the report of a search.

    `conditions` are what else was asked for and is not in the results: in_class, like, unlike,
    synonyms, each with its values; empty ones are not told. Settings are told where they are not as
    by default.
    """
    say = words(language)
    known = results.subject.id or _subject_title(results)
    sections = (
        Section(say("subject"), tuple(_subject(results, say)), begins_page=False),
        Section(say("elements"), tuple(_elements(results, say)), begins_page=False),
        Section(say("queries"), tuple(_queries(results, conditions or {}, say)), begins_page=False),
        Section(say("coverage"), tuple(_coverage(results, facts, say)), begins_page=False),
        Section(say("documents"), tuple(documents(results, say)), begins_page=False),
        Section(say("charts"), tuple(charts(results, say))),
        Section(say("pairs"), tuple(pairs(results, say)), begins_page=False),
        Section(say("statement"), (Paragraph(text(say("statement.text"))),), begins_page=False),
    )
    author = f"ipsearch {facts.version}"
    return Report(say("title"), language, text(known, 40)[0].text, author, facts.searched, sections)


def _subject_title(results: NoveltyResults) -> str:
    """Give the first title, or the whole text of a subject that has none."""
    title = results.subject.texts.get("ti", "").strip()
    return title.splitlines()[0] if title else results.subject.text.strip()


def _subject(results: NoveltyResults, say: Say) -> Iterator[Block]:
    subject = results.subject
    label = "subject.title" if "ti" in subject.texts else "subject.text"
    day = say(f"date.{subject.date_source}", day=subject.effective_date)
    claim: tuple[str, Cell] = (say("subject.any_claim"), lines(say("subject.no_claim")))
    if subject.claim is not None:
        heading = say("subject.claim", number=subject.claim.number)
        claim = (heading, paragraphs(subject.claim.text))
    yield Fields(
        (
            (say(label), (text(_subject_title(results), _TITLE_CHARS),)),
            (say("subject.number"), lines(subject.id or say("subject.typed"))),
            (say("subject.office"), lines(subject.office or say("unknown"))),
            (say("subject.date"), lines(day)),
            (say("subject.named"), lines(joined(subject.named, say))),
            claim,
        )
    )


def _elements(results: NoveltyResults, say: Say) -> Iterator[Block]:
    subject = results.subject
    terms = list(dict.fromkeys(term for asked in results.asked for term in asked.terms))
    columns = (
        Column(say("elements.label"), 2),
        Column(say("elements.feature"), 10),
        Column(say("elements.words"), 8),
    )
    rows = [
        (lines(f.label), lines(f.text), lines(joined(_telling(f, terms), say)))
        for f in subject.features
    ]
    if not rows:
        whole = text(_subject_title(results), _TITLE_CHARS)
        found = lines(joined(terms[: 2 * _TELLING_WORDS], say))
        rows = [(lines(say("elements.whole")), (whole,), found)]
    yield Table(columns, tuple(rows))
    classes = joined(subject.classes, say)
    yield Fields(((say("elements.classes"), lines(classes)),))


def _telling(feature: Feature, terms: Sequence[str]) -> list[str]:
    """Give the words of the queries that stand in a feature, the most telling first."""
    folded = fold(feature.text)
    runs = set(re.findall(r"[a-z0-9]+", folded))
    found = (t for t in terms if (t in runs if re.fullmatch("[a-z0-9]+", t) else t in folded))
    return [term for term, _ in zip(found, range(_TELLING_WORDS), strict=False)]


def _queries(
    results: NoveltyResults, conditions: Mapping[str, Sequence[str]], say: Say
) -> Iterator[Block]:
    columns = (
        Column(say("queries.query"), 3),
        Column(say("queries.terms"), 14),
        Column(say("queries.found"), 3),
    )
    rows = []
    for asked in results.asked:
        key = f"queries.{asked.label}"
        label = say(key) if key in WORDS else asked.label
        rows.append((lines(label), lines(joined(asked.terms, say)), lines(f"{asked.found:,}")))
    yield Table(columns, tuple(rows))
    given = [(f"condition.{name}", values) for name, values in conditions.items() if values]
    given += [(f"setting.{n}", [value]) for n, value in _changed(results.settings, say)]
    if given:
        yield Fields(tuple((say(label), lines(joined(v, say))) for label, v in given))
    yield Paragraph(text(say("queries.note")), is_note=True)


def _changed(settings: Settings, say: Say) -> Iterator[tuple[str, str]]:
    """Give the settings that are not as they are by default, and their values."""
    usual = Settings()
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if value == getattr(usual, each.name):
            continue
        if isinstance(value, Mapping):
            yield each.name, ", ".join(f"{name} {weight:g}" for name, weight in value.items())
        elif isinstance(value, bool):
            yield each.name, say("yes" if value else "no")
        else:
            yield each.name, f"{value:g}"


def _coverage(results: NoveltyResults, facts: CorpusFacts, say: Say) -> Iterator[Block]:
    first, last = facts.first_published, facts.last_published
    range_ = say("coverage.range", first=first, last=last) if first else say("unknown")
    told = {
        "name": facts.name,
        "records": f"{facts.records:,}",
        "published": range_,
        "offices": joined([say("counted", value=v, records=n) for v, n in facts.offices], say),
        "sources": joined([say("counted", value=v, records=n) for v, n in facts.sources], say),
        "ingested": day_or_unknown(facts.last_ingested, say),
        "version": f"ipsearch {facts.version}",
        "searched": str(facts.searched),
    }
    yield Fields(tuple((say(f"coverage.{key}"), lines(value)) for key, value in told.items()))
    for warning in results.warnings:
        yield Paragraph(text(say(warning.key, **warning.values)))
    yield Paragraph(text(say("coverage.only")))
