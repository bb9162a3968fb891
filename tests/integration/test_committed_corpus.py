"""Corpora that earlier versions wrote are read by this one, or by the command that it names."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

import ipsearch
from ipsearch.corpus import upkeep
from ipsearch.corpus.catalog import FORMAT_VERSION
from ipsearch.errors import CorpusError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
COMMITTED = sorted(DATA.glob("corpus-v*/"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that made them, and says what they answer."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import make_committed_corpus
    finally:
        sys.path.pop(0)
    module: ModuleType = make_committed_corpus
    return module


@pytest.mark.parametrize("committed", COMMITTED, ids=lambda path: path.name)
def test_committed_corpus(committed: Path, script: ModuleType, tmp_path: Path) -> None:
    """Each is whole, and holds and finds what it did when it was made; it is written to as well."""
    path = Path(shutil.copytree(committed, tmp_path / "corpus"))
    try:
        ipsearch.open(path)
    except CorpusError as error:
        assert f"`ipsearch migrate {path}`" in str(error)
        ipsearch.migrate(path, workers=1)
    assert ipsearch.check(path, workers=1).faults == []
    expected = json.loads(committed.with_suffix(".json").read_text(encoding="utf-8"))
    answers = json.loads(json.dumps(script.answers(path), default=str))
    columns = {kind: set(rows[0]) for kind, rows in expected["records"].items()}
    for kind, rows in answers["records"].items():  # a later version may have more columns
        answers["records"][kind] = [{n: row[n] for n in columns[kind]} for row in rows]
    assert answers == expected
    with ipsearch.open(path) as corpus:
        before = corpus.count("patent")
        corpus.ingest(ROOT / "samples" / "lens.jsonl", workers=1)
        assert corpus.count("patent") > before


def test_the_next_one_can_be_made(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script makes a small corpus with merged, replaced and removed records, whole."""
    monkeypatch.setattr(upkeep, "MOST_DEAD", upkeep.MOST_DEAD)  # the script sets it
    path = tmp_path / "corpus"
    script.make(path)
    assert ipsearch.check(path, workers=1).faults == []
    assert sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) < 300_000
    assert all(script.answers(path)["found"].values())
    with ipsearch.open(path) as corpus:
        assert corpus.info()["kinds"]["patent"]["dead_rows"] > 0


def test_there_is_one_of_this_version() -> None:
    """From its first release on, a version of the format has its corpus among these."""
    assert DATA / f"corpus-v{FORMAT_VERSION}" in COMMITTED
