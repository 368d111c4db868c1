"""Those who read the messages: they write back, press a button, open what they got, or call it spam."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.inbox import Inbox, Sent, Written
from infra.local.providers import sms
from infra.local.providers.stand_in import StandIn


def act(told: Mapping[str, Any], stand_in: StandIn, inbox: Inbox, now: datetime) -> None:
    """Do what `{"to": message, "text" or "event"}` or `{"channel", "from", "text"}` says. Raises ValueError.

    Who writes first writes to where they were last written from, or to `at`: the number, or on WeChat the business.
    """
    match told:
        case {"to": str(id), "event": str(event)}:
            stand_in.tell_later(_found(inbox, id), event)
        case {"to": str(id), "text": str(text)} if text.strip():
            answered = _found(inbox, id)
            _write(_written(answered.channel, answered.to, answered.sender, text, now, id), answered, stand_in, inbox)
        case {"channel": str(channel), "from": str(reader), "text": str(text)} if text.strip():
            last = next((sent for sent in inbox.newest_first(reader) if sent.channel == channel), None)
            at = str(told.get("at") or (last.sender if last else ""))
            if not at or channel not in stand_in.providers:
                raise ValueError("Nothing was sent to them over that channel; say with `at` where they write to.")
            _write(_written(channel, reader, at, text, now), None, stand_in, inbox)
        case _:
            raise ValueError('Say {"to": a message, "text" or "event"} or {"channel", "from", "text", and "at"}.')


def _found(inbox: Inbox, id: str) -> Sent:
    sent = inbox.find(id)
    if sent is None:
        raise ValueError("There is no such message.")
    return sent


def _written(channel: str, reader: str, at: str, text: str, now: datetime, to: str = "") -> Written:
    return Written(str(uuid.uuid4()), channel, reader, at, now.isoformat(timespec="seconds"), text.strip(), to)


def _write(written: Written, answered: Sent | None, stand_in: StandIn, inbox: Inbox) -> None:
    event = stand_in.providers[written.channel].hear(written, answered)
    inbox.keep_written(written)
    _remember(written, stand_in)
    stand_in.send(written.channel, [event], datetime.fromisoformat(written.at))


def _remember(written: Written, stand_in: StandIn) -> None:
    """What the provider itself does about certain words."""
    match written.channel, written.text.split()[0]:
        case "sms", _ if stand_in.faults.of("sms").opt_outs and sms.is_opt_out(written.text):
            stand_in.faults.becomes("sms", written.reader, "opted_out")
        case "wechat", "#unsubscribe":
            stand_in.faults.becomes("wechat", written.reader, "unfollowed")
        case "wechat", "#subscribe":
            stand_in.faults.becomes("wechat", written.reader, "")
