"""Request signatures: the registry's profile of RFC 9421, with the Content-Digest of RFC 9530."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Generator, Mapping

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_NONCE_BYTES = 18


def new_nonce() -> str:
    return secrets.token_urlsafe(_NONCE_BYTES)


def content_digest(body: bytes) -> str:
    """The Content-Digest of a body: its SHA-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(lines: Mapping[str, str], params: str) -> bytes:
    """The bytes that are signed: a line for each covered component, and what is said of the signature."""
    covered = [f'"{name}": {value}' for name, value in lines.items()]
    return "\n".join([*covered, f'"@signature-params": {params}']).encode("latin-1")


class RequestSigner(httpx.Auth):
    """Signs each request, retries included, anew: `httpx.Client(auth=RequestSigner(agent_id, private_key))`.

    key_id is the agent's id, or while it registers its public key. private_key has 64 hex digits. origin is what the registry
    calls itself, such as "https://registry.example", where that is not the address that is called, as behind a proxy.
    """

    requires_request_body = True

    def __init__(
        self,
        key_id: str,
        private_key: str,
        *,
        origin: str | None = None,
        clock: Callable[[], float] = time.time,
        nonce: Callable[[], str] = new_nonce,
    ) -> None:
        self._key_id = key_id
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private_key))
        self._origin = origin
        self._clock = clock
        self._nonce = nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self.sign(request)
        yield request

    def sign(self, request: httpx.Request) -> None:
        """Adds the headers of the signature to the request, whose body has been read."""
        lines = {"@method": request.method, "@target-uri": self._target(request.url)}
        if request.content:
            request.headers["Content-Digest"] = content_digest(request.content)
            lines["content-digest"] = request.headers["Content-Digest"]
        if "idempotency-key" in request.headers:
            lines["idempotency-key"] = request.headers["idempotency-key"]
        names = " ".join(f'"{name}"' for name in lines)
        said = f'nonce="{self._nonce()}";keyid="{self._key_id}";alg="ed25519";tag="agent-registry"'
        params = f"({names});created={int(self._clock())};{said}"
        signature = base64.b64encode(self._key.sign(signature_base(lines, params))).decode()
        request.headers["Signature-Input"] = f"sig1={params}"
        request.headers["Signature"] = f"sig1=:{signature}:"

    def _target(self, url: httpx.URL) -> str:
        origin = self._origin or f"{url.scheme}://{url.netloc.decode('ascii')}"
        return origin + url.raw_path.decode("ascii")


class OperatorKey(httpx.Auth):
    """What an operator proves itself by."""

    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Operator-Key"] = self._key
        yield request
