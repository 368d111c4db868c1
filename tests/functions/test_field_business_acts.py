"""Whatever the business itself does to a visit reaches the client, or somebody calls them: once for each change.

Whatever the reason that no message got through and whatever has become of the visit; unless they heard of it otherwise.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

import follow_ups as follow_ups_function
import set_aside
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason, Status
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import CLAIM, Message
from kept.messaging.outgoing import UNDO
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.use_cases.booking import attendance, taking_back
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.messaging.staff_message import to_staff
from kept.visible import one_line
from tests import lotus
from tests.asking import ask as http
from tests.builders import BOOKED, STARTS, a_follow_up
from tests.functions.outbox import MINUTE, NOON, Providers, a_receipt, come_in, opened, owed, reached_by, stored, work
from tests.stopping import Killed, die, meddle, records

EMAIL, SMS, WHATSAPP, WECHAT, WEBHOOK = (
    Channel.EMAIL,
    Channel.SMS,
    Channel.WHATSAPP,
    Channel.WECHAT,
    Channel.WEBHOOK,
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEI, KEPT_RULES = Actor("staff", "mei"), ChangeRules()
BY_TEXT = reached_by(SMS)
CHANNELS = (WHATSAPP, SMS, EMAIL)


def by_mei(at: datetime = NOON) -> Change:
    return Change(MEI, at)


def by_her(at: datetime) -> Change:
    return Change(CLIENT, at)


def cancels(change: Change) -> Appointment:
    catalog = catalogs.load("lotus")
    return apply_change(catalog, "a-1", lambda it: it.cancel(change, rules=KEPT_RULES), change)


def moves(change: Change) -> Appointment:
    return reschedule(catalogs.load("lotus"), "a-1", Move(STARTS + HOUR, by_hand=True), change)


def reassigns(change: Change) -> Appointment:
    return reschedule(catalogs.load("lotus"), "a-1", Move(STARTS, "jun", by_hand=True), change)


def moves_far(change: Change) -> Appointment:
    return reschedule(catalogs.load("lotus"), "a-1", Move(STARTS + 7 * DAY, "jun", by_hand=True), change)


def books(change: Change) -> Appointment:
    request = BookingRequest("cut", STARTS + 3 * HOUR, she(), she().zone, "jun", by_hand=True)
    return book(catalogs.load("lotus"), request, change)


ACTS: dict[str, Callable[[Change], Appointment]] = {
    "cancelled": cancels,
    "moved an hour": moves,
    "moved a week and to another person": moves_far,
    "another person, same time": reassigns,
    "booked by hand": books,
}


def she() -> Client:
    return clients.load("lotus", "c-1")


def takes_back(client: Client, *channels: Channel) -> Client:
    for channel in channels:
        client = client.stating(
            Consent(Purpose.TRANSACTIONAL, channel, NOON, "sms reply", "STOP", ConsentWord.WITHDRAWN)
        )
    return client


def refusing(code: str) -> Callable[[Providers], None]:
    """Whatever is handed to it, over whatever channel."""

    def spoil(providers: Providers) -> None:
        def refuse() -> None:
            providers.before = refuse
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "Send")

        providers.before = refuse

    return spoil


def dying(providers: Providers) -> None:
    """After each hand-over, before it is written down."""

    def end() -> None:
        providers.after = end
        die()

    providers.after = end


def well(_: Providers) -> None:
    """Nothing happens to it."""


def bounced(tells: str) -> Callable[[], None]:
    """What is sent comes back."""

    def happens() -> None:
        for message in unheard():
            if message.sent_at and message.channel is not WEBHOOK:
                come_in(a_receipt(message, tells), now=message.sent_at + MINUTE)

    return happens


def nothing() -> None:
    """Nobody tells of what became of it."""


def unheard() -> list[Message]:
    return [
        it for it in messages.about("lotus", the_visit().id) if it.stage in ("confirmation", "rescheduled", "cancelled")
    ]


def the_visit() -> Appointment:
    """Whichever was touched last: hers, or the one that was booked by hand."""
    ids = list(appointments.of_client("lotus", ("c-1",), since=BOOKED))
    found = [appointments.load("lotus", id) for id in ids]
    return max(found, key=lambda it: it.history[-1].at)


WAYS: dict[str, tuple[Client, Callable[[Providers], None], Callable[[], None]]] = {
    "said STOP": (takes_back(BY_TEXT, SMS), well, nothing),
    "said STOP everywhere": (takes_back(reached_by(*CHANNELS), *CHANNELS), well, nothing),
    "their carrier keeps a list": (BY_TEXT.stopping(SMS, why=because(Code.OPTED_OUT), at=BOOKED), well, nothing),
    "do not disturb": (replace(BY_TEXT, do_not_disturb=True), well, nothing),
    "never agreed": (replace(BY_TEXT, consents=()), well, nothing),
    "agreed to what they have no address for": (replace(reached_by(EMAIL), email=None), well, nothing),
    "agreed to what the business does not use": (reached_by(WECHAT), well, nothing),
    "the number is dead": (BY_TEXT, well, bounced("bounced")),
    "the number was dead before": (BY_TEXT.stopping(SMS, why=because(Code.NO_SUCH_NUMBER), at=BOOKED), well, nothing),
    "the mail bounced": (reached_by(EMAIL), well, bounced("bounced")),
    "not delivered": (BY_TEXT, well, bounced("failed")),
    "refused by the provider": (BY_TEXT, refusing("ValidationException"), nothing),
    "refused over every channel": (reached_by(*CHANNELS), refusing("ValidationException"), nothing),
    "down for good": (BY_TEXT, refusing("ServiceUnavailable"), nothing),
    "throttled for good": (BY_TEXT, refusing("ThrottlingException"), nothing),
    "in doubt twice": (BY_TEXT, dying, nothing),
    "STOP here and dead there": (takes_back(reached_by(SMS, EMAIL), SMS), well, bounced("bounced")),
    "dead here and STOP there": (takes_back(reached_by(SMS, EMAIL), EMAIL), well, bounced("bounced")),
    "called us spam": (
        reached_by(EMAIL).stopping(EMAIL, why=because(Code.MARKED_SPAM_BEFORE), at=BOOKED),
        well,
        nothing,
    ),
}


def begin(monkeypatch: pytest.MonkeyPatch, client: Client) -> Providers:
    return opened(monkeypatch, client, CHANNELS)


def run_to_the_end(happens: Callable[[], None] = nothing) -> None:
    """The sender at every instant at which something of hers is due, and what comes back of it."""
    at = NOON
    for _ in range(500):
        due = [it for it in unheard() if it.due_at]
        if not due:
            return
        at = max(at, min(it.due_at for it in due if it.due_at))
        with suppress(Killed):
            work(*due, now=at)
        happens()
        at += MINUTE if not any(it.claimed_until for it in unheard()) else CLAIM + MINUTE
    raise AssertionError("it never ends")


def calls() -> list[FollowUp]:
    return [it for it in everything_open() if it.cause is OpenedBy.NOT_TOLD]


def everything_open() -> list[FollowUp]:
    return list(follow_ups.board("lotus").follow_ups)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize(("client", "spoil", "happens"), WAYS.values(), ids=WAYS)
def test_what_cannot_be_told_is_called(
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
    spoil: Callable[[Providers], None],
    happens: Callable[[], None],
    act: Callable[[Change], Appointment],
) -> None:
    """Once, by whoever the visit is with, with a clock, and nothing else is opened beside it.

    But for whoever agreed to nothing while they were booked by hand: they stood there, and know.
    """
    providers = begin(monkeypatch, client)
    spoil(providers)
    visit = act(by_mei())
    run_to_the_end(happens)
    run_to_the_end(happens)
    if act is books and not client.consents:
        assert everything_open() == []
        return
    assert [(it.about, it.assignee) for it in calls()] == [(visit.id, visit.slot.staff)]
    assert len(everything_open()) == 1
    assert calls()[0].history[0].why.startswith(f"{visit.history[-1].what} v{visit.version} over ")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_is_told_is_not_called(monkeypatch: pytest.MonkeyPatch, act: Callable[[Change], Appointment]) -> None:
    begin(monkeypatch, reached_by(SMS, EMAIL))
    act(by_mei())
    run_to_the_end()
    assert everything_open() == []


TOO_LATE: dict[str, tuple[Callable[[Change], Appointment], datetime]] = {
    "found after an outage": (moves, STARTS + 2 * HOUR),
    "found a week later": (moves, STARTS + 7 * DAY),
    "reassigned, found after the start": (reassigns, STARTS + MINUTE),
    "booked by hand, found after the start": (books, STARTS + 4 * HOUR),
}


@pytest.mark.parametrize(("act", "at"), TOO_LATE.values(), ids=TOO_LATE)
def test_what_is_told_too_late_is_called(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Change], Appointment], at: datetime
) -> None:
    begin(monkeypatch, BY_TEXT)
    act(by_mei())
    work(*unheard(), now=at)
    assert [it.status.value for it in unheard()] == ["missed"]
    assert len(calls()) == 1


def test_quiet_hours_that_last_until_it_begins_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mei moves it, at 23:00, to 7:00 the next morning: a text would come at 8:00."""
    begin(monkeypatch, BY_TEXT)
    night = NOON + 11 * HOUR
    reschedule(catalogs.load("lotus"), "a-1", Move(night + 8 * HOUR, by_hand=True), by_mei(night))
    work(*unheard(), now=night + UNDO)
    assert [it.status.value for it in unheard()] == ["missed"]
    assert len(calls()) == 1


