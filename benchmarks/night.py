"""How quickly the program answers and how much memory the demo's night takes: python benchmarks/night.py

Prints the time of ``qingbao --help`` (median of nine; wanted: under 0.5 s) and the largest single process of the demo's first night
(``VmHWM`` of every process of the night, looked at 20 times a second; wanted: under 400 MB). Linux only: it reads /proc.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELP_SECONDS = 0.5
PROCESS_MB = 400
LOOKS_A_SECOND = 20
PROC = Path("/proc")


def help_seconds(times: int = 9) -> float:
    """Median time of ``qingbao --help`` in a new process."""
    program = Path(sys.executable).parent / "qingbao"
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run([str(program), "--help"], stdout=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def family(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                # The name in brackets may hold anything; the parent is the second word behind it.
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue  # gone in between
    found = [root]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def largest(process: subprocess.Popen[bytes]) -> dict[int, tuple[float, str]]:
    """Process id → (peak in MB, command) of every process of the night, looked at until it ends."""
    peaks: dict[int, tuple[float, str]] = {}
    while process.poll() is None:
        for one in family(process.pid):
            try:
                status = (PROC / str(one) / "status").read_text()
                command = (PROC / str(one) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue  # gone in between
            peak = next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)
            if peak > peaks.get(one, (0.0, ""))[0]:  # a process that has ended and waits to be fetched has no memory any more
                peaks[one] = (peak, command)
        time.sleep(1 / LOOKS_A_SECOND)
    return peaks


def main() -> None:
    """Print both, with what is wanted."""
    seconds = help_seconds()
    print(f"qingbao --help: {seconds:.3f} s (wanted < {HELP_SECONDS} s): {'ok' if seconds < HELP_SECONDS else 'TOO SLOW'}")
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "demo", "--instance", str(Path(folder) / "instance")], stdout=subprocess.DEVNULL, env={**os.environ})
        peaks = largest(process)
        taken = time.perf_counter() - begin
    if process.returncode:
        sys.exit(f"the demo ended with {process.returncode}")
    most = max(peak for peak, _ in peaks.values())
    print(f"demo's night: {taken:.1f} s, {len(peaks)} processes; largest {most:.0f} MB (wanted < {PROCESS_MB} MB): {'ok' if most < PROCESS_MB else 'TOO LARGE'}")
    for peak, command in sorted(peaks.values(), reverse=True)[:6]:
        print(f"  {peak:6.0f} MB  {command[:110]}")


if __name__ == "__main__":
    main()
