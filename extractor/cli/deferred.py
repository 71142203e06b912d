"""Commands whose module is imported when they are called: the list of commands costs no more than its lines."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer's own copy of click has no other name
    from typer.core import MarkupMode


class Entry(NamedTuple):
    """A line of the list of commands: its panel, and where the command is (`module:name` below extractor.cli)."""

    name: str
    panel: str
    target: str
    help: str


class DeferredCommand(TyperCommand):
    """Stands for a command until it is called, asked for its help, or completed: all three make a context."""

    def __init__(self, entry: Entry, markup: MarkupMode) -> None:
        super().__init__(
            entry.name, callback=None, help=entry.help, rich_markup_mode=markup, rich_help_panel=entry.panel
        )
        self._target = entry.target

    def make_context(
        self, info_name: str | None, args: list[str], parent: Context | None = None, **extra: Any
    ) -> Context:
        """The context of the command itself: from here on nothing of this stand-in is used."""
        return self.command().make_context(info_name, args, parent=parent, **extra)

    def command(self) -> Command:
        """The command itself, of a function or of a group of commands."""
        module, _, name = self._target.partition(":")
        found = getattr(import_module(f"extractor.cli.{module}"), name)
        holder = typer.Typer(rich_markup_mode=self.rich_markup_mode)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=self.name)
        else:
            holder.command(self.name)(found)
        return typer.main.get_group(holder).commands[str(self.name)]


def group_of(entries: tuple[Entry, ...]) -> type[TyperGroup]:
    """The class of a group that has these commands, in this order."""

    class DeferredGroup(TyperGroup):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            for entry in entries:
                self.add_command(DeferredCommand(entry, self.rich_markup_mode))

    return DeferredGroup
