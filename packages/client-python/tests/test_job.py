"""A seller that hears by webhook and a client that follows its events do a job that tests decide."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks
from agent_registry import (
    AgentClient,
    JobEnded,
    OpenedAgent,
    RegistryProblem,
    criteria_hash,
    open_agent_async,
    verify_webhook,
)

from .conftest import Settle

#: How often the endpoint looks whether it is to end, which its end waits for.
_POLL_SECONDS = 0.01
_CRITERIA: dict[str, Any] = {
    "version": "1.0",
    "tests": [{"test_id": "short", "type": "assertion", "params": {"expression": "size(output.summary) < 20"}}],
}


class Endpoint:
    """An agent's endpoint on loopback: what comes waits in `received`, with its headers."""

    def __init__(self) -> None:
        received: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        self.received = received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                received.put((dict(self.headers.items()), self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


def _act(seller: AgentClient, job_id: str) -> None:
    job = seller.get_job(job_id)
    if job["status"] == "proposed":
        assert criteria_hash(job["acceptance_criteria"]) == job["acceptance_criteria_hash"]
        agreed = job["acceptance_criteria_hash"]
        seller.accept_job(job_id, acceptance_criteria_hash=agreed, current_round=job["current_round"])
    elif job["status"] == "funded":
        seller.start_job(job_id)
        seller.deliver_job(job_id, result={"summary": job["requirements"]["text"].split(". ")[0]})


def _sell(opened: OpenedAgent, endpoint: Endpoint) -> list[str]:
    """Deals with webhooks, each verified by two implementations, until a job is paid. Returns what they were."""
    seen: dict[str, str] = {}
    while "job.completed" not in seen.values():
        headers, body = endpoint.received.get(timeout=30)
        by_others = standardwebhooks.Webhook(opened.webhook_secret).verify(body, headers)
        webhook = verify_webhook(headers, body, opened.webhook_secret)
        assert webhook.event == by_others
        if webhook.delivery_id not in seen and webhook.event["job_id"] is not None:
            _act(opened.client, webhook.event["job_id"])
        seen[webhook.delivery_id] = webhook.event["event"]
    return sorted(seen.values())


def _buy(client: AgentClient, seller_id: str) -> str:
    client.deposit_credits(amount="20.00")
    job = client.propose_job(
        seller_agent_id=seller_id,
        max_budget="12.50",
        requirements={"text": "Agents trade. They pay for what passes."},
        acceptance_criteria=_CRITERIA,
    )
    client.wait_for_job(job["job_id"], "agreed", poll_seconds=0.1)
    escrow = client.fund_job(job["job_id"])
    assert (escrow["amount"], escrow["status"]) == ("12.50", "funded")
    return job["job_id"]


def test_a_seller_and_a_client_do_a_job_with_criteria(settle: Settle, endpoint: Endpoint) -> None:
    seller = settle("seller", endpoint_url=endpoint.url)
    buyer = settle("client", hosting_mode="client_only")
    bought: queue.Queue[str] = queue.Queue()
    buying = threading.Thread(target=lambda: bought.put(_buy(buyer.client, seller.agent_id)))
    buying.start()
    heard = _sell(seller, endpoint)
    buying.join()
    job_id = bought.get()

    job = buyer.client.wait_for_job(job_id, "completed", poll_seconds=0.1)
    assert job["result"] == {"summary": "Agents trade"}
    verified = buyer.client.verify_job(job_id)
    assert verified["verification"] is not None and verified["verification"]["passed"]
    fee = buyer.client.get_fees()["platform_fee_percent"]
    assert float(seller.client.get_balance()["balance"]) == pytest.approx(12.5 * (1 - float(fee)), abs=0.01)
    assert buyer.client.get_balance()["balance"] == "7.50"
    assert buyer.client.create_review(job_id, rating=5, comment="Short.")["rating"] == 5

    assert [name for name in heard if name != "ping"] == ["job.accepted", "job.completed", "job.funded", "job.proposed"]
    events = [event for event in buyer.client.events(follow=False) if event["job_id"] == job_id]
    assert [event["event"] for event in events] == ["job.accepted", "job.started", "job.delivered", "job.completed"]
    accepted = events[0]
    assert accepted["event"] == "job.accepted" and accepted["data"]["agreed_price"] == "12.50"


def test_a_job_that_ended_otherwise_is_not_waited_for_for_ever(settle: Settle) -> None:
    seller = settle("seller").client
    buyer = settle("client").client
    job_id = buyer.propose_job(seller_agent_id=str(seller.agent_id), max_budget=1)["job_id"]
    seller.cancel_job(job_id, reason="No time.")
    with pytest.raises(JobEnded, match=f"job {job_id} is cancelled and will not be agreed or funded") as caught:
        buyer.wait_for_job(job_id, "agreed", "funded")
    assert caught.value.job["status"] == "cancelled"


def test_a_refusal_tells_its_fields_and_what_to_do(settle: Settle) -> None:
    buyer = settle("client").client
    with pytest.raises(RegistryProblem, match="422 validation_failed") as caught:
        buyer.propose_job(seller_agent_id="nobody", max_budget="-1")
    assert sorted(error["path"] for error in caught.value.errors) == ["max_budget", "seller_agent_id"]
    assert "`errors` names each field" in caught.value.remedy


def test_every_item_of_a_list_comes_once_page_after_page(settle: Settle) -> None:
    seller = settle("seller").client
    made = [seller.create_listing(skill_id=f"skill-{n}", base_price="1.00")["listing_id"] for n in range(101)]
    listed = [listing["listing_id"] for listing in seller.iter_agent_listings(str(seller.agent_id))]
    assert sorted(listed) == sorted(made)


def test_events_that_come_in_a_bare_list_have_pages_too(settle: Settle) -> None:
    seller = settle("seller").client
    buyer = settle("client").client
    for _ in range(3):
        job = buyer.propose_job(seller_agent_id=str(seller.agent_id), max_budget="1.00")
        buyer.cancel_job(job["job_id"])
    events = [delivery["event_type"] for delivery in seller.iter_webhooks()]
    assert sorted(events) == ["job.cancelled"] * 3 + ["job.proposed"] * 3


def test_a_follower_hears_of_what_happens_while_it_waits_and_goes_on_after_a_cursor(
    registry_url: str, tmp_path: Path
) -> None:
    async def follow() -> None:
        seller = await open_agent_async(registry_url, tmp_path / "seller.json", "Seller")
        buyer = await open_agent_async(registry_url, tmp_path / "client.json", "Reader")
        async with seller.client, buyer.client:
            events = seller.client.events()
            waiting = asyncio.ensure_future(anext(aiter(events)))
            job = await buyer.client.propose_job(seller_agent_id=seller.agent_id, max_budget="1.00")
            event = await waiting
            assert (event["event"], event["job_id"]) == ("job.proposed", job["job_id"])
            await buyer.client.cancel_job(job["job_id"])
            later = [one["event"] async for one in seller.client.events(after=event["cursor"], follow=False)]
            assert later == ["job.cancelled"]
            assert [one["job_id"] async for one in seller.client.iter_jobs(role="seller")] == [job["job_id"]]

    asyncio.run(follow())
