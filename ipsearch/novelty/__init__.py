"""Here is an invention, give me the nearest prior art, with evidence."""

from ipsearch.novelty.claims import Claim, Feature, parse_claims
from ipsearch.novelty.evidence import Chart, Match, Pair
from ipsearch.novelty.report_facts import CorpusFacts
from ipsearch.novelty.report_file import write_report
from ipsearch.novelty.results import Caution, NoveltyHit, NoveltyResults
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import Subject, from_record, from_text

__all__ = [
    "Caution",
    "Chart",
    "Claim",
    "CorpusFacts",
    "Feature",
    "Match",
    "NoveltyHit",
    "NoveltyResults",
    "Pair",
    "Settings",
    "Subject",
    "from_record",
    "from_text",
    "parse_claims",
    "write_report",
]
