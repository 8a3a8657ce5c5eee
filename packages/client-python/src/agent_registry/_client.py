"""The clients: a method per endpoint, and what takes several calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

import httpx

from ._calls import AgentCalls, AsyncAgentCalls, AsyncOperatorCalls, OperatorCalls
from ._endpoint import ABSENT, Endpoint
from ._errors import JobEnded, RegistryProblem, RegistryUnreachable
from ._signing import OperatorKey, RequestSigner
from ._transport import Connection, check_base_url, items_of, next_cursor_of, value_of

if TYPE_CHECKING:
    from typing_extensions import Self

    from .types import AgentEvent, Job, JobStatus

_MAX_RETRIES = 4
_TIMEOUT_SECONDS = 35.0
_PAGE_ITEMS = 100
_FEED_WAIT_SECONDS = 25
#: How long an outage is left alone before the feed is asked again.
_OUTAGE_PAUSE_SECONDS = 5.0
_POLL_SECONDS = 1.0
#: States that a job does not leave by itself; a failed one may still be disputed.
_ENDED = frozenset({"completed", "failed", "resolved", "cancelled"})


class _Sync:
    """Calls endpoints and waits for them."""

    def __init__(self, connection: Connection, http: httpx.Client | None) -> None:
        self._connection = connection
        self._http = http or httpx.Client()

    def _call(
        self,
        endpoint: Endpoint,
        path: Mapping[str, str],
        values: Mapping[str, Any],
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> Any:
        request = self._connection.request(self._http, endpoint, path, values, idempotency_key, wait_seconds)
        return value_of(self._connection.send(self._http, request))

    def _pages(self, endpoint: Endpoint, path: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[Any]:
        cursor: str | None = None
        while True:
            asked = {"limit": _PAGE_ITEMS, **values, "cursor": cursor}
            request = self._connection.request(self._http, endpoint, path, asked, None, None)
            response = self._connection.send(self._http, request)
            yield from items_of(response)
            cursor = next_cursor_of(response)
            if cursor is None:
                return

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Async:
    """Calls endpoints and awaits them."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient | None) -> None:
        self._connection = connection
        self._http = http or httpx.AsyncClient()

    async def _call(
        self,
        endpoint: Endpoint,
        path: Mapping[str, str],
        values: Mapping[str, Any],
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> Any:
        request = self._connection.request(self._http, endpoint, path, values, idempotency_key, wait_seconds)
        return value_of(await self._connection.send_async(self._http, request))

    async def _pages(
        self, endpoint: Endpoint, path: Mapping[str, str], values: Mapping[str, Any]
    ) -> AsyncIterator[Any]:
        cursor: str | None = None
        while True:
            asked = {"limit": _PAGE_ITEMS, **values, "cursor": cursor}
            request = self._connection.request(self._http, endpoint, path, asked, None, None)
            response = await self._connection.send_async(self._http, request)
            for item in items_of(response):
                yield item
            cursor = next_cursor_of(response)
            if cursor is None:
                return

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()


def _agent_connection(
    base_url: str,
    agent_id: str | None,
    private_key: str | None,
    origin: str | None,
    max_retries: int,
    timeout_seconds: float,
) -> Connection:
    if (agent_id is None) != (private_key is None):
        raise TypeError("agent_id and private_key belong together")
    auth = None
    if agent_id is not None and private_key is not None:
        auth = RequestSigner(agent_id, private_key, origin=origin)
    return Connection(check_base_url(base_url), auth, agent_id, max_retries, timeout_seconds)


class AgentClient(_Sync, AgentCalls):
    """Acts for one agent, or without agent_id and private_key for nobody, where no agent is needed.

    base_url is where the API is, without /v1; private_key has 64 hex digits; origin is what the registry calls itself where that
    is not base_url's. Each call is signed and retried (a POST under one Idempotency-Key); it raises RegistryProblem when the
    registry refuses, RegistryUnreachable when it does not answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        agent_id: str | None = None,
        private_key: str | None = None,
        origin: str | None = None,
        max_retries: int = _MAX_RETRIES,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        http: httpx.Client | None = None,
    ) -> None:
        connection = _agent_connection(base_url, agent_id, private_key, origin, max_retries, timeout_seconds)
        super().__init__(connection, http)
        self.agent_id = agent_id

    def events(self, *, after: str | None = None, follow: bool = True) -> Iterator[AgentEvent]:
        """The agent's events after a cursor, each once and in their one order, and then, with follow, each new one as it happens.

        An event's own `cursor` is where to go on after it; from the oldest that is kept when absent. While it follows, an outage
        is waited out. Raises RegistryProblem `cursor_gone` when what follows the cursor is no longer kept.
        """
        wait = _FEED_WAIT_SECONDS if follow else None
        while True:
            try:
                page = self.list_agent_events(after=after or ABSENT, limit=_PAGE_ITEMS, wait_seconds=wait)
            except (RegistryProblem, RegistryUnreachable) as error:
                time.sleep(_outage_pause(error, follow))
                continue
            yield from page["items"]  # type: ignore[misc]
            after = page["next"]
            if not follow and len(page["items"]) < _PAGE_ITEMS:
                return

    def wait_for_job(self, job_id: str, *statuses: JobStatus, poll_seconds: float = _POLL_SECONDS) -> Job:
        """Waits until the job is in one of these states. Raises JobEnded when it has ended in another one."""
        while True:
            job = self.get_job(job_id)
            if _has_arrived(job, statuses):
                return job
            time.sleep(poll_seconds)


class AsyncAgentClient(_Async, AsyncAgentCalls):
    """AgentClient for asyncio."""

    def __init__(
        self,
        base_url: str,
        *,
        agent_id: str | None = None,
        private_key: str | None = None,
        origin: str | None = None,
        max_retries: int = _MAX_RETRIES,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        connection = _agent_connection(base_url, agent_id, private_key, origin, max_retries, timeout_seconds)
        super().__init__(connection, http)
        self.agent_id = agent_id

    async def events(self, *, after: str | None = None, follow: bool = True) -> AsyncIterator[AgentEvent]:
        """As AgentClient.events."""
        wait = _FEED_WAIT_SECONDS if follow else None
        while True:
            try:
                page = await self.list_agent_events(after=after or ABSENT, limit=_PAGE_ITEMS, wait_seconds=wait)
            except (RegistryProblem, RegistryUnreachable) as error:
                await asyncio.sleep(_outage_pause(error, follow))
                continue
            for event in page["items"]:
                yield event  # type: ignore[misc]
            after = page["next"]
            if not follow and len(page["items"]) < _PAGE_ITEMS:
                return

    async def wait_for_job(self, job_id: str, *statuses: JobStatus, poll_seconds: float = _POLL_SECONDS) -> Job:
        """As AgentClient.wait_for_job."""
        while True:
            job = await self.get_job(job_id)
            if _has_arrived(job, statuses):
                return job
            await asyncio.sleep(poll_seconds)


class OperatorClient(_Sync, OperatorCalls):
    """Speaks for an operator, by the key that they were given."""

    def __init__(
        self,
        base_url: str,
        operator_key: str,
        *,
        max_retries: int = _MAX_RETRIES,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        http: httpx.Client | None = None,
    ) -> None:
        auth = OperatorKey(operator_key)
        super().__init__(Connection(check_base_url(base_url), auth, None, max_retries, timeout_seconds), http)


class AsyncOperatorClient(_Async, AsyncOperatorCalls):
    """OperatorClient for asyncio."""

    def __init__(
        self,
        base_url: str,
        operator_key: str,
        *,
        max_retries: int = _MAX_RETRIES,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        auth = OperatorKey(operator_key)
        super().__init__(Connection(check_base_url(base_url), auth, None, max_retries, timeout_seconds), http)


def _outage_pause(error: RegistryProblem | RegistryUnreachable, follow: bool) -> float:
    """Seconds to leave an outage alone; raises what is none."""
    if isinstance(error, RegistryUnreachable):
        is_outage, asked = True, 0.0
    else:
        is_outage, asked = error.status >= 500 or error.status == 429, error.retry_after or 0.0
    if not (follow and is_outage):
        raise error
    return max(_OUTAGE_PAUSE_SECONDS, asked)


def _has_arrived(job: Job, statuses: tuple[JobStatus, ...]) -> bool:
    if job["status"] in statuses:
        return True
    if job["status"] in _ENDED:
        raise JobEnded(job, statuses)
    return False
