"""The owner's settings: saved when they make sense, else refused with the field and the reason, nothing changed."""

from typing import Any

import pytest

import catalog
from kept.storage import catalogs as stored
from kept.storage import follow_up_policies
from kept.storage.codec import to_json
from kept.storage.tables import CatalogItem
from tests.asking import Answer, ask
from tests.builders import a_catalog, a_member

LOTUS: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "zh-Hans",
    "email": "desk@lotus.example",
}
CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
MEI: dict[str, Any] = {"name": "Mei", "hours": {"weekly": {"mon": ["09:00-12:00", "13:00-18:00"]}}}
NONE: dict[str, Any] = {"complete": True, "visits": []}
EFFECTS: dict[str, Any] = {"breaks": NONE | {"total": 0}, "places": NONE | {"total": 0}, "local_times": NONE}
"""What an answer to a save says of visits to come, and no setting of it."""
ALSO = {"business": ("places", "local_times"), "services": ("places",)}
"""Beside those that it breaks."""


def stage(name: str = "Wash", minutes: int = 10, **names: str) -> dict[str, Any]:
    return {"name": name, "minutes": minutes, "names": names}


@pytest.fixture(autouse=True)
def _lotus() -> None:
    catalog = a_catalog()
    stored.put("lotus", [catalog.business, *catalog.services.values(), *catalog.staff.values()])


def put(path: str, body: object, *, role: str = "owner", business: str = "lotus") -> Answer:
    return ask(catalog.handler, f"PUT /v1/desk/{path}", body, role=role, business=business)


def show(business: str = "lotus") -> Any:
    answer = ask(catalog.handler, "GET /v1/desk/catalog", role="owner", business=business)
    assert answer.status == 200
    return answer.body


def without_id(saved: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in saved.items() if name not in ("id", "policy_version", *EFFECTS)}


def without_effects(kind: str, saved: dict[str, Any]) -> dict[str, Any]:
    """With nothing booked a change has none, and says so of each that it could have."""
    said = {name: value for name, value in saved.items() if name in EFFECTS}
    assert said == {name: EFFECTS[name] for name in ("breaks", *ALSO.get(kind, ()))}
    return {name: value for name, value in saved.items() if name not in EFFECTS}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param(
            "business",
            LOTUS
            | {
                "address": "1 Lotus Road",
                "phone": "021 6279 8888",
                "closes_on_holidays": False,
                "stages": [
                    {"name": "day_before", "before": 1440, "unless_confirmed": True},
                    {"name": "at_risk", "before": 720, "at_risk": True, "over": "call"},
                ],
                "channels": ["wechat", "sms"],
                "templates": {"wechat/two_days": "OPENTM-1", "wechat/day_before": "OPENTM-2"},
                "quiet_hours": {"begins": "22:00", "ends": "07:30"},
                "contact": {
                    "opens": "10:00",
                    "closes": "20:00",
                    "never": ["18:00-19:00", "12:30-13:30"],
                    "best": [],
                    "holiday_days": 1,
                    "on_holidays": True,
                    "week_cap": 1,
                    "month_cap": 2,
                    "unread_after": 30,
                },
                "day_list": None,
                "attendance": {"grace": 20, "checks_in": False},
                "changes": {"free_until": 1440, "reschedules": 2},
            },
            id="business",
        ),
        pytest.param(
            "services/perm",
            CUT
            | {
                "rooms": ["chair"],
                "before": 5,
                "after": 10,
                "step": 30,
                "offset": 10,
                "notice": 120,
                "horizon": 30,
                "daily_limit": 4,
                "useful": 90,
                "visit_stages": [{"name": "Wash", "minutes": 10, "names": {"zh-Hans": "洗头"}}],
                "price": {"minor": 38000, "currency": "CNY"},
                "mode": "video",
                "where": "https://meet.lotus.example",
                "prepare": "Wash your hair.",
                "stages": [],
            },
            id="service",
        ),
        pytest.param(
            "staff/an",
            {
                "name": "An",
                "hours": {
                    "weekly": {"sun": [], "sat": ["22:00-26:00"]},
                    "overrides": {"2026-12-24": ["09:00-12:00"], "2026-12-25": []},
                    "time_off": [
                        {"starts": "2026-12-01T00:00:00+08:00", "ends": "2026-12-03T00:00:00+08:00", "reason": "away"}
                    ],
                },
                "email": "an@lotus.example",
                "role": "manager",
                "stand_in": "mei",
            },
            id="staff",
        ),
        pytest.param("rooms/chair", {"name": "Chair", "hours": MEI["hours"]}, id="room"),
        pytest.param("rooms/chair", {"name": "Chair"}, id="room that is always there"),
    ],
)
def test_what_was_saved_is_read_and_can_be_sent_back(path: str, body: object) -> None:
    put("rooms/chair", {"name": "Chair"})
    saved = put(path, body)
    assert saved.status == 200
    kind, _, id = path.partition("/")
    found, told = show()[kind], without_effects(kind, saved.body)
    assert (found if kind == "business" else next(it for it in found if it["id"] == id)) == told
    assert put(path, without_id(saved.body)).body == saved.body


