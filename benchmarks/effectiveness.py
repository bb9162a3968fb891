"""What a novelty search finds, against plain ranking by words, and what each of its levers does.

What is measured: AP, RR, recall at 10, 100 and 1,000, nDCG at 10 and 100 (by ir-measures), PRES at
    1,000 (`pres`), means over the queries; of AP and recall at 100 the differences to the plain
    ranking, to ours as it is, and to the same queries in the other script (`paired`).
Corpus model: see `effectiveness_sets`.
Notes: all systems search the same corpus in one run, for 1,000 hits each. A hit is a family, where
    its first member is; a family is relevant if one of its members is. A query that fails, since no
    record has its words, has found nothing. Of ours the list of prior art counts alone: what is
    relevant by citation was published before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ipsearch
from benchmarks import effectiveness_sets, lines
from benchmarks.effectiveness_related import of_corpus
from benchmarks.effectiveness_report import as_markdown, last_of_each_set
from benchmarks.judged import JudgedSet, Missing, Query
from benchmarks.paired import compare
from benchmarks.pres import pres
from benchmarks.throughput import BenchmarkError
from ipsearch.errors import QueryError

LIMIT = 1_000
MEASURES = {
    "ap": "AP",
    "rr": "RR",
    "recall_at_10": "R@10",
    "recall_at_100": "R@100",
    "recall_at_1000": "R@1000",
    "ndcg_at_10": "nDCG@10",
    "ndcg_at_100": "nDCG@100",
}
"""Key of a line -> the name in ir-measures; PRES is ours."""
COMPARED = ("ap", "recall_at_100")
PLAIN, OURS = "plain", "ours"

Values = dict[str, dict[str, float]]
"""Measure -> id of a query -> value."""


class System(NamedTuple):
    """One way of searching: what it changes of our settings; None for the plain ranking."""

    name: str
    changes: Mapping[str, Any] | None


SYSTEMS = (
    System(PLAIN, None),
    System(OURS, {}),
    System("rareness counts once", {"rareness": 0.0}),
    System("scripts as one", {"by_script": False}),
    System("stop list: a tenth of records", {"commonest": 0.1}),
    System("words that hardly count too", {"negligible": 0.0}),
    System("title as text", {"title": 1.0}),
    System("titles found twice", {"fields": {"ti": 2.0, "ab": 1.0, "cl": 1.0, "de": 1.0}}),
    System("no words within words", {"parts": 0.0}),
    System("no other forms", {"other_forms": 0.0}),
    System("classes count", {"ipc_boost": 1.0}),
    System("classes twice", {"ipc_boost": 2.0}),
    System("no second stage", {"second_stage": 0}),
    System("marks do not count", {"like_weight": 0.0}),
    System("40 terms", {"most_terms": 40}),
    System("160 terms", {"most_terms": 160}),
)


def run_effectiveness(
    folder: Path,
    *,
    names: Sequence[str] = (),
    corpora: Sequence[Path] = (),
    count: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Measure the named sets and those of ingested corpora; all there are if neither is given.

    Of each set `count` queries at the most. Returns the lines of results; a set that cannot be made
    is one with the reason. Raises `BenchmarkError` if ir-measures is not installed.
    """
    _measures()
    if not names and not corpora:
        names = effectiveness_sets.NAMES
    run = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    done: list[dict[str, Any]] = []
    measured: dict[tuple[str, str], Values] = {}  # set, system

    def report(figures: dict[str, Any]) -> None:
        figures = {"task": "effectiveness", "run": run, "limit": LIMIT, **figures}
        path = lines.RESULTS / "effectiveness.jsonl"
        done.append(lines.append(path, lines.EFFECTIVENESS_KEYS, figures))

    for name in names:
        try:
            judged = effectiveness_sets.load(name, folder, count, seed)
        except Missing as error:
            print(f"{name}: {error}", flush=True)
            report({"set": name, "skipped": str(error)})
            continue
        _measure_set(judged, measured, report)
    for corpus in corpora:
        _measure_set(of_corpus(corpus, count, seed), measured, report)
    kept = (lines.RESULTS / "effectiveness.jsonl").read_text(encoding="utf-8").splitlines()
    table = as_markdown(last_of_each_set([json.loads(line) for line in kept]))
    (lines.RESULTS / "effectiveness.md").write_text(table, encoding="utf-8")
    return done


