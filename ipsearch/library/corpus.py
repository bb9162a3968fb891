"""The front door: everything that can be done with a corpus, by theme in the modules beside."""

from __future__ import annotations

from ipsearch.library.asking import Asking
from ipsearch.library.clearing import Clearing
from ipsearch.library.conflicts import Conflicts
from ipsearch.library.keeping import Keeping
from ipsearch.library.prior_art import PriorArt
from ipsearch.library.watching import Watching


class Corpus(Keeping, Asking, Conflicts, Clearing, PriorArt, Watching):
    """Patents and marks in one folder, kept and findable.

    Reading sees one state, that of the moment of opening, until `refresh`. Safe to use from
    several threads.
    """
