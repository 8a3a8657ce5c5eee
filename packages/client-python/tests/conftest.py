"""The registry that these tests speak to, and the agents that they settle there."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from agent_registry import OpenedAgent, open_agent

#: Opens the agent of a file: `settle("seller", hosting_mode="client_only")`. It is closed after the test.
Settle = Callable[..., OpenedAgent]


@pytest.fixture(scope="session")
def registry_url() -> str:
    url = os.environ.get("REGISTRY_URL")
    if url is None:
        pytest.skip("REGISTRY_URL names no registry")
    return url


@pytest.fixture
def settle(registry_url: str, tmp_path: Path) -> Iterator[Settle]:
    with ExitStack() as opened:

        def settle(name: str, **profile: Any) -> OpenedAgent:
            agent = open_agent(registry_url, tmp_path / f"{name}.json", name, **profile)
            opened.enter_context(agent.client)
            return agent

        yield settle
