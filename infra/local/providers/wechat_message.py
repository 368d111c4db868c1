"""What an Official Account sends, template messages and free words, as the documents of Weixin have them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.providers.answers import Refused, as_json

_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_TEMPLATE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_ID, _LONGEST_WORDS = 32, 2048
_HOLDS = {"thing": 20, "phrase": 5, "character_string": 32, "name": 10, "phone_number": 17, "car_number": 8}
"""Characters of a template's field, by its type: its name without the number."""


@dataclass(frozen=True, slots=True)
class Message:
    """`own_id` is the sender's, by which WeChat tells a repetition; `template` is none for free words."""

    to: str
    text: str
    template: str = ""
    own_id: str = ""


def refusal(code: int, words: str) -> Refused:
    """WeChat refuses with 200, and a number in the body."""
    return Refused(f"{code} {words}", as_json({"errcode": code, "errmsg": f"{words} rid: {secrets.token_hex(4)}"}))


def read_template(said: Mapping[str, Any]) -> Message:
    """Of a template message, or of one by subscription, which has its link in `page` and no id of the sender's.

    Raises Refused.
    """
    to, template = _reader(said), said.get("template_id")
    if not (isinstance(template, str) and _TEMPLATE.fullmatch(template)):
        raise refusal(40037, "invalid template_id")
    lines = _lines(said.get("data"))
    own_id = str(said.get("client_msg_id", ""))
    if len(own_id) > _LONGEST_ID:
        raise refusal(40035, "invalid client_msg_id size")
    leads_to = [link for name in ("url", "page") if (link := said.get(name))]
    return Message(to, "\n".join([*lines, *leads_to]), template, own_id)


def read_words(said: Mapping[str, Any]) -> Message:
    """Raises Refused."""
    to = _reader(said)
    match said:
        case {"msgtype": "text", "text": {"content": str(words)}} if words:
            if len(words.encode()) > _LONGEST_WORDS:
                raise refusal(45002, "content size out of limit")
            return Message(to, words)
        case {"msgtype": "text"}:
            raise refusal(44004, "empty content")
    raise refusal(40008, "invalid message type")


def _reader(said: Mapping[str, Any]) -> str:
    to = said.get("touser")
    if not (isinstance(to, str) and _OPENID.fullmatch(to)):
        raise refusal(40003, "invalid openid")
    return to


def _lines(data: Any) -> list[str]:
    """What the card shows, a line for each of its fields."""
    if not (isinstance(data, dict) and data):
        raise refusal(47001, "data format error")
    for name, value in data.items():
        if not (isinstance(value, dict) and isinstance(value.get("value"), str) and _fits(name, value["value"])):
            raise refusal(47003, f"argument invalid! data.{name}.value is invalid")
    return [f"{name}: {value['value']}" for name, value in data.items()]


def _fits(name: str, value: str) -> bool:
    return 0 < len(value) <= _HOLDS.get(re.sub(r"\d+$", "", name), _LONGEST_WORDS)
