"""textacy's `direct_quotations` without a statistical model: a JSON list of texts to [[content, speaker], …] per text.

textacy needs part of speech, lemma and subject of each verb. Its usual source is a spaCy model, which this
benchmark does not download. The stand-in marks forms of textacy's own reporting verbs, and takes the nearest
capitalised word or pronoun outside of quotations, within four words, as the subject. So what is measured is
textacy's pairing of marks, its filter, and its search for the cue.
"""

from __future__ import annotations

import json
import sys

import spacy
from spacy.tokens import Doc
from textacy import constants
from textacy.extract.triples import direct_quotations

IRREGULAR = {
    "said": "say",
    "told": "tell",
    "wrote": "write",
    "written": "write",
    "read": "read",
    "held": "hold",
    "found": "find",
}
PRONOUNS = {"he", "she", "they", "we", "i", "it"}


def lemma(word: str, verbs: frozenset[str]) -> str | None:
    word = word.lower()
    for guess in (
        word,
        IRREGULAR.get(word, ""),
        word[:-1],
        word[:-2],
        word[:-3],
        word[:-3] + "e",
        word[:-3] + "y",
        word[:-1],
    ):
        if guess in verbs:
            return guess
    return None


def parse(text: str, nlp: spacy.language.Language, verbs: frozenset[str]) -> Doc:
    doc = nlp(text)
    quoted, inside = [], False
    for token in doc:
        inside = not inside if token.is_quote else inside
        quoted.append(inside or token.is_quote)
    for token in doc:
        base = lemma(token.text, verbs) if not quoted[token.i] else None
        token.lemma_ = base or token.text.lower()
        token.pos_ = "VERB" if base else "PUNCT" if token.is_punct else "PROPN" if token.is_title else "NOUN"
        token.dep_ = "dep"
    for token in doc:
        if token.pos_ != "VERB":
            continue
        for distance in (1, -1, 2, -2, 3, -3, 4, -4):
            at = token.i + distance
            if (
                0 <= at < len(doc)
                and not quoted[at]
                and (doc[at].is_title or doc[at].lower_ in PRONOUNS)
                and doc[at].pos_ != "VERB"
            ):
                doc[at].head, doc[at].dep_ = token, "nsubj"
                break
    return doc


def quotations(text: str, nlp: spacy.language.Language, verbs: frozenset[str]) -> list[list[list[int] | None]]:
    found = []
    # An odd number of marks makes textacy give up: it is asked paragraph by paragraph to lose no more than one.
    start = 0
    for paragraph in text.split("\n"):
        try:
            for triple in direct_quotations(parse(paragraph, nlp, verbs)):
                content = [start + triple.content.start_char, start + triple.content.end_char]
                first, last = triple.speaker[0], triple.speaker[-1]
                found.append([content, [start + first.idx, start + last.idx + len(last)]])
        except ValueError:
            pass
        start += len(paragraph) + 1
    return found


def main() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    verbs = frozenset(constants.REPORTING_VERBS["en"])
    json.dump([quotations(text, nlp, verbs) for text in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
