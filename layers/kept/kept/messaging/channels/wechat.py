"""WeChat through an Official Account: approved templates, one-time subscriptions, free words to who wrote lately."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kept.messaging.channels import (
    InDoubt,
    NotSubscribed,
    Parcel,
    ProviderUnavailable,
    Rejected,
    Sending,
    Suppressed,
    Throttled,
    WrongAddress,
)
from kept.messaging.channels.provider import called
from kept.messaging.channels.templates import filled
from kept.reasons import Code, because

if TYPE_CHECKING:
    from urllib3 import PoolManager

TOKEN, TEMPLATE, WORDS = "/cgi-bin/stable_token", "/cgi-bin/message/template/send", "/cgi-bin/message/custom/send"
ONCE = "/cgi-bin/message/subscribe/bizsend"

STALE = frozenset({40001, 40014, 42001})
"""The access token is over: it lasts two hours, and a new secret ends it at once."""

WRONG_ADDRESS = frozenset({40003, 46004})
UNWILLING = {
    43004: Code.NOT_A_FOLLOWER,
    43019: Code.ON_BLACK_LIST,
    43101: Code.REFUSES_THESE,
}
"""A refusal is of one template; it is taken for all, so that nobody has to say no twice."""

NO_TAP = 43101
"""Of what goes by subscription it says no more than that there is none: never tapped, used up, or taken back."""

TOO_FAST = frozenset({45009, 45011})
FINAL = frozenset(
    {40008, 40036, 40037, 40039, 40165, 44004, 45002, 45008, 45015, 45047, 45168, 47001, 47003, 50002, 87014}
)
"""Of this message, its template or its reader; what is wrong with the account, like 48001, can be mended."""

CUT = {"thing": 20, "phrase": 5, "character_string": 32, "name": 10, "phone_number": 17, "car_number": 8}
"""Characters that a variable of this type holds; a longer one is refused altogether (47003)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Of one business. `token` is the word that WeChat signs its calls with, nothing to do with access tokens."""

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    base_url: str = "https://api.weixin.qq.com"


ACCESS: dict[Account, str] = {}
"""Access tokens, for as long as the process lives. WeChat gives every caller the same one, and says when it is over."""


class WeChat:
    """One account. `http` knows how long to wait. A template repeated within ten minutes comes once, by our id."""

    def __init__(self, http: "PoolManager", account: Account) -> None:
        self._http = http
        self._account = account

    def compose(self, parcel: Parcel) -> Sending:
        if parcel.free_words:
            return partial(self._send, WORDS, _written(_words(parcel)))
        path, message = (ONCE, _once(parcel)) if parcel.once else (TEMPLATE, _template(parcel))
        return partial(self._send, path, _written(message))

    def _send(self, path: str, message: bytes) -> str:
        """Free words have no id there, and nothing is ever told of them: ""."""
        if (answer := self._sent(path, message)).get("errcode") in STALE:
            ACCESS.pop(self._account, None)
            answer = self._sent(path, message)
        if path == ONCE and answer.get("errcode") == NO_TAP:
            raise NotSubscribed(because(Code.NO_TAP_AT_WECHAT))
        _check(answer)
        return str(answer.get("msgid", ""))

    def _sent(self, path: str, message: bytes) -> dict[str, Any]:
        if self._account not in ACCESS:
            ACCESS[self._account] = self._access_token()
        return self._posted(f"{path}?access_token={ACCESS[self._account]}", message)

    def _access_token(self) -> str:
        """Raises Unavailable, as nothing was sent yet: its errors are the account's, not the reader's."""
        credentials = {"appid": self._account.app_id, "secret": self._account.app_secret}
        try:
            answer = self._posted(TOKEN, _written({"grant_type": "client_credential", **credentials}))
        except InDoubt as doubt:
            raise ProviderUnavailable(str(doubt)) from doubt
        if token := answer.get("access_token"):
            return str(token)
        raise _passing(answer)

    def _posted(self, path: str, message: bytes) -> dict[str, Any]:
        """Raises InDoubt for an answer that cannot be read."""
        with called():
            answer = self._http.request(
                "POST",
                self._account.base_url + path,
                body=message,
                headers={"content-type": "application/json"},
                retries=False,
                redirect=False,
            )
        if answer.status != 200:
            raise ProviderUnavailable(str(answer.status))
        try:
            return dict(json.loads(answer.data))
        except (ValueError, TypeError) as error:
            raise InDoubt("an answer that is not JSON") from error


def _written(message: dict[str, Any]) -> bytes:
    """Letters as they are: WeChat shows escaped ones as such."""
    return json.dumps(message, ensure_ascii=False).encode()


def _words(parcel: Parcel) -> dict[str, Any]:
    return {"touser": parcel.to, "msgtype": "text", "text": {"content": parcel.rendered.text}}


def _template(parcel: Parcel) -> dict[str, Any]:
    own_id = hashlib.sha256(f"{parcel.business}/{parcel.message}".encode()).hexdigest()[:32]
    return _card(parcel) | {"url": parcel.rendered.named.get("link", ""), "client_msg_id": own_id}


def _once(parcel: Parcel) -> dict[str, Any]:
    """It has no id of ours: that one tap carries one message keeps a repeat from coming twice."""
    return _card(parcel) | {"page": parcel.rendered.named.get("link", "")}


def _card(parcel: Parcel) -> dict[str, Any]:
    name, variables = filled(parcel)
    data = {key: {"value": _cut(key, value)} for key, value in variables.items()}
    return {"touser": parcel.to, "template_id": name, "data": data}


def _cut(key: str, value: str) -> str:
    """To what its type holds, which is the key without its number: thing1."""
    longest = CUT.get(re.sub(r"\d+$", "", key), len(value))
    return value if len(value) <= longest else f"{value[: longest - 1]}…"


def _check(answer: dict[str, Any]) -> None:
    code = answer.get("errcode", 0)
    if code == 0:
        return
    if code in WRONG_ADDRESS:
        raise WrongAddress(because(Code.NOT_KNOWN_TO_ACCOUNT))
    if code in UNWILLING:
        raise Suppressed(because(UNWILLING[code]))
    if code in FINAL:
        raise Rejected(because(Code.REFUSED, error=code))
    raise _passing(answer)


def _passing(answer: dict[str, Any]) -> ProviderUnavailable:
    code = answer.get("errcode")
    return Throttled(str(code)) if code in TOO_FAST else ProviderUnavailable(str(code))
