"""What clients write back: each answer ends in the right change and the right words, or with a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import message_sender
from kept import clock
from kept.actor import Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUpStatus
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.messaging.received import Received
from kept.reasons import Code, Reason, because
from kept.storage import appointments, catalogs, clients, follow_ups, messages, tables
from kept.timekeeping.weekly_hours import Window
from kept.use_cases.messaging import provider_clients
from kept.use_cases.replies import reading
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.answering import OPEN_ID, PHONE, brought, take
from tests.reasons import short, why
from tests.stopping import Killed, at_write, die, records

NOW = STARTS - timedelta(days=2, hours=1)
"""Saturday, 16:00 in Shanghai, where Li Na's hour with Mei is on Monday at 17:00."""
ON_THE_DAY = STARTS + timedelta(minutes=6)
OVER = (Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK)
each_channel = pytest.mark.parametrize("over", OVER)
was_asked = pytest.mark.usefixtures("asked")
MEI = Actor("staff", "mei")
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def li(over: Channel = Channel.SMS, **how: Any) -> Client:
    """Reached over whatever she likes, and she likes this."""
    agreed = tuple(Consent(Purpose.TRANSACTIONAL, c, NOW, "booking page", "yes") for c in (*OVER, Channel.EMAIL))
    known = replace(a_client(), phone=PHONE, wechat=OPEN_ID, consents=agreed, preferred=over, locale="en")
    return replace(known, **how)


@pytest.fixture(autouse=True)
def _open() -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, channels=(*OVER, Channel.EMAIL))))
    lotus.store(lotus.the_garage())


@pytest.fixture
def asked() -> None:
    """Li Na was reminded of her visit by text message a while ago."""
    lotus.known(li())
    lotus.put(an_appointment())
    told("two_days")


def told(
    stage: str, id: str = "a-1", *, over: Channel = Channel.SMS, at: datetime = NOW - timedelta(minutes=5)
) -> None:
    """We said so then."""
    visit = appointments.load("lotus", id)
    said = to_client(visit, li(), catalogs.load("lotus").business, stage, now=at, over=over)
    lotus.say(said.claimed(until=at).sent(at=at, provider_id="p"))


def writes(words: str, *, over: Channel = Channel.SMS, id: str = "in-1", now: datetime = NOW, sender: str = "") -> Any:
    return take(brought(words, over=over, id=id, now=now, sender=sender), now=now)


def visit(id: str = "a-1") -> Appointment:
    return appointments.load("lotus", id)


def received(client: str = "c-1", business: str = "lotus") -> list[Received]:
    return lotus.written(client, business)


def done() -> list[str]:
    """What was done about each of her messages, without the names of what was opened for them."""
    named = (dict(one.done.facts).get("follow_up", "") if one.done else "" for one in received())
    return [short(one.done).removesuffix(f" {name}") for one, name in zip(received(), named, strict=True)]


def answers(id: str = "a-1") -> list[tuple[str, Channel]]:
    """What is owed to the client since she wrote, by stage."""
    return [(m.stage, m.channel) for m in messages.about("lotus", id) if m.is_owed and m.purpose is not Purpose.STAFF]


HERS = {What.OPENED, What.CLIENT_WROTE, What.RESOLVED}


def opened() -> list[tuple[str, list[str]]]:
    """Every follow-up: why it was opened, and what it says of her words."""
    found = [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]
    return [
        (one.cause.value, [event.why for event in one.history if event.what in HERS])
        for one in sorted(found, key=lambda one: one.id)
    ]


def so(words: str, **how: Any) -> tuple[str, list[str], list[tuple[str, Channel]]]:
    """The state of the visit after she has written this, what was done, and what she is answered."""
    assert writes(words, **how) == {"batchItemFailures": []}
    return visit().status.value, done(), answers()


# One key


