"""The list of their day that staff get in the morning: at its hour, once, and as the day then stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

import due_sweep
import due_worker
import message_sender
from kept import clock
from kept.actor import CLIENT, KEPT, Change
from kept.business.catalog import StaffMember
from kept.business.change_rules import ChangeRules
from kept.lanes import Lane
from kept.messaging.message import Message, MessageStatus
from kept.storage import catalogs, messages
from kept.storage.zone_updates import LOCAL_TIMES
from kept.use_cases.booking.change import apply_change
from kept.use_cases.business import settings
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import STARTS, a_member, an_appointment
from tests.reasons import why
from tests.stopping import Killed, at_write, die, records
from tests.templates import due

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When the settings were saved; Li Na comes to Mei on Monday at 17:00."""
MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=SHANGHAI)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _open() -> None:
    lotus.open_both()
    set_hour(time(7, 30), at=SUNDAY)
    lotus.known()
    lotus.put(an_appointment())


def set_hour(hour: time | None, *, at: datetime) -> None:
    settings.save_business(replace(lotus.the_salon().business, day_list=hour), now=at)


def set_member(member: StaffMember, *, at: datetime) -> None:
    settings.save_staff("lotus", member, now=at)


@pytest.fixture
def minute(queued: Queued) -> Callable[[datetime], set[str]]:
    """One run of the schedule, and of the worker on what it hands over; whose lists were due.

    The look at the zone's rules shares their lane.
    """

    def run(now: datetime) -> set[str]:
        due_sweep.handler(due(Lane.DAY_LIST, now), None)
        keys = [(key["business"], key["id"]) for key in queued("DUE_QUEUE")]
        work(now, *keys)
        return {id.removeprefix("staff#") for _, id in keys if not id.startswith(f"{LOCAL_TIMES}#")}

    return run


Minute = Callable[[datetime], set[str]]


