"""Checks the HMAC, hash and seal-key vectors with Python's standard library alone. Exits 1 on the first difference."""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def load(name):
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def standard(secret, vector):
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{vector['deliveryId']}.{vector['timestamp']}.{vector['body']}".encode("utf-8")
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def older(secret, vector):
    signed = f"{vector['timestamp']}.{vector['body']}".encode("utf-8")
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def check_webhooks():
    for vector in load("webhook-signatures")["vectors"]:
        expected = " ".join(standard(secret, vector) for secret in vector["secrets"])
        yield vector["name"], hmac.compare_digest(vector["headers"]["webhook-signature"], expected)
        turn = vector["secrets"][(vector["attempt"] - 1) % len(vector["secrets"])]
        yield vector["name"], hmac.compare_digest(vector["headers"]["X-Webhook-Signature"], older(turn, vector))


def check_legacy_hashes():
    file = load("legacy-criteria-hash")
    for vector in file["vectors"]:
        text = json.dumps(json.loads(vector["text"]), sort_keys=True, separators=(",", ":"))
        yield vector["name"], text == vector["pythonText"] and sha256(text) == vector["sha256"]
    for vector in file["keptSpellings"]:
        yield vector["text"], sha256(vector["legacyText"]) == vector["sha256"]


def check_other_hashes():
    for vector in load("canonical-json")["vectors"]:
        yield vector["name"], sha256(vector["canonical"]) == vector["sha256"]
    for link in load("hashes")["chain"]:
        text = json.dumps({"previous": link["previous"], "entry": link["entry"]}, sort_keys=True, separators=(",", ":"))
        yield link["hash"], sha256(text) == link["hash"]
    for task in load("hashes")["taskIds"]:
        parts = [str(task[name]) for name in ("kind", "subject", "cycle", "attempt", "generation")]
        yield task["id"], sha256(json.dumps(parts, separators=(",", ":")))[:32] == task["id"]


def check_request_messages():
    for vector in load("request-signatures")["vectors"]:
        body = hashlib.sha256(bytes.fromhex(vector["bodyHex"])).hexdigest()
        path = vector["path"].split("?")[0]
        message = "\n".join([vector["timestamp"], vector["method"], path, body])
        yield vector["path"], message.encode().hex() == vector["messageHex"]


checked = 0
for check in (check_webhooks, check_legacy_hashes, check_other_hashes, check_request_messages):
    for name, holds in check():
        checked += 1
        if not holds:
            sys.exit(f"{check.__name__}: {name}")
print(checked)
