"""Who says, thinks or wants what in an article: reported and quoted speech with sources, and the speakers behind them.

    marks        quote marks and paragraphs
    lexis        word classes and cues, from the word lists
    tokens       words with their offsets; tagging gives each its class
    sentences    the words of each sentence, a quotation being one word
    phrases      noun phrases around a verb
    boundaries   where a content, an adverbial or a clause ends
    content      the words behind a cue, before it or around it
    subjects     the source before, behind or shared
    verbal       cues that are verbs and adjectives; nominal those that are nouns, prepositions, colons
    events       all attributions of a sentence (each an `event`)
    article      an article as it is being read; reader finds what reaches beyond a sentence
    kinds        kind, gender and affiliation by the word lists
    naming       name, role, affiliation and kind in the words of a source
    registry     the speakers of an article; speakers gathers them, coreference resolves pronouns and offices
    model        what the package gives back
    analysis     all of it for one article, and what stands where

Definitions: PARC 3.0 and PolNeAR (source, cue, content). Linear in the length of the text.
"""

from __future__ import annotations

from extractor.text.attribution.analysis import analyse
from extractor.text.attribution.model import Attribution, Delivery, Mention, Source


def find_attributions(text: str) -> list[Attribution]:
    """All attributions of an article in order of their content, nested ones included."""
    return list(analyse(text).attributions)


def find_speakers(text: str) -> list[Source]:
    """The sources of an article in order of appearance."""
    return list(analyse(text).speakers)


__all__ = ["find_attributions", "find_speakers", "Attribution", "Mention", "Source", "Delivery"]
