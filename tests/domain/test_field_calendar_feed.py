"""A feed is a calendar that any reader takes: each visit under the UID of its invitation, at its own instants, with
its words as they were written, and nothing of a client that was not asked for.

The rule: whatever stands in a name, a note or a place, and however many visits there are, the text is well formed by
RFC 5545, says the same when nothing has changed, and never less than the last word on each visit.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from kept.actor import CLIENT, KEPT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import ReversalReason
from kept.business.catalog import Catalog, Mode, Resource
from kept.business.change_rules import ChangeRules
from kept.client_links.calendar_links import LETTERS, calendar_address, digest, new_token, typed, webcal
from kept.client_links.refusals import LinkInvalid
from kept.messaging.calendar_feed import FeedEntry, cancelled_at, for_client, for_staff, initial, is_told, rendered
from kept.messaging.ical import invitation
from tests.builders import BOOKED, CUT, STARTS, a_catalog, a_client, an_appointment
from tests.domain.test_ical import a_letter

RULES = ChangeRules()
LATER = BOOKED + timedelta(hours=1)
LONG = "x" * 300


def read(text: str) -> Any:
    return Calendar.from_ical(text)


def events(text: str) -> list[Any]:
    return list(read(text).walk("VEVENT"))


def told(entry: FeedEntry) -> Any:
    (event,) = events(rendered("Lotus", [entry]))
    return event


def cancelled(visit: Appointment, at: datetime = LATER) -> Appointment:
    return visit.cancel(Change(CLIENT, at), rules=RULES)


def moved(visit: Appointment) -> Appointment:
    slot = Slot(visit.starts + timedelta(hours=1), visit.ends + timedelta(hours=1), "mei")
    return visit.reschedule(slot, Change(CLIENT, LATER), rules=RULES)


def named(service: str = "Cut", **how: Any) -> Catalog:
    return replace(a_catalog(), services={"cut": replace(CUT, name=service, **how)})


TYPED = {
    "plain": "Wang Fang",
    "comma": "Wang, Fang",
    "semicolon": "Wang; Fang",
    "backslash": "Wang\\Fang",
    "backslash n": "Wang\\nFang",
    "quotes": 'Wang "Fang"',
    "colon": "X:Y",
    "property": "SUMMARY:evil",
    "emoji": "Fang \N{PERSON WITH BALL}",
    "chinese": "王芳",
    "arabic": "\u0645\u062d\u0645\u062f",
    "long chinese": "王" * 90,
    "long": LONG,
    "percent": "%0d%0aEND:VEVENT",
    "ampersand": "<b>&amp;</b>",
    "caret": "Wang ^n Fang",
}


@pytest.mark.parametrize("name", TYPED.values(), ids=TYPED)
def test_what_was_typed_comes_out_as_it_was_typed(name: str) -> None:
    visit = replace(an_appointment(), note=name)
    event = told(for_staff(visit, name, named(name), names=True))
    assert (event["summary"], event["description"]) == (f"{name} – {name}", name)
    assert told(for_client(visit, a_client(), named(name)))["summary"] == f"{name} – Lotus"


BREAKING = {
    "line feed": "a\nEND:VEVENT\nBEGIN:VEVENT",
    "carriage return": "a\rEND:VEVENT",
    "both": "a\r\nATTACH:http://evil.example",
    "next line": "a\x85END:VEVENT",
    "line separator": "a\u2028END:VEVENT",
    "vertical tab": "a\x0bEND:VEVENT",
    "null": "a\x00END:VEVENT",
    "half a pair": "a\ud800b",
    "direction": "a\u202eb",
    "folding": f"{LONG}\r\n END:VEVENT",
}


@pytest.mark.parametrize("name", BREAKING.values(), ids=BREAKING)
def test_no_text_begins_a_line_of_its_own(name: str) -> None:
    """Neither in a name nor in a note, for each reader; nor in the calendar's own name."""
    visit = replace(an_appointment(), note=name)
    entries = [
        for_staff(visit, name, named(name), names=True),
        for_client(visit, a_client(), named(name, prepare=name)),
    ]
    text = rendered(name, entries)
    text.encode()
    begins = [line for line in text.splitlines() if line.startswith(("BEGIN", "END", "ATTACH"))]
    assert begins == ["BEGIN:VCALENDAR", *["BEGIN:VEVENT", "END:VEVENT"] * 2, "END:VCALENDAR"]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\n") == text.count("\r\n") == text.count("\r")
    assert len(events(text)) == 2


def test_the_lines_of_a_note_stay_lines() -> None:
    visit = replace(an_appointment(), note="knee\r\nleft; not right\n\nlast")
    event = told(for_staff(visit, "Li Na", a_catalog(), names=True))
    assert event["description"] == "knee\nleft; not right\n\nlast"


