"""What is computed here is what every other client of the registry computes."""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest
from agent_registry import (
    KeyPair,
    RequestSigner,
    WebhookRefused,
    criteria_hash,
    prove_rotation,
    read_private_key,
    verify_webhook,
)

from .vectors import file_of

_SIGNATURES = file_of("http-signatures")
_WEBHOOKS = [vector for vector in file_of("webhook-signatures")["vectors"] if vector["body"]]


@pytest.mark.parametrize("vector", _SIGNATURES["vectors"], ids=lambda vector: str(vector["name"]))
def test_a_request_is_signed_as_the_vector_says(vector: dict[str, Any]) -> None:
    signer = RequestSigner(
        vector["keyId"],
        _SIGNATURES["privateKey"],
        clock=lambda: vector["created"] + 0.9,
        nonce=lambda: str(vector["nonce"]),
    )
    key = {} if vector["idempotencyKey"] is None else {"idempotency-key": vector["idempotencyKey"]}
    request = httpx.Request(vector["method"], vector["url"], headers=key, content=vector["body"].encode() or None)
    signer.sign(request)
    assert {name: request.headers.get(name) for name in vector["headers"]} == vector["headers"]
    assert ("content-digest" in request.headers) == bool(vector["body"])


def test_a_request_through_a_proxy_is_signed_for_the_registrys_own_origin() -> None:
    vector = _SIGNATURES["vectors"][1]
    signer = RequestSigner(
        vector["keyId"],
        _SIGNATURES["privateKey"],
        origin="https://registry.example",
        clock=lambda: float(vector["created"]),
        nonce=lambda: str(vector["nonce"]),
    )
    request = httpx.Request("GET", vector["url"].replace("https://registry.example", "http://127.0.0.1:8000"))
    signer.sign(request)
    assert request.headers["signature"] == vector["headers"]["Signature"]


def test_a_private_key_is_read_from_hex_and_from_pem_and_from_nothing_else() -> None:
    keys = KeyPair(_SIGNATURES["publicKey"], _SIGNATURES["privateKey"])
    der = bytes.fromhex("302e020100300506032b657004220420" + keys.private_key)
    pem = f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(der).decode()}\n-----END PRIVATE KEY-----\n"
    assert read_private_key(keys.private_key.upper()) == keys
    assert read_private_key(pem) == keys
    for wrong in ("", keys.private_key[1:], pem.replace("MC4", "MC5"), "é" * 64):
        with pytest.raises(ValueError, match="64 hex digits"):
            read_private_key(wrong)


def test_a_key_pair_does_not_show_its_private_half() -> None:
    assert _SIGNATURES["privateKey"] not in repr(read_private_key(_SIGNATURES["privateKey"]))


@pytest.mark.parametrize("vector", file_of("rotation-proof")["vectors"])
def test_the_proof_of_a_rotation_is_the_vectors(vector: dict[str, str]) -> None:
    keys = KeyPair(vector["newPublicKey"], vector["newPrivateKey"])
    assert prove_rotation(vector["agentId"], keys) == {
        "new_public_key": vector["newPublicKey"],
        "proof": vector["proof"],
    }


@pytest.mark.parametrize("vector", file_of("canonical-json")["vectors"], ids=lambda vector: str(vector["name"]))
def test_the_hash_of_criteria_is_that_of_their_canonical_form(vector: dict[str, str]) -> None:
    assert criteria_hash(json.loads(vector["text"])) == vector["sha256"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.1"), (-0.0, "0"), (100, "100"), (-1.5, "-1.5"), (123456.789, "123456.789"), (1e20, "1" + "0" * 20),
        (1e21, "1e+21"), (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1.25e-6, "0.00000125"), (1e-7, "1e-7"),
        (-1.5e-10, "-1.5e-10"), (2**53 - 1, "9007199254740991"), (5e-324, "5e-324"),
    ],
)  # fmt: skip
def test_a_number_is_hashed_as_ecmascript_writes_it(number: float, text: str) -> None:
    assert criteria_hash(number) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("number", [2**53 + 1, float("nan"), float("inf")])
def test_a_number_that_a_double_cannot_carry_has_no_hash(number: float) -> None:
    with pytest.raises(ValueError, match="no number that a double carries"):
        criteria_hash({"n": number})


@pytest.mark.parametrize("vector", _WEBHOOKS, ids=lambda vector: str(vector["name"]))
def test_a_webhook_of_the_vectors_is_believed(vector: dict[str, Any]) -> None:
    webhook = verify_webhook(vector["headers"], vector["body"], vector["secrets"], now=vector["timestamp"])
    assert webhook.delivery_id == vector["deliveryId"]
    assert webhook.event == json.loads(vector["body"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"body": b"{}"}, "no signature is by this secret"),
        ({"secret": "whsec_" + base64.b64encode(b"x" * 32).decode()}, "no signature is by this secret"),
        ({"now": 301.0}, "too long ago"),
        ({"now": -301.0}, "too long ago"),
        ({"webhook-id": "another"}, "no signature is by this secret"),
        ({"webhook-id": None}, "webhook-id is missing"),
        ({"webhook-timestamp": "soon"}, "not a time"),
        ({"webhook-timestamp": "٣"}, "not a time"),
        ({"webhook-signature": "v1,é \udc80"}, "no signature is by this secret"),
        ({"webhook-signature": ""}, "no signature is by this secret"),
    ],
)
def test_a_webhook_that_was_changed_is_refused(change: dict[str, Any], reason: str) -> None:
    vector = _WEBHOOKS[0]
    headers = {**vector["headers"], **{name: value for name, value in change.items() if "-" in name}}
    with pytest.raises(WebhookRefused, match=reason):
        verify_webhook(
            {name: value for name, value in headers.items() if value is not None},
            change.get("body", vector["body"].encode()),
            change.get("secret", vector["secrets"]),
            now=vector["timestamp"] + change.get("now", 0),
        )
