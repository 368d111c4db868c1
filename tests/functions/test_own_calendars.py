"""The calendar of one of the staff that is not ours: set, read by due work, felt by who books, told of, given up."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

import booking
import calendar_reader
import due_sweep
import due_worker
import front_desk
from kept import clock
from kept.runtime import aws
from kept.storage import catalogs, own_calendars
from kept.storage.tables import DayPageItem, EventItem
from kept.use_cases.booking import reading_calendars
from kept.use_cases.outside import https_call
from kept.use_cases.outside.https_call import Call, Said
from tests import lotus
from tests.asked_of_aws import allowed, recording
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.domain.test_field_busy_times import a_calendar, an_event
from tests.refusing import BOOK, CUT, DESK, EVENING, HOLD, cut
from tests.stopping import records
from tests.templates import functions

URL = "https://calendar.mei.example/private-5f2c/basic.ics"
BUSY = "/v1/desk/calendars/staff/mei/busy"
NOW = STARTS - timedelta(hours=8)
MEETING = an_event("DTSTART:20260302T103000Z", "DTEND:20260302T113000Z")
"""Monday 18:30 to 19:30 in Shanghai."""
MINUTE = timedelta(minutes=1)


class Server:
    """That of the calendar: what it is asked, and what it says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Call]] = []
        self.says: Any = said(a_calendar(MEETING))

    def call(self, url: str, what: Call) -> Said:
        self.asked.append((url, what))
        says = self.says(url, what) if callable(self.says) else self.says
        if isinstance(says, Exception):
            raise says
        return says  # type: ignore[no-any-return]


class Time:
    """The clock, which goes where it is put."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def said(content: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Said:
    return Said(status, content.encode() if isinstance(content, str) else content, headers or {})


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Monday morning; Li Na comes to Mei at 17:00."""
    its = Time()
    monkeypatch.setattr(clock, "now", its)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())
    return its


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr(https_call, "call", server.call)
    return server


def of_mei(method: str = "GET", url: str = URL, role: str = "staff", staff: str = "mei", **how: Any) -> Answer:
    body = {"url": url} if method == "PUT" else {} if method == "POST" else None
    return ask(front_desk.handler, f"{method} {BUSY}", body, role=role, staff=staff, **how)


def run() -> Any:
    return calendar_reader.handler({"business": "lotus", "staff": "mei"}, None)


def set_up(url: str = URL) -> None:
    answer = of_mei("PUT", url)
    assert answer.status == 200, answer.body
    run()


def offered(staff: str = "mei", on: str = "2026-03-02") -> list[str]:
    query = {"service": "cut", "from": on, "to": on, "staff": staff, "zone": "Asia/Shanghai"}
    answer = ask(booking.handler, "GET /v1/businesses/lotus/availability", query=query)
    assert answer.status == 200, answer.body
    return [slot["start"][11:16] for slot in answer.body["slots"]]


def day(on: str = "2026-03-02") -> Any:
    (mei,) = (
        it
        for it in ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": on}).body["staff"]
        if it["id"] == "mei"
    )
    return mei


def spans(told: Any) -> list[str]:
    return [f"{it['start'][11:16]} {it['end'][11:16]}" for it in told]


def stored_days() -> list[str]:
    return [item.day for item in DayPageItem.query("lotus#staff:mei") if item.day.endswith("#busy")]


# What it takes


def test_nobody_is_offered_a_time_at_which_they_are_busy() -> None:
    """As time off, it takes from the hours: what would reach into it is not offered either."""
    before = offered()
    set_up()
    assert sorted(set(before) - set(offered())) == ["18:00", "18:15", "18:30", "18:45", "19:00"]
    assert "18:30" in offered("jun")


def test_it_can_neither_be_held_nor_booked_by_a_client() -> None:
    """Whatever they send without asking what is free."""
    set_up()
    hold = ask(booking.handler, HOLD, {"service": "cut", "start": EVENING, "staff": "mei"})
    assert (hold.status, hold.code, hold.body["reason"]) == (422, "not_offered", "away")
    assert ask(booking.handler, BOOK, cut(staff="mei")).code == "not_offered"
    assert ask(booking.handler, BOOK, cut(staff="jun")).status == 201


