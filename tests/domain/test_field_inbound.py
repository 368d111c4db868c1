"""Who writes is known as who was written to; each message of a record stands for itself; what no person wrote is told
from words.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.channels import Channel
from kept.clients.sender import sender, spellings
from kept.messaging.channels import sms, webhook, whatsapp
from kept.messaging.inbound import Reply, Unreadable
from kept.use_cases.messaging.inbound import Brought, apart, parse, unwrapped

AT = datetime(2026, 3, 12, 9, 0, 2, tzinfo=UTC)
CHINA = "+8613812345678"


@pytest.mark.parametrize(
    ("channel", "address", "country", "who"),
    [
        pytest.param(Channel.SMS, CHINA, "", CHINA, id="as it is stored"),
        pytest.param(Channel.WHATSAPP, "+5511987654321", "", "+5511987654321", id="Brazil of today"),
        pytest.param(Channel.WHATSAPP, "+551187654321", "", "+5511987654321", id="Brazil without the nine"),
        pytest.param(Channel.WHATSAPP, "+5215512345678", "", "+525512345678", id="Mexico with the one"),
        pytest.param(Channel.WHATSAPP, "+22997123456", "", "+2290197123456", id="Benin without 01"),
        pytest.param(Channel.WHATSAPP, "+22507123456", "", "+2250707123456", id="the Ivory Coast of eight digits"),
        pytest.param(Channel.WEBHOOK, "8613812345678", "CN", CHINA, id="without a plus"),
        pytest.param(Channel.WEBHOOK, "8613812345678", "US", CHINA, id="without a plus, from abroad"),
        pytest.param(Channel.WEBHOOK, "+86 138 1234 5678", "CN", CHINA, id="with spaces"),
        pytest.param(Channel.WEBHOOK, "tel:+86-138-1234-5678", "CN", CHINA, id="as a tel: address"),
        pytest.param(Channel.WEBHOOK, "138 1234 5678", "CN", CHINA, id="as it is dialled at home"),
        pytest.param(Channel.WEBHOOK, "+８６１３８１２３４５６７８", "CN", CHINA, id="in full width"),
        pytest.param(Channel.WEBHOOK, "\u202a+86 138 1234 5678\u202c", "CN", CHINA, id="with signs that nobody sees"),
        pytest.param(Channel.WEBHOOK, "Li@Example.com", "CN", "li@example.com", id="an address of e-mail"),
        pytest.param(Channel.WEBHOOK, "li@@example", "CN", None, id="none"),
        pytest.param(Channel.WECHAT, "oABCD1234", "", "oABCD1234", id="WeChat's id"),
        pytest.param(Channel.WHATSAPP, "CN.13491208655302741918", "", "CN.13491208655302741918", id="WhatsApp's id"),
        pytest.param(
            Channel.WHATSAPP, "US.ENT.11815799212886844830", "", "US.ENT.11815799212886844830", id="a group's"
        ),
        pytest.param(Channel.SMS, "+999123456789", "", "+999123456789", id="of a range that nobody knows yet"),
        pytest.param(Channel.SMS, "262966", "", None, id="a short code"),
        pytest.param(Channel.SMS, "12345", "", None, id="a shorter one"),
        pytest.param(Channel.SMS, "+12345", "", None, id="with a plus"),
        pytest.param(Channel.WEBHOOK, "95588", "CN", None, id="a bank in China"),
        pytest.param(Channel.SMS, "AMAZON", "", None, id="a name"),
        pytest.param(Channel.SMS, "G4S", "", None, id="a name with a digit"),
        pytest.param(Channel.WEBHOOK, "花样年华", "CN", None, id="a name in Chinese"),
        pytest.param(Channel.SMS, " ", "", None, id="nothing"),
        pytest.param(Channel.SMS, "9" * 400, "", None, id="digits without end"),
    ],
)
def test_who_writes_is_known_as_who_was_written_to(channel: Channel, address: str, country: str, who: str) -> None:
    """An older, foreign or local spelling is the same client's; a name or a short code is nobody's."""
    assert sender(channel, address, country) == who


def test_every_spelling_of_a_number_begins_with_the_same() -> None:
    """A client is found by one key, whichever of their number's spellings arrives."""
    assert {spellings(form)[0] for form in spellings("+5511987654321")} == {"+5511987654321"}


