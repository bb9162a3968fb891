"""Where the command begins: before anything is loaded that takes a while.

Ctrl-C in the quarter of a second until the command runs ends it at once and without a word:
nothing was begun that could be told of. Before that, while Python itself starts, it is Python's.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line; never returns."""
    try:
        import os
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not told to ignore it
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    # NumPy's linear algebra would start its threads at once; no command's time is spent there.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from ipsearch.cli.main import main

    main()
