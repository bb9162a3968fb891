"""Where the command begins: before anything is loaded that takes a while.

Ctrl-C in the quarter of a second until the command runs ends it at once and without a word:
nothing was begun that could be told of.
"""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line; never returns."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not told to ignore it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ipsearch.cli.main import main

    main()
