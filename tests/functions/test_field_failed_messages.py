"""The day says which of its messages did not arrive: those about its visits as they are now, of each text the last try,
and nothing that another channel has carried or that had not to be sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import front_desk
from kept import clock
from kept.channels import Channel
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_client, an_appointment

NOW = STARTS - timedelta(minutes=10)
FAILED, WHY = MessageStatus.FAILED, because(Code.NO_SUCH_NUMBER)


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na's visit of Monday, and one of Tuesday."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=1)))


def said(stage: str = "same_day", channel: Channel = Channel.SMS, *, minutes: int = -180, **more: Any) -> Message:
    """So long after the visit begins."""
    at, business = STARTS + timedelta(minutes=minutes), lotus.the_salon().business
    made: Message = replace(to_client(an_appointment(), a_client(), business, stage, now=at, over=channel), **more)
    return made


def over(message: Message, status: MessageStatus) -> Message:
    ended: Message = message.over(status, reason=WHY)
    return ended


def failed(on: str = "2026-03-02", **asked: Any) -> Any:
    return ask(
        front_desk.handler, "GET /v1/desk/day/failed-messages", **{"role": "staff", "query": {"on": on}} | asked
    ).body


def gone(message: Message) -> Message:
    return message.sent(at=NOW - timedelta(hours=2), provider_id="p")


LEDGERS = [
    pytest.param([], [], id="nothing was said"),
    pytest.param([over(said(), FAILED)], ["sms"], id="it failed"),
    pytest.param([over(said(), MessageStatus.SUPPRESSED)], ["sms"], id="it was not let out"),
    pytest.param([over(said(), MessageStatus.MISSED)], ["sms"], id="it came too late"),
    pytest.param([over(said(), MessageStatus.SKIPPED)], [], id="it had not to be sent"),
    pytest.param([said()], [], id="it is on its way"),
    pytest.param([gone(said())], [], id="it was sent"),
    pytest.param([replace(gone(said()), delivery=Delivery.FAILED)], ["sms"], id="sent and not delivered"),
    pytest.param([replace(gone(said()), delivery=Delivery.READ)], [], id="read"),
    pytest.param(
        [over(said(), FAILED), gone(said(channel=Channel.EMAIL, minutes=-170))], [], id="another channel carried it"
    ),
    pytest.param([over(said(), FAILED), said(channel=Channel.EMAIL, minutes=-170)], [], id="another channel tries it"),
    pytest.param(
        [over(said(), FAILED), over(said(channel=Channel.EMAIL, minutes=-170), FAILED)], ["email"], id="both failed"
    ),
    pytest.param([over(said(), FAILED), gone(said("two_days"))], ["sms"], id="another text was sent"),
    pytest.param([over(said(version=7), FAILED)], [], id="of another version of the visit"),
    pytest.param([over(said(about="a-2"), FAILED)], [], id="about another day"),
]


@pytest.mark.parametrize(("ledger", "channels"), LEDGERS)
def test_what_did_not_arrive_is_listed(ledger: list[Message], channels: list[str]) -> None:
    for message in ledger:
        lotus.say(message)
    assert [it["channel"] for it in failed()] == channels


def test_it_says_whose_it_is_and_why_in_the_words_of_who_asks() -> None:
    lotus.say(over(said(), FAILED))
    (it,) = failed(language="zh")
    assert (it["appointment"], it["client_name"], it["stage"]) == ("a-1", "Li Na", "same_day")
    assert (it["start"], it["reason"], it["reason_code"]) == (
        "2026-03-02T17:00:00+08:00",
        "没有这个号码",
        "no_such_number",
    )


def test_another_day_and_another_business_have_their_own() -> None:
    lotus.say(over(said(about="a-2"), FAILED))
    assert [it["appointment"] for it in failed("2026-03-03")] == ["a-2"]
    assert failed("2026-03-03", business="garage") == []
    assert ask(front_desk.handler, "GET /v1/desk/day/failed-messages", role="client").status == 403
