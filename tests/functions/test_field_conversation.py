"""A reply does something to the visit that was written of, or to none; what no person wrote does nothing; STOP comes
first and holds for everything from that number. Each situation, with what becomes of every visit.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import message_sender
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.follow_up.events import What
from kept.messaging.message import Delivery, Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, Reason, is_because
from kept.storage import appointments, catalogs, clients, follow_ups, left_alone, messages, tables
from kept.storage.transaction import together
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.answering import OPEN_ID, PHONE, a_gateway_call, a_text, a_whatsapp, call, take, waiting
from tests.functions.answering import by_gateway as signed_by_gateway
from tests.functions.test_inbound_message import Provider
from tests.reasons import outcome, why
from tests.stopping import records

NOW = STARTS - timedelta(hours=30)
MEI = Actor("staff", "mei")
OVER = (Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK)
CAR = "+12025550147"
NEW = "+8613500135000"
"""Of nobody that we know."""


def person(id: str = "c-1", *, name: str = "Li Na", phone: str | None = PHONE, business: str = "lotus") -> Client:
    agreed = tuple(Consent(Purpose.TRANSACTIONAL, c, STARTS - timedelta(days=40), "page", "yes") for c in OVER)
    new = replace(a_client(), business=business, id=id, name=name, phone=phone, email=None, consents=agreed)
    return replace(new, preferred=Channel.SMS, locale="en", wechat=OPEN_ID if id == "c-1" else None)


@pytest.fixture(autouse=True)
def _open() -> None:
    stage()


def stage() -> None:
    """Li Na's visit on Monday, the one next month, one with the garage; and her mother's, on the same number."""
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, channels=(*OVER, Channel.EMAIL))))
    lotus.store(lotus.the_garage())
    lotus.known(person())
    lotus.known(person("c-2", name="Li Hua", phone="+8613800138000"))
    lotus.known(person("c-9", business="garage"))
    for id, days in (("monday", 0), ("next", 28)):
        lotus.put(of(an_appointment(id, starts=STARTS + timedelta(days=days))))
    mothers = of(an_appointment("mother", starts=STARTS + timedelta(hours=2)))
    lotus.put(replace(mothers, client="c-2", booked_as=BookedAs("Li Hua", "en", phone=PHONE, agreed=OVER)))
    with together() as transaction:
        known = clients.load("lotus", "c-2")
        clients.put_typed(known, PHONE, until=STARTS + timedelta(days=60), transaction=transaction)
    car = of(an_appointment("car", starts=STARTS + timedelta(hours=7)))
    lotus.put(replace(car, business="garage", service="brakes", client="c-9", slot=replace(car.slot, staff="sam")))


def of(visit: Appointment) -> Appointment:
    return replace(visit, history=tuple(replace(line, at=STARTS - timedelta(days=40)) for line in visit.history))


def visit(id: str) -> Appointment:
    return appointments.load("garage" if id == "car" else "lotus", id)


def told(
    id: str, stage: str = "two_days", *, hours: float = 1, over: Channel = Channel.SMS, name: str = "", **how: Any
) -> Message:
    """We said so so long before NOW."""
    it, at = visit(id), NOW - timedelta(hours=hours)
    who = clients.load(it.business, it.client)
    said = to_client(it, who, catalogs.load(it.business).business, stage, now=at, over=over)
    sent = said.claimed(until=at).sent(at=at, provider_id=name or f"p-{id}-{stage}")
    lotus.say(replace(sent, **how))
    return sent


def invited(*, hours: float = 1, stage: str = "recall") -> None:
    at = NOW - timedelta(hours=hours)
    said = replace(told("next", hours=900), about="c-1", version=1, stage=stage, sent_at=at, created_at=at, revision=0)
    lotus.say(said)


def sms(words: str, *, id: str = "in-1", now: datetime = NOW, sender: str = PHONE, **more: str) -> None:
    body = json.dumps(json.loads(a_text(words, id, sender)) | more)
    assert take(body, now=now) == {"batchItemFailures": []}


def whatsapp(*said: dict[str, Any], now: datetime = NOW, statuses: tuple[Any, ...] = ()) -> Any:
    value = {"messages": list(said), "statuses": list(statuses)}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return take(json.dumps({"whatsAppWebhookEntry": json.dumps(entry)}), now=now)


def wa(words: str, *, id: str = "in-1", at: datetime = NOW, answers: str = "", **more: Any) -> dict[str, Any]:
    said = {"from": PHONE[1:], "id": id, "timestamp": str(int(at.timestamp())), "type": "text", "text": {"body": words}}
    return said | ({"context": {"from": "1", "id": answers}} if answers else {}) | more


def gateway(words: str, *, id: str = "in-1", at: datetime = NOW, now: datetime = NOW, **data: Any) -> None:
    said = json.loads(a_gateway_call(words, id, at))
    body = json.dumps({**said, "data": {**said["data"], **data}})
    assert call("POST /v1/inbound/webhook/lotus", body, now=now, headers=signed_by_gateway(body, now)).status == 200
    assert take(*waiting(), now=now) == {"batchItemFailures": []}


def became() -> dict[str, str]:
    """The visits to which something has happened."""
    found = {id: visit(id) for id in ("monday", "next", "mother", "car")}
    return {id: it.status.value for id, it in found.items() if it.status != "booked"}


def asked() -> list[str]:
    """Why each business's people were asked, and what could be meant."""
    found = [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]
    told = (What.OPENED, What.CLIENT_WROTE, What.NOTED)
    return sorted(f"{one.business} {_meant(line.why)}" for one in found for line in one.history if line.what in told)


