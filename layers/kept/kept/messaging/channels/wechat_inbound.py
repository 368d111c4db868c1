"""What WeChat calls us with: proof that it is WeChat, words of followers, and what became of templates (plain mode)."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from xml.parsers import expat

from kept.channels import Channel
from kept.messaging.channels.reading import reading, seconds
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Tapped, Unreadable
from kept.reasons import Code, because

TOLERANCE = timedelta(minutes=5)
"""WeChat tries again within seconds; older calls may be replayed."""

INSTANT = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970."""

LARGEST = 64 * 1024
"""Bytes; a message has at most 2,048 characters."""

SENT: dict[str, tuple[ReceiptStatus, Code | None]] = {
    "success": (ReceiptStatus.DELIVERED, None),
    "failed:user block": (ReceiptStatus.OPTED_OUT, Code.BLOCKS_ACCOUNT),
    "failed:system failed": (ReceiptStatus.FAILED, Code.NOT_DELIVERED_BY_WECHAT),
}

TAPS = frozenset({"subscribe_msg_popup_event", "subscribe_msg_change_event"})
"""A window was answered, on a page or in an article; or a subscription was switched off among the service notices."""

STOP = "退订"
DEPTH_OF_MEMBERS = 2


def is_genuine(query: Mapping[str, str], *, token: str, now: datetime) -> bool:
    """Whether the query of a call is signed with the account's token, which also proves a GET with an `echostr`.

    It covers the time alone, not the content: for that WeChat relies on TLS, and so do we.
    """
    at, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not INSTANT.fullmatch(at) or abs(now.timestamp() - int(at)) > TOLERANCE.total_seconds():
        return False
    expected = hashlib.sha1("".join(sorted((token, at, nonce))).encode()).hexdigest()  # noqa: S324 - WeChat's choice
    return hmac.compare_digest(expected.encode(), query.get("signature", "").encode(errors="replace"))


def events(body: bytes, *, business: str) -> list[Receipt | Reply | Tapped]:
    """`business` is the one whose account was called. Raises Unreadable."""
    with reading(Channel.WECHAT):
        said, listed = _members(body)
        if said["MsgType"] != "event":
            return [_reply(said, business)]
        return [*_taps(said, listed, business)] if said["Event"] in TAPS else [*_event(said, business)]


def _taps(said: Mapping[str, str], listed: list[dict[str, str]], business: str) -> Iterator[Tapped]:
    """One window may ask for several."""
    reader, at = said["FromUserName"], said["CreateTime"]
    for one in listed:
        template, accepted = one["TemplateId"], one["SubscribeStatusString"] == "accept"
        yield Tapped(reader, template, accepted, f"{reader}-{at}-{template}", seconds(at), business)


def _event(said: Mapping[str, str], business: str) -> list[Receipt | Reply]:
    """Whoever leaves the account says stop. Nothing for a new follower, a menu or a place."""
    at = seconds(said["CreateTime"])
    match said["Event"]:
        case "TEMPLATESENDJOBFINISH":
            tells, code = SENT[said["Status"].replace(": ", ":")]
            why = because(code) if code else None
            return [Receipt(Channel.WECHAT, tells, at, business, provider_id=said["MsgID"], why=why)]
        case "unsubscribe":
            id = f"{said['FromUserName']}-{said['CreateTime']}"  # as WeChat tells its repeated events apart
            return [Reply(Channel.WECHAT, said["FromUserName"], STOP, id, at, business)]
    return []


def _reply(said: Mapping[str, str], business: str) -> Reply:
    """What has no words says what it is, for somebody to look at: [image]."""
    words = said.get("Content") or said.get("Recognition") or f"[{said['MsgType']}]"
    return Reply(Channel.WECHAT, said["FromUserName"], words, said["MsgId"], seconds(said["CreateTime"]), business)


def _members(body: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The members of the one element, by name, and those of each List further in. Raises Unreadable, and ValueError for
    what is not XML.

    A document type is refused before it can declare an entity, which is what makes expat safe without another package.
    """
    if len(body) > LARGEST:
        raise Unreadable("wechat: too large")
    members: dict[str, str] = {}
    listed: list[dict[str, str]] = []
    path: list[str] = []

    def begins(name: str, _: Mapping[str, str]) -> None:
        path.append(name)
        if len(path) == DEPTH_OF_MEMBERS:
            members[name] = ""
        elif name == "List":
            listed.append({})

    def words(text: str) -> None:
        if len(path) == DEPTH_OF_MEMBERS:
            members[path[-1]] += text
        elif listed and len(path) > DEPTH_OF_MEMBERS and path[-2] == "List":
            listed[-1][path[-1]] = listed[-1].get(path[-1], "") + text

    def refuse(*_: object) -> None:
        raise Unreadable("wechat: a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = begins, words
    parser.EndElementHandler = lambda _: path.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.ParseFile(BytesIO(body))
    except expat.ExpatError as error:
        raise ValueError(expat.ErrorString(error.code)) from None
    return members, listed
