"""Providers that fail, on the deployed stack: nothing is lost, nothing is doubled but by the rule, the ledger says why.

The providers are the stand-in's, told to fail as real ones do. In real time a test takes seconds; what it says of
minutes and hours is the product's clock.
"""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from infra.local.place import STACK_NAME
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Console, Stack
from tests.reasons import as_told

pytestmark = pytest.mark.stack

EMAIL, SMS, WHATSAPP = "email", "sms", "whatsapp"
MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
SENDER, GATES = f"{STACK_NAME}-message_sender", f"{STACK_NAME}-gates"
ROOM = 40
"""Visits of a quarter of an hour that find room in a day."""
MANY = 1_000_000
"""Requests: a fault that lasts for so many counts those that came."""
PATIENCE, TURN = "delayed: provider_busy", "delayed: sending_rate email"
IN_DOUBT = "sent: sent_again"


class Providers(Console):
    """The console's part for them."""

    def trouble(self, **by_channel: dict[str, Any] | None) -> Any:
        """What goes wrong from now on, None for nothing; everything that is known of them."""
        return self._ask("providers", by_channel)

    def are_well(self) -> None:
        self.trouble(email=None, sms=None, whatsapp=None)

    def go_down(self, *channels: str) -> None:
        self.trouble(**{channel: {"down": "503", "times": MANY} for channel in channels})

    def calls_in_vain(self, channel: str) -> int:
        """Since it went down."""
        return MANY - int(self.trouble()["channels"][channel]["times"])

    def throttled(self, channel: str) -> int:
        """Answers like that, of the last fifty refusals."""
        refused = self.trouble()["refused"]
        return sum(one["channel"] == channel and one["why"].startswith("TooManyRequests") for one in refused)

    def reader(self, message: str, **does: str) -> None:
        """Whoever got this message writes back (`text`), or does something with it (`event`)."""
        self._ask("reply", {"to": message} | does)


