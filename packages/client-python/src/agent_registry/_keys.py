"""Ed25519 keys, and what is proven by them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TypedDict

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ._canonical_json import canonical_json

_SEED = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key pair; each half has 64 hex digits. Whoever has the private one is the agent."""

    public_key: str
    private_key: str = field(repr=False)


class RotationProof(TypedDict):
    """What `rotate_key` takes."""

    new_public_key: str
    proof: str


def generate_key_pair() -> KeyPair:
    """Makes a fresh key pair."""
    return _pair_of(Ed25519PrivateKey.generate())


def read_private_key(text: str) -> KeyPair:
    """The key pair of a private key: 64 hex digits, or Ed25519 in PEM (PKCS #8). Raises ValueError for anything else."""
    if _SEED.fullmatch(text.strip()):
        return _pair_of(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip())))
    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError):
        key = None
    if isinstance(key, Ed25519PrivateKey):
        return _pair_of(key)
    # Without a word of what was read: it may be a secret.
    raise ValueError("a private key is 64 hex digits, or Ed25519 in PEM (PKCS #8)") from None


def prove_rotation(agent_id: str, keys: KeyPair) -> RotationProof:
    """The arguments of `rotate_key`: the new key, and the proof that whoever asks holds its private half."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keys.private_key))
    proof = key.sign(f"rotate:{agent_id}:{keys.public_key}".encode()).hex()
    return {"new_public_key": keys.public_key, "proof": proof}


def criteria_hash(criteria: object) -> str:
    """The hash that a seller accepts acceptance criteria by: SHA-256 of their RFC 8785 form, in hex."""
    return hashlib.sha256(canonical_json(criteria).encode()).hexdigest()


def _pair_of(key: Ed25519PrivateKey) -> KeyPair:
    return KeyPair(key.public_key().public_bytes_raw().hex(), key.private_bytes_raw().hex())
