"""A wait beyond the standard, through the desk: credited once in the write that begins the visit, within the day's cap,
told in words that state what is so, taken back with it; and whoever was wronged comes first until they were served."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import clients as clients_handler
import front_desk
from kept import clock
from kept.booking.appointment import Appointment
from kept.business.catalog import Money
from kept.business.make_good_rules import MakeGoodRules, WaitStep
from kept.ledger import acts
from kept.ledger.accounts import Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Statement
from kept.ledger.transaction import Transaction
from kept.messaging.message import MessageStatus
from kept.policy.make_good import wronged_since
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, ledger, messages
from kept.storage.transaction import together
from kept.use_cases.messaging.client_message import ToClient, to_client
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.refusing import DESK
from tests.stopping import Killed, die, meddle

MINUTE = timedelta(minutes=1)
PRICE = Money(10_000, "CNY")
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"


@pytest.fixture(autouse=True)
def _open() -> None:
    sells(MakeGoodRules())
    lotus.known(replace(a_client(), locale="en"))
    lotus.put(replace(an_appointment(), price=PRICE))


def sells(rules: MakeGoodRules, tz: str = "Asia/Shanghai") -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=CHECKS_IN, make_good=rules, tz=tz)))
    catalogs.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(after: timedelta | datetime) -> None:
        now = STARTS + after if isinstance(after, timedelta) else after
        monkeypatch.setattr(clock, "now", lambda: now)

    return set_clock


def desk(act: str, body: object = None, visit: str = "a-1", **how: Any) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/{visit}/{act}", body or {}, **({"role": "staff"} | how))


def begun(at: Any, wait: timedelta, visit: str = "a-1", **how: Any) -> Answer:
    at(timedelta(0))
    assert desk("check-in", visit=visit).status == 200
    at(wait)
    return desk("begin", visit=visit, **how)


def visit(id: str = "a-1") -> Appointment:
    return appointments.load("lotus", id)


def credit(client: str = "c-1") -> int:
    return ledger.balance("lotus", client, "CNY").credit


def lines(id: str = "a-1", client: str = "c-1") -> list[Transaction]:
    return ledger.of_visit("lotus", client, id, "CNY")


def told(id: str = "a-1") -> list[tuple[str, MessageStatus]]:
    return [(it.stage, it.status) for it in messages.about("lotus", id) if it.stage in ("made_good", "nobodys_fault")]


def since() -> datetime | None:
    return wronged_since(clients.load("lotus", "c-1"))


def another(id: str, starts: datetime = STARTS, client: str = "c-1") -> None:
    other = replace(an_appointment(id, starts=starts), client=client, price=PRICE)
    lotus.put(replace(other, slot=replace(other.slot, staff="bo" if id in ("a-3", "b-2") else "jun")))


@pytest.mark.parametrize(
    ("wait", "minor"), [(14, 0), (15, 500), (29, 500), (30, 1000), (59, 1000), (60, 2500), (300, 2500)]
)
def test_credited_by_how_far(at: Any, wait: int, minor: int) -> None:
    """5, 10 and 25 % of the price that the visit was booked at, in the very write that begins it."""
    assert begun(at, wait * MINUTE).body["kept_waiting"] == (wait if minor else 0)
    assert (credit(), visit().made_good, len(told())) == (minor, minor, int(minor > 0))
    assert since() == (STARTS + wait * MINUTE if minor else None)


def test_what_the_line_says(at: Any) -> None:
    """Why, in words of both languages, by nobody of the staff's own will."""
    begun(at, 35 * MINUTE)
    (line,) = lines()
    assert line.why
    assert (line.why.code, line.why.facts, line.day) == (
        "waiting_made_good",
        (("minutes", "35"), ("percent", "10")),
        date(2026, 3, 2),
    )


def test_once_a_visit(at: Any) -> None:
    """The same tap again, another key, completing it: one credit, one message."""
    begun(at, 35 * MINUTE, key=KEY % 1)
    assert desk("begin", key=KEY % 1).status == 200
    assert desk("begin", key=KEY % 2).code == "move_not_allowed"
    at(90 * MINUTE)
    assert desk("complete").status == 200
    assert (credit(), len(lines()), len(told())) == (1000, 1, 1)


def test_taken_back_with_the_step(at: Any) -> None:
    """Begun by mistake, and again: the first is reversed and not told, the second measured anew and credited."""
    begun(at, 20 * MINUTE)
    at(21 * MINUTE)
    assert desk("undo").body["kept_waiting"] == 0
    assert (credit(), since(), told()) == (0, None, [("made_good", MessageStatus.SKIPPED)])
    at(65 * MINUTE)
    desk("begin")
    assert (credit(), len(lines()), visit().made_good) == (2500, 3, 2500)
    assert sorted(status for _, status in told()) == ["queued", "skipped"]