@each_channel
@pytest.mark.parametrize(
    ("key", "status", "what", "stage"),
    [
        pytest.param("1", "confirmed", "confirmed", "confirmed", id="1 confirms"),
        pytest.param("2", "booked", "times_offered 3", "move_options", id="2 is offered other times"),
        pytest.param("3", "cancelled", "cancelled", "cancelled", id="3 cancels"),
        pytest.param("STOP", "booked", "no_more_messages {over}", None, id="STOP has no answer"),
        pytest.param("退订", "booked", "no_more_messages {over}", None, id="and in Chinese"),
    ],
)
def test_one_key(key: str, status: str, what: str, stage: str | None, over: Channel) -> None:
    lotus.known(li(over))
    lotus.put(an_appointment())
    told("two_days", over=over)
    assert so(key, over=over) == (status, [what.format(over=over)], [(stage, over)] if stage else [])


@each_channel
@pytest.mark.parametrize(
    ("key", "status", "waits", "stage"),
    [
        pytest.param("1", "booked", timedelta(minutes=21), "waits", id="1 is on her way"),
        pytest.param("2", "cancelled", None, "cancelled", id="2 cannot come"),
    ],
)
def test_one_key_on_the_day(key: str, status: str, waits: timedelta | None, stage: str, over: Channel) -> None:
    lotus.known(li(over))
    lotus.put(an_appointment())
    told("on_my_way", over=over, at=STARTS + timedelta(minutes=5))
    what = "waits_for_them" if waits else "cancelled"
    assert so(key, over=over, now=ON_THE_DAY) == (status, [what], [(stage, over)])
    assert visit().waits_until == (STARTS + waits if waits else None)
    assert visit().late is (key == "2")


@was_asked
def test_who_is_waited_for_may_still_say_that_they_cannot_come() -> None:
    told("on_my_way", at=STARTS + timedelta(minutes=5))
    writes("1", now=ON_THE_DAY)
    told("waits", at=ON_THE_DAY + timedelta(seconds=5))
    writes("2", id="in-2", now=ON_THE_DAY + timedelta(minutes=4))
    assert (visit().status, done()) == (Status.CANCELLED, ["waits_for_them", "cancelled"])


@was_asked
@pytest.mark.parametrize(
    ("asked_at", "over", "moved", "now"),
    [
        pytest.param(5, Channel.SMS, 0, 16, id="when nobody waits any more"),
        pytest.param(5, Channel.EMAIL, 0, 6, id="when she was asked elsewhere"),
        pytest.param(5, Channel.SMS, 1, 66, id="when she was asked about the hour that it had before"),
    ],
)
def test_the_keys_of_the_day_answer_the_question_of_the_day_alone(
    asked_at: int, over: Channel, moved: int, now: int
) -> None:
    told("on_my_way", over=over, at=STARTS + timedelta(minutes=asked_at))
    if moved:
        move_to("a-1", hours=moved)
        told("rescheduled", at=STARTS + timedelta(minutes=20))
    assert so("2", now=STARTS + timedelta(minutes=now))[:2] == ("booked", ["left_to_a_person"])


@was_asked
def test_what_was_asked_before_the_day_keeps_its_keys_on_the_day() -> None:
    """Nobody has asked her yet where she is, so 2 would move what has begun: for a person."""
    assert so("2", now=ON_THE_DAY) == ("booked", ["left_to_a_person"], [("received", Channel.SMS)])
    assert opened() == [("unread_reply", ["already_started: 2"])]


@was_asked
def test_the_change_is_hers_and_says_in_which_words() -> None:
    writes("Yes, I'll be there")
    last = visit().history[-1]
    assert (last.what, last.by, last.why) == ("confirmed", "client", "wrote: Yes, I'll be there")


def test_who_cancels_elsewhere_than_they_like_to_be_told_is_told_in_both_places() -> None:
    """By e-mail with the file that takes it out of her calendar, and where she asked."""
    lotus.known(li(Channel.EMAIL))
    lotus.put(an_appointment())
    told("two_days")
    assert so("3") == ("cancelled", ["cancelled"], [("cancelled", Channel.EMAIL), ("cancelled", Channel.SMS)])


@was_asked
def test_cancelling_what_is_cancelled_says_so_again() -> None:
    writes("3")
    writes("cancel please", id="in-2")
    assert done() == ["cancelled", "cancelled_before"]
    assert answers() == [("cancelled", Channel.SMS)] * 2
    assert len(visit().history) == 2


@was_asked
@pytest.mark.parametrize("words", ["1", "2", "yes", "running 10 minutes late"])
def test_anything_else_about_what_is_cancelled_is_for_a_person(words: str) -> None:
    writes("3")
    writes(words, id="in-2")
    assert done()[1] == "left_to_a_person"
    assert answers()[-1] == ("received", Channel.SMS)


