"""One of n equal shares of any input, by a hash of the article's id: the same on every machine, whatever the order.

Each share is a run of its own, with its own output; `report`, `ledger` and the rest read a folder of outputs as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from extractor.errors import ConfigurationError
from extractor.files.readers import Unread
from extractor.schema.article import Article

_SPELLING = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@dataclass(frozen=True)
class Shard:
    """Share `number` (from 1) of `of`. Every article is in exactly one share."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """From "i/n". Raises ConfigurationError."""
        found = _SPELLING.fullmatch(text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ConfigurationError(f"{text!r} is no share.", hint="Write i/n with i from 1 to n: --shard 1/4.")
        return cls(int(found[1]), int(found[2]))

    def takes(self, id: str) -> bool:
        """Whether an article of this id is in the share."""
        digest = blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.of == self.number - 1

    def select(self, items: Iterable[Article | Unread]) -> Iterator[Article | Unread]:
        """The articles in the share, lazily. What holds no article goes by the id that it would have, else by its
        source, so that each is told by one share.
        """
        return (item for item in items if self.takes(_key(item)))


def _key(item: Article | Unread) -> str:
    return item.id if isinstance(item, Article) else item.article or item.source or ""


def select(items: Iterator[Article | Unread], shard: str | None) -> Iterator[Article | Unread]:
    """The articles of the share "i/n", or all of them. Raises ConfigurationError."""
    return items if shard is None else Shard.parse(shard).select(items)
