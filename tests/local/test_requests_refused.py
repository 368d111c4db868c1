"""The stand-in takes what the providers' documents allow, and refuses the rest as they do."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.providers.answers import Refused, Request
from infra.local.providers.provider import Provider
from tests.local.requests_to_providers import (
    NOW,
    OPENID,
    a_card,
    a_mail,
    a_template,
    a_text,
    a_token,
    a_webhook,
    a_whatsapp,
    all_providers,
    an_inbox,
    posted,
    some_words,
    taken,
    wechat_words,
)


@pytest.fixture
def providers(tmp_path: Path) -> dict[str, Provider]:
    return all_providers(an_inbox(tmp_path))


def refused(provider: Provider, request: Request, fates: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Status and body."""
    with pytest.raises(Refused) as refusal:
        provider.take(request, fates or {}, NOW)
    status, _, body = refusal.value.answer
    return status, json.loads(body)


CONTENT = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}
BAD_MAILS = {
    "no content": {"Content": None},
    "two contents": {"Content": {"Simple": CONTENT, "Raw": {"Data": "Zm9v"}}},
    "a raw message that is not base64": {"Content": {"Raw": {"Data": "***"}}},
    "nobody to read it": {"Destination": {}},
    "more than fifty readers": {"Destination": {"ToAddresses": ["a@example.com"] * 51}},
    "an address without a domain": {"Destination": {"ToAddresses": ["ann"]}},
    "an address that is not ASCII": {"Destination": {"ToAddresses": ["王@example.com"]}},
    "a tag with a character that tags cannot have": {"EmailTags": [{"Name": "message", "Value": "a_1#v1"}]},
    "a tag without a value": {"EmailTags": [{"Name": "message"}]},
    "a tag that is too long": {"EmailTags": [{"Name": "message", "Value": "x" * 257}]},
}


@pytest.mark.parametrize("changed", BAD_MAILS.values(), ids=BAD_MAILS)
def test_a_mail_that_ses_would_refuse_is_refused(changed: dict[str, Any], providers: dict[str, Provider]) -> None:
    """With the error SES gives, so that a slip is found here and not in the cloud."""
    status, body = refused(providers["email"], a_mail(**changed))
    assert (status, body["__type"]) == (400, "BadRequestException")


def test_a_mail_in_a_configuration_set_that_is_not_there_is_refused(providers: dict[str, Provider]) -> None:
    """Sent anyway, no receipt of it would ever come."""
    status, body = refused(providers["email"], a_mail(ConfigurationSetName="other"))
    assert (status, body["__type"]) == (404, "NotFoundException")


BAD_TEXTS = {
    "a number without a country": {"DestinationPhoneNumber": "13912345678"},
    "a number that is too long": {"DestinationPhoneNumber": "+1391234567890123"},
    "no words": {"MessageBody": None},
    "only spaces": {"MessageBody": "  "},
    "more words than a message takes": {"MessageBody": "x" * 1601},
    "a type there is not": {"MessageType": "REMINDER"},
    "a sender with a space": {"OriginationIdentity": "Lotus Hair"},
    "a price that is no price": {"MaxPrice": "0,10"},
    "a context with too many keys": {"Context": {str(number): "x" for number in range(6)}},
    "a context with an empty value": {"Context": {"business": ""}},
    "a life that is too short": {"TimeToLive": 4},
    "a life that is no number": {"TimeToLive": "300"},
    "a configuration set with a dot": {"ConfigurationSetName": "kept.sms"},
}


