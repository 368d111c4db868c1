"""After a missed visit: written to the same day, after two days and after seven, by itself; stopped by any answer or a
new booking, let go in the end, or left to the owner where money is owed. By the worker, with the clock set forward."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import follow_up_worker
import front_desk
import message_sender
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.business.change_rules import ChangeRules, Terms
from kept.channels import Channel
from kept.errors import InvalidSetting
from kept.follow_up.events import Reopening, What
from kept.follow_up.follow_up import FollowUp, line
from kept.follow_up.ladder import Ladder
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ServicePolicy
from kept.messaging.message import MessageStatus
from kept.storage import follow_up_policies, follow_ups, ledger, messages
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import together
from kept.timekeeping.weekly_hours import Window, WorkingHours
from tests import lotus
from tests.asking import ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.refusing import DESK
from tests.stopping import records

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FEES = Terms(48 * HOUR, 15 * MINUTE, missed_fee=3000, currency="CNY")
MARKED = STARTS + 30 * MINUTE
LATER = datetime(2026, 3, 20, 2, tzinfo=UTC)
NAME = "a-1-v1-no_show"


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch)


def begin(
    monkeypatch: pytest.MonkeyPatch, *, marked: datetime = MARKED, terms: Terms | None = None, tz: str = ""
) -> None:
    salon = lotus.the_salon()
    business = replace(salon.business, attendance=CHECKS_IN, tz=tz or salon.business.tz)
    lotus.store(replace(salon, business=business))
    lotus.known(replace(a_client(), locale="en", tz=business.tz))
    lotus.put(replace(an_appointment(starts=marked - 30 * MINUTE), accepted=terms))
    monkeypatch.setattr(clock, "now", lambda: marked)
    assert ask(front_desk.handler, f"POST {DESK}/a-1/no-show", {}, role="staff").status == 200


def stored(name: str = NAME) -> FollowUp:
    return follow_ups.load("lotus", name)


def due_at() -> datetime | None:
    """When the sweep finds it."""
    item = FollowUpItem.get("lotus", NAME)
    return datetime.fromtimestamp(int(item.due_at), UTC) if item.due_at else None


def look(now: datetime, name: str = NAME) -> None:
    """The worker, where the sweep would have found it due."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        follow_up_worker.handler(records(("lotus", name)), None)


def each_day(until: timedelta, *, every: timedelta = 6 * HOUR) -> None:
    for n in range(1, until // every + 1):
        look(MARKED + n * every)


def letters() -> list[tuple[str, timedelta]]:
    """The texts to the client after the first, and how long after the mark each was made."""
    found = [it for it in messages.about("lotus", "a-1") if it.stage in ("missed_again", "missed_last")]
    return [(it.stage, it.created_at - MARKED) for it in sorted(found, key=lambda it: it.created_at)]


BOTH = [("missed_again", 2 * DAY), ("missed_last", 7 * DAY)]


@pytest.mark.usefixtures("usual")
def test_whoever_does_not_answer_is_written_to_twice_more_and_then_let_go() -> None:
    """Each once, however often it is looked at; a day after the last the matter is over."""
    each_day(10 * DAY)
    look(MARKED + 9 * DAY)
    assert letters() == BOTH
    last = stored().last
    assert (stored().is_over, last.to, last.at) == (True, "ghosted", MARKED + 8 * DAY)
    assert [it.to for it in stored().history if it.what is What.TRIED] == [Channel.EMAIL, Channel.EMAIL]


def writes(what: What, hours: int, **how: Any) -> Callable[[], None]:
    def act() -> None:
        by, at = CLIENT if what is What.CLIENT_WROTE else Actor("staff", "mei"), MARKED + hours * HOUR
        before = stored()
        said = line(what, Change(by, at), **how)
        follow_ups.put_alone(before.record(said, follow_ups.policies(before), now=at))

    return act


def books_again() -> None:
    lotus.put(replace(an_appointment("a-2", starts=MARKED + 5 * DAY), booked_at=MARKED + 30 * HOUR))


def cancels_a_new_one() -> None:
    it = replace(an_appointment("a-2", starts=MARKED + 5 * DAY), booked_at=MARKED + 30 * HOUR)
    lotus.put(it.cancel(Change(CLIENT, MARKED + 31 * HOUR), rules=ChangeRules()))


def is_taken_back() -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: MARKED + HOUR)
        body = {"reason": "our_fault"}
        assert ask(front_desk.handler, f"POST {DESK}/a-1/reverse-no-show", body, role="staff").status == 200


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize(
    ("act", "sent", "ended"),
    [
        pytest.param(writes(What.CLIENT_WROTE, 20), [], "", id="they answer"),
        pytest.param(writes(What.ANSWERED, 20), [], "", id="they are reached by telephone"),
        pytest.param(writes(What.RESOLVED, 20, to="settled"), [], "settled", id="it is closed"),
        pytest.param(writes(What.WAITING, 20, until=MARKED + 60 * HOUR), [BOTH[1]], "ghosted", id="put off"),
        pytest.param(writes(What.TRIED, 20, to="call"), BOTH, "ghosted", id="called in vain: the letters go on"),
        pytest.param(books_again, [], "lapsed", id="they book again"),
        pytest.param(cancels_a_new_one, BOTH, "ghosted", id="what they booked is cancelled"),
        pytest.param(is_taken_back, [], "lapsed", id="it is taken back"),
    ],
)
def test_any_answer_stops_it(act: Callable[[], None], sent: list[tuple[str, timedelta]], ended: str) -> None:
    act()
    each_day(10 * DAY)
    assert letters() == sent
    assert (stored().last.to if stored().is_over else "") == ended