def _measure_set(
    judged: JudgedSet,
    measured: dict[tuple[str, str], Values],
    report: Callable[[dict[str, Any]], None],
) -> None:
    with ipsearch.open(judged.folder) as corpus:
        searcher = Searcher(corpus)
        qrels = searcher.by_family(judged.qrels)
        common = {
            "set": judged.name,
            "corpus": judged.corpus,
            "corpus_sha256": judged.corpus_sha256,
            "records": corpus.count("patent"),
            "queries": len(judged.queries),
            "relevant_per_query": round(sum(map(len, qrels.values())) / len(qrels), 3),
        }
        for system in searcher.differing(SYSTEMS, judged.queries):
            if judged.levers is not None and not {*judged.levers}.issuperset(system.changes or {}):
                continue
            hits, failed = searcher.run(system, judged.queries)
            values = measure(qrels, hits)
            others = {
                other: measured[judged.name, other]
                for other in (PLAIN, OURS)
                if (judged.name, other) in measured
            }
            original = measured.get((judged.variant_of or "", system.name))
            if original is not None:
                others[str(judged.variant_of)] = original
            measured[judged.name, system.name] = values
            means = {key: round(sum(each.values()) / len(each), 5) for key, each in values.items()}
            print(f"{judged.name}, {system.name}: AP {means['ap']:.4f}", flush=True)
            report(
                {
                    **common,
                    "system": system.name,
                    "changes": dict(system.changes or {}),
                    **means,
                    "differences": {name: _differ(values, than) for name, than in others.items()},
                    "failed": failed,
                }
            )