def _meant(why: str) -> str:
    reason = Reason.read(why)
    return f"could mean: {dict(reason.facts)['visits']}" if is_because(reason, Code.COULD_MEAN) else why


def by_staff(id: str, *, hours: float = 0.5) -> None:
    lotus.put(visit(id).cancel(Change(MEI, NOW - timedelta(hours=hours)), rules=ChangeRules()))


def missed(id: str) -> None:
    lotus.put(visit(id).mark_no_show(Change(MEI, NOW - timedelta(hours=2)), evidence=()))


def earlier(id: str = "monday") -> None:
    """It was yesterday."""
    it = visit(id)
    past = replace(it.slot, starts=NOW - timedelta(hours=25), ends=NOW - timedelta(hours=24))
    lotus.put(replace(it, slot=past))


def three_twice() -> None:
    told("next", "confirmation", hours=200), told("monday")
    sms("3")
    sms("3", id="in-2", now=NOW + timedelta(minutes=1))


def three_twice_and_told_between() -> None:
    told("next", "confirmation", hours=200), told("monday")
    sms("3")
    (answer,) = [one for one in messages.about("lotus", "monday") if one.stage == "cancelled"]
    messages.put_alone(answer.claimed(until=NOW).sent(at=NOW + timedelta(seconds=5), provider_id="p"))
    sms("3", id="in-2", now=NOW + timedelta(minutes=1))


def ok_cancel_it_then() -> None:
    told("next", "confirmation", hours=200), told("monday", hours=40)
    by_staff("monday")
    told("monday", "cancelled", hours=0.5)
    sms("ok cancel it then")


def sorry_after_the_miss() -> None:
    told("next", "confirmation", hours=200), told("monday", hours=40)
    missed("monday")
    told("monday", "missed_you", hours=2)
    sms("sorry, could not make it")


def cancel_after_the_visit() -> None:
    told("next", "confirmation", hours=200), told("monday", hours=40)
    earlier()
    sms("cancel")


def yes_to_what_is_missed() -> None:
    told("next", "confirmation", hours=200), told("monday", hours=40)
    missed("monday")
    told("monday", "missed_you", hours=2)
    sms("yes")


def three_to_a_message_that_failed() -> None:
    told("monday", hours=20), told("next", hours=1, delivery=Delivery.FAILED)
    sms("3")


def three_before_the_next_was_sent() -> None:
    told("monday", hours=20, over=Channel.WHATSAPP), told("next", hours=1, over=Channel.WHATSAPP)
    whatsapp(wa("3", at=NOW - timedelta(hours=2)))


