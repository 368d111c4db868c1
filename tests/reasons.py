"""Reasons in short, so that tests can name them in a table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kept.messaging.message import Message
from kept.reasons import Reason


def short(reason: Reason | None) -> str:
    """Its code and its facts, instants by their own clock to the minute: quiet_hours 2026-03-02 08:00; "" for none."""
    if reason is None:
        return ""
    facts = (
        f"{datetime.fromisoformat(fact):%Y-%m-%d %H:%M}" if name == "until" else fact for name, fact in reason.facts
    )
    return " ".join((reason.code, *facts))


def why(message: Message) -> str:
    """With what became of it: skipped: no_consent sms; "" where there is nothing to say."""
    return f"{message.status}: {short(message.reason)}" if message.reason else ""


def outcome(message: Message) -> str:
    """The same, or its status alone."""
    return why(message) or message.status.value


def as_told(line: Mapping[str, Any]) -> str:
    """The same of a line of the ledger as the API tells it."""
    reason = Reason(line["reason_code"], tuple(line["facts"].items())) if line["reason_code"] else None
    return f"{line['status']}: {short(reason)}" if reason else str(line["status"])
