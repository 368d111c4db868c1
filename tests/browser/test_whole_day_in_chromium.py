"""A front desk's whole day on everything deployed, as somebody plays it who has the telephone at their ear: with the
mouse and the keys that everybody uses, and the same day with the keys alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from infra.local import seed, sign_in
from tests.browser.deployed_desk import at_the_deployed_desk
from tests.browser.receptionist import Receptionist, WithKeys, WithMouse, only_keys
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
LOG = logging.getLogger(__name__)

ANNA, BEN, DORA, GUS, TWICE = "Anna Brandt", "Ben Okafor", "Dora Eng", "Gus Hall", "Iris Chan"
NUMBERS = {ANNA: "234567", BEN: "230002", DORA: "230003", GUS: "230004", TWICE: "230005"}
"""How they end: each salon has a digit of its own before them."""
BOOKED = {ANNA: ("11:00", "mei"), BEN: ("10:00", "tan"), DORA: ("14:00", "mei"), GUS: ("16:00", "tan")}
ASKED, ANSWERED = "Is there a car park near you?", "Yes, in the yard behind the house."
MOST_WITH_MOUSE, MOST_WITH_KEYS = 67, 104
"""Acts of the whole day; what was needed is held against it."""


@dataclass(frozen=True)
class Salon:
    """Of two who cut hair; Tan leads, sits at the desk, and is whom the day is played by."""

    stack: Stack
    name: str
    digit: int
    monday: datetime

    @property
    def email(self) -> str:
        return f"tan@{self.name}.example"

    @property
    def api(self) -> Api:
        return Api(self.stack.base_url, sign_in.token_of(self.stack.place, self.email))

    def number(self, client: str) -> str:
        return f"+659{self.digit}{NUMBERS[client]}"

    def clients(self, text: str) -> list[Any]:
        found: list[Any] = self.api.ask("GET", f"/v1/desk/clients?q={text}").body["clients"]
        return found

    def day(self) -> Any:
        return self.api.ask("GET", f"/v1/desk/day?on={self.monday:%Y-%m-%d}").body

    def visits(self, days: int = 0) -> dict[str, Any]:
        """By the name of who comes."""
        day = on(self.monday, "00:00", days=days)
        answer = self.api.ask("GET", f"/v1/desk/appointments?on={day:%Y-%m-%d}").body
        return {it["client_name"]: it for it in answer}


def a_salon(stack: Stack, name: str, digit: int) -> Salon:
    """On a Monday past nine: four who come today, one of whom has asked something, and one who was entered twice."""
    told: dict[str, Any] = a_studio(name)
    told["services"] = {
        "cut": {"name": "Cut", "duration": 60, "staff": ["mei", "tan"]},
        "fringe": {"name": "Fringe", "duration": 15, "staff": ["mei", "tan"]},
    }
    opened(stack, name, told)
    sign_in.make(stack.place, seed.StaffLogin(name, "tan", f"tan@{name}.example", "manager"))
    salon = Salon(stack, name, digit, next_monday(stack))
    for client, (at, staff) in BOOKED.items():
        wish = {"service": "cut", "staff": staff, "start": on(salon.monday, at).isoformat()}
        who = {"name": client, "phone": salon.number(client), "agrees_to": ["sms"]}
        made = salon.api.ask("POST", "/v1/desk/appointments", wish | {"client": who})
        assert made.status == 201, made.body
    for contact in ({"phone": salon.number(TWICE)}, {"email": f"iris@{name}.example"}):
        assert salon.api.ask("POST", "/v1/desk/clients", {"name": TWICE, **contact}).status == 201
    stack.console.sleep_to(on(salon.monday, "09:03"))
    stack.console.fire()
    stack.console.write(to=stack.console.messages(to=salon.number(ANNA))[0]["id"], text=ASKED)
    stack.console.settle()
    return salon


@contextmanager
def at_work(chromium: Browser, salon: Salon, who: type[Receptionist]) -> Iterator[Receptionist]:
    with at_the_deployed_desk(chromium, salon.stack.base_url) as desk:
        pointed = only_keys(desk.page) if who is WithKeys else []
        desk.go("/desk")
        tan = who(desk)
        tan.sign_in(salon.email, seed.PASSWORD)
        yield tan
        assert pointed == []


@pytest.mark.parametrize(
    ("name", "digit", "who", "most"),
    [
        pytest.param("magnolia", 1, WithMouse, MOST_WITH_MOUSE, id="with mouse and keys"),
        pytest.param("hyacinth", 2, WithKeys, MOST_WITH_KEYS, id="with the keys alone"),
    ],
)
def test_a_whole_day_is_played(
    chromium: Browser, stack: Stack, name: str, digit: int, who: type[Receptionist], most: int
) -> None:
    """What each act did is read from the API at the end of it, and how many acts the day took is counted."""
    salon = a_salon(stack, name, digit)
    with at_work(chromium, salon, who) as tan:
        books_by_telephone(tan, salon)
        answers_what_was_asked(tan, salon)
        makes_one_of_two(tan, salon)
        moves_two(tan, salon)
        notes_who_is_late(tan, salon)
        sees_who_arrives(tan, salon)
        takes_who_walks_in(tan, salon)
        blocks_time(tan, salon)
        closes_the_day(tan, salon)
        hands_over(tan, salon)
    LOG.info("%s: %s acts, %.0f s of a person", name, tan.hands.acts, tan.hands.seconds)
    assert tan.hands.acts <= most, "of which a walk by Tab or through a list is one"


def books_by_telephone(tan: Receptionist, salon: Salon) -> None:
    """Somebody new for the first free time, and somebody known, by the middle of their number, for tomorrow."""
    tan.hands.presses("n")
    tan.choose(tan.radio("Fringe"))
    tan.write(tan.page.locator("#book-client"), "Evan Foo")
    tan.write(tan.page.locator("#book-phone"), "+65 8111 2222")
    tan.page.locator(".booking .time[aria-pressed=true]").wait_for()
    tan.submit()
    tan.says("Evan Foo")
    tan.state("Evan Foo", "booked")

    tan.hands.presses("n")
    tan.choose(tan.radio("Cut"))
    tan.choose(tan.radio(tan.desk.says("book.tomorrow")))
    tan.write(tan.page.locator("#book-client"), "345")
    tan.hands.presses("Enter")
    tan.desk.drawer().locator(".chosen").filter(has_text=ANNA).wait_for()
    tan.page.locator(".booking .time[aria-pressed=true]").wait_for()
    tan.submit()
    tan.says(ANNA)
    assert salon.visits(days=1)[ANNA]["client_phone"] == salon.number(ANNA)
    tan.go(tan.desk.says("rail.today"))
    tan.state("Evan Foo", "booked")


def answers_what_was_asked(tan: Receptionist, salon: Salon) -> None:
    """Before its target: the clock stops when the words were sent, and not when they were typed."""
    (asked,) = [it for it in salon.api.follow_ups() if it["client_name"] == ANNA]
    tan.go(tan.desk.says("rail.work"))
    tan.press(tan.page.locator(".tabs").get_by_role("link", name=tan.desk.says("work_tab.inbox")))
    tan.open(tan.page.locator(".thread-row .row-open").filter(has_text=ASKED))
    expect(tan.page.locator("#answer-text")).to_be_focused()
    tan.hands.types(ANSWERED)
    tan.page.locator(".answer .main:enabled").wait_for()
    tan.hands.presses("Control+Enter")
    tan.page.locator(".ours").filter(has_text=ANSWERED).wait_for()
    tan.hands.presses("Escape")
    salon.stack.console.settle()
    told = salon.api.ask("GET", f"/v1/desk/clients/{asked['client']}/conversation").body
    sent = datetime.fromisoformat(next(it["sent_at"] for it in told if it["text"] == ANSWERED))
    clock = _first_answer(salon, asked["id"])
    assert datetime.fromisoformat(clock["stopped"]) == sent < datetime.fromisoformat(clock["due"])
    assert ANSWERED in salon.stack.console.messages(to=salon.number(ANNA))[0]["text"]


def _first_answer(salon: Salon, follow_up: str) -> Any:
    clocks = salon.api.ask("GET", f"/v1/desk/follow-ups/{follow_up}").body["clocks"]
    return next(it for it in clocks if it["kind"] == "first_response")


def makes_one_of_two(tan: Receptionist, salon: Salon) -> None:
    assert len(salon.clients("iris")) == 2
    tan.hands.presses("/")
    tan.hands.types("iris")
    tan.hands.presses("Enter")
    tan.page.locator("h1").filter(has_text=TWICE).wait_for()
    tan.press(tan.page.get_by_role("link", name=tan.desk.says("merge.compare")))
    tan.press(tan.button("merge.do", name=TWICE))
    tan.says(tan.desk.says("did.merge", name=TWICE, other=TWICE))
    (one,) = salon.clients("iris")
    whole = salon.api.ask("GET", f"/v1/desk/clients/{one['id']}").body
    assert len(whole["merged"]) == 1


def moves_two(tan: Receptionist, salon: Salon) -> None:
    """One by an hour, by hand; one in the other's column and later, by its drawer or by keys."""
    tan.go(tan.desk.says("rail.today"))
    tan.move(tan.visit(GUS), quarters=4)
    tan.page.locator(".move-bar").get_by_text(tan.desk.says("move.free")).wait_for()
    tan.hands.presses("Enter")
    tan.says(tan.desk.says("did.move", name=GUS))
    expect(tan.visit(GUS)).to_be_focused()
    tan.walks_to(tan.visit(DORA))
    tan.hands.presses("Alt+ArrowDown", times=2)
    tan.hands.presses("Alt+ArrowRight")
    tan.page.locator(".move-bar").get_by_text(tan.desk.says("move.free")).wait_for()
    tan.hands.presses("Enter")
    tan.says(tan.desk.says("did.move", name=DORA))
    expect(tan.visit(DORA)).to_be_focused()
    visits = salon.visits()
    assert datetime.fromisoformat(visits[GUS]["start"]) == on(salon.monday, "17:00")
    assert (visits[DORA]["staff"], datetime.fromisoformat(visits[DORA]["start"])) == ("tan", on(salon.monday, "14:30"))


