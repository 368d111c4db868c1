"""What is promised of every channel: what it takes, what its provider's refusals mean, how a message is named."""

import base64
import json
import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from threading import Thread
from typing import Any, cast

import pytest
import urllib3
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from urllib3 import exceptions

from kept.channels import Channel
from kept.messaging.channels import (
    InDoubt,
    ProviderUnavailable,
    Rejected,
    Suppressed,
    Throttled,
    WrongAddress,
    wechat_inbound,
)
from kept.messaging.channels import email as email_channel
from kept.messaging.channels import sms as sms_channel
from kept.messaging.channels import webhook as webhook_channel
from kept.messaging.channels import whatsapp as whatsapp_channel
from kept.messaging.channels.provider import called
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Tapped
from tests.domain.channel_wires import (
    BUSINESS,
    EMAIL,
    MESSAGE,
    NAME,
    NOW,
    NUMBER,
    OPENID,
    RENDERED,
    TOKEN_THEN,
    UNDER,
    UNSUBSCRIBE,
    Failure,
    Wire,
    errcode,
    mailed,
    on_whatsapp,
    posted,
    refusal,
    sent,
)
from tests.reasons import short

EVERY_CHANNEL = pytest.mark.parametrize("channel", list(Channel))


@EVERY_CHANNEL
def test_a_parcel_that_is_taken_has_its_provider_s_id(channel: Channel) -> None:
    """By it what is told later of the message is found again."""
    assert len(sent(channel).requests) == 1


PARCELS = {
    "nobody to reply to": {"reply_to": ""},
    "an emoji": {"rendered": replace(RENDERED, text="Bis morgen 👩‍🦰💇!")},
    "a line break": {"rendered": replace(RENDERED, text="one\ntwo")},
    "an advertisement": {"unsubscribe": UNSUBSCRIBE},
    "a long name": {"sender": "花" * 200, "reader": "王" * 200},
    "a long id": {"message": "apt_4x7q#v2#confirmed#email#" + "r" * 60},
}


@EVERY_CHANNEL
@pytest.mark.parametrize("different", [pytest.param(value, id=name) for name, value in PARCELS.items()])
def test_all_take_the_same_parcels(channel: Channel, different: dict[str, Any]) -> None:
    """Nobody fits a parcel to its channel first: each takes emoji, line breaks and long names."""
    sent(channel, replace(UNDER[channel].parcel, **different))


@EVERY_CHANNEL
def test_a_very_long_text_is_taken_or_refused_for_good(channel: Channel) -> None:
    """Never tried again and again."""
    text = "长" * 5000
    long = replace(UNDER[channel].parcel, rendered=replace(RENDERED, text=text), free_words=True)
    refused = {Channel.SMS: "too_many_parts 75 6", Channel.WHATSAPP: "too_long 4096"}
    if channel in refused:
        with pytest.raises(Rejected) as rejected:
            sent(channel, long)
        assert short(rejected.value.reason) == refused[channel]
    elif channel is Channel.WECHAT:
        with pytest.raises(Rejected, match="45002"):
            sent(channel, long, (200, {"errcode": 45002, "errmsg": "content size out of limit"}))
    else:
        sent(channel, long)


def number_at_fault(reason: str) -> tuple[int, dict[str, Any]]:
    fields = [{"Name": "DestinationPhoneNumber", "Message": f"not {NUMBER}"}]
    return refusal("ValidationException", Reason=reason, Fields=fields)


AT = "https://provider.example"
NO_PATH = {"no connection": EndpointConnectionError(endpoint_url=AT), "too slow": ConnectTimeoutError(endpoint_url=AT)}
NO_ANSWER = {"no answer in time": ReadTimeoutError(endpoint_url=AT), "hung up": ConnectionClosedError(endpoint_url=AT)}
POOL = urllib3.HTTPSConnectionPool("provider.example")
NO_PATH_HTTP = {
    "no connection": exceptions.NewConnectionError(cast(Any, POOL), "refused"),
    "no such name": exceptions.NameResolutionError("provider.example", cast(Any, POOL), socket.gaierror()),
    "too slow": exceptions.ConnectTimeoutError(),
    "a wrong certificate": exceptions.SSLError(),
    "no address at all": exceptions.LocationParseError("://"),
}
NO_ANSWER_HTTP: dict[str, Failure] = {
    "no answer in time": exceptions.ReadTimeoutError(POOL, f"/{OPENID}", f"{NUMBER}"),
    "hung up": exceptions.ProtocolError("aborted"),
    "half an answer": exceptions.IncompleteRead(1, 2),
}

