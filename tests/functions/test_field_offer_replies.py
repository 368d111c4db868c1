"""A time that is held for who waits, and a delay, answered by one key or in their own words, over a text message."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.actor import Actor, Change
from kept.booking.states import Status
from kept.booking.told_delay import DelayChoice
from kept.business.questions import Question, QuestionKind
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.messaging.message import Message
from kept.reasons import Code
from kept.storage import appointments, catalogs, messages, tables, waitlist
from kept.use_cases.booking import delays
from kept.use_cases.messaging.client_message import ToClient, to_client
from kept.use_cases.waitlist.joining import join
from kept.waitlist.entry import EntryState, OfferAnswer
from tests import lotus
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.functions.answering import PHONE, brought, take
from tests.functions.waitlisting import ANY, NOON, called_off, offer_of, opened, pass_until
from tests.reasons import short

MINUTE = timedelta(minutes=1)
MEI = Actor("staff", "mei")
TAKE = ("1", "Yes please", "好的，谢谢")
PASS = ("2", "no thanks", "不用了")


def ada() -> Client:
    agreed = Consent(Purpose.TRANSACTIONAL, Channel.SMS, NOON - timedelta(days=9), "booking page", "yes")
    return replace(
        a_client(), id="ada", name="Ada", phone=PHONE, email="", consents=(agreed,), locale="en", preferred=Channel.SMS
    )


def sent(message: Message, at: datetime) -> None:
    """By then."""
    lotus.say(message.claimed(until=at).sent(at=at, provider_id="p"))


def told(stage: str, about: str) -> list[Message]:
    return [it for it in messages.about("lotus", about) if it.stage == stage]


@pytest.fixture
def offered() -> str:
    """Ada waits, Li Na's visit is called off, and Ada has read the text message that offers its time: the entry."""
    opened()
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, channels=(Channel.SMS, Channel.EMAIL))))
    catalogs.forget()
    lotus.known(ada())
    entry = join(catalogs.load("lotus"), ada(), ANY, Change(MEI, NOON - timedelta(days=1)))
    called_off()
    pass_until(NOON)
    (message,) = told("time_offered", "ada")
    sent(message, NOON)
    return entry.id


def writes(words: str, after: timedelta = MINUTE, *, id: str = "in-1", at: datetime = NOON) -> Any:
    return take(brought(words, over=Channel.SMS, id=id, now=at + after), now=at + after)


def done(client: str = "ada") -> list[str]:
    return [short(one.done).split(" ")[0] if one.done else "" for one in lotus.written(client, "lotus")]


def matters() -> int:
    return sum(1 for _ in tables.FollowUpItem.scan())


@pytest.mark.parametrize("words", TAKE)
def test_taken(offered: str, words: str) -> None:
    """The booking, in one write with the answer; its confirmation is the answer they read."""
    writes(words)
    entry = waitlist.load("lotus", offered)
    visit = appointments.load("lotus", entry.booked)
    assert (entry.state, visit.status, visit.starts, visit.client) == (EntryState.BOOKED, Status.BOOKED, STARTS, "ada")
    assert (done(), matters()) == ([Code.OFFER_TAKEN], 0)
    assert len(told("confirmation", visit.id)) == 1


def test_taken_twice_is_taken_once(offered: str) -> None:
    """The same words brought again, and a second yes."""
    writes("1")
    writes("1")
    writes("yes", 2 * MINUTE, id="in-2")
    assert len(list(appointments.of_client("lotus", ["ada"], since=NOON - timedelta(days=9)))) == 1
    assert EntryState.BOOKED is waitlist.load("lotus", offered).state


@pytest.mark.parametrize("words", PASS)
def test_let_pass(offered: str, words: str) -> None:
    """The next is asked; they wait on, and nobody is bothered."""
    writes(words)
    entry = waitlist.load("lotus", offered)
    assert (entry.state, entry.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.DECLINED)
    assert (done(), matters()) == ([Code.OFFER_DECLINED], 0)


@pytest.mark.parametrize("words", TAKE)
def test_too_late(offered: str, words: str) -> None:
    """They hear that it is gone, once, and that they keep their place; nothing is booked."""
    pass_until(NOON + timedelta(hours=1))
    writes(words, timedelta(hours=1))
    writes(words, timedelta(hours=1, minutes=1), id="in-2")
    assert waitlist.load("lotus", offered).state is EntryState.WAITING
    assert (len(told("time_gone", "ada")), done(), matters()) == (1, [Code.OFFER_ENDED, Code.OFFER_ENDED], 0)


