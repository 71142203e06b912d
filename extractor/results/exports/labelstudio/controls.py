"""The fields that an annotator sees, and the labeling interface that shows them.

Every field is a control of its own that belongs to a region; it is shown for regions of its layers. The speakers of the
article are one field of the whole task, one line each: `id | kind | name | role | affiliation`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import get_args

from extractor.schema.reading import ClaimKind, Delivery, Firmness, Position
from extractor.schema.record import Layer

TEXT = "text"  # the name of the text's tag, and of the task's field that it shows
LAYER = "layer"
SPEAKERS = "speakers"
LABELS: dict[Layer, str] = {"claims": "claim", "stances": "stance", "commitments": "commitment"}
_COLORS: dict[Layer, str] = {"claims": "#3b6ea8", "stances": "#8a5a9e", "commitments": "#2f855a"}


@dataclass(frozen=True)
class Control:
    """A field of items of these layers. `choices` are its allowed values, or None where it is free text."""

    name: str
    layers: tuple[Layer, ...]
    hint: str
    choices: tuple[str, ...] | None = None

    @property
    def type(self) -> str:
        return "textarea" if self.choices is None else "choices"


CONTROLS: tuple[Control, ...] = (
    Control("speaker", ("claims", "stances", "commitments"), "who says it: a name or id from the list of speakers"),
    Control("via", ("claims",), "who relayed it, outermost first, one a line"),
    Control("statement", ("claims",), "the claim in one sentence that stands alone"),
    Control("kind", ("claims",), "", get_args(ClaimKind)),
    Control("delivery", ("claims",), "", get_args(Delivery)),
    Control("cue", ("claims",), "the words that attribute it, as the article has them"),
    Control("target", ("stances",), "what the stance is toward, a short noun phrase"),
    Control("position", ("stances",), "", get_args(Position)),
    Control("actors", ("commitments",), "who would have to act, one a line"),
    Control("action", ("commitments",), "what, as an infinitive phrase without 'to'"),
    Control("firmness", ("commitments",), "", get_args(Firmness)),
    Control("condition", ("commitments",), "what it depends on"),
    Control("expression", ("commitments",), "the words that give the time, as the article has them"),
    Control("earliest", ("commitments",), "first day it can mean, YYYY-MM-DD; leave out if open"),
    Control("latest", ("commitments",), "last day it can mean, YYYY-MM-DD; leave out if open"),
)


def interface() -> bytes:
    """The labeling interface as XML, to be pasted into a project's settings (Labeling Interface, Code)."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"  # keeps every blank, so offsets hold
    ET.SubElement(view, "Header", value="$title")
    labels = ET.SubElement(view, "Labels", name=LAYER, toName=TEXT)
    for layer, value in LABELS.items():
        ET.SubElement(labels, "Label", value=value, background=_COLORS[layer])
    ET.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    for control in CONTROLS:
        _add(view, control)
    ET.SubElement(view, "Header", value="Speakers: id | kind | name | role | affiliation")
    ET.SubElement(view, "TextArea", name=SPEAKERS, toName=TEXT, editable="true", maxSubmissions="0")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode").encode() + b"\n"


def _add(view: ET.Element, control: Control) -> None:
    shown = {
        "visibleWhen": "region-selected",
        "whenTagName": LAYER,
        "whenLabelValue": ",".join(LABELS[layer] for layer in control.layers),
    }
    part = ET.SubElement(view, "View", shown)
    ET.SubElement(part, "Header", value=control.name, size="5")
    common = {"name": control.name, "toName": TEXT, "perRegion": "true"}
    if control.choices is None:
        ET.SubElement(part, "TextArea", common, editable="true", placeholder=control.hint)
        return
    choices = ET.SubElement(part, "Choices", common, choice="single", showInline="true")
    for value in control.choices:
        ET.SubElement(choices, "Choice", value=value)