def notes_who_is_late(tan: Receptionist, salon: Salon) -> None:
    """Ten minutes, and the five for which whoever said so is waited for beyond them."""
    tan.open(tan.visit(ANNA))
    tan.press(tan.button("visit.late_by", minutes=10))
    tan.says(tan.desk.says("did.running-late"))
    tan.desk.drawer().locator(".facts").get_by_text(tan.desk.says("fact.waits")).wait_for()
    tan.hands.presses("Escape")
    expect(tan.visit(ANNA)).to_be_focused()
    day = salon.day()["appointments"]
    noted = next(it for it in day if it["client_name"] == ANNA)
    assert datetime.fromisoformat(noted["waits_until"]) == on(salon.monday, "11:15")


def later(tan: Receptionist, salon: Salon, clock: str) -> None:
    salon.stack.console.sleep_to(on(salon.monday, clock))
    tan.page.reload()
    tan.desk.settled()


def checks_in(tan: Receptionist, name: str) -> None:
    tan.does_next(name)
    tan.state(name, "arrived")
    tan.says(f"{name}: {tan.desk.says('did.check-in')}")


def sees_who_arrives(tan: Receptionist, salon: Salon) -> None:
    """Evan comes, is begun with and finished; Ben seems not to come, is marked, and comes after all."""
    checks_in(tan, "Evan Foo")
    tan.does_next("Evan Foo")
    tan.state("Evan Foo", "in_service")
    tan.says(tan.desk.says("did.begin"))
    later(tan, salon, "10:05")
    tan.does_next("Evan Foo")
    tan.state("Evan Foo", "completed")
    tan.says(tan.desk.says("did.complete"))
    tan.open(tan.visit(BEN))
    tan.press(tan.button("act.no-show"))
    tan.state(BEN, "no_show")
    tan.says(tan.desk.says("did.no-show"))
    tan.hands.presses("u")
    tan.state(BEN, "booked")
    tan.hands.presses("Escape")
    checks_in(tan, BEN)
    assert salon.visits()[BEN]["status"] == "arrived"