def test_what_is_left_out_takes_the_default() -> None:
    saved = put("business", LOTUS).body
    assert [stage["before"] for stage in saved["stages"]] == [48 * 60, 24 * 60, 3 * 60]
    assert [stage["at_risk"] for stage in saved["stages"]] == [False, True, False]
    assert (saved["channels"], saved["templates"]) == (["wechat", "sms", "email", "call"], {})
    assert (saved["day_list"], saved["text_terms"]["promoted_in"]) == ("07:30", [])
    assert saved["contact"]["never"] == ["12:00-14:00", "18:00-20:00"]
    assert saved["contact"]["best"] == ["10:00-11:30", "14:30-17:00"]
    assert saved["quiet_hours"] == {"begins": "21:00", "ends": "08:00"}
    assert put("services/trim", CUT).body["stages"] is None


def test_a_telephone_number_and_an_address_are_stored_in_one_spelling() -> None:
    saved = put("business", LOTUS | {"phone": "021 6279 8888", "email": "Desk@Lotus.example"}).body
    assert (saved["phone"], saved["email"]) == ("+862162798888", "desk@lotus.example")


def test_the_first_save_makes_the_business_and_nothing_else_can_come_before_it() -> None:
    assert put("staff/ann", MEI, business="garage").code == "unknown_business"
    assert put("business", LOTUS | {"name": "Garage"}, business="garage").body["policy_version"] == 1
    assert put("staff/ann", MEI, business="garage").status == 200
    assert [member["id"] for member in show("garage")["staff"]] == ["ann"]
    assert follow_up_policies.numbers("garage") == (1,)
    assert [member["id"] for member in show()["staff"]] == ["jun", "mei"]


@pytest.mark.parametrize(
    ("change", "version"),
    [
        pytest.param({}, 1, id="nothing new"),
        pytest.param({"address": "2 Lotus Road"}, 1, id="no term of it"),
        pytest.param({"policy_text": "Free until the day before."}, 2, id="its words"),
        pytest.param({"changes": {"free_until": 60}}, 2, id="its terms"),
    ],
)
def test_the_policy_has_a_new_version_when_its_terms_change(change: dict[str, Any], version: int) -> None:
    put("business", LOTUS)
    assert put("business", LOTUS | change).body["policy_version"] == version


STAGE: dict[str, Any] = {"name": "early", "before": 60}