def test_whoever_asks_for_anybody_gets_who_is_free() -> None:
    """The least booked of those who are."""
    set_up()
    made = ask(booking.handler, BOOK, CUT)
    assert (made.status, made.body["staff"]["id"] if isinstance(made.body["staff"], dict) else made.body["staff"]) == (
        201,
        "jun",
    )


def by_hand(**more: Any) -> Answer:
    wanted = {"service": "cut", "staff": "mei", "start": EVENING, "client": {"name": "Wang"}} | more
    return ask(front_desk.handler, f"POST {DESK}", wanted, role="staff")


def test_staff_may_with_a_reason_and_the_visit_is_told_as_a_collision() -> None:
    """As outside hours."""
    set_up()
    assert (by_hand().code, of_mei().body["collides"]) == ("not_offered", 0)
    assert by_hand(override="She moves her meeting").status == 201
    shown = of_mei().body
    assert (shown["collides"], [one["client_name"] for one in shown["collisions"]]) == (1, ["Wang"])


def test_a_move_goes_there_with_a_reason_alone() -> None:
    """And so does a longer visit."""
    set_up()
    preview = ask(front_desk.handler, f"POST {DESK}/a-1/move-preview", {"start": EVENING}, role="staff").body
    assert preview["overridable"]
    moved = ask(front_desk.handler, f"POST {DESK}/a-1/reschedule", {"start": EVENING}, role="staff")
    assert moved.code == "not_offered"
    longer = {"start": STARTS.isoformat(), "minutes": 120}
    assert ask(front_desk.handler, f"POST {DESK}/a-1/reschedule", longer, role="staff").body["reason"] == "away"
    forced = {"start": EVENING, "override": "as agreed"}
    assert ask(front_desk.handler, f"POST {DESK}/a-1/reschedule", forced, role="staff").status == 200


def test_who_walks_in_is_given_to_somebody_who_is_not_busy(there: Server) -> None:
    """Unless staff say why."""
    there.says = said(a_calendar(an_event("DTSTART:20260302T010000Z", "DTEND:20260302T020000Z")))
    set_up()
    walked = {"service": "cut", "walk_in": True, "client": {"name": "Wang"}}
    here = ask(front_desk.handler, f"POST {DESK}", walked, role="staff")
    assert (here.status, here.body["staff"]) == (201, "jun")
    refused = ask(front_desk.handler, f"POST {DESK}", walked | {"staff": "mei"}, role="staff")
    assert (refused.code, refused.body["reason"]) == ("not_offered", "away")
    forced = ask(front_desk.handler, f"POST {DESK}", walked | {"staff": "mei", "override": "urgent"}, role="staff")
    assert forced.status == 201


def test_what_is_booked_already_is_not_touched_and_told(there: Server) -> None:
    """And everything can be done with it as before."""
    there.says = said(a_calendar(an_event("DTSTART:20260302T093000Z", "DTEND:20260302T103000Z")))
    set_up()
    shown = of_mei().body
    assert (shown["collides"], shown["collisions"][0]["id"], shown["collisions"][0]["client_name"]) == (
        1,
        "a-1",
        "Li Na",
    )
    assert [entry.ref for entry in lotus.on_page()] == ["a-1"]
    assert ask(front_desk.handler, f"POST {DESK}/a-1/confirm", {}, role="staff").status == 200


def test_the_desk_sees_it_on_the_day_and_the_week() -> None:
    """Beside the hours that are left of it, and no gap."""
    set_up()
    mei = day()
    assert spans(mei["busy"]) == ["18:30 19:30"]
    assert spans(mei["hours"]) == ["09:00 18:30", "19:30 20:00"]
    query = {"staff": "mei", "from": "2026-03-02"}
    week = ask(front_desk.handler, "GET /v1/desk/week", role="staff", query=query).body["days"]
    assert [spans(it["busy"]) for it in week] == [["18:30 19:30"], [], [], [], [], [], []]
    gaps = ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": "2026-03-02"}).body["gaps"]
    assert all(it["start"][11:16] not in ("18:30", "19:00") for it in gaps if it["staff"] == "mei")


def test_a_day_is_one_by_the_business_s_clock(there: Server) -> None:
    """Stored by the days of UTC, shown by those of Shanghai."""
    there.says = said(a_calendar(an_event("DTSTART;VALUE=DATE:20260303")))
    set_up()
    assert (spans(day("2026-03-02")["busy"]), spans(day("2026-03-03")["busy"])) == ([], ["00:00 00:00"])
    assert (offered(on="2026-03-03"), bool(offered(on="2026-03-04"))) == ([], True)
    assert stored_days() == ["2026-03-02#busy", "2026-03-03#busy"]


