"""On the deployed stack: an owner tries each channel with their own contact, and its provider has the message."""

import json

import pytest

from infra.local.place import STACK_NAME
from infra.local.providers.accounts import Accounts
from tests.local.api_client import Api
from tests.local.businesses import a_studio, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

ONG, NUMBER, OPENID = "ong@tryout.example", "+6591239876", "o-ong-of-tryout"
TEMPLATES = {"whatsapp/channel_trial": "kept_trial who=business", "wechat/channel_trial": "KT-trial thing1=business"}
OVER = {"email": ONG, "sms": NUMBER, "whatsapp": NUMBER, "wechat": OPENID, "webhook": NUMBER}


def follows_on_wechat(stack: Stack, client: str) -> None:
    """As whoever follows the account and is known by it already."""
    table, key = f"{STACK_NAME}-clients", {"business": {"S": "tryout"}, "id": {"S": client}}
    dynamodb = stack.client("dynamodb")
    body = json.loads(dynamodb.get_item(TableName=table, Key=key)["Item"]["body"]["S"]) | {"wechat": OPENID}
    dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": json.dumps(body)}},
    )


def oneself(stack: Stack, desk: Api) -> None:
    """Ong is a client of their own studio, and agrees to all."""
    made = desk.ask("POST", "/v1/desk/clients", {"name": "Ong", "phone": NUMBER, "email": ONG}).body["id"]
    follows_on_wechat(stack, made)
    for channel in OVER:
        said = {"purpose": "transactional", "channel": channel, "said": "given", "how": "in_person", "words": "Yes"}
        answer = desk.ask("POST", f"/v1/desk/clients/{made}/consents", said)
        assert answer.status == 200, answer.body


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