FAILURES: dict[Channel, dict[type[Exception], dict[str, Failure]]] = {
    Channel.EMAIL: {
        Rejected: {
            "its content": refusal("MessageRejected"),
            "a wrong request": refusal("BadRequestException"),
        },
        Throttled: {"too fast": refusal("TooManyRequestsException")},
        ProviderUnavailable: {
            **NO_PATH,
            "the day's quota": refusal("LimitExceededException"),
            "sending is paused": refusal("SendingPausedException"),
            "the account": refusal("AccountSuspendedException"),
            "the sender's domain": refusal("MailFromDomainNotVerifiedException"),
            "the configuration set": refusal("NotFoundException"),
            "their fault": (500, refusal("InternalServiceError")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.SMS: {
        WrongAddress: {"not a number": number_at_fault("INVALID_PARAMETER")},
        Suppressed: {"opted_out": refusal("ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT")},
        Rejected: {
            "a blocked country": number_at_fault("DESTINATION_COUNTRY_BLOCKED"),
            "protected": refusal("ConflictException", Reason="DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
            "too dear": refusal("ValidationException", Reason="PRICE_OVER_THRESHOLD"),
            "another parameter": refusal("ValidationException", Reason="INVALID_PARAMETER"),
            "a sandbox": refusal("ConflictException", Reason="DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
        },
        Throttled: {"too fast": refusal("ThrottlingException")},
        ProviderUnavailable: {
            **NO_PATH,
            "the number is not active": refusal("ConflictException", Reason="RESOURCE_NOT_ACTIVE"),
            "spent": refusal("ServiceQuotaExceededException", Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
            "no such number of ours": refusal("ResourceNotFoundException"),
            "the account": refusal("AccessDeniedException", Reason="ACCOUNT_DISABLED"),
            "their fault": (500, refusal("InternalServerException")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.WHATSAPP: {
        Rejected: {
            "its form": refusal("InvalidParametersException"),
            "a wrong request": refusal("ValidationException"),
        },
        Throttled: {"too fast": (429, refusal("ThrottledRequestException")[1])},
        ProviderUnavailable: {
            **NO_PATH,
            "no such number of ours": refusal("ResourceNotFoundException"),
            "the account": refusal("AccessDeniedException"),
            "Meta is down": (502, refusal("DependencyException")[1]),
            "their fault": (500, refusal("InternalServiceException")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.WECHAT: {
        WrongAddress: {"no such follower": errcode(40003), "no such user": errcode(46004)},
        Suppressed: {
            "does not follow": errcode(43004),
            "on the black list": errcode(43019),
            "refused the template": errcode(43101),
        },
        Rejected: {
            "no such template": errcode(40037),
            "a variable": errcode(47003),
            "not JSON": errcode(47001),
            "too long": errcode(45002),
            "more than two days": errcode(45015),
            "too many free words": errcode(45047),
            "a limited user": errcode(50002),
            "its content": errcode(87014),
        },
        Throttled: {"the minute's quota": errcode(45011), "the day's quota": errcode(45009)},
        ProviderUnavailable: {
            **NO_PATH_HTTP,
            "busy": errcode(-1),
            "a token that is never good": errcode(40001),
            "not permitted": errcode(48001),
            "of no known code": errcode(99999),
            "their fault": (502, b"<html>"),
        },
        InDoubt: {**NO_ANSWER_HTTP, "not what they say": (200, b"<html>"), "no object": (200, b"1")},
    },
    Channel.WEBHOOK: {
        Rejected: {"a wrong request": (400, b""), "gone": (410, b""), "not fit": (422, b"")},
        Throttled: {"too fast": (429, b"")},
        ProviderUnavailable: {
            **NO_PATH_HTTP,
            "the secret": (401, b""),
            "moved": (302, b""),
            "not there": (404, b""),
            "down": (503, b""),
            "behind a wall": (504, b""),
        },
        InDoubt: NO_ANSWER_HTTP,
    },
}
EVERY_FAILURE = [
    pytest.param(channel, failure, means, id=f"{channel}: {name}")
    for channel, meanings in FAILURES.items()
    for means, failures in meanings.items()
    for name, failure in failures.items()
]


@pytest.mark.parametrize(("channel", "failure", "means"), EVERY_FAILURE)
def test_every_failure_means_one_thing(channel: Channel, failure: Failure, means: type[Exception]) -> None:
    """And says nothing of who it was for, whatever the provider wrote."""
    token = [(200, TOKEN_THEN)] if failure == errcode(40001) else []
    with pytest.raises((Rejected, ProviderUnavailable, InDoubt)) as raised:
        UNDER[channel].carrier(Wire([failure, *token, failure])).compose(UNDER[channel].parcel)()
    assert raised.type is means
    for personal in (NAME, EMAIL, NUMBER, OPENID, NUMBER[3:]):
        assert personal not in f"{raised.value} {raised.value!r}"


def delivered(channel: Channel, wire: Wire) -> Sequence[Receipt | Reply | Tapped]:
    """What the provider of this message tells when it arrived: it repeats what was sent along with it."""
    request, seconds = wire.requests[-1], str(int(NOW.timestamp()))
    match channel:
        case Channel.EMAIL:
            tags = {tag["Name"]: [tag["Value"]] for tag in request["EmailTags"]}
            mail, delivery = {"messageId": "p-1", "tags": tags}, {"timestamp": NOW.isoformat()}
            return email_channel.events({"eventType": "Delivery", "mail": mail, "delivery": delivery})
        case Channel.SMS:
            event = {"eventTimestamp": NOW.timestamp() * 1000, "isFinal": True, "messageId": "p-1"}
            return sms_channel.events({"eventType": "TEXT_DELIVERED", "context": request["Context"], **event})
        case Channel.WHATSAPP:
            data = json.loads(base64.b64decode(request["message"]))["biz_opaque_callback_data"]
            status = {"status": "delivered", "id": "p-1", "timestamp": seconds, "biz_opaque_callback_data": data}
            changes = [{"field": "messages", "value": {"statuses": [status]}}]
            return whatsapp_channel.events({"whatsAppWebhookEntry": json.dumps({"changes": changes})})
        case Channel.WECHAT:
            members = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "200228332", "Status": "success"}
            inner = "".join(f"<{k}>{v}</{k}>" for k, v in {**members, "CreateTime": seconds}.items())
            return wechat_inbound.events(f"<xml>{inner}</xml>".encode(), business=BUSINESS)
    message = json.loads(request.body)["data"]["message"]
    event = {"type": "message.delivered", "timestamp": NOW.isoformat(), "data": {"message": message, "id": "p-1"}}
    return webhook_channel.events(event, business=BUSINESS)


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.CALL])
@pytest.mark.parametrize(
    "message", [MESSAGE, "apt_4x7q#v12#mein-Text#email#wamid.HBg/L+=", "fu_1#v1#reminder_50#email"]
)
def test_the_receipt_names_the_message_that_was_sent(channel: Channel, message: str) -> None:
    """WeChat's by its own number, which is the one that sending gave."""
    wire = sent(channel, replace(UNDER[channel].parcel, message=message))
    named = "" if channel is Channel.WECHAT else message
    expected = Receipt(channel, ReceiptStatus.DELIVERED, NOW, BUSINESS, named, UNDER[channel].id)
    assert delivered(channel, wire) == [expected]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK])
def test_an_advertisement_has_its_way_out(channel: Channel) -> None:
    """A card of WhatsApp or WeChat has it from the platform: whoever stops it is told to us."""
    parcel = replace(UNDER[channel].parcel, unsubscribe=UNSUBSCRIBE, free_words=True)
    wire = sent(channel, parcel)
    match channel:
        case Channel.EMAIL:
            assert mailed(parcel)["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
        case Channel.SMS:
            assert (wire.requests[0]["MessageType"], "退订回TD" in wire.requests[0]["MessageBody"]) == (
                "PROMOTIONAL",
                True,
            )
        case Channel.WHATSAPP:
            assert "退订回TD" in on_whatsapp(parcel)["text"]["body"]
        case Channel.WEBHOOK:
            assert posted(channel, parcel)["data"]["unsubscribe"] == UNSUBSCRIBE


# A provider that is reached over plain HTTP, with the real client.


def test_a_connection_that_is_refused_was_never_made() -> None:
    """Nothing was sent, so nothing can be told twice by trying again."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(ProviderUnavailable), called():
        urllib3.PoolManager().request("POST", f"http://127.0.0.1:{port}/", body=b"{}", retries=False)


def test_a_connection_that_breaks_off_leaves_it_in_doubt() -> None:
    """Nobody can tell whether it was sent, so it is not taken for a plain failure."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        hangs_up = Thread(target=lambda: server.accept()[0].close())
        hangs_up.start()
        with pytest.raises(InDoubt), called():
            urllib3.PoolManager().request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", retries=False)
        hangs_up.join()