def test_nothing_of_an_event_is_kept_but_when_it_is(there: Server) -> None:
    """In no table: neither title, place nor people."""
    there.says = said(
        a_calendar(an_event("DTSTART:20260302T103000Z", "DURATION:PT1H", "LOCATION:Clinic", "ATTENDEE:mailto:x@y.z"))
    )
    set_up()
    everything = json.dumps(lotus.everything(), default=str)
    assert "Not for anybody" not in everything
    assert "Clinic" not in everything


def test_days_change_with_the_calendar_and_only_these_are_written(there: Server, time: Time) -> None:
    """What was moved away is free again."""
    there.says = said(a_calendar(MEETING, an_event("DTSTART:20260304T103000Z", "DURATION:PT1H", uid="e-2")))
    set_up()
    assert stored_days() == ["2026-03-02#busy", "2026-03-04#busy"]
    there.says = said(a_calendar(an_event("DTSTART:20260305T103000Z", "DURATION:PT1H", uid="e-2")))
    time.at += 15 * MINUTE
    run()
    assert stored_days() == ["2026-03-05#busy"]
    assert "18:00" in offered()


# Reading


def test_it_is_read_every_quarter_of_an_hour_by_what_is_due(queued: Any, time: Time, there: Server) -> None:
    """Asked before, it does nothing."""
    of_mei("PUT")
    assert [key["id"] for key in queued("DUE_QUEUE")] == ["calendar#mei"]
    run()
    for minutes, due in ((14, []), (15, ["calendar#mei"])):
        due_sweep.handler({"lane": "event", "time": (NOW + minutes * MINUTE).isoformat()}, None)
        assert [key["id"] for key in queued("DUE_QUEUE")] == due
    assert len(there.asked) == 1
    run()
    assert len(there.asked) == 1
    time.at += 15 * MINUTE
    run()
    assert len(there.asked) == 2


def test_the_reader_is_asked_and_not_waited_for() -> None:
    """By a function of its own, as receivers of events are."""
    payload = json.dumps({"business": "lotus", "staff": "mei"})
    wanted = {"FunctionName": "kept-calendar_reader", "InvocationType": "Event", "Payload": payload}
    with Stubber(aws("lambda")) as stubber:
        stubber.add_response("invoke", {"StatusCode": 202}, wanted)
        key = {"lane": "event", "business": "lotus", "id": "calendar#mei"}
        assert due_worker.handler(records(json.dumps([key])), None) == {"batchItemFailures": []}
        stubber.assert_no_pending_responses()


def test_what_has_not_changed_is_not_sent_again_but_once_a_day(there: Server, time: Time) -> None:
    """A rule without an end reaches a day farther each day."""
    there.says = said(a_calendar(MEETING), 200, {"etag": '"7"', "last-modified": "Mon, 02 Mar 2026 00:00:00 GMT"})
    set_up()
    assert "If-None-Match" not in there.asked[-1][1].headers
    there.says = said("", 304)
    time.at += 15 * MINUTE
    run()
    headers = there.asked[-1][1].headers
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"7"', "Mon, 02 Mar 2026 00:00:00 GMT")
    shown = of_mei().body
    assert (shown["read_at"], shown["trouble"]) == ("2026-03-02T01:15:00Z", None)
    assert stored_days() == ["2026-03-02#busy"]
    time.at += timedelta(days=1)
    run()
    assert "If-None-Match" not in there.asked[-1][1].headers


