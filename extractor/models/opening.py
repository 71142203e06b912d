"""From a model's name to a model that is ready to answer: the one place where the parts are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from extractor.models import providers
from extractor.models.interface import Model
from extractor.models.limits import Gate, Limits
from extractor.settings import Settings

if TYPE_CHECKING:
    from extractor.models.cached import AnswerCache
    from extractor.models.cassette import Cassette


Mode: TypeAlias = Literal["json", "tools"]


@dataclass(frozen=True)
class ModelOptions:
    """How a model is asked. Without `base_url` the provider's own address, or the setting, is used."""

    base_url: str | None = None
    mode: Mode = "json"
    temperature: float | None = None
    connections: int = 64


@dataclass(frozen=True)
class Chosen:
    """A model that was settled on, and how it is asked. With a `cassette` it answers from that; where it is `cached`,
    its answers are kept in this machine's cache.
    """

    name: str
    options: ModelOptions
    cassette: Cassette | None = None
    cached: bool = False

    def open(
        self,
        settings: Settings,
        *,
        read_cache: bool = True,
        gate: Gate | None = None,
        on_play: Callable[[str], None] | None = None,
    ) -> Model:
        """The model, ready to answer; see `open_model`."""
        cache = None
        if self.cached:
            from extractor.models.cached import AnswerCache

            cache = AnswerCache(settings.cache_dir)
        return open_model(
            self.name,
            settings,
            self.options,
            replay=self.cassette,
            cache=cache,
            read_cache=read_cache,
            gate=gate,
            on_play=on_play,
        )


def resolve(
    model: str | None,
    settings: Settings,
    options: ModelOptions | None = None,
    *,
    cassette: Cassette | None = None,
    cache: bool = True,
) -> Chosen:
    """The model to ask where the user names `model`, or none (see `providers.choose`), and how.

    A temperature that is not given is the setting's; a cassette is asked as it was recorded. Answers from a cassette
    and from the rules are never kept.
    """
    recorded = cassette.set_up.model if cassette and cassette.set_up else None
    name = providers.choose(model, settings, recorded=recorded)
    options = options or ModelOptions()
    if options.temperature is None:
        options = replace(options, temperature=settings.temperature)
    cached = cache and cassette is None and name != providers.RULES
    return Chosen(name, as_recorded(cassette, options), cassette, cached)


def open_model(
    name: str,
    settings: Settings,
    options: ModelOptions | None = None,
    *,
    replay: Cassette | None = None,
    cache: AnswerCache | None = None,
    read_cache: bool = True,
    gate: Gate | None = None,
    on_play: Callable[[str], None] | None = None,
) -> Model:
    """The model of this name. With `replay` it answers from the cassette alone; with `cache` its answers are kept. Its
    calls pass the `gate`; without one it keeps to the number of connections.

    Raises ConfigurationError where the name leads nowhere, or a key or an address is missing.
    """
    if name == providers.RULES:
        from extractor.models.rules import RulesModel

        return RulesModel()
    options = options or ModelOptions()
    provider = providers.find(name, settings, base_url=options.base_url, offline=replay is not None)

    # openai and instructor take seconds to import: only a chat model needs them
    from extractor.models.chat import ChatModel

    transport = None
    if replay is not None:
        from extractor.models.cassette import ReplayTransport

        transport = ReplayTransport(replay, on_play=on_play)
    model: Model = ChatModel(
        provider,
        mode=options.mode,
        temperature=options.temperature,
        timeout=settings.timeout,
        gate=gate or Gate(Limits(concurrency=options.connections)),
        transport=transport,
    )
    if cache is None or replay is not None:
        return model

    from extractor.models.cached import CachedModel

    return CachedModel(model, cache, read=read_cache)


def as_recorded(cassette: Cassette | None, options: ModelOptions) -> ModelOptions:
    """The options with which a cassette was recorded: a replay must put the same questions."""
    if cassette is None or cassette.set_up is None:
        return options
    mode: Mode = "tools" if cassette.set_up.mode == "tools" else "json"
    return replace(options, mode=mode, temperature=cassette.set_up.temperature)
