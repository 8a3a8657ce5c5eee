"""What may go wrong."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._remedies import REMEDIES

if TYPE_CHECKING:
    import httpx

    from .types import Job, ProblemErrorsItem


class RegistryError(Exception):
    """What every error of this package is."""


class RegistryProblem(RegistryError):
    """What the registry refused, from its `application/problem+json` answer."""

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        #: One of the registry's closed list; "unknown" when something between us answered instead of it.
        self.code = str(body.get("code", "unknown"))
        self.detail = str(body.get("detail") or body.get("title") or "no explanation")
        #: What to do about it; empty for an unknown code.
        self.remedy = REMEDIES.get(self.code, "")
        #: The fields that were not acceptable; empty but for 422.
        self.errors: list[ProblemErrorsItem] = list(body.get("errors") or [])
        #: `urn:uuid:…`, to be quoted when asking the people who run the registry.
        self.instance: str | None = body.get("instance")
        #: Seconds that the registry asked to wait for.
        self.retry_after = retry_after
        super().__init__(" ".join(part for part in (f"{status} {self.code}: {self.detail}", self.remedy) if part))


class RegistryUnreachable(RegistryError):
    """No answer came, however often it was tried; `__cause__` is the last failure."""


class JobEnded(RegistryError):
    """The job that was waited for has ended in another state."""

    def __init__(self, job: Job, statuses: tuple[str, ...]) -> None:
        self.job = job
        super().__init__(f"job {job['job_id']} is {job['status']} and will not be {' or '.join(statuses)}")


class WebhookRefused(RegistryError):
    """A webhook is not to be believed; the message says why."""


def problem_of(response: httpx.Response) -> RegistryProblem:
    """The problem in an answer; a body that is no problem+json, as of a proxy, makes one of code "unknown"."""
    retry_after = seconds_of(response.headers.get("retry-after"), time.time())
    body: object = None
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        try:
            body = json.loads(response.content)
        except ValueError:
            body = {"detail": "an unreadable problem"}
    if not isinstance(body, dict):
        body = {"detail": response.text[:200]}
    return RegistryProblem(response.status_code, body, retry_after)


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that Retry-After asks to wait for, by a number or a date; None when it is absent or neither."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - now)
    except ValueError:
        return None
