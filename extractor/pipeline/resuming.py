"""Which articles of the input are still to be read, and where their records belong in the output."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from hashlib import blake2b

from extractor.files.output import FailureKey, OutputFiles, StreamOutput
from extractor.files.readers import Unread
from extractor.pipeline.batch import Skipped
from extractor.schema.article import Article


class Progress:
    """Compares the input with what an earlier run left behind. Memory: eight bytes for each article of the input, and
    a place in a table for each record that is there already.
    """

    def __init__(self, files: OutputFiles | StreamOutput, *, limit: int | None, retry_failed: bool) -> None:
        self._limit, self._retry_failed = limit, retry_failed
        self._done = dict.fromkeys(files.done, False)  # whether the input has the article too
        self._met = 0
        self._ended = self._nameless = False
        self._failed = frozenset(files.failures)
        self._order = array("Q")
        self._started_new = False
        self.out_of_order = False
        self.mended: set[FailureKey] = set()

    def pending(self, articles: Iterator[Article | Unread]) -> Iterator[Article | Unread | Skipped]:
        """The input with what is done already turned into skips, as far as --limit goes."""
        for number, taken in enumerate(articles):
            if self._limit is not None and number >= self._limit:
                return
            yield self._sort(taken)
        self._ended = True

    @property
    def others(self) -> int | None:
        """Records that were there already of articles that the input does not have. None where nobody knows: the input
        was not seen to its end, or holds something that could not be read and may be any article.
        """
        return len(self._done) - self._met if self._ended and not self._nameless else None

    def _sort(self, taken: Article | Unread) -> Article | Unread | Skipped:
        key = _key(taken)
        done = self._meet(key[1])
        if isinstance(taken, Article):
            self._order.append(_digest(taken.id))
            if done:
                self.out_of_order |= self._started_new
                return Skipped(taken.id)
        if key in self._failed and not self._retry_failed:
            return Skipped(key[1], failed=True)
        self._started_new |= isinstance(taken, Article)
        return taken

    def _meet(self, article: str | None) -> bool:
        """Notes that the input has this article, one without an id or with one; tells whether it has its record."""
        self._nameless |= article is None
        if article is None or (met := self._done.get(article)) is None:
            return False
        self._met += not met
        self._done[article] = True
        return True

    def written(self, article: Article) -> None:
        """Notes that an article has its record now, and is no failure any more."""
        if (key := _key(article)) in self._failed:
            self.mended.add(key)

    def place(self) -> Callable[[str], int]:
        """The place of an article's id in the input; -1 for ids that are not in it."""
        places = {digest: number for number, digest in enumerate(self._order)}
        return lambda article: places.get(_digest(article), -1)


def _key(taken: Article | Unread) -> FailureKey:
    return (taken.source, taken.id) if isinstance(taken, Article) else (taken.source, taken.article)


def _digest(article: str) -> int:
    """Eight bytes for an id: of a million ids two are alike with a chance of 1 in 30 million."""
    return int.from_bytes(blake2b(article.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
