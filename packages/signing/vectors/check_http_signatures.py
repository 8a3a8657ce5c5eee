"""Checks the RFC 9421 vectors with PyPI's http-message-signatures, and signs one request that our own code must accept."""

import datetime
import json
import pathlib
import sys
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException

FILE = json.loads((pathlib.Path(__file__).parent / "http-signatures.json").read_text("utf-8"))
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(FILE["privateKey"]))


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return PRIVATE.public_key()

    def resolve_private_key(self, key_id):
        return PRIVATE


def request(vector):
    return SimpleNamespace(method=vector["method"], url=vector["url"], headers=dict(vector["headers"]))


def verifies(message):
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    verifier.max_clock_skew = datetime.timedelta(days=36_500)
    return verifier.verify(message, max_age=datetime.timedelta(days=36_500))


def is_refused(message):
    try:
        verifies(message)
    except HTTPMessageSignaturesException:
        return True
    return False


for one in FILE["vectors"]:
    verifies(request(one))
    changed = request(one)
    changed.url += "x"
    if not is_refused(changed):
        sys.exit(f"{one['name']}: a changed URL passed")

propose = FILE["vectors"][0]
fresh = request(propose)
del fresh.headers["Signature"], fresh.headers["Signature-Input"]
HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys()).sign(
    fresh,
    key_id=propose["keyId"],
    nonce="bm9uY2Ugb2YgUHl0aG9u",
    tag="agent-registry",
    label="any",
    use_existing_digest=True,
    covered_component_ids=("content-digest", "idempotency-key", "@method", "@authority", "@path", "@query"),
)
print(json.dumps(fresh.headers))
