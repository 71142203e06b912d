"""What a model is asked to fill: the strict JSON Schema of a reply, and the class that instructor parses it with."""

from __future__ import annotations

import functools
import json
import os
from typing import Any, ClassVar, Self, cast

# A re-ask quotes the error: links in it are paid for and help nobody. To be set before pydantic is used.
os.environ.setdefault("PYDANTIC_ERRORS_INCLUDE_URL", "0")

import instructor
from openai.lib._pydantic import _ensure_strict_json_schema
from pydantic import BaseModel, PrivateAttr
from pydantic.json_schema import GenerateJsonSchema


class _PlainSchema(GenerateJsonSchema):
    """Titles are noise to a model, and every one of them is sent with every article."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's own signature
        return False


def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a reply in the form that strict structured output takes (closed objects, everything
    required).
    """
    plain = schema.model_json_schema(schema_generator=_PlainSchema)
    return _ensure_strict_json_schema(plain, path=(), root=plain)


class Envelope(instructor.ResponseSchema):
    """Carries a reply of the class `schema` as `value`.

    instructor walks the whole tree of a response class five times per call and builds its schema anew each time. An
    envelope has no fields to walk and keeps its schema; the reply's own class validates the text, once.
    """

    schema_of_reply: ClassVar[type[BaseModel]]
    json_schema_of_reply: ClassVar[dict[str, Any]]
    size: ClassVar[int]
    """characters of the schema as it is sent"""

    _value: BaseModel = PrivateAttr()

    @property
    def value(self) -> BaseModel:
        return self._value

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        return cls.json_schema_of_reply

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, *, strict: bool | None = None, **_: Any) -> Self:
        envelope = cls()
        envelope._value = cls.schema_of_reply.model_validate_json(json_data, strict=strict)
        return envelope


@functools.cache
def reply_class(schema: type[BaseModel]) -> type[Envelope]:
    """The envelope for replies of this schema, made once; it bears the schema's name, which is sent to the model."""
    strict = strict_schema(schema)
    fields = {
        "__module__": __name__,
        "__doc__": schema.__doc__,
        "schema_of_reply": schema,
        "json_schema_of_reply": strict,
        "size": len(json.dumps(strict)),
    }
    return cast("type[Envelope]", type(schema.__name__, (Envelope,), fields))
