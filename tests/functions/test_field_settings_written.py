"""Whatever is saved means one thing to every program that reads it later: a time, a day, a moment, a zone and a number
are written in one way each. What is written otherwise is refused with its field, and nothing is changed.
"""

from typing import Any

import pytest

import catalog
import clients
import webhooks
from kept import clock
from kept.storage.tables import CatalogItem
from tests import lotus
from tests.asking import Answer, ask
from tests.functions.test_field_repeats import DAY_OF_WORK, LOTUS
from tests.sample_events import MORNING, the_world

WASH = {"name": "Wash", "duration": 30, "staff": ["mei"]}
MEI = {"name": "Mei", "hours": DAY_OF_WORK}
FOREVER = "9999-12-31T23:59:59-14:00"
"""In UTC that is the year 10000, in which nothing can be."""


@pytest.fixture
def _salon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def put(path: str, body: Any) -> Answer:
    return ask(catalog.handler, f"PUT /v1/desk/{path}", body, role="owner")


def stored() -> list[tuple[str, str]]:
    return [(item.id, item.body) for item in CatalogItem.query("lotus")]


def absence(starts: object, ends: object) -> dict[str, Any]:
    return MEI | {"hours": DAY_OF_WORK | {"time_off": [{"starts": starts, "ends": ends}]}}


