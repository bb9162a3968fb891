"""The lines that benchmarks leave behind: one JSON object each, readable in five years.

What is measured: nothing here; this names what the others measure.
Corpus model: named by how to make it again, and by the SHA-256 of its file.
Notes: units are in the keys; what a run did not measure is null, never 0.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import machine

RESULTS = Path(__file__).parent / "results"

THROUGHPUT_KEYS = (
    "task",  # "ingest", or "naive-tantivy-jieba" for the comparison
    "corpus",
    "corpus_sha256",
    "corpus_bytes",  # of the JSON Lines
    "records",
    "characters",  # of titles, abstracts, claims and descriptions
    "ingest_s",
    "records_per_s",
    "characters_per_s",
    "cpu_s",  # all processes
    "stages",  # [{"name", "wall_s", "cpu_s"}]
    "peak_largest_rss_bytes",  # the largest process; resident, mapped files included
    "peak_sum_rss_bytes",  # all processes at one moment
    "peak_largest_anon_bytes",  # as above, without files
    "peak_sum_anon_bytes",
    "index_bytes",
    "index_bytes_per_record",
    "index_bytes_per_character",  # of title, abstract, claims and description
    "records_bytes",  # the Parquet parts
    "records_bytes_per_record",
    "queries",
    "query_p50_ms",  # warm, ten hits
    "query_p95_ms",
    "terms_p50_ms",
    "terms_p95_ms",
    "phrase_p50_ms",
    "phrase_p95_ms",
    "filter_p50_ms",
    "filter_p95_ms",
    "cold_query_s",  # the command from start to end
)


LATENCY_KEYS = (
    "task",  # "latency"
    "corpus",
    "corpus_sha256",  # of the JSON Lines; of a folder given, of its parts' names, sizes and rows
    "records",
    "shards",
    "segments",
    "index_bytes",
    "records_bytes",
    "categories",  # {category: {"ranked_p50_ms": ..., "shown_p95_ms": ..., "asked": ...}}
    "anon_bytes",  # of the process that asked, after all queries; files it maps are not in it
    "cold_query_s",  # the command from start to end, median of five
    "exact",  # {"texts", "scanned_records", "wanted", "recall", "precision", "differing"}
)

UPDATE_KEYS = (
    "task",  # "update"
    "corpus",
    "corpus_sha256",
    "records",  # before the update
    "delta_records",
    "replacements",
    "update_s",
    "cpu_s",
    "stages",
    "peak_largest_anon_bytes",
    "records_after",
    "is_exact",  # counts, replaced texts gone, new ones found
    "index_bytes_before",
    "index_bytes_after",
    "segments_before",
    "segments_after",
    "categories_before",
    "categories_after",
)

SCALE_KEYS = (
    "task",  # "scale"
    "corpus",
    "corpus_sha256",  # of the SHA-256 of each input file, in their order
    "records",
    "build_s",  # all ingestions so far; making the input is not in it
    "interruptions",  # ingestions broken off and gone on with, whose lost time is not in it
    "records_per_s",
    "last_million_records_per_s",  # or since the point before, if that is less
    "cpu_s",
    "peak_largest_anon_bytes",  # of any process of any ingestion so far
    "peak_sum_anon_bytes",
    "index_bytes",
    "index_bytes_per_record",
    "records_bytes",
    "records_bytes_per_record",
    "shards",
    "segments",
    "parts",
    "categories",
    "search_anon_bytes",
    "cold_query_s",
)

PEER_KEYS = (
    "task",  # whose figures: "ipsearch", "fts5", "lucene-cjk" ...
    "run",  # the same for all lines of one run
    "version",
    "corpus",
    "corpus_sha256",
    "corpus_bytes",
    "records",
    "characters",
    "does",  # what it does of the whole task, in words
    "build_s",  # from JSON Lines to what can be searched
    "records_per_s",
    "characters_per_s",
    "cpu_s",
    "peak_largest_anon_bytes",
    "peak_sum_anon_bytes",
    "peak_sum_rss_bytes",
    "bytes",  # all that it keeps
    "bytes_per_record",
    "index_bytes",  # of these, without records, where that can be told
    "index_bytes_per_record",
    "index_bytes_per_character",
    "categories",  # {category: {"ranked_p50_ms": ...}}
    "skipped",  # the reason, if it could not be run
    "figures",  # what else this line has to say
)

CLEARANCE_KEYS = (
    "task",  # "clearance"
    "corpus",
    "corpus_sha256",  # of the SHA-256 of each input file, in their order
    "records",
    "records_per_s",
    "bytes_per_record",  # all that a corpus keeps
    "plain_p50_ms",  # of the whole call for 50 hits
    "plain_p95_ms",
    "plain_max_ms",
    "in_class_p50_ms",  # with a class, live marks alone
    "in_class_p95_ms",
    "in_class_max_ms",
    "pairs",  # of similar signs
    "partner_in_first_10",  # share of them, all partners of all pairs in the corpus
    "partner_alone_in_first_10",  # the other partners of a sign left out
    "unlike_in_first_10",  # of the pairs that are not similar
    "alerts_two",  # per 100,000 marks and watched name of two characters, any class
    "alerts_longer",
    "scanned_signs",
    "scan_wanted",  # the first 50 of comparing with every mark, ties counted as one sees fit
    "scan_missed",
    "search_anon_bytes",
)

PERCOLATION_KEYS = (
    "task",  # "percolation"
    "marks",  # in the corpus before
    "patents",
    "delta_marks",  # that came in
    "delta_patents",
    "watched_marks",
    "watched_patents",
    "run_s",  # the command from start to end
    "cpu_s",
    "peak_largest_anon_bytes",
    "peak_sum_anon_bytes",
    "alerts_marks",
    "alerts_patents",
    "checked_marks",  # watches compared with everything that came in
    "sign_pairs",  # of theirs, above the threshold whatever the goods
    "sign_pairs_found_share",  # of these, by their keys
    "wanted_marks",  # alerts by comparing with everything
    "found_share_marks",  # of these, raised
    "unwanted_marks",  # raised beyond these
    "checked_patents",
    "wanted_patents",
    "found_share_patents",
    "unwanted_patents",
    "compared_s",
)

NOVELTY_KEYS = (
    "task",  # "novelty"
    "corpus",
    "corpus_sha256",  # of its parts' names, sizes and rows
    "records",
    "shards",
    "segments",
    "queries",
    "first_p50_ms",  # 50 hits of each list, by the first stage alone
    "first_p95_ms",
    "first_max_ms",
    "second_p50_ms",  # with the texts of 200 hits read again
    "second_p95_ms",
    "second_max_ms",
    "evidence_p50_ms",  # with that, and evidence for all 50
    "evidence_p95_ms",
    "evidence_max_ms",
)

EFFECTIVENESS_KEYS = (
    "task",  # "effectiveness"
    "run",  # the same for all lines of one run
    "set",  # queries and what is relevant to them
    "system",  # "plain", "ours", or ours with something changed
    "changes",  # of ours' settings
    "corpus",
    "corpus_sha256",  # of the file ingested; of a folder given, of its parts' names, sizes and rows
    "records",
    "queries",
    "relevant_per_query",  # families
    "limit",  # hits asked for
    "ap",  # all of these are means over the queries, 0 to 1
    "rr",
    "recall_at_10",
    "recall_at_100",
    "recall_at_1000",
    "ndcg_at_10",
    "ndcg_at_100",
    "pres_at_1000",
    "differences",  # {"plain": {"ap": {"difference", "low", "high", "p"}, "recall_at_100": ...}}
    "failed",  # queries that raised an error: they found nothing
    "skipped",  # the reason, if the set could not be made
)

FAULT_KEYS = (
    "task",  # "kills", "soak" or "readers"
    "seed",
    "elapsed_s",
    "kills",
    "kills_by_command",
    "kills_by_way",
    "rounds",  # commands killed some times, then run to their end
    "missed",  # commands that had ended before they were to be killed
    "shown_before",  # after how many kills the state before the command was shown, or that after it
    "shown_after",
    "kept_parts",  # finished before a kill, and not made again
    "kept_generations",
    "changes",  # of the soak, by command
    "checks",
    "rivals",  # second writers, refused
    "questions",  # of readers
    "refreshes",
    "states_seen",
    "records",
    "open_files",  # at each tenth of the questions
    "anon_bytes",
    "faults",  # what was lost or wrong
)


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Lay `rows` out as a Markdown table; `columns` are key -> heading. None is a dash."""
    lines = [f"| {' | '.join(columns.values())} |", "|---" * len(columns) + "|"]
    for row in rows:
        cells = (_cell(row.get(key)) for key in columns)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def append(path: Path, keys: tuple[str, ...], figures: dict[str, Any]) -> dict[str, Any]:
    """Add one line to `path`: date, commit and machine, then `keys` in order; return it.

    Raises `KeyError` if `figures` has a key that is not in `keys`.
    """
    unknown = figures.keys() - set(keys)
    if unknown:
        raise KeyError(f"not among the keys of a line: {', '.join(sorted(unknown))}")
    line = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": machine.commit(),
        "machine": machine.describe_machine(),
        **{key: figures.get(key) for key in keys},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return line
