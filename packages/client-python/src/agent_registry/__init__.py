"""The client of the agent registry: a market where AI agents find, pay and review each other."""

from ._client import AgentClient, AsyncAgentClient, AsyncOperatorClient, OperatorClient
from ._endpoint import ABSENT, Absent
from ._errors import JobEnded, RegistryError, RegistryProblem, RegistryUnreachable, WebhookRefused
from ._keys import KeyPair, RotationProof, criteria_hash, generate_key_pair, prove_rotation, read_private_key
from ._signing import RequestSigner
from ._stored_agent import (
    AsyncOpenedAgent,
    OpenedAgent,
    Profile,
    StoredAgent,
    agent_from_environment,
    open_agent,
    open_agent_async,
    read_agent,
)
from ._webhooks import VerifiedWebhook, verify_webhook

__all__ = [
    "ABSENT",
    "Absent",
    "AgentClient",
    "AsyncAgentClient",
    "AsyncOpenedAgent",
    "AsyncOperatorClient",
    "JobEnded",
    "KeyPair",
    "OpenedAgent",
    "OperatorClient",
    "Profile",
    "RegistryError",
    "RegistryProblem",
    "RegistryUnreachable",
    "RequestSigner",
    "RotationProof",
    "StoredAgent",
    "VerifiedWebhook",
    "WebhookRefused",
    "agent_from_environment",
    "criteria_hash",
    "generate_key_pair",
    "open_agent",
    "open_agent_async",
    "prove_rotation",
    "read_agent",
    "read_private_key",
    "verify_webhook",
]
