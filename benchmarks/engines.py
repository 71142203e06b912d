"""How long the engines take on one machine: `--engine local`, with workers, and Ray with one actor and with two.

    python benchmarks/engines.py [--articles 2000] [--in-flight 64] [--latency 0.5]

Needs Ray in this environment: `pip install 'claim-commitment-extractor[ray]'`. Every run is the command as a user gives
it, from start to end, against one server on loopback. Printed are seconds, and megabytes that the processes that the
command started hold together at most (proportional set sizes, looked at every half second).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import loopback

ENGINES = {
    "local": ("-o", "out.jsonl"),
    "local, two workers": ("-o", "two.jsonl", "--workers", "2"),
    "ray, one actor": ("-o", "ray1", "--engine", "ray"),
    "ray, two actors": ("-o", "ray2", "--engine", "ray", "--workers", "2"),
}


def held(session: int) -> float:
    """Megabytes of all processes of a session; what they share is counted once."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                rollup = (process / "smaps_rollup").read_text()
                total += int(rollup.partition("Pss:")[2].split()[0])
        except (OSError, ValueError, IndexError):
            continue
    return total / 1024


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds, and megabytes at the peak."""
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "EXTRACTOR_CACHE_DIR": str(folder / "cache")}
    environment.pop("RAY_ADDRESS", None)
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    while process.poll() is None:
        peak = max(peak, held(process.pid))
        time.sleep(0.5)
    if process.returncode:
        assert process.stderr is not None
        sys.exit(process.stderr.read().decode()[-2000:])
    return time.monotonic() - started, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.5, help="seconds")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, loopback.serving(arguments.latency) as url:
        folder = Path(name)
        source = loopback.write_articles(folder / "in.jsonl", arguments.articles)
        program = [sys.executable, "-m", "extractor", "run", str(source), "--no-cache", "--quiet"]
        ask = ["--model", "local/test", "--base-url", url, "-c", str(arguments.in_flight)]
        for engine, options in ENGINES.items():
            seconds, peak = timed([*program, *ask, *options], folder)
            print(f"{engine:20} {seconds:6.1f} s  {peak:6.0f} MB", flush=True)


if __name__ == "__main__":
    main()
