"""A visit in person is told in the place's time, with the client's own beside it where another clock shows another time
then; one by video or telephone in the client's, and named where that is another than the business's.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from kept.booking.whose_time import Clocks
from kept.business.catalog import Catalog, Mode
from kept.channels import Channel
from kept.messaging.letter import Letter, Links, letter
from kept.messaging.segments import segments
from kept.messaging.texts import render
from kept.messaging.words import words_in
from kept.pages.language import language
from kept.timekeeping.cities import city
from tests.builders import a_catalog, a_client, an_appointment

LINKS = Links("https://kept.example/k/mfrggzdfmztw", "https://kept.example/b/lotus", "https://kept.example/p/t")
PERSON, VIDEO, PHONE = Mode.IN_PERSON, Mode.VIDEO, Mode.PHONE


def at_a_place(place: str, mode: Mode = PERSON) -> Catalog:
    catalog = a_catalog()
    services = {id: replace(service, mode=mode) for id, service in catalog.services.items()}
    return replace(catalog, business=replace(catalog.business, tz=place), services=services)


def told(place: str, client: str, mode: Mode, instant: str, locale: str = "en") -> Letter:
    visit = an_appointment(starts=datetime.fromisoformat(instant))
    waits, offered = visit.starts + timedelta(minutes=20), [visit.starts + timedelta(days=21)]
    visit = replace(visit, waits_until=waits)
    reader = replace(a_client(), locale=locale, tz=client)
    return letter(visit, reader, at_a_place(place, mode), stage=None, links=LINKS, offered=offered)


NY, LONDON, SHANGHAI, TOKYO = "America/New_York", "Europe/London", "Asia/Shanghai", "Asia/Tokyo"
CASES = [
    pytest.param(NY, NY, PERSON, "2026-03-14T18:00Z", "Sat, Mar 14, 2:00 PM", id="the same zone"),
    pytest.param(
        NY, LONDON, PERSON, "2026-03-14T18:00Z", "Sat, Mar 14, 2:00 PM New York time (6:00 PM London time)",
        id="in person, elsewhere",
    ),
    pytest.param(
        NY, LONDON, VIDEO, "2026-03-14T18:00Z", "Sat, Mar 14, 6:00 PM (London time)",
        id="by video, elsewhere",
    ),
    pytest.param(NY, LONDON, PHONE, "2026-03-14T18:00Z", "Sat, Mar 14, 6:00 PM (London time)", id="by telephone"),
    pytest.param(NY, NY, VIDEO, "2026-03-14T18:00Z", "Sat, Mar 14, 2:00 PM", id="by video, the same zone"),
    pytest.param(
        NY, "America/Toronto", PERSON, "2026-03-14T18:00Z", "Sat, Mar 14, 2:00 PM",
        id="another zone, one clock",
    ),
    pytest.param(
        SHANGHAI, "Asia/Singapore", VIDEO, "2026-03-14T06:00Z", "Sat, Mar 14, 2:00 PM",
        id="by video, one clock",
    ),
    pytest.param(
        NY, TOKYO, PERSON, "2026-03-14T18:00Z", "Sat, Mar 14, 2:00 PM New York time (Sun, Mar 15, 3:00 AM Tokyo time)",
        id="their day is the next",
    ),
    pytest.param(
        TOKYO, NY, PERSON, "2026-03-14T01:00Z", "Sat, Mar 14, 10:00 AM Tokyo time (Fri, Mar 13, 9:00 PM New York time)",
        id="their day is the one before",
    ),
    pytest.param(
        LONDON, NY, PERSON, "2026-03-14T04:00Z", "Sat, Mar 14, 4:00 AM London time (12:00 AM New York time)",
        id="their midnight, of the same day",
    ),
    pytest.param(
        "America/Phoenix", "America/Denver", PERSON, "2026-03-07T18:00Z", "Sat, Mar 7, 11:00 AM",
        id="before one of them changes its clocks",
    ),
    pytest.param(
        "America/Phoenix", "America/Denver", PERSON, "2026-03-08T18:00Z",
        "Sun, Mar 8, 11:00 AM Phoenix time (12:00 PM Denver time)", id="after it has",
    ),
    pytest.param(
        "Europe/Paris", LONDON, PERSON, "2026-03-29T01:30Z", "Sun, Mar 29, 3:30 AM Paris time (2:30 AM London time)",
        id="both have just changed theirs",
    ),
    pytest.param(
        LONDON, "Africa/Abidjan", PERSON, "2026-10-25T00:30Z",
        "Sun, Oct 25, 1:30 AM London time (12:30 AM Abidjan time)",
        id="the hour that comes twice, the first time",
    ),
    pytest.param(LONDON, "Africa/Abidjan", PERSON, "2026-10-25T01:30Z", "Sun, Oct 25, 1:30 AM", id="and the second"),
    pytest.param(
        "Asia/Kolkata", "Asia/Kathmandu", PERSON, "2026-03-14T06:00Z",
        "Sat, Mar 14, 11:30 AM Kolkata time (11:45 AM Kathmandu time)", id="a quarter of an hour",
    ),
    pytest.param(
        "Australia/Lord_Howe", "Australia/Sydney", PERSON, "2026-06-14T00:00Z",
        "Sun, Jun 14, 10:30 AM Lord Howe Island time (10:00 AM Sydney time)", id="half an hour in winter",
    ),
    pytest.param(
        "Australia/Lord_Howe", "Australia/Sydney", PERSON, "2026-01-14T00:00Z", "Wed, Jan 14, 11:00 AM",
        id="and none in summer",
    ),
    pytest.param(
        "Pacific/Kiritimati", "Pacific/Niue", PERSON, "2026-03-14T09:00Z",
        "Sat, Mar 14, 11:00 PM Kiritimati time (Fri, Mar 13, 10:00 PM Niue time)", id="across the date line",
    ),
    pytest.param(
        LONDON, "UTC", PERSON, "2026-07-14T09:00Z", "Tue, Jul 14, 10:00 AM London time (9:00 AM UTC time)",
        id="a zone without a city",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("place", "client", "mode", "instant", "when"), CASES)
def test_a_visit_is_told_by_the_clock_that_it_goes_by(
    place: str, client: str, mode: Mode, instant: str, when: str
) -> None:
    """In person the place's time, with the client's where it differs; by video or telephone the client's own."""
    about = told(place, client, mode, instant)
    assert words_in("en").when(about) == when
    assert f"When: {when}" in render("confirmation", Channel.EMAIL, about).text
    zone = place if mode is PERSON else client
    assert about.starts.timestamp() == datetime.fromisoformat(instant).timestamp()
    assert {at.tzinfo for at in (about.starts, about.ends, about.waits_until, *about.offered) if at} == {ZoneInfo(zone)}