@was_asked
def test_confirming_twice_is_thanked_for_twice_and_changes_nothing() -> None:
    writes("1")
    writes("1", id="in-2")
    assert (done(), len(visit().history)) == (["confirmed", "confirmed"], 2)


# Another time


@pytest.mark.parametrize(
    ("words", "zone", "offered"),
    [
        pytest.param("2", SHANGHAI, ["Mon 16:30", "Mon 16:45", "Mon 17:15"], id="no wish: as near as can be"),
        pytest.param(
            "can we do Friday afternoon instead?",
            SHANGHAI,
            ["Fri 14:45", "Fri 15:00", "Fri 15:15"],
            id="a part of a day",
        ),
        pytest.param("明天下午三点可以吗", SHANGHAI, ["Sun 14:45", "Sun 15:00", "Sun 15:15"], id="an hour"),
        pytest.param("改到周四上午可以吗", SHANGHAI, ["Thu 09:45", "Thu 10:00", "Thu 10:15"], id="a morning"),
        pytest.param(
            "can we move it to Tuesday morning?",
            SHANGHAI,
            ["Tue 12:00", "Tue 12:15", "Tue 12:30"],
            id="when Mei is away: the nearest",
        ),
        pytest.param(
            "can we move it to Tuesday evening?",
            NEW_YORK,
            ["Tue 20:00", "Tue 20:15", "Tue 20:30"],
            id="an evening in New York is a morning in Shanghai",
        ),
        pytest.param(
            "can we move it to Thursday evening?",
            NEW_YORK,
            ["Thu 20:00", "Thu 20:15", "Thu 20:30"],
            id="on the day that it is there",
        ),
    ],
)
def test_times_are_offered_as_they_are_wished_and_nothing_moves_by_itself(
    words: str, zone: ZoneInfo, offered: list[str]
) -> None:
    lotus.known(li(tz=zone.key))
    lotus.put(replace(an_appointment(), tz=zone.key))
    told("two_days")
    before = visit()
    assert so(words) == ("booked", ["times_offered 3"], [("move_options", Channel.SMS)])
    (answer,) = [m for m in messages.about("lotus", "a-1") if m.is_owed]
    assert [f"{datetime.fromisoformat(at).astimezone(zone):%a %H:%M}" for at in answer.detail] == offered
    assert visit() == before


@was_asked
@pytest.mark.parametrize(
    ("words", "what", "offered"),
    [
        pytest.param("can we move it to Wednesday?", "times_offered 1", ["Wed 12:00"], id="the one of that day"),
        pytest.param(
            "can we move it to Thursday evening?",
            "times_offered 2",
            ["Thu 17:00", "Thu 17:15"],
            id="of that part",
        ),
    ],
)
def test_where_few_fit_only_those_are_offered(words: str, what: str, offered: list[str]) -> None:
    """Mei has an hour at noon on Wednesday, and goes home early on Thursday."""
    catalog = catalogs.load("lotus")
    mei = catalog.staff["mei"]
    days = {date(2026, 3, 4): (Window(720, 780),), date(2026, 3, 5): (Window(540, 1095),)}
    lotus.store(
        replace(catalog, staff={**catalog.staff, "mei": replace(mei, hours=replace(mei.hours, overrides=days))})
    )
    writes(words)
    (answer,) = [m for m in messages.about("lotus", "a-1") if m.is_owed]
    assert done() == [what]
    assert [f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%a %H:%M}" for at in answer.detail] == offered


@was_asked
def test_none_are_offered_where_nothing_is_free_and_the_page_shows_what_there_is() -> None:
    catalog = catalogs.load("lotus")
    mei = catalog.staff["mei"]
    closed = {NOW.date() + timedelta(days=n): () for n in range(20)}
    lotus.store(
        replace(catalog, staff={**catalog.staff, "mei": replace(mei, hours=replace(mei.hours, overrides=closed))})
    )
    assert so("2") == ("booked", ["times_offered 0"], [("move_options", Channel.SMS)])


