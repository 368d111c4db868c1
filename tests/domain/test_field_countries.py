"""What a message may be is asked of the country of the reader's number: links, signature, registered texts,
advertising, hours and senders, by one table; where it has no row the product's own rules hold.

Hong Kong, Macao and Taiwan are not the mainland, Puerto Rico is the United States, Canada and the Caribbean are not.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.business import country_rules as country_rules_of
from kept.business.catalog import Business
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.business.country_rules import (
    ELSEWHERE,
    CountryRules,
    Promoted,
    country_of,
    country_rules,
    rules_for,
    usual_channels,
)
from kept.business.own_text import OwnText
from kept.business.text_names import TO_CLIENTS
from kept.business.text_terms import TextTerms
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.messaging import legal_hours
from kept.messaging.channels import Rejected
from kept.messaging.channels.sms import Sms
from kept.messaging.decision import Decision, DeliveryContext, Never, Send, Wait, decide
from kept.messaging.legal_hours import next_lawful, places_of
from kept.messaging.letter import Greeting, Letter
from kept.messaging.message import Message
from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import Asked, Intent
from kept.messaging.samples import VIDEO, samples
from kept.messaging.text_forms import PLAIN, TextForm, signed, text_form, without_link
from kept.messaging.texts import render
from kept.messaging.words import LANGUAGES
from tests.builders import STARTS, a_catalog, a_client, an_appointment
from tests.domain.channel_wires import PARCEL
from tests.reasons import short

NUMBERS = {
    "CN": "+8613800138000",
    "HK": "+85291234567",
    "MO": "+85366123456",
    "TW": "+886912345678",
    "US": "+12125550142",
    "PR": "+17875551234",
    "GU": "+16716471234",
    "VI": "+13407771234",
    "CA": "+14165551234",
    "AI": "+12642351234",
    "JM": "+18765551234",
    "DO": "+18095551234",
    "BS": "+12423591234",
    "GB": "+447400123456",
    "JE": "+447797712345",
    "FR": "+33612345678",
    "RE": "+262692123456",
    "DE": "+4915112345678",
    "ES": "+34612345678",
    "IE": "+353851234567",
    "CH": "+41781234567",
    "SG": "+6581234567",
    "IN": "+919812345678",
    "JP": "+819012345678",
    "AU": "+61412345678",
    "RU": "+79161234567",
    "KZ": "+77011234567",
}
NO_LINKS = {"CN", "TW"}
NO_NAMES = {"CN", "US", "PR", "GU", "VI", "CA", "DO", "BS"}
REGISTERED_NAMES = {"ES", "IE", "SG", "IN", "AU", "RU", "KZ"}
BY_LAW = {"US", "PR", "GU", "VI"}
WITHOUT_A_ROW = {"MO", "AI", "JM", "JE", "RE", "CH", "JP"}


@pytest.mark.parametrize(("country", "number"), NUMBERS.items(), ids=NUMBERS)
def test_each_number_has_the_rules_of_its_country(country: str, number: str) -> None:
    """By country and not by code: Canada and Jamaica share +1 with the United States and not its law."""
    rules = rules_for(number)
    assert country_of(number) == country
    assert (rules is ELSEWHERE) is (country in WITHOUT_A_ROW)
    assert rules.links is (country not in NO_LINKS)
    assert (rules.signature, rules.template, not rules.promotional) == (country == "CN",) * 3
    assert (rules.hours is not None) is (country in BY_LAW)
    said = "number" if country in NO_NAMES else "registered" if country in REGISTERED_NAMES else "any"
    assert rules.sender == said


@pytest.mark.parametrize(
    ("number", "country"),
    [
        pytest.param("+8619912345678", "CN", id="a range that is new"),
        pytest.param("+8611", "CN", id="too short to be one"),
        pytest.param("+18005551234", "US", id="free of charge, of the whole of +1"),
        pytest.param("+15005550006", "US", id="of no area: as the first of its code"),
        pytest.param("+88163123456", "", id="a satellite"),
        pytest.param("+870773111632", "", id="a ship"),
        pytest.param("+999123456", "", id="of no country"),
        pytest.param("li@example.com", "", id="an address"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_number_that_is_doubtful_has_the_rules_most_likely_in_force(number: str, country: str) -> None:
    """What is of no country has the product's own rules."""
    assert country_of(number) == country
    assert (rules_for(number) is ELSEWHERE) is (not country)