TROUBLE: dict[str, tuple[Any, str, int | None]] = {
    "not found": (said("", 404), "refused", 404),
    "not theirs any more": (said("", 403), "refused", 403),
    "gone": (said("", 410), "refused", 410),
    "a fault": (said("", 500), "failed", 500),
    "a status nobody knows": (said("", 799), "failed", 799),
    "nothing new, though nobody asked": (said("", 304), "failed", 304),
    "no content": (said("", 204), "failed", 204),
    "a page to sign in": (said("<html>Sign in</html>"), "no_calendar", None),
    "half of it": (said(a_calendar(MEETING)[:-20]), "no_calendar", None),
    "nothing": (said(""), "no_calendar", None),
    "too large": (said(b"x" * 10_000_001), "too_large", None),
    "packed, and too large": (said(gzip.compress(b"x" * 20_000_000)), "too_large", None),
    "packed, and broken": (said(b"\x1f\x8b\x08broken"), "no_calendar", None),
    "no server": (OSError("no route"), "unreachable", None),
    "no name": (https_call.Unreachable(https_call.NO_NAME), "unreachable", None),
    "inside by now": (https_call.Unreachable(https_call.INSIDE), "unreachable", None),
    "no HTTP": (ValueError("no number"), "unreachable", None),
    "elsewhere for ever": (said("", 302, {"location": "/again"}), "moved", 302),
    "elsewhere, to nowhere": (said("", 302), "moved", 302),
}


@pytest.mark.parametrize("case", TROUBLE)
def test_what_goes_wrong_is_told_and_what_was_known_stays(case: str, there: Server, time: Time) -> None:
    """Rather busy by what was known than free by a mistake."""
    set_up()
    there.says, trouble, status = TROUBLE[case]
    time.at += 15 * MINUTE
    assert run() == {"read": True, "trouble": trouble}
    shown = of_mei().body
    assert (shown["trouble"], shown["status"], shown["read_at"]) == (trouble, status, "2026-03-02T01:00:00Z")
    assert stored_days() == ["2026-03-02#busy"]
    assert "18:00" not in offered()


def test_one_that_goes_on_failing_is_asked_less_and_less_and_told_as_old(there: Server, time: Time) -> None:
    """And once it answers, as often as ever."""
    set_up()
    there.says = said("", 500)
    waits = []
    for _ in range(8):
        (item,) = EventItem.query("lotus", EventItem.id == "calendar#mei")
        waits.append((int(item.due_at) - time.at.timestamp()) / 60)
        time.at = datetime.fromtimestamp(int(item.due_at), tz=time.at.tzinfo)
        run()
    assert waits == [15, 15, 30, 60, 120, 240, 360, 360]
    assert of_mei().body["is_stale"]
    there.says = said(a_calendar(MEETING))
    (item,) = EventItem.query("lotus", EventItem.id == "calendar#mei")
    time.at = datetime.fromtimestamp(int(item.due_at), tz=time.at.tzinfo)
    run()
    assert (of_mei().body["is_stale"], of_mei().body["trouble"]) == (False, None)


def test_a_server_that_asks_to_wait_is_obeyed_for_a_day_at_most(there: Server) -> None:
    there.says = said("", 429, {"retry-after": "7200"})
    set_up()
    (item,) = EventItem.query("lotus", EventItem.id == "calendar#mei")
    assert int(item.due_at) - NOW.timestamp() == 7200
    assert of_mei().body["trouble"] == "failed"


def test_it_is_followed_where_it_went_and_each_address_looked_at(there: Server) -> None:
    """By the same call, which looks at every address it is given."""
    there.says = lambda url, _: (
        said("", 301, {"location": "https://other.mei.example/x.ics"}) if url == URL else said(a_calendar(MEETING))
    )
    set_up()
    assert [url for url, _ in there.asked] == [URL, "https://other.mei.example/x.ics"]
    assert of_mei().body["trouble"] is None


def test_what_is_packed_though_nobody_asked_is_read(there: Server) -> None:
    """Some servers do."""
    there.says = said(gzip.compress(a_calendar(MEETING).encode()))
    set_up()
    assert stored_days() == ["2026-03-02#busy"]


def test_letters_of_sixteen_bits_are_read(there: Server) -> None:
    there.says = said(a_calendar(MEETING).encode("utf-16"))
    set_up()
    assert stored_days() == ["2026-03-02#busy"]


def test_an_event_that_cannot_be_read_is_told_of(there: Server) -> None:
    """The others count."""
    there.says = said(a_calendar(MEETING, an_event("DTSTART:soon", uid="e-2")))
    set_up()
    assert (of_mei().body["unread"], stored_days()) == (1, ["2026-03-02#busy"])


def test_what_there_is_no_time_for_is_told() -> None:
    """What was known stays as well."""

    class Hurry:
        def get_remaining_time_in_millis(self) -> int:
            return 10_000

    of_mei("PUT")
    answer = calendar_reader.handler({"business": "lotus", "staff": "mei"}, Hurry())
    assert answer == {"read": True, "trouble": "takes_too_long"}


