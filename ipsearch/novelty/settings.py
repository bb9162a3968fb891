"""How a novelty search weighs what it sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be tuned; `python -m benchmarks effectiveness` says what each is worth."""

    fields: Mapping[str, float] = field(
        default_factory=lambda: {"ti": 1.0, "ab": 1.0, "cl": 1.0, "de": 1.0}
    )
    """Fields of the index that are searched, and what a match in each counts for."""
    most_terms: int = 80
    """Terms of the query: the most telling of the subject."""
    rareness: float = 1.0
    """Power of a word's rareness by which it counts more, beside what the engine counts for it; a
    short text's words count by half the power."""
    by_script: bool = True
    """Whether a word is rare among the records of its script, or among all."""
    commonest: float = 1.0
    """Share of the records of its script beyond which a word is not searched with; 1 is off: that
    such a word counts little, by its rareness, is as good."""
    negligible: float = 0.01
    """What words that are not ranked by may count for, all together, to the most telling one: those
    that nearly all records have. They are, where too few records have another."""
    title: float = 2.0
    """How many times a word of the subject's own title counts as said."""
    parts: float = 0.5
    """What a word of the dictionary within a longer word of the subject counts for, to a word."""
    other_forms: float = 0.5
    """What another English form of a word counts for, to the form that the subject has."""
    ipc_boost: float = 0.0
    """What agreement in a class counts for, to a word as rare; 0 is off: no set here shows that it
    helps."""
    second_stage: int = 200
    """Hits of the first stage whose texts are read and ranked again; 0 is off."""
    passages: float = 1.0
    """What the best passages count for in the second stage, to the best score of the first."""
    like_weight: float = 0.5
    """What the words of documents marked as like count for, to those of the subject."""
    unlike_weight: float = 0.5
    """What is taken off a word's weight that documents marked as unlike have as well."""