INITIALS = {
    "two words": ("Wang Fang", "W."),
    "small": ("wang", "W."),
    "chinese": ("王芳", "王"),
    "title": ("Dr. Li Na", "L."),
    "two titles": ("Prof. Dr. Li", "L."),
    "title alone": ("Dr.", ""),
    "cyrillic": ("Анна", "А."),
    "accent": ("Élodie", "É."),
    "quoted": ('"Bo"', "B."),
    "emoji first": ("\N{PERSON WITH BALL} Bo", "B."),
    "number": ("007", "0"),
    "spaces": ("   ", ""),
    "nothing": ("", ""),
    "only signs": ("---", ""),
    "hidden first": ("\u200bBo", "B."),
    "hebrew": ("\u05d3\u05e0\u05d4", "\u05d3"),
}


@pytest.mark.parametrize(("name", "says"), INITIALS.values(), ids=INITIALS)
def test_of_a_name_its_initial(name: str, says: str) -> None:
    assert initial(name) == says
    assert told(for_staff(an_appointment(), name, a_catalog(), names=False))["summary"] == f"{says} – Cut".lstrip(" –")


def test_a_staff_feed_without_names_holds_nothing_of_the_client() -> None:
    visit = replace(an_appointment(), note="Call Wang Fang 13812345678")
    text = rendered("Mei – Lotus", [for_staff(visit, "Wang Fang", a_catalog(), names=False)])
    assert "Fang" not in text
    assert "138" not in text
    assert visit.client not in text


PLACES = {
    "room": (Mode.IN_PERSON, "basin", "", "Basin"),
    "in person": (Mode.IN_PERSON, None, "", ""),
    "video": (Mode.VIDEO, None, "https://meet.example/x,y;z", "https://meet.example/x,y;z"),
    "phone": (Mode.PHONE, None, "", ""),
    "given up": (Mode.IN_PERSON, "gone", "", ""),
}


@pytest.mark.parametrize(("mode", "room", "where", "says"), PLACES.values(), ids=PLACES)
def test_staff_are_told_the_room_or_where_one_meets(mode: Mode, room: str | None, where: str, says: str) -> None:
    catalog = replace(named(mode=mode, where=where), rooms={"basin": Resource("basin", "Basin")})
    visit = an_appointment()
    event = told(for_staff(replace(visit, slot=replace(visit.slot, room=room)), "Li", catalog, names=False))
    assert event.get("location", "") == says


def test_an_entry_is_that_of_the_invitation_mail() -> None:
    """The same UID, instants, status and place in the row of words, so that who has both has one entry."""
    for stage, visit in (("confirmation", an_appointment()), ("rescheduled", moved(an_appointment()))):
        mail = invitation(stage, visit, a_letter(visit), organizer="d@lotus.example", attendee=None, now=BOOKED)
        assert mail
        (sent,), fed = events(mail.content.decode()), told(for_client(visit, a_client(), a_catalog()))
        for what in ("uid", "sequence", "dtstart", "dtend", "status", "summary"):
            assert fed[what] == sent[what], what


def test_a_feed_cannot_change_anything() -> None:
    """No link of the client's stands in it, nobody's address, and no question that a calendar could answer."""
    text = rendered("Lotus", [for_client(an_appointment(), a_client(), a_catalog())])
    assert "kept.example" not in text
    assert not {"METHOD", "ATTENDEE", "ORGANIZER"} & {line.partition(":")[0] for line in text.splitlines()}
    assert "li@example.com" not in text


def life() -> Iterable[tuple[str, Appointment, str]]:
    """From the booking on; each word on it is later than the one before."""
    booked = an_appointment()
    once = moved(booked)
    off = cancelled(once)
    yield from (("booked", booked, "CONFIRMED"), ("moved", once, "CONFIRMED"), ("cancelled", off, "CANCELLED"))
    back = off.undo(Change(KEPT, LATER + timedelta(hours=1)))
    yield "on again", back, "CONFIRMED"
    yield "off again", cancelled(back, LATER + timedelta(hours=2)), "CANCELLED"


def test_the_sequence_never_falls_and_the_last_word_is_known_by_its_date() -> None:
    fed = [told(for_client(visit, a_client(), a_catalog())) for _, visit, _ in life()]
    assert [str(event["status"]) for event in fed] == [status for *_, status in life()]
    order = [(int(event["sequence"]), event["last-modified"].dt) for event in fed]
    assert order == sorted(order)
    assert len(set(order)) == len(order)
    assert [int(event["sequence"]) for event in fed] == [0, 1, 2, 2, 3]
    assert {str(event["uid"]) for event in fed} == {"a-1@lotus.kept"}


