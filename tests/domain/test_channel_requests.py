"""Every provider is given what it documents, no more and no less."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from urllib3.exceptions import ProtocolError

from kept.channels import Channel
from kept.messaging.channels import ProviderUnavailable, Rejected, Throttled
from kept.messaging.channels.provider import tag, untag
from kept.messaging.channels.sms import Sms
from kept.messaging.channels.standard_webhooks import is_genuine, signed
from kept.messaging.channels.webhook import Gateway
from kept.messaging.channels.wechat import Account
from tests.domain.channel_wires import (
    BUSINESS,
    EMAIL,
    FILE,
    LINK,
    MAIL,
    MESSAGE,
    NAME,
    NAMED,
    NOW,
    NUMBER,
    OPENID,
    PARCEL,
    RENDERED,
    SECRET,
    TO_WECHAT,
    TO_WHATSAPP,
    TOKEN_THEN,
    UNDER,
    UNSUBSCRIBE,
    Failure,
    Wire,
    email,
    errcode,
    mailed,
    on_whatsapp,
    on_wire,
    posted,
    raw_mail,
    refusal,
    sent,
    sms,
    webhook,
    wechat,
)
from tests.reasons import short

# E-mail.


def test_an_email_comes_from_the_business_and_is_answered_to_it() -> None:
    """Readers see its name and answer its desk; programs see that no person wrote."""
    mail = mailed()
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ('花样 "年华", Ltd.', "desk@kept.example")
    assert (mail["To"], mail["Reply-To"]) == (EMAIL, "desk@lotus.example")
    assert mail["Subject"] == RENDERED.subject
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "zh-Hans")


def test_an_email_has_text_html_and_the_calendar_file_twice() -> None:
    """As a part that calendars act on, and as a file for who has none of those."""
    parts = [part for part in mailed().walk() if not part.is_multipart()]
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert parts[0].get_content().splitlines() == RENDERED.text.splitlines()
    assert parts[1].get_content().strip() == RENDERED.html
    assert parts[2]["Content-Type"].params["method"] == "REQUEST"
    assert "SUMMARY:剪发" in parts[2].get_content()
    assert (parts[3].get_filename(), parts[3].get_content()) == ("appointment.ics", FILE.content)


def test_an_email_without_a_calendar_file_is_text_and_html() -> None:
    """Nothing is attached that is not there, and no address for answers is made up."""
    mail = mailed(replace(PARCEL, to=EMAIL))
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Reply-To"] is None


def test_an_email_about_a_booking_is_not_unsubscribed_from() -> None:
    """Only an advertisement has that way out; a client needs to know of their visit."""
    assert mailed()["List-Unsubscribe"] is None


def test_a_long_link_to_unsubscribe_stays_in_one_piece() -> None:
    """Folded into encoded words, no mail program could follow it (RFC 8058 wants one HTTPS link in angle brackets)."""
    raw = raw_mail(replace(MAIL, unsubscribe=UNSUBSCRIBE))
    assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_an_email_carries_its_id_in_letters_that_tags_may_have() -> None:
    """So that what the provider tells of it later is found again."""
    request = sent(Channel.EMAIL).requests[0]
    assert request["ConfigurationSetName"] == "kept"
    tags = {tag["Name"]: tag["Value"] for tag in request["EmailTags"]}
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,256}", value) for value in tags.values())
    assert {name: untag(value) for name, value in tags.items()} == {"business": BUSINESS, "message": MESSAGE}


@pytest.mark.parametrize(
    "text", ["a#v1#two_days", "a\tb", "-2D-", "a-23b", "wamid.HB/gL+=", "花", "", "c3a9b0e2-23ab-4f1e"]
)
def test_a_tag_gives_back_what_it_was_made_of(text: str) -> None:
    """A receipt leads back to its message, whatever letters its name has."""
    assert untag(tag(text)) == text


def test_an_international_domain_is_written_in_the_form_that_travels() -> None:
    """A mail to a domain in Chinese letters arrives."""
    assert mailed(replace(PARCEL, to="wang@例子.example"))["To"] == "wang@xn--fsqu00a.example"


def test_a_business_s_name_adds_no_header() -> None:
    """A line break in it cannot address the mail to anybody else."""
    mail = mailed(replace(MAIL, sender="Lotus\r\nBcc: all@example.com"))
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].display_name == "Lotus Bcc: all@example.com"


@pytest.mark.parametrize("address", ["王@example.com", "wang@" + "x" * 64 + ".com"])
def test_an_address_that_cannot_travel_is_rejected_before_it_is_tried(address: str) -> None:
    """It is a refusal for good, and the provider is not asked."""
    wire = Wire([(200, {"MessageId": "p-1"})])
    with pytest.raises(Rejected):
        email(wire).compose(replace(MAIL, to=address))()
    assert wire.requests == []


# Text messages.


def test_a_text_message_is_sent_as_one_about_a_booking() -> None:
    """Not as advertising, within the price that was set, and for a day at most."""
    assert sent(Channel.SMS).requests == [
        {
            "DestinationPhoneNumber": NUMBER,
            "OriginationIdentity": "+12065550100",
            "MessageBody": RENDERED.text,
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": 86400,
            "Context": {"business": BUSINESS, "message": MESSAGE},
            "ConfigurationSetName": "kept",
            "MaxPrice": "0.30",
        }
    ]


def test_without_a_cap_and_a_configuration_set_none_is_named() -> None:
    """Nothing is sent to the provider that nobody has set."""
    wire = Wire([(200, {"MessageId": "p-1"})])
    Sms(on_wire("pinpoint-sms-voice-v2", wire), origination="+12065550100").compose(PARCEL)()
    assert not {"MaxPrice", "ConfigurationSetName"} & wire.requests[0].keys()


@pytest.mark.parametrize(
    ("text", "is_sent"),
    [
        pytest.param("a" * 918, True, id="six parts are sent"),
        pytest.param("a" * 919, False, id="seven are not"),
        pytest.param("长" * 402, True, id="six of Chinese are sent"),
        pytest.param("长" * 403, False, id="seven of Chinese are not"),
    ],
)
def test_a_text_is_sent_in_at_most_six_parts(text: str, is_sent: bool) -> None:
    """A longer one is refused with the number of its parts before it costs anything; Chinese needs more of them."""
    wire = Wire([(200, {"MessageId": "p-1"})])
    parcel = replace(PARCEL, rendered=replace(RENDERED, text=text))
    if is_sent:
        sms(wire).compose(parcel)()
    else:
        with pytest.raises(Rejected) as refused:
            sms(wire).compose(parcel)()
        assert short(refused.value.reason) == "too_many_parts 7 6"
    assert len(wire.requests) == is_sent


def test_a_text_over_the_price_cap_says_so() -> None:
    """Whoever reads why it was not sent reads that it costs too much."""
    wire = Wire([refusal("ValidationException", Reason="PRICE_OVER_THRESHOLD")])
    with pytest.raises(Rejected, match="too_dear"):
        sms(wire).compose(PARCEL)()


# WhatsApp.


def test_whatsapp_gets_an_approved_template_with_its_variables_by_name() -> None:
    """Outside of a conversation nothing but the template goes, in the reader's language."""
    assert on_whatsapp(TO_WHATSAPP) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": NUMBER,
        "biz_opaque_callback_data": f"{BUSINESS}/{MESSAGE}",
        "type": "template",
        "template": {
            "name": "kept_two_days",
            "language": {"code": "zh_CN"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "client", "text": NAME},
                        {"type": "text", "parameter_name": "visit", "text": "3月14日周六 14:00"},
                        {"type": "text", "parameter_name": "prepare", "text": "–"},
                    ],
                }
            ],
        },
    }


