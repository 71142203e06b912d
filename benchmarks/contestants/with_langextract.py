"""langextract: its extract() over all documents, with as many workers as calls may be under way."""

from __future__ import annotations

import time

import langextract as lx
from timing import arguments, report

ARTICLES, URL, PLACES = arguments()
OWN_FORM = URL.replace("/v1", "/langextract/v1")  # the server answers in the form that it reads
EXAMPLE = lx.data.ExampleData(
    text="The mayor said the road would open.",
    extractions=[lx.data.Extraction(extraction_class="claim", extraction_text="the road would open")],
)
documents = [lx.data.Document(text=article["text"], document_id=article["id"]) for article in ARTICLES]
started, cpu = time.perf_counter(), time.process_time()
found = lx.extract(
    text_or_documents=documents,
    prompt_description="Record who claims what.",
    examples=[EXAMPLE],
    config=lx.factory.ModelConfig(
        model_id="gpt-4o-mini",
        provider="OpenAILanguageModel",
        provider_kwargs={
            "base_url": URL.replace("/v1", "/langextract/v1"),
            "api_key": "sk-none",
            "max_workers": PLACES,
        },
    ),
    max_workers=PLACES,
    batch_length=PLACES,
    max_char_buffer=10_000,
    show_progress=False,
)
assert sum(bool(document.extractions) for document in found) == len(ARTICLES)
report(time.perf_counter() - started, time.process_time() - cpu)
