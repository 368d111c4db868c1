"""The main job, played against everything that is deployed: a week and a half of one studio and four of its clients."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser

from kept.pages.language import language
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack
from tests.local.visitors import Visitor, a_visitor

pytestmark = pytest.mark.stack

BEN = "+6591234567"
ENGLISH = language("en")


@pytest.fixture
def visitor(stack: Stack, chromium_if_any: Browser | None) -> Iterator[Visitor]:
    with a_visitor(chromium_if_any, stack.base_url) as visitor:
        yield visitor


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def sent(stack: Stack, to: str) -> list[str]:
    """What somebody was sent so far, the first first: subjects, or of a text message the text."""
    return [message["subject"] or message["text"] for message in reversed(stack.console.messages(to))]


def link(stack: Stack, to: str) -> str:
    """Of the newest message: where its reader sees, confirms, moves or cancels."""
    (address,) = [a for a in stack.console.messages(to)[0]["links"] if "/a/" in a]
    return str(address)


def token(link: str) -> str:
    return link.rpartition("/")[2]


def test_a_client_books_is_reminded_does_not_come_and_is_followed_up(
    stack: Stack, monday: datetime, visitor: Visitor
) -> None:
    """Each stage is said once and at its time; what is moved is reminded anew; what is cancelled is silent."""
    desk, api, console = opened(stack, "orchid", a_studio("Orchid")), Api(stack.base_url), stack.console
    friday = on(monday, "15:00", days=4)

    # Ada books in her browser, and reads the confirmation.
    visitor.go(f"{stack.base_url}/b/orchid")
    visitor.tap("Cut")
    visitor.tap(ENGLISH.day(friday.date()))
    visitor.tap(ENGLISH.clock(friday))
    visitor.fill_in(name="Ada Lim", email="ada@orchid.example", agrees_to="email")
    visitor.tap("Book this appointment")
    assert visitor.sees("Your appointment is booked")
    console.settle()
    assert len(sent(stack, "ada@orchid.example")) == 1
    assert [file["type"] for file in console.messages("ada@orchid.example")[0]["attachments"]] == ["application/ics"]
    ada = str(Api(stack.base_url, token(link(stack, "ada@orchid.example"))).mine()["id"])

    # Ben, Cleo and Dan book through the API; on Tuesday Cleo moves to Wednesday week, and Dan cancels.
    ben = api.book("orchid", "cut", on(monday, "16:30", days=4), name="Ben", phone=BEN).body["id"]
    cleo = api.book("orchid", "cut", on(monday, "17:30", days=4), name="Cleo", email="cleo@orchid.example").body
    dan = api.book("orchid", "cut", on(monday, "18:30", days=4), name="Dan", email="dan@orchid.example").body
    console.advance_to(on(monday, "10:00", days=1))
    moved = Api(stack.base_url, token(link(stack, "cleo@orchid.example"))).move(on(monday, "15:00", days=9))
    assert (moved.status, moved.body["version"]) == (200, 2)
    assert Api(stack.base_url, token(link(stack, "dan@orchid.example"))).cancel("time").body["status"] == "cancelled"

    # Two days before, Ada is reminded, once. Opening the link changes nothing; pressing the button confirms.
    console.advance_to(friday - timedelta(hours=48, minutes=30))
    assert len(sent(stack, "ada@orchid.example")) == 1
    console.advance_to(friday - timedelta(hours=48))
    assert len(sent(stack, "ada@orchid.example")) == 2
    visitor.go(link(stack, "ada@orchid.example"))
    assert desk.at_the_desk(ada)["status"] == "booked"
    visitor.tap("Confirm that I will come")
    assert visitor.sees("your appointment is confirmed")
    assert desk.at_the_desk(ada)["status"] == "confirmed"

    # Wednesday evening the old times of Cleo and Dan have had their reminders' hour: nobody was written to.
    console.advance_to(on(monday, "20:00", days=2))
    assert len(sent(stack, "cleo@orchid.example")) == 2
    assert len(sent(stack, "dan@orchid.example")) == 2

    # On Friday Mei has the list of her day, and Ada is reminded again, comes, and is asked nothing.
    console.advance_to(friday - timedelta(hours=3))
    assert len(sent(stack, "mei@orchid.example")) == 1
    assert len(sent(stack, "ada@orchid.example")) == 3
    console.advance_to(friday)
    assert desk.check_in(ada).body["status"] == "arrived"

    # Ben does not come: asked after five minutes, marked after fifteen, told, and followed up.
    console.advance_to(on(monday, "16:31", days=4))
    assert len(sent(stack, BEN)) == 3
    console.advance_to(on(monday, "16:35", days=4))
    assert len(sent(stack, BEN)) == 4
    console.advance_to(on(monday, "16:46", days=4))
    missed = desk.at_the_desk(ben)
    assert (missed["status"], missed["history"][-1]["by"]) == ("no_show", "kept")
    reached = ["confirmation sms", "two_days sms", "same_day sms", "on_my_way sms"]
    for what in (" sent ", " delivered "):
        assert [line.partition(what)[0] for line in missed["evidence"] if what in line] == reached
    assert "we missed you" in sent(stack, BEN)[-1]
    (matter,) = desk.follow_ups()
    assert (matter["appointment"], matter["assignee"], matter["clock"]["state"]) == (ben, "mei", "running")

    # Nobody calls within a day, nor does he answer for 72 hours, though written to again: the plan's step is late,
    # three reminders, one breach, one escalation, and then the answer stops it.
    console.advance_to(on(monday, "16:44", days=7))
    assert (len(sent(stack, "mei@orchid.example")), len(sent(stack, "tan@orchid.example"))) == (1 + 1 + 3, 0)
    console.advance_to(on(monday, "17:00", days=7))
    assert (len(sent(stack, "mei@orchid.example")), len(sent(stack, "tan@orchid.example"))) == (1 + 1 + 4, 1)
    assert desk.follow_ups()[0]["clock"]["state"] == "missed"
    desk.ask("POST", f"/v1/desk/follow-ups/{matter['id']}/answer", {"note": "called"})

    # Cleo is reminded of her new time, each stage once; it stands on Mei's list of that day.
    console.advance_to(on(monday, "12:00", days=9))
    assert (len(sent(stack, "mei@orchid.example")), len(sent(stack, "tan@orchid.example"))) == (2 + 1 + 4, 1)
    assert sent(stack, "ong@orchid.example") == []
    assert desk.follow_ups() == []

    # What the ledger says of each of them at the end.
    assert desk.ledger(ada) == [(f"{stage} v1", "sent") for stage in ("confirmation", "two_days", "same_day")]
    asked = ("confirmation", "two_days", "same_day", "on_my_way")
    assert desk.ledger(ben) == [(f"{stage} v1", "sent") for stage in (*asked, "missed_you", "missed_again")]
    assert desk.ledger(cleo["id"]) == [
        ("confirmation v1", "sent"),
        *((f"{stage} v2", "sent") for stage in ("rescheduled", "two_days", "same_day")),
    ]
    assert desk.ledger(dan["id"]) == [("confirmation v1", "sent"), ("cancelled v1", "sent")]
    for reader, messages in {"ada": 3, "cleo": 4, "dan": 2}.items():
        assert len(sent(stack, f"{reader}@orchid.example")) == messages
    assert len(sent(stack, BEN)) == 6
