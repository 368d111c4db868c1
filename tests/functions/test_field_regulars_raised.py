"""Whoever fades is brought to the owner's notice, and terms are opened to be looked at again: once, from what was
written, whatever comes again, in another order, or is taken back; and settled by one click."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import clients as clients_handler
import event_stream
import follow_ups as handler
from kept import clock
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason, Status
from kept.business.change_rules import ChangeRules
from kept.business.loyalty_rules import FadingRules, ReviewRules
from kept.clients.standing import Standing
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.storage import appointments, catalogs, clients, follow_ups
from kept.storage.transaction import together
from kept.use_cases.policy import regulars
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.streamed import a_record

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NOW = STARTS
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"
MEI = Actor("staff", "mei")


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na has kept a visit a month for eight months, mostly Mei's."""
    at(monkeypatch, NOW)
    lotus.open_both()
    lotus.known(a_client())
    for n in range(2, 9):
        it = an_appointment(f"a-{n}", starts=STARTS - n * 30 * DAY)
        lotus.put(it.complete(Change(KEPT, it.ends)))


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def sets(**rules: Any) -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, **rules)))
    catalogs.forget()


def ended(id: str, weeks: float, how: Callable[[Appointment], Appointment]) -> dict[str, Any]:
    """It turned out so, as the stream tells of it."""
    before = lotus.put(an_appointment(id, starts=STARTS - weeks * WEEK))
    return turned(before, how(before))


def turned(before: Appointment, after: Appointment) -> dict[str, Any]:
    with together() as transaction:
        appointments.put(after, None, transaction)
    items = (appointments.as_item(one, None) for one in (replace(before, revision=before.revision - 1), before))
    old, _ = items
    new = appointments.as_item(replace(after, revision=before.revision), None)
    return a_record(new, before=old, number=before.revision)


def missed(it: Appointment) -> Appointment:
    return it.mark_no_show(Change(KEPT, it.starts + timedelta(minutes=20)), evidence=())


def cancelled(it: Appointment) -> Appointment:
    return it.cancel(Change(CLIENT, it.starts - DAY), rules=ChangeRules())


def completed(it: Appointment) -> Appointment:
    return it.complete(Change(KEPT, it.ends))


def read(*records: dict[str, Any]) -> None:
    assert event_stream.handler({"Records": list(records)}, None) == {"batchItemFailures": []}


def opened(cause: OpenedBy) -> list[FollowUp]:
    found = [follow_ups.load("lotus", it.id) for it in follow_ups.of_client("lotus", ["c-1"])]
    return [it for it in found if it.cause is cause]


def test_the_owner_hears_once_that_a_reliable_client_begins_to_fade() -> None:
    """In words, about the visit that showed it; whatever comes again or after it, it is raised once."""
    first, second = ended("a-90", 3, missed), ended("a-91", 2, cancelled)
    read(first)
    read(second, second, first)
    third = ended("a-92", 1, missed)
    read(third, second)
    (found,) = opened(OpenedBy.FADING)
    assert (found.assignee, found.about) == ("jun", "a-91")
    told = ask(
        handler.handler, f"GET /v1/desk/follow-ups/{found.id}", query={"locale": "en"}, role="staff", language="en"
    )
    why = told.body["history"][0]["why"]
    assert why == "Kept 7 visits within twelve months, and then missed or cancelled 2 of the last 3"


def test_one_lapse_is_told_to_nobody_nor_is_anything_where_it_is_not_watched() -> None:
    read(ended("a-90", 3, missed))
    sets(fading=FadingRules(watched=False))
    read(ended("a-91", 2, missed))
    assert opened(OpenedBy.FADING) == []


def test_it_is_raised_again_only_of_who_was_reliable_anew() -> None:
    sets(fading=FadingRules(kept=2))
    read(ended("a-90", 9, missed), ended("a-91", 8, missed), ended("a-92", 7, missed))
    assert len(opened(OpenedBy.FADING)) == 1
    read(*(ended(f"a-8{n}", 6 - n, completed) for n in range(2)))
    read(ended("a-93", 2, missed), ended("a-94", 1, missed))
    assert len(opened(OpenedBy.FADING)) == 2


@pytest.mark.parametrize(
    ("weeks", "reason", "becomes"),
    [
        pytest.param(2, ReversalReason.CAME_AFTER_ALL, Status.COMPLETED, id="seen after its end"),
        pytest.param(1 / 336, ReversalReason.CAME_AFTER_ALL, Status.ARRIVED, id="seen half an hour in"),
        pytest.param(1 / 336, ReversalReason.MISTAKE, Status.BOOKED, id="marked by mistake"),
    ],
)
def test_what_turns_out_otherwise_takes_it_back_and_may_raise_it_anew(
    weeks: float, reason: ReversalReason, becomes: Status
) -> None:
    """Who came after all warns of nothing."""
    read(ended("a-90", 3, missed), ended("a-91", weeks, missed))
    visit = appointments.load("lotus", "a-91")
    back = visit.reverse_no_show(reason, Change(MEI, NOW))
    assert back.status is becomes
    read(turned(visit, back))
    (found,) = opened(OpenedBy.FADING)
    assert (found.is_over, clients.load("lotus", "c-1").fading_at) == (True, None)
    visit = appointments.load("lotus", "a-91")
    if not visit.is_expected:
        read(turned(visit, visit.undo(Change(MEI, NOW))))
        visit = appointments.load("lotus", "a-91")
    read(turned(visit, missed(visit)))
    (found,) = opened(OpenedBy.FADING)
    assert not found.is_over


