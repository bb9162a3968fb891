"""Here are a corpus's settings, can this version of the library read what they say?

The version of the records, that of the index, and the fingerprint of the analyzer. Index and terms
are made of the records: if they are of another version, they are made anew (`migrate`). Records of
another version are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipsearch.analysis import Analyzer
from ipsearch.errors import AnalyzerMismatchError, CorpusError
from ipsearch.index import INDEX_VERSION
from ipsearch.records import SCHEMA_VERSION


def current_settings(analyzer: Analyzer) -> dict[str, str]:
    """Give the settings of a corpus that is written by this version."""
    return {
        "schema_version": SCHEMA_VERSION,
        "index_version": INDEX_VERSION,
        "analyzer": analyzer.fingerprint,
    }


def make_analyzer(words: str) -> Analyzer:
    """Make the analyzer of a corpus with these words of its own, one a line; "" for none."""
    return Analyzer.with_words(words.splitlines()) if words else Analyzer()


def check_schema(root: Path, settings: Mapping[str, Any]) -> None:
    """Raise `CorpusError` if the records are of another version."""
    if settings.get("schema_version") != SCHEMA_VERSION:
        raise CorpusError(
            f"{root}: its records are of schema version {settings.get('schema_version')}, this"
            f" library has {SCHEMA_VERSION}: their columns mean something else, so they cannot be"
            " kept; ingest the files into a new corpus"
        )


def check_settings(root: Path, settings: Mapping[str, Any], words: str) -> Analyzer:
    """Give the analyzer that a corpus was indexed with.

    Raises `CorpusError` or `AnalyzerMismatchError`, naming the command that helps, if records,
    index or terms are of another version than this library's.
    """
    check_schema(root, settings)
    if settings.get("index_version") != INDEX_VERSION:
        raise CorpusError(
            f"{root}: its index is of version {settings.get('index_version')}, this library has"
            f" {INDEX_VERSION}; `ipsearch migrate {root}` keeps the records and indexes them anew"
        )
    analyzer = make_analyzer(words)
    if analyzer.fingerprint != settings.get("analyzer"):
        raise AnalyzerMismatchError(
            f"{root}: indexed with analyzer {settings.get('analyzer')}, this one is"
            f" {analyzer.fingerprint} (another version of ipsearch or of its dictionary): terms"
            f" would not meet; `ipsearch migrate {root}` keeps the records and indexes them anew"
        )
    return analyzer
