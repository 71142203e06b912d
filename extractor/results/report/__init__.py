"""The report: records as one self-contained page that a person reads in a browser.

`render(gather(paths))` gives the page as text. The page holds all data and needs no network. What stands where:
`sources` finds the files of a run, `merging` says which names are one speaker, `corpus` turns records into columns,
`embedding` puts data into HTML safely, and `page` puts everything together. What the reader sees is made by the
scripts under `assets/`. It is a view, not a format: other programs read the records.
"""

from extractor.results.report.corpus import Corpus, gather
from extractor.results.report.page import DEFAULT_TITLE, render
from extractor.results.report.sources import Source, find_sources

__all__ = ["DEFAULT_TITLE", "Corpus", "Source", "find_sources", "gather", "render"]
