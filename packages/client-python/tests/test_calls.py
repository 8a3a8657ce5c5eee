"""What is sent, how often, and what the caller is told."""

import asyncio
import json
import socket
from collections.abc import Callable
from decimal import Decimal

import pytest
from agent_registry import AgentClient, AsyncAgentClient, OperatorClient, RegistryProblem, RegistryUnreachable
from agent_registry._errors import seconds_of
from agent_registry._transport import retry_delay

from .stranger import Answer, stranger

_ID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
_KEY = "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5"


def _problem(status: int, code: str, **headers: str) -> Answer:
    body = {"code": code, "title": code, "detail": "Because.", "instance": "urn:uuid:1", "errors": []}
    return Answer(status, json.dumps(body).encode(), {"content-type": "application/problem+json", **headers})


def _propose(url: str, max_retries: int = 4) -> None:
    with AgentClient(url, agent_id=_ID, private_key=_KEY, max_retries=max_retries) as client:
        client.propose_job(seller_agent_id=_ID, max_budget="1.00")


def _propose_async(url: str, max_retries: int = 4) -> None:
    async def propose() -> None:
        async with AsyncAgentClient(url, agent_id=_ID, private_key=_KEY, max_retries=max_retries) as client:
            await client.propose_job(seller_agent_id=_ID, max_budget="1.00")

    asyncio.run(propose())


both = pytest.mark.parametrize("propose", [_propose, _propose_async], ids=["sync", "async"])


@both
def test_a_post_that_is_tried_again_has_the_same_key_and_body_and_another_signature(
    propose: Callable[..., None],
) -> None:
    later = _problem(503, "unavailable", **{"retry-after": "0"})
    with stranger(later, Answer(502, b"<html>"), _problem(409, "request_in_progress"), Answer(201)) as registry:
        propose(registry.url)
    assert [(asked.method, asked.path) for asked in registry.asked] == [("POST", "/v1/jobs")] * 4
    assert len({asked.headers["idempotency-key"] for asked in registry.asked}) == 1
    assert {asked.body for asked in registry.asked} == {f'{{"seller_agent_id":"{_ID}","max_budget":"1.00"}}'.encode()}
    assert len({asked.headers["signature"] for asked in registry.asked}) == 4


@both
@pytest.mark.parametrize(
    "answer",
    [
        _problem(422, "validation_failed"),
        _problem(500, "internal"),
        _problem(429, "rate_limited", **{"retry-after": "61"}),
    ],
    ids=lambda answer: str(answer.status),
)
def test_what_is_not_worth_another_attempt_is_told_at_once(propose: Callable[..., None], answer: Answer) -> None:
    with stranger(answer) as registry, pytest.raises(RegistryProblem, match=f"^{answer.status} .*: Because[.]"):
        propose(registry.url)
    assert len(registry.asked) == 1


@both
def test_a_refusal_that_lasts_is_told_once_the_retries_are_used_up(propose: Callable[..., None]) -> None:
    refusal = _problem(429, "rate_limited", **{"retry-after": "0"})
    with stranger(refusal) as registry, pytest.raises(RegistryProblem) as caught:
        propose(registry.url, max_retries=2)
    assert len(registry.asked) == 3
    told = caught.value
    assert (told.status, told.code, told.detail, told.instance) == (429, "rate_limited", "Because.", "urn:uuid:1")
    assert "Retry-After" in told.remedy
    assert told.retry_after == 0


