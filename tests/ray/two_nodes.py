"""A run on a cluster of two local nodes, in a process of its own: `two_nodes.py JSON`, totals as JSON on stdout.

With `kill` the second node is killed when that many chunks are done; with `die` the whole process is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster

from extractor.errors import ExtractorError
from extractor.files import prompts
from extractor.models.limits import Limits
from extractor.models.opening import ModelOptions
from extractor.pipeline.chunks import Chunk, ChunkJob
from extractor.pipeline.ray import run_on_ray
from extractor.pipeline.run import RunOptions
from extractor.pipeline.staff import Job
from extractor.pipeline.totals import Totals


def main(base_url: str, folder: str, kill: int = 0, die: int = 0, retry_failed: bool = False, **fields: Any) -> None:
    # Connected before the second node is there: the driver dies with the node that it belongs to.
    cluster = Cluster(initialize_head=True, connect=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    prompt = prompts.load("extract.v1")
    asked = ModelOptions(base_url, connections=4)
    work = Job("local/test", prompt.id, asked, Limits(concurrency=4), cache=False)
    job = ChunkJob(work, prompt.sha256, folder=folder, chunk=5, **fields)
    chunks: list[Chunk] = []
    told: dict[str, Any] = {}

    def observe(chunk: Chunk, _: Totals) -> None:
        chunks.append(chunk)
        if len(chunks) == kill:
            told["parts_before"] = len(list(Path(folder).glob("part-*.jsonl")))
            cluster.remove_node(second, allow_graceful=False)
        if len(chunks) == die:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        totals, told["state"] = run_on_ray(job, RunOptions(retry_failed=retry_failed), observe=observe)
        told |= {name: getattr(totals, name) for name in ("read", "written", "failed", "skipped")}
    except ExtractorError as error:
        told["error"] = f"{type(error).__name__}: {error}"
    told["alive"] = sum(node["Alive"] for node in ray.nodes())
    told["workers"] = sorted({chunk.worker for chunk in chunks})
    told["parts"] = [chunk.part for chunk in chunks]
    sys.stdout.write(json.dumps(told) + "\n")
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