# Whoever comes between


def test_a_calendar_given_up_while_it_is_read_leaves_nothing(there: Server, time: Time) -> None:
    """Whoever reads it finds that nobody wants it any more."""

    def meanwhile(*_: object) -> Said:
        of_mei("DELETE")
        return said(a_calendar(MEETING))

    there.says = meanwhile
    of_mei("PUT")
    run()
    assert (stored_days(), of_mei().body["host"]) == ([], None)
    time.at += 3 * MINUTE
    run()
    assert list(EventItem.query("lotus", EventItem.id == "calendar#mei")) == []


def test_a_run_that_dies_after_it_was_given_up_is_put_right_by_the_next(there: Server, time: Time) -> None:
    """What was given up is looked at once more when nobody can be reading it."""
    set_up()
    of_mei("DELETE")
    assert stored_days() == []
    DayPageItem("lotus#staff:mei", "2026-03-04#busy", revision=0, entries="[[1,2]]").save()
    time.at += 3 * MINUTE
    run()
    assert stored_days() == []
    assert len(there.asked) == 1


def test_another_address_while_one_is_read_is_the_one_that_counts(there: Server, time: Time) -> None:
    """What the first brought is written over."""
    other = "https://calendar.mei.example/other.ics"

    def meanwhile(url: str, _: Call) -> Said:
        if url != URL:
            return said(a_calendar(an_event("DTSTART:20260306T103000Z", "DURATION:PT1H")))
        of_mei("PUT", other)
        return said(a_calendar(MEETING))

    there.says = meanwhile
    of_mei("PUT")
    run()
    time.at += MINUTE
    run()
    assert [url for url, _ in there.asked] == [URL, other]
    assert stored_days() == ["2026-03-06#busy"]


def test_a_crash_half_way_has_it_read_again_in_minutes(there: Server, time: Time) -> None:
    """And by nobody else before."""
    of_mei("PUT")
    there.says = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        run()
    there.says = said(a_calendar(MEETING))
    assert run()["read"] is False
    time.at += reading_calendars.RUN
    assert run()["read"] is True


def test_reading_and_booking_do_not_stand_in_each_other_s_way(there: Server) -> None:
    """Two are booked while the calendar is read: both stay, and are told as what they are."""
    there.says = lambda *_: (
        [ask(booking.handler, BOOK, cut(start=start, staff="mei")) for start in (EVENING, "2026-03-02T12:00:00+08:00")],
        said(a_calendar(MEETING)),
    )[1]
    set_up()
    assert [entry.ref for entry in lotus.on_page()][1] == "a-1"
    assert (len(lotus.on_page()), of_mei().body["collides"]) == (3, 1)
    assert ask(booking.handler, BOOK, cut(start="2026-03-02T13:30:00+08:00", staff="mei")).status == 201
    assert stored_days() == ["2026-03-02#busy"]


def test_whoever_was_there_first_in_the_book_keeps_their_hold() -> None:
    """They were told that the time is theirs."""
    held = ask(booking.handler, HOLD, {"service": "cut", "start": EVENING, "staff": "mei"})
    set_up()
    assert ask(booking.handler, BOOK, cut(staff="mei", hold=held.body["hold"])).status == 201


def test_somebody_who_left_is_asked_for_no_more(there: Server, time: Time) -> None:
    """And nothing is known of them any more."""
    set_up()
    mei = catalogs.load("lotus").staff["mei"]
    catalogs.give_up("lotus", mei, over=catalogs.revision(mei))
    time.at += 15 * MINUTE
    run()
    assert (stored_days(), len(there.asked)) == ([], 1)
    assert own_calendars.find("lotus", "mei") is None


def test_a_business_that_is_no_more_is_asked_for_no_more(there: Server) -> None:
    there.says = said("")
    assert calendar_reader.handler({"business": "nobody", "staff": "mei"}, None) == {"read": False, "trouble": None}
    assert there.asked == []


# Who may what


def test_it_is_one_s_own_and_of_who_leads() -> None:
    """And of nobody in another business."""
    for method in ("GET", "PUT", "POST", "DELETE"):
        assert of_mei(method, staff="jun").code == "role_required"
        assert of_mei(method, staff="jun", role="manager").status == 200
        assert of_mei(method, business="garage", role="owner").status == 404


