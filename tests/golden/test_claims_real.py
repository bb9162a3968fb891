"""Real claims: what was read by eye is what is parsed. Nothing of them is kept but numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

import ipsearch
from ipsearch.novelty.claims import Claim, parse_claims, with_parents

DATA = Path(__file__).parents[2].parent / "shared" / "data"
FOLDERS = ("cnipa_xml", "uspto_patent", "ep_fulltext")
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="no real data here")

INDEPENDENT = {  # read by eye
    "CN85100312A": [1],
    "CN102025678A": [1, 11, 14],  # 14 has the device of 11
    "CN101945314B": [1, 6, 7],
    "CN110083831A": [1],
    "CN104223590A": [1],
    "CN201010241222.4": [1],
    "CN201810393213.3": [1],
    "EP1667425A1": [1, 2, 3, 4, 5, 6, 8, 9],  # 8 and 9: a program, a medium for the program
    "US6336130B1": [1, 9, 18],
    "US6337117B1": [1, 20, 27, 30, 32, 34],  # 34: a disk with the device of 1
    "US6859910B2": [1],
    "US6970935B1": [1, 22, 30],
    "US7272630B2": [1, 10, 14],
    "US8926509B2": [1, 6, 11, 17, 22, 27],
    "US8927118B2": [1, 2, 3, 4, 5, 6, 7, 8],  # 5 to 8: devices with the material of 1 to 4
    "US8930553B2": [1, 8],
    "US20010000044A1": [1, 13, 19],
    "US20010000943A1": [1, 8, 9, 11],
    "US20010009014A1": [1, 30, 34, 37, 39, 40, 42, 43, 44, 45, 48, 49, 53, 54, 55],
    "US20050004437A1": [1],
    "US20050004974A1": [1, 10],
    "USD435854S": [1],
    "US20250301933A1": [1],
    "US20250301934A1": [1, 17, 18],
}
DEPENDS_ON = {
    "CN85100312A": {3: (1, 2), 4: (1, 3), 5: (1, 4)},
    "CN102025678A": {4: (2, 3), 5: (1, 2, 3), 9: (1, 2, 3, 8), 12: (11,), 14: (11, 12)},
    "CN101945314B": {5: (1, 2, 3, 4)},
    "CN104223590A": {9: (1, 2, 3), 10: (9,)},
    "EP1667425A1": {7: (1,), 8: (3, 4), 9: (8,)},
    "US6337117B1": {34: (1,), 39: (34,)},
    "US20010000943A1": {12: (11,), 13: (11, 12)},
}
FEATURES = {  # how many the first claim has, the preamble among them
    "CN85100312A": 4,
    "CN102025678A": 5,
    "CN104223590A": 7,
    "CN110083831A": 18,
    "EP1667425A1": 4,
    "US6336130B1": 3,
    "US6859910B2": 8,
    "US7272630B2": 6,
    "US20010000044A1": 6,
    "US20050004437A1": 5,
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """Labels and texts of the claims of every record that has some."""
    corpus = ipsearch.create(tmp_path_factory.mktemp("claims") / "corpus", shards=1)
    for folder in FOLDERS:
        corpus.ingest(DATA / folder)
    return {
        row["id"]: [(claim["label"], claim["text"]) for claim in row["claims"]]
        for batch in corpus.batches("patent")
        for row in batch.to_pylist()
        if row["claims"]
    }


@pytest.fixture(scope="module")
def parsed(records: dict[str, list[tuple[str, str]]]) -> dict[str, list[Claim]]:
    return {
        id_: parse_claims([f"{label}. {text}" for label, text in claims])
        for id_, claims in records.items()
    }


def test_every_claim_is_read_as_it_was_delivered(
    records: dict[str, list[tuple[str, str]]], parsed: dict[str, list[Claim]]
) -> None:
    """Numbers and texts are those of the record, with its labels in front or without."""
    assert set(records) == set(INDEPENDENT)
    for id_, claims in records.items():
        delivered = [(int(label), text.strip()) for label, text in claims]
        assert [(claim.number, claim.text) for claim in parsed[id_]] == delivered
        bare = parse_claims([text for _, text in claims])
        assert [(claim.number, claim.text) for claim in bare] == delivered


@pytest.mark.parametrize("gap", ["\n", " "])
def test_a_whole_set_in_one_text_is_divided_again(
    records: dict[str, list[tuple[str, str]]], parsed: dict[str, list[Claim]], gap: str
) -> None:
    """Joined to one text, with line breaks or without, a set gives the same claims."""
    for id_, claims in records.items():
        joined = parse_claims([gap.join(f"{label}. {text}" for label, text in claims)])
        assert joined == parsed[id_], id_


def test_what_claims_depend_on(parsed: dict[str, list[Claim]]) -> None:
    """Independent claims are those read by eye, every other refers to an earlier one."""
    for id_, claims in parsed.items():
        independent = [claim.number for claim in claims if claim.is_independent]
        assert independent == INDEPENDENT[id_], id_
        for claim in claims:
            assert claim.is_independent or claim.depends_on
            assert all(number < claim.number for number in claim.depends_on)
        for number, expected in DEPENDS_ON.get(id_, {}).items():
            assert claims[number - 1].depends_on == expected


def test_features(parsed: dict[str, list[Claim]]) -> None:
    """First claims have as many features as were counted by eye; no feature is lost."""
    for id_, expected in FEATURES.items():
        assert len(parsed[id_][0].features) == expected, id_
    for claims in parsed.values():
        for claim in claims:
            assert claim.features
            assert with_parents(claims, claim)[-len(claim.features) :] == claim.features
            covered = sum(feature.end - feature.begin for feature in claim.features)
            assert covered >= len(claim.characterising) * 0.85
