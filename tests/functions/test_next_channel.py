"""What takes the place of a message that does not reach its reader: the next channel, and in the end a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.business.change_rules import ChangeRules
from kept.channels import Channel
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message
from kept.storage import appointments, clients, follow_ups, messages
from kept.storage.transaction import together
from tests.builders import STARTS
from tests.functions.outbox import (
    MINUTE,
    NOON,
    ORDER,
    Providers,
    a_receipt,
    an_invitation,
    became,
    come_in,
    opened,
    owed,
    reached_by,
    said,
    she,
    stored,
    swept,
    work,
)
from tests.stopping import Killed, die_at_the_queue

EMAIL, SMS, WHATSAPP, CALL = Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.CALL
HOUR = timedelta(hours=1)
GONE, NO_NUMBER = "failed: no_such_address", "failed: no_such_number"
UNREAD = "sent: not_read_elsewhere"


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    """She is reached by WhatsApp, then SMS, then e-mail."""
    return opened(monkeypatch, reached_by(*ORDER))


@pytest.fixture
def telling(providers: Providers) -> Providers:
    """The same, and all of them have told of messages before."""
    for channel in ORDER:
        before = owed(channel, "same_day")
        messages.put_alone(replace(stored(before).claimed(until=NOON), due_at=None))
        come_in(a_receipt(before, "delivered", at=NOON - HOUR), now=NOON - HOUR)
    return providers


def refusing() -> None:
    """For a reason of this one message."""
    raise failure("ValidationException")


def refusing_mail() -> None:
    raise failure("BadRequestException")


def unavailable() -> None:
    raise failure("ServiceUnavailable")


def failure(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Send")


def board() -> list[tuple[str, str]]:
    """What is open for a person: why, and about what."""
    return [(it.cause, it.about) for it in follow_ups.board("lotus").follow_ups]


def change(act: Callable[[Appointment], Appointment]) -> None:
    """She does something about her visit."""
    visit = appointments.load("lotus", "a-1")
    with together() as transaction:
        appointments.put(act(visit), None, transaction)


def test_what_is_refused_goes_another_way_at_once(providers: Providers) -> None:
    message = owed(WHATSAPP)
    providers.before = refusing
    work(message)
    assert became(message) == ("failed", "failed: refused ValidationException")
    other = owed_over(SMS)
    assert (other.tried, other.due_at, other.useful_until) == ((WHATSAPP,), NOON, STARTS)
    work(other)
    assert providers.taken == [SMS]
    assert board() == []


def owed_over(channel: Channel, stage: str = "confirmation") -> Message:
    found = messages.find("lotus", f"a-1#v1#{stage}#{channel}")
    assert found
    return found


def test_what_no_channel_carries_is_for_a_person_once(providers: Providers) -> None:
    """Of two texts about one visit too; its new time is a new matter."""
    for stage in ("confirmation", "two_days"):
        owed(WHATSAPP, stage)
        for minute, channel in enumerate(ORDER):
            providers.before = refusing_mail if channel is EMAIL else refusing
            work(owed_over(channel, stage), now=NOON + minute * MINUTE)
    assert [reason.partition(":")[0] for reason in said().values()] == ["failed"] * 6
    assert board() == [(OpenedBy.FAILED_MESSAGE, "a-1")]
    slot = Slot(STARTS + HOUR, STARTS + 2 * HOUR, "mei")
    change(lambda visit: visit.reschedule(slot, Change(CLIENT, NOON), rules=ChangeRules()))
    moved = owed(EMAIL, "rescheduled", version=2, tried=(WHATSAPP, SMS))
    providers.before = refusing_mail
    work(moved, now=NOON + 5 * MINUTE)
    assert board() == [(OpenedBy.FAILED_MESSAGE, "a-1")] * 2


def test_each_address_that_is_wrong_is_left_and_the_last_leaves_it_to_a_person(providers: Providers) -> None:
    for channel in (SMS, EMAIL):
        message = owed(SMS, tried=(WHATSAPP,)) if channel is SMS else owed_over(EMAIL)
        work(message, now=NOON + MINUTE)
        come_in(*[a_receipt(message, "bounced")] * 2)
    assert said() == {"confirmation sms": NO_NUMBER, "confirmation email": GONE}
    assert board() == [(OpenedBy.FAILED_MESSAGE, "a-1")]
    (opened_for,) = follow_ups.board("lotus").follow_ups
    assert opened_for.assignee == "mei"
    assert opened_for.history[0].why == f"confirmation over email {GONE}"
    later = owed(SMS, "two_days")
    work(later)
    assert became(later) == ("suppressed", "suppressed: no_such_address")
    assert providers.taken == [SMS, EMAIL]


def acts(_: Message) -> None:
    change(lambda visit: visit.confirm(Change(CLIENT, NOON + MINUTE)))


def cancels(_: Message) -> None:
    change(lambda visit: visit.cancel(Change(CLIENT, NOON + MINUTE), rules=ChangeRules()))


def told(*tells: str) -> Callable[[Message], object]:
    return lambda message: come_in(*(a_receipt(message, one) for one in tells))


UNSEEN = {
    "delivered, not read": (WHATSAPP, told("delivered"), UNREAD),
    "nothing was told": (WHATSAPP, told(), UNREAD),
    "a text that was not delivered": (SMS, told(), "sent: not_delivered_elsewhere"),
    "read": (WHATSAPP, told("delivered", "read"), "sent"),
    "a text that was delivered": (SMS, told("delivered"), "sent"),
    "she did something about it since": (WHATSAPP, acts, "sent"),
    "she cancelled": (WHATSAPP, cancels, "sent"),
}


@pytest.mark.parametrize(("channel", "meanwhile", "reason"), UNSEEN.values(), ids=UNSEEN)
def test_after_an_hour_it_goes_another_way_if_nobody_saw_it(
    channel: Channel, meanwhile: Callable[[Message], object], reason: str, telling: Providers
) -> None:
    message = owed(channel)
    work(message)
    meanwhile(message)
    work(message, now=NOON + HOUR - MINUTE)
    assert said()[f"confirmation {channel}"] == "sent", "not before the hour is over"
    after = NOON + HOUR + MINUTE
    work(message, now=after)
    others = {text for text in said() if "queued" in said()[text]}
    assert said()[f"confirmation {channel}"] == reason
    assert others == ({f"confirmation {SMS if channel is WHATSAPP else WHATSAPP}"} if "elsewhere" in reason else set())
    assert swept(after) == len(others)
    assert telling.taken == [channel]


@pytest.mark.usefixtures("providers")
def test_a_provider_that_never_tells_is_not_waited_for() -> None:
    message = owed(SMS)
    work(message)
    assert (became(message), stored(message).due_at) == (("sent", ""), None)


def test_where_nothing_else_is_open_it_is_not_looked_at_again(telling: Providers) -> None:
    clients.put_alone(replace(she(), consents=reached_by(WHATSAPP).consents))
    message = owed(WHATSAPP)
    work(message)
    assert stored(message).due_at is None
    assert telling.taken == [WHATSAPP]


def test_a_provider_that_is_down_for_an_hour_is_gone_round(providers: Providers) -> None:
    message, at = owed(SMS), NOON
    while stored(message).is_owed:
        providers.before = unavailable
        work(message, now=at)
        at = stored(message).due_at or at
    assert became(message) == ("failed", "failed: provider_down")
    assert HOUR <= at - NOON <= HOUR + 5 * MINUTE
    assert said()["confirmation whatsapp"] == "queued"


@pytest.mark.parametrize("tells", ["bounced", "failed"])
def test_an_invitation_is_not_sent_after_anybody(providers: Providers, tells: str) -> None:
    clients.put_alone(replace(she(), consents=reached_by(*ORDER, invited_by=ORDER).consents))
    message = an_invitation(SMS)
    work(message)
    come_in(a_receipt(message, tells))
    assert list(said("c-1")) == ["recall sms"]
    assert (board(), providers.taken) == ([], [SMS])


def test_an_invitation_that_is_tried_again_counts_once_for_the_cap(providers: Providers) -> None:
    clients.put_alone(replace(she(), consents=reached_by(SMS, invited_by=(SMS,)).consents))
    message = an_invitation(SMS)
    for attempt in range(3):
        providers.before = unavailable
        work(message, now=NOON + attempt * 10 * MINUTE)
    work(message, now=NOON + HOUR)
    assert (became(message), len(she().invited_at)) == (("sent", ""), 1)


def test_at_the_end_of_the_list_somebody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    providers = opened(monkeypatch, reached_by(SMS), (SMS, CALL))
    message = owed(SMS)
    providers.before = refusing
    work(message)
    work(owed_over(CALL))
    assert became(owed_over(CALL)) == ("to_call", "")
    assert board() == [(OpenedBy.CALL, "a-1")]


def test_two_at_once_send_it_another_way_once(providers: Providers) -> None:
    """A receipt of its failure comes twice, the second while the first is read."""
    message = owed(SMS)
    work(message)
    come_in(*[a_receipt(message, "failed")] * 3)
    assert said() == {
        "confirmation sms": "failed: phone_unreachable",
        "confirmation whatsapp": "queued",
    }
    assert providers.taken == [SMS]


def test_a_crash_before_the_next_one_is_queued_costs_a_minute(
    providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = owed(WHATSAPP)
    providers.before = refusing
    with monkeypatch.context() as patched:
        die_at_the_queue(patched)
        with pytest.raises(Killed):
            work(message)
    assert swept(NOON) == 1
    work(owed_over(SMS))
    assert providers.taken == [SMS]


@pytest.mark.usefixtures("providers")
def test_once_the_visit_is_over_nobody_needs_to_be_called_about_it() -> None:
    message = owed(EMAIL, tried=(WHATSAPP, SMS))
    work(message)
    over = STARTS + timedelta(days=1)
    come_in(a_receipt(message, "bounced", at=over), now=over)
    assert (became(message)[0], board()) == ("failed", [])