@pytest.mark.parametrize(
    ("mode", "when"),
    [
        pytest.param(PERSON, "3月14日周六 14:00（上海时间，东京时间15:00）", id="in person"),
        pytest.param(VIDEO, "3月14日周六 15:00（东京时间）", id="by video"),
    ],
)
def test_so_it_is_in_chinese(mode: Mode, when: str) -> None:
    assert words_in("zh-Hans").when(told(SHANGHAI, TOKYO, mode, "2026-03-14T06:00Z", "zh-Hans")) == when


@pytest.mark.slow
def test_each_time_on_offer_is_told_by_the_clocks_of_its_own_day() -> None:
    """New York and London are four hours apart on 14 March, and five three weeks later."""
    about = told(NY, LONDON, PERSON, "2026-03-14T18:00Z")
    assert words_in("en").times(about) == "Sat, Apr 4, 2:00 PM New York time (7:00 PM London time)"


def test_a_time_on_offer_may_differ_where_the_visit_does_not() -> None:
    """Phoenix and Denver show one time on 7 March, and not three weeks later, when one has changed its clock."""
    about = told("America/Phoenix", "America/Denver", PERSON, "2026-03-07T18:00Z")
    assert not about.elsewhere
    assert words_in("en").times(about) == "Sat, Mar 28, 11:00 AM Phoenix time (12:00 PM Denver time)"


