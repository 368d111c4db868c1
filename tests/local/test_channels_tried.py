"""On the deployed stack: an owner tries each channel with their own contact, and its provider has the message."""

import urllib.request
from urllib.parse import urlencode

import pytest

from infra.local.providers.accounts import Accounts
from infra.local.providers.wechat_push import push
from tests.local.api_client import Api
from tests.local.businesses import a_studio, opened
from tests.local.stack import Stack
from tests.local.test_own_calendar_deployed import until

pytestmark = pytest.mark.stack

ONG, NUMBER, OPENID = "ong@tryout.example", "+6591234567", "o-ong-of-tryout"
TEMPLATES = {"whatsapp/channel_trial": "kept_trial who=business", "wechat/channel_trial": "KT-trial thing1=business"}
OVER = {"email": ONG, "sms": NUMBER, "whatsapp": NUMBER, "wechat": OPENID, "webhook": NUMBER}


def writes_on_wechat(stack: Stack, business: str) -> None:
    """As WeChat tells the account's own server."""
    now = stack.console.now()
    token = Accounts(stack.place).all()[business]["wechat"]["token"]
    post = push(
        "text",
        OPENID,
        f"/v1/inbound/wechat/{business}",
        token,
        OPENID,
        {"Content": "Are you open?"},
        now,
    )
    query, headers = post.signed(post.body, now)
    urllib.request.urlopen(
        urllib.request.Request(f"{stack.base_url}{post.path}?{urlencode(query)}", post.body, headers), timeout=60
    ).close()


def oneself(stack: Stack, desk: Api) -> None:
    """Ong is a client of their own studio and agrees to all; on WeChat by writing, which is made one with it."""
    made = desk.ask("POST", "/v1/desk/clients", {"name": "Ong", "phone": NUMBER, "email": ONG}).body["id"]
    for channel in OVER.keys() - {"wechat"}:
        said = {"purpose": "transactional", "channel": channel, "said": "given", "how": "in_person", "words": "Yes"}
        assert desk.ask("POST", f"/v1/desk/clients/{made}/consents", said).status == 200
    writes_on_wechat(stack, "tryout")
    until(desk.follow_ups)
    (other,) = {it["client"]["id"] for it in desk.follow_ups()}
    one, two = (desk.ask("GET", f"/v1/desk/clients/{id}").body["revision"] for id in (made, other))
    pair = {"other": other, "revision": one, "other_revision": two}
    assert desk.ask("POST", f"/v1/desk/clients/{made}/merge", pair).status == 200


def test_what_an_owner_tries_comes_to_the_provider_of_that_channel(stack: Stack) -> None:
    """Once each, to their own contact there, in the business's name; it is told as how many messages it is charged."""
    told = a_studio("Tryout")
    told["business"] |= {"channels": list(OVER), "templates": TEMPLATES}
    Accounts(stack.place).open(["tryout"])
    desk = opened(stack, "tryout", told)
    oneself(stack, desk)
    for channel in OVER:
        for _ in range(2):
            tried = desk.ask("POST", "/v1/desk/guide/trial", {"channel": channel})
            assert tried.status == 201, tried.body
    stack.console.settle()
    came = {it["channel"]: it for to in dict.fromkeys(OVER.values()) for it in stack.console.messages(to)}
    assert {channel: it["to"] for channel, it in came.items()} == OVER
    assert all("Tryout" in it["text"] for it in came.values()), came
    counts = [len(stack.console.messages(to)) for to in dict.fromkeys(OVER.values())]
    assert counts == [1, 3, 1], "each is sent once"
    became = {it["channel"]: it["trial"] for it in desk.ask("GET", "/v1/desk/guide").body["channels"]}
    assert {channel: (it["status"], it["parts"]) for channel, it in became.items()} == {
        channel: ("sent", int(channel == "sms")) for channel in OVER
    }
    refused = desk.ask("POST", "/v1/desk/guide/trial", {"channel": "call"})
    assert (refused.status, refused.body["code"]) == (409, "channel_not_used")
