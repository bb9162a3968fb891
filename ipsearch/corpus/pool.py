"""Tasks are pure functions of their arguments; here they run, in this process or in others.

A worker is a Python of its own (`python -m ipsearch.corpus.pool`) that is sent one pickled call
at a time. Unlike `multiprocessing`, that does not import the caller's main module again, so a
plain script may use the library without a guard; and unlike a fork, it inherits no threads. It ends
with its parent, whatever it is doing: what it would still write, nobody waits for, and whoever runs
the command again needs the processors and sweeps the folder.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from ipsearch.errors import CorpusError

T = TypeVar("T")
R = TypeVar("R")
Prepare = Callable[[], object]


class Pool:
    """Runs tasks in `workers` processes, or in this one if that is 1."""

    def __init__(self, workers: int, prepare: Prepare | None = None) -> None:
        """`prepare` is what each worker does first, while this process goes on."""
        self.workers = workers
        self._idle = [_Worker(prepare) for _ in range(workers)] if workers > 1 else []
        self._guard = threading.Lock()
        self._threads = ThreadPoolExecutor(workers) if workers > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=error is None, cancel_futures=True)
        for worker in self._idle:
            worker.stop()

    def run(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Call `function` with each task; give task and result as they come, in any order.

        Tasks are drawn from the iterable only as workers come free. An error of a task is raised
        here; a worker that dies raises `CorpusError`.
        """
        if self._threads is None:
            for task in tasks:
                yield task, function(task)
            return
        drawn = iter(tasks)
        running: dict[Future[R], T] = {}
        try:
            while True:
                while len(running) < self.workers + 1:
                    try:
                        task = next(drawn)
                    except StopIteration:
                        break
                    running[self._threads.submit(self._call, function, task)] = task
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BaseException:
            for future in running:
                future.cancel()
            for worker in self._idle:
                worker.stop()
            raise

    def _call(self, function: Callable[[T], R], task: T) -> R:
        with self._guard:
            worker = next(w for w in self._idle if not w.is_busy)
            worker.is_busy = True
        try:
            result: R = worker.call(function, task)
            return result
        finally:
            worker.is_busy = False


_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    # Large pages where the allocator of glibc can have them: an index under construction is
    # written to all over its memory, and a fiftieth of the time went on finding the pages.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class _Worker:
    """One process that waits for calls on its standard input."""

    def __init__(self, prepare: Prepare | None) -> None:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self.is_busy = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ipsearch.corpus.pool"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_ENVIRONMENT, **os.environ, "PYTHONPATH": path},
            process_group=0,  # an interrupt from the terminal is the parent's alone
        )
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has died: the first call will say so
            pickle.dump(prepare, self._process.stdin)
            self._process.stdin.flush()

    def call(self, function: Callable[[Any], Any], task: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            pickle.dump((function, task), self._process.stdin)
            self._process.stdin.flush()
            is_good, result = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError, ValueError):
            code = self._process.wait()
            how = signal.Signals(-code).name if code < 0 else f"status {code}"
            raise CorpusError(
                f"a worker process ended ({how}) before its task did; what was finished is kept:"
                " run the command again to go on"
            ) from None
        if not is_good:
            raise result
        return result

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # a call that it died over is still in the pipe
                    pipe.close()


def tune() -> None:
    """Set the process up for tasks: rows are many dicts and no cycles, looked for more rarely."""
    gc.freeze()
    gc.set_threshold(500_000, 20, 100)


def _serve() -> None:
    """Answer calls until the parent closes the pipe (or dies, which closes it too)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    threading.Thread(target=_end_with_parent, args=(0,), daemon=True).start()
    calls = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may get among the answers
    prepare = pickle.load(calls)
    if prepare is not None:
        prepare()
    tune()
    while True:
        try:
            function, task = pickle.load(calls)
        except EOFError:
            return
        try:
            answer = (True, function(task))
        except Exception as error:
            answer = (False, error)
        pickle.dump(answer, answers)
        answers.flush()


def _end_with_parent(pipe: int) -> None:
    """End this process when nobody can write to the pipe that its calls come from any more."""
    watch = select.poll()
    watch.register(pipe, 0)  # asks for nothing; that the other side is gone is told unasked
    watch.poll()
    os._exit(1)


if __name__ == "__main__":
    _serve()