class Provider:
    """Takes every e-mail."""

    def __init__(self) -> None:
        self.to: list[str] = []
        self.texts: list[str] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        self.to += request["Destination"]["ToAddresses"]
        mail = message_from_bytes(request["Content"]["Raw"]["Data"], policy=policy.default)
        self.texts.append(cast(Any, mail.get_body(("plain",))).get_content())
        return {"MessageId": "p-1"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def work(now: datetime, *keys: tuple[str, str]) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        answer = due_worker.handler(records(*(keys or (("lotus", "staff#mei"),)), lane=Lane.DAY_LIST), None)
        assert answer == {"batchItemFailures": []}


def lists(staff: str = "mei", business: str = "lotus") -> list[Message]:
    return messages.about(business, f"day-{staff}")


def next_list(staff: str = "mei", business: str = "lotus") -> datetime | None:
    return catalogs.list_due(business, staff)


def tomorrow(at: datetime = MONDAY) -> datetime:
    return at + DAY


def test_at_half_past_seven_whoever_has_visits_gets_a_list(minute: Minute, queued: Queued) -> None:
    assert minute(MONDAY - MINUTE) == set()
    assert minute(MONDAY) == {"mei", "jun", "bo"}
    (mine,) = lists()
    assert (mine.recipient, mine.due_at, mine.version) == ("mei", MONDAY, MONDAY.date().toordinal())
    assert (lists("jun"), lists("bo")) == ([], [])
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [mine.id]
    assert minute(MONDAY + MINUTE) == set()


@pytest.mark.parametrize(
    ("saved", "mornings"),
    [
        pytest.param("2026-03-06T18:00Z", ["03-07T12:30", "03-08T11:30", "03-09T11:30"], id="the clock goes forward"),
        pytest.param("2026-10-30T18:00Z", ["10-31T11:30", "11-01T12:30", "11-02T12:30"], id="the clock goes back"),
    ],
)
def test_half_past_seven_is_the_business_s_own_whatever_its_clock_does(
    minute: Minute, saved: str, mornings: list[str]
) -> None:
    settings.save_business(lotus.the_garage().business, now=datetime.fromisoformat(saved))
    for morning in mornings:
        due = datetime.fromisoformat(f"2026-{morning}Z")
        assert next_list("sam", "garage") == due
        assert "sam" in minute(due)


def test_a_day_without_visits_has_none_and_the_next_one_is_due_the_day_after(minute: Minute) -> None:
    minute(MONDAY)
    minute(tomorrow())
    assert [m.version for m in lists()] == [MONDAY.date().toordinal()]
    assert next_list() == tomorrow(tomorrow())


def test_the_worker_called_again_and_again_writes_one(queued: Queued) -> None:
    for minutes in (0, 0, 1, 60):
        work(MONDAY + minutes * MINUTE)
    assert len(lists()) == 1
    assert len(queued("MESSAGES_QUEUE")) == 1


def test_hours_late_it_is_one_and_tomorrow_s_is_in_time(minute: Minute) -> None:
    minute(MONDAY + timedelta(hours=3))
    assert [m.due_at for m in lists()] == [MONDAY]
    assert next_list() == tomorrow()


@pytest.mark.usefixtures("provider")
def test_days_late_the_lists_of_the_past_are_missed_and_today_s_goes_out(minute: Minute) -> None:
    """Two days without the schedule, ending at eight in the morning."""
    lotus.put(an_appointment("a-3", starts=STARTS + 2 * DAY))
    now = MONDAY + 2 * DAY + timedelta(minutes=30)
    minute(now)
    minute(now + MINUTE)
    send(now + MINUTE)
    assert [(m.status, why(m)) for m in lists()] == [
        (MessageStatus.MISSED, "missed: of_no_use"),
        (MessageStatus.SENT, ""),
    ]
    assert next_list() == tomorrow(tomorrow(tomorrow()))


# Settings


@pytest.mark.parametrize(
    ("hour", "at", "due"),
    [
        pytest.param(time(6, 0), -timedelta(hours=3), MONDAY.replace(hour=6, minute=0), id="earlier"),
        pytest.param(time(9, 15), -timedelta(hours=3), MONDAY.replace(hour=9, minute=15), id="later"),
        pytest.param(time(0, 0), -timedelta(hours=3), tomorrow(MONDAY).replace(hour=0, minute=0), id="past already"),
        pytest.param(None, -timedelta(hours=3), None, id="never"),
    ],
)
def test_another_hour_is_kept_from_the_next_list_on(hour: time | None, at: timedelta, due: datetime | None) -> None:
    set_hour(hour, at=MONDAY + at)
    assert next_list() == due


def test_an_hour_that_is_set_after_the_list_makes_no_second_one_and_the_next_comes_by_it(minute: Minute) -> None:
    minute(MONDAY)
    set_hour(time(9, 0), at=MONDAY + timedelta(hours=1))
    minute(MONDAY.replace(hour=9, minute=0))
    assert len(lists()) == 1
    assert next_list() == tomorrow().replace(hour=9, minute=0)


def test_never_and_then_again(minute: Minute) -> None:
    set_hour(None, at=SUNDAY)
    assert minute(tomorrow()) == set()
    set_hour(time(7, 30), at=MONDAY + 2 * DAY + timedelta(hours=6))
    assert next_list() == MONDAY + 3 * DAY


@pytest.mark.parametrize("swept_before", [False, True], ids=["before the schedule ran", "after it"])
def test_whoever_is_saved_ten_seconds_past_the_hour_gets_today_s_list_once(minute: Minute, swept_before: bool) -> None:
    if swept_before:
        minute(MONDAY)
    set_member(lotus.the_salon().staff["mei"], at=MONDAY + timedelta(seconds=10))
    minute(MONDAY + MINUTE)
    assert len(lists()) == 1
    assert next_list() == tomorrow()


def test_an_earlier_hour_that_has_just_passed_does_not_cost_today_s_list(minute: Minute) -> None:
    set_hour(time(9, 0), at=SUNDAY)
    set_hour(time(7, 30), at=MONDAY + timedelta(minutes=30))
    minute(MONDAY + timedelta(minutes=31))
    assert len(lists()) == 1
    assert next_list() == tomorrow()


def test_a_member_saved_in_the_afternoon_begins_tomorrow() -> None:
    set_member(a_member("ana"), at=MONDAY + timedelta(hours=5))
    assert next_list("ana") == tomorrow()


# What it says


def send(now: datetime = MONDAY) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        message_sender.handler(records(*((m.business, m.id) for m in lists())), None)


@pytest.mark.parametrize(
    ("email", "business", "to"),
    [
        pytest.param("mei@lotus.example", "desk@lotus.example", ["mei@lotus.example"], id="to her own address"),
        pytest.param("", "desk@lotus.example", ["desk@lotus.example"], id="or the business's"),
        pytest.param("", "", [], id="or nowhere"),
    ],
)
def test_where_it_goes(minute: Minute, provider: Provider, email: str, business: str, to: list[str]) -> None:
    settings.save_business(replace(lotus.the_salon().business, email=business), now=SUNDAY)
    set_member(replace(lotus.the_salon().staff["mei"], email=email), at=SUNDAY)
    minute(MONDAY)
    send()
    assert provider.to == to
    if not to:
        assert why(lists()[0]) == "skipped: no_address email"


def test_it_shows_the_day_in_order_by_name_and_who_has_yet_to_confirm(minute: Minute, provider: Provider) -> None:
    early = an_appointment("a-0", starts=STARTS - timedelta(hours=5))
    lotus.put(early.confirm(Change(CLIENT, SUNDAY)))
    late = an_appointment("a-2", starts=STARTS + timedelta(hours=1))
    lotus.put(late.risk(Change(KEPT, SUNDAY), high=True))
    with_jun = an_appointment("a-4")
    lotus.put(replace(with_jun, slot=replace(with_jun.slot, staff="jun")))
    lotus.put(an_appointment("a-9", starts=STARTS + DAY))
    minute(MONDAY)
    send()
    lines = [line for line in provider.texts[0].splitlines() if "Li Na" in line]
    assert lines == [
        "12:00：Li Na，Cut",
        "17:00：Li Na，Cut，未确认",
        "18:00：Li Na，Cut，未确认，可能失约",
    ]


def test_it_shows_the_day_as_it_stands_when_it_is_sent(minute: Minute, provider: Provider) -> None:
    """Cancelled and booked while the message waited."""
    minute(MONDAY)
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(hours=1)))
    cancelled_at = Change(CLIENT, MONDAY)
    apply_change(catalogs.load("lotus"), "a-1", lambda it: it.cancel(cancelled_at, rules=ChangeRules()), cancelled_at)
    send(MONDAY + MINUTE)
    assert [line[:5] for line in provider.texts[0].splitlines() if "Li Na" in line] == ["18:00"]


