"""A short link is another name for one signed link: of its page, its address and its end, and of nothing else.

The rule: what stands in a text message is twelve letters that are looked up. They open what the signed link opens, for
as long, prove what it proves, and change nothing; who tries letters that nobody was sent is slowed down; whoever steals
the table has no link.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

import pytest
from pynamodb.exceptions import QueryError, UpdateError

import client_pages
import front_desk
import my_appointment
from kept import clock
from kept.actor import CLIENT, Change
from kept.business.change_rules import ChangeRules
from kept.business.own_text import OwnText
from kept.channels import Channel
from kept.channels import Purpose as Why
from kept.client_links import short_tokens, signing_keys, tokens
from kept.client_links.links import PAGES, LinkKeys, LinkPurpose, appointment_page
from kept.client_links.short_links import PATH, ShortLink, stands_for
from kept.clients.booked_as import booked_as
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.held import ContactKind
from kept.messaging.outgoing import UNDO
from kept.runtime import log
from kept.storage import appointments, catalogs, counters, short_links
from kept.storage.tables import ClientItem, LinkItem
from kept.storage.transaction import together
from kept.use_cases.limits import guessing
from tests import lotus
from tests.asking import HERE, an_http_event, ask
from tests.builders import BOOKED, STARTS, a_client, an_appointment
from tests.functions import postbox
from tests.functions.conftest import LINK_KEYS
from tests.functions.plain_browser import Browser, Page
from tests.functions.postbox import Postbox, Sent, led_to
from tests.refusing import is_problem

PHONE, EMAIL = "+8613812345678", "li@example.com"
LI = {"name": "Li Na", "phone": PHONE}
ENDS = STARTS + timedelta(hours=1)
LASTS = tokens.LASTS
MINUTE = timedelta(minutes=1)
ELSEWHERE = "198.51.100.1"
NOBODY_S = "zzzzzzzzzzzz"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Li Na is told by text message."""
    return postbox.opened(monkeypatch, Channel.SMS, Channel.EMAIL)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def moved(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    moved(lotus.NOW)
    return moved


@pytest.fixture
def hers(at: Callable[[datetime], None]) -> str:  # noqa: ARG001
    """The path of the short link to Li Na's visit of Monday that went to her number."""
    lotus.open_both()
    client = replace(a_client(), phone=PHONE)
    lotus.known(client)
    lotus.put(replace(an_appointment(), booked_as=booked_as(client, is_first=True)))
    return lotus.short(ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", ENDS + LASTS))


def texted() -> Client:
    """Li Na by text message alone."""
    yes = Consent(Why.TRANSACTIONAL, Channel.SMS, BOOKED, "booking page", "yes")
    return replace(a_client(), phone=PHONE, email=None, consents=(yes,))


def letters_in(sent: Sent) -> str:
    """After the short address."""
    return sent.text.partition(f"https://kept.example/{PATH}/")[2].split()[0]


def asked(path: str, method: str = "GET", *, network: str = HERE, handler: Any = client_pages.handler) -> Any:
    """The answer itself: nothing is followed."""
    event = an_http_event(f"{method} {path}") | {"routeKey": f"{method} /k/{{letters}}"}
    event["requestContext"]["http"]["sourceIp"] = network
    return handler(event, None)


def seen(path: str, language: str = "en") -> Page:
    return Browser(client_pages.handler, language).get(path)


def stored_links() -> list[Any]:
    return list(LinkItem.scan(consistent_read=True))


# From the booking to the page


def test_a_text_message_says_twelve_letters_which_open_the_page_of_the_booking(box: Postbox) -> None:
    id = box.id_of("api", **LI)
    (told,) = box.about(id)
    letters = letters_in(told)
    assert len(letters) == short_tokens.LETTERS
    assert set(letters) <= set(short_tokens.ALPHABET)
    assert "/a/" not in told.text
    page = seen(f"/k/{letters}")
    assert (page.status, "Cut" in page.text) == (200, True)
    assert tokens.read_manage(told.link, now=box.now) == tokens.Managed("lotus", id, ContactKind.PHONE)


def test_a_mail_keeps_the_signed_link_and_writes_nothing(box: Postbox) -> None:
    (told,) = box.about(box.id_of("api", name="Li Na", email=EMAIL))
    assert "https://kept.example/a/e." in told.text
    assert stored_links() == []


def test_a_reminder_says_the_same_letters_and_writes_none(box: Postbox) -> None:
    id = box.id_of("api", **LI)
    before = stored_links()
    box.remind(id, timedelta(days=2))
    first, reminder = box.about(id)
    assert letters_in(reminder) == letters_in(first)
    assert len(stored_links()) == len(before) == 1


def test_a_button_pressed_by_it_proves_the_number_it_was_sent_to(box: Postbox) -> None:
    id = box.id_of("api", **LI)
    (short,) = box.about(id)
    browser = Browser(client_pages.handler, "en")
    browser.press(browser.get(f"/k/{letters_in(short)}").form("/confirm"))
    visit = appointments.load("lotus", id)
    assert visit.status == "confirmed"
    assert visit.booked_as
    assert visit.booked_as.proved == (ContactKind.PHONE,)


def test_a_visit_that_moved_has_a_new_link_and_the_one_before_works_as_long_as_it_would(box: Postbox) -> None:
    id = box.id_of("api", **LI)
    (first,) = box.about(id)
    until = appointments.load("lotus", id).ends + LASTS
    later = appointments.load("lotus", id).starts + timedelta(days=2)
    box.acts(first.link, "reschedule", start=later.isoformat())
    moved = box.about(id)[-1]
    assert letters_in(moved) != letters_in(first)
    box.at(until - MINUTE)
    assert seen(f"/k/{letters_in(first)}").status == 200
    box.at(until)
    assert seen(f"/k/{letters_in(first)}").status == 410
    assert seen(f"/k/{letters_in(moved)}").status == 200


def test_two_who_are_told_to_book_anew_share_one_link_to_the_page_anybody_may_see(box: Postbox) -> None:
    ids = [box.id_of("api", name=name, phone=phone) for name, phone in (("Li Na", PHONE), ("Wu", "+8613700001111"))]
    known = len(stored_links())
    for id in ids:
        ask(front_desk.handler, f"POST /v1/desk/appointments/{id}/cancel", {"reason": "other"}, role="staff")
    box.at(box.now + UNDO)
    box.deliver()
    one, other = (box.about(id)[-1] for id in ids)
    assert letters_in(one) == letters_in(other)
    assert len(stored_links()) == known + 1
    assert led_to(f"/k/{letters_in(one)}") == "/b/lotus?service=cut"
    page = seen(f"/k/{letters_in(one)}?lang=zh-Hans")
    assert (page.status, page.lang) == (200, "zh-Hans")


def test_words_of_the_business_s_own_say_short_links_too(box: Postbox) -> None:
    catalogs.put("lotus", [OwnText("en", "confirmation", sms="Booked: {{ link }} Wishes: {{ preferences }} ok")])
    catalogs.forget()
    id = box.id_of("api", **LI, locale="en")
    text = box.about(id)[-1].text
    assert text.count("/k/") == len(stored_links()) == 2
    page = Browser(client_pages.handler, "en").get(led_to("/k/" + text.rpartition("/k/")[2].split()[0]))
    assert page.status == 200


def test_a_business_s_own_gateway_is_given_the_short_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    box = postbox.opened(monkeypatch, Channel.WEBHOOK)
    yes = Consent(Why.TRANSACTIONAL, Channel.WEBHOOK, BOOKED, "booking page", "yes")
    lotus.known(replace(texted(), consents=(yes,)))
    lotus.put(an_appointment())
    box.owe("a-1", "confirmation", over=Channel.WEBHOOK)
    assert [len(letters_in(one)) for one in box.sent] == [short_tokens.LETTERS]


# What it leads to

SUBJECTS = {
    LinkPurpose.MANAGE: "a-1",
    LinkPurpose.MANAGE_BY_PHONE: "a-1",
    LinkPurpose.MANAGE_BY_EMAIL: "a-1",
    LinkPurpose.MANAGE_BY_WECHAT: "a-1",
    LinkPurpose.PREFERENCES: "c-1",
    LinkPurpose.PREFERENCES_AT: f"c-1-{tokens._mark(EMAIL)}",
    LinkPurpose.UNSUBSCRIBE: "c-1",
    LinkPurpose.UNSUBSCRIBE_AT: f"c-1-{tokens._mark(EMAIL)}",
    LinkPurpose.SUBSCRIBE: "c-1",
    LinkPurpose.SUBSCRIBE_AT: f"c-1-{tokens._mark(EMAIL)}",
    LinkPurpose.SURVEY: "f-1",
    LinkPurpose.BOOK: "cut",
    LinkPurpose.WAIT: "c-1-w1",
    LinkPurpose.QUEUE: "2026-02-28-001",
}
NEVER_SENT = {LinkPurpose.HOLD, LinkPurpose.START, LinkPurpose.WALL, LinkPurpose.JOIN}
"""They stand in no message: in a form, in a deployer's hands, on a screen, and as a code at the door."""
OF_NOTHING_HERE = {LinkPurpose.SURVEY, LinkPurpose.WAIT, LinkPurpose.QUEUE}
"""The page says that there is nothing: no question, no place and no number."""
BY_TOKEN = "apusfwq"
"""Where the pages' addresses begin whose name is a token."""


@pytest.mark.parametrize("purpose", SUBJECTS, ids=lambda purpose: purpose.name.lower())
@pytest.mark.usefixtures("hers")
def test_each_opens_its_own_page_and_no_other(purpose: LinkPurpose) -> None:
    """Its letters are no token of any page, and no bearer's."""
    lotus.known(replace(a_client(), id="c-2", phone=None, email="wu@example.com"))
    path = lotus.short(ShortLink(purpose, "lotus", SUBJECTS[purpose], lotus.NOW + timedelta(days=1)))
    location = asked(path)["headers"]["Location"]
    assert location.startswith(f"/{PAGES[purpose]}/")
    if purpose not in OF_NOTHING_HERE:
        assert Browser(client_pages.handler, "en").get(location).status == 200
    letters = path.rpartition("/")[2]
    for place in BY_TOKEN:
        assert Browser(client_pages.handler, "en").get(f"/{place}/{letters}").status == 403
    assert is_problem(ask(my_appointment.handler, "GET /v1/appointment", bearer=letters), 403, "link_invalid")


def test_an_address_is_read_back_as_what_it_was_made_of() -> None:
    signed = tokens.manage_token(an_appointment(), sent_to=ContactKind.PHONE)
    link = stands_for(appointment_page("https://kept.example/", signed), now=lotus.NOW)
    assert link == ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", ENDS + LASTS)
    assert link.path(signing_keys.current()) == f"/a/{signed}"


def test_every_purpose_that_is_sent_has_a_page_of_its_own() -> None:
    assert set(PAGES) - NEVER_SENT == set(LinkPurpose) - NEVER_SENT == set(SUBJECTS)


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda k: f"/k/{k}",
    "in capitals": lambda k: f"/k/{k.upper()}",
    "all in capitals": lambda k: f"/K/{k.upper()}",
    "o for 0": lambda k: f"/k/{k.replace('0', 'o')}",
    "l for 1": lambda k: f"/k/{k.replace('1', 'l')}",
    "a full stop taken along": lambda k: f"/k/{k}.",
    "a bracket taken along": lambda k: f"/k/{k})",
    "a Chinese full stop taken along": lambda k: f"/k/{k}\u3002",
    "the same, quoted": lambda k: f"/k/{k}%E3%80%82",
    "quotes taken along": lambda k: f"/k/{k}\u201d",
    "Chinese words taken along": lambda k: f"/k/{k}\uff0c\u8bf7\u70b9\u51fb",
    "an ellipsis": lambda k: f"/k/{k}\u2026",
    "a slash at its end": lambda k: f"/k/{k}/",
    "with what an advertiser adds": lambda k: f"/k/{k}?utm_source=sms&fbclid=1",
    "in groups": lambda k: f"/k/{k[:4]}-{k[4:8]}-{k[8:]}",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_it_opens_however_it_was_typed_or_cut_out_of_the_message(written: Callable[[str], str], hers: str) -> None:
    before = lotus.everything()
    answer = asked(written(hers.rpartition("/")[2]).partition("?")[0])
    assert (answer["statusCode"], answer["headers"]["Location"][:5]) == (303, "/a/t.")
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["Referrer-Policy"] == "no-referrer"
    assert lotus.everything() == before


def test_what_a_reader_has_chosen_goes_along_and_nothing_else(hers: str) -> None:
    event = an_http_event(f"GET {hers}", query={"lang": "zh-Hans", "zone": "UTC", "utm_source": "sms"})
    assert client_pages.handler(event, None)["headers"]["Location"].endswith("?lang=zh-Hans&zone=UTC")
    assert seen(f"{hers}?lang=zh-Hans").lang == "zh-Hans"


LOOKS = {
    "opened": ("GET", "", 303),
    "looked at by a preview": ("GET", "facebookexternalhit/1.1", 303),
    "opened by a scanner": ("GET", "GoogleImageProxy", 303),
    "asked for its headers alone": ("HEAD", "", 200),
}


@pytest.mark.parametrize(("method", "agent", "status"), LOOKS.values(), ids=LOOKS)
def test_looking_changes_nothing_however_often(method: str, agent: str, status: int, hers: str) -> None:
    """Nor does following it to the page."""
    before = lotus.everything()
    for _ in range(guessing.MOST * 2):
        event = an_http_event(f"{method} {hers}")
        event["headers"]["user-agent"] = agent
        answer = client_pages.handler(event, None)
        assert (answer["statusCode"], answer["body"]) == (status, "")
        assert ("Location" in answer["headers"]) is (method == "GET")
    assert seen(hers).status == 200
    assert lotus.everything() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_done_by_it_itself(method: str, hers: str) -> None:
    before = lotus.everything()
    assert asked(hers, method)["statusCode"] == 404
    assert lotus.everything() == before


# Until when


def test_it_ends_when_the_signed_one_ends(hers: str, at: Callable[[datetime], None]) -> None:
    signed = asked(hers)["headers"]["Location"]
    for path in (hers, signed):
        at(ENDS + LASTS - timedelta(seconds=1))
        assert seen(path).status == 200
        at(ENDS + LASTS)
        page = seen(path)
        assert (page.status, "expired" in page.text) == (410, True)
        assert page.link("Book") == "/b/lotus"


def test_one_that_is_removed_after_its_end_is_known_to_nobody(hers: str, at: Callable[[datetime], None]) -> None:
    """Months later, so that those who look for a message of last summer are told that it is over."""
    (item,) = stored_links()
    assert datetime.fromtimestamp(int(item.expires), UTC) == ENDS + LASTS + timedelta(days=90)
    item.delete()
    at(ENDS + LASTS + timedelta(days=91))
    assert seen(hers).status == 403


def test_a_signed_link_that_was_sent_before_works_beside_it(hers: str) -> None:
    visit = appointments.load("lotus", "a-1")
    for kind in (None, *ContactKind):
        assert seen(f"/a/{tokens.manage_token(visit, sent_to=kind)}").status == 200
    assert seen(hers).status == 200


CANCELLED = Change(CLIENT, lotus.NOW)
LIVES: dict[str, tuple[Callable[[], object], int]] = {
    "cancelled": (lambda: _stands(an_appointment().cancel(CANCELLED, rules=ChangeRules())), 200),
    "over": (lambda: _stands(an_appointment().check_in(CANCELLED).begin(CANCELLED).complete(CANCELLED)), 200),
    "missed": (lambda: _stands(an_appointment().mark_no_show(CANCELLED, evidence=())), 200),
    "its client erased": (lambda: ClientItem("lotus", "c-1").delete(), 404),
    "its service offered no more": (lambda: _without_its_service(), 200),
}


@pytest.mark.parametrize(("happens", "status"), LIVES.values(), ids=LIVES)
def test_what_became_of_the_visit_is_seen_by_both_forms_alike(
    happens: Callable[[], object], status: int, hers: str
) -> None:
    signed = asked(hers)["headers"]["Location"]
    happens()
    assert [seen(path).status for path in (hers, signed)] == [status] * 2


def _stands(visit: Any) -> None:
    known = appointments.load("lotus", "a-1")
    with together() as transaction:
        appointments.put(replace(visit, revision=known.revision), None, transaction)


def _without_its_service() -> None:
    catalog = lotus.the_salon()
    given_up = replace(catalog, services={"colour": catalog.services["colour"]})
    catalogs.put("lotus", list(given_up.services.values()))
    catalogs.forget()


STRAY = {
    "a visit there is none of": ShortLink(LinkPurpose.MANAGE, "lotus", "a-9", ENDS + LASTS),
    "a visit of another business": ShortLink(LinkPurpose.MANAGE_BY_PHONE, "garage", "a-1", ENDS + LASTS),
    "a business there is none of": ShortLink(LinkPurpose.MANAGE_BY_PHONE, "nowhere", "a-1", ENDS + LASTS),
    "a booking page of none": ShortLink(LinkPurpose.BOOK, "nowhere", "cut", ENDS + LASTS),
}


@pytest.mark.parametrize("link", STRAY.values(), ids=STRAY)
@pytest.mark.usefixtures("hers")
def test_what_leads_nowhere_shows_nothing(link: ShortLink) -> None:
    page = seen(lotus.short(link))
    assert page.status == 404
    assert "Cut" not in page.text


def test_an_ended_one_of_a_business_that_is_gone_is_ended_all_the_same(hers: str) -> None:  # noqa: ARG001
    page = seen(lotus.short(ShortLink(LinkPurpose.MANAGE, "nowhere", "a-1", lotus.NOW)))
    assert (page.status, "expired" in page.text) == (410, True)


# Keys, and a table that was stolen


def rotated(monkeypatch: pytest.MonkeyPatch, **keys: str) -> None:
    known = {name: key for name, key in LINK_KEYS.items() if name != "current"} | keys
    monkeypatch.setattr(signing_keys, "_read", (monotonic(), LinkKeys.parse(json.dumps(known))))


def test_it_works_across_a_change_of_keys_and_ends_with_its_own(box: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    id = box.id_of("api", **LI)
    rotated(monkeypatch, current="k2", k2="n" * 43)
    box.remind(id, timedelta(days=2))
    old, new = map(letters_in, box.about(id))
    assert old != new
    assert seen(f"/k/{old}").status == seen(f"/k/{new}").status == 200
    only = LinkKeys("k2", {"k2": b"n" * 43})
    monkeypatch.setattr(signing_keys, "_read", (monotonic(), only))
    assert (seen(f"/k/{old}").status, seen(f"/k/{new}").status) == (403, 200)


def test_a_stolen_table_tells_no_link_and_nothing_about_a_person(box: Postbox) -> None:
    (told,) = box.about(box.id_of("api", **LI))
    letters = letters_in(told)
    (item,) = stored_links()
    stored = repr(sorted(item.to_simple_dict().items()))
    plain = sha256(letters.encode()).hexdigest()
    for secret in (letters, letters.upper(), plain, plain[:16], told.link.rpartition(".")[2], PHONE, "Li Na"):
        assert secret not in stored
    assert asked(f"/k/{item.name[:12]}")["statusCode"] == 403
    assert asked(f"/k/{item.name}")["statusCode"] == 403


def test_no_log_says_a_link(box: Postbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where it is sent, opened, mistyped and guessed."""
    monkeypatch.setattr(log, "propagate", True)
    monkeypatch.setattr(log, "level", logging.INFO)
    with caplog.at_level(logging.INFO):
        letters = letters_in(box.about(box.id_of("api", **LI))[-1])
        asked(f"/k/{letters}")
        for n in range(guessing.MOST + 2):
            asked(f"/k/{letters[:-1]}{short_tokens.ALPHABET[n]}")
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "links that nobody has are tried" in said
    assert letters[:8] not in said


# Guessers


def tried(n: int, **how: Any) -> list[int]:
    """The statuses of so many that nobody has."""
    return [asked(f"/k/{NOBODY_S[:-2]}{n:02d}", **how)["statusCode"] for n in range(n)]


def test_a_network_tries_so_many_in_a_minute_and_another_is_not_hindered(
    hers: str, at: Callable[[datetime], None]
) -> None:
    assert tried(guessing.MOST + 5) == [403] * guessing.MOST + [429] * 5
    answer = asked(hers)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (429, "60")
    assert asked(hers, network=ELSEWHERE)["statusCode"] == 303
    at(lotus.NOW + timedelta(seconds=59))
    assert asked(hers)["headers"].get("Retry-After") == "1"
    at(lotus.NOW + MINUTE)
    assert asked(hers)["statusCode"] == 303
    assert tried(guessing.MOST + 1)[-1] == 429


@pytest.mark.parametrize(("language", "says"), [("en", "wait a minute"), ("zh-Hans", "\u8bf7\u7b49\u4e00\u5206\u949f")])
@pytest.mark.usefixtures("hers")
def test_whoever_is_refused_is_told_to_wait(language: str, says: str) -> None:
    tried(guessing.MOST)
    page = seen(f"/k/{NOBODY_S}", language)
    assert (page.status, says in page.text) == (429, True)


NETWORKS = {
    "its own address": (HERE, HERE, 429),
    "another address": (HERE, ELSEWHERE, 403),
    "one household of IPv6": ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429),
    "another household": ("2001:db8:1:2::1", "2001:db8:1:3::1", 403),
    "wrapped in IPv6": (HERE, f"::ffff:{HERE}", 429),
    "nobody knows from where": ("", "", 403),
}


@pytest.mark.parametrize(("first", "then", "status"), NETWORKS.values(), ids=NETWORKS)
@pytest.mark.usefixtures("hers")
def test_a_network_is_one_neighbourhood(first: str, then: str, status: int) -> None:
    tried(guessing.MOST, network=first)
    assert asked(f"/k/{NOBODY_S}", network=then)["statusCode"] == status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_headers_alone_are_a_guess_as_well(method: str, hers: str) -> None:
    tried(guessing.MOST, method=method)
    assert asked(hers, "GET")["statusCode"] == asked(hers, "HEAD")["statusCode"] == 429


def test_what_is_no_link_is_no_guess_and_costs_nothing(hers: str) -> None:
    before = lotus.everything()
    for text in ("a", "m.k1.lotus.a-1.69cceca0.wImnbl56TCjtcIz32eJccQ", "%00", "..", "\u4f60\u597d", "x" * 5000) * 4:
        assert asked(f"/k/{text}")["statusCode"] == 403
    assert lotus.everything() == before
    assert asked(hers)["statusCode"] == 303


def test_one_that_has_ended_is_no_guess(hers: str, at: Callable[[datetime], None]) -> None:
    at(ENDS + LASTS)
    assert {asked(hers)["statusCode"] for _ in range(guessing.MOST + 2)} == {410}


@pytest.mark.parametrize(("broken", "error"), [("counts", QueryError()), ("count", UpdateError())])
def test_a_table_of_counters_that_is_away_stops_nobody(
    broken: str, error: Exception, hers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(counters, broken, away)
    assert set(tried(guessing.MOST + 3)) == {403}
    assert asked(hers)["statusCode"] == 303


@pytest.mark.usefixtures("hers")
def test_what_is_counted_is_small_names_no_network_and_is_forgotten() -> None:
    tried(guessing.MOST * 3)
    (item,) = lotus.everything()["kept-counters"]
    assert HERE not in item
    assert str(int((lotus.NOW + MINUTE).timestamp())) in item
    window = guessing.UNKNOWN.number(lotus.NOW)
    assert counters.counts(guessing._whose(HERE), guessing.UNKNOWN.name, [window]) == {window: {"tried": guessing.MOST}}


# Repeats, and two that meet


def test_a_message_that_is_composed_again_after_a_crash_says_the_same(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kept.use_cases.messaging.sending._claim", lost)
    with pytest.raises(KeyboardInterrupt):
        box.books("api", **LI)
    monkeypatch.undo()
    box = postbox.opened(monkeypatch, Channel.SMS, Channel.EMAIL)
    assert len(stored_links()) == 1
    box.deliver()
    assert asked(f"/k/{letters_in(box.sent[-1])}")["statusCode"] == 303
    assert len(stored_links()) == 1


def test_letters_that_are_another_link_s_are_not_said(box: Postbox) -> None:
    """One in a million million million; then it goes in its long form."""
    lotus.known(texted())
    visit = lotus.put(an_appointment())
    link = ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", visit.ends + LASTS)
    letters = short_tokens.made(signing_keys.current(), link.said)
    others = replace(link, subject="a-7")
    _named(letters, others)
    box.owe("a-1", "confirmation", over=Channel.SMS)
    (sent,) = box.sent
    assert "/k/" not in sent.text
    assert tokens.read_manage(sent.link, now=box.now).subject == "a-1"


@pytest.mark.parametrize("held_by", ["a-1", "a-7"], ids=["the same", "another"])
def test_who_writes_second_finds_it_there_and_overwrites_nothing(
    held_by: str, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they had read that there is none: what they read may be a moment old."""
    lotus.known(texted())
    visit = lotus.put(an_appointment())
    link = ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", visit.ends + LASTS)
    letters = short_tokens.made(signing_keys.current(), link.said)
    _named(letters, replace(link, subject=held_by))
    before, really = [item.body for item in stored_links()], short_links.find
    monkeypatch.setattr(short_links, "find", lambda name, *, consistently=True: really(name) if consistently else None)
    box.owe("a-1", "confirmation", over=Channel.SMS)
    assert (letters in box.sent[-1].text) is (held_by == "a-1")
    assert [item.body for item in stored_links()] == before


def _named(letters: str, link: ShortLink) -> None:
    short_links.put_new(short_tokens.stored_names(signing_keys.current(), letters)[0], link)