def test_who_wrote_within_the_day_gets_free_words() -> None:
    """They need no approved template then, and links have no preview."""
    message = on_whatsapp(replace(TO_WHATSAPP, free_words=True))
    assert (message["type"], message["text"]) == ("text", {"body": RENDERED.text, "preview_url": False})


def test_a_variable_is_one_line() -> None:
    """Providers refuse line breaks in them."""
    named = {**NAMED, "prepare": "Come early.\n\nBring  photos."}
    said = posted(Channel.WECHAT, replace(TO_WECHAT, rendered=replace(RENDERED, named=named), template="t a=prepare"))
    assert said["data"] == {"a": {"value": "Come early. Bring photos."}}


def test_a_template_without_variables_has_no_components() -> None:
    """WhatsApp refuses an empty list of them."""
    assert on_whatsapp(replace(PARCEL, template="kept_hello"))["template"]["components"] == []


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.WECHAT])
@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param("", "no_template", id="none for this text"),
        pytest.param("name client=clients", "template_asks clients", id="a misspelt value"),
        pytest.param("name client", "template_asks client", id="no value at all"),
    ],
)
def test_without_a_template_that_can_be_filled_nothing_is_sent(channel: Channel, template: str, why: str) -> None:
    """Never half a message: the reason names the value that is missing."""
    wire = Wire([(200, UNDER[channel].yes)])
    with pytest.raises(Rejected) as refused:
        UNDER[channel].carrier(wire).compose(replace(UNDER[channel].parcel, template=template))()
    assert short(refused.value.reason) == why
    assert wire.requests == []


# WeChat.


def test_wechat_gets_a_template_whose_variables_fit_their_types() -> None:
    """What is too long for its type is cut, and shows that it was."""
    named = {**NAMED, "service": "一" * 21}
    said = posted(Channel.WECHAT, replace(TO_WECHAT, rendered=replace(RENDERED, named=named)))
    assert said == {
        "touser": OPENID,
        "template_id": "tmpl-2-days",
        "url": LINK,
        "client_msg_id": said["client_msg_id"],
        "data": {
            "thing1": {"value": "一" * 19 + "…"},
            "thing2": {"value": NAME},
            "time3": {"value": "3月14日周六 14:00"},
            "thing4": {"value": "–"},
        },
    }


