"""Where a country changes its law, ten o'clock stays ten o'clock: every business's visits have their local times again
after an update of the zones' rules, without anybody asking, once, and in runs that go on by themselves.

What waits for a person stays theirs: a zone that was corrected, and a visit whose time somebody else has.
"""

import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import due_sweep
import due_worker
import front_desk
from kept import clock
from kept.actor import Actor, Change
from kept.booking.appointment import Appointment
from kept.business.attendance_rules import AttendanceRules
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.lanes import Lane
from kept.storage import appointments, catalogs, follow_ups, messages
from kept.storage import zone_updates as stored
from kept.storage.tables import CatalogItem
from kept.storage.transaction import together
from kept.timekeeping.zone_rules import rules_of
from kept.use_cases.booking import zone_updates
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.business import settings
from tests import lotus
from tests.asking import ask as asks
from tests.builders import STARTS, a_client
from tests.stopping import records
from tests.templates import due

NOW = STARTS - timedelta(days=3)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
LATER = zone_updates.OLD_RULES
ITEM = ("lotus", "local_times#lotus")
JUN = Actor("staff", "jun")

Laws = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def salon() -> None:
    lotus.open_both()
    lotus.known()


@pytest.fixture
def law(tmp_path: Path) -> Iterator[Laws]:
    """A zone has the rules of another one from now on, in the files that every clock goes by."""

    def made(tz: str, like: str) -> None:
        file = tmp_path / tz
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(resources.files("tzdata").joinpath("zoneinfo", *like.split("/")).read_bytes())
        ZoneInfo.clear_cache()

    zoneinfo.reset_tzpath(to=[tmp_path])
    ZoneInfo.clear_cache()
    yield made
    zoneinfo.reset_tzpath()
    ZoneInfo.clear_cache()


def work(now: datetime, *keys: tuple[str, str]) -> list[str]:
    """One run of the worker; whatever failed of it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        failed = due_worker.handler(records(*(keys or (ITEM,)), lane=Lane.DAY_LIST), None)
    return [it["itemIdentifier"] for it in failed["batchItemFailures"]]


def watched(now: datetime = NOW) -> None:
    """From then on, by the rules of today."""
    zone_updates.arrange("lotus", now=now)
    work(now)
    work(now + LATER)
    assert kept_by().kept == rules_of(catalogs.load("lotus").business.tz)


def kept_by() -> stored.KeptBy:
    found = stored.find("lotus")
    assert found
    return found


def by_hand(starts: datetime, now: datetime = NOW) -> Appointment:
    catalogs.forget()
    it = catalogs.load("lotus")
    request = BookingRequest("cut", starts, a_client(), it.business.zone, "mei", by_hand=True)
    return book(it, request, Change(JUN, now))


def written_by_the_old_law(visit: Appointment) -> Appointment:
    """When Shanghai's clock was an hour further ahead: it is to begin an hour later now."""
    visit = appointments.load("lotus", visit.id)
    with together() as transaction:
        appointments.put(replace(visit, slot=replace(visit.slot, offset=540)), None, transaction)
    return appointments.load("lotus", visit.id)


def an_older_law() -> None:
    """What was done by other rules is done anew at the next look, which is due."""
    before = kept_by()
    with together() as transaction:
        stored.put(replace(before, kept="other", at=NOW), of=before, transaction=transaction)


def starts_of(visit: Appointment) -> datetime:
    return appointments.load("lotus", visit.id).starts


def conflicts() -> list[FollowUp]:
    return [it for it in follow_ups.board("lotus").follow_ups if it.cause is OpenedBy.TIME_TAKEN]


LAWS = [
    pytest.param("Asia/Shanghai", "Asia/Seoul", id="an hour on, in a zone without summer time"),
    pytest.param("Asia/Almaty", "Asia/Yekaterinburg", id="two zones of a country become one"),
    pytest.param("Europe/Berlin", "Europe/Istanbul", id="summer time for ever"),
    pytest.param("Europe/Paris", "Africa/Algiers", id="winter time for ever"),
    pytest.param("America/New_York", "America/Puerto_Rico", id="the same beyond the sea"),
    pytest.param("America/Mexico_City", "America/Chicago", id="summer time comes back"),
    pytest.param("Africa/Cairo", "Africa/Tripoli", id="summer time is given up"),
    pytest.param("Africa/Casablanca", "Africa/Abidjan", id="an hour back"),
    pytest.param("Asia/Pyongyang", "Asia/Shanghai", id="as its neighbour has it"),
    pytest.param("Asia/Kolkata", "Asia/Kathmandu", id="a quarter of an hour"),
    pytest.param("America/Caracas", "America/St_Johns", id="half an hour"),
    pytest.param("Pacific/Apia", "Pacific/Pago_Pago", id="over the date line, a day later"),
    pytest.param("Pacific/Fakaofo", "Pacific/Niue", id="over it and another hour"),
    pytest.param("Australia/Lord_Howe", "Australia/Sydney", id="a summer time of half an hour"),
    pytest.param("Europe/Volgograd", "Europe/Samara", id="and back again some years later"),
]