def test_how_long_they_are_waited_for_is_in_the_same_time() -> None:
    """A client who is late reads the limit by the same clocks as the visit."""
    about = told(NY, LONDON, PERSON, "2026-03-14T18:00Z")
    assert words_in("en").until(about) == "2:20 PM New York time (6:20 PM London time)"


@pytest.mark.parametrize("mode", Mode)
def test_a_text_message_names_whose_clock_it_is_in_one_part(mode: Mode) -> None:
    """The place's time in person, the client's otherwise, and never a time without whose it is."""
    about = replace(told(NY, LONDON, mode, "2026-03-14T18:00Z"), keys=True)
    said = render("reminder", Channel.SMS, about).text
    assert segments(said).count == 1
    assert ("New York time" if mode is PERSON else "London time") in said
    assert ("2 PM" in said or "2:00 PM" in said) is (mode is PERSON)


@pytest.mark.parametrize(
    ("tag", "place", "client", "mode", "instant", "whose"),
    [
        pytest.param(
            "en", NY, LONDON, PERSON, "2026-03-14T18:00Z", "New York time; 6:00 PM London time",
            id="in person",
        ),
        pytest.param("en", NY, LONDON, VIDEO, "2026-03-14T18:00Z", "London time", id="by video"),
        pytest.param("en", NY, NY, PERSON, "2026-03-14T18:00Z", "", id="one clock"),
        pytest.param(
            "en", NY, TOKYO, PERSON, "2026-03-14T18:00Z",
            "New York time; Sunday, March 15, 2026 at 3:00 AM Tokyo time", id="another day",
        ),
        pytest.param(
            "zh-Hans", SHANGHAI, TOKYO, PERSON, "2026-03-14T06:00Z", "上海时间；东京时间15:00",
            id="in Chinese",
        ),
    ],
)  # fmt: skip
def test_the_pages_name_it_beside_the_time(
    tag: str, place: str, client: str, mode: Mode, instant: str, whose: str
) -> None:
    """A client sees whose time it is, and in person their own as well where it differs."""
    clocks = Clocks(mode, ZoneInfo(place), ZoneInfo(client))
    shown = clocks.told(datetime.fromisoformat(instant).astimezone(UTC))
    assert language(tag).whose(shown).replace("\u202f", " ") == whose


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        pytest.param("Asia/Kolkata", "Kolkata", "加尔各答", id="known by its older name"),
        pytest.param("Asia/Calcutta", "Kolkata", "加尔各答", id="the older name itself"),
        pytest.param(
            "America/Argentina/Buenos_Aires", "Buenos Aires", "布宜诺斯艾利斯", id="a province before the city"
        ),
        pytest.param("Asia/Kathmandu", "Kathmandu", "加德满都", id="another spelling"),
        pytest.param("Europe/Kyiv", "Kyiv", "基辅", id="a new name"),
        pytest.param("America/Indiana/Indianapolis", "Indianapolis", "印第安纳波利斯", id="a state before the city"),
        pytest.param("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "胡志明市", id="a city that was renamed"),
        pytest.param("US/Eastern", "New York", "纽约", id="no city in it"),
        pytest.param("America/New_York", "New York", "纽约", id="a common one"),
        pytest.param("UTC", "UTC", "UTC", id="none"),
        pytest.param("Etc/GMT+5", "GMT+5", "GMT+5", id="an offset"),
    ],
)
def test_a_zone_is_called_by_its_city_in_the_reader_s_language(zone: str, english: str, chinese: str) -> None:
    """Nobody reads a zone's technical name where a city stands for it."""
    assert [city(ZoneInfo(zone), Locale.parse(tag, sep="-")) for tag in ("en", "zh-Hans")] == [english, chinese]
