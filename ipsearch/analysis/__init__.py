"""Here is a text, give me its terms. The only place that knows jieba."""

from ipsearch.analysis.analyzer import ANALYZER_VERSION, Analyzer
from ipsearch.analysis.folding import RESERVED, fold, fold_with_offsets
from ipsearch.analysis.segmentation import (
    LONGEST_WORD,
    SPACE,
    TEXT_END,
    VALUE,
    VALUE_END,
    CutTexts,
    Segmenter,
    Term,
    units,
)

__all__ = [
    "ANALYZER_VERSION",
    "LONGEST_WORD",
    "RESERVED",
    "SPACE",
    "TEXT_END",
    "VALUE",
    "VALUE_END",
    "Analyzer",
    "CutTexts",
    "Segmenter",
    "Term",
    "fold",
    "fold_with_offsets",
    "units",
]