def test_where_money_is_owed_the_owner_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is let go who owes; the matter of the visit is over, that of the money is the owner's."""
    begin(monkeypatch, terms=FEES)
    assert ledger.balance("lotus", "c-1", "CNY").owed == 3000
    each_day(10 * DAY)
    owed = stored(f"{NAME}-owed")
    assert (owed.cause, owed.assignee, owed.about, owed.opened_at) == (OpenedBy.OWED, "jun", "a-1", MARKED + 8 * DAY)
    assert (stored().is_over, stored().last.to) == (True, "lapsed")
    for day in range(9, 40):
        look(MARKED + day * DAY, owed.id)
    assert not stored(owed.id).is_over


@pytest.mark.usefixtures("usual")
def test_after_an_outage_the_last_letter_goes_out_alone() -> None:
    look(MARKED + 7 * DAY + 5 * HOUR)
    look(MARKED + 7 * DAY + 6 * HOUR)
    assert letters() == [("missed_last", 7 * DAY + 5 * HOUR)]


@pytest.mark.usefixtures("usual")
def test_who_is_not_to_be_written_to_is_not_looked_at_over_and_over() -> None:
    """It was our fault, and yet the matter was taken up again: while its miss waits for Friday, when everybody works
    next, the time of the last letter passes."""
    is_taken_back()
    fridays = WorkingHours({4: (Window(9 * 60, 20 * 60),)})
    staff = {id: replace(it, hours=fridays) for id, it in lotus.the_salon().staff.items()}
    lotus.store(replace(lotus.the_salon(), staff=staff))
    before, at = stored(), MARKED + 4 * DAY
    reopened = line(What.REOPENED, Change(Actor("staff", "mei"), at), to=Reopening.NEW_CYCLE)
    follow_ups.put_alone(before.record(reopened, follow_ups.policies(before), now=at))
    looks = [at]
    while (due := due_at()) and due < MARKED + 12 * DAY and len(looks) < 100:
        looks.append(max(due, looks[-1] + MINUTE))
        look(looks[-1])
    assert letters() == []
    assert MARKED + 7 * DAY in looks
    assert len(looks) < 12


@pytest.mark.usefixtures("usual")
def test_as_the_owner_sets_it() -> None:
    """Other days, another channel, and one attempt that a person makes."""
    ladder = Ladder((timedelta(0), DAY, 3 * DAY, 5 * DAY), DAY, ("", "missed_last", "missed_again"), ("", "sms"))
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(2, ladder=ladder), transaction)
    before = stored()
    follow_ups.put_alone(
        before.record(line(What.POLICY, Change(Actor("staff", "jun"), MARKED + MINUTE), to="2"),
                      follow_up_policies.load("lotus", [1, 2]), now=MARKED + MINUTE)
    )  # fmt: skip
    each_day(8 * DAY)
    assert letters() == [("missed_last", 3 * DAY), ("missed_again", 5 * DAY)]
    found = {it.stage: it.channel for it in messages.about("lotus", "a-1")}
    assert (found["missed_last"], found["missed_again"]) == (Channel.SMS, Channel.EMAIL)


@pytest.mark.parametrize(
    ("marked", "second"),
    [
        pytest.param(datetime(2026, 3, 27, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC), id="spring"),
        pytest.param(datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, tzinfo=UTC), id="autumn"),
    ],
)
def test_over_a_change_of_the_clock_two_days_are_two_days_and_no_letter_comes_by_night(
    monkeypatch: pytest.MonkeyPatch, marked: datetime, second: datetime
) -> None:
    """At 22:00 UTC it is night in Berlin, before and after: it waits for eight o'clock by the new time."""
    begin(monkeypatch, marked=marked, tz="Europe/Berlin")
    look(second - MINUTE)
    assert [it for it in messages.about("lotus", "a-1") if it.stage == "missed_again"] == []
    look(second)
    (letter,) = (it for it in messages.about("lotus", "a-1") if it.stage == "missed_again")
    monkeypatch.setattr(clock, "now", lambda: second)
    message_sender.handler(records(("lotus", letter.id)), None)
    after = messages.find("lotus", letter.id)
    assert after is not None
    assert after.status in (MessageStatus.QUEUED, MessageStatus.DELAYED)
    assert after.due_at is not None
    morning = 6 if second.month == 3 else 7  # 08:00 there, in UTC
    assert (after.due_at.hour, after.due_at.date()) == (morning, second.date() + DAY)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"writes": ("survey",)}, "ladder.writes"),
        ({"over": ("pigeon",)}, "ladder.over"),
        ({"over": ("call",)}, "ladder.over"),
    ],
)
def test_a_letter_that_is_none_is_refused(how: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Ladder(**how)
    assert refused.value.facts["field"] == field