def three_before_the_next_was_delivered() -> None:
    arrives = NOW - timedelta(minutes=10)
    told("monday", hours=20, over=Channel.WHATSAPP)
    told("next", hours=1, over=Channel.WHATSAPP, delivery=Delivery.DELIVERED, delivered_at=arrives)
    whatsapp(wa("3", at=NOW - timedelta(minutes=20)))


def three_by_text_that_aws_took_before() -> None:
    told("monday", hours=20, name="first"), told("next", hours=1, name="second")
    sms("3", previousPublishedMessageId="first")


def one_to_the_named() -> None:
    told("monday", hours=20, over=Channel.WHATSAPP, name="w1"), told("next", over=Channel.WHATSAPP, name="w2")
    whatsapp(wa("1", answers="w1"))


def a_button_of_the_named() -> None:
    told("monday", hours=20, over=Channel.WHATSAPP, name="w1"), told("next", over=Channel.WHATSAPP, name="w2")
    whatsapp(wa("", answers="w1", type="button", button={"payload": "1", "text": "Confirm"}))


def one_to_a_gateway_s_named() -> None:
    first = told("monday", hours=20, over=Channel.WEBHOOK)
    told("next", over=Channel.WEBHOOK)
    gateway("1", in_reply_to=first.id)


def one_to_what_nobody_knows() -> None:
    told("monday", over=Channel.WHATSAPP, name="w1")
    whatsapp(wa("3", answers="somebody else's"))


def three_to_two_at_once() -> None:
    told("monday"), told("next")
    sms("3")


def three_to_mother_and_daughter() -> None:
    told("monday"), told("mother")
    sms("3")


def one_to_the_mother_s() -> None:
    told("monday", hours=20), told("mother")
    sms("1")


def three_to_two_businesses() -> None:
    told("monday"), told("car")
    sms("3")


def three_to_the_garage() -> None:
    told("monday", hours=20), told("car")
    sms("3")


def cancel_to_an_invitation() -> None:
    told("next", "confirmation", hours=200)
    invited()
    sms("yes")


def nothing_was_ever_said() -> None:
    sms("3")


def said_by_mail_alone() -> None:
    told("monday", over=Channel.EMAIL)
    sms("cancel")


def moved_since() -> None:
    told("monday")
    it = visit("monday")
    later = replace(it.slot, starts=it.starts + timedelta(hours=1), ends=it.ends + timedelta(hours=1))
    lotus.put(it.reschedule(later, Change(MEI, NOW - timedelta(minutes=1)), rules=ChangeRules()))
    sms("3")


def confirmed_since_they_wrote() -> None:
    told("monday", hours=20, over=Channel.WHATSAPP)
    lotus.put(visit("monday").confirm(Change(CLIENT, NOW - timedelta(minutes=5))))
    whatsapp(wa("3", at=NOW - timedelta(minutes=10)))


def two_days_old() -> None:
    told("monday", hours=60, over=Channel.WHATSAPP)
    whatsapp(wa("3", at=NOW - timedelta(days=2)))


def of_2020() -> None:
    told("monday", over=Channel.WEBHOOK)
    gateway("3", at=datetime(2020, 1, 1, tzinfo=UTC))


def old_in_the_queue() -> None:
    told("monday", hours=60)
    event = records(a_text("3", "in-1"))
    sent = int((NOW - timedelta(days=2)).timestamp() * 1000)
    event["Records"][0]["attributes"] = {"SentTimestamp": str(sent)}
    run(event)


def old_in_its_envelope() -> None:
    told("monday", hours=60)
    stamp = (NOW - timedelta(days=2)).isoformat().replace("+00:00", "Z")
    take(json.dumps({"Type": "Notification", "Message": a_text("3", "in-1"), "Timestamp": stamp}), now=NOW)


def from_the_future() -> None:
    told("monday", over=Channel.WEBHOOK)
    gateway("3", at=NOW + timedelta(days=900))


def run(event: dict[str, Any], now: datetime = NOW) -> None:
    import inbound_message

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        assert inbound_message.handler(event, None) == {"batchItemFailures": []}


def a_reaction() -> None:
    told("monday", over=Channel.WHATSAPP, name="w1")
    whatsapp(wa("", type="reaction", reaction={"message_id": "w1", "emoji": "👍"}))


def a_reaction_taken_back() -> None:
    told("monday", over=Channel.WHATSAPP, name="w1")
    whatsapp(wa("", type="reaction", reaction={"message_id": "w1", "emoji": ""}))


def of_kind(kind: str, **inner: Any) -> Callable[[], None]:
    def happens() -> None:
        told("monday", over=Channel.WHATSAPP, name="w1")
        whatsapp(wa("3", type=kind, **dict[str, Any]({kind: inner})))

    return happens


LI = "Cut, 2026-03-02 17:00, Li Na"
NEXT = "Cut, 2026-03-30 17:00, Li Na"
HUA = "Cut, 2026-03-02 19:00, Li Hua"
EVERYTHING = [
    pytest.param(three_twice, {"monday": "cancelled"}, ["lotus move_not_allowed: 3"], id="3 twice"),
    pytest.param(
        three_twice_and_told_between, {"monday": "cancelled"}, ["lotus move_not_allowed: 3"], id="3, told so, and 3"
    ),
    pytest.param(
        ok_cancel_it_then, {"monday": "cancelled"}, ["lotus move_not_allowed: ok cancel it then"], id="staff were first"
    ),
    pytest.param(sorry_after_the_miss, {"monday": "no_show"}, None, id="sorry, after it was missed"),
    pytest.param(yes_to_what_is_missed, {"monday": "no_show"}, ["lotus move_not_allowed: yes"], id="yes, to the miss"),
    pytest.param(cancel_after_the_visit, {}, None, id="cancel, the day after"),
    pytest.param(three_to_a_message_that_failed, {"monday": "cancelled"}, [], id="the last one failed"),
    pytest.param(three_before_the_next_was_sent, {"monday": "cancelled"}, [], id="written before the last was sent"),
    pytest.param(three_before_the_next_was_delivered, {"monday": "cancelled"}, [], id="or before it was delivered"),
    pytest.param(three_by_text_that_aws_took_before, {"monday": "cancelled"}, [], id="as AWS knew by then"),
    pytest.param(one_to_the_named, {"monday": "confirmed"}, [], id="the message it quotes"),
    pytest.param(a_button_of_the_named, {"monday": "confirmed"}, [], id="the message whose button it is"),
    pytest.param(one_to_a_gateway_s_named, {"monday": "confirmed"}, [], id="the message that a gateway names"),
    pytest.param(one_to_what_nobody_knows, {}, [f"could mean: {LI}"], id="a message that is not ours"),
    pytest.param(three_to_two_at_once, {}, [f"could mean: {LI}; {NEXT}"], id="two written of at once"),
    pytest.param(three_to_mother_and_daughter, {}, [f"could mean: {LI}; {HUA}"], id="two of a family at once"),
    pytest.param(one_to_the_mother_s, {"mother": "confirmed"}, [], id="the last one was her mother's"),
    pytest.param(three_to_two_businesses, {}, [f"could mean: {LI}", "could mean: Brakes"], id="two businesses at once"),
    pytest.param(three_to_the_garage, {"car": "cancelled"}, [], id="the garage wrote last"),
    pytest.param(cancel_to_an_invitation, {}, ["lotus unknown_appointment: yes"], id="an invitation came last"),
    pytest.param(nothing_was_ever_said, {}, None, id="nothing was ever said to that number"),
    pytest.param(said_by_mail_alone, {}, None, id="it was said by mail alone"),
    pytest.param(moved_since, {}, ["lotus outdated: 3"], id="moved since they were told"),
    pytest.param(
        confirmed_since_they_wrote, {"monday": "confirmed"}, ["lotus stale_reply: 3"], id="confirmed since they wrote"
    ),
    pytest.param(two_days_old, {}, ["lotus stale_reply: 3"], id="two days old"),
    pytest.param(of_2020, {}, None, id="of 2020, and signed today"),
    pytest.param(old_in_the_queue, {}, ["lotus stale_reply: 3"], id="two days among the dead letters"),
    pytest.param(old_in_its_envelope, {}, ["lotus stale_reply: 3"], id="and put back, as the topic's envelope says"),
    pytest.param(from_the_future, {"monday": "cancelled"}, [], id="by a clock that is wrong"),
    pytest.param(a_reaction, {}, [], id="a thumb"),
    pytest.param(a_reaction_taken_back, {}, [], id="a thumb taken back"),
    *(
        pytest.param(of_kind(kind, **inner), {}, [], id=kind)
        for kind, inner in (
            ("system", {"body": "User A changed from 1 to 2", "type": "user_changed_number"}),
            ("unsupported", {}),
            ("request_welcome", {}),
            ("edit", {"message_id": "w0"}),
            ("revoke", {"message_id": "w0"}),
            ("ephemeral", {}),
        )
    ),
]


@pytest.mark.parametrize(("happens", "visits", "why"), EVERYTHING)
def test_what_a_reply_does_to_every_visit(
    happens: Callable[[], None], visits: dict[str, str], why: list[str] | None
) -> None:
    """`why`: what stands in the follow-up, [] where there is to be none, None where there is to be one."""
    happens()
    assert became() == visits
    if not why:
        assert bool(asked()) is (why is None)
    for words in why or ():
        assert any(words in line for line in asked())


def test_what_no_person_wrote_stands_in_the_conversation() -> None:
    a_reaction()
    assert [(one.text, one.intent.value, str(one.done)) for one in lotus.written("c-1")] == [
        ("👍", "automatic", "nothing_to_do")
    ]


# Stop

STOPS = ["STOP", "stop", "Stop.", "UNSUBSCRIBE", "退订"]


def agreed(business: str, id: str, over: Channel = Channel.SMS) -> bool:
    return clients.load(business, id).agreed(Purpose.TRANSACTIONAL, over)


@pytest.mark.parametrize("words", STOPS)
def test_stop_is_for_every_business_that_writes_from_the_number(words: str) -> None:
    told("monday"), told("car", hours=20)
    sms(words)
    assert not agreed("lotus", "c-1")
    assert not agreed("lotus", "c-2")
    assert not agreed("garage", "c-9")
    assert left_alone.is_left_alone("anybody", Channel.SMS, PHONE)
    assert (agreed("lotus", "c-1", Channel.WHATSAPP), became()) == (True, {})


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [
        pytest.param("yes I'll come but stop texting me", True, id="and a yes"),
        pytest.param("cancel friday and stop texting me", True, id="and a cancellation"),
        pytest.param("别再发短信了，多少钱", True, id="and a question"),
        pytest.param("stop texting me please", False, id="and nothing else"),
        pytest.param("STOP", False, id="the word alone"),
    ],
)
def test_what_is_said_beside_a_stop_is_for_a_person(words: str, is_asked: bool) -> None:
    """They are left alone first; nothing happens to the visit, and one person is asked, also when it comes twice. Each
    visit within the week is called about, at whichever business."""
    told("monday")
    for _ in range(2):
        sms(words)
    assert not agreed("lotus", "c-1")
    assert became() == {}
    calls = [f"{business} wrote: {words}" for business in ("garage", "lotus", "lotus")]
    assert asked() == sorted([*calls, *([f"lotus {words}"] if is_asked else [])])


def days_old() -> None:
    event = records(a_text("STOP", "in-1"))
    event["Records"][0]["attributes"] = {"SentTimestamp": str(int((NOW - timedelta(days=9)).timestamp() * 1000))}
    run(event)


@pytest.mark.parametrize(
    ("happens", "over"),
    [
        pytest.param(days_old, Channel.SMS, id="nine days old"),
        pytest.param(lambda: sms("STOP", sender="tel:+86 138 1234 5678"), Channel.SMS, id="as a tel: address"),
        pytest.param(lambda: whatsapp(wa("STOP")), Channel.WHATSAPP, id="over WhatsApp"),
        pytest.param(lambda: whatsapp(wa("STOP", answers="w9")), Channel.WHATSAPP, id="to what nobody knows"),
        pytest.param(
            lambda: gateway("STOP", **dict[str, Any]({"from": "8613812345678"})), Channel.WEBHOOK, id="over the gateway"
        ),
        pytest.param(
            lambda: gateway("STOP", at=datetime(2020, 1, 1, tzinfo=UTC)), Channel.WEBHOOK, id="of 2020, by the gateway"
        ),
    ],
)
def test_stop_always_stops(happens: Callable[[], None], over: Channel) -> None:
    happens()
    assert not agreed("lotus", "c-1", over)
    assert left_alone.is_left_alone("lotus", over, PHONE)


def test_over_its_own_gateway_it_is_for_that_business_alone() -> None:
    gateway("STOP")
    assert not left_alone.is_left_alone("garage", Channel.WEBHOOK, PHONE)
    assert agreed("garage", "c-9", Channel.WEBHOOK)


def test_who_is_no_client_is_left_alone_without_becoming_one_and_is_not_texted_when_they_book_later() -> None:
    before = tables.ClientItem.count()
    sms("STOP", sender=NEW)
    assert tables.ClientItem.count() == before + 1
    lotus.known(person("c-3", phone=NEW))
    lotus.put(replace(of(an_appointment("later", starts=STARTS + timedelta(days=3))), client="c-3"))
    assert sent("later") == "suppressed: stop_from_number"
    sms("START", sender=NEW, id="in-2", now=NOW + timedelta(minutes=1))
    assert sent("later", "same_day") == "sent"


def sent(id: str, stage: str = "two_days") -> str:
    """What becomes of a text about this visit that is due now."""
    it = appointments.load("lotus", id)
    who, provider = clients.load("lotus", it.client), Provider()
    owed = to_client(it, who, catalogs.load("lotus").business, stage, now=NOW, over=Channel.SMS)
    lotus.say(owed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOW + timedelta(minutes=2))
        patched.setattr(provider_clients, "aws", lambda _, **__: provider)
        message_sender.handler(records(("lotus", owed.id)), None)
    found = messages.find("lotus", owed.id)
    assert found
    return outcome(found)


def test_a_stop_that_comes_again_after_a_start_does_not_stop_again() -> None:
    sms("STOP")
    sms("START", id="in-2", now=NOW + timedelta(minutes=5))
    sms("STOP", now=NOW + timedelta(hours=5))
    assert agreed("lotus", "c-1")
    assert not left_alone.is_left_alone("lotus", Channel.SMS, PHONE)


def test_a_start_from_before_the_stop_does_not_start() -> None:
    whatsapp(wa("STOP", at=NOW))
    whatsapp(wa("START", id="in-2", at=NOW - timedelta(minutes=5)), now=NOW + timedelta(minutes=1))
    assert left_alone.is_left_alone("lotus", Channel.WHATSAPP, PHONE)


def test_start_gives_no_business_what_it_was_never_given() -> None:
    lotus.known(replace(person("c-4", business="garage", phone=CAR), consents=()))
    sms("START", sender=CAR)
    assert not agreed("garage", "c-4")


@pytest.mark.parametrize(
    ("locale", "words", "named"),
    [
        pytest.param("en", "CANCEL", "STOP to end", id="the carriers' word"),
        pytest.param("zh-Hans", "cancel", "退订回TD", id="in their language"),
        pytest.param("en", "3", "STOP to end", id="and a key"),
    ],
)
def test_where_cancel_cancelled_the_answer_names_stop(locale: str, words: str, named: str) -> None:
    """Carriers take CANCEL for a wish to be left alone: whoever meant that is told how to say it."""
    clients.put_alone(replace(clients.load("lotus", "c-1"), locale=locale))
    told("monday")
    sms(words)
    assert became() == {"monday": "cancelled"}
    (answer,) = [one for one in messages.about("lotus", "monday") if one.stage == "cancelled"]
    provider = Provider()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOW)
        patched.setattr(provider_clients, "aws", lambda _, **__: provider)
        message_sender.handler(records(("lotus", answer.id)), None)
    assert named in provider.taken[0]


# Robots


def test_a_robot_that_says_yes_to_everything_is_answered_three_times_an_hour() -> None:
    told("monday")
    for n in range(8):
        sms("yes", id=f"in-{n}", now=NOW + timedelta(minutes=n))
    answers = [one for one in messages.about("lotus", "monday") if one.stage == "confirmed"]
    unsent = [why(one) for one in answers if not one.is_owed]
    assert (len(answers) - len(unsent), set(unsent)) == (3, {"skipped: answered_enough 3"})
    assert asked() == ["lotus answered_enough: yes"]
    sms("yes", id="in-9", now=NOW + timedelta(minutes=75))
    assert len([one for one in messages.about("lotus", "monday") if one.is_owed and one.stage == "confirmed"]) == 4


