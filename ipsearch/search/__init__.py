"""Here is a question, give me hits."""

from ipsearch.search.compile import Compiled, Compiler, Needle
from ipsearch.search.execute import Filters, as_point, run
from ipsearch.search.highlight import Highlight
from ipsearch.search.hits import Hit, MarkHit, Results
from ipsearch.search.parser import parse
from ipsearch.search.similar import compile_similar

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
    "compile_similar",
    "parse",
    "run",
]
