"""Runs `make run` as a stranger does, twice: how long until the first page, and does Ctrl-C leave anything behind?

Standard library only: it comes before anything is installed.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
COLD_S, WARM_S = 90, 10
SLOW_MACHINE = 3  # a busy machine may take this many times as long before the run counts as failed


def main() -> None:
    """Start cold and warm; exit with a message when a page does not come or a process stays."""
    for name, target in (("cold", COLD_S), ("warm", WARM_S)):
        seconds = first_page(limit=target * SLOW_MACHINE)
        print(f"First page {name}: {seconds:.1f} s (target {target} s)", flush=True)


def first_page(*, limit: float) -> float:
    """Run until the page for signing in has come, stop with Ctrl-C, and return the seconds to that page."""
    began = time.monotonic()
    process = subprocess.Popen(["make", "run"], cwd=BASE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    alarm = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    try:
        address = _address(process)
        with urllib.request.urlopen(address) as page:
            words = page.read().decode()
        seconds = time.monotonic() - began
        if "<form" not in words:
            sys.exit(f"{address} is not the page for signing in:\n{words[:500]}")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        alarm.cancel()
    if left := _left_behind():
        sys.exit("Ctrl-C has left running:\n" + "\n".join(left))
    return seconds


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        print("  " + line, end="", flush=True)
        if found := re.search(r"answers at .*?(http://[\d.:]+/)", line):
            return found.group(1)
    sys.exit("`make run` ended before it answered.")


def _left_behind() -> list[str]:
    """Return the words of processes that were started from this clone and still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if f"{BASE}/.venv" in words or f"{BASE}/var" in words:
            found.append(f"{entry.parent.name}: {words}")
    return found


if __name__ == "__main__":
    main()
