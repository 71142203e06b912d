"""Label Studio (https://labelstud.io/guide/task_format): tasks with predictions out, annotators' work back in.

interface_xml   the labeling interface: which fields an annotator sees, and for which kind of item
tasks           records as tasks, each item a region of the text with its fields (the format `labelstudio`)
returning       exported tasks as records, or as gold
"""

from __future__ import annotations

from extractor.results.exports.labelstudio.returning import read_tasks, to_record
from extractor.results.exports.labelstudio.tasks import OPTIONS, files, render

__all__ = ["OPTIONS", "files", "render", "read_tasks", "to_record"]