def message(kind: Any = "text", **more: Any) -> dict[str, Any]:
    return {"from": "14255550156", "id": "wamid.2", "timestamp": "1773306002", "type": kind, **more}


def entry(*changes: Any) -> str:
    return json.dumps({"whatsAppWebhookEntry": json.dumps({"id": "1", "changes": list(changes)})})


def change(**value: Any) -> dict[str, Any]:
    return {"field": "messages", "value": value}


WORDS: dict[str, Any] = {"text": {"body": "1"}}


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        pytest.param(message(**WORDS), Reply(Channel.WHATSAPP, "+14255550156", "1", "wamid.2", AT), id="words"),
        pytest.param(
            message(**WORDS, context={"from": "1", "id": "wamid.1"}),
            Reply(Channel.WHATSAPP, "+14255550156", "1", "wamid.2", AT, answers="wamid.1"),
            id="in answer to one of ours",
        ),
        pytest.param(
            message(**WORDS, context={"from": "1", "referred_product": {"catalog_id": "1"}}),
            Reply(Channel.WHATSAPP, "+14255550156", "1", "wamid.2", AT),
            id="about a product",
        ),
        pytest.param(
            message(**WORDS, context={"forwarded": True}),
            Reply(Channel.WHATSAPP, "+14255550156", "1", "wamid.2", AT),
            id="forwarded",
        ),
        pytest.param(
            message("button", button={"payload": "1", "text": "Confirm"}, context={"id": "wamid.1"}),
            Reply(Channel.WHATSAPP, "+14255550156", "Confirm", "wamid.2", AT, answers="wamid.1"),
            id="a template's button",
        ),
        pytest.param(
            message("interactive", interactive={"button_reply": {"title": "Yes"}}, context={"id": "wamid.1"}),
            Reply(Channel.WHATSAPP, "+14255550156", "Yes", "wamid.2", AT, answers="wamid.1"),
            id="a button",
        ),
        pytest.param(
            message("reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}),
            Reply(Channel.WHATSAPP, "+14255550156", "👍", "wamid.2", AT, answers="wamid.1", by_hand=False),
            id="a reaction",
        ),
        pytest.param(
            message("reaction", reaction={"message_id": "wamid.1", "emoji": ""}),
            Reply(Channel.WHATSAPP, "+14255550156", "[reaction]", "wamid.2", AT, answers="wamid.1", by_hand=False),
            id="a reaction taken back",
        ),
        pytest.param(
            message("reaction", reaction={"message_id": "wamid.1"}),
            Reply(Channel.WHATSAPP, "+14255550156", "[reaction]", "wamid.2", AT, answers="wamid.1", by_hand=False),
            id="and without its sign",
        ),
        *(
            pytest.param(
                message(kind, **{kind: {"body": "x"}} if kind != "unsupported" else {"errors": [{"code": 131051}]}),
                Reply(Channel.WHATSAPP, "+14255550156", f"[{kind}]", "wamid.2", AT, by_hand=False),
                id=kind,
            )
            for kind in ("system", "unsupported", "request_welcome", "edit", "revoke", "ephemeral")
        ),
        pytest.param(
            message("image", image={"id": "5"}),
            Reply(Channel.WHATSAPP, "+14255550156", "[image]", "wamid.2", AT),
            id="a picture is somebody's",
        ),
        pytest.param(
            message("order", order={"catalog_id": "5"}),
            Reply(Channel.WHATSAPP, "+14255550156", "[order]", "wamid.2", AT),
            id="and an order",
        ),
        pytest.param(
            message("poll_vote", poll_vote="?"),
            Reply(Channel.WHATSAPP, "+14255550156", "[poll_vote]", "wamid.2", AT),
            id="and what there will be one day",
        ),
        pytest.param(
            {"from_user_id": "CN.1349", "id": "wamid.2", "timestamp": "1773306002", "type": "text", **WORDS},
            Reply(Channel.WHATSAPP, "CN.1349", "1", "wamid.2", AT),
            id="by the user id alone",
        ),
        pytest.param(
            message(**WORDS, from_user_id="CN.1349"),
            Reply(Channel.WHATSAPP, "+14255550156", "1", "wamid.2", AT),
            id="by number and user id",
        ),
    ],
)
def test_what_a_message_on_whatsapp_is(said: dict[str, Any], reply: Reply) -> None:
    """Words, a button and a picture are somebody's; a reaction and what the service says are not by hand."""
    assert whatsapp.events(json.loads(entry(change(messages=[said])))) == [reply]


