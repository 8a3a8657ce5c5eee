"""An agent that outlives its process: its file, and the registration that fills it."""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ._client import AgentClient, AsyncAgentClient
from ._keys import KeyPair, generate_key_pair, read_private_key
from ._transport import check_base_url

if TYPE_CHECKING:
    from typing_extensions import NotRequired, Unpack

    from .types import HostingMode, RegisteredAgent


class StoredAgent(TypedDict):
    """What an agent must not lose, as its file has it; the same file as the TypeScript client's."""

    #: The registry that knows it.
    registry: str
    #: 64 hex digits.
    private_key: str
    #: Absent until the registration was answered.
    agent_id: NotRequired[str]
    webhook_secret: NotRequired[str]


class Profile(TypedDict, total=False):
    """What an agent says of itself when it registers."""

    description: str | None
    endpoint_url: str | None
    hosting_mode: HostingMode
    capabilities: list[str]


@dataclass(frozen=True)
class OpenedAgent:
    client: AgentClient
    agent_id: str
    webhook_secret: str = field(repr=False)
    #: Whether it was registered just now.
    is_new: bool


@dataclass(frozen=True)
class AsyncOpenedAgent:
    client: AsyncAgentClient
    agent_id: str
    webhook_secret: str = field(repr=False)
    is_new: bool


def open_agent(
    base_url: str,
    file: str | os.PathLike[str],
    display_name: str,
    *,
    origin: str | None = None,
    **profile: Unpack[Profile],
) -> OpenedAgent:
    """The agent of a file: registered under a fresh key at the first start, and the same one ever after.

    The key is written before the registry hears of it, to a file that its owner alone may read, so that no crash can lose it; of
    several processes that start at once all use the first one's. Raises ValueError for a file that is of another registry or none.
    """
    path, (stored, keys) = Path(file), _open(base_url, Path(file))
    is_new = "webhook_secret" not in stored
    if is_new:
        with AgentClient(
            base_url, agent_id=keys.public_key, private_key=keys.private_key, origin=origin
        ) as key:
            answer = key.register_agent(
                public_key=keys.public_key, display_name=display_name, idempotency_key=_once(keys), **profile
            )
        stored = _keep(path, stored, answer)
    client = AgentClient(base_url, agent_id=stored["agent_id"], private_key=keys.private_key, origin=origin)
    return OpenedAgent(client, stored["agent_id"], stored["webhook_secret"], is_new)


async def open_agent_async(
    base_url: str,
    file: str | os.PathLike[str],
    display_name: str,
    *,
    origin: str | None = None,
    **profile: Unpack[Profile],
) -> AsyncOpenedAgent:
    """As open_agent, with a client for asyncio."""
    path, (stored, keys) = Path(file), _open(base_url, Path(file))
    is_new = "webhook_secret" not in stored
    if is_new:
        async with AsyncAgentClient(
            base_url, agent_id=keys.public_key, private_key=keys.private_key, origin=origin
        ) as key:
            answer = await key.register_agent(
                public_key=keys.public_key, display_name=display_name, idempotency_key=_once(keys), **profile
            )
        stored = _keep(path, stored, answer)
    client = AsyncAgentClient(base_url, agent_id=stored["agent_id"], private_key=keys.private_key, origin=origin)
    return AsyncOpenedAgent(client, stored["agent_id"], stored["webhook_secret"], is_new)


def agent_from_environment(env: Mapping[str, str] = os.environ) -> AgentClient:
    """The client that AGENT_REGISTRY_URL, AGENT_REGISTRY_AGENT_ID and AGENT_REGISTRY_PRIVATE_KEY (hex or PEM) describe.

    Raises ValueError naming what is missing.
    """

    def read(name: str) -> str:
        if not env.get(name):
            raise ValueError(f"{name} is not set")
        return env[name]

    keys = read_private_key(read("AGENT_REGISTRY_PRIVATE_KEY"))
    agent_id = read("AGENT_REGISTRY_AGENT_ID")
    return AgentClient(read("AGENT_REGISTRY_URL"), agent_id=agent_id, private_key=keys.private_key)


def read_agent(file: str | os.PathLike[str]) -> StoredAgent | None:
    """The agent of a file; None when there is no such file. Raises ValueError for a file that is none."""
    try:
        text = Path(file).read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        stored: StoredAgent = json.loads(text)
        read_private_key(stored["private_key"])
        check_base_url(stored["registry"])
        return stored
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{file} holds no agent: it must be JSON with registry, agent_id and private_key") from None


def _once(keys: KeyPair) -> str:
    """One registration for a key: a retry, also of a later process, is told the webhook secret again."""
    return f"register-{keys.public_key}"


def _open(base_url: str, path: Path) -> tuple[StoredAgent, KeyPair]:
    registry = check_base_url(base_url)
    stored = read_agent(path) or _begin(path, registry)
    if check_base_url(stored["registry"]) != registry:
        raise ValueError(f"{path} holds an agent of {stored['registry']}, not of {registry}")
    return stored, read_private_key(stored["private_key"])


def _begin(path: Path, registry: str) -> StoredAgent:
    """Keeps a fresh key in the file, unless another process was first: then what that one keeps."""
    begun: StoredAgent = {"registry": registry, "private_key": generate_key_pair().private_key}
    temporary = _write_beside(path, begun)
    try:
        os.link(temporary, path)
        return begun
    except FileExistsError:
        stored = read_agent(path)
        if stored is None:
            raise
        return stored
    finally:
        temporary.unlink()


def _keep(path: Path, stored: StoredAgent, answer: RegisteredAgent) -> StoredAgent:
    secret = answer["webhook_secret"]
    if secret is None:
        raise TypeError("a signed registration tells the webhook secret")
    whole: StoredAgent = {**stored, "agent_id": answer["agent_id"], "webhook_secret": secret}
    os.replace(_write_beside(path, whole), path)
    return whole


def _write_beside(path: Path, stored: StoredAgent) -> Path:
    """Writes to a new file in the same directory, for its owner alone, down to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{uuid.uuid4()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(json.dumps(stored, indent=2) + "\n")
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary
