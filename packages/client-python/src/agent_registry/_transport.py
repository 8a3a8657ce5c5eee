"""Sends requests until they are answered, or are not worth another attempt."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx

from ._endpoint import Endpoint, body_of, path_of, query_of
from ._errors import RegistryError, RegistryProblem, RegistryUnreachable, problem_of

_FIRST_DELAY_SECONDS = 0.2
_LONGEST_DELAY_SECONDS = 10.0
#: A registry that asks for more is not waited for: the caller hears of it instead.
_LONGEST_RETRY_AFTER_SECONDS = 60.0
#: Random jitter: clients that were refused together shall not return together.
_JITTER_SECONDS = 0.25
_RETRIED_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Connection:
    """Where the registry is, and how its answers are waited for."""

    base_url: str
    auth: httpx.Auth | None
    #: Whom it acts for: the id of an agent, or None for nobody and for an operator.
    agent_id: str | None
    max_retries: int
    timeout_seconds: float

    def request(
        self,
        http: httpx.Client | httpx.AsyncClient,
        endpoint: Endpoint,
        path: Mapping[str, str],
        values: Mapping[str, Any],
        idempotency_key: str | None,
        wait_seconds: float | None,
    ) -> httpx.Request:
        if self.auth is None and endpoint.access != "open":
            raise TypeError(f"{endpoint.name} needs a client with a key")
        if endpoint.access == "owner":
            if self.agent_id is None:
                raise TypeError(f"{endpoint.name} needs a client with an agent's id")
            path = {"agent_id": self.agent_id, **path}
        headers = {"accept": "application/json"}
        if endpoint.has_body:
            headers["content-type"] = "application/json"
        if endpoint.is_idempotent:
            headers["idempotency-key"] = idempotency_key or str(uuid.uuid4())
        if wait_seconds is not None:
            headers["prefer"] = f"wait={wait_seconds:g}"
        query = "" if endpoint.has_body else query_of(values)
        return http.build_request(
            endpoint.method,
            f"{self.base_url}/v1{path_of(endpoint, path)}{query}",
            headers=headers,
            content=body_of(values) if endpoint.has_body else None,
            timeout=self.timeout_seconds,
        )

    def send(self, client: httpx.Client, request: httpx.Request) -> httpx.Response:
        for attempt in count():
            try:
                return answer_of(client.send(request, auth=self.auth, follow_redirects=False))
            except (RegistryProblem, httpx.RequestError) as error:
                seconds, problem = self._retry(attempt, request, error)
                if seconds is None:
                    raise problem from (None if problem is error else error)
            time.sleep(seconds)
        raise AssertionError("count() has no end")

    async def send_async(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        for attempt in count():
            try:
                return answer_of(await client.send(request, auth=self.auth, follow_redirects=False))
            except (RegistryProblem, httpx.RequestError) as error:
                seconds, problem = self._retry(attempt, request, error)
                if seconds is None:
                    raise problem from (None if problem is error else error)
            await asyncio.sleep(seconds)
        raise AssertionError("count() has no end")

    def _retry(
        self, attempt: int, request: httpx.Request, error: RegistryProblem | httpx.RequestError
    ) -> tuple[float | None, RegistryError]:
        """The seconds before the next attempt, None for none; and what the caller is told then."""
        if isinstance(error, RegistryProblem):
            problem: RegistryError = error
            # An answer that was lost may have been on its way still when its request is repeated.
            is_worth_it = error.status in _RETRIED_STATUSES or error.code == "request_in_progress"
            asked = error.retry_after
        else:
            what = f"{request.method} {request.url}: no answer ({error or type(error).__name__})"
            problem, is_worth_it, asked = RegistryUnreachable(what), True, None
        if attempt >= self.max_retries or not is_worth_it:
            return None, problem
        return retry_delay(attempt, asked, random.random()), problem


def retry_delay(attempt: int, retry_after: float | None, chance: float) -> float | None:
    """Seconds before retry `attempt`, from 0: what the registry asked for and a little more, else a random part, no less than
    half, of a bound that doubles from 0.2 s to 10 s. None when it asked for more than a minute.
    """
    if retry_after is not None:
        return retry_after + chance * _JITTER_SECONDS if retry_after <= _LONGEST_RETRY_AFTER_SECONDS else None
    bound = min(_FIRST_DELAY_SECONDS * 2.0 ** min(attempt, 30), _LONGEST_DELAY_SECONDS)
    return bound / 2 + bound / 2 * chance


def answer_of(response: httpx.Response) -> httpx.Response:
    """The answer, if it is the registry's 2xx. What is no JSON did not come from it, so that nobody knows what became of the request."""
    if not response.is_success:
        raise problem_of(response)
    if response.content:
        try:
            response.json()
        except ValueError:
            raise httpx.RemoteProtocolError("the answer is not JSON, as a proxy's page", request=response.request) from None
    return response


def value_of(response: httpx.Response) -> Any:
    return response.json() if response.content else None


def items_of(response: httpx.Response) -> Iterator[Any]:
    page = response.json()
    yield from page if isinstance(page, list) else page["items"]


def next_cursor_of(response: httpx.Response) -> str | None:
    """The cursor of the page after this one: a member, or in `Link` for a list that is a bare array."""
    page = response.json()
    if isinstance(page, dict):
        cursor = page["next_cursor"]
        return cursor if cursor is None else str(cursor)
    link = response.links.get("next")
    return None if link is None else httpx.URL(link["url"]).params.get("cursor")


def check_base_url(base_url: str) -> str:
    """The base URL without slashes at its end. Raises ValueError when it is no http or https URL, or names /v1."""
    url = urlsplit(base_url)
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
        raise ValueError(f"base_url must be an http or https URL, such as http://localhost:8000, not {base_url}")
    plain = base_url.rstrip("/")
    if plain.endswith("/v1"):
        raise ValueError(f"base_url must leave out /v1, which every call adds: {plain[:-3]}")
    return plain