@was_asked
def test_a_move_that_would_be_refused_is_not_offered() -> None:
    lotus.put(replace(visit(), reschedules=3))
    writes("2")
    assert opened() == [("unread_reply", ["reschedule_limit: 2"])]


# Late


@was_asked
@pytest.mark.parametrize(
    ("words", "minutes", "waits"),
    [
        pytest.param("running 10 minutes late", -30, 15, id="within the grace"),
        pytest.param("晚到20分钟", -30, 20, id="beyond it"),
        pytest.param("I'll be 20 min late, sorry!", 6, 26, id="said after the start, counts from then"),
        pytest.param("I'll be 45 minutes late", -30, 30, id="no longer than the longest wait"),
        pytest.param("I'm running late", -10, 15, id="no minutes: the usual extension"),
    ],
)
def test_who_is_late_is_waited_for(words: str, minutes: int, waits: int) -> None:
    now = STARTS + timedelta(minutes=minutes)
    assert so(words, now=now) == ("booked", ["waits_for_them"], [("waits", Channel.SMS)])
    assert visit().waits_until == STARTS + timedelta(minutes=waits)


@was_asked
@pytest.mark.parametrize(
    "after", [timedelta(hours=-4), timedelta(hours=1)], ids=["four hours ahead", "when it is over"]
)
def test_late_at_a_time_when_it_cannot_mean_that_is_for_a_person(after: timedelta) -> None:
    assert so("running 10 minutes late", now=STARTS + after)[1] == ["left_to_a_person"]


# A person


@was_asked
@pytest.mark.parametrize(
    ("words", "cause"),
    [
        pytest.param("Do you have parking?", "unread_reply", id="a question"),
        pytest.param("Last time the colour was terrible, I want my money back", "complaint", id="a complaint"),
        pytest.param("我对上次的服务很不满意，要投诉", "complaint", id="and in Chinese"),
        pytest.param("purple monkey dishwasher", "unread_reply", id="nothing anybody understands"),
        pytest.param("don't cancel", "unread_reply", id="a no beside a wish"),
        pytest.param("if it rains, cancel it", "unread_reply", id="a condition"),
        pytest.param("[image]", "unread_reply", id="a picture"),
        pytest.param("", "unread_reply", id="no words at all"),
        pytest.param("?" * 3_000, "unread_reply", id="a great many signs"),
    ],
)
def test_what_a_person_has_to_answer_opens_one_follow_up_and_is_acknowledged(words: str, cause: str) -> None:
    assert so(words) == ("booked", ["left_to_a_person"], [("received", Channel.SMS)])
    assert opened() == [(cause, [words[:500]])]
    (one,) = [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]
    assert (one.assignee, one.client, one.about) == ("mei", "c-1", "a-1")


@was_asked
def test_further_words_are_added_to_it_and_acknowledged_no_more() -> None:
    for n, words in enumerate(["Do you have parking?", "And a lift?", "Hello??"]):
        writes(words, id=f"in-{n}")
    assert opened() == [("unread_reply", ["Do you have parking?", "And a lift?", "Hello??"])]
    assert answers() == [("received", Channel.SMS)]


@was_asked
def test_when_it_was_settled_the_next_words_open_another_and_those_after_them_join_that() -> None:
    for n in range(4):
        writes(f"Question {n}: do you have parking?", id=f"in-{n}")
        if n % 2:
            (one,) = [f for f in _open_ones() if f.status is FollowUpStatus.OPEN]
            follow_ups.put_alone(one.resolve(Change(MEI, NOW)))
    assert [len(event) for _, event in opened()] == [3, 3]
    assert answers() == [("received", Channel.SMS)] * 2


@was_asked
def test_words_that_come_again_after_a_person_settled_them_open_nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        at_write(patched, 3, die)
        with pytest.raises(Killed):
            writes("Do you have parking?")
    (one,) = _open_ones()
    follow_ups.put_alone(one.resolve(Change(MEI, NOW)))
    writes("Do you have parking?")
    assert (len(opened()), done()) == (1, ["left_to_a_person"])


def _open_ones() -> list[Any]:
    return [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]


@was_asked
@pytest.mark.parametrize("words", ["thanks!", "谢谢", "👍 thank you so much"])
def test_thanks_need_nothing(words: str) -> None:
    assert so(words) == ("booked", ["nothing_to_do"], [])
    assert opened() == []