@pytest.mark.parametrize(("tz", "like"), LAWS)
def test_ten_o_clock_stays_ten_o_clock(law: Laws, tz: str, like: str) -> None:
    settings.save_business(replace(catalogs.load("lotus").business, tz=tz), now=NOW - DAY)
    watched()
    ten = datetime(2026, 7, 7, 10)  # noqa: DTZ001  # a local time
    summer = by_hand(ten.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC))
    winter = by_hand(ten.replace(month=12).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC))
    law(tz, like)
    work(NOW + DAY + LATER)
    assert starts_of(summer) == summer.starts, "a function that was there before may still go by the old rules"
    work(NOW + DAY + 2 * LATER)
    assert starts_of(summer) == ten.replace(tzinfo=ZoneInfo(tz))
    assert starts_of(winter) == ten.replace(month=12, tzinfo=ZoneInfo(tz))
    assert kept_by() == stored.KeptBy("lotus", NOW + 2 * DAY + 2 * LATER, rules_of(tz), rules_of(tz))


def test_a_law_of_another_country_reads_no_visit(law: Laws, monkeypatch: pytest.MonkeyPatch) -> None:
    watched()
    law("Europe/Berlin", "Europe/Istanbul")
    monkeypatch.setattr(zone_updates, "keep_local_times", lambda *_, **__: pytest.fail("looked at"))
    work(NOW + DAY + LATER)
    assert kept_by().at == NOW + 2 * DAY + LATER


def test_whose_clock_shows_another_time_is_told_and_nobody_else(law: Laws) -> None:
    """Li Na lives by Shanghai's clock; by London's an appointment of hers would be at another hour."""
    watched()
    here, abroad = by_hand(STARTS), by_hand(STARTS + 3 * HOUR)
    with together() as transaction:
        appointments.put(replace(appointments.load("lotus", abroad.id), tz="Europe/London"), None, transaction)
    law("Asia/Shanghai", "Asia/Seoul")
    work(NOW + DAY + LATER)
    work(NOW + DAY + 2 * LATER)
    told = {id: {it.stage for it in messages.about("lotus", id)} for id in (here.id, abroad.id)}
    assert "rescheduled" not in told[here.id]
    assert "rescheduled" in told[abroad.id]
    assert appointments.load("lotus", abroad.id).history[-1].by == "kept"


def test_a_zone_that_was_corrected_waits_for_the_owner_s_word() -> None:
    """Also where its rules are changed meanwhile."""
    watched()
    visit = by_hand(STARTS)
    settings.save_business(replace(catalogs.load("lotus").business, tz="Asia/Kathmandu"), now=NOW)
    for n in range(1, 4):
        work(NOW + n * DAY)
        work(NOW + n * DAY + LATER)
    assert kept_by().kept == rules_of("Asia/Kathmandu")
    stood = appointments.load("lotus", visit.id)
    assert (stood.starts, stood.slot.tz, stood.version) == (STARTS, "Asia/Shanghai", 1)


def test_what_is_too_much_for_one_run_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    watched()
    monkeypatch.setattr(zone_updates, "AT_A_TIME", 2)
    visits = [written_by_the_old_law(by_hand(STARTS + n * HOUR)) for n in range(5)]
    an_older_law()
    left = []
    for n in range(4):
        assert kept_by().at == NOW or n == 3
        work(NOW + n * MINUTE)
        left.append(sum(starts_of(it) == it.starts for it in visits))
    assert left == [3, 1, 0, 0]
    assert {starts_of(it) - it.starts for it in visits} == {HOUR}
    assert {appointments.load("lotus", it.id).history[-1].what for it in visits} == {"local_time_kept"}