@both
def test_nobody_there_is_told_as_such_with_its_cause(propose: Callable[..., None]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(RegistryUnreachable, match="POST .*/v1/jobs: no answer") as caught:
        propose(f"http://127.0.0.1:{port}", max_retries=1)
    assert caught.value.__cause__ is not None


@both
def test_a_page_of_a_proxy_is_no_answer_of_the_registry(propose: Callable[..., None]) -> None:
    with stranger(Answer(200, b"<html>")) as registry, pytest.raises(RegistryUnreachable, match="not JSON"):
        propose(registry.url, max_retries=1)
    assert len(registry.asked) == 2


def test_a_refusal_that_is_no_problem_has_an_unknown_code_and_the_text() -> None:
    with stranger(Answer(403, b"Forbidden by proxy")) as registry, pytest.raises(RegistryProblem) as caught:
        _propose(registry.url)
    assert (caught.value.code, caught.value.detail, caught.value.remedy) == ("unknown", "Forbidden by proxy", "")


def test_a_redirect_is_not_followed_for_its_target_needs_another_signature() -> None:
    moved = Answer(307, b"", {"location": "http://127.0.0.1:9/"})
    with stranger(moved) as registry, pytest.raises(RegistryProblem, match="^307 unknown"):
        _propose(registry.url)


def test_what_is_left_out_is_not_sent_and_none_is_sent_as_null() -> None:
    with stranger(Answer(200)) as registry, AgentClient(registry.url, agent_id=_ID, private_key=_KEY) as client:
        client.update_agent(endpoint_url=None)
        client.deliver_job(_ID, result=None)
        client.counter_job(_ID, proposed_price=Decimal("12.50"), message="Zoë")
        client.cancel_job(_ID)
    assert [asked.body.decode() for asked in registry.asked] == [
        '{"endpoint_url":null}',
        '{"result":null}',
        '{"proposed_price":"12.50","message":"Zoë"}',
        "{}",
    ]


def test_what_is_asked_in_the_query_is_spelled_as_the_api_reads_it() -> None:
    with stranger(Answer(200)) as registry, AgentClient(registry.url) as client:
        client.discover(q="übersetzen & mehr", min_rating=4.5, online=True, max_price=Decimal("3.50"))
    assert registry.asked[0].path == (
        "/v1/discover?q=%C3%BCbersetzen+%26+mehr&min_rating=4.5&max_price=3.50&online=true"
    )


def test_an_id_cannot_lead_to_another_endpoint() -> None:
    with stranger(Answer(200)) as registry, AgentClient(registry.url, agent_id=_ID, private_key=_KEY) as client:
        client.get_job("../agents?x=#y")
        for text in ("", ".", ".."):
            with pytest.raises(ValueError, match="job_id cannot be"):
                client.get_job(text)
    assert [asked.path for asked in registry.asked] == ["/v1/jobs/..%2Fagents%3Fx%3D%23y"]


def test_a_number_that_json_lacks_is_refused_before_anything_is_sent() -> None:
    with stranger(Answer(200)) as registry, AgentClient(registry.url, agent_id=_ID, private_key=_KEY) as client:
        with pytest.raises(ValueError):
            client.deliver_job(_ID, result=float("nan"))
        with pytest.raises(TypeError, match="set has no form in JSON"):
            client.deliver_job(_ID, result={1, 2})
    assert registry.asked == []


def test_a_client_without_a_key_says_which_call_needs_one() -> None:
    with AgentClient("http://localhost:1") as client, pytest.raises(TypeError, match="propose_job needs a client"):
        client.propose_job(seller_agent_id=_ID, max_budget="1.00")


def test_half_of_an_identity_is_refused() -> None:
    with pytest.raises(TypeError, match="belong together"):
        AgentClient("http://localhost:1", agent_id=_ID)


def test_an_operator_proves_itself_by_its_key() -> None:
    with stranger(Answer(200)) as registry, OperatorClient(registry.url, "secret") as client:
        client.operator_list_audit()
    assert registry.asked[0].headers["x-operator-key"] == "secret"
    assert "signature" not in registry.asked[0].headers


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://a", "http://", "http://a/v1", "http://a?x=1"])
def test_a_base_url_that_cannot_be_right_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url must"):
        AgentClient(url)


def test_a_retry_waits_what_was_asked_for_or_longer_each_time_up_to_a_bound() -> None:
    assert [retry_delay(n, None, 0.0) for n in (0, 1, 2, 9, 5000)] == [0.1, 0.2, 0.4, 5.0, 5.0]
    assert [retry_delay(n, None, 1.0) for n in (0, 1, 9)] == [0.2, 0.4, 10.0]
    assert retry_delay(0, 60.0, 1.0) == 60.25
    assert retry_delay(0, 60.5, 0.0) is None


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert seconds_of("7", 0.0) == 7.0
    assert seconds_of("Thu, 01 Jan 1970 00:01:00 GMT", 20.0) == 40.0
    assert seconds_of("Thu, 01 Jan 1970 00:00:00 GMT", 20.0) == 0.0
    assert [seconds_of(text, 0.0) for text in (None, "", "-1", "soon", "٣")] == [None] * 5
