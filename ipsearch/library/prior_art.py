"""Novelty search: from an invention to the nearest prior art, and its report."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ipsearch.library.opened import Opened, page

if TYPE_CHECKING:
    from ipsearch.novelty.results import NoveltyResults
    from ipsearch.novelty.settings import Settings
    from ipsearch.novelty.synonyms import Synonyms


class PriorArt(Opened):
    """What comes near to an invention."""

    def novelty(
        self,
        text: str | None = None,
        *,
        number: str | None = None,
        record: Mapping[str, Any] | None = None,
        claim: int | None = None,
        before: date | None = None,
        limit: int = 100,
        evidence: int = 0,
        in_class: str | Sequence[str] = (),
        like: Sequence[str] = (),
        unlike: Sequence[str] = (),
        synonyms: Synonyms | None = None,
        settings: Settings | None = None,
    ) -> NoveltyResults:
        """Find the documents nearest to an invention, nearest first, in two labelled lists.

        The invention is a `text` (a claim set, a claim, an idea), the record of a `number`, or a
        `record`'s columns. Prior art was published before the effective date: `before`, or else
        the record's priority or filing date. Conflicting applications were filed before it and
        published on it or after, at the same office. One row a family; the invention's own family
        is in neither list. `limit` is for each list.

        Of the first `evidence` hits of each list, the features of `claim` (by default the first
        independent one) are charted: the best passage for each, and how far it covers it.
        `in_class` keeps what is in one of some classes. `like` and `unlike` are numbers of records
        that a searcher judged. Raises `QueryError` if none of the words is known, a number is not
        there, or a claim.
        """
        from ipsearch.novelty.asking import ask as ask_novelty
        from ipsearch.novelty.settings import Settings
        from ipsearch.novelty.synonyms import Synonyms

        state = self._kind_state("patent")
        limit, _ = page(limit, 0, state.record_count)
        return ask_novelty(
            state,
            self._analyzer.segmenter(),
            text=text,
            number=number,
            record=record,
            claim=claim,
            before=before,
            limit=limit,
            evidence=evidence,
            in_class=[in_class] if isinstance(in_class, str) else in_class,
            like=like,
            unlike=unlike,
            synonyms=synonyms or Synonyms(),
            settings=settings or Settings(),
        )

    def novelty_report(
        self,
        results: NoveltyResults,
        path: str | os.PathLike[str],
        *,
        language: Literal["zh", "en"] = "zh",
        conditions: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Write the search report (检索报告) of a novelty search in this corpus, dated today.

        Markdown, HTML or Word by the file's ending; `conditions` are as in `novelty.make_report`.
        Raises `UnknownNameError` for another ending.
        """
        from ipsearch import __version__
        from ipsearch.novelty.report_facts import corpus_facts
        from ipsearch.novelty.report_file import write_report

        state = self._kind_state("patent")
        facts = corpus_facts(self._layout, state, __version__, date.today())
        write_report(results, path, facts, language=language, conditions=conditions)
