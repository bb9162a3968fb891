"""Here is a question, give me hits."""

from ipsearch.search.compile import Compiler
from ipsearch.search.compiled import Compiled, Needle
from ipsearch.search.execute import Filters, as_point
from ipsearch.search.highlight import Highlight
from ipsearch.search.hits import Hit, MarkHit, Results
from ipsearch.search.parser import parse

__all__ = [
    "Compiled",
    "Compiler",
    "Filters",
    "Highlight",
    "Hit",
    "MarkHit",
    "Needle",
    "Results",
    "as_point",
    "parse",
]