def test_over_all_kinds_of_answers() -> None:
    told("monday")
    for n, words in enumerate(("1", "2", "Do you have parking?", "3")):
        sms(words, id=f"in-{n}", now=NOW + timedelta(seconds=n))
    found = [one for one in messages.about("lotus", "monday") if one.stage != "two_days"]
    assert sorted((one.stage, one.is_owed) for one in found if one.purpose is not Purpose.STAFF) == [
        ("cancelled", False),
        ("confirmed", True),
        ("move_options", True),
        ("received", True),
    ]
    assert became() == {"monday": "cancelled"}


def test_what_is_answered_elsewhere_does_not_count() -> None:
    told("monday"), told("monday", over=Channel.WHATSAPP)
    for n in range(4):
        sms("yes", id=f"in-{n}", now=NOW + timedelta(seconds=n))
    whatsapp(wa("yes", id="in-9", at=NOW + timedelta(seconds=9)), now=NOW + timedelta(seconds=10))
    over = [one.channel for one in messages.about("lotus", "monday") if one.stage == "confirmed" and one.is_owed]
    assert sorted(over) == [Channel.SMS] * 3 + [Channel.WHATSAPP]


# Who writes


@pytest.mark.parametrize(
    "sender",
    ["95588", "12345", "262626", "10086", "AMAZON", "VERIFY", "Google", "中国移动", "", "+1", "InfoSMS", "32665"],
)
def test_short_codes_and_names_without_a_number_are_no_clients(sender: str) -> None:
    before = lotus.everything()
    sms("Your code is 123456", sender=sender)
    sms("3", sender=sender, id="in-2")
    assert lotus.everything() == before


@pytest.mark.parametrize(
    "sender", ["8613812345678", "+86 138 1234 5678", "tel:+86-138-1234-5678", "13812345678", "0086 13812345678"]
)
def test_a_number_is_the_same_however_a_gateway_writes_it(sender: str) -> None:
    told("monday", over=Channel.WEBHOOK)
    gateway("1", **dict[str, Any]({"from": sender}))
    assert became() == {"monday": "confirmed"}


@pytest.mark.parametrize(
    ("stored", "sender"),
    [
        pytest.param("+5511987654321", "551187654321", id="Brazil, without its nine"),
        pytest.param("+525512345678", "5215512345678", id="Mexico, with its one"),
        pytest.param("+5491123456789", "541123456789", id="Argentina, without its nine"),
    ],
)
def test_old_and_new_forms_of_a_number_are_one(stored: str, sender: str) -> None:
    lotus.known(person("c-5", phone=stored))
    lotus.put(replace(of(an_appointment("hers", starts=STARTS + timedelta(days=1))), client="c-5"))
    told("hers", over=Channel.WHATSAPP)
    whatsapp(wa("1", **dict[str, Any]({"from": sender})))
    assert appointments.load("lotus", "hers").status == "confirmed"


def test_somebody_behind_a_user_id_is_kept_as_they_are_and_asked_about() -> None:
    who = {"from_user_id": "CN.13491208655302741918"}
    for n in range(2):
        said = wa("Do you have time on Friday?", id=f"in-{n}") | who
        del said["from"]
        assert whatsapp(said) == {"batchItemFailures": []}
    assert len(asked()) == 2
    assert [one for one in tables.ClientItem.scan() if "CN.13491208655302741918" in one.body]


# One bad one among others