@was_asked
def test_a_very_long_text_is_cut_and_read_by_a_person() -> None:
    assert so("please cancel " * 20_000)[1] == ["left_to_a_person"]
    assert len(received()[0].text) == 4_000
    assert [len(why) for _, whys in opened() for why in whys] == [500]


# Stop and start


@was_asked
@pytest.mark.parametrize(("stop", "start"), [("STOP", "START"), ("退订", "恢复订阅")], ids=["in English", "in Chinese"])
def test_stop_withdraws_every_consent_over_that_channel_and_start_gives_one_back(stop: str, start: str) -> None:
    writes(stop)
    stated = clients.load("lotus", "c-1").consents[-2:]
    assert [(c.purpose, c.channel, c.said) for c in stated] == [
        (purpose, Channel.SMS, ConsentWord.WITHDRAWN) for purpose in (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL)
    ]
    assert {(c.at, c.source, c.words) for c in stated} == {(NOW, "sms reply", stop)}
    assert clients.load("lotus", "c-1").agreed(Purpose.TRANSACTIONAL, Channel.EMAIL)
    writes(start, id="in-2")
    client = clients.load("lotus", "c-1")
    assert client.agreed(Purpose.TRANSACTIONAL, Channel.SMS)
    assert not client.agreed(Purpose.PROMOTIONAL, Channel.SMS)
    assert done() == ["no_more_messages sms", "messages_again sms"]


@was_asked
def test_start_lifts_what_the_carrier_told_us_of_a_stop() -> None:
    stopped = clients.load("lotus", "c-1").stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=NOW)
    clients.put_alone(stopped)
    writes("START")
    assert clients.load("lotus", "c-1").stopped_because(Channel.SMS) is None