def test_what_is_killed_in_the_middle_is_due_still_and_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    watched()
    visits = [written_by_the_old_law(by_hand(STARTS + n * HOUR)) for n in range(3)]
    an_older_law()
    put, written = appointments.put, list[str]()

    def dies_at_the_third(*args: object, **kwargs: object) -> object:
        written.append("")
        if len(written) == 3:
            raise OSError("killed")
        return put(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(appointments, "put", dies_at_the_third)
        assert work(NOW) == ["0"]
    assert sum(starts_of(it) != it.starts for it in visits) == 2
    assert work(NOW + MINUTE) == []
    assert work(NOW + 2 * MINUTE) == []
    lines = [[event.what for event in appointments.load("lotus", it.id).history] for it in visits]
    assert [line.count("local_time_kept") for line in lines] == [1, 1, 1]


def test_whoever_could_not_have_their_time_is_one_matter_for_a_person() -> None:
    """However often it is tried, by the worker or by hand, and no other visit waits for it."""
    watched()
    theirs, free = (written_by_the_old_law(by_hand(STARTS + n * 4 * HOUR)) for n in range(2))
    by_hand(STARTS + HOUR)
    for n in range(2):
        an_older_law()
        work(NOW + n * MINUTE)
    assert (starts_of(theirs), starts_of(free)) == (STARTS, free.starts + HOUR)
    assert asks(front_desk.handler, "POST /v1/desk/local-times", {}, role="owner").status == 200
    (opened,) = conflicts()
    assert (opened.about, opened.assignee, opened.client) == (theirs.id, "mei", "c-1")
    assert opened.history[0].why == 'should_begin {"at":"2026-03-02T18:00:00+08:00"}'


def test_those_that_wait_for_a_person_take_no_run_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    watched()
    monkeypatch.setattr(zone_updates, "AT_A_TIME", 1)
    visits = [written_by_the_old_law(by_hand(STARTS + n * 4 * HOUR)) for n in range(3)]
    for n in (1, 2):
        by_hand(visits[n].starts + HOUR)
    an_older_law()
    for n in range(4):
        work(NOW + n * MINUTE)
    assert kept_by().kept == rules_of("Asia/Shanghai")
    assert starts_of(visits[0]) == visits[0].starts + HOUR
    assert {it.about for it in conflicts()} == {visits[1].id, visits[2].id}


def test_a_try_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    written_by_the_old_law(by_hand(STARTS))
    by_hand(STARTS + HOUR)
    answer = asks(front_desk.handler, "POST /v1/desk/local-times", {"try_only": True}, role="owner")
    assert [it["done"] for it in answer.body["visits"]] == ["moved"]
    assert conflicts() == []


@pytest.mark.parametrize(
    "begins",
    [
        pytest.param(
            lambda: settings.save_business(catalogs.load("lotus").business, now=NOW), id="whoever saves the business"
        ),
        pytest.param(
            lambda: settings.save_staff("lotus", catalogs.load("lotus").staff["mei"], now=NOW),
            id="or one of its people",
        ),
        pytest.param(lambda: lists_of_the_day("staff#mei"), id="a business from before, with its next list"),
        pytest.param(lambda: lists_of_the_day("day_end#mei"), id="or with its next day's end"),
    ],
)
def test_every_business_is_looked_at(
    begins: Callable[[], object], queued: Callable[[str], list[dict[str, str]]]
) -> None:
    begins()
    assert stored.find("lotus")
    due_sweep.handler(due(Lane.DAY_LIST, NOW + 5 * DAY), None)
    assert ITEM in [(key["business"], key["id"]) for key in queued("DUE_QUEUE")]


def lists_of_the_day(item: str) -> None:
    """Due for one of a business that saved its settings before any of this was there."""
    business = catalogs.load("lotus").business
    settings.save_business(replace(business, attendance=AttendanceRules(checks_in=False)), now=NOW)
    CatalogItem.get("lotus", ITEM[1]).delete()
    work(NOW + 2 * DAY, ("lotus", item))


def test_two_at_once_do_it_once() -> None:
    watched()
    visit = written_by_the_old_law(by_hand(STARTS))
    an_older_law()
    assert work(NOW, ITEM, ITEM) == []
    assert [event.what for event in appointments.load("lotus", visit.id).history].count("local_time_kept") == 1


def test_a_business_nobody_arranged_it_for_has_nothing_to_do() -> None:
    assert work(NOW, ("nobody", "local_times#nobody")) == []