ROW = {"countries": ["XX"], "sources": ["a law"], "read": None}
NO_ROWS: dict[str, list[object]] = {
    "one country twice": [ROW, ROW],
    "one country twice in a row": [ROW | {"countries": ["XX", "XX"]}],
    "hours that end before they begin": [ROW | {"hours": "21:00-08:00"}],
    "hours of nothing": [ROW | {"hours": "08:00-08:00"}],
    "hours that are a number": [ROW | {"hours": 8}],
    "half of hours": [ROW | {"hours": "08:00"}],
    "a rule that nobody knows": [ROW | {"music": True}],
    "a sender of no kind": [ROW | {"sender": "pigeon"}],
    "a row without its sources": [{"countries": ["XX"], "read": None}],
    "no row": ["XX"],
}


@pytest.mark.parametrize("case", NO_ROWS)
def test_a_table_that_makes_no_sense_is_not_read(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails as a whole, when it is first asked: half of the laws are none."""
    monkeypatch.setattr(country_rules_of, "_rows", lambda: NO_ROWS[case])
    with pytest.raises(ValueError, match=r"\S"):
        country_rules.__wrapped__()


def test_the_table_cannot_be_changed() -> None:
    """No part of the program can bend a country's rules for the others."""
    with pytest.raises(TypeError):
        country_rules()["CN"] = ELSEWHERE  # type: ignore[index]


@pytest.mark.parametrize(
    ("country", "first"),
    [("CN", Channel.WECHAT), ("US", Channel.EMAIL), ("TW", Channel.EMAIL), ("HK", Channel.EMAIL), ("", Channel.EMAIL)],
)
def test_a_business_in_mainland_china_tries_wechat_first(country: str, first: Channel) -> None:
    """Elsewhere, Hong Kong and Taiwan included, e-mail comes first."""
    assert usual_channels(country)[0] is first


# What is decided.

NOON = datetime(2026, 2, 28, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai, 23:00 the day before in New York."""
NO_RULES = ContactRules(never=(), best=(), holiday_days=0)
ALL_HOURS = QuietHours(time(3), time(4))
"""From 3 to 4 at night, so that only the law is in the way."""


def a_business(**how: object) -> Business:
    changed: dict[str, object] = {"contact": NO_RULES, "quiet_hours": ALL_HOURS, "text_terms": TextTerms()}
    business = replace(a_catalog().business, templates={}, text_countries=tuple(NUMBERS))
    return replace(business, **changed | how)  # type: ignore[arg-type]


def known(number: str, tz: str = "Asia/Shanghai") -> Client:
    said = (Consent(purpose, channel, NOON, "page", "yes") for purpose in Purpose for channel in Channel)
    return replace(a_client(), phone=number, tz=tz, consents=tuple(said))


def decided(
    number: str,
    *,
    stage: str = "two_days",
    purpose: Purpose = Purpose.TRANSACTIONAL,
    channel: Channel = Channel.SMS,
    tz: str = "Asia/Shanghai",
    now: datetime = NOON,
    by: Actor = KEPT,
    business: Business | None = None,
    useful_until: datetime | None = STARTS,
) -> Decision:
    promotes = purpose is Purpose.PROMOTIONAL
    visit = None if promotes else replace(an_appointment(), history=())
    if visit and by == CLIENT:
        visit = an_appointment().confirm(Change(CLIENT, now))
        visit = replace(visit, history=(replace(an_appointment().history[0], at=now, by=str(CLIENT)),))
    about = "c-1" if promotes else "a-1"
    message = Message("lotus", about, 1, stage, channel, purpose, "c-1", now, now, useful_until=useful_until)
    matter = DeliveryContext(known(number, tz), business or a_business(), visit)
    return decide(message, matter, address=number, now=now)


NO_ADS = "suppressed: no_advertising CN"
UNREGISTERED = "failed: not_registered CN"
REGISTERED = {"sms/reminder": "1001"}


@pytest.mark.parametrize(
    ("country", "stage", "purpose", "how", "reason"),
    [
        pytest.param("CN", "two_days", "transactional", {}, UNREGISTERED, id="China: not registered"),
        pytest.param("CN", "two_days", "transactional", {"templates": REGISTERED}, "", id="China: registered"),
        pytest.param(
            "CN", "two_days", "transactional", {"templates": {"sms/cancelled": "1"}}, UNREGISTERED, id="China: another"
        ),
        pytest.param(
            "CN", "survey", "transactional", {"templates": REGISTERED}, UNREGISTERED, id="China: a survey"
        ),
        pytest.param(
            "CN", "two_days", "transactional", {"templates": {"whatsapp/reminder": "x"}}, UNREGISTERED,
            id="China: registered with another provider",
        ),
        pytest.param("CN", "recall", "promotional", {"templates": REGISTERED}, NO_ADS, id="China: an advertisement"),
        pytest.param(
            "CN", "recall", "promotional", {"templates": REGISTERED, "text_terms": TextTerms(promoted_in=("CN",))}, "",
            id="China: an advertisement that the business arranged for",
        ),
        pytest.param(
            "CN", "recall", "promotional", {"text_terms": TextTerms(promoted_in=("CN",))}, UNREGISTERED,
            id="China: arranged for, not registered",
        ),
        pytest.param(
            "CN", "recall", "promotional", {"templates": REGISTERED, "text_terms": TextTerms(promoted_in=("HK",))},
            NO_ADS, id="China: arranged for Hong Kong",
        ),
        pytest.param("HK", "two_days", "transactional", {}, "", id="Hong Kong"),
        pytest.param("MO", "two_days", "transactional", {}, "", id="Macao"),
        pytest.param("TW", "two_days", "transactional", {}, "", id="Taiwan"),
        pytest.param("HK", "recall", "promotional", {}, "", id="Hong Kong: an advertisement"),
        pytest.param("TW", "recall", "promotional", {}, "", id="Taiwan: an advertisement"),
        pytest.param("GB", "recall", "promotional", {}, "", id="United Kingdom: an advertisement"),
        pytest.param("JP", "recall", "promotional", {}, "", id="no row: an advertisement"),
        pytest.param("AI", "two_days", "transactional", {}, "", id="Anguilla shares +1, and not the law"),
    ],
)  # fmt: skip
def test_what_a_country_does_not_allow_goes_another_way(
    country: str, stage: str, purpose: str, how: dict[str, object], reason: str
) -> None:
    """In mainland China only registered texts and arranged advertising go by text message."""
    noon_there = datetime(2026, 2, 27, 11, 0, tzinfo=ZoneInfo("Europe/London"))  # 19:00 in Shanghai, 11:00 in London
    decision = decided(
        NUMBERS[country], stage=stage, purpose=Purpose(purpose), business=a_business(**how), now=noon_there
    )
    if not reason:
        assert decision == Send()
        return
    assert isinstance(decision, Never)
    assert (f"{decision.status}: {short(decision.reason)}", decision.elsewhere) == (reason, True)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WHATSAPP, Channel.WEBHOOK, Channel.CALL], ids=str)
def test_other_channels_ask_for_no_registered_text(channel: Channel) -> None:
    """A number in mainland China is reached over them without one."""
    assert decided(NUMBERS["CN"], channel=channel) == Send()


# Hours, at the reader's place.

NY, LA, HONOLULU, SHANGHAI, UTC_ZONE = (
    "America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Asia/Shanghai", "UTC",
)  # fmt: skip


def at(clock: str, zone: str, day: str = "2026-02-26") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("country", "zone", "now", "until"),
    [
        pytest.param("US", NY, at("07:59", NY), at("08:00", NY), id="a minute before eight"),
        pytest.param("US", NY, at("08:00", NY), None, id="at eight"),
        pytest.param("US", NY, at("20:59", NY), None, id="a minute before nine"),
        pytest.param("US", NY, at("21:00", NY), at("08:00", NY, "2026-02-27"), id="at nine"),
        pytest.param("US", NY, at("00:00", NY), at("08:00", NY), id="at midnight"),
        pytest.param("US", LA, at("08:30", NY), at("08:00", LA), id="their zone, not the number's area"),
        pytest.param("US", LA, at("20:30", LA), None, id="their zone in the evening"),
        pytest.param("US", SHANGHAI, at("12:00", SHANGHAI), None, id="an American number in Shanghai"),
        pytest.param("US", UTC_ZONE, at("07:30", NY), at("08:00", NY), id="no place: the number's area"),
        pytest.param("US", "Etc/GMT+5", at("21:30", NY), at("08:00", NY, "2026-02-27"), id="no place: an offset"),
        pytest.param("US", "GMT", at("12:00", NY), None, id="no place, at noon in the area"),
        pytest.param("PR", "America/Puerto_Rico", at("07:00", "America/Puerto_Rico"),
            at("08:00", "America/Puerto_Rico"), id="Puerto Rico"),
        pytest.param("GU", UTC_ZONE, at("21:30", "Pacific/Guam"), at("08:00", "Pacific/Guam", "2026-02-27"), id="Guam"),
        pytest.param("VI", "America/St_Thomas", at("22:00", "America/St_Thomas"),
            at("08:00", "America/St_Thomas", "2026-02-27"), id="the Virgin Islands"),
        pytest.param("US", HONOLULU, at("07:00", HONOLULU), at("08:00", HONOLULU), id="Hawaii, without summer time"),
        pytest.param("US", NY, at("06:30", NY, "2026-03-08"), at("08:00", NY, "2026-03-08"), id="clocks go forward"),
        pytest.param("US", NY, at("21:30", NY, "2026-10-31"), at("08:00", NY, "2026-11-01"), id="clocks go back"),
        pytest.param("CA", "America/Toronto", at("23:00", "America/Toronto"), None, id="Canada has no such row"),
        pytest.param("JM", "America/Jamaica", at("23:00", "America/Jamaica"), None, id="nor has Jamaica"),
        pytest.param("CN", SHANGHAI, at("23:00", SHANGHAI), None, id="nor has China, for what is no advertisement"),
        pytest.param("FR", "Europe/Paris", at("23:00", "Europe/Paris"), None, id="nor has France"),
    ],
)  # fmt: skip
def test_what_answers_nothing_waits_for_the_hours_of_the_law(
    country: str, zone: str, now: datetime, until: datetime | None
) -> None:
    """At the reader's place, or in their number's area where no place is known."""
    business = a_business(templates=REGISTERED)
    decision = decided(NUMBERS[country], tz=zone, now=now, business=business, useful_until=None)
    if until is None:
        assert decision == Send()
        return
    assert isinstance(decision, Wait)
    assert decision.until == until
    told = dict(decision.reason.facts)
    assert (decision.reason.code, told["country"], told["until"][11:16]) == ("lawful_from", country, "08:00")
    assert datetime.fromisoformat(told["until"]) == until


@pytest.mark.parametrize(
    ("stage", "by", "channel", "sent"),
    [
        pytest.param("confirmation", CLIENT, Channel.SMS, True, id="what they have just booked is answered"),
        pytest.param("confirmation", KEPT, Channel.SMS, False, id="what staff booked is none"),
        pytest.param("on_my_way", KEPT, Channel.SMS, False, id="nor is a question of ours"),
        pytest.param("two_days", KEPT, Channel.WHATSAPP, False, id="a number is one over WhatsApp too"),
        pytest.param("two_days", KEPT, Channel.WEBHOOK, False, id="and through a gateway"),
        pytest.param("two_days", KEPT, Channel.CALL, True, id="the staff's list is no message"),
    ],
)
def test_only_an_answer_goes_to_an_american_number_at_night(
    stage: str, by: Actor, channel: Channel, *, sent: bool
) -> None:
    """The hours are the number's over WhatsApp and a gateway too; a call list is no message."""
    decision = decided(NUMBERS["US"], stage=stage, by=by, channel=channel, tz=NY, now=at("22:30", NY))
    assert isinstance(decision, Send if sent else Wait)


def test_what_would_be_of_no_use_by_then_goes_elsewhere() -> None:
    """No law is against an e-mail at night."""
    now = at("22:30", NY)
    decision = decided(NUMBERS["US"], tz=NY, now=now, useful_until=now + timedelta(hours=2))
    assert isinstance(decision, Never)
    assert f"{decision.status}: {short(decision.reason)}" == "missed: outside_lawful_hours US"
    assert decision.elsewhere
    email = decided("li@example.com", channel=Channel.EMAIL, tz=NY, now=now)
    assert email == Send()


PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("number", "zone", "now", "until"),
    [
        pytest.param("FR", PARIS, at("19:59", PARIS, "2026-04-03"), None, id="France: Friday evening"),
        pytest.param("FR", PARIS, at("20:00", PARIS, "2026-04-03"), at("10:00", PARIS, "2026-04-04"), id="at eight"),
        pytest.param("FR", PARIS, at("18:00", PARIS, "2026-04-04"), at("08:00", PARIS, "2026-04-07"),
            id="France: over Sunday and Easter Monday"),
        pytest.param("FR", PARIS, at("12:00", PARIS, "2026-04-05"), at("08:00", PARIS, "2026-04-07"), id="on a Sunday"),
        pytest.param("FR", PARIS, at("12:00", PARIS, "2026-07-14"), at("08:00", PARIS, "2026-07-15"),
            id="on the fourteenth of July"),
        pytest.param("FR", PARIS, at("12:00", PARIS, "2026-08-15"), at("08:00", PARIS, "2026-08-17"),
            id="France: a holiday on a Saturday"),
        pytest.param("CN", SHANGHAI, at("21:59", SHANGHAI), None, id="China: before ten"),
        pytest.param("CN", SHANGHAI, at("22:00", SHANGHAI), at("08:00", SHANGHAI, "2026-02-27"), id="China: at ten"),
        pytest.param("CN", SHANGHAI, at("12:00", SHANGHAI, "2026-10-01"), None, id="China: holidays have hours"),
        pytest.param("IN", "Asia/Kolkata", at("21:30", "Asia/Kolkata"), at("09:00", "Asia/Kolkata", "2026-02-27"),
            id="India"),
        pytest.param("US", NY, at("21:30", NY), at("08:00", NY, "2026-02-27"), id="the United States"),
        pytest.param("DE", "Europe/Berlin", at("23:00", "Europe/Berlin"), None, id="Germany: as the business likes"),
        pytest.param("RE", "Indian/Reunion", at("12:00", "Indian/Reunion", "2026-04-05"), None, id="no row"),
    ],
)  # fmt: skip
def test_an_advertisement_comes_in_the_hours_of_the_country(
    number: str, zone: str, now: datetime, until: datetime | None
) -> None:
    """Holidays included; where no country sets any, the business decides."""
    found = next_lawful(NUMBERS[number], zone, Channel.SMS, Purpose.PROMOTIONAL, now=now)
    assert found == (until or now)


MORNING, DAYTIME, EVENING = ((time(a), time(b)) for a, b in ((8, 12), (9, 18), (20, 21)))
BOTH = replace(ELSEWHERE, hours=DAYTIME, promoted=Promoted(MORNING))
BOTH_HOURS: dict[str, tuple[CountryRules, str, datetime | None]] = {
    "before either": (BOTH, "07:00", at("09:00", NY)),
    "in the advertisement's alone": (BOTH, "08:30", at("09:00", NY)),
    "in both": (BOTH, "11:59", at("11:59", NY)),
    "as both end": (BOTH, "12:00", at("09:00", NY, "2026-02-27")),
    "that never meet": (replace(BOTH, promoted=Promoted(EVENING)), "10:00", None),
    "on Saturdays alone": (replace(BOTH, promoted=Promoted(saturdays=MORNING)), "10:00", at("09:00", NY, "2026-02-28")),
    "on Sundays alone": (replace(BOTH, promoted=Promoted(sundays=MORNING)), "10:00", at("09:00", NY, "2026-03-01")),
    "on no day": (replace(ELSEWHERE, promoted=Promoted()), "10:00", None),
}


@pytest.mark.parametrize("case", BOTH_HOURS)
def test_an_advertisement_keeps_the_hours_of_all_messages_and_its_own(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a Thursday on, of a country that has both; where no day has any, there is no such instant."""
    rules, clock, expected = BOTH_HOURS[case]
    monkeypatch.setattr(legal_hours, "rules_of", lambda _: rules)
    assert next_lawful(NUMBERS["US"], NY, Channel.SMS, Purpose.PROMOTIONAL, now=at(clock, NY)) == expected


def test_hours_that_two_zones_of_one_area_never_share_allow_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idaho is an hour wide: half an hour in the morning is never morning in all of it."""
    brief, idaho = replace(ELSEWHERE, hours=(time(8), time(8, 30))), "+12085551234"
    monkeypatch.setattr(legal_hours, "rules_of", lambda _: brief)
    now = at("08:00", LA)
    assert next_lawful(idaho, UTC_ZONE, Channel.SMS, Purpose.TRANSACTIONAL, now=now) is None
    assert next_lawful(idaho, LA, Channel.SMS, Purpose.TRANSACTIONAL, now=now) == now


@pytest.mark.parametrize("tz", ["Nowhere/Atlantis", "../etc/passwd", "America/" + "x" * 300, "America/\0", "Europe/"])
def test_a_zone_that_nobody_knows_is_that_of_the_number(tz: str) -> None:
    assert places_of(NUMBERS["US"], tz) == (ZoneInfo(NY),)
    assert places_of("+", tz) == (ZoneInfo("UTC"),), "and of no number there is none"


def test_where_the_reader_is() -> None:
    """Of an area with several zones, all of them at once."""
    assert places_of(NUMBERS["US"], LA) == (ZoneInfo(LA),)
    assert places_of(NUMBERS["US"], UTC_ZONE) == (ZoneInfo(NY),)
    assert len(places_of("+18505551234", UTC_ZONE)) >= 1
    tennessee = places_of("+14235551234", UTC_ZONE)
    now = at("08:30", NY)
    lawful = next_lawful("+14235551234", UTC_ZONE, Channel.SMS, Purpose.TRANSACTIONAL, now=now)
    assert lawful == max(now, *(at("08:00", place.key) for place in tennessee))


# The letter.

CHINA = TextForm(links=False, signature="兰亭美发", opt_out="拒收请回复R", account="兰亭美发厅")
TAIWAN = TextForm(links=False)
ADDRESSES = re.compile(r"https?://|www\.|\.example", re.IGNORECASE)


def rendered(text: str, language: str, form: TextForm, own: OwnText | None = None, **how: object) -> list[str]:
    matters = [replace(it, form=form, **how) for it in samples(text, language) if isinstance(it, Letter | Greeting)]  # type: ignore[arg-type]
    own_texts = {f"{language}/{text}": own} if own else {}
    return [render(text, Channel.SMS, matter, own_texts).text for matter in matters]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TO_CLIENTS)
@pytest.mark.parametrize("keys", [True, False], ids=["keys", "no keys"])
def test_a_text_to_mainland_china_holds_no_link_and_says_how_to_answer(text: str, language: str, *, keys: bool) -> None:
    """It begins with the one signature, and names a key or the account."""
    for said in rendered(text, language, CHINA, keys=keys):
        assert not ADDRESSES.search(said), said
        assert said.startswith("【兰亭美发】")
        assert said.count("【") == said.count("】") == 1
        assert not re.search(r"[：:]\s*$|  |请点击", said), said
        assert re.search(r"[123]|TD|STOP|R", said.replace("【兰亭美发】", "")) or "兰亭美发厅" in said, said
        if not keys:
            assert "兰亭美发厅" in said, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_advertisement_to_mainland_china_ends_with_the_words_in_force(language: str) -> None:
    """A reader is told how to refuse in the words that count there."""
    for keys in (True, False):
        for said in rendered("recall", language, CHINA, keys=keys):
            assert said.endswith("拒收请回复R")
            assert "TD" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_to_taiwan_holds_no_link_either_and_no_signature_of_the_mainland(language: str) -> None:
    assert not any(ADDRESSES.search(said) for said in rendered("two_days", language, TAIWAN, keys=True))
    assert all("拒收" not in said for said in rendered("recall", language, TAIWAN))


@pytest.mark.slow
def test_elsewhere_nothing_is_changed() -> None:
    for text in TO_CLIENTS:
        usual = [render(text, Channel.SMS, matter, {}).text for matter in samples(text, "zh-Hans")]
        assert rendered(text, "zh-Hans", PLAIN) == usual


@pytest.mark.parametrize(
    ("words", "left"),
    [
        pytest.param("See you at two. Change it: LINK", "See you at two.", id="the last sentence"),
        pytest.param("LINK is yours. See you at two.", "See you at two.", id="the first one"),
        pytest.param("周五两点见。请点击 LINK 改期。谢谢！", "周五两点见。 谢谢！", id="one in the middle"),
        pytest.param("【旧名】周五两点见；改期点 LINK", "【旧名】周五两点见；", id="behind a semicolon"),
        pytest.param("At 2.30 sharp! Move: LINK", "At 2.30 sharp!", id="a full stop in a time"),
        pytest.param("Two links: LINK. And LINK too. Bye.", "Bye.", id="twice"),
        pytest.param("Come by. Or see https://other.example/x now", "Come by. Or see now", id="another address"),
        pytest.param("Come by. www.other.example", "Come by.", id="an address without its scheme"),
        pytest.param("No link here.", "No link here.", id="none"),
    ],
)
def test_the_sentence_with_the_link_goes(words: str, left: str) -> None:
    """No other address remains either; sentences without one stay."""
    link = "https://kept.example/a/m.k1.x"
    assert without_link(words.replace("LINK", link), link) == left


@pytest.mark.parametrize(
    "sms",
    [
        pytest.param("{{ client }}您好，预约{{ when }}，详情 {{ link }}", id="one sentence"),
        pytest.param("{{ link }}", id="nothing else"),
        pytest.param("【店】{{ when }} {{ link }}", id="a signature and the link"),
    ],
)
def test_own_words_that_are_nothing_without_their_link_give_way_to_ours(sms: str) -> None:
    """A client is never sent a scrap of a sentence."""
    own = OwnText("zh-Hans", "two_days", sms=sms)
    assert rendered("two_days", "zh-Hans", CHINA, own, keys=True) == rendered("two_days", "zh-Hans", CHINA, keys=True)


def test_own_words_keep_what_is_left_of_them() -> None:
    """Only the link goes, and brackets that would look like another signature."""
    own = OwnText("zh-Hans", "two_days", sms="【本店】亲，{{ when }}见【老地方】。点 {{ link }} 改期。")
    first = rendered("two_days", "zh-Hans", CHINA, own, keys=True)[0]
    assert first.startswith("【兰亭美发】亲，3月14日周六 14:00见「老地方」。")


def test_the_link_of_a_visit_by_video_is_none_for_a_text_message() -> None:
    assert VIDEO
    video = [said for said in rendered("two_days", "zh-Hans", CHINA, where=VIDEO) if ADDRESSES.search(said)]
    assert video == []


@pytest.mark.parametrize(
    ("signature", "words", "said"),
    [
        ("兰亭", "【别名】您好", "【兰亭】您好"),
        ("【兰亭】", "您好", "【兰亭】您好"),
        ("兰亭", "您好，【重要】明天见", "【兰亭】您好，「重要」明天见"),
        ("", "【别名】您好", "【别名】您好"),
    ],
)
def test_the_brackets_are_the_signature_s_own(signature: str, words: str, said: str) -> None:
    """A reader sees one signature, whatever brackets the business wrote; without one they stay."""
    assert signed(words, signature) == said


@pytest.mark.parametrize(
    ("channel", "country", "terms", "on_wechat", "form"),
    [
        (Channel.SMS, "CN", TextTerms(), True, TextForm(False, "Lotus", "拒收请回复R", "Lotus")),
        (Channel.SMS, "CN", TextTerms("莲花", (), "莲花号"), True, TextForm(False, "莲花", "拒收请回复R", "莲花号")),
        (Channel.SMS, "CN", TextTerms(), False, TextForm(False, "Lotus", "拒收请回复R", "")),
        (Channel.SMS, "TW", TextTerms("莲花"), True, TextForm(False, "", "", "Lotus")),
        (Channel.SMS, "HK", TextTerms("莲花"), True, PLAIN),
        (Channel.SMS, "US", TextTerms("莲花"), True, PLAIN),
        (Channel.WHATSAPP, "CN", TextTerms(), True, PLAIN),
        (Channel.WEBHOOK, "CN", TextTerms(), True, PLAIN),
        (Channel.EMAIL, "CN", TextTerms(), True, PLAIN),
    ],
)
def test_the_form_is_asked_of_the_number(
    channel: Channel, country: str, terms: TextTerms, form: TextForm, *, on_wechat: bool
) -> None:
    """Only a text message has one, and only where the country asks for it."""
    assert text_form(channel, NUMBERS[country], name="Lotus", on_wechat=on_wechat, terms=terms) == form


def test_without_an_account_the_telephone_is_named() -> None:
    """A reader who has no keys to press learns how to change something, if there is a way."""
    form = replace(CHINA, account="")
    assert "如有变动请致电010-88886666" in rendered("two_days", "zh-Hans", form, keys=False, phone="010-88886666")[0]
    assert "致电" not in rendered("two_days", "zh-Hans", form, keys=False, phone="")[0]


# Senders, and words of refusal.


@pytest.mark.parametrize(("country", "number"), NUMBERS.items(), ids=NUMBERS)
@pytest.mark.parametrize("origination", ["KEPT", "+12065550100", "pool-1", "phone-1", "arn:aws:sms-voice:::pool/1"])
def test_no_text_message_goes_from_a_name_where_names_are_not_taken(
    country: str, number: str, origination: str
) -> None:
    """It is refused before it is sent, and not lost on the way."""
    sms = Sms(None, origination=origination)  # type: ignore[arg-type]
    if origination == "KEPT" and country in NO_NAMES:
        with pytest.raises(Rejected, match="no_named_sender"):
            sms.compose(replace(PARCEL, to=number))
    else:
        assert callable(sms.compose(replace(PARCEL, to=number)))


def test_the_registered_text_travels_along() -> None:
    sms = Sms(None, origination="+12065550100")  # type: ignore[arg-type]
    parcel = replace(PARCEL, to=NUMBERS["CN"], template="1001 client=client")
    assert sms._request(parcel)["Context"]["template"] == "1001"
    assert "template" not in sms._request(replace(parcel, template=""))["Context"]


WORDS = sorted({word for rules in country_rules().values() for word in rules.stop})


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("written", [str, str.lower, str.title, lambda word: f" {word}. "], ids=["", "a", "Aa", "dot"])
def test_every_word_of_refusal_in_force_is_read_as_one(word: str, written: Callable[[str], str]) -> None:
    """In capitals or not, with blanks and a full stop: who refuses is understood at once."""
    said = read(written(word), asked=Asked.BOOKING, today=STARTS.date(), starts=STARTS)
    assert said.intent is Intent.STOP
    assert said.is_sure