def test_who_did_not_come_to_a_time_they_were_never_told_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is down; at the new time she is marked as missed, before a text could say that there was one."""
    begin(monkeypatch, BY_TEXT)
    moves(by_mei())
    attendance.mark_no_show(catalogs.load("lotus"), "a-1", by_mei(STARTS + 2 * HOUR))
    work(*unheard(), now=STARTS + 2 * HOUR)
    assert len(calls()) == 1


HEARD: dict[str, Callable[[], object]] = {
    "she confirms": lambda: acts(lambda cause: lambda it: it.confirm(cause)),
    "she cancels": lambda: acts(lambda cause: lambda it: it.cancel(cause, rules=KEPT_RULES)),
    "she moves it on": lambda: moves_on(by_her(NOON + HOUR)),
    "she is on her way": lambda: acts(lambda cause: lambda it: it.wait_for_client(STARTS + 2 * HOUR, cause)),
    "she calls, and Mei notes that she will come": lambda: acts(lambda cause: lambda it: it.confirm(cause), MEI),
    "she comes": lambda: acts(lambda cause: lambda it: it.check_in(cause), MEI),
}


def acts(act: Callable[[Change], Callable[[Appointment], Appointment]], by: Actor = CLIENT) -> None:
    change = Change(by, NOON + HOUR)
    apply_change(catalogs.load("lotus"), "a-1", act(change), change)


def moves_on(change: Change) -> None:
    reschedule(catalogs.load("lotus"), "a-1", Move(STARTS + 2 * HOUR, by_hand=True), change)


@pytest.mark.parametrize("hears", HEARD.values(), ids=HEARD)
def test_who_hears_of_it_by_another_way_is_not_called(
    monkeypatch: pytest.MonkeyPatch, hears: Callable[[], object]
) -> None:
    """Before the message ends: nothing is opened. After: it is closed, by whoever it was."""
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    moves(by_mei())
    hears()
    run_to_the_end()
    assert calls() == []


@pytest.mark.parametrize("hears", HEARD.values(), ids=HEARD)
def test_who_hears_of_it_after_that_is_not_called_any_more(
    monkeypatch: pytest.MonkeyPatch, hears: Callable[[], object]
) -> None:
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    moves(by_mei())
    run_to_the_end()
    assert len(calls()) == 1
    hears()
    assert calls() == []


@pytest.mark.parametrize("hears", HEARD.values(), ids=HEARD)
def test_who_hears_of_it_at_that_very_moment_is_not_called(
    monkeypatch: pytest.MonkeyPatch, hears: Callable[[], object]
) -> None:
    """Right before the end of the message is written: the end waits a minute, and sees it."""
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    moves(by_mei())
    with monkeypatch.context() as patched:
        meddle(patched, before=hears)
        work(*unheard(), now=NOON + UNDO)
    run_to_the_end()
    assert calls() == []


def test_a_second_change_takes_the_place_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moved, moved again and cancelled: one call, about the last."""
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    moves(by_mei())
    run_to_the_end()
    moves_on(by_mei(NOON + HOUR))
    run_to_the_end()
    cancels(by_mei(NOON + 2 * HOUR))
    run_to_the_end()
    assert [it.id for it in calls()] == ["a-1-v3-not_told-cancelled"]


