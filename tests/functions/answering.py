"""Clients who write: what each provider brings of their words, and what those come to."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

import inbound_calls
import inbound_message
from kept import clock
from kept.channels import Channel
from kept.messaging.channels.standard_webhooks import signed
from kept.runtime import aws
from tests.asking import Answer, an_http_event
from tests.functions.conftest import GATEWAYS
from tests.stopping import records

PHONE, OPEN_ID = "+8613812345678", "oABCD1234efgh5678IJKL90mnop"


def a_text(words: str, id: str, sender: str = PHONE) -> str:
    """As SNS brings a text message to the number of the deployment."""
    said = {"originationNumber": sender, "destinationNumber": "+12025550100", "messageKeyword": "KEYWORD"}
    return json.dumps(said | {"messageBody": words, "inboundMessageId": id})


def a_whatsapp(words: str, id: str, at: datetime, sender: str = PHONE) -> str:
    """Meta's entry, as AWS publishes it."""
    told = {"from": sender.removeprefix("+"), "id": id, "type": "text", "text": {"body": words}}
    told["timestamp"] = str(int(at.timestamp()))
    entry = {"id": "1", "changes": [{"field": "messages", "value": {"messages": [told]}}]}
    return json.dumps({"context": {}, "whatsAppWebhookEntry": json.dumps(entry), "aws_account_id": "123456789012"})


def a_wechat(words: str, id: str, at: datetime, sender: str = OPEN_ID) -> str:
    """The XML that WeChat posts."""
    named = {
        "FromUserName": sender,
        "CreateTime": int(at.timestamp()),
        "MsgType": "text",
        "Content": words,
        "MsgId": id,
    }
    return f"<xml>{''.join(f'<{name}><![CDATA[{value}]]></{name}>' for name, value in named.items())}</xml>"


def a_gateway_call(words: str, id: str, at: datetime, sender: str = PHONE) -> str:
    return json.dumps(
        {"type": "message.reply", "timestamp": at.isoformat(), "data": {"from": sender, "text": words, "id": id}}
    )


def by_wechat(at: datetime, *, token: str = "lotus-token", nonce: str = "486452656") -> dict[str, str]:
    """The query of a call, signed."""
    timestamp = str(int(at.timestamp()))
    signature = hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()
    return {"timestamp": timestamp, "nonce": nonce, "signature": signature}


def by_gateway(body: str, at: datetime, *, secret: str = GATEWAYS["lotus"]["webhook"]["secret"]) -> dict[str, str]:
    """The headers of a call, signed."""
    return signed(body.encode(), id="evt-1", secret=secret, now=at)


def call(
    route: str,
    body: str | None = None,
    *,
    now: datetime,
    query: Mapping[str, str] = {},
    headers: Mapping[str, str] = {},
) -> Answer:
    """What whoever calls is answered; the body as text."""
    event = an_http_event(route, body, query=query)
    event["headers"] = {"content-type": "text/xml", **headers}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        answer = inbound_calls.handler(event, None)
    return Answer(answer["statusCode"], answer["body"], {})


def waiting() -> list[str]:
    """What the calls have put into the queue, taken out of it."""
    sqs, url = aws("sqs"), os.environ["INBOUND_QUEUE"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for one in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return [one["Body"] for one in found]


def brought(words: str, *, over: Channel, id: str, now: datetime, sender: str = "") -> str:
    """The record of the queue that these words become."""
    match over:
        case Channel.WHATSAPP:
            return a_whatsapp(words, id, now, sender or PHONE)
        case Channel.WECHAT:
            call(
                "POST /v1/inbound/wechat/lotus",
                a_wechat(words, id, now, sender or OPEN_ID),
                now=now,
                query=by_wechat(now),
            )
        case Channel.WEBHOOK:
            body = a_gateway_call(words, id, now, sender or PHONE)
            call("POST /v1/inbound/webhook/lotus", body, now=now, headers=by_gateway(body, now))
        case _:
            return a_text(words, id, sender or PHONE)
    (record,) = waiting()
    return record


def take(*bodies: str, now: datetime) -> Any:
    """What the function answers to these records."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        return inbound_message.handler(records(*bodies), None)
