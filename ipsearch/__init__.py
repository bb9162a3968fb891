"""Patent and trademark search on one machine: bulk files in, answers out.

>>> import ipsearch
>>> corpus = ipsearch.create("indexes/mine")            # doctest: +SKIP
>>> corpus.ingest(["deliveries/"])                      # doctest: +SKIP
>>> for hit in corpus.query('"石墨烯" AND ipc:H01M'):    # doctest: +SKIP
...     hit.rank, hit.id, hit.title
"""

from ipsearch.errors import IpsearchError
from ipsearch.library import Corpus, create, open
from ipsearch.search.building import exact, field, near, within, word

__all__ = [
    "Corpus",
    "IpsearchError",
    "create",
    "exact",
    "field",
    "near",
    "open",
    "within",
    "word",
]
__version__ = "0.1.0"