# Cut off, at once, and moved away


@pytest.mark.parametrize("write", range(3))
def test_cut_off_between_any_two_writes_it_is_sent_once(
    minute: Minute, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    with monkeypatch.context() as patched:
        at_write(patched, write, die)
        try:
            work(MONDAY)
        except Killed:
            pass
        else:
            assert write == 2
    minute(MONDAY + MINUTE)
    (mine,) = lists()
    assert (mine.is_owed, next_list()) == (True, tomorrow())


@pytest.mark.parametrize("write", range(2))
def test_two_workers_at_once_write_one(monkeypatch: pytest.MonkeyPatch, queued: Queued, write: int) -> None:
    at_write(monkeypatch, write, lambda: work(MONDAY))
    work(MONDAY)
    assert len(lists()) == 1
    assert next_list() == tomorrow()
    assert len(queued("MESSAGES_QUEUE")) == 1


def test_an_hour_set_while_the_worker_decides_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    at_write(monkeypatch, 0, lambda: set_hour(time(9, 0), at=MONDAY))
    work(MONDAY)
    assert lists() == []
    assert next_list() == MONDAY.replace(hour=9, minute=0)


def test_a_list_of_nobody_we_know_is_nothing_to_do() -> None:
    before = lotus.everything()
    work(MONDAY, ("lotus", "staff#zoe"), ("nobody", "staff#mei"))
    assert lotus.everything() == before