def test_terms_are_opened_for_whom_they_come_to_most_once_a_period(monkeypatch: pytest.MonkeyPatch) -> None:
    record = ended("a-90", 1, completed)
    read(record, record)
    read(ended("a-91", 0.5, completed))
    (found,) = opened(OpenedBy.TERMS_REVIEW)
    assert (found.assignee, found.about) == ("mei", "")
    assert clients.load("lotus", "c-1").reviewed_at == NOW
    at(monkeypatch, NOW + 190 * DAY)
    for n in range(6):
        read(ended(f"a-7{n}", -n - 20, completed))
    assert len(opened(OpenedBy.TERMS_REVIEW)) == 2


@pytest.mark.parametrize("rules", [ReviewRules(months=None), ReviewRules(often=9), ReviewRules(months=24)], ids=str)
def test_nothing_is_opened_that_is_not_due(rules: ReviewRules) -> None:
    sets(review=rules)
    read(ended("a-90", 1, completed))
    assert opened(OpenedBy.TERMS_REVIEW) == []


def test_a_business_and_a_client_that_are_gone_stop_nothing() -> None:
    visit = replace(an_appointment("a-90"), client="c-9")
    for it in (visit, replace(visit, business="nobody")):
        read(a_record(appointments.as_item(missed(it), None), before=appointments.as_item(it, None)))
    assert opened(OpenedBy.FADING) == []


def test_whoever_wrote_meanwhile_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two look at once: the second sees what the first has raised."""
    read(ended("a-90", 3, missed))
    record, writes = ended("a-91", 2, missed), list[int]()
    write = regulars._write

    def between(client: Any, follow_up: Any) -> None:
        if not writes:
            writes.append(1)
            clients.put_alone(replace(clients.load("lotus", "c-1"), tags=("tea",)))
        write(client, follow_up)

    monkeypatch.setattr(regulars, "_write", between)
    read(record)
    assert len(opened(OpenedBy.FADING)) == 1
    assert clients.load("lotus", "c-1").tags == ("tea",)


# Settled by a click.


@pytest.fixture
def to_look_at() -> FollowUp:
    read(ended("a-90", 1, completed))
    return opened(OpenedBy.TERMS_REVIEW)[0]


def settled(of: FollowUp, said: dict[str, Any], *, key: str = "", **asker: str) -> Answer:
    path = f"POST /v1/desk/follow-ups/{of.id}/terms"
    return ask(handler.handler, path, said, key=key, **({"role": "staff"} | asker))  # type: ignore[arg-type]


CHANGED = {"outcome": "changed", "standing": "deposit_required", "why": "Three late this spring.", "until": None}


def test_terms_that_stay_are_settled_by_one_click(to_look_at: FollowUp) -> None:
    first = settled(to_look_at, {"outcome": "kept"}, key=KEY % 1)
    assert first.status == 200
    found = follow_ups.load("lotus", to_look_at.id)
    assert (found.is_over, found.last.why) == (True, "terms_kept")
    assert settled(to_look_at, {"outcome": "kept"}, key=KEY % 1).body == first.body
    assert clients.load("lotus", "c-1").standing_set is None


def test_terms_that_change_are_a_persons_word(to_look_at: FollowUp) -> None:
    assert settled(to_look_at, CHANGED, key=KEY % 1).status == 200
    word = clients.load("lotus", "c-1").standing_set
    assert word
    assert (word.standing, word.why, word.by) == (Standing.DEPOSIT_REQUIRED, "Three late this spring.", "mei")
    assert follow_ups.load("lotus", to_look_at.id).is_over
    assert settled(to_look_at, CHANGED, key=KEY % 1).status == 200


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        pytest.param({}, 422, "invalid_request", id="nothing"),
        pytest.param({"outcome": "perhaps"}, 422, "invalid_request", id="an outcome that there is not"),
        pytest.param({"outcome": "changed"}, 422, "invalid_request", id="changed, and not to what"),
        pytest.param(CHANGED | {"why": " "}, 422, "invalid_request", id="no reason"),
        pytest.param(CHANGED | {"standing": "dismissed"}, 422, "invalid_request", id="dismissed needs its letter"),
        pytest.param(CHANGED | {"until": "2020-01-01T00:00:00Z"}, 422, "standing_ended", id="over already"),
        pytest.param({"outcome": "kept", "standing": "good", "why": "x"}, 422, "invalid_request", id="both"),
    ],
)
def test_what_settles_nothing_is_refused(to_look_at: FollowUp, said: dict[str, Any], status: int, code: str) -> None:
    before = lotus.everything()
    answer = settled(to_look_at, said)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


def test_only_what_asks_for_it_is_settled_so() -> None:
    """Nor by another business."""
    read(ended("a-90", 3, missed), ended("a-91", 2, missed))
    (other,) = opened(OpenedBy.FADING)
    before = lotus.everything()
    assert settled(other, {"outcome": "kept"}).code == "unknown_follow_up"
    assert settled(other, {"outcome": "kept"}, business="garage").code == "unknown_follow_up"
    assert lotus.everything() == before


def test_it_stands_on_the_clients_page_that_they_cancel_early() -> None:
    ahead = an_appointment("a-90", starts=STARTS + 9 * DAY)
    ahead = replace(ahead, history=(replace(ahead.history[0], at=NOW - DAY),))
    lotus.put(ahead.cancel(Change(CLIENT, NOW), rules=ChangeRules()))
    said = {"en": "Visits cancelled in good time since Mon, Mar 2: 1", "zh-Hans": "自3月2日周一以来提前取消1次"}
    for language, words in said.items():
        told = ask(clients_handler.handler, "GET /v1/desk/clients/c-1", role="staff", language=language).body
        assert told["standing"]["early"] == words
        assert told["standing"]["cancelled_early"] == 1