def test_another_channel_that_takes_over_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, reached_by(SMS, EMAIL))
    cancels(by_mei())
    (first,) = unheard()
    work(first)
    come_in(a_receipt(first, "bounced"))
    assert calls() == []
    run_to_the_end()
    assert calls() == []


def test_a_receipt_that_it_arrived_after_all_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    providers = begin(monkeypatch, BY_TEXT)
    dying(providers)
    cancels(by_mei())
    run_to_the_end()
    assert len(calls()) == 1
    come_in(a_receipt(unheard()[0], "delivered", at=NOON + 10 * MINUTE), now=NOON + 10 * MINUTE)
    assert calls() == []


@pytest.fixture
def speechless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No text of any booking can be made."""

    def fails(*_: object, **__: object) -> Any:
        raise ValueError("the text cannot be made")

    with monkeypatch.context() as patched:
        patched.setattr(ToClient, "parcel", fails)
        yield


@pytest.mark.usefixtures("speechless")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_text_that_cannot_be_made_has_failed_and_is_called_once(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Change], Appointment]
) -> None:
    """Known before anything was claimed, so it is not tried again; a record that comes again finds it so."""
    begin(monkeypatch, BY_TEXT)
    act(by_mei())
    (message,) = unheard()
    for _ in range(2):
        assert work(message) == {"batchItemFailures": []}
        gives_up(message)
    assert [it.about for it in calls()] == [message.about]


@pytest.mark.usefixtures("speechless")
def test_a_crash_while_it_is_set_aside_costs_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, BY_TEXT)
    cancels(by_mei())
    (message,) = unheard()
    with monkeypatch.context() as patched:
        meddle(patched, before=die)
        with pytest.raises(Killed):
            gives_up(message)
    gives_up(message)
    assert len(calls()) == 1


def test_what_is_put_back_and_sent_needs_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, BY_TEXT)
    cancels(by_mei())
    (message,) = unheard()
    gives_up(message)
    assert len(calls()) == 1
    work(message, now=NOON + UNDO)
    assert (stored(message).status.value, calls()) == ("sent", [])


def gives_up(message: Message) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOON + HOUR)
        body = json.dumps({"lane": "message", "business": message.business, "id": message.id})
        set_aside.handler(records(body), None)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_sender_that_is_killed_opens_it_once(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    cancels(by_mei())
    with monkeypatch.context() as patched:
        meddle(patched, **{moment: die})
        with pytest.raises(Killed):
            work(*unheard(), now=NOON + UNDO)
    assert len(calls()) == (moment == "after"), "with the end of the message or not at all"
    run_to_the_end()
    assert len(calls()) == 1


def test_two_senders_open_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    cancels(by_mei())
    due = unheard()
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: work(*due, now=NOON + UNDO))
        work(*due, now=NOON + UNDO)
    assert len(calls()) == 1


THEIR_OWN: dict[str, Callable[[Change], Appointment]] = {"she cancelled": cancels, "she moved": moves}


@pytest.mark.parametrize("act", THEIR_OWN.values(), ids=THEIR_OWN)
def test_what_she_did_herself_is_no_call_of_this_kind(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Change], Appointment]
) -> None:
    begin(monkeypatch, takes_back(BY_TEXT, SMS))
    act(by_her(NOON))
    run_to_the_end()
    assert calls() == []


@pytest.mark.parametrize(
    "stopped", [takes_back(BY_TEXT, SMS), BY_TEXT.stopping(SMS, why=because(Code.OPTED_OUT), at=BOOKED)]
)
def test_a_reminder_that_they_wanted_none_of_is_no_reason_to_call(
    monkeypatch: pytest.MonkeyPatch, stopped: Client
) -> None:
    begin(monkeypatch, stopped)
    work(owed(SMS, "two_days"), owed(SMS, "same_day"))
    assert everything_open() == []


OWN_BOOKING: dict[str, Client] = {
    "said STOP": takes_back(BY_TEXT, SMS),
    "their carrier keeps a list": BY_TEXT.stopping(SMS, why=because(Code.OPTED_OUT), at=BOOKED),
    "dead number": BY_TEXT.stopping(SMS, why=because(Code.NO_SUCH_NUMBER), at=BOOKED),
    "never agreed": replace(BY_TEXT, consents=()),
}


@pytest.mark.parametrize("client", OWN_BOOKING.values(), ids=OWN_BOOKING)
def test_a_booking_of_their_own_that_nothing_confirms_could_not_be_reached(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    begin(monkeypatch, client)
    work(owed(SMS))
    assert [it.cause for it in everything_open()] == [OpenedBy.FAILED_MESSAGE]


def test_who_wants_no_disturbance_is_not_called_about_their_own_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, replace(BY_TEXT, do_not_disturb=True))
    work(owed(SMS))
    assert everything_open() == []


TAKEN_BACK: dict[str, tuple[ReversalReason, bool, int]] = {
    "our fault, and they were told": (ReversalReason.OUR_FAULT, True, 1),
    "an emergency, and they were told": (ReversalReason.EMERGENCY, True, 1),
    "our fault, before they were told": (ReversalReason.OUR_FAULT, False, 0),
    "came after all": (ReversalReason.CAME_AFTER_ALL, True, 0),
}


@pytest.mark.parametrize(("reason", "told", "count"), TAKEN_BACK.values(), ids=TAKEN_BACK)
def test_a_no_show_taken_back_is_called_where_they_were_told_of_it(
    monkeypatch: pytest.MonkeyPatch, reason: ReversalReason, told: bool, count: int
) -> None:
    """No text says so. The second request under its key changes nothing."""
    begin(monkeypatch, BY_TEXT)
    late = STARTS + HOUR
    attendance.mark_no_show(catalogs.load("lotus"), "a-1", by_mei(late))
    if told:
        work(*messages.about("lotus", "a-1"), now=late + UNDO)
    for _ in range(2):
        change = Change(MEI, late + HOUR, key="k")
        taking_back.take_back_no_show(catalogs.load("lotus"), "a-1", reason, change)
    assert len(calls()) == len(everything_open()) == count
    assert appointments.load("lotus", "a-1").status in (Status.COMPLETED, Status.CANCELLED)


def test_an_erased_client_is_called_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, BY_TEXT)
    cancels(by_mei())
    from kept.storage.tables import ClientItem

    ClientItem("lotus", "c-1").delete()
    work(*[it for it in messages.about("lotus", "a-1") if it.stage == "cancelled"])
    assert everything_open() == []


def test_a_business_that_uses_one_channel_nobody_can_be_reached_by(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, BY_TEXT)
    book_ = catalogs.load("lotus")
    lotus.store(replace(book_, business=replace(book_.business, channels=(WECHAT,))))
    cancels(by_mei())
    run_to_the_end()
    assert len(calls()) == 1


SAID: dict[str, tuple[Callable[[Change], Appointment], Client, str, str]] = {
    "cancelled, said STOP": (
        cancels,
        takes_back(BY_TEXT, SMS),
        "Mon, Mar 2, 5:00 PM was cancelled by Mei; they said STOP to text messages",
        "Mei取消了3月2日周一 17:00的预约；客户已退订短信",
    ),
    "moved, never agreed": (
        moves_far,
        replace(BY_TEXT, consents=()),
        "Mon, Mar 2, 5:00 PM was moved to Mon, Mar 9, 5:00 PM by Mei; they have agreed to no messages",
        "Mei将3月2日周一 17:00的预约改到了3月9日周一 17:00；客户未同意接收消息",
    ),
    "another person, no disturbance": (
        reassigns,
        replace(BY_TEXT, do_not_disturb=True),
        "Mon, Mar 2, 5:00 PM stays, with Jun now, changed by Mei; they want no messages",
        "Mei将3月2日周一 17:00的预约改由Jun接待，时间不变；客户不希望被打扰",
    ),
    "booked, dead number": (
        books,
        BY_TEXT.stopping(SMS, why=because(Code.NO_SUCH_NUMBER), at=BOOKED),
        "Mon, Mar 2, 8:00 PM was booked by Mei; their address for text messages does not exist",
        "Mei预订了3月2日周一 20:00的预约；客户的短信地址无效",
    ),
}


@pytest.mark.parametrize(("act", "client", "english", "chinese"), SAID.values(), ids=SAID)
def test_what_is_to_be_told_stands_in_the_follow_up_and_in_the_notice(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Change], Appointment], client: Client, english: str, chinese: str
) -> None:
    """In the reader's language, with the number to call."""
    begin(monkeypatch, client)
    act(by_mei())
    run_to_the_end()
    (call,) = calls()
    for locale, words in (("en", english), ("zh-Hans", chinese), ("", chinese)):
        answer = http(
            follow_ups_function.handler,
            f"GET /v1/desk/follow-ups/{call.id}",
            role="staff",
            query={"locale": locale} if locale else {},
        ).body
        assert one_line(answer["to_tell"]) == one_line(words)
        assert (answer["cause"], answer["client_phone"]) == ("not_told", she().phone)
    reminder = Message(
        "lotus",
        call.id,
        1,
        "follow_up_reminder",
        EMAIL,
        Purpose.STAFF,
        call.assignee,
        NOON,
        NOON,
        detail=("step_call", "50"),
    )
    mail = to_staff(reminder, catalogs.load("lotus"), now=NOON).parcel(now=NOON).rendered.text
    assert one_line(chinese) in one_line(mail)
    assert str(she().phone) in mail


def test_of_a_matter_of_another_kind_nothing_is_to_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch, BY_TEXT)
    lotus.open_follow_up(a_follow_up())
    answer = http(follow_ups_function.handler, "GET /v1/desk/follow-ups/f-1", role="staff").body
    assert answer["to_tell"] == ""