def test_longer_than_was_thought_it_is_not_made_good_twice(at: Any) -> None:
    """What was credited stays; said to have been none, it goes."""
    begun(at, 20 * MINUTE)
    assert credit() == 500
    assert desk("kept-waiting", {"minutes": 65}).status == 200
    assert (visit().kept_waiting, visit().made_good, credit()) == (65, 500, 500)
    assert desk("kept-waiting", {"minutes": 0}).status == 200
    assert (visit().made_good, credit()) == (0, 0)


def test_without_a_cap_every_wait_is_made_good(at: Any) -> None:
    """However much it comes to on one day."""
    sells(MakeGoodRules(day_cap=None))
    for id in ("a-2", "a-3"):
        another(id, client=id)
        lotus.known(replace(a_client(), id=id, email=f"{id}@example.com"))
    for id in ("a-1", "a-2", "a-3"):
        begun(at, 65 * MINUTE, visit=id)
    assert [visit(id).made_good for id in ("a-1", "a-2", "a-3")] == [2500] * 3


def test_not_so_after_all(at: Any) -> None:
    """Whoever was there says that nobody waited: no credit, no message, nobody comes first."""
    begun(at, 20 * MINUTE)
    assert desk("kept-waiting", {"minutes": 0}).status == 200
    assert (credit(), visit().made_good, since()) == (0, 0, None)
    assert told() == [("made_good", MessageStatus.SKIPPED)]


def test_what_was_spent_stays(at: Any) -> None:
    """Who has paid with it owes nothing for our mistake in counting."""
    begun(at, 20 * MINUTE)
    before = ledger.balance("lotus", "c-1", "CNY")
    how = Occasion("c-1#-#fee", "staff:mei", STARTS, date(2026, 3, 2), None, because(Code.FEE_NO_SHOW))
    owing = acts.fee(Statement(before), how, Money(500, "CNY"))
    paid = acts.paid(Statement(before.after(owing)), replace(how, id="c-1#-#paid"), Money(500, "CNY"), Means.CREDIT)
    with together() as transaction:
        ledger.put(before, (owing, paid), transaction)
    at(21 * MINUTE)
    assert desk("undo").status == 200
    assert (credit(), ledger.balance("lotus", "c-1", "CNY").owed) == (0, 0)


def test_a_cap_for_the_day(at: Any) -> None:
    """Of three, the second gets what is left and the third its place in line; none of them too much."""
    sells(MakeGoodRules(day_cap=1500))
    for id in ("a-2", "a-3"):
        another(id, client=id)
        lotus.known(replace(a_client(), id=id, email=f"{id}@example.com"))
    for id in ("a-1", "a-2", "a-3"):
        begun(at, 30 * MINUTE, visit=id)
    assert [visit(id).made_good for id in ("a-1", "a-2", "a-3")] == [1000, 500, 0]
    assert [len(told(id)) for id in ("a-1", "a-2", "a-3")] == [1, 1, 1]
    assert wronged_since(clients.load("lotus", "a-3"))


def test_room_again(at: Any) -> None:
    """What is taken back on the day, by its step or by hand in the ledger, may be credited to others on it."""
    sells(MakeGoodRules(day_cap=1000))
    another("a-2")
    another("a-3")
    begun(at, 30 * MINUTE)
    desk("undo")
    begun(at, 30 * MINUTE, visit="a-2")
    assert credit() == 1000
    (line,) = lines("a-2")
    path = "POST /v1/desk/clients/c-1/money/corrections"
    back = ask(
        clients_handler.handler,
        path,
        {"entry": line.id, "reason": "mistake"},
        role="manager",
        staff="jun",
        key=KEY % 9,
    )
    assert (back.status, credit()) == (201, 0), back.body
    begun(at, 30 * MINUTE, visit="a-3")
    assert credit() == 1000


@pytest.mark.parametrize(
    ("tz", "first", "second", "capped"),
    [
        ("Asia/Shanghai", datetime(2026, 3, 2, 15, 20, tzinfo=UTC), datetime(2026, 3, 2, 15, 40, tzinfo=UTC), False),
        ("Asia/Shanghai", datetime(2026, 3, 2, 15, 10, tzinfo=UTC), datetime(2026, 3, 2, 15, 20, tzinfo=UTC), True),
        ("Europe/Berlin", datetime(2026, 3, 28, 22, 20, tzinfo=UTC), datetime(2026, 3, 29, 21, 50, tzinfo=UTC), False),
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 20, tzinfo=UTC), datetime(2026, 3, 29, 21, 20, tzinfo=UTC), True),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 20, tzinfo=UTC), datetime(2026, 10, 25, 22, 20, tzinfo=UTC), True),
    ],
    ids=["over midnight", "the same evening", "two dates", "a day of 23 hours", "a day of 25 hours"],
)
def test_whose_day(at: Any, tz: str, first: datetime, second: datetime, capped: bool) -> None:
    """The cap is the local day's on which the wait ended."""
    sells(MakeGoodRules(day_cap=1000), tz)
    for id, starts in (("b-1", first), ("b-2", second)):
        another(id, starts)
        at(starts)
        assert desk("check-in", visit=id).status == 200
        at(starts + 30 * MINUTE)
        assert desk("begin", visit=id).status == 200
    assert [visit(id).made_good for id in ("b-1", "b-2")] == [1000, 0 if capped else 1000]


