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
    """A Doc in which every sentence is a tree: subjects below their verbs, everything else below the first verb."""
    doc = nlp(text)
    quoted, inside = [], False
    for token in doc:
        quoted.append(inside or token.is_quote)
        inside = not inside if token.is_quote else inside
    bases = [None if quoted[token.i] else lemma(token.text, verbs) for token in doc]
    heads, deps = list(range(len(doc))), ["dep"] * len(doc)
    for sentence in doc.sents:
        span = range(sentence.start, sentence.end)
        root = next((at for at in span if bases[at]), sentence.start)
        for at in span:
            heads[at], deps[at] = root, "ROOT" if at == root else "dep"
        for verb in (at for at in span if bases[at]):
            subject = next((at for at in near(verb, span) if not quoted[at] and not bases[at] and named(doc[at])), None)
            if subject is not None and subject != root:
                heads[subject], deps[subject] = verb, "nsubj"
    pos = ["VERB" if base else "PUNCT" if token.is_punct else "NOUN" for base, token in zip(bases, doc, strict=True)]
    lemmas = [base or token.lower_ for base, token in zip(bases, doc, strict=True)]
    words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
    return Doc(doc.vocab, words=words, spaces=spaces, pos=pos, lemmas=lemmas, heads=heads, deps=deps)


def near(verb: int, span: range) -> list[int]:
    """The places up to four words from a verb, nearest first, those behind it before those in front."""
    return [at for distance in (1, 2, 3, 4) for at in (verb + distance, verb - distance) if at in span]


def named(token: spacy.tokens.Token) -> bool:
    return token.is_title or token.lower_ in PRONOUNS


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
