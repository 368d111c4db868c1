"""Names in a second language: saved under our tags however they are spelt, and read by whoever reads that language."""

from dataclasses import replace
from typing import Any

import pytest

import catalog
import client_pages
from kept import clock
from kept.business.catalog import Catalog, Resource
from kept.business.names import in_language
from kept.messaging.ical import invitation
from kept.messaging.letter import Letter, Links, day_list, greeting, letter
from kept.storage import catalogs as stored
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_catalog, a_client, an_appointment
from tests.functions.plain_browser import Browser

LINKS = Links("https://kept.example/k/mfrggzdfmztw", "https://kept.example/b/lotus", "https://kept.example/p/t")
ZH = {"business": "花样年华", "cut": "剪发", "mei": "梅姐", "r1": "2号椅"}


def named() -> Catalog:
    """The Lotus, whose own names are English, with Chinese ones beside them."""
    catalog = a_catalog()
    services = {id: replace(it, names={"zh-Hans": ZH[id]} if id in ZH else {}) for id, it in catalog.services.items()}
    staff = {id: replace(it, names={"zh-Hans": ZH[id]} if id in ZH else {}) for id, it in catalog.staff.items()}
    rooms = {"r1": Resource("r1", "Chair 2", names={"zh-Hans": ZH["r1"]})}
    business = replace(catalog.business, locale="en", names={"zh-Hans": ZH["business"]})
    return replace(catalog, business=business, services=services, staff=staff, rooms=rooms)


def written(locale: str, book: Catalog | None = None) -> Letter:
    visit = an_appointment()
    visit = replace(visit, slot=replace(visit.slot, room="r1"))
    return letter(visit, replace(a_client(), locale=locale), book or named(), stage=None, links=LINKS)


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        pytest.param("en", ("Lotus", "Cut", "Mei", "Chair 2"), id="its own language"),
        pytest.param("zh-Hans", tuple(ZH.values()), id="the second one"),
        pytest.param("zh_CN", tuple(ZH.values()), id="as a computer spells it"),
        pytest.param("ZH-cn", tuple(ZH.values()), id="in capitals"),
        pytest.param("zh-TW", tuple(ZH.values()), id="its kin, as long as there is no other"),
        pytest.param("fr", ("Lotus", "Cut", "Mei", "Chair 2"), id="a language without texts"),
        pytest.param("", ("Lotus", "Cut", "Mei", "Chair 2"), id="none known"),
    ],
)
def test_a_letter_calls_everything_as_its_reader_does(locale: str, says: tuple[str, ...]) -> None:
    about = written(locale)
    assert (about.business, about.service, about.staff, about.room) == says


def test_what_has_no_second_name_keeps_its_own() -> None:
    catalog = named()
    only = replace(catalog, staff={id: replace(it, names={}) for id, it in catalog.staff.items()})
    assert (written("zh-Hans", only).staff, written("zh-Hans", only).service) == ("Mei", "剪发")


def test_what_was_given_up_is_still_called_so() -> None:
    catalog = named()
    gone = replace(catalog, services={}, gone=replace(catalog.gone, services=catalog.services))
    assert written("zh-Hans", gone).service == "剪发"


def test_an_invitation_and_a_calendar_entry_are_called_so_too() -> None:
    told = greeting(replace(a_client(), locale="zh-Hans"), named(), service="cut", links=LINKS)
    assert (told.business, told.service) == ("花样年华", "剪发")
    entry = invitation(
        "confirmation", an_appointment(), written("zh-Hans"), organizer="a@b.example", attendee=None, now=STARTS
    )
    assert entry
    assert "剪发" in entry.content.decode()


def test_staff_read_it_in_the_language_of_the_business() -> None:
    visits = [(an_appointment(), replace(a_client(), locale="zh-Hans"))]
    told = day_list("mei", STARTS.date(), visits, named())
    assert (told.business, told.reader, told.visits[0].service) == ("Lotus", "Mei", "Cut")


def test_calling_it_twice_changes_nothing() -> None:
    once = in_language(named(), "zh-Hans")
    assert in_language(once, "zh-Hans") == once


@pytest.mark.parametrize(("tag", "shown", "not_shown"), [("en", "Cut", "剪发"), ("zh-Hans", "剪发", "Cut")])
def test_the_pages_are_in_the_reader_s_names(
    tag: str, shown: str, not_shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.store(named())
    page = Browser(client_pages.handler, tag).get("/b/lotus")
    assert shown in page.text
    assert not_shown not in page.text
    assert ("花样年华" in page.title) is (tag == "zh-Hans")


LOTUS: dict[str, Any] = {
    "name": "Lotus", "tz": "Asia/Shanghai", "country": "CN", "currency": "CNY", "locale": "en",
}  # fmt: skip
PATHS: dict[str, dict[str, Any]] = {
    "business": LOTUS,
    "services/cut": {"name": "Cut", "duration": 60, "staff": ["mei"]},
    "staff/mei": {"name": "Mei", "hours": {"weekly": {"mon": ["09:00-12:00"]}}},
    "rooms/r1": {"name": "Chair"},
}


def put(path: str, names: object) -> Answer:
    book = a_catalog()
    stored.put("lotus", [book.business, *book.services.values(), *book.staff.values()])
    return ask(catalog.handler, f"PUT /v1/desk/{path}", PATHS[path] | {"names": names}, role="owner", business="lotus")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param({"zh-Hans": "剪发"}, {"zh-Hans": "剪发"}, id="our tag"),
        pytest.param({"zh_CN": "剪发"}, {"zh-Hans": "剪发"}, id="as a computer spells it"),
        pytest.param({"ZH-cn": "剪发"}, {"zh-Hans": "剪发"}, id="in capitals"),
        pytest.param({"zh": " 剪\u200b发\u202e "}, {"zh-Hans": "剪发"}, id="with what nobody sees"),
        pytest.param({"zh_TW": "剪髮", "en_GB": "Cut"}, {"zh-Hans": "剪髮", "en": "Cut"}, id="two"),
        pytest.param({}, {}, id="none"),
    ],
)
def test_a_name_is_kept_under_our_tag_and_comes_back(path: str, typed: object, kept: object) -> None:
    answer = put(path, typed)
    assert (answer.status, answer.body["names"]) == (200, kept)
    shown = ask(catalog.handler, "GET /v1/desk/catalog", role="owner", business="lotus").body
    kind, _, id = path.partition("/")
    saved = shown[kind] if not id else next(it for it in shown[kind] if it["id"] == id)
    assert saved["names"] == kept


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"fr": "Coupe"}, id="a language without texts"),
        pytest.param({"x": "Cut"}, id="no tag"),
        pytest.param({"": "Cut"}, id="an empty tag"),
        pytest.param({"zh-CN": "剪发", "zh_Hans": "理发"}, id="one language twice"),
        pytest.param({"zh-Hans": ""}, id="an empty name"),
        pytest.param({"zh-Hans": "\u200b\u202e"}, id="a name that nobody sees"),
        pytest.param({"zh-Hans": "剪" * 101}, id="too long"),
        pytest.param({"zh-Hans": None}, id="no text"),
        pytest.param(["剪发"], id="no names by language"),
        pytest.param({f"en-x{n}": "Cut" for n in range(21)}, id="very many"),
    ],
)
def test_what_cannot_be_a_name_is_refused(path: str, typed: object) -> None:
    answer = put(path, typed)
    assert answer.status in (400, 422)
    assert "names" in str(answer.body)
