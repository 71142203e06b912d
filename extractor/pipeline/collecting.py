"""How often Python looks for garbage in cycles.

Reading an article makes many small objects and hardly a cycle. With Python's own thresholds the collector walks over
all of them, and over the imported libraries, again and again: 5 to 8 percent of a run's processor time
(benchmarks/throughput.py).
"""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """For the processes of a run; a program that uses this one as a library decides for itself."""
    gc.set_threshold(20_000, 20, 50)
