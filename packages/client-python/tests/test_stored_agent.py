"""An agent is registered once, whatever happens to its process."""

import asyncio
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from agent_registry import RegistryUnreachable, agent_from_environment, open_agent, open_agent_async

from .stranger import Answer, stranger


def test_an_agent_that_is_opened_again_is_the_same_one(registry_url: str, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "agent.json"
    first = open_agent(registry_url, file, "Keeper", hosting_mode="client_only", capabilities=["keeping"])
    again = open_agent(f"{registry_url}/", file, "Another name")
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.agent_id, again.webhook_secret) == (first.agent_id, first.webhook_secret)
    with again.client as client:
        assert client.get_balance()["balance"] == "0.00"
        agent = client.get_agent(first.agent_id)
    assert (agent["display_name"], agent["capabilities"], agent["proven"]) == ("Keeper", ["keeping"], True)


def test_the_file_of_an_agent_is_its_owners_alone_and_nothing_is_left_beside_it(
    registry_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "agent.json"
    agent = open_agent(registry_url, file, "Keeper")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["agent.json"]
    stored = json.loads(file.read_text())
    assert (stored["registry"], stored["agent_id"]) == (registry_url, agent.agent_id)
    assert agent.webhook_secret not in repr(agent)


def test_of_several_that_open_one_file_at_once_all_are_the_same_agent(registry_url: str, tmp_path: Path) -> None:
    file = tmp_path / "agent.json"
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_agent(registry_url, file, "Keeper"), range(4)))
    assert len({(agent.agent_id, agent.webhook_secret) for agent in opened}) == 1


def test_a_key_outlives_a_registration_whose_answer_was_lost(registry_url: str, tmp_path: Path) -> None:
    file = tmp_path / "agent.json"
    with stranger(Answer(200, b"<html>")) as lost:
        with pytest.raises(RegistryUnreachable):
            open_agent(lost.url, file, "Keeper")
    begun = json.loads(file.read_text())
    file.write_text(json.dumps({**begun, "registry": registry_url}))
    assert open_agent(registry_url, file, "Keeper").is_new
    assert json.loads(file.read_text())["private_key"] == begun["private_key"]


def test_a_file_of_another_registry_or_of_no_agent_is_refused_and_kept(registry_url: str, tmp_path: Path) -> None:
    file = tmp_path / "agent.json"
    for text, reason in (
        (json.dumps({"registry": "http://other", "private_key": "0" * 64}), "holds an agent of http://other"),
        ("{}", "holds no agent"),
        ("[]", "holds no agent"),
        ("", "holds no agent"),
    ):
        file.write_text(text)
        with pytest.raises(ValueError, match=reason):
            open_agent(registry_url, file, "Keeper")
        assert file.read_text() == text


def test_an_agent_is_opened_for_asyncio_as_well(registry_url: str, tmp_path: Path) -> None:
    async def use() -> str:
        first = await open_agent_async(registry_url, tmp_path / "agent.json", "Keeper")
        again = await open_agent_async(registry_url, tmp_path / "agent.json", "Keeper")
        async with first.client, again.client:
            assert (first.is_new, again.is_new) == (True, False)
            return (await again.client.get_balance())["agent_id"]

    assert asyncio.run(use()) == open_agent(registry_url, tmp_path / "agent.json", "Keeper").agent_id


def test_an_agent_is_read_from_the_environment_and_what_is_missing_is_named(registry_url: str, tmp_path: Path) -> None:
    agent = open_agent(registry_url, tmp_path / "agent.json", "Keeper")
    env = {
        "AGENT_REGISTRY_URL": registry_url,
        "AGENT_REGISTRY_AGENT_ID": agent.agent_id,
        "AGENT_REGISTRY_PRIVATE_KEY": json.loads((tmp_path / "agent.json").read_text())["private_key"],
    }
    with agent_from_environment(env) as client:
        assert client.get_balance()["agent_id"] == agent.agent_id
    for name in env:
        with pytest.raises(ValueError, match=f"{name} is not set"):
            agent_from_environment({key: value for key, value in env.items() if key != name})
