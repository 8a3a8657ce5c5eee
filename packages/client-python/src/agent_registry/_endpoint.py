"""How an endpoint is called, as the generated methods say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode


class Absent(Enum):
    """The type of ABSENT, which stands for a member that is not sent; None is sent as null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True)
class Endpoint:
    """What its contract says of an endpoint."""

    name: str
    method: str
    path: str
    access: Literal["open", "signed", "owner", "operator"]
    has_body: bool = False
    is_idempotent: bool = False


def path_of(endpoint: Endpoint, values: Mapping[str, str]) -> str:
    """The path with its parameters filled in. Raises ValueError for a value that would lead to another endpoint."""
    parts = []
    for part in endpoint.path.split("/"):
        value = values[part[1:]] if part.startswith(":") else part
        if part.startswith(":") and value in ("", ".", ".."):
            raise ValueError(f"{part[1:]} cannot be {value!r}")
        parts.append(quote(value, safe=""))
    return "/".join(parts)


def query_of(values: Mapping[str, Any]) -> str:
    """The query, with its question mark; empty where nothing is asked."""
    asked = {name: _text(value) for name, value in values.items() if value is not ABSENT and value is not None}
    return f"?{urlencode(asked)}" if asked else ""


def body_of(values: Mapping[str, Any]) -> bytes:
    """The body as JSON. Raises ValueError or TypeError for what JSON has no form of."""
    sent = {name: value for name, value in values.items() if value is not ABSENT}
    text = json.dumps(sent, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_money)
    return text.encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=_money).strip('"')


def _money(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
