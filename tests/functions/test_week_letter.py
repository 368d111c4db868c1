"""The weekly letter: to the business's own address, on Monday morning by its clock, once, in its language, with what
is so when it is sent; and to nobody who did not ask for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import message_sender
from kept import clock
from kept.business.figure_rules import FigureRules
from kept.channels import Channel
from kept.messaging.message import Message, MessageStatus
from kept.messaging.texts import render
from kept.runtime import aws
from kept.storage import catalogs, figure_days, messages
from kept.storage.figure_days import Night
from kept.use_cases.insight import adding_up, recording, weekly_letter
from kept.use_cases.messaging.staff_message import to_staff
from tests import lotus
from tests.functions.conftest import cloud, made, queued
from tests.functions.test_field_figures import a_visit, came, missed, then
from tests.stopping import records

__all__ = ["cloud", "made", "queued"]

SUNDAY = date(2026, 3, 8)
NIGHT = datetime(2026, 3, 8, 19, 5, tzinfo=UTC)
"""Monday, 03:05 in Shanghai."""
MORNING = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    recording.forget()
    lotus.open_both()
    wants(letter=True)


def wants(*, letter: bool, locale: str = "en", tz: str = "Asia/Shanghai") -> None:
    business = lotus.the_salon().business
    catalogs.put("lotus", [replace(business, figures=FigureRules(letter=letter), locale=locale, tz=tz)])
    catalogs.forget()


def a_night(now: datetime = NIGHT, *, until: date = SUNDAY - timedelta(days=1)) -> None:
    figure_days.begin(Night("lotus", until, now - timedelta(minutes=5)))
    adding_up.add_up("lotus", figure_days.NIGHT, now=now)


def owed() -> list[Message]:
    return messages.about("lotus", "figures")


def test_it_is_owed_on_monday_morning_by_the_business_s_clock() -> None:
    a_night()
    (told,) = owed()
    assert (told.due_at, told.recipient, told.stage) == (MORNING, "lotus", "week_figures")


@pytest.mark.parametrize(
    ("until", "now"),
    [
        pytest.param(SUNDAY - timedelta(days=3), NIGHT - timedelta(days=2), id="a Saturday, of a week long ago"),
        pytest.param(SUNDAY + timedelta(days=3), NIGHT + timedelta(days=4), id="a Friday"),
    ],
)
def test_on_no_other_day(until: date, now: datetime) -> None:
    a_night(now, until=until)
    assert owed() == []


def test_once_however_often_the_night_is_done_again() -> None:
    for _ in range(3):
        a_night()
    a_night(NIGHT + timedelta(days=1), until=SUNDAY)
    assert len(owed()) == 1


def test_after_a_night_that_was_late_it_goes_at_once_as_long_as_it_is_news(queued: Any) -> None:
    late = MORNING + timedelta(hours=30)
    a_night(late, until=SUNDAY - timedelta(days=1))
    (told,) = owed()
    assert told.due_at == late
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [told.id]


def test_who_did_not_ask_for_it_gets_none() -> None:
    wants(letter=False)
    a_night()
    assert owed() == []


@pytest.mark.parametrize(
    ("night", "morning"),
    [
        pytest.param("2026-03-09T07:05Z", "2026-03-09T11:30Z", id="the morning after the clocks went forward"),
        pytest.param("2026-11-02T08:05Z", "2026-11-02T12:30Z", id="the morning after they went back"),
    ],
)
def test_over_a_clock_change_it_is_half_past_seven_all_the_same(night: str, morning: str) -> None:
    wants(letter=True, tz="America/New_York")
    now = datetime.fromisoformat(night)
    a_night(now, until=now.date() - timedelta(days=2))
    assert [told.due_at for told in owed()] == [datetime.fromisoformat(morning)]


def said(locale: str) -> str:
    wants(letter=True, locale=locale)
    a_night()
    catalog = catalogs.load("lotus")
    letter = to_staff(owed()[0], catalog, now=MORNING)
    assert letter.address == "desk@lotus.example"
    rendered = render("week_figures", Channel.EMAIL, letter.told)
    return f"{rendered.subject}\n{rendered.text}"


def test_it_says_five_numbers_and_what_has_changed_in_english() -> None:
    """Sixty of sixty came this week, thirty of sixty the week before; of late cancellations none."""
    many_weeks()
    text = said("en")
    assert "Booked: 60; the week before 60" in text
    assert "Came: 100% (60 of 60); 50 points more than the week before" in text
    assert "Cancelled late: 0% (0 of 60); as in the week before" in text
    assert "Hours filled: " in text
    assert "Revenue by planned prices: CN¥0.00; the week before CN¥0.00" in text
    assert "https://kept.example/desk/figures?from=2026-03-02&to=2026-03-08" in text


def test_and_in_chinese() -> None:
    many_weeks()
    text = said("zh-Hans")
    assert "到店：100%（60中的60）；比前一周多50个百分点" in text
    assert text.splitlines()[0].startswith("一周统计")


def test_of_too_few_it_says_so_and_of_nothing_it_says_nothing() -> None:
    visit = a_visit(starts=datetime(2026, 3, 4, 4, tzinfo=UTC))
    life(visit, came(visit))
    text = said("en")
    assert "Came: 100% (1 of 1); compared with 0: too few to say what changed" in text


def test_it_tells_what_is_so_when_it_is_sent() -> None:
    a_night()
    visit = a_visit(starts=datetime(2026, 3, 4, 4, tzinfo=UTC))
    life(visit, missed_then_came(visit))
    letter = weekly_letter.letter(catalogs.load("lotus"), SUNDAY)
    assert [(line.part, line.whole) for line in letter.lines[:2]] == [(1, 0), (1, 1)]


def missed_then_came(visit: Any) -> Any:
    gone = then(visit, "mark_no_show", visit.starts + timedelta(hours=1), evidence=())
    return then(then(gone, "undo", visit.starts + timedelta(hours=2)), "check_in", visit.starts)


def many_weeks() -> None:
    for week in (0, 1):
        for n in range(60):
            starts = datetime(2026, 2, 24, 2, tzinfo=UTC) + timedelta(days=7 * week, minutes=n)
            visit = a_visit(f"a-{week}-{n}", starts=starts)
            life(visit, replace(came(visit) if week or n % 2 else missed(visit), revision=2))


def life(*versions: Any) -> None:
    from tests.made_year import change_of

    for before, after in zip([None, *versions], versions, strict=False):
        recording.record(change_of(before, after, at=NIGHT))


def test_it_is_sent_with_what_is_known_when_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    many_weeks()
    a_night()
    (told,) = owed()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    assert message_sender.handler(records(("lotus", told.id)), None) == {"batchItemFailures": []}
    assert [it.status for it in owed()] == [MessageStatus.SENT]