class Searcher:
    """Puts queries to one corpus and tells what is found by family."""

    def __init__(self, corpus: ipsearch.Corpus) -> None:
        self._corpus = corpus
        self._state: Any = corpus._kind_state("patent")  # the one that `corpus` searches
        self._segmenter = corpus._analyzer.segmenter()
        self._families: dict[str, str] = {}

    def by_family(self, qrels: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
        """Give what is relevant to each query as families."""
        return {id_: frozenset(self._families_of(ids)) for id_, ids in qrels.items()}

    def differing(self, systems: Iterable[System], queries: Iterable[Query]) -> list[System]:
        """Leave out what these queries cannot tell from ours as it is.

        Without classes, features, titles, more words than are taken, a lever has nothing to move.
        """
        from ipsearch.novelty import Settings
        from ipsearch.novelty.weighing import LONG, count_terms, is_han

        movable, longest, most = set(), 0, Settings().most_terms
        for query in queries:
            subject = self._subject(query)
            terms = count_terms(subject.text, self._segmenter)
            han = sum(map(is_han, terms))
            longest = max(longest, len(terms))
            signs = {
                "ipc_boost": subject.classes,
                "second_stage": subject.features,
                "passages": subject.features,
                "title": "ti" in subject.texts,
                "fields": "ti" in subject.texts,
                "like_weight": query.like,
                "by_script": max(han, len(terms) - han) >= LONG,
                "other_forms": len(terms) > han,
                "parts": han,
            }
            movable |= {key for key, sign in signs.items() if sign}
            movable |= {"rareness", "commonest", "negligible"}

        def differs(system: System) -> bool:
            changes = dict(system.changes or {})
            terms = changes.pop("most_terms", most)
            is_cut = terms != most and longest > min(terms, most)
            return not system.changes or is_cut or not movable.isdisjoint(changes)

        return [system for system in systems if differs(system)]

    def run(self, system: System, queries: Iterable[Query]) -> tuple[dict[str, list[str]], int]:
        """Give the families found for each query, best first; and how many failed."""
        found: dict[str, list[str]] = {}
        failed = 0
        for query in queries:
            try:
                ids = self._plain(query) if system.changes is None else self._ours(query, system)
            except QueryError:
                ids, failed = [], failed + 1
            marked = self._families_of([query.like] if query.like else [])
            found[query.id] = [f for f in self._families_of(ids) if f not in marked][:LIMIT]
        return found, failed

    def _ours(self, query: Query, system: System) -> list[str]:
        from ipsearch.novelty import Settings

        hits = self._corpus.novelty(
            query.text,
            number=query.number,
            before=query.before,
            limit=LIMIT,
            like=[query.like] if query.like else [],
            settings=Settings(**(system.changes or {})),
        )
        self._families |= {hit.id: hit.family_id for hit in hits if hit.family_id}
        return [hit.id for hit in hits if hit.list == "prior_art"]

    def _plain(self, query: Query) -> list[str]:
        """Rank by BM25 over all words of the query, each once, in every field that ours searches.

        What is the query's own, and what was published too late, is left out as ours does.
        """
        import tantivy

        from ipsearch.index import any_of, engine_schema
        from ipsearch.novelty import Settings, lists
        from ipsearch.novelty.weighing import count_terms
        from ipsearch.search.execute import fan_out
        from ipsearch.search.texts import raised

        subject = self._subject(query)
        schema, frequencies = engine_schema("patent"), self._state.frequencies
        clauses: list[list[Any]] = [[] for _ in self._state.shards]
        for term in sorted(count_terms(subject.text, self._segmenter)):
            for name in Settings().fields:
                if not frequencies.of(name, term):
                    continue
                clause = tantivy.Query.term_query(schema, name, term)
                factors = frequencies.factors(name, [term])
                for shard, factor in zip(clauses, factors, strict=True):
                    shard.append(raised(clause, factor))
        if not clauses[0]:
            raise QueryError("none of the text's words stands in any record")
        own = lists.own(subject)
        queries = [lists.without(any_of(shard), own) for shard in clauses]
        filters = lists.published_before(subject.effective_date)
        asked = LIMIT
        while True:  # until there are enough families: some have several members
            places = fan_out(self._state, queries, asked, filters)
            rows = self._state.rows([(p.shard, p.address) for p in places], ["id"])
            ids = [row["id"] for row in rows]
            if len(places) < asked or len(self._families_of(ids)) >= LIMIT:
                return ids
            asked *= 4

    def _subject(self, query: Query) -> Any:
        from ipsearch.novelty import from_record, from_text
        from ipsearch.records import SCHEMAS
        from ipsearch.search.lookup import rows_of_ids

        if query.text is not None:
            return from_text(query.text, before=query.before)
        names = [name for name in SCHEMAS["patent"].names if name != "id"]
        rows = rows_of_ids(self._state, [str(query.number)], [*names, "application_key"])
        return from_record(rows[str(query.number)], before=query.before)

    def _families_of(self, ids: Iterable[str]) -> list[str]:
        """Give the families of records, each once, in order; an application may stand for one."""
        from ipsearch.search.lookup import rows_of_ids

        ids = list(ids)
        unknown = [id_ for id_ in ids if id_ not in self._families]
        if unknown:
            rows = rows_of_ids(self._state, unknown, ["family_id", "application_key"])
            for id_, row in rows.items():
                self._families[id_] = row["family_id"] or row["application_key"]
        return list(dict.fromkeys(self._families[id_] for id_ in ids))


@cache
def _measures() -> Any:
    """Give ir-measures' own names for `MEASURES`."""
    try:
        import ir_measures
    except ImportError:
        raise BenchmarkError(
            "ir-measures is not installed: pip install -c constraints.txt -e '.[effectiveness]'"
        ) from None
    return {ir_measures.parse_measure(name): key for key, name in MEASURES.items()}


def measure(qrels: Mapping[str, Collection[str]], found: Mapping[str, Sequence[str]]) -> Values:
    """Measure what was found, best first, against what is relevant, for every query of `qrels`."""
    import ir_measures

    keys = _measures()
    values: Values = {key: dict.fromkeys(qrels, 0.0) for key in (*MEASURES, "pres_at_1000")}
    judged = {id_: dict.fromkeys(relevant, 1) for id_, relevant in qrels.items()}
    # Scores that say the order alone: equal ones would be put in another order.
    scored = {
        id_: {name: float(-rank) for rank, name in enumerate(names, start=1)}
        for id_, names in found.items()
        if names
    }
    for metric in ir_measures.iter_calc(list(keys), judged, scored):
        if metric.query_id in qrels:
            values[keys[metric.measure]][metric.query_id] = float(metric.value)
    for id_, relevant in qrels.items():
        names = found.get(id_, ())
        ranks = [rank for rank, name in enumerate(names, start=1) if name in relevant]
        values["pres_at_1000"][id_] = pres(ranks, len(relevant), LIMIT)
    return values


def _differ(values: Values, others: Values) -> dict[str, dict[str, float]]:
    """Compare two systems, or the same queries in two scripts, query by query."""
    return {
        key: compare(list(values[key].values()), [others[key][id_] for id_ in values[key]])
        for key in COMPARED
    }