GOOD = message(**WORDS)


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        pytest.param([change(messages=[GOOD, GOOD])], [1, 1], id="two good ones"),
        pytest.param([change(messages=[GOOD, message(**WORDS) | {"timestamp": "soon"}])], [1, 0], id="no instant"),
        pytest.param([change(messages=[{"type": "text", **WORDS}, GOOD])], [0, 1], id="from nobody"),
        pytest.param([change(messages=[GOOD, None, GOOD])], [1, 0, 1], id="nothing between two"),
        pytest.param([change(messages=[message("text", text={"body": 7}), GOOD])], [0, 1], id="words without words"),
        pytest.param([change(messages=[message(["text"], **WORDS), GOOD])], [0, 1], id="of no kind"),
        pytest.param(
            [change(statuses=[{"status": "sent"}, 7], messages=[GOOD])], [0, 0, 1], id="a status that is none"
        ),
        pytest.param([change(statuses={"id": "1"}, messages=[GOOD])], [0, 1], id="statuses that are no list"),
        pytest.param([{"field": "messages"}, change(messages=[GOOD])], [0, 1], id="a change of nothing"),
        pytest.param([7, change(messages=[GOOD])], [0, 1], id="a change that is none"),
        pytest.param([{"value": {"messages": [GOOD]}}, change(messages=[GOOD])], [0, 1], id="a change of no field"),
        pytest.param([change(errors=[{"code": 130429}])], [], id="of the account alone"),
    ],
)
def test_each_of_an_entry_stands_for_itself(changes: list[Any], read: list[int]) -> None:
    """One that cannot be read costs nobody the others beside it."""
    assert [_read(one) for one in apart(entry(*changes))] == read


def _read(body: str) -> int:
    try:
        return len(parse(body))
    except Unreadable:
        return 0


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", '{"whatsAppWebhookEntry": 7}', '{"a": 1}', entry()[:-9]])
def test_what_cannot_be_taken_apart_stays_one(body: str) -> None:
    """Nothing of it is dropped on the way to being read or refused."""
    assert apart(body) == [body]


def test_out_of_the_envelope_come_the_words_and_when_they_came() -> None:
    """When they came is what the envelope says, not when it was opened."""
    wrapped = {"Type": "Notification", "Message": "words", "Timestamp": "2026-03-12T09:00:02.000Z"}
    assert unwrapped(json.dumps(wrapped)) == Brought("words", AT)


@pytest.mark.parametrize(
    "body",
    ["words", '{"Type": "Notification"}', '{"Type": "Notification", "Message": "x", "Timestamp": "noon"}', "[1]"],
)
def test_what_has_no_envelope_is_taken_as_it_is(body: str) -> None:
    """Also where half of an envelope is there, or its time cannot be read."""
    assert unwrapped(body) == Brought(body)


@pytest.mark.slow
@given(
    body=st.text(max_size=40) | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists).map(json.dumps)
)
def test_whatever_comes_it_can_be_taken_out_and_apart(body: str) -> None:
    """No body, however odd, ends the reading or comes out as nothing."""
    assert apart(unwrapped(body).body)


def test_what_aws_sent_there_last_is_no_name_but_a_limit() -> None:
    """It limits which message they can have answered; it does not say that they answered it."""
    told = {"originationNumber": CHINA, "messageBody": "1", "inboundMessageId": "i", "previousPublishedMessageId": "p"}
    assert sms.events(told) == [Reply(Channel.SMS, CHINA, "1", "i", latest="p")]


@pytest.mark.parametrize("name", ["in_reply_to", "message"])
def test_a_gateway_may_name_what_is_answered(name: str) -> None:
    data = {"from": CHINA, "text": "1", "id": "m-2", name: "a-1#v1#two_days#webhook"}
    told = {"type": "message.reply", "timestamp": AT.isoformat(), "data": data}
    (reply,) = webhook.events(told, business="lotus")
    assert isinstance(reply, Reply)
    assert reply.answers == "a-1#v1#two_days#webhook"


def test_what_sns_says_once_to_a_new_queue_is_nobody_s_reply() -> None:
    """It is no JSON, and no fault that would be tried again."""
    assert parse("Successfully validated SNS topic for Amazon SES event publishing.") == []
    with pytest.raises(Unreadable):
        parse("Successfully done")