class Provider:
    """Takes every text message."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send_text_message(self, **request: Any) -> dict[str, str]:
        self.taken.append(request["MessageBody"])
        return {"MessageId": "p-1"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def sent(now: datetime = NOW) -> list[Message]:
    """What became of all that was owed to the client."""
    owed = [m for m in messages.about("lotus", "a-1") if m.is_owed and m.purpose is not Purpose.STAFF]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        message_sender.handler(records(*((m.business, m.id) for m in owed)), None)
    found = [messages.find(m.business, m.id) for m in owed]
    return [m for m in found if m]


@was_asked
def test_after_stop_a_message_is_not_sent_and_the_ledger_says_why(provider: Provider) -> None:
    writes("STOP")
    lotus.say(to_client(visit(), li(), catalogs.load("lotus").business, "same_day", now=NOW, over=Channel.SMS))
    assert [why(m) for m in sent()] == ["skipped: no_consent sms"]
    assert provider.taken == []


@pytest.mark.parametrize(
    ("locale", "words", "says"),
    [
        pytest.param("en", "1", "confirmed", id="confirmed"),
        pytest.param("en", "can we do Friday afternoon instead?", "Fri, Mar 6, 2:45", id="other times"),
        pytest.param("zh-Hans", "周五下午可以吗", "3月6日周五 14:45", id="other times in Chinese"),
        pytest.param("en", "Do you have parking?", "we got your message", id="received"),
        pytest.param("zh-Hans", "3", "取消", id="cancelled in Chinese"),
    ],
)
def test_the_answer_goes_out_at_once_even_at_night(provider: Provider, locale: str, words: str, says: str) -> None:
    """Whoever writes at eleven is awake."""
    lotus.known(li(locale=locale))
    lotus.put(an_appointment())
    night = NOW + timedelta(hours=7)
    told("two_days")
    writes(words, now=night)
    assert [m.status.value for m in sent(night)] == ["sent"]
    assert says in " ".join(provider.taken[0].split())


# What it is about


def move_to(id: str, hours: int) -> Appointment:
    """By staff, and nobody has told her yet."""
    before = visit(id)
    starts = before.starts + timedelta(hours=hours)
    slot = Slot(starts, starts + timedelta(hours=1), "mei")
    return lotus.put(before.reschedule(slot, Change(MEI, NOW), rules=ChangeRules()))


@was_asked
def test_yes_to_a_time_that_was_changed_meanwhile_is_not_taken_for_the_new_one() -> None:
    move_to("a-1", hours=24)
    assert so("1") == ("booked", ["left_to_a_person"], [("received", Channel.SMS)])
    assert opened() == [("unread_reply", ["outdated: 1"])]


@was_asked
def test_once_she_was_told_of_the_new_one_it_is() -> None:
    move_to("a-1", hours=24)
    told("rescheduled", at=NOW - timedelta(minutes=1))
    assert so("1") == ("confirmed", ["confirmed"], [("confirmed", Channel.SMS)])


@was_asked
def test_a_move_while_her_words_are_being_read_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    at_write(monkeypatch, 1, lambda: move_to("a-1", hours=24))
    assert so("3")[:2] == ("booked", ["left_to_a_person"])


@was_asked
def test_what_was_done_before_a_move_stays_done_when_the_words_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        at_write(patched, 3, die)
        with pytest.raises(Killed):
            writes("1")
    move_to("a-1", hours=24)
    writes("1")
    assert (visit().status, done(), opened()) == (Status.BOOKED, ["confirmed"], [])


def several(first: datetime, second: datetime) -> None:
    """A visit on Monday and one on Wednesday, written of at these times."""
    lotus.known(li())
    lotus.put(an_appointment())
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=2)))
    told("two_days", at=first)
    told("confirmation", "a-2", at=second)


def test_of_several_visits_the_one_last_written_of_is_meant() -> None:
    several(NOW - timedelta(hours=1), NOW - timedelta(minutes=10))
    writes("1")
    assert (visit("a-1").status, visit("a-2").status) == (Status.BOOKED, Status.CONFIRMED)
    assert received()[0].about == "a-2"


def test_when_that_was_long_ago_a_person_asks_which() -> None:
    several(NOW - timedelta(days=9), NOW - timedelta(days=4))
    writes("3")
    assert {visit("a-1").status, visit("a-2").status} == {Status.BOOKED}
    assert opened() == [("enquiry", ["unknown_appointment: 3"])]


def test_the_one_visit_to_come_is_meant_however_long_ago_it_was_written_of() -> None:
    several(NOW - timedelta(days=8), NOW - timedelta(days=9))
    lotus.put(visit("a-2").cancel(Change(MEI, NOW), rules=ChangeRules()))
    writes("1")
    assert visit("a-1").status is Status.CONFIRMED


@was_asked
def test_after_a_visit_that_was_missed_words_are_about_that_one() -> None:
    now = STARTS + timedelta(hours=3)
    lotus.put(visit().mark_no_show(Change(MEI, STARTS + timedelta(minutes=20)), evidence=()))
    told("missed_you", at=STARTS + timedelta(minutes=21))
    writes("so sorry, I was in hospital", now=now)
    assert received()[0].about == "a-1"
    assert visit().status is Status.NO_SHOW


# Who it is


def at_the_garage(at: datetime, *, stage: str = "two_days", invited: bool = False, over: Channel = Channel.SMS) -> None:
    """She has a car as well, and the garage wrote to her at that time."""
    there = replace(li(), business="garage", id="c-9")
    lotus.known(there)
    booked = replace(an_appointment("a-9"), business="garage", service="brakes", client="c-9", tz="America/New_York")
    booked = lotus.put(replace(booked, slot=replace(booked.slot, staff="sam", starts=STARTS + timedelta(hours=7))))
    said = to_client(booked, there, lotus.the_garage().business, stage, now=at, over=over)
    said = replace(said, about="c-9", version=1) if invited else said
    lotus.say(said.claimed(until=at).sent(at=at, provider_id="p"))


@was_asked
@pytest.mark.parametrize(
    ("minutes", "garage", "salon"),
    [
        pytest.param(-40, Status.CONFIRMED, Status.BOOKED, id="the garage wrote last"),
        pytest.param(40, Status.BOOKED, Status.CONFIRMED, id="the salon wrote last"),
    ],
)
def test_of_two_businesses_with_one_number_the_one_that_wrote_last_is_meant(
    minutes: int, garage: Status, salon: Status
) -> None:
    """The salon wrote five minutes ago."""
    at_the_garage(NOW - timedelta(minutes=5 + minutes))
    writes("1", now=NOW + timedelta(minutes=40))
    assert (appointments.load("garage", "a-9").status, visit().status) == (garage, salon)


@was_asked
def test_of_two_that_wrote_within_minutes_both_ask_and_each_is_told_of_its_own_visit() -> None:
    at_the_garage(NOW - timedelta(minutes=1))
    writes("3")
    assert {appointments.load("garage", "a-9").status, visit().status} == {Status.BOOKED}
    found = [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]
    notes = {
        one.business: [short(Reason.read(event.why)) for event in one.history if event.what is What.NOTED]
        for one in found
    }
    assert notes == {
        "lotus": ["could_mean Cut, 2026-03-02 17:00, Li Na"],
        "garage": ["could_mean Brakes, 2026-03-02 11:00, Li Na"],
    }


@was_asked
def test_what_was_written_over_another_channel_does_not_count() -> None:
    at_the_garage(NOW - timedelta(minutes=1), over=Channel.EMAIL)
    writes("1")
    assert (appointments.load("garage", "a-9").status, visit().status) == (Status.BOOKED, Status.CONFIRMED)


@was_asked
def test_stop_to_an_invitation_is_for_all_that_comes_from_that_number() -> None:
    at_the_garage(NOW - timedelta(minutes=1), stage="recall", invited=True)
    writes("STOP")
    for business, id in (("garage", "c-9"), ("lotus", "c-1")):
        last = clients.load(business, id).consents[-1]
        assert (last.said, last.channel) == (ConsentWord.WITHDRAWN, Channel.SMS)


def test_a_business_that_wrote_of_two_visits_long_ago_still_wrote_last() -> None:
    """Then it cannot be told which visit, but it is not the other business's."""
    several(NOW - timedelta(days=9), NOW - timedelta(days=4))
    at_the_garage(NOW - timedelta(days=10))
    writes("3")
    assert appointments.load("garage", "a-9").status is Status.BOOKED
    assert opened() == [("enquiry", ["unknown_appointment: 3"])]


