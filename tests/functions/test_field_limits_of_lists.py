"""The rule: what is read whole has an end, or comes in one request. Nobody reads what belongs to other businesses, or
one thing after the other what can be read together; what must go into one write and does not fit goes into several.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

import clients as desk_clients
import follow_up_worker
import follow_ups as follow_ups_function
import front_desk
import put_back
from kept import clock
from kept.actor import KEPT, Change
from kept.booking.availability import FreeSlot
from kept.booking.busy_hours import Busy
from kept.channels import Channel
from kept.follow_up.events import What
from kept.follow_up.follow_up import line
from kept.follow_up.notices import FIRST, digest
from kept.follow_up.policy import ASSIGNEE, OWNER, Level, Row, ServicePolicy, Threshold
from kept.lanes import Key, Lane
from kept.messaging.message import Message
from kept.messaging.received import Received
from kept.pages.booking import choosing
from kept.storage import appointments, aside, catalogs, follow_up_policies, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking.open_times import ask as asked
from kept.use_cases.follow_ups import clock_check, late_list
from kept.use_cases.messaging import correspondence
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_client, a_follow_up, an_appointment

WEEK = STARTS + timedelta(days=7)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.open_both()
    lotus.known()
    monkeypatch.setattr(clock, "now", lambda: WEEK)


def requests_of(patched: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is asked of the tables from now on: the operation and the table."""
    kinds: Any = BaseClient
    call, made = kinds._make_api_call, list[tuple[str, str]]()

    def noted(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name == "dynamodb":
            made.append((operation, request.get("TableName") or next(iter(request.get("RequestItems", {"": 0})))))
        return call(client, operation, request)

    patched.setattr(BaseClient, "_make_api_call", noted)
    return made


def with_notices(thresholds: int, levels: int = 1) -> None:
    """From now on a follow-up has so many reminders before it is late, for each clock, and so many levels after."""
    policy = ServicePolicy(
        2,
        rows=(Row(timedelta(hours=24), timedelta(hours=24), timedelta(hours=30)),),
        thresholds=tuple(Threshold(percent=n) for n in range(1, min(thresholds, 99) + 1))
        + tuple(Threshold(minutes_after=n) for n in range(1, thresholds - 98)),
        levels=(Level(ASSIGNEE), *(Level(OWNER, timedelta(minutes=n)) for n in range(1, levels))),
    )
    with together() as transaction:
        follow_up_policies.put("lotus", policy, transaction)
    catalogs.forget()


def opened(id: str) -> None:
    lotus.open_follow_up(replace(a_follow_up(policy=2), id=id))


def merge() -> Any:
    body = {"taken": "f-2", "why": "The same visit."}
    return ask(follow_ups_function.handler, "POST /v1/desk/follow-ups/f-1/merge", body, role="staff")


@pytest.mark.parametrize(
    ("thresholds", "levels"),
    [
        pytest.param(1, 1, id="a reminder or two"),
        pytest.param(18, 2, id="as many as go into the write"),
        pytest.param(19, 1, id="just one more"),
        pytest.param(20, 1, id="just too many"),
        pytest.param(40, 1, id="twice as many"),
        pytest.param(120, 1, id="and minutes after"),
        pytest.param(99, 30, id="and thirty levels"),
        pytest.param(150, 10, id="hundreds"),
    ],
)
def test_two_follow_ups_of_which_nothing_was_told_yet_are_merged(thresholds: int, levels: int) -> None:
    with_notices(thresholds, levels)
    opened("f-1")
    opened("f-2")
    done = merge()
    assert done.status == 200, done.body
    told = [{it.id.partition("#")[2] for it in messages.about("lotus", id)} for id in ("f-1", "f-2")]
    assert told[0] == told[1]
    assert len(told[0]) >= 2 * thresholds, "of two clocks at least, each once"
    kept = follow_ups.load("lotus", "f-1")
    assert kept.processed_until == follow_ups.load("lotus", "f-2").processed_until == WEEK
    assert [line.what for line in kept.history][-1] is What.MERGED


@pytest.mark.parametrize("most", [1, 2, 7, clock_check.MOST])
def test_what_a_change_of_targets_brings_to_one_instant_is_told_to_the_last(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More at one instant than go into one write: each look tells some, and the last of them is reached."""
    monkeypatch.setattr(clock_check, "MOST", most)
    with_notices(12 if most < clock_check.MOST else 99)
    lotus.open_follow_up(a_follow_up(opened=STARTS))
    before = follow_ups.load("lotus", "f-1").looked(WEEK - timedelta(minutes=1))
    policies = {**follow_ups.policies(before), **follow_up_policies.load("lotus", [2])}
    change = line(What.POLICY, Change(KEPT, WEEK - timedelta(minutes=1)), to="2")
    follow_ups.put_alone(before.record(change, policies, now=WEEK - timedelta(minutes=1)))
    for _ in range(400):
        follow_up_worker.tell("lotus", "f-1", now=WEEK)
        if follow_ups.load("lotus", "f-1").processed_until == WEEK:
            break
    assert follow_ups.load("lotus", "f-1").processed_until == WEEK
    assert len(messages.about("lotus", "f-1")) >= 24


def set_some_aside(business: str, count: int) -> None:
    for n in range(count):
        visit = replace(an_appointment(f"{business}-{n}", starts=STARTS + timedelta(hours=n)), business=business)
        with together() as transaction:
            appointments.put(visit, (Lane.REMINDER, STARTS), transaction)
        assert aside.set_aside(Key(Lane.REMINDER, business, visit.id), now=WEEK)


def test_what_was_set_aside_is_read_of_one_business_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query a lane, and nothing of what others have; of more than a hundred the oldest. Whose they are is read
    together."""
    set_some_aside("garage", 30)
    set_some_aside("lotus", 3)
    monkeypatch.setattr(aside, "MOST", 2)
    with pytest.MonkeyPatch.context() as patched:
        made = requests_of(patched)
        found = ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body
    assert [one["id"] for one in found] == ["lotus-0", "lotus-1"]
    together = ["BatchGetItem"] * 2
    assert [operation for operation, _ in made] == [*["Query"] * 8, *together], "the catalog, and each lane"
    body = {"lane": "reminder", "id": "lotus-0"}
    assert ask(put_back.handler, "POST /v1/desk/set-aside/put-back", body, role="manager").status == 200
    assert [one["id"] for one in ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body] == [
        "lotus-1",
        "lotus-2",
    ]


@pytest.mark.parametrize("visits", [1, 2, 10, 60])
def test_a_day_is_read_by_as_many_requests_however_many_come(visits: int) -> None:
    """The pages of everybody who works, then all visits, then all their clients together."""
    begins = datetime.fromisoformat("2026-03-02T01:00:00+00:00")
    for n in range(visits):
        lotus.known(replace(a_client(), id=f"c-{n}x", email=f"c{n}@example.com"))
        starts = begins + timedelta(minutes=5 * n)
        visit = an_appointment(f"a-{n}", starts=starts)
        lotus.put(replace(visit, client=f"c-{n}x", slot=replace(visit.slot, ends=starts + timedelta(minutes=5))))
    catalogs.load("lotus")
    with pytest.MonkeyPatch.context() as patched:
        made = requests_of(patched)
        shown = ask(front_desk.handler, "GET /v1/desk/appointments", role="staff", query={"on": "2026-03-02"}).body
    assert len(shown) == visits
    assert [operation for operation, _ in made].count("BatchGetItem") == 2
    assert ("GetItem", "kept-clients") not in made


@pytest.mark.parametrize(
    ("free_in", "worked_out"),
    [(15, 1), (60, 1), (71, 2), (200, 4), (379, 7), (380, 7), (600, 7)],
    ids=lambda it: str(it),
)
def test_the_next_free_day_is_looked_for_no_further_than_it_is_away(
    free_in: int, worked_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty-six days at a time, and a year at most, though the horizon is two."""
    catalog = catalogs.load("lotus")
    service = replace(catalog.services["cut"], horizon=730)
    question = replace(asked(catalog, "cut", None, zone=catalog.business.zone, now=lotus.NOW), service=service)
    there, spans = lotus.NOW.date() + timedelta(days=free_in), list[tuple[date, date]]()

    def free(_: object, first: date, last: date) -> list[FreeSlot]:
        spans.append((first, last))
        noon = int(datetime(there.year, there.month, there.day, 4, tzinfo=UTC).timestamp()) // 60
        return [FreeSlot(noon, noon + 60, ("mei",), ())] if first <= there <= last else []

    monkeypatch.setattr(choosing, "free", free)
    monkeypatch.setattr(choosing, "free_and_busy", lambda *asked: ((found := free(*asked)), [Busy.QUIET] * len(found)))
    found = choosing.choice(question, None, None).next_free
    assert found == (there if free_in <= 14 + 365 else None)
    assert len(spans) == 1 + worked_out
    assert all(last - first < timedelta(days=57) for first, last in spans)


def wrote(count: int, about: str = "a-1", *, first: int = 0) -> None:
    """A message a minute since the visit was booked."""
    for n in range(first, first + count):
        at = lotus.NOW + timedelta(minutes=n)
        messages.put_received(Received("lotus", "c-1", f"k-{n * 7919 % 1000:03}", Channel.SMS, str(n), at, about))


READ = {"replies": "GET /v1/desk/appointments/a-1/replies", "conversation": "GET /v1/desk/clients/c-1/conversation"}


@pytest.mark.parametrize("written", [0, 1, 4, 5, 6, 20, 21, 60])
@pytest.mark.parametrize("shown", READ)
def test_however_much_a_client_wrote_the_latest_alone_is_read(
    shown: str, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order of its writing, whatever their ids."""
    lotus.put(an_appointment())
    wrote(written)
    monkeypatch.setattr(correspondence, "MOST", 5)
    monkeypatch.setattr(messages, "TOGETHER", 5)
    catalogs.load("lotus")
    with pytest.MonkeyPatch.context() as patched:
        made = requests_of(patched)
        found = ask({"replies": front_desk, "conversation": desk_clients}[shown].handler, READ[shown], role="staff")
    assert [line["text"] for line in found.body] == [str(n) for n in range(max(written - 5, 0), written)]
    assert sum(table == "kept-messages" for _, table in made) <= 6


@pytest.mark.parametrize(
    ("others", "found"),
    [
        pytest.param(0, ["0", "1"], id="alone"),
        pytest.param(10, ["0", "1"], id="others since"),
        pytest.param(18, ["0", "1"], id="as many as are read"),
        pytest.param(19, ["1"], id="one more"),
        pytest.param(40, [], id="far more"),
    ],
)
def test_what_was_written_of_one_visit_is_looked_for_among_the_latest(
    others: int, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lotus.put(an_appointment())
    wrote(2)
    wrote(others, "a-2", first=2)
    monkeypatch.setattr(messages, "MOST_READ", 20)
    monkeypatch.setattr(messages, "TOGETHER", 5)
    assert [line["text"] for line in ask(front_desk.handler, READ["replies"], role="staff").body] == found


@pytest.mark.parametrize("before", [0, 1, 2, 8, 9, 10, 11, 12, 30])
def test_the_next_list_of_a_reader_is_made_without_reading_them_all(
    before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is numbered on from the last, and while that is to be sent there is no other."""
    for n in range(before):
        made = digest("lotus", "mei", FIRST + n, now=STARTS)
        lotus.say(made.claimed(until=STARTS).sent(at=STARTS, provider_id="p"))
    with_notices(1)
    opened("f-1")
    opened("f-2")
    monkeypatch.setattr(late_list, "LISTS", 3)
    read, newest = list[int](), messages.newest

    def noted(business: str, about: str, *, limit: int) -> list[Message]:
        found = newest(business, about, limit=limit)
        read.append(len(found))
        return found

    monkeypatch.setattr(messages, "newest", noted)
    follow_up_worker.tell("lotus", "f-1", now=WEEK)
    follow_up_worker.tell("lotus", "f-2", now=WEEK)
    of_mei = messages.about("lotus", "follow_up_digest#mei")
    assert [it.version for it in of_mei if it.is_owed] == [FIRST + before]
    assert len(of_mei) == before + 1
    assert max(read) <= 3
