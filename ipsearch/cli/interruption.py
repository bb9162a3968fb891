"""What Ctrl-C does: the command ends, and one line says what is saved and how to go on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ipsearch.cli import terminal

INTERRUPTED = 130  # as shells count: 128 and the signal's number
_MOMENT_S = 0.01


@contextmanager
def interruptible(key: str, **values: Any) -> Iterator[None]:
    """Say the message `key` and exit if Ctrl-C ends what is done inside.

    By then all that was opened inside is closed: workers have ended, locks are free.
    """
    try:
        yield
    except KeyboardInterrupt:
        _change(signal.default_int_handler, signal.SIG_DFL)  # who asks again need not wait
        terminal.note(key, **values)
        click.get_current_context().exit(INTERRUPTED)


def begin() -> None:
    """Let Ctrl-C raise `KeyboardInterrupt` from here on, and get lost nowhere."""
    _change(signal.SIG_DFL, signal.default_int_handler)
    sys.unraisablehook = _again


def end() -> None:
    """Let Ctrl-C do nothing more: all is said and done, Python only tidies up."""
    _change(signal.default_int_handler, signal.SIG_IGN)


def _change(old: Any, new: Any) -> None:
    """Change what Ctrl-C does, unless that is something else than it was to be."""
    if signal.getsignal(signal.SIGINT) == old:
        signal.signal(signal.SIGINT, new)


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt again, in a moment, if it was where Python raises nothing: in a destructor, say."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        threading.Timer(_MOMENT_S, _interrupt).start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt() -> None:
    """Interrupt, unless an interrupt has been told of meanwhile: another would end it by force."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        os.kill(os.getpid(), signal.SIGINT)