@was_asked
def test_over_its_own_account_only_that_business_is_meant() -> None:
    at_the_garage(NOW - timedelta(minutes=1))
    writes("1", over=Channel.WEBHOOK)
    assert (appointments.load("garage", "a-9").status, visit().status) == (Status.BOOKED, Status.CONFIRMED)


@each_channel
def test_somebody_nobody_knows_becomes_a_prospect_with_an_enquiry(over: Channel) -> None:
    """At the business that answers for the number, which may answer over the same channel."""
    for n in range(2):
        writes(
            "Do you have time on Friday?",
            over=over,
            id=f"in-{n}",
            sender="" if over is Channel.WECHAT else "+8613900009999",
        )
    address = OPEN_ID if over is Channel.WECHAT else "+8613900009999"
    client = clients.by_contact("lotus", address)
    assert client
    assert (client.tier, client.preferred) == ("prospect", over)
    assert client.agreed(Purpose.TRANSACTIONAL, over)
    assert not client.agreed(Purpose.PROMOTIONAL, over)
    assert [(cause, len(whys)) for cause, whys in opened()] == [("enquiry", 2)]
    assert len(received(client.id)) == 2


def test_where_no_business_answers_for_the_number_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "setting", lambda _: "-")
    before = lotus.everything()
    assert writes("Hello?", sender="+8613900009999") == {"batchItemFailures": []}
    assert lotus.everything() == before


