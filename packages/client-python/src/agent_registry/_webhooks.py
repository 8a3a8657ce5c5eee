"""Webhooks, as Standard Webhooks signs them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._errors import WebhookRefused

if TYPE_CHECKING:
    from .types import Event

_TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class VerifiedWebhook:
    """A webhook that the registry sent."""

    #: The same on every attempt at one event: an agent that has seen it need not act again.
    delivery_id: str
    event: Event


def verify_webhook(
    headers: Mapping[str, str],
    body: bytes | str,
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float = _TOLERANCE_SECONDS,
    now: float | None = None,
) -> VerifiedWebhook:
    """Verifies a webhook by its `webhook-…` headers, in constant time, and reads it.

    body is what was received, before anything has parsed it; secret the agent's, or during a rotation both; now the receiver's
    clock in Unix seconds. Raises WebhookRefused, whatever came over the network.
    """
    by_name = {name.lower(): value for name, value in headers.items()}
    try:
        sent_at, offered = by_name["webhook-timestamp"], by_name["webhook-signature"]
        delivery_id = by_name["webhook-id"]
    except KeyError as missing:
        raise WebhookRefused(f"the header {missing.args[0]} is missing") from None
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        raise WebhookRefused("webhook-timestamp is not a time")
    if abs((time.time() if now is None else now) - int(sent_at)) > tolerance_seconds:
        raise WebhookRefused("it was signed too long ago, or the clocks differ")
    raw = body.encode() if isinstance(body, str) else bytes(body)
    signed = f"{delivery_id}.{sent_at}.".encode(errors="replace") + raw
    if not _is_signed(signed, offered, [secret] if isinstance(secret, str) else secret):
        raise WebhookRefused("no signature is by this secret")
    try:
        event = json.loads(raw)
    except ValueError:
        raise WebhookRefused("the body is no JSON") from None
    return VerifiedWebhook(delivery_id, event)


def _is_signed(signed: bytes, offered: str, secrets: Sequence[str]) -> bool:
    expected = [
        b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in map(_key_of, secrets)
    ]
    matches = [hmac.compare_digest(one, other) for one in offered.encode(errors="replace").split(b" ") for other in expected]
    return any(matches)


def _key_of(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is whsec_ and base64") from None
