"""How many instructions an article takes, beside the same questions put with openai and with instructor alone.

    python benchmarks/instructions.py [--articles 90] [--contestants ours openai instructor]

Processor times differ between machines, and on one machine with what else it does; the instructions that Valgrind
counts (callgrind, user space) are the same within a few per mille. Each contestant of throughput.py reads 30 articles
and then more; the difference between the two counts, divided by the articles, leaves out imports and everything else
that happens once. Needs `valgrind`, and some minutes: a program runs fifty times slower under it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import loopback

CONTESTANTS = Path(__file__).resolve().parent / "contestants"
FEW = 30
IN_FLIGHT, LATENCY = 16, 0.2


def instructions(name: str, source: Path, url: str) -> int:
    """All instructions of one process that reads the articles of `source`."""
    script = CONTESTANTS / f"with_{name.split(',')[0]}.py"
    command = [sys.executable, str(script), str(source), url, str(IN_FLIGHT)]
    counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    environment = {**os.environ, "NO_AUDIT": "1" if "no audit" in name else "", "OPENAI_API_KEY": "sk-none"}
    done = subprocess.run([*counting, *command], capture_output=True, text=True, check=False, env=environment)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or counted is None:
        sys.exit(f"{name}: failed: {done.stderr.strip().splitlines()[-1:]}")
    return int(counted[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=90, help=f"more than {FEW}")
    parser.add_argument("--contestants", nargs="+", default=["ours", "ours, no audit", "openai", "instructor"])
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed (apt-get install valgrind)")
    with tempfile.TemporaryDirectory() as name, loopback.serving(LATENCY) as url:
        sources = {n: loopback.write_articles(Path(name) / f"{n}.jsonl", n) for n in (FEW, arguments.articles)}
        runs = [(contestant, n) for contestant in arguments.contestants for n in sources]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = dict(
                zip(runs, pool.map(lambda run: instructions(run[0], sources[run[1]], url), runs), strict=True)
            )
    for contestant in arguments.contestants:
        more = counts[contestant, arguments.articles] - counts[contestant, FEW]
        print(f"  {contestant:16} {more / (arguments.articles - FEW) / 1e6:6.1f} million instructions an article")


if __name__ == "__main__":
    main()
