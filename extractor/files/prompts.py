"""Prompts: Jinja2 templates with front matter, rendered in a sandbox.

A prompt file is YAML front matter between `---` lines (name, version, description, variables, examples), then the
messages, each after a line `=== system ===` or `=== user ===`. The file is split into messages before rendering, and an
article's text is only ever a value: template marks, separator lines and closing tags inside it stay text.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import PromptError
from extractor.schema.reading import Reading

Message: TypeAlias = dict[str, str]
DEFAULT = "extract.v1"
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_MAX_FRONT_MATTER = 1 << 16  # characters
_LARGEST_FACTOR = 10**9
_EXAMPLE_NAME = re.compile(r"[\w-][\w.-]*")
_TEMPLATE_ERRORS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError)
_SEPARATOR = re.compile(r"^=== (system|user|assistant) ===\n", re.MULTILINE)


class FrontMatter(BaseModel):
    """The head of a prompt file."""

    model_config = ConfigDict(extra="forbid")

    name: str
    version: int
    description: str
    variables: list[str]
    examples: list[str] = []


class Example(BaseModel):
    """A worked example: a short article and its reading, kept as JSON in prompts/examples."""

    model_config = ConfigDict(extra="forbid")

    title: str | None
    published: str
    text: str
    reading: Reading

    @functools.cached_property
    def answer(self) -> str:
        """The reading as the model would return it."""
        return json.dumps(self.reading.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class _Part:
    """A message of a prompt. What names no variable but the examples is the same for every article."""

    role: str
    template: Template
    fixed: bool


@dataclass(frozen=True)
class Prompt:
    """A prompt ready to render. `id` is "name.vVERSION"; `sha256` covers the template and its examples."""

    front: FrontMatter
    sha256: str
    examples: tuple[Example, ...]
    source: str
    _parts: tuple[_Part, ...]
    _rendered: dict[int, str] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        return f"{self.front.name}.v{self.front.version}"

    def render(self, variables: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages for these values. Raises PromptError naming every variable that is missing, at once."""
        values = {**variables, "examples": self.examples}
        if missing := [name for name in self.front.variables if name not in values]:
            raise PromptError(
                f"The prompt {self.id} needs variables that are not there: {', '.join(missing)}.",
                hint=f"Available are: {', '.join(sorted(values))}.",
            )
        try:
            return tuple(
                {"role": part.role, "content": self._content(at, values)} for at, part in enumerate(self._parts)
            )
        except _TEMPLATE_ERRORS as error:
            raise PromptError(
                f"The prompt {self.id} cannot be rendered: {error}", hint="See `extractor prompts show`."
            ) from error

    def _content(self, at: int, values: Mapping[str, Any]) -> str:
        """The text of message `at`. The long instructions are rendered once, not once per article."""
        if at in self._rendered:
            return self._rendered[at]
        part = self._parts[at]
        content = part.template.render(values).strip()
        if part.fixed:
            self._rendered[at] = content
        return content