@pytest.mark.usefixtures("offered")
def test_no_after_its_end_is_no_more() -> None:
    pass_until(NOON + timedelta(hours=1))
    writes("no", timedelta(hours=1))
    assert (told("time_gone", "ada"), done(), matters()) == ([], [Code.OFFER_DECLINED], 0)


@pytest.mark.parametrize("words", ["who is it with?", "maybe", "is 5pm possible?", "3"])
def test_what_is_not_sure_is_for_a_person(offered: str, words: str) -> None:
    """And the offer runs on."""
    writes(words)
    assert (offer_of(offered) is not None, matters()) == (True, 1)


def test_a_word_that_may_mean_their_visit(offered: str) -> None:
    """ "Cannot make it" from somebody who has a visit to come: a person asks which they mean."""
    lotus.put(replace(an_appointment("a-9", starts=STARTS + timedelta(days=1)), client="ada"))
    writes("cannot make it")
    assert (offer_of(offered) is not None, matters()) == (True, 1)
    assert appointments.load("lotus", "a-9").status is Status.BOOKED


def test_a_word_that_can_only_mean_the_offer(offered: str) -> None:
    writes("cannot make it")
    assert (offer_of(offered), done(), matters()) == (None, [Code.OFFER_DECLINED], 0)


@pytest.mark.usefixtures("offered")
def test_the_text_says_the_keys() -> None:
    (message,) = told("time_offered", "ada")
    assert text(message, NOON).endswith("Reply 1 yes, 2 no, STOP")


def text(message: Message, at: datetime) -> str:
    about = to_client(message, catalogs.load("lotus"), now=at)
    assert isinstance(about, ToClient)
    return about.parcel(now=at).rendered.text


@pytest.fixture
def late() -> datetime:
    """Ada's visit at 17:00 is told to begin 30 minutes late; an hour before: when she read it."""
    opened()
    salon = lotus.the_salon()
    business = replace(salon.business, channels=(Channel.SMS, Channel.EMAIL), attendance=CHECKS_IN)
    lotus.store(replace(salon, business=business))
    catalogs.forget()
    lotus.known(ada())
    lotus.put(replace(an_appointment("a-5", starts=STARTS + timedelta(hours=1)), client="ada"))
    at = STARTS - timedelta(minutes=30)
    delays.announce(catalogs.load("lotus"), "mei", 30, Change(MEI, at))
    (message,) = told("running_late", "a-5")
    sent(message, at)
    assert "Reply 1 wait, 2 move, 3 cancel" in text(message, at)
    return at


@pytest.mark.parametrize("words", ["1", "ok I'll wait", "等"])
def test_a_delay_is_waited_for(late: datetime, words: str) -> None:
    writes(words, at=late)
    visit = appointments.load("lotus", "a-5")
    assert visit.told_delay
    assert visit.told_delay.choice is DelayChoice.WAIT
    assert (done(), matters(), len(told("confirmed", "a-5"))) == ([Code.WAITS_FOR_US], 0, 1)


@pytest.mark.parametrize("words", ["2", "can I come later", "晚点来"])
def test_later_times_of_the_day_come_first(late: datetime, words: str) -> None:
    writes(words, at=late)
    (message,) = told("move_options", "a-5")
    times = [datetime.fromisoformat(at) for at in message.detail]
    assert times
    assert all(STARTS + timedelta(minutes=90) <= at < STARTS + timedelta(hours=4) for at in times)
    assert (done(), matters()) == ([Code.TIMES_OFFERED], 0)


def test_a_delay_is_cancelled_for_nothing(late: datetime) -> None:
    writes("3", at=late)
    visit = appointments.load("lotus", "a-5")
    assert (visit.status, visit.late) == (Status.CANCELLED, False)


@pytest.mark.parametrize("words", TAKE)
def test_what_must_be_answered_is_asked_when_they_come(offered: str, words: str) -> None:
    """An offer runs for minutes, and neither a text message nor the page of it asks the service's questions."""
    salon = catalogs.load("lotus")
    must = Question("allergies", "Any allergies?", QuestionKind.TEXT, required=True)
    lotus.store(replace(salon, services={**salon.services, "cut": replace(salon.services["cut"], questions=(must,))}))
    catalogs.forget()
    writes(words)
    assert appointments.load("lotus", waitlist.load("lotus", offered).booked).answers == ()