def test_the_same_message_has_the_same_id_at_wechat_and_another_has_another() -> None:
    """By it WeChat drops what is repeated within ten minutes; it takes 32 characters."""
    first, again, other = (
        posted(Channel.WECHAT, replace(TO_WECHAT, message=message))["client_msg_id"]
        for message in (MESSAGE, MESSAGE, f"{MESSAGE}#2")
    )
    assert first == again != other
    assert len(first) == 32


def test_who_wrote_to_the_account_gets_free_words_in_plain_letters() -> None:
    """WeChat shows escaped letters as such. It gives no id."""
    wire = Wire([(200, {"errcode": 0, "errmsg": "ok"})])
    assert wechat(wire).compose(replace(TO_WECHAT, free_words=True))() == ""
    assert wire.requests[0].url == "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=T0"
    assert NAME.encode() in wire.requests[0].body


def test_the_first_message_fetches_a_token_and_the_next_uses_it() -> None:
    """One token serves until it is over."""
    wire = Wire([(200, TOKEN_THEN), (200, UNDER[Channel.WECHAT].yes)])
    carrier = wechat(wire, token="")
    for _ in range(2):
        carrier.compose(TO_WECHAT)()
    token, *messages = wire.requests
    assert (token.url, json.loads(token.body)) == (
        "https://api.weixin.qq.com/cgi-bin/stable_token",
        {"grant_type": "client_credential", "appid": "wx1", "secret": "app-secret"},
    )
    assert [m.url.rpartition("?")[2] for m in messages] == ["access_token=T1"] * 2


@pytest.mark.parametrize("stale", [40001, 40014, 42001])
def test_a_token_that_is_over_is_fetched_anew_once(stale: int) -> None:
    """The message still goes out, and its reader notices nothing."""
    wire = sent(Channel.WECHAT, None, errcode(stale), (200, TOKEN_THEN), (200, UNDER[Channel.WECHAT].yes))
    assert [r.url.rpartition("=")[2] for r in wire.requests][::2] == ["T0", "T1"]


@pytest.mark.parametrize(
    ("failure", "means"),
    [
        pytest.param(errcode(40125), ProviderUnavailable, id="a wrong secret is not the reader's fault"),
        pytest.param(errcode(40164), ProviderUnavailable, id="nor is our address"),
        pytest.param(errcode(45009), Throttled, id="too many tokens"),
        pytest.param(
            ProtocolError("aborted"), ProviderUnavailable, id="no token, so nothing was sent and nothing is in doubt"
        ),
    ],
)
def test_without_a_token_nothing_is_sent(failure: Failure, means: type[Exception]) -> None:
    """It is the provider's failure and never the reader's, and leaves nothing in doubt."""
    wire = Wire([failure])
    with pytest.raises(ProviderUnavailable) as raised:
        wechat(wire, token="").compose(TO_WECHAT)()
    assert (raised.type, len(wire.requests)) == (means, 1)


def test_secrets_stay_out_of_sight() -> None:
    """Whoever prints or logs an account or a gateway does not see its secret."""
    assert "secret" not in repr(Account("wx1", "app-secret", "word")).replace("app_secret", "")
    assert SECRET not in repr(Gateway("https://gateway.example", SECRET))


# The business's own gateway.


def test_the_gateway_gets_the_whole_message_signed() -> None:
    """A gateway of the business's own can tell that it is from us, and needs to ask for nothing more."""
    request = sent(Channel.WEBHOOK).requests[0]
    assert json.loads(request.body) == {
        "type": "message.send",
        "timestamp": "2026-03-12T09:00:00+00:00",
        "data": {
            "business": BUSINESS,
            "message": MESSAGE,
            "to": NUMBER,
            "reader": NAME,
            "sender": "花样年华",
            "language": "zh-Hans",
            "text": RENDERED.text,
            "link": LINK,
            "unsubscribe": "",
        },
    }
    assert is_genuine(request.body, request.headers, secret=SECRET, now=NOW)


@pytest.mark.parametrize("answer", [b"", b"ok", b"[]", b'{"id": 7}', b'{"taken": true}', b"\xff"])
def test_a_gateway_that_gives_no_id_gets_ours(answer: bytes) -> None:
    """Whatever it answers, a message that it took has an id."""
    wire = Wire([(202, answer)])
    assert webhook(wire).compose(replace(PARCEL, message="apt_1#v1#received#webhook#wamid.HB"))() == (
        "apt_1#v1#received#webhook#wamid-HB"
    )
    assert wire.requests[0].headers["webhook-id"] == "apt_1#v1#received#webhook#wamid-HB"


def test_the_signature_is_that_of_the_specification() -> None:
    """Its own example, from the libraries' test suites."""
    body = b'{"test": 2432232314}'
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)
    headers = signed(body, id="msg_p5jXN8AQM9LWM0D4loKWxJek", secret=secret, now=at)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


# A call on the staff's list.


def test_a_call_s_script_is_the_text() -> None:
    """Staff who call read what the client would have been sent."""
    assert sent(Channel.CALL).requests == [PARCEL]