def otherwise(day: str, *more: str) -> dict[str, Any]:
    return MEI | {"hours": DAY_OF_WORK | {"overrides": {day: []} | {it: ["09:00-10:00"] for it in more}}}


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a time with an offset": ("business", {"quiet_hours": {"begins": "21+01", "ends": "08:00"}}, "quiet_hours.begins"),
    "an end with an offset": ("business", {"quiet_hours": {"begins": "21:00", "ends": "08-01"}}, "quiet_hours.ends"),
    "both with offsets": ("business", {"quiet_hours": {"begins": "21+01", "ends": "08+01"}}, "quiet_hours.begins"),
    "an opening with an offset": ("business", {"contact": {"opens": "09+01"}}, "contact.opens"),
    "a span with an offset": ("business", {"contact": {"never": ["12+01-14:00"]}}, "contact.never.0"),
    "a span of two spans": ("business", {"contact": {"never": [["09:00-10:00", "09:30-11:00"]]}}, "contact.never.0"),
    "a span of two times": ("business", {"contact": {"never": [["09:00", "11:00"]]}}, "contact.never.0"),
    "a span with letters": ("business", {"contact": {"best": ["T0900-11:00"]}}, "contact.best.0"),
    "a list at a time with an offset": ("business", {"day_list": "07+01"}, "day_list"),
    "a list at a time without a colon": ("business", {"day_list": "T0700"}, "day_list"),
    "a list at a time in other digits": ("business", {"day_list": "０７:００"}, "day_list"),
    "a list at midnight as the end": ("business", {"day_list": "24:00"}, "day_list"),
    "an absence in seconds": ("staff/mei", absence(0, 1_773_000_000), "hours.time_off.0.starts"),
    "an absence in seconds as text": (
        "staff/mei",
        absence("1772000000", "2026-03-09T00:00:00Z"),
        "hours.time_off.0.starts",
    ),
    "an absence from a day": ("staff/mei", absence("2026-03-02", "2026-03-09T00:00:00Z"), "hours.time_off.0.starts"),
    "an absence for ever": ("staff/mei", absence("2026-03-02T00:00:00Z", FOREVER), "hours.time_off.0"),
    "an absence from the beginning": (
        "staff/mei",
        absence("0001-01-01T00:00:00+14:00", "2026-03-09T00:00:00Z"),
        "hours.time_off.0",
    ),
    "a room that is gone for ever": (
        "rooms/basin",
        {"name": "Basin", "hours": absence("2026-03-02T00:00:00Z", FOREVER)["hours"]},
        "hours.time_off.0",
    ),
    "a date in seconds": ("staff/mei", otherwise("86400"), "hours.overrides.86400.[key]"),
    "a date with a time": ("staff/mei", otherwise("2026-03-03T00:00:00"), "hours.overrides.2026-03-03T00:00:00.[key]"),
    "one date in two ways": (
        "staff/mei",
        otherwise("2026-03-03", "2026-03-03T00:00:00"),
        "hours.overrides.2026-03-03T00:00:00.[key]",
    ),
    "a date in other digits": ("staff/mei", otherwise("２０２６-03-03"), "hours.overrides.２０２６-03-03.[key]"),
    "a date in no year": ("staff/mei", otherwise("0001-01-01"), "hours.overrides.0001-01-01"),
    "a date in the last year": ("staff/mei", otherwise("9999-12-31"), "hours.overrides.9999-12-31"),
    "a leap day that is none": ("staff/mei", otherwise("2026-02-29"), "hours.overrides.2026-02-29.[key]"),
    "nobody's fault on a number": (
        "business",
        {"make_good": {"nobodys_fault": 86_400}},
        "make_good.nobodys_fault",
    ),
    "the zone of no place": ("business", {"tz": "Factory"}, "tz"),
    "the zone of this machine": ("business", {"tz": "localtime"}, "tz"),
    "the machine's rules": ("business", {"tz": "posixrules"}, "tz"),
    "a zone's copy": ("business", {"tz": "posix/Asia/Shanghai"}, "tz"),
    "a zone with leap seconds": ("business", {"tz": "right/UTC"}, "tz"),
    "a zone in small letters": ("business", {"tz": "asia/shanghai"}, "tz"),
    "a file beside the zones": ("business", {"tz": "zone.tab"}, "tz"),
    "a country with a dash": ("business", {"country": "CN-"}, "country"),
    "a country and a part that is none": ("business", {"country": "DE-XX"}, "country"),
    "a length that is true": ("services/wash", WASH | {"duration": True}, "duration"),
    "a price that is true": ("services/wash", WASH | {"price": {"minor": True, "currency": "CNY"}}, "price.minor"),
    "a step that is true": ("services/wash", WASH | {"step": True}, "step"),
    "a limit that is true": ("services/wash", WASH | {"daily_limit": True}, "daily_limit"),
    "a cap that is true": ("business", {"contact": {"week_cap": True}}, "contact.week_cap"),
    "changes that are false": ("business", {"changes": {"reschedules": False}}, "changes.reschedules"),
    "a stage that is true": (
        "services/wash",
        WASH | {"visit_stages": [{"name": "Wash", "minutes": True}]},
        "visit_stages.0.minutes",
    ),
    "a price beyond all numbers": (
        "services/wash",
        WASH | {"price": {"minor": 10**40, "currency": "CNY"}},
        "price.minor",
    ),
    "a price that a browser rounds": (
        "services/wash",
        WASH | {"price": {"minor": 2**53 + 1, "currency": "CNY"}},
        "price.minor",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("_salon")
@pytest.mark.parametrize(("path", "told", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_written_otherwise_is_refused_with_its_field(path: str, told: dict[str, Any], field: str) -> None:
    """And nothing is saved."""
    before = stored()
    refused = put(path, LOTUS | told if path == "business" else told)
    named = {refused.body.get("field"), *(it["field"] for it in refused.body.get("fields", []))}
    assert (refused.status, stored()) == (422, before), refused.body
    assert field in named


@pytest.mark.usefixtures("_salon")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("business", LOTUS | {"quiet_hours": {"begins": "23:59", "ends": "00:00"}, "day_list": "00:00"}),
        ("business", LOTUS | {"tz": "Etc/GMT+12"}),
        ("business", LOTUS | {"tz": "EST5EDT", "country": "DE-BY"}),
        ("staff/mei", absence("2026-03-02t00:00:00z", "8999-12-31T00:00:00+14:00")),
        ("staff/mei", otherwise("2028-02-29", "2020-01-01")),
        ("services/wash", WASH | {"price": {"minor": 10**12, "currency": "KWD"}, "daily_limit": 1}),
    ],
)
def test_what_is_written_as_it_should_be_is_saved(path: str, told: dict[str, Any]) -> None:
    """At the edges of what is allowed."""
    assert put(path, told).status == 200


SPANS = [
    {"since": 0},
    {"since": "0"},
    {"since": "1772000000"},
    {"since": "2026-03-01"},
    {"since": "2026-03-01T00:00:00Z", "until": 1_773_000_000},
    {"since": "0001-01-01T00:00:00+14:00", "until": "0001-01-02T00:00:00+14:00"},
    {"since": "9999-12-31T00:00:00-14:00", "until": FOREVER},
]
ENDS = [5_000_000_000, "5000000000", 5e9, "2026-12-31", FOREVER, "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("span", SPANS)
def test_a_span_of_events_is_written_out(span: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds are no moment: which span was meant would be a guess."""
    the_world()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    refused = ask(webhooks.handler, "POST /v1/desk/webhooks/till/replay", span, role="owner", staff="jun")
    assert (refused.status, refused.code) == (422, "invalid_request")


@pytest.mark.parametrize("until", ENDS)
def test_how_long_a_standing_holds_is_written_out(until: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within years in which it can end."""
    the_world()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    told = {"standing": "restricted", "why": "She missed three.", "until": until}
    refused = ask(clients.handler, "PUT /v1/desk/clients/c-1/standing", told, role="owner")
    assert (refused.status, refused.code) == (422, "invalid_request")