@pytest.mark.parametrize(
    ("path", "change", "field"),
    [
        pytest.param("business", {"country": "XX"}, "country", id="no such country"),
        pytest.param("business", {"country": "US-XX"}, "country", id="no such subdivision"),
        pytest.param("business", {"currency": "XQQ"}, "currency", id="no such currency"),
        pytest.param("business", {"currency": "cny"}, "currency", id="a currency in small letters"),
        pytest.param("business", {"locale": "fr"}, "locale", id="a language without texts"),
        pytest.param("business", {"phone": "12"}, "phone", id="no telephone number"),
        pytest.param("business", {"email": "desk@"}, "email", id="no e-mail address"),
        pytest.param("business", {"stages": [STAGE | {"before": 0}]}, "stages", id="a stage at the start"),
        pytest.param("business", {"stages": [STAGE | {"before": -5}]}, "stages", id="a stage after the start"),
        pytest.param("business", {"stages": [STAGE, STAGE | {"before": 90}]}, "stages", id="a stage named twice"),
        pytest.param("business", {"stages": [STAGE, STAGE | {"name": "b"}]}, "stages", id="two stages at one time"),
        pytest.param(
            "business", {"stages": [STAGE | {"name": "confirmation"}]}, "stages", id="a stage named as a text"
        ),
        pytest.param(
            "business", {"stages": [STAGE | {"name": "day_list"}]}, "stages", id="a stage named as a text to staff"
        ),
        pytest.param(
            "business", {"stages": [STAGE | {"over": "whatsapp"}]}, "stages", id="a stage over a channel not in use"
        ),
        pytest.param("business", {"channels": []}, "channels", id="no channel"),
        pytest.param("business", {"channels": ["sms", "email", "sms"]}, "channels", id="a channel twice"),
        pytest.param("business", {"templates": {"email/two_days": "T"}}, "templates", id="a channel without templates"),
        pytest.param("business", {"templates": {"wechat_once/two_days": "T"}}, "templates", id="no such subscription"),
        pytest.param("business", {"text_terms": {"signature": "【店】"}}, "text_terms.signature", id="signed"),
        pytest.param(
            "business", {"text_terms": {"wechat_name": "店" * 21}}, "text_terms.wechat_name", id="a long name"
        ),
        pytest.param("business", {"text_terms": {"promoted_in": ["XX"]}}, "text_terms.promoted_in", id="no country"),
        pytest.param("business", {"templates": {"wechat": "T"}}, "templates", id="a template of no text"),
        pytest.param("business", {"templates": {"wechat/early": "T"}}, "templates", id="a template of an unknown text"),
        pytest.param("business", {"templates": {"wechat/two_days": ""}}, "templates", id="a template without a name"),
        pytest.param("business", {"contact": {"closes": "09:00"}}, "contact.closes", id="closes when it opens"),
        pytest.param("business", {"contact": {"never": ["14:00-14:00"]}}, "contact.never", id="a window of no length"),
        pytest.param("business", {"contact": {"best": ["16:00-15:00"]}}, "contact.best", id="a best one backwards"),
        pytest.param(
            "business", {"contact": {"never": ["18:00-20:00", "12:00-18:01"]}}, "contact.never", id="windows overlap"
        ),
        pytest.param("business", {"contact": {"never": ["09:00-21:00"]}}, "contact.never", id="nothing left"),
        pytest.param(
            "business",
            {"contact": {"never": ["09:00-20:00"]}, "quiet_hours": {"begins": "20:00"}},
            "contact.never",
            id="nothing left beside the quiet hours",
        ),
        pytest.param("business", {"contact": {"best": ["12:00-13:00"]}}, "contact.best", id="best when it is never"),
        pytest.param("business", {"contact": {"holiday_days": -1}}, "contact.holiday_days", id="less than the holiday"),
        pytest.param(
            "business", {"contact": {"holiday_days": 15}}, "contact.holiday_days", id="no day is far from one"
        ),
        pytest.param("business", {"contact": {"week_cap": 0}}, "contact.week_cap", id="none a week"),
        pytest.param("business", {"contact": {"month_cap": 0}}, "contact.month_cap", id="none a month"),
        pytest.param("business", {"contact": {"unread_after": 0}}, "contact.unread_after", id="unread at once"),
        pytest.param("business", {"quiet_hours": {"begins": "08:00"}}, "quiet_hours", id="quiet hours of no length"),
        pytest.param(
            "business", {"quiet_hours": {"begins": "08:00", "ends": "07:00"}}, "quiet_hours", id="always quiet"
        ),
        pytest.param("business", {"attendance": {"grace": 5}}, "attendance.grace", id="no grace after the question"),
        pytest.param(
            "business", {"attendance": {"ask_after": -1}}, "attendance.ask_after", id="asked before the start"
        ),
        pytest.param(
            "business", {"attendance": {"extension": 0}}, "attendance.extension", id="an extension of nothing"
        ),
        pytest.param("business", {"attendance": {"longest": 10}}, "attendance.longest", id="longest below the grace"),
        pytest.param("business", {"changes": {"free_until": -1}}, "changes.free_until", id="negative notice to change"),
        pytest.param("business", {"changes": {"reschedules": -1}}, "changes.reschedules", id="negative moves"),
        pytest.param("business", {"money": {"staff_waives": -1}}, "money.staff_waives", id="less than nothing waived"),
        pytest.param("business", {"points": {"per_visit": -1}}, "points.per_visit", id="points less than none"),
        pytest.param("business", {"points": {"per_visit": 10}}, "points.credit", id="points that buy nothing"),
        pytest.param("business", {"points": {"price": 0}}, "points.price", id="a credit for nothing"),
        pytest.param("business", {"points": {"credit": -1}}, "points.credit", id="a credit less than nothing"),
        pytest.param("business", {"points": {"credit": 10**13}}, "points.credit", id="all money for points"),
        pytest.param("business", {"fading": {"kept": 0}}, "fading.kept", id="reliable without a visit"),
        pytest.param("business", {"fading": {"lapses": 0}}, "fading.lapses", id="fading without a lapse"),
        pytest.param("business", {"fading": {"lapses": 4}}, "fading.lapses", id="more lapses than visits"),
        pytest.param("business", {"fading": {"last": 101}}, "fading.last", id="of more visits than are read"),
        pytest.param("business", {"review": {"months": 0}}, "review.months", id="reviewed all the time"),
        pytest.param("business", {"review": {"months": 61}}, "review.months", id="reviewed in ages"),
        pytest.param("business", {"review": {"often": 0}}, "review.often", id="often without a visit"),
        pytest.param("business", {"money": {"manager_waives": 10**13}}, "money.manager_waives", id="all money waived"),
        pytest.param("services/cut", {"duration": 0}, "duration", id="a service of no length"),
        pytest.param("services/cut", {"duration": -30}, "duration", id="a service of negative length"),
        pytest.param("services/cut", {"duration": 1441}, "duration", id="a service longer than a day"),
        pytest.param("services/cut", {"step": 0}, "step", id="no step"),
        pytest.param("services/cut", {"offset": -1}, "offset", id="a negative offset"),
        pytest.param("services/cut", {"before": -1}, "before", id="a negative buffer before"),
        pytest.param("services/cut", {"after": -1}, "after", id="a negative buffer after"),
        pytest.param("services/cut", {"notice": -1}, "notice", id="negative notice"),
        pytest.param("services/cut", {"notice": 1440, "horizon": 1}, "notice", id="notice beyond the horizon"),
        pytest.param("services/cut", {"horizon": 0}, "horizon", id="no horizon"),
        pytest.param("services/cut", {"daily_limit": 0}, "daily_limit", id="a daily limit of none"),
        pytest.param("services/cut", {"duration": 60, "useful": 59}, "useful", id="useful before it fits"),
        pytest.param("services/cut", {"useful": 0}, "useful", id="useful at once"),
        pytest.param("services/cut", {"useful": -90}, "useful", id="a negative useful length"),
        pytest.param("services/cut", {"useful": 1441}, "useful", id="useful after a day"),
        pytest.param("services/cut", {"visit_stages": [stage()] * 9}, "visit_stages", id="nine stages of a visit"),
        pytest.param("services/cut", {"visit_stages": [stage(" ")]}, "visit_stages.0.name", id="no name"),
        pytest.param("services/cut", {"visit_stages": [stage(minutes=0)]}, "visit_stages.0.minutes", id="no time"),
        pytest.param("services/cut", {"visit_stages": [stage(minutes=1441)]}, "visit_stages.0.minutes", id="long"),
        pytest.param("services/cut", {"visit_stages": [stage(tlh="Say")]}, "visit_stages.0.names", id="in Klingon"),
        pytest.param("services/cut", {"staff": []}, "staff", id="nobody does it"),
        pytest.param("services/cut", {"staff": ["ann"]}, "staff", id="unknown staff"),
        pytest.param("services/cut", {"staff": ["mei", "mei"]}, "staff", id="staff named twice"),
        pytest.param("services/cut", {"rooms": ["r"]}, "rooms", id="an unknown room"),
        pytest.param("services/cut", {"price": {"minor": -1, "currency": "CNY"}}, "price.minor", id="negative price"),
        pytest.param("services/cut", {"price": {"minor": 1, "currency": "X"}}, "price.currency", id="price in nothing"),
        pytest.param("services/cut", {"stages": [STAGE, STAGE]}, "stages", id="a service's stage named twice"),
        pytest.param(
            "services/cut", {"stages": [STAGE | {"over": "whatsapp"}]}, "stages", id="a service's over one not in use"
        ),
        pytest.param("staff/mei", {"stand_in": "mei"}, "stand_in", id="a stand-in for oneself"),
        pytest.param("staff/mei", {"hours": {"weekly": {}}}, "hours", id="an empty calendar"),
        pytest.param("staff/mei", {"hours": {"weekly": {"mon": []}}}, "hours", id="a calendar of closed days"),
        pytest.param(
            "staff/mei", {"hours": {"weekly": {"tue": ["17:00-09:00"]}}}, "hours.weekly.tue", id="ends before it starts"
        ),
        pytest.param(
            "staff/mei", {"hours": {"weekly": {"tue": ["9-17"]}}}, "hours.weekly.tue", id="hours that are no times"
        ),
        pytest.param(
            "staff/mei",
            {"hours": {"weekly": {"tue": ["09:00-13:00", "12:00-17:00"]}}},
            "hours.weekly.tue",
            id="overlapping windows",
        ),
        pytest.param(
            "staff/mei",
            {"hours": {"weekly": {"mon": ["09:00-17:00"]}, "overrides": {"2026-12-24": ["12:00-12:00"]}}},
            "hours.overrides.2026-12-24",
            id="an override of no length",
        ),
        pytest.param(
            "staff/mei",
            {
                "hours": {
                    "weekly": {"mon": ["09:00-17:00"]},
                    "time_off": [{"starts": "2026-12-24T00:00:00Z", "ends": "2026-12-24T00:00:00Z"}],
                }
            },
            "hours.time_off.0",
            id="time off of no length",
        ),
        pytest.param("staff/mei", {"email": "mei"}, "email", id="a staff member's address that is none"),
        pytest.param("rooms/chair", {"hours": {"weekly": {}}}, "hours", id="a room's empty calendar"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_its_field(path: str, change: dict[str, Any], field: str) -> None:
    before = show()
    good = {"business": LOTUS, "services": CUT, "staff": MEI, "rooms": {"name": "Chair"}}[path.partition("/")[0]]
    answer = put(path, good | change)
    assert (answer.status, answer.code, answer.body.get("field")) == (422, "invalid_setting", field)
    assert answer.body["reason"]
    assert show() == before


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "", "../etc/passwd", "Asia"], ids=["unknown", "empty", "a path", "a folder"]
)
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    answer = put("business", LOTUS | {"tz": zone})
    assert (answer.status, answer.code, answer.body["field"]) == (422, "unknown_zone", "tz")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        pytest.param("business", {}, "name", id="fields missing"),
        pytest.param("business", LOTUS | {"mascot": "red"}, "mascot", id="a field nobody knows"),
        pytest.param("business", LOTUS | {"policy_version": 7}, "policy_version", id="a version of their own"),
        pytest.param(
            "business", LOTUS | {"changes": {"free_until": True}}, "changes.free_until", id="a span that is true"
        ),
        pytest.param("business", LOTUS | {"changes": {"free_until": 10**12}}, "changes.free_until", id="ages"),
        pytest.param("business", LOTUS | {"points": {"price": 1.5}}, "points.price", id="half a point"),
        pytest.param("business", LOTUS | {"fading": {"watched": "often"}}, "fading.watched", id="watched often"),
        pytest.param("business", LOTUS | {"money": {"staff_waives": True}}, "money.staff_waives", id="a true sum"),
        pytest.param("business", LOTUS | {"money": {"staff_waives": 9.5}}, "money.staff_waives", id="half a fen"),
        pytest.param("business", LOTUS | {"money": {"staff_waives": None}}, "money.staff_waives", id="no limit"),
        pytest.param("business", LOTUS | {"quiet_hours": {"ends": "25:00"}}, "quiet_hours.ends", id="25 o'clock"),
        pytest.param("business", LOTUS | {"channels": ["fax"]}, "channels", id="a channel nobody knows"),
        pytest.param("business", LOTUS | {"contact": {"best": ["10-11"]}}, "contact.best", id="a window of no times"),
        pytest.param("business", LOTUS | {"contact": {"best": ["10:00"]}}, "contact.best", id="a window of one time"),
        pytest.param("business", LOTUS | {"day_list": "noon"}, "day_list", id="a time in words"),
        pytest.param("business", LOTUS | {"follow_ups": {}}, "follow_ups", id="what is set by a policy of its own"),
        pytest.param("services/cut", CUT | {"duration": "an hour"}, "duration", id="a length in words"),
        pytest.param("services/a%20b", CUT, "service", id="an id with a space"),
        pytest.param("staff/mei", MEI | {"role": "king"}, "role", id="an unknown role"),
        pytest.param("staff/mei", MEI | {"hours": {"weekly": {"day8": []}}}, "hours.weekly.day8", id="an eighth day"),
        pytest.param(
            "staff/mei",
            MEI
            | {"hours": {"weekly": {}, "time_off": [{"starts": "2026-12-24T00:00:00", "ends": "2026-12-25T00:00:00"}]}},
            "hours.time_off.0.starts",
            id="time off without a zone",
        ),
    ],
)
def test_a_request_of_the_wrong_shape_is_refused_with_its_fields(path: str, body: object, field: str) -> None:
    before = show()
    answer = put(path, body)
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert any(f["field"].startswith(field) for f in answer.body["fields"])
    assert show() == before


def test_text_that_is_no_json_is_refused() -> None:
    assert (put("business", "{").status, put("business", "{").code) == (400, "malformed_json")


@pytest.mark.parametrize("path", ["business", "services/cut", "staff/mei", "rooms/chair"])
def test_settings_are_for_those_who_lead(path: str) -> None:
    good = {"business": LOTUS, "services": CUT, "staff": MEI, "rooms": {"name": "Chair"}}[path.partition("/")[0]]
    assert put(path, good, role="").code == "sign_in_required"
    assert put(path, good, role="staff").code == "role_required"
    assert put(path, good, role="manager").status == 200


def test_a_save_is_seen_at_once_by_whoever_saved() -> None:
    stored.load("lotus")
    put("services/cut", CUT | {"name": "Haircut"})
    assert stored.load("lotus").service("cut").name == "Haircut"


def test_what_somebody_else_has_just_saved_counts() -> None:
    stored.load("lotus")
    an = a_member("an")
    CatalogItem("lotus", "staff#an", body=to_json(an)).save()
    assert put("services/cut", CUT | {"staff": ["an"]}).status == 200
