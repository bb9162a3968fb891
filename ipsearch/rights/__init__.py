"""Here is a record, say whether its right is in force, until when it may be opposed, and what live
rights a description of a product may touch.

What the laws say is in dated tables, `data/terms.toml` and `data/opposition.toml`, each row with
its source. What a record does not tell, and what no row says, is unknown: it is never guessed.
"""

from ipsearch.rights.force import Force, in_force
from ipsearch.rights.opposition import Deadline, opposition_deadline
from ipsearch.rights.terms import Term, term_of

__all__ = ["Deadline", "Force", "Term", "in_force", "opposition_deadline", "term_of"]