def test_what_is_cancelled_takes_no_time() -> None:
    assert told(for_client(cancelled(an_appointment()), a_client(), a_catalog()))["transp"] == "TRANSPARENT"
    assert told(for_client(an_appointment(), a_client(), a_catalog()))["transp"] == "OPAQUE"


def missed() -> Appointment:
    return an_appointment().mark_no_show(Change(KEPT, STARTS + timedelta(minutes=15)), evidence=())


def test_since_when_it_is_cancelled() -> None:
    """By the first word of it that still holds; whatever is noted later does not put it off."""
    off = cancelled(an_appointment())
    assert cancelled_at(an_appointment()) is None
    assert cancelled_at(missed()) is None
    assert cancelled_at(off) == LATER
    assert cancelled_at(off.risk(Change(KEPT, LATER + timedelta(days=3)), high=True)) == LATER
    again = cancelled(off.undo(Change(KEPT, LATER + timedelta(days=1))), STARTS - timedelta(hours=1))
    assert cancelled_at(again) == STARTS - timedelta(hours=1)
    ours = missed().reverse_no_show(ReversalReason.OUR_FAULT, Change(KEPT, STARTS + timedelta(hours=1)))
    assert cancelled_at(ours) == STARTS + timedelta(hours=1)
    assert is_told(off, cancelled_since=LATER)
    assert not is_told(off, cancelled_since=LATER + timedelta(seconds=1))
    assert is_told(an_appointment(), cancelled_since=LATER + timedelta(days=99))


NEW_YORK = ZoneInfo("America/New_York")
CHANGES = {
    "before spring": (datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK), b"20260308T063000Z"),
    "after spring": (datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK), b"20260308T073000Z"),
    "first half past one": (datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=NEW_YORK), b"20261101T053000Z"),
    "second half past one": (datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK), b"20261101T063000Z"),
    "midnight in shanghai": (datetime(2026, 3, 2, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), b"20260301T160000Z"),
    "leap day": (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), b"20280229T120000Z"),
}


@pytest.mark.parametrize(("starts", "says"), CHANGES.values(), ids=CHANGES)
def test_an_instant_is_told_in_utc_whatever_clocks_do(starts: datetime, says: bytes) -> None:
    event = told(for_client(an_appointment(starts=starts.astimezone(UTC)), a_client(), a_catalog()))
    assert event["dtstart"].to_ical() == says
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)


def test_a_feed_without_visits_is_a_calendar_still() -> None:
    """It has a component, as each has to have (RFC 5545, 3.6), and no event."""
    text = rendered("Mei – Lotus, and; more", [])
    calendar = read(text)
    assert calendar.subcomponents
    assert events(text) == []
    assert [line for line in text.splitlines() if "NAME:" in line] == [
        f"{called}:Mei – Lotus\\, and\\; more" for called in ("NAME", "X-WR-CALNAME")
    ]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text


def test_a_thousand_visits_are_a_thousand_entries_and_the_same_text_again() -> None:
    visits = [an_appointment(f"a-{n}", starts=STARTS + timedelta(hours=n)) for n in range(1000)]
    once, again = (rendered("Lotus", [for_client(it, a_client(), a_catalog()) for it in visits]) for _ in range(2))
    assert once == again
    assert len({str(event["uid"]) for event in events(once)}) == 1000


NO_TOKENS = {
    "nothing": "",
    "ending alone": ".ics",
    "short": "a" * (LETTERS - 1),
    "long": "a" * (LETTERS + 1),
    "other letters": "é" * LETTERS,
    "digits of elsewhere": "\u0663" * LETTERS,
    "path": "../" + "a" * (LETTERS - 3),
    "key of a table": "calendar#" + "a" * (LETTERS - 9),
    "spaces": " " * LETTERS,
    "null": "a" * (LETTERS - 1) + "\x00",
    "ending twice": "a" * LETTERS + ".ics.ics",
    "ending in capitals": "a" * LETTERS + ".ICS",
    "only dashes": "-" * LETTERS,
}


@pytest.mark.parametrize("name", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_can_be_no_token_of_ours_is_looked_up_nowhere(name: str) -> None:
    with pytest.raises(LinkInvalid):
        typed(name)


def test_an_address_holds_letters_that_nobody_can_guess_and_nothing_else() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    for token in tokens:
        address = calendar_address("https://kept.example/", token)
        assert address == f"https://kept.example/c/{token}.ics"
        assert webcal(address) == f"webcal://kept.example/c/{token}.ics"
        assert typed(f"{token}.ics") == typed(token) == token
        assert token not in digest(token)