def test_somebody_who_books_while_their_words_are_read_is_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two claims of one number: the second finds whose it is."""
    at_write(monkeypatch, 0, lambda: lotus.known(li()))
    assert writes("Do you have parking?") == {"batchItemFailures": []}
    assert len(received()) == 1


# Again, at once, and cut off


Ends = tuple[str, list[str], list[str], list[tuple[str, Channel]], list[tuple[str, list[str]]], int]
KILLED: dict[str, tuple[str, Ends]] = {
    "confirming": ("1", ("confirmed", ["booked", "confirmed"], ["confirmed"], [("confirmed", Channel.SMS)], [], 5)),
    "cancelling": ("3", ("cancelled", ["booked", "cancelled"], ["cancelled"], [("cancelled", Channel.SMS)], [], 5)),
    "moving": ("2", ("booked", ["booked"], ["times_offered 3"], [("move_options", Channel.SMS)], [], 5)),
    "asking": (
        "Parking?",
        ("booked", ["booked"], ["left_to_a_person"], [("received", Channel.SMS)], [("unread_reply", ["Parking?"])], 5),
    ),
    "stopping": (
        "STOP",
        ("booked", ["booked"], ["no_more_messages sms"], [], [("said_stop", ["wrote: STOP"])], 7),
    ),
}
"""What she writes, and how all of it is to end: how her visit stands, with what history, and so on."""
MOST_WRITES = 7


def ends() -> Ends:
    it, consents = visit(), len(clients.load("lotus", "c-1").consents)
    return it.status.value, [event.what for event in it.history], done(), answers(), opened(), consents


each_write = pytest.mark.parametrize("write", range(MOST_WRITES))
each_kind = pytest.mark.parametrize("kind", KILLED)


@was_asked
@each_kind
def test_the_same_words_delivered_again_and_again_are_said_once(kind: str) -> None:
    words, end = KILLED[kind]
    writes(words)
    assert ends() == end
    written = lotus.everything()
    for minutes in (0, 30, 3_000):
        take(brought(words, over=Channel.SMS, id="in-1", now=NOW), now=NOW + timedelta(minutes=minutes))
    assert lotus.everything() == written


@was_asked
@each_kind
@each_write
def test_cut_off_between_any_two_writes_a_repeat_ends_it_the_same(
    monkeypatch: pytest.MonkeyPatch, kind: str, write: int
) -> None:
    """A text message carries no time of its own: when it was first written down is when she wrote."""
    (words, end), later = KILLED[kind], NOW + timedelta(minutes=2)
    with monkeypatch.context() as patched:
        at_write(patched, write, die)
        try:
            writes(words)
        except Killed:
            pass
        else:
            assert write > 2
    writes(words, now=later)
    assert ends() == end
    assert clients.load("lotus", "c-1").wrote_last(Channel.SMS) == (NOW if write else later)


@was_asked
@each_kind
@each_write
def test_delivered_twice_at_once_it_ends_the_same(monkeypatch: pytest.MonkeyPatch, kind: str, write: int) -> None:
    words, end = KILLED[kind]
    at_write(monkeypatch, write, lambda: writes(words))
    assert writes(words) == {"batchItemFailures": []}
    assert ends() == end


@was_asked
def test_two_answers_at_once_leave_one_of_them_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Yes, and before that is written, no: her later word counts, and both are answered."""
    at_write(monkeypatch, 2, lambda: writes("3", id="in-2"))
    writes("1")
    assert visit().status is Status.CANCELLED
    assert sorted(done()) == ["cancelled", "left_to_a_person"]


# What is none of a client's


@was_asked
@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        "3",
        "{}",
        '{"originationNumber": "+8613812345678"}',
        '{"originationNumber": 5, "messageBody": "1", "inboundMessageId": "x"}',
        '{"whatsAppWebhookEntry": "{"}',
        '{"called": "wechat", "business": "lotus", "body": "<xml><MsgType>text</MsgType></xml>"}',
        '{"called": "wechat", "business": "lotus", "body": "<!DOCTYPE a [<!ENTITY b \\"c\\">]><xml/>"}',
        '{"called": "webhook", "business": "lotus", "body": "1"}',
        '{"called": "webhook", "business": "lotus", "body": "{\\"type\\": \\"message.reply\\"}"}',
        "[" * 5_000,
    ],
    ids=lambda body: body[:40],
)
def test_what_no_provider_sends_stays_with_the_queue_and_the_others_are_done(body: str) -> None:
    answer = take(body, brought("1", over=Channel.SMS, id="in-1", now=NOW), now=NOW)
    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == ["0"]
    assert visit().status is Status.CONFIRMED


@was_asked
def test_nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="kept"):
        for over in OVER:
            writes("my secret is parking?", over=over, id=f"in-{over}")
        take('{"originationNumber": "+8613812345678", "messageBody": "my secret"}', now=NOW)
    logged = str([vars(record) for record in caplog.records if record.name.startswith("kept")])
    assert "left_to_a_person" in logged
    for personal in ("secret", "13812345678", OPEN_ID, "Li Na"):
        assert personal not in logged