def test_nobodys_fault(at: Any) -> None:
    """Through a storm nothing is credited: it is told as what it is, and the client comes first all the same."""
    sells(MakeGoodRules(nobodys_fault=date(2026, 3, 2)))
    begun(at, 40 * MINUTE)
    assert (credit(), told()) == (0, [("nobodys_fault", MessageStatus.QUEUED)])
    assert since()


@pytest.mark.parametrize(
    "rules", [MakeGoodRules(on=False), MakeGoodRules(steps=(WaitStep(45, 50),))], ids=["off", "within their standard"]
)
def test_nothing_where_nothing_is_promised(at: Any, rules: MakeGoodRules) -> None:
    sells(rules)
    begun(at, 40 * MINUTE)
    assert (credit(), told()) == (0, [])


def test_what_has_no_price(at: Any) -> None:
    """Is made good by the place in line, and the text names no sum."""
    another("a-2")
    lotus.put(replace(an_appointment("a-4", starts=STARTS + timedelta(hours=2)), price=None))
    at(timedelta(hours=2))
    desk("check-in", visit="a-4")
    at(timedelta(hours=2, minutes=30))
    desk("begin", visit="a-4")
    assert (credit(), told("a-4")) == (0, [("made_good", MessageStatus.QUEUED)])


@pytest.mark.parametrize(
    ("locale", "says"),
    [("en", ("35 minutes", "CN¥10.00", "come first")), ("zh-Hans", ("35分钟", "¥10.00", "优先"))],
)
def test_the_words(at: Any, locale: str, says: tuple[str, ...]) -> None:
    """What happens now, what they get, and nothing that begs pardon."""
    before = clients.load("lotus", "c-1")
    clients.put_alone(replace(before, locale=locale))
    begun(at, 35 * MINUTE)
    (message,) = [it for it in messages.about("lotus", "a-1") if it.stage == "made_good"]
    about = to_client(message, catalogs.load("lotus"), now=STARTS + 36 * MINUTE)
    assert isinstance(about, ToClient)
    text = about.parcel(now=STARTS + 36 * MINUTE).rendered.text
    assert all(word in text for word in says), text


def test_served_well_once(at: Any) -> None:
    """A later visit that is completed without a wait ends it; taken back, they come first again; another wait does not
    end it."""
    begun(at, 35 * MINUTE)
    at(95 * MINUTE)
    desk("complete")
    assert since() == STARTS + 35 * MINUTE
    for id, hours in (("a-2", 24), ("a-3", 48)):
        another(id, STARTS + timedelta(hours=hours))
    at(timedelta(hours=24))
    desk("check-in", visit="a-2")
    at(timedelta(hours=24, minutes=20))
    desk("begin", visit="a-2")
    desk("complete", visit="a-2")
    assert since() == STARTS + 35 * MINUTE
    at(timedelta(hours=48))
    for act in ("check-in", "begin", "complete"):
        desk(act, visit="a-3")
    assert since() is None
    desk("undo", visit="a-3")
    assert since() == STARTS + 35 * MINUTE


def test_cancelled_and_moved_by_us(at: Any) -> None:
    """At short notice it is our mistake; on again it is none."""
    at(-10 * MINUTE)
    assert desk("cancel", {"reason": "other"}).status == 200
    assert since() == STARTS - 10 * MINUTE
    assert desk("undo").status == 200
    assert since() is None
    assert desk("reschedule", {"start": (STARTS + timedelta(hours=1)).isoformat()}).status == 200
    assert since() == STARTS - 10 * MINUTE


def test_said_for_the_client(at: Any) -> None:
    """What they asked for themselves is no mistake of ours."""
    at(-10 * MINUTE)
    assert desk("cancel", {"reason": "other", "for_client": True}).status == 200
    assert since() is None


def test_cut_short(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the write nothing is half done; after it, the same request finds it done. Once in both."""
    at(timedelta(0))
    desk("check-in")
    at(35 * MINUTE)
    for moment in ({"before": die}, {"after": die}):
        with monkeypatch.context() as patch:
            meddle(patch, **moment)
            with pytest.raises(Killed):
                desk("begin", key=KEY % 1)
        assert credit() == (0 if "before" in moment else 1000)
    assert desk("begin", key=KEY % 1).status == 200
    assert (credit(), len(lines()), len(told())) == (1000, 1, 1)


def test_two_begin_at_once(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has read what the cap had before the first wrote: it is lost, and decides again."""
    sells(MakeGoodRules(day_cap=1000))
    another("a-2")
    at(timedelta(0))
    desk("check-in")
    desk("check-in", visit="a-2")
    at(30 * MINUTE)
    meddle(monkeypatch, before=lambda: desk("begin", visit="a-2"))
    assert desk("begin").status == 200
    assert (visit("a-2").made_good, visit("a-1").made_good, credit()) == (1000, 0, 1000)
