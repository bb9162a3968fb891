"""Here are marks, patents, competitors and queries to keep an eye on, tell me what came up.

A watch looks at what came since it looked last; what it finds is an alert, one for each record,
until a person acknowledges or dismisses it. Alerts are leads, never verdicts.
"""

from ipsearch.watch.alerts import Alert, Reason
from ipsearch.watch.book import KeptWatch
from ipsearch.watch.lists import CompetitorWatch, MarkWatch, PatentWatch, TopicWatch, Watch

__all__ = [
    "Alert",
    "CompetitorWatch",
    "KeptWatch",
    "MarkWatch",
    "PatentWatch",
    "Reason",
    "TopicWatch",
    "Watch",
]
