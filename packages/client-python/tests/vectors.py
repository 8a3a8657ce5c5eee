"""The vectors that every client of the registry is held to."""

import json
from pathlib import Path
from typing import Any

_DIRECTORY = Path(__file__).parents[3] / "packages" / "signing" / "vectors"


def file_of(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_DIRECTORY / f"{name}.json").read_text("utf-8"))
    return content
