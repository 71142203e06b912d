"""Who says, thinks or wants what in an article: reported and quoted speech with sources, and the speakers behind them.

    marks        quote marks and paragraphs
    lexis        word classes and cues, from the word lists
    sentences    words and sentences, a quotation being one word
    phrases      noun phrases around a verb
    events       cue, source and content within a sentence
    reader       what reaches beyond a sentence
    naming       name, role, affiliation and kind in the words of a source
    speakers     mentions gathered into speakers, pronouns resolved

Definitions: PARC 3.0 and PolNeAR (source, cue, content). Linear in the length of the text.
"""

from __future__ import annotations

from extractor.text.attribution.api import Attribution, Delivery, Mention, Speaker, find_attributions, find_speakers

__all__ = ["find_attributions", "find_speakers", "Attribution", "Mention", "Speaker", "Delivery"]