@pytest.mark.parametrize("changed", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_text_message_that_aws_would_refuse_is_refused(
    changed: dict[str, Any], providers: dict[str, Provider]
) -> None:
    """And the refusal names the field that is wrong."""
    status, body = refused(providers["sms"], a_text(**changed))
    assert (status, body["__type"], body["Reason"]) == (400, "ValidationException", "INVALID_PARAMETER")
    assert body["Fields"][0]["Name"].split(".")[0] == next(iter(changed))


def test_a_text_message_that_costs_more_than_it_may_is_refused(providers: dict[str, Provider]) -> None:
    """The most that a message may cost counts all of its parts."""
    _, body = refused(providers["sms"], a_text(MessageBody="约" * 71, MaxPrice="0.05"))
    assert body["Reason"] == "PRICE_OVER_THRESHOLD"


def test_a_text_message_to_who_opted_out_is_refused(providers: dict[str, Provider]) -> None:
    """With the reason by which the product knows that nothing more may be tried there."""
    status, body = refused(providers["sms"], a_text(), {"+8613912345678": "opted_out"})
    assert (status, body["__type"]) == (400, "ConflictException")
    assert body["Reason"] == "DESTINATION_PHONE_NUMBER_OPTED_OUT"


def test_a_dry_run_sends_nothing(providers: dict[str, Provider]) -> None:
    """It is answered like a real one."""
    done = providers["sms"].take(a_text(DryRun=True), {}, NOW)
    assert (done.sent, list(json.loads(done.answer[2]))) == ((), ["MessageId"])


LINES = {"type": "body", "parameters": [{"type": "text", "text": "two\nlines"}]}
NAMED = {"type": "body", "parameters": [{"type": "text", "parameter_name": "Client", "text": "Ann"}]}
PICTURE = {"type": "body", "parameters": [{"type": "image", "image": {}}]}
BUTTON = {"type": "button", "sub_type": "quick_reply", "index": 0, "parameters": []}


def template(**changed: Any) -> dict[str, Any]:
    return a_template(template={"name": "same_day", "language": {"code": "en"}} | changed)


BAD_WHATSAPPS: dict[str, Mapping[str, Any] | bytes] = {
    "not JSON": b"hello",
    "not for WhatsApp": a_template(messaging_product="sms"),
    "nobody to read it": a_template(to=None),
    "a number that is none": a_template(to="ann"),
    "a type there is not": a_template(type="poem"),
    "no words": some_words(text={"body": ""}),
    "more words than a message takes": some_words(text={"body": "x" * 4097}),
    "a template without a language": template(language=None),
    "a language that is written otherwise": template(language={"code": "zh-Hans"}),
    "a template's name with capitals": template(name="SameDay"),
    "a parameter with a line break": template(components=[LINES]),
    "a parameter with a name in capitals": template(components=[NAMED]),
    "a parameter that is no text": template(components=[PICTURE]),
    "a button without a payload": template(components=[BUTTON]),
    "callback data that is too long": a_template(biz_opaque_callback_data="x" * 513),
}


@pytest.mark.parametrize("message", BAD_WHATSAPPS.values(), ids=BAD_WHATSAPPS)
def test_a_message_that_whatsapp_does_not_know_is_refused(
    message: Mapping[str, Any] | bytes, providers: dict[str, Provider]
) -> None:
    status, body = refused(providers["whatsapp"], a_whatsapp(message))
    assert (status, body["__type"]) == (400, "InvalidParametersException")


BAD_CALLS: dict[str, dict[str, Any]] = {
    "from a number and not its id": {"originationPhoneNumberId": "+12065550100"},
    "no message": {"message": None},
    "a message that is not base64": {"message": "{}"},
    "a version that is none": {"metaApiVersion": "20"},
}


@pytest.mark.parametrize("changed", BAD_CALLS.values(), ids=BAD_CALLS)
def test_a_whatsapp_call_that_aws_would_refuse_is_refused(
    changed: dict[str, Any], providers: dict[str, Provider]
) -> None:
    status, body = refused(providers["whatsapp"], a_whatsapp(**changed))
    assert (status, body["__type"]) == (400, "ValidationException")


BAD_TOKENS = {
    "another grant": ({"grant_type": "authorization_code"}, 40002),
    "no account": ({"appid": None}, 41002),
    "an account there is not": ({"appid": "wx0000000000000000"}, 40013),
    "no secret": ({"secret": None}, 41004),
    "another's secret": ({"secret": "0" * 32}, 40125),
}


@pytest.mark.parametrize(("changed", "code"), BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_wechat_gives_no_token_for_it(changed: dict[str, Any], code: int, providers: dict[str, Provider]) -> None:
    """WeChat answers 200 and says what is wrong in a code."""
    status, body = refused(providers["wechat"], a_token(**changed))
    assert (status, body["errcode"]) == (200, code)


def token(wechat: Provider, **changed: Any) -> str:
    return str(json.loads(wechat.take(a_token(**changed), {}, NOW).answer[2])["access_token"])


BAD_CARDS: dict[str, tuple[dict[str, Any], int]] = {
    "nobody to read it": ({"touser": None}, 40003),
    "a reader's number": ({"touser": "+8613912345678"}, 40003),
    "no template": ({"template_id": None}, 40037),
    "nothing in it": ({"data": {}}, 47001),
    "a field without a value": ({"data": {"thing1": "剪发"}}, 47003),
    "a field that is longer than its type": ({"data": {"thing1": {"value": "剪" * 21}}}, 47003),
    "an id of its own that is too long": ({"client_msg_id": "x" * 33}, 40035),
}


@pytest.mark.parametrize(("changed", "code"), BAD_CARDS.values(), ids=BAD_CARDS)
def test_a_card_that_wechat_would_refuse_is_refused(
    changed: dict[str, Any], code: int, providers: dict[str, Provider]
) -> None:
    """Each by the code of WeChat's documents for it."""
    wechat = providers["wechat"]
    assert refused(wechat, a_card(token(wechat), **changed))[1]["errcode"] == code


@pytest.mark.parametrize(("fate", "code"), [("invalid", 40003), ("unfollowed", 43004), ("refuses", 43101)])
def test_a_reader_whom_wechat_does_not_reach_is_refused(fate: str, code: int, providers: dict[str, Provider]) -> None:
    """Unknown, gone and without a subscription are three different answers."""
    wechat = providers["wechat"]
    assert refused(wechat, a_card(token(wechat)), {OPENID: fate})[1]["errcode"] == code


def test_a_token_is_the_same_until_shortly_before_its_end(providers: dict[str, Provider]) -> None:
    """Whoever asks early shares the one that others use."""
    wechat = providers["wechat"]
    first = token(wechat)
    assert token(wechat) == first
    later = wechat.take(a_token(), {}, NOW + timedelta(minutes=116)).answer[2]
    assert json.loads(later)["access_token"] != first


def test_a_token_that_is_asked_for_anew_ends_the_one_before(providers: dict[str, Provider]) -> None:
    """So two who refresh against each other would be seen here."""
    wechat = providers["wechat"]
    first = token(wechat)
    assert token(wechat, force_refresh=True) != first
    assert refused(wechat, a_card(first))[1]["errcode"] == 40001


@pytest.mark.parametrize(("given", "code"), [("", 41001), ("no-such-token", 40001)], ids=["none", "an unknown one"])
def test_without_a_good_token_nothing_is_sent(given: str, code: int, providers: dict[str, Provider]) -> None:
    """None and a wrong one are told apart."""
    assert refused(providers["wechat"], a_card(given))[1]["errcode"] == code


def test_an_expired_token_is_told_apart(providers: dict[str, Provider]) -> None:
    """By a code of its own, upon which a new one is fetched."""
    wechat = providers["wechat"]
    old = token(wechat)
    with pytest.raises(Refused, match="42001"):
        wechat.take(a_card(old), {}, NOW + timedelta(hours=2))


def test_free_words_are_refused_to_who_has_not_written_within_two_days(providers: dict[str, Provider]) -> None:
    """WeChat's window, after which only a template goes."""
    wechat = providers["wechat"]
    assert refused(wechat, wechat_words(token(wechat), "好的"))[1]["errcode"] == 45015


@pytest.mark.parametrize(("words", "code"), [("", 44004), ("约" * 683, 45002)], ids=["none", "too many"])
def test_words_that_wechat_would_refuse_are_refused(words: str, code: int, providers: dict[str, Provider]) -> None:
    """Empty ones, and more than 2,048 bytes."""
    wechat = providers["wechat"]
    assert refused(wechat, wechat_words(token(wechat), words))[1]["errcode"] == code


def test_a_card_that_is_repeated_within_ten_minutes_is_sent_once(providers: dict[str, Provider]) -> None:
    """WeChat knows the id again and gives the first answer; later it is a card of its own."""
    wechat = providers["wechat"]
    card = a_card(token(wechat))
    first, again = wechat.take(card, {}, NOW), wechat.take(card, {}, NOW + timedelta(minutes=9))
    assert (len(first.sent), len(again.sent)) == (1, 0)
    assert first.answer == again.answer
    assert taken(wechat, card, now=NOW + timedelta(minutes=20))


BAD_WEBHOOKS: dict[str, tuple[Callable[[], Request], int]] = {
    "unsigned": (lambda: a_webhook(webhook_signature=""), 400),
    "without an id": (lambda: a_webhook(webhook_id=""), 400),
    "signed with another secret": (lambda: a_webhook(secret="whsec_b3RoZXI="), 401),
    "signed for another id": (lambda: a_webhook(webhook_id="a_2"), 401),
    "too old": (lambda: a_webhook(at=NOW - timedelta(minutes=6)), 401),
    "from the future": (lambda: a_webhook(at=NOW + timedelta(minutes=6)), 401),
    "without a reader": (lambda: a_webhook({"type": "t", "timestamp": "t", "data": {"text": "hello"}}), 400),
    "for nobody's gateway": (lambda: posted("/gateway/nobody", {}), 404),
}


@pytest.mark.parametrize(("request_made", "status"), BAD_WEBHOOKS.values(), ids=BAD_WEBHOOKS)
def test_a_gateway_refuses_a_webhook_it_cannot_trust(
    request_made: Callable[[], Request], status: int, providers: dict[str, Provider]
) -> None:
    """Unsigned, wrongly signed, stale or for nobody: as Standard Webhooks has it."""
    assert refused(providers["webhook"], request_made())[0] == status


def test_a_gateway_takes_a_webhook_once(providers: dict[str, Provider]) -> None:
    """A repeat under the same id is answered like the first and sent to nobody."""
    first, again = (providers["webhook"].take(a_webhook(), {}, NOW) for _ in range(2))
    assert (len(first.sent), len(again.sent)) == (1, 0)
    assert first.answer[0] == again.answer[0] == 202


def test_one_good_signature_among_several_is_enough(providers: dict[str, Provider]) -> None:
    """So that a secret can be changed while messages are on their way."""
    signature = a_webhook().headers["webhook-signature"]
    assert taken(providers["webhook"], a_webhook(webhook_signature=f"v1,bm8= {signature}"))


def test_every_usual_request_is_taken(providers: dict[str, Provider]) -> None:
    """So that what the tables above change is what is refused."""
    usual = {"email": a_mail(), "sms": a_text(), "whatsapp": a_whatsapp(), "webhook": a_webhook()}
    usual["wechat"] = a_card(token(providers["wechat"]))
    assert {channel: taken(providers[channel], request).channel for channel, request in usual.items()} == {
        channel: channel for channel in providers
    }