class _Sandbox(ImmutableSandboxedEnvironment):
    """A user's prompt file may come from anywhere. It can neither call into Python nor change what it is given; there
    is no loader, so that it includes no file; and no operator of it makes a gigantic text or number.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (_is_small(left) and _is_small(right)):
            raise SecurityError(f"{operator} is not calculated with these values")
        return super().call_binop(context, operator, left, right)


def _is_small(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= _LARGEST_FACTOR


@functools.cache
def _environment() -> Environment:
    return _Sandbox(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=True,
        optimized=False,  # the optimizer would calculate outside of the sandbox, and while the file is being read
    )


def builtin_folder() -> Traversable:
    """The folder of the prompts that come with the program: inside the wheel, or at the root of a checkout."""
    packaged = resources.files("extractor") / "_data" / "prompts"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "prompts"


def builtin_names() -> Iterator[str]:
    """The ids of the prompts that come with the program, sorted."""
    suffix = ".md.j2"
    yield from sorted(
        entry.name.removesuffix(suffix) for entry in builtin_folder().iterdir() if entry.name.endswith(suffix)
    )


def load(reference: str = DEFAULT) -> Prompt:
    """A prompt by its id ("extract.v1") or by the path of a file. Raises PromptError."""
    if reference in set(builtin_names()):
        folder = builtin_folder()
        return parse((folder / f"{reference}.md.j2").read_text("utf-8"), folder / "examples")
    path = Path(reference)
    if not path.is_file():
        raise PromptError(
            f"There is no prompt {reference!r}.",
            hint=f"Give the path of a prompt file, or one of: {', '.join(builtin_names())}.",
        )
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"The prompt file {reference} cannot be read: {error}", hint="It must be UTF-8 text."
        ) from error
    return parse(source, path.parent / "examples")


def parse(source: str, examples_folder: Traversable | Path) -> Prompt:
    """A prompt from its source. Examples are looked for in the given folder, then among the program's own."""
    source = source.replace("\r\n", "\n").removeprefix("\ufeff")
    front, body = _split_front_matter(source)
    texts = _SEPARATOR.split(body)
    if texts[0].strip() or len(texts) < 3:
        raise PromptError(
            "A prompt's text must stand after lines like `=== system ===` and `=== user ===`.",
            hint="See `extractor prompts show extract.v1` for a prompt to start from.",
        )
    environment = _environment()
    messages: list[_Part] = []
    used: set[str] = set()
    for role, text in zip(texts[1::2], texts[2::2], strict=True):
        try:
            named = meta.find_undeclared_variables(environment.parse(text))
            used |= named
            messages.append(_Part(role, environment.from_string(text), fixed=named <= {"examples"}))
        except (*_TEMPLATE_ERRORS, SyntaxError) as error:
            raise PromptError(
                f"The prompt's template is malformed: {error}", hint="See the Jinja2 template syntax."
            ) from error
    if undeclared := sorted(used - set(front.variables)):
        raise PromptError(
            f"The prompt uses variables that its front matter does not declare: {', '.join(undeclared)}.",
            hint="List them under `variables:`, or correct their names.",
        )
    examples = tuple(_load_example(name, examples_folder) for name in front.examples)
    digest = hashlib.sha256(source.encode())
    for example in examples:
        digest.update(example.model_dump_json().encode())
    return Prompt(front, digest.hexdigest(), examples, source, tuple(messages))


def _split_front_matter(source: str) -> tuple[FrontMatter, str]:
    head = _FRONT_MATTER.match(source)
    if head is None:
        raise PromptError(
            "A prompt file starts with front matter between two `---` lines.", hint="See `extractor prompts show`."
        )
    try:
        if len(head[1]) > _MAX_FRONT_MATTER or "<<" in head[1]:
            raise ValueError("it is too long, or has merge keys (<<), with which a few lines make millions of fields")
        return FrontMatter.model_validate(yaml.safe_load(head[1])), source[head.end() :]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PromptError(
            f"The prompt's front matter is not valid: {error}", hint="See `extractor prompts show`."
        ) from error


def _load_example(name: str, folder: Traversable | Path) -> Example:
    if not _EXAMPLE_NAME.fullmatch(name):
        raise PromptError(
            f"{name!r} is no name of a worked example.", hint="A prompt's examples stand in the folder examples/ alone."
        )
    for place in (folder, builtin_folder() / "examples"):
        file = place / f"{name}.json"
        if file.is_file():
            try:
                return Example.model_validate_json(file.read_text("utf-8"))
            except (ValidationError, UnicodeDecodeError) as error:
                raise PromptError(
                    f"The worked example {name!r} is not valid: {error}", hint="See prompts/examples."
                ) from error
    raise PromptError(
        f"There is no worked example {name!r}.", hint="Examples stand beside the prompt in examples/NAME.json."
    )
