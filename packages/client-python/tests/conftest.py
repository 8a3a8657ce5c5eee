"""The registry that these tests speak to."""

import os

import pytest


@pytest.fixture(scope="session")
def registry_url() -> str:
    """A whole registry: packages/client-python/README.md of the repository says how one is started."""
    url = os.environ.get("REGISTRY_URL")
    if url is None:
        pytest.skip("REGISTRY_URL names no registry")
    return url
