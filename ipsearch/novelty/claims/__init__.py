"""Here is the text of claims, give me each claim, what it depends on and its features.

The texts are a record's or what somebody typed: one claim, a set of them, or no claim at all but a
description, which then counts as one claim. Chinese (simplified or traditional) and English are
read by the same steps: numbers divide a set into claims, a transition (其特征在于, comprising)
divides a claim into preamble and characterising part, and both are cut into features at semicolons,
full stops, line breaks and the marks of steps; what is still long also at commas.
"""

from ipsearch.novelty.claims.claim import Claim, Feature, choose, with_parents
from ipsearch.novelty.claims.parsing import parse_claim, parse_claims
from ipsearch.novelty.claims.sets import split_claims

__all__ = [
    "Claim",
    "Feature",
    "choose",
    "parse_claim",
    "parse_claims",
    "split_claims",
    "with_parents",
]
