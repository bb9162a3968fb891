"""The machine, the commit, and what a process and its children use.

What is measured: wall time, CPU time of a child process and of all of its own that it waited for,
    and the memory of that process tree.
Corpus model: none.
Notes: memory is sampled from /proc ten times a second, so a shorter peak is missed, except for
    the largest process, whose peak the kernel keeps (`VmHWM`) as long as it lives. Resident memory
    counts mapped files, and counts shared pages once per process; `anon` counts neither files
    nor page cache. Off Linux the memory is null.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PROC = Path("/proc")
_SAMPLE_S = 0.1
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def describe_machine() -> str:
    """Say cores, memory, processor and governor in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = re.search(r"model name\s*:\s*(.+)", _read(_PROC / "cpuinfo"))
    governor = _read(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")).strip()
    parts = [f"{cores} cores", f"{memory:.0f} GiB"]
    parts.append(model[1].strip() if model else "unknown processor")
    parts.append(f"governor {governor or 'unknown'}")
    return ", ".join(parts)


def commit() -> str | None:
    """Name the commit checked out, with `+` if files differ from it; None outside a checkout."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return head + ("+" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@dataclass(slots=True)
class Usage:
    """What one command used; None is not measured."""

    wall_s: float
    cpu_s: float
    peak_largest_rss_bytes: int | None = None  # the largest process at its peak
    peak_sum_rss_bytes: int | None = None  # all processes at the same moment
    peak_largest_anon_bytes: int | None = None
    peak_sum_anon_bytes: int | None = None


class CommandFailedError(RuntimeError):
    """A command under measurement ended with another status than 0."""


def run(command: Sequence[str], *, is_quiet: bool = False) -> Usage:
    """Run `command` from the project's root and watch it; raise `CommandFailedError`.

    `is_quiet` keeps back what it prints; the error then has the end of it.
    """
    with tempfile.TemporaryFile() as held:
        out = held if is_quiet else None
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=_environment())
        usage = Usage(0.0, 0.0)
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, usage, done), daemon=True)
        watcher.start()
        try:
            _, status, resources = os.wait4(process.pid, 0)
        finally:
            done.set()
        process.returncode = os.waitstatus_to_exitcode(status)
        usage.wall_s = time.perf_counter() - begin
        usage.cpu_s = resources.ru_utime + resources.ru_stime
        watcher.join()
        if process.returncode != 0:
            held.seek(0)
            said = held.read()[-2000:].decode(errors="replace").strip()
            raise CommandFailedError(
                f"status {process.returncode} from {' '.join(command)}" + (said and f": {said}")
            )
    return usage


def _environment() -> dict[str, str]:
    """Give this process's, but for what keeps Python from compiling a module only once.

    What is installed has its modules compiled; a command that compiles all of its own takes a
    fifth longer to begin.
    """
    return {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}


def _watch(root: int, usage: Usage, done: threading.Event) -> None:
    while True:
        memory = [found for pid in _tree(root) if (found := _memory(pid)) is not None]
        if memory:
            largest = max(peak for peak, _, _ in memory)
            usage.peak_largest_rss_bytes = max(usage.peak_largest_rss_bytes or 0, largest)
            total = sum(rss for _, rss, _ in memory)
            usage.peak_sum_rss_bytes = max(usage.peak_sum_rss_bytes or 0, total)
            largest_anon = max(anon for _, _, anon in memory)
            usage.peak_largest_anon_bytes = max(usage.peak_largest_anon_bytes or 0, largest_anon)
            total_anon = sum(anon for _, _, anon in memory)
            usage.peak_sum_anon_bytes = max(usage.peak_sum_anon_bytes or 0, total_anon)
        if done.wait(_SAMPLE_S):
            return


def _tree(root: int) -> list[int]:
    """List the process `root` and all that descend from it."""
    found = [root]
    for pid in found:  # grows while it is read
        with suppress(FileNotFoundError):  # the process may end while its folder is looked at
            for children in (_PROC / str(pid) / "task").glob("*/children"):
                found.extend(int(child) for child in _read(children).split())
    return found


def _memory(pid: int) -> tuple[int, int, int] | None:
    """Read peak resident, resident and anonymous bytes; None if the process is gone."""
    values = dict(re.findall(r"^(VmHWM|VmRSS|RssAnon):\s*(\d+) kB", _read_status(pid), re.M))
    if len(values) < 3:
        return None
    return int(values["VmHWM"]) * 1024, int(values["VmRSS"]) * 1024, int(values["RssAnon"]) * 1024


def own_anon_bytes() -> int | None:
    """Read the anonymous memory of this process; None off Linux."""
    memory = _memory(os.getpid())
    return memory[2] if memory else None


def folder_bytes(folder: Path) -> int:
    """Add up the files under `folder`; a file with several names counts once."""
    sizes = {}
    for path in folder.rglob("*"):
        if path.is_file():
            status = path.stat()
            sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())


def _read_status(pid: int) -> str:
    return _read(_PROC / str(pid) / "status")


def _read(path: Path) -> str:
    """Read a file that may be absent, or vanish while it is read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
