"""A message that a person speaks: it stands on the staff's list once, as a follow-up with its script."""

from dataclasses import replace

import pytest

from kept.channels import Channel, Purpose
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import CLAIM, Message
from kept.settings import setting
from kept.storage import clients, follow_ups, messages
from kept.use_cases.messaging import provider_clients
from tests.functions.outbox import NOON, Providers, became, opened, owed, reached_by, she, stored, work
from tests.stopping import Killed, die

CALL, EMAIL = Channel.CALL, Channel.EMAIL


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    return opened(monkeypatch, reached_by(EMAIL), (EMAIL, CALL))


def calls() -> list[FollowUp]:
    return [it for it in follow_ups.board("lotus").follow_ups if it.cause is OpenedBy.CALL]


def test_staff_find_whom_to_call_about_what_and_what_to_say(providers: Providers) -> None:
    message = owed(CALL, "two_days")
    assert work(message) == {"batchItemFailures": []}
    (call,) = calls()
    assert (call.id, call.client, call.about, call.assignee) == ("a-1-v1-call-two_days", "c-1", "a-1", "mei")
    assert "17:00" in call.history[0].why
    assert (became(message), stored(message).provider_id) == (("to_call", ""), call.id)
    assert providers.taken == []


def test_asked_for_twice_it_is_one_call() -> None:
    """Killed between the list and the record; the message is in doubt, the call is not."""
    message = owed(CALL)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Message, "listed", die)
        with pytest.raises(Killed):
            work(message)
    assert len(calls()) == 1
    work(message, now=NOON + CLAIM)
    assert (became(message)[0], len(calls())) == ("to_call", 1)


def test_each_text_is_a_call_of_its_own() -> None:
    work(owed(CALL), owed(CALL, "two_days"))
    assert sorted(call.id for call in calls()) == ["a-1-v1-call-confirmation", "a-1-v1-call-two_days"]


def test_nobody_calls_the_staff() -> None:
    notice = owed(CALL, "staff_booked", purpose=Purpose.STAFF, recipient="mei", useful_until=None)
    work(notice)
    assert became(notice) == ("failed", "failed: staff_not_called")


def test_a_business_without_an_account_is_told_so_and_the_next_channel_takes_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The deployment holds no account of theirs at WeChat."""
    monkeypatch.setattr(provider_clients, "accounts", lambda _: {})
    message = owed(Channel.WECHAT)
    clients.put_alone(replace(she(), consents=reached_by(Channel.WECHAT, EMAIL).consents))
    work(message)
    assert became(message) == ("failed", "failed: no_account wechat")
    other = messages.find("lotus", "a-1#v1#confirmation#email")
    assert other
    assert other.tried == (Channel.WECHAT,)


@pytest.mark.parametrize(
    ("channel", "name"), [(Channel.SMS, "SMS_ORIGINATION"), (Channel.WHATSAPP, "WHATSAPP_NUMBER")], ids=str
)
def test_a_deployment_without_a_number_fails_plainly_and_the_next_channel_takes_over(
    channel: Channel, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template's default is to send no text messages at all."""
    monkeypatch.setattr(provider_clients, "setting", lambda asked: "none" if asked == name else setting(asked))
    message = owed(channel)
    clients.put_alone(replace(she(), consents=reached_by(channel, EMAIL).consents))
    work(message)
    assert became(message) == ("failed", f"failed: no_number {channel}")
    assert messages.find("lotus", "a-1#v1#confirmation#email")