def test_each_message_of_an_entry_stands_for_itself() -> None:
    told("monday", over=Channel.WHATSAPP, name="w1")
    bad = {"id": "in-0", "timestamp": "soon", "type": "text", "text": {"body": "3"}}
    receipt = {
        "id": "w9",
        "status": "delivered",
        "timestamp": str(int(NOW.timestamp())),
        "biz_opaque_callback_data": "lotus/monday#v1#two_days#whatsapp",
    }
    broken = {"id": "w8", "status": "delivered", "biz_opaque_callback_data": "lotus/monday#v1#two_days#whatsapp"}
    assert whatsapp(bad, wa("1", id="in-2"), statuses=(broken, receipt)) == {"batchItemFailures": []}
    assert became() == {"monday": "confirmed"}
    found = messages.find("lotus", "monday#v1#two_days#whatsapp")
    assert found
    assert (found.delivery, found.provider_id) == (Delivery.DELIVERED, "w9")
    alone = waiting()
    assert len(alone) == 2
    assert all(take(one, now=NOW)["batchItemFailures"] for one in alone)


def test_a_reply_names_a_message_by_the_id_that_its_receipt_brought() -> None:
    """AWS takes it under one id, and WhatsApp calls it by another."""
    told("monday", hours=20, over=Channel.WHATSAPP, name="aws-1"), told("next", over=Channel.WHATSAPP, name="aws-2")
    receipt = {
        "id": "wamid.1",
        "status": "read",
        "timestamp": str(int((NOW - timedelta(hours=19)).timestamp())),
        "biz_opaque_callback_data": "lotus/monday#v1#two_days#whatsapp",
    }
    whatsapp(statuses=(receipt,))
    whatsapp(wa("1", answers="wamid.1"))
    assert became() == {"monday": "confirmed"}


# Whatever is said

WORDS = ["1", "2", "3", "yes", "cancel", "sorry, could not make it", "STOP", "START", "ok cancel it then", "thanks"]
ACT = st.tuples(
    st.sampled_from(["told", "failed", "write", "write", "quote", "again", "cancel"]),
    st.sampled_from(["monday", "next", "mother", "car"]),
    st.sampled_from(WORDS),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACT, min_size=2, max_size=9))
def test_nothing_happens_to_a_visit_that_was_not_written_of(acts: list[tuple[str, str, str]]) -> None:
    """In whatever order; half an hour and more between two of them, so that nothing is read together."""
    for table in tables.TABLES:
        for item in table.scan():
            item.delete()
    stage()
    last, stopped = "", False
    names: dict[str, str] = {}
    said: list[dict[str, Any]] = []
    for n, (what, id, words) in enumerate(acts):
        at = NOW + timedelta(minutes=31 * n)
        before = {one: visit(one) for one in ("monday", "next", "mother", "car")}
        may_change: set[str] = set()
        if what in ("told", "failed"):
            how: dict[str, Any] = {"delivery": Delivery.FAILED} if what == "failed" else {}
            stage_name = ("confirmation", "two_days", "same_day", "reminder", "at_risk")[n % 5] + str(n)
            told(id, stage_name, hours=-31 * n / 60, over=Channel.WHATSAPP, name=f"w-{n}", **how)
            last, names[id] = (last if how else id), (names.get(id, "") if how else f"w-{n}")
        elif what == "cancel":
            if visit(id).is_expected:
                lotus.put(visit(id).cancel(Change(MEI, at), rules=ChangeRules()))
                may_change = {id}
        elif what == "again" and said:
            whatsapp(said[-1], now=at)
        else:
            quoted = names.get(id, "") if what == "quote" else ""
            reply = wa(words, id=f"in-{n}", at=at, answers=quoted)
            whatsapp(reply, now=at)
            said.append(reply)
            may_change = {id} if quoted else {last}
            stopped = words == "STOP" or (stopped and words != "START")
        changed = {one for one, was in before.items() if visit(one).history != was.history}
        assert changed <= may_change
        assert left_alone.is_left_alone("lotus", Channel.WHATSAPP, PHONE) is stopped


def test_a_withdrawal_is_written_down_with_its_words() -> None:
    sms("STOP")
    last = clients.load("garage", "c-9").consents[-1]
    assert (last.said, last.words, last.source) == (ConsentWord.WITHDRAWN, "STOP", "sms reply")


def test_a_whatsapp_of_one_message_is_read_as_before() -> None:
    told("monday", over=Channel.WHATSAPP)
    take(a_whatsapp("1", "in-1", NOW), now=NOW)
    assert became() == {"monday": "confirmed"}