def takes_who_walks_in(tan: Receptionist, salon: Salon) -> None:
    """By a name alone."""
    tan.hands.presses("n")
    tan.choose(tan.radio("Fringe"))
    tan.write(tan.page.locator("#book-client"), "Walter")
    tan.press(tan.button("book.walk_in"))
    tan.says("Walter")
    tan.state("Walter", "arrived")
    assert salon.visits()["Walter"]["status"] == "arrived"


def blocks_time(tan: Receptionist, salon: Salon) -> None:
    """The letter counts where the browser counts to twelve."""
    tan.go(tan.desk.says("day.block"))
    tan.write(tan.page.locator("#block-why"), "an errand")
    tan.write(tan.page.locator("#block-from"), "1130a")
    tan.write(tan.page.locator("#block-to"), "1145a")
    tan.submit()
    tan.page.locator(".block").filter(has_text="an errand").wait_for()
    (block,) = salon.day()["blocks"]
    assert [datetime.fromisoformat(block[it]) for it in ("start", "end")] == [
        on(salon.monday, "11:30"),
        on(salon.monday, "11:45"),
    ]


def closes_the_day(tan: Receptionist, salon: Salon) -> None:
    """Who is there by then is said to have come, one of them late."""
    for clock, name in (("11:08", ANNA), ("14:31", DORA), ("17:01", GUS)):
        later(tan, salon, clock)
        checks_in(tan, name)
    later(tan, salon, "20:05")
    tan.go(tan.desk.says("end.open"))
    tan.page.wait_for_selector(".end")
    tan.choose(tan.page.locator("fieldset").filter(has_text=GUS).get_by_label(tan.desk.says("came.late")))
    tan.press(tan.button("end.close", within="#main"))
    tan.page.wait_for_url("**/desk?on=*")
    states = {name: it["status"] for name, it in salon.visits().items()}
    assert states == dict.fromkeys([ANNA, BEN, DORA, GUS, "Evan Foo", "Walter"], "completed")


def hands_over(tan: Receptionist, salon: Salon) -> None:
    """What is still Tan's goes to Mei."""
    dora = salon.clients("dora")[0]["id"]
    salon.api.open_follow_up(dora, assignee="tan")
    tan.go(tan.desk.says("rail.work"))
    tan.page.locator("#main .row").filter(has_text=DORA).wait_for()
    if isinstance(tan, WithKeys):
        tan.go(tan.desk.says("handover.title"))
    else:
        tan.press(tan.page.locator("#hand-over"))
    tan.hands.types("Mei")
    tan.press(tan.button("handover.do"))
    tan.page.locator(".drawer").wait_for(state="detached")
    assert "tan" not in {it["assignee"] for it in salon.api.follow_ups()}