def test_the_address_is_told_to_nobody_and_in_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has it reads the calendar: only its server is named."""
    set_up()
    shown = of_mei().body
    assert (shown["host"], "5f2c" in json.dumps(shown)) == ("calendar.mei.example", False)
    said_aloud = capsys.readouterr()
    assert "5f2c" not in said_aloud.out + said_aloud.err


def test_webcal_is_https() -> None:
    """What calendars offer to copy."""
    set_up(URL.replace("https", "webcal"))
    found = own_calendars.find("lotus", "mei")
    assert found is not None
    assert found.url == URL


REFUSED = {
    "no https": "http://calendar.mei.example/x.ics",
    "a file": "file:///etc/passwd",
    "this machine": "https://localhost/x.ics",
    "a number": "https://127.0.0.1/x.ics",
    "the machine's own data": "https://169.254.169.254/latest/meta-data",
    "a name and a password": "https://mei:tea@calendar.mei.example/x.ics",
    "another port": "https://calendar.mei.example:8080/x.ics",
    "no such name": "https://nowhere.mei.example/x.ics",
    "no address": "calendar.mei.example",
    "words": "my calendar",
    "other letters": "https://calendar.mei.example/日历.ics",
    "webcal to inside": "webcal://10.0.0.1/x.ics",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_server_on_the_internet_is_refused_and_nothing_is_changed(case: str) -> None:
    set_up()
    before = lotus.everything()
    refused = of_mei("PUT", REFUSED[case])
    assert (refused.status, refused.code, refused.body["field"]) == (422, "invalid_setting", "url")
    assert lotus.everything() == before


def test_the_same_again_is_read_again_and_asking_too_often_is_not(queued: Any, there: Server, time: Time) -> None:
    """A stranger's server is not to be hammered by a button."""
    set_up()
    queued("DUE_QUEUE")
    of_mei("POST")
    assert queued("DUE_QUEUE") == []
    time.at += 2 * MINUTE
    assert of_mei("POST").status == 200
    assert [key["id"] for key in queued("DUE_QUEUE")] == ["calendar#mei"]
    run()
    assert len(there.asked) == 2


def test_given_up_it_takes_nothing_at_once_and_twice_is_once() -> None:
    """Nobody waits for due work."""
    before = offered()
    set_up()
    assert offered() != before
    for _ in range(2):
        assert of_mei("DELETE").body["host"] is None
        assert (offered(), stored_days()) == (before, [])
    assert of_mei("POST").body["host"] is None


def test_it_can_be_set_again_after_it_was_given_up(time: Time) -> None:
    set_up()
    of_mei("DELETE")
    set_up()
    assert stored_days() == ["2026-03-02#busy"]
    time.at += 3 * MINUTE
    run()
    assert stored_days() == ["2026-03-02#busy"]


def test_nobody_is_no_one() -> None:
    answer = ask(front_desk.handler, "PUT /v1/desk/calendars/staff/nobody/busy", {"url": URL}, role="owner")
    assert (answer.status, answer.code) == (404, "unknown_staff")


def test_what_is_asked_for_is_bounded_by_what_can_be_booked(there: Server) -> None:
    """A rule without an end, and a service that is offered for a year."""
    salon = lotus.the_salon()
    catalogs.put("lotus", [replace(salon.services["cut"], horizon=365)])
    there.says = said(a_calendar(an_event("DTSTART:20260302T103000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")))
    set_up()
    days = stored_days()
    assert (days[0], days[-1], len(days)) == ("2026-03-02#busy", "2027-03-03#busy", 367)


def test_nobody_needs_more_than_they_may(there: Server, time: Time) -> None:
    """What is missing in the template is refused in the cloud alone."""
    with recording() as asked:
        set_up()
        there.says = said(a_calendar(an_event("DTSTART:20260305T103000Z", "DURATION:PT1H")))
        time.at += 15 * MINUTE
        run()
        assert by_hand(start="2026-03-05T18:30:00+08:00", override="as agreed").status == 201
        for method in ("GET", "POST", "DELETE"):
            of_mei(method)
        time.at += 3 * MINUTE
        run()
    for function in functions():
        if function.name in ("calendar_reader", "front_desk"):
            assert asked[function.name].keys() - allowed(function) == set()
            assert ("dynamodb:UpdateItem", "events") in asked[function.name]