@dataclass(frozen=True, slots=True)
class Visit:
    """And what the client gave of themselves."""

    id: str
    client: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Studio:
    """One business: whom it books, what its ledger says, and what its clients got."""

    name: str
    stack: Stack
    desk: Api
    providers: Providers
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def book(self, *agrees_to: str, starts: datetime | None = None, email: str = "", phone: str = "") -> Visit:
        """Three days ahead or more, each visit after the one before; by somebody new, or who gave this address."""
        number = next(self.numbers)
        email, phone = email or f"c{number}@{self.name}.example", phone or f"+658123{number:04}"
        days, place = divmod(number, ROOM)
        starts = starts or on(self.stack.console.now(), "09:00", days=3 + days) + place * QUARTER
        client = {"name": f"Client {number}", "email": email, "phone": phone, "agrees_to": agrees_to}
        wish = {"service": "cut", "start": starts.isoformat(), "client": client}
        public = Api(self.stack.base_url)
        made = public.ask("POST", f"/v1/businesses/{self.name}/appointments", wish, key=f"booking-{number}")
        assert made.status == 201, made.body
        return Visit(made.body["id"], str(self.desk.at_the_desk(made.body["id"])["client"]), email, phone)

    def book_many(self, number: int, *agrees_to: str) -> list[Visit]:
        """Four at a time."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda _: self.book(*agrees_to), range(number)))

    def ledger(self, visit: Visit, stage: str = "confirmation") -> dict[str, Any]:
        """Its lines about that text, whole, by channel."""
        told = self.desk.ask("GET", f"/v1/desk/appointments/{visit.id}/messages").body
        return {line["channel"]: line for line in told if line["stage"] == stage}

    def says(self, visit: Visit, stage: str = "confirmation") -> dict[str, str]:
        """The same in its own words."""
        return {channel: as_told(line) for channel, line in self.ledger(visit, stage).items()}

    def got(self, visit: Visit) -> dict[str, int]:
        """How many messages the providers took for this client, by channel."""
        return dict(Counter(str(message["channel"]) for message in self._inbox(visit)))

    def newest(self, visit: Visit) -> str:
        """The id of what the client got last."""
        return str(max(self._inbox(visit), key=lambda message: str(message["at"]))["id"])

    def client(self, visit: Visit) -> Any:
        return self.desk.ask("GET", f"/v1/desk/clients/{visit.client}").body

    def stopped(self, visit: Visit) -> dict[str, str]:
        """Why, by channel."""
        return {stop["channel"]: stop["why_code"] for stop in self.client(visit)["stopped"]}

    def agrees_to_invitations(self, visit: Visit, channel: str) -> None:
        said = {"purpose": "promotional", "channel": channel, "said": "given", "how": "phone", "words": "Yes."}
        assert self.desk.ask("POST", f"/v1/desk/clients/{visit.client}/consents", said).status == 200

    def invite(self, visit: Visit) -> None:
        asked = self.desk.ask("POST", f"/v1/desk/clients/{visit.client}/invite", {"service": "cut"}, key="invitation")
        assert asked.status == 201, asked.body

    def invitations(self, visit: Visit) -> list[str]:
        """What the ledger says of them."""
        told = self.desk.ask("GET", f"/v1/desk/clients/{visit.client}/conversation").body
        return [as_told(line) for line in told if line["stage"] == "recall"]

    def _inbox(self, visit: Visit) -> list[dict[str, Any]]:
        return [*self.providers.messages(visit.email), *self.providers.messages(visit.phone)]


@pytest.fixture(scope="module")
def opened_studio(stack: Stack) -> Iterator[Studio]:
    """Open at all hours of invitations; each of its texts has a template on WhatsApp."""
    told = a_studio("Faults")
    texts = ("confirmation", "confirmed", "two_days", "same_day")
    business = told["business"] | {
        "channels": [SMS, WHATSAPP, EMAIL],
        "templates": {f"{WHATSAPP}/{text}": f"faults_{text}" for text in texts},
        "contact": {"never": [], "best": [], "holiday_days": 0},
        "day_list": None,
    }
    cut = told["services"]["cut"] | {"duration": 15}
    desk = opened(stack, "faults", told | {"business": business, "services": {"cut": cut}})
    yield Studio("faults", stack, desk, Providers(stack.console.url))
    as_if_nobody_had_called(stack)


@pytest.fixture
def studio(stack: Stack, opened_studio: Studio) -> Iterator[Studio]:
    """On a Monday at nine, with providers that are well."""
    as_if_nobody_had_called(stack)
    next_monday(stack)
    yield opened_studio
    opened_studio.providers.are_well()
    stack.console.back_to_real()


def as_if_nobody_had_called(stack: Stack, rates: str = "email=100 sms=100 whatsapp=100") -> None:
    """Where the clock was put back, senders would wait for the turns of a later day, and for a gate shut on it."""
    dynamodb, functions = stack.client("dynamodb"), stack.client("lambda")
    for gate in dynamodb.scan(TableName=GATES)["Items"]:
        dynamodb.delete_item(TableName=GATES, Key={"name": gate["name"]})
    settings = functions.get_function_configuration(FunctionName=SENDER)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=SENDER, Environment={"Variables": settings | {"SENDING_RATES": rates}}
    )


def test_two_hours_without_e_mail_and_sms(studio: Studio) -> None:
    """Whoever is reached another way is so after an hour; the rest goes out when they are back, if it is of use."""
    console, providers = studio.stack.console, studio.providers
    nine = console.now()
    providers.go_down(EMAIL, SMS)
    by_mail, by_text = studio.book_many(12, EMAIL), studio.book_many(12, SMS)
    on_whatsapp_too = studio.book_many(6, SMS, WHATSAPP)
    soon = studio.book(EMAIL, starts=on(nine, "10:30"))
    console.settle()

    waiting: set[str] = set()
    for minutes in range(16, 122, QUARTER // MINUTE):
        console.sleep_to(nine + minutes * MINUTE)
        console.fire()
        waiting |= {reason for visit in (by_mail[0], by_text[0]) for reason in studio.says(visit).values()}
    calls = {channel: providers.calls_in_vain(channel) for channel in (EMAIL, SMS)}
    providers.are_well()
    for minutes in (127, 133):
        console.sleep_to(nine + minutes * MINUTE)
        console.fire()

    # While it lasts: five calls until the gate shuts, those under way with them, then one for each look at it.
    assert max(calls.values()) <= 5 + 4 + 8, calls
    known = {"delayed: provider_shut email", "delayed: provider_shut sms"}
    assert waiting <= {*known, "delayed: provider_unavailable 503"}
    # Afterwards everybody was told once, and nobody twice.
    for channel, visits in ((EMAIL, by_mail), (SMS, by_text)):
        assert [(studio.says(visit), studio.got(visit)) for visit in visits] == [({channel: "sent"}, {channel: 1})] * 12
    for visit in on_whatsapp_too:
        assert studio.says(visit) == {SMS: "failed: provider_down", WHATSAPP: "sent"}
        assert studio.got(visit) == {WHATSAPP: 1}
        lines = studio.ledger(visit)
        began, told = (
            datetime.fromisoformat(lines[SMS]["created_at"]),
            datetime.fromisoformat(lines[WHATSAPP]["sent_at"]),
        )
        # The clock is looked at every quarter of an hour, and goes on by itself while the machine works.
        assert HOUR <= told - began <= HOUR + 2 * QUARTER
    assert studio.says(soon) == {EMAIL: "missed: of_no_use"}


def test_a_provider_that_takes_one_message_in_two_seconds(studio: Studio) -> None:
    """It is called at the pace it bears: what has no turn yet waits for its turn, and the ledger says so.

    Slow enough for a busy machine to be faster.
    """
    as_if_nobody_had_called(studio.stack, rates="email=0.75")
    studio.providers.trouble(email={"per_second": 0.5})
    visits = studio.book_many(12, EMAIL)
    said = Counter[str]()
    for _ in range(60):
        now = [studio.says(visit)[EMAIL] for visit in visits]
        said.update(set(now))
        if set(now) == {"sent"}:
            break
        studio.stack.console.advance(MINUTE)
        time.sleep(2)
    throttled = studio.providers.throttled(EMAIL)
    assert [studio.got(visit) for visit in visits] == [{EMAIL: 1}] * 12, said
    assert said.keys() - {"queued", "sending"} == {PATIENCE, TURN, "sent"}, said
    # Turns given at the old pace are used up before the new one holds, which costs each message one or two answers.
    assert 0 < throttled <= 24, f"{throttled} answers of 'too fast' for 12 messages"


def test_taken_and_never_answered(studio: Studio) -> None:
    """What somebody waits for is sent once more and says so, an invitation is not; a receipt settles the doubt."""
    console = studio.stack.console
    guest = studio.book(SMS)
    studio.agrees_to_invitations(guest, SMS)
    console.advance_to(on(console.now(), "10:00"))
    silent: dict[str, Any] = {"silent": 0, "times": 1, "receipts": "off"}
    studio.providers.trouble(email=silent, sms=silent, whatsapp=silent | {"receipts": "on"})
    waiting, receipted = studio.book(EMAIL), studio.book(WHATSAPP)
    studio.invite(guest)
    console.settle()
    assert (studio.says(waiting), studio.says(receipted)) == ({EMAIL: "sending"}, {WHATSAPP: "sent"})
    console.advance(5 * MINUTE)
    assert (studio.says(waiting), studio.got(waiting)) == ({EMAIL: IN_DOUBT}, {EMAIL: 2})
    assert (studio.says(receipted), studio.got(receipted)) == ({WHATSAPP: "sent"}, {WHATSAPP: 1})
    assert studio.invitations(guest) == ["failed: in_doubt"]
    assert studio.got(guest) == {SMS: 2}, "its confirmation, and the invitation"


def test_receipts_that_come_twice_or_before_the_answer(studio: Studio) -> None:
    """The same lines in the ledger, and no message more, also when the hour of waiting for them is over."""
    console, by_timing = studio.stack.console, {}
    for receipts in ("on", "twice", "early"):
        how = {"receipts": receipts, "reads": True}
        studio.providers.trouble(email=how, sms=how, whatsapp=how)
        by_timing[receipts] = [studio.book(channel, EMAIL) for channel in (EMAIL, SMS, WHATSAPP)]
        console.settle()
    console.advance(HOUR + MINUTE)
    told = {
        receipts: [
            [(channel, line["status"], line["reason"], line["delivery"], line["next_try"])]
            for visit in visits
            for channel, line in studio.ledger(visit).items()
        ]
        for receipts, visits in by_timing.items()
    }
    assert told["on"] == [
        [(EMAIL, "sent", "", "delivered", None)],
        [(SMS, "sent", "", "delivered", None)],
        [(WHATSAPP, "sent", "", "read", None)],
    ]
    assert told["twice"] == told["early"] == told["on"]
    for visits in by_timing.values():
        assert [studio.got(visit) for visit in visits] == [{EMAIL: 1}, {SMS: 1}, {WHATSAPP: 1}]


def test_addresses_that_do_not_work(studio: Studio) -> None:
    """Nothing more is tried there, the next channel takes over, and where none is left a person does, once."""
    console = studio.stack.console
    wrong, stopped, nowhere = "+6591110001", "+6591110002", "nowhere@faults.example"
    studio.providers.trouble(
        sms={"addresses": {wrong: "invalid", stopped: "opted_out", "+6591110003": "invalid"}},
        email={"addresses": {nowhere: "bounce", "angry@faults.example": "complaint"}},
    )
    mistyped = studio.book(SMS, EMAIL, phone=wrong)
    opted_out = studio.book(SMS, EMAIL, phone=stopped)
    lost = studio.book(SMS, EMAIL, phone="+6591110003", email=nowhere)
    annoyed = studio.book(EMAIL, email="angry@faults.example")
    studio.agrees_to_invitations(annoyed, EMAIL)
    console.settle()
    again = studio.book(SMS, EMAIL, phone=wrong, email=mistyped.email)
    still = studio.book(EMAIL, email=annoyed.email, phone=annoyed.phone)
    console.settle()

    no_number, no_mailbox = "failed: no_such_number", "failed: no_such_address"
    assert studio.says(mistyped) == {SMS: no_number, EMAIL: "sent"}
    assert studio.says(again) == {EMAIL: "sent"}, "nothing is tried at a number that is none"
    assert studio.says(opted_out) == {SMS: "suppressed: opted_out", EMAIL: "sent"}
    assert studio.stopped(opted_out) == {SMS: "opted_out"}
    # Who calls it spam is invited no more, and still told of their booking.
    assert (studio.stopped(annoyed), studio.says(still)) == ({}, {EMAIL: "sent"})
    withdrawn = [c for c in studio.client(annoyed)["consents"] if c["said"] == "withdrawn"]
    assert [(c["purpose"], c["words"]) for c in withdrawn] == [
        ("promotional", "The client has marked a message as spam")
    ]
    # Nobody is reached: a person is told, once.
    assert studio.says(lost) == {SMS: no_number, EMAIL: no_mailbox}
    told = [it["appointment"] for it in studio.desk.follow_ups() if it["cause"] == "failed_message"]
    assert told == [lost.id]


def test_an_hour_unread(studio: Studio) -> None:
    """The next channel takes over, but not where it was read or acted on, nor where nobody ever tells of reading."""
    console, providers = studio.stack.console, studio.providers
    providers.trouble(sms={"receipts": "off"})
    alone = studio.book(WHATSAPP)
    console.settle()
    console.advance(MINUTE)  # by then every sender has seen that WhatsApp tells
    unread, read, acted = (studio.book(WHATSAPP, EMAIL) for _ in range(3))
    mute = studio.book(SMS, EMAIL)
    console.settle()
    providers.reader(studio.newest(read), event="read")
    providers.reader(studio.newest(acted), text="1")
    console.advance(HOUR - QUARTER)  # the clock goes on by itself while the machine works
    assert studio.got(unread) == {WHATSAPP: 1}
    console.advance(QUARTER + MINUTE)
    assert studio.says(unread) == {WHATSAPP: "sent: not_read_elsewhere", EMAIL: "sent"}
    assert [studio.says(visit) for visit in (alone, read, acted)] == [{WHATSAPP: "sent"}] * 3
    assert studio.says(mute) == {SMS: "sent"}
    assert studio.got(acted) == {WHATSAPP: 2}, "the second says that it is confirmed"


def test_a_reply_that_comes_twice_at_once(studio: Studio) -> None:
    """One effect, and one answer."""
    visit = studio.book(SMS)
    studio.stack.console.settle()
    studio.providers.trouble(sms={"receipts": "twice"})
    studio.providers.reader(studio.newest(visit), text="1")
    history = [event["what"] for event in studio.desk.at_the_desk(visit.id)["history"]]
    assert history == ["booked", "confirmed"]
    assert studio.says(visit, "confirmed") == {SMS: "sent"}
    assert studio.got(visit) == {SMS: 2}


def test_what_the_business_cancels_and_no_message_tells_is_called(studio: Studio) -> None:
    """Who can be told is told; who said STOP to their carrier is called, once, in the words of whoever reads it."""
    console, stopped = studio.stack.console, "+6591110009"
    studio.providers.trouble(sms={"addresses": {stopped: "opted_out"}})
    reached, unreached = studio.book(EMAIL), studio.book(SMS, phone=stopped)
    console.settle()
    for visit in (reached, unreached):
        assert studio.desk.ask("POST", f"/v1/desk/appointments/{visit.id}/cancel", {"reason": "other"}).status == 200
    console.advance(3 * MINUTE)  # the time to take it back, and a whole minute for the sweep that finds it over
    assert studio.says(reached, "cancelled") == {EMAIL: "sent"}
    assert studio.says(unreached, "cancelled") == {SMS: "suppressed: opted_out"}
    (call,) = [it for it in studio.desk.follow_ups() if it["cause"] == "not_told"]
    assert call["appointment"] == unreached.id
    told = studio.desk.ask("GET", f"/v1/desk/follow-ups/{call['id']}?locale=en").body
    assert "was cancelled by" in told["to_tell"]
    assert told["to_tell"].endswith("; they said STOP to text messages")
    assert told["client_phone"] == stopped
