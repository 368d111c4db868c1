"""A tap on WeChat allows one message: it is spent once by whatever carries it, given back where nothing went out, and
without one the next channel follows, with the reason in the ledger.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import client_pages
from kept import clock
from kept.channels import Channel, Purpose
from kept.client_links import tokens
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.held import ContactKind
from kept.clients.preferences import declining
from kept.clients.subscriptions import MOST_OPEN, Subscription, TapKind, count
from kept.messaging.channels import wechat
from kept.messaging.message import CLAIM
from kept.storage import appointments, catalogs, clients, messages
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import BOOKED, a_catalog, a_client, an_appointment
from tests.functions.answering import a_wechat
from tests.functions.outbox import (
    MINUTE,
    NOON,
    Providers,
    an_invitation,
    became,
    come_in,
    opened,
    owed,
    reached_by,
    said,
    she,
    work,
)
from tests.functions.plain_browser import Browser
from tests.reasons import short
from tests.stopping import Killed

WECHAT, SMS, EMAIL = Channel.WECHAT, Channel.SMS, Channel.EMAIL
OPEN_ID = "oABCD1234efgh5678IJKL90mnop"
REMINDER, DUE = TapKind.REMINDER, TapKind.DUE
ONCE = {
    "wechat_once/reminder": "REMIND-TEMPLATE thing1=service time2=when",
    "wechat_once/recall": "RECALL-TEMPLATE thing1=service",
}
SPENT, NOT_SPENT, NONE = "sent", "open", ""


def a_tap(kind: TapKind = REMINDER, occasion: str = "a-0", **how: Any) -> Subscription:
    return replace(Subscription(kind, BOOKED, "booking page", "Remind me", occasion), **how)


class OnWeChat:
    """The account's own server: what it was sent, and what it answers next."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[dict[str, Any] | BaseException] = []

    def request(self, method: str, url: str, *, body: bytes, **_: object) -> Any:  # noqa: ARG002
        path = url.partition(".com")[2].partition("?")[0]
        if path == wechat.TOKEN:
            return Answer({"access_token": "t"})
        self.sent.append((path, json.loads(body)))
        answer = self.answers.pop(0) if self.answers else {"errcode": 0}
        if isinstance(answer, BaseException):
            raise answer
        return Answer(answer)


class Answer:
    status = 200

    def __init__(self, said: dict[str, Any]) -> None:
        self.data = json.dumps(said).encode()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> OnWeChat:
    found = OnWeChat()
    wechat.ACCESS.clear()
    monkeypatch.setattr(provider_clients, "_http", lambda _: found)
    monkeypatch.setattr(provider_clients, "wechat_account", lambda _: wechat.Account("app", "secret", "token"))
    return found


def with_taps(
    monkeypatch: pytest.MonkeyPatch, *taps: Subscription, templates: dict[str, str] = ONCE, **how: Any
) -> Providers:
    """Li Na, whom the salon reaches by WeChat, then SMS, then e-mail."""
    client = replace(reached_by(WECHAT, SMS, EMAIL, invited_by=(WECHAT, SMS)), subscriptions=taps, **how)
    providers = opened(monkeypatch, client, (WECHAT, SMS, EMAIL))
    catalog = catalogs.load("lotus").business
    catalogs.put("lotus", [replace(catalog, templates={**a_catalog().business.templates, **templates})])
    return providers


def taps() -> list[str]:
    """What has become of each: open, spent on a message, or why it is void."""
    return [short(tap.void) or tap.spent_on or NOT_SPENT for tap in she().subscriptions]


def test_a_reminder_goes_by_a_tap_and_spends_it(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap())
    message = owed(WECHAT, "two_days")
    work(message)
    ((path, card),) = account.sent
    assert path == "/cgi-bin/message/subscribe/bizsend"
    assert (card["touser"], card["template_id"]) == (OPEN_ID, "REMIND-TEMPLATE")
    assert card["page"].startswith("https://kept.example/")
    assert set(card["data"]) == {"thing1", "time2"}
    assert became(message) == ("sent", "")
    assert taps() == [message.id]


def test_without_a_tap_the_next_channel_follows(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    providers = with_taps(monkeypatch)
    work(owed(WECHAT, "two_days"))
    assert said()["two_days wechat"] == "skipped: no_reminder_tap"
    work(*[m for m in messages.about("lotus", "a-1") if m.is_owed])
    assert (account.sent, providers.taken) == ([], [SMS])


def test_the_second_reminder_has_none_left(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap())
    work(owed(WECHAT, "two_days"))
    work(owed(WECHAT, "same_day"))
    assert len(account.sent) == 1
    assert said()["same_day wechat"] == "skipped: no_reminder_tap"


@pytest.mark.parametrize("kept", [(REMINDER,), (), (DUE, DUE)], ids=str)
def test_an_invitation_takes_a_tap_of_its_own_kind(
    account: OnWeChat, monkeypatch: pytest.MonkeyPatch, kept: tuple[TapKind, ...]
) -> None:
    providers = with_taps(monkeypatch, *(a_tap(kind, f"a-{n}") for n, kind in enumerate(kept)))
    message = an_invitation(WECHAT)
    work(message)
    if DUE in kept:
        assert account.sent[0][1]["template_id"] == "RECALL-TEMPLATE"
        assert (taps(), len(she().invited_at)) == ([message.id, NOT_SPENT], 1)
        return
    assert became(message) == ("skipped", "skipped: no_invitation_tap")
    work(*[m for m in messages.about("lotus", "c-1") if m.is_owed])
    assert (account.sent, providers.taken) == ([], [SMS])


def test_a_repeat_does_not_spend_twice(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same record twice, and one whose claim ran out: the tap that it took is the one that it has."""
    with_taps(monkeypatch, a_tap(), a_tap(occasion="a-9"))
    message = owed(WECHAT, "two_days")
    account.answers = [{"errcode": -1}, {"errcode": 0}]
    work(message)
    assert became(message)[0] == "delayed"
    assert taps() == [message.id, NOT_SPENT]
    work(message, now=NOON + MINUTE * 5)
    work(message, now=NOON + MINUTE * 6)
    assert became(message) == ("sent", "")
    assert taps() == [message.id, NOT_SPENT]


def test_a_crash_behind_the_claim_spends_one(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap(), a_tap(occasion="a-9"))
    message = owed(WECHAT, "two_days")
    account.answers = [Killed()]
    with pytest.raises(Killed):
        work(message)
    assert taps() == [message.id, NOT_SPENT]
    work(message, now=NOON + CLAIM + MINUTE)
    assert became(message) == ("sent", "sent: sent_again")
    assert taps() == [message.id, NOT_SPENT]


@pytest.mark.parametrize(
    ("answer", "reason", "left"),
    [
        pytest.param(47003, "failed: refused 47003", NOT_SPENT, id="a field that does not fit"),
        pytest.param(40037, "failed: refused 40037", NOT_SPENT, id="no such template"),
        pytest.param(40003, "failed: not_known_to_account", NOT_SPENT, id="nobody"),
        pytest.param(43004, "suppressed: not_a_follower", NOT_SPENT, id="they left"),
        pytest.param(
            43101, "failed: no_tap_at_wechat", "no_tap_at_wechat",
            id="used up, or taken back there",
        ),
    ],
)  # fmt: skip
def test_a_send_that_fails_gives_the_tap_back_or_says_why_not(
    account: OnWeChat, monkeypatch: pytest.MonkeyPatch, answer: int, reason: str, left: str
) -> None:
    with_taps(monkeypatch, a_tap())
    message = owed(WECHAT, "two_days")
    account.answers = [{"errcode": answer}]
    work(message)
    assert became(message)[1] == reason
    assert taps() == [left]
    assert "two_days sms" in said()


def test_a_refusal_of_one_tap_closes_no_channel(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeChat says as much of a tap that is used up as of one that was never there."""
    with_taps(monkeypatch, a_tap())
    account.answers = [{"errcode": 43101}]
    work(owed(WECHAT, "two_days"))
    assert she().stopped == ()


@pytest.mark.parametrize(
    ("later", "reason", "left"),
    [
        pytest.param(timedelta(days=2), "missed: of_no_use", NOT_SPENT, id="too late"),
        pytest.param(timedelta(hours=25), "failed: given_up 1", NOT_SPENT, id="down for a day"),
    ],
)
def test_what_is_never_sent_gives_it_back(
    account: OnWeChat, monkeypatch: pytest.MonkeyPatch, later: timedelta, reason: str, left: str
) -> None:
    with_taps(monkeypatch, a_tap())
    message = owed(WECHAT, "two_days")
    account.answers = [{"errcode": -1}]
    work(message)
    assert taps() == [message.id]
    work(message, now=NOON + later)
    assert became(message)[1] == reason
    assert taps() == [left]


def test_a_visit_that_is_cancelled_meanwhile_gives_it_back(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    from kept.actor import CLIENT, Change
    from kept.business.change_rules import ChangeRules
    from kept.storage.transaction import together

    with_taps(monkeypatch, a_tap())
    message = owed(WECHAT, "two_days")
    account.answers = [{"errcode": -1}]
    work(message)
    with together() as transaction:
        visit = appointments.load("lotus", "a-1")
        appointments.put(visit.cancel(Change(CLIENT, NOON), rules=ChangeRules()), None, transaction)
    work(message, now=NOON + 5 * MINUTE)
    assert became(message) == ("skipped", "skipped: cancelled")
    assert taps() == [NOT_SPENT]


def test_an_invitation_in_doubt_has_spent_it(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have gone out, and then WeChat has no tap left."""
    with_taps(monkeypatch, a_tap(DUE))
    message = an_invitation(WECHAT)
    account.answers = [Killed()]
    with pytest.raises(Killed):
        work(message)
    work(message, now=NOON + CLAIM + MINUTE)
    assert became(message) == ("failed", "failed: in_doubt")
    assert taps() == [message.id]


@pytest.mark.parametrize(
    ("stage", "wrote", "templates", "path", "spends"),
    [
        pytest.param("two_days", None, {}, "subscribe/bizsend", True, id="a reminder"),
        pytest.param("early", None, {}, "subscribe/bizsend", True, id="a stage of the business's own"),
        pytest.param("two_days", NOON - timedelta(hours=47), {}, "custom/send", False, id="they wrote yesterday"),
        pytest.param("two_days", NOON - timedelta(hours=48), {}, "subscribe/bizsend", True, id="48 hours ago"),
        pytest.param(
            "confirmation", None, {"wechat/confirmation": "OPENTM-1 thing1=service"}, "template/send", False,
            id="a confirmation is a notice",
        ),
        pytest.param(
            "two_days", None, {"wechat/reminder": "OPENTM-2 thing1=service"}, "subscribe/bizsend", True,
            id="both ways are open",
        ),
    ],
)  # fmt: skip
def test_each_text_goes_as_wechat_allows(
    account: OnWeChat,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    wrote: datetime | None,
    templates: dict[str, str],
    path: str,
    *,
    spends: bool,
) -> None:
    with_taps(monkeypatch, a_tap(), templates={**ONCE, **templates})
    if wrote:
        clients.put_alone(she().writing(WECHAT, at=wrote))
    message = owed(WECHAT, stage)
    work(message)
    assert [sent.removeprefix("/cgi-bin/message/") for sent, _ in account.sent] == [path]
    assert taps() == [message.id if spends else NOT_SPENT]


def test_where_a_notice_is_open_as_well_no_tap_is_needed(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, templates={**ONCE, "wechat/reminder": "OPENTM-2 thing1=service"})
    work(owed(WECHAT, "two_days"))
    assert [path for path, _ in account.sent] == ["/cgi-bin/message/template/send"]


def test_an_invitation_is_never_a_notice_nor_free_words(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advertisements by template get the account blocked."""
    with_taps(monkeypatch, templates={"wechat/recall": "OPENTM-3 thing1=service"})
    clients.put_alone(she().writing(WECHAT, at=NOON - MINUTE))
    work(an_invitation(WECHAT))
    assert account.sent == []


def test_a_tap_is_the_consent_for_its_one_message_and_for_nothing_else(
    account: OnWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_taps(monkeypatch, a_tap(), templates={**ONCE, "wechat/confirmation": "OPENTM-1 thing1=service"}, consents=())
    work(owed(WECHAT, "confirmation"))
    assert said()["confirmation wechat"] == "skipped: no_consent wechat"
    work(owed(WECHAT, "two_days"))
    assert said()["two_days wechat"] == "sent"
    assert len(account.sent) == 1


# What WeChat tells.


def a_window(*answers: tuple[str, str], event: str = "subscribe_msg_popup_event", at: datetime = NOON) -> str:
    listed = "".join(
        f"<List><TemplateId><![CDATA[{template}]]></TemplateId>"
        f"<SubscribeStatusString><![CDATA[{answer}]]></SubscribeStatusString><PopupScene>1</PopupScene></List>"
        for template, answer in answers
    )
    body = (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName><![CDATA[{OPEN_ID}]]></FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>event</MsgType><Event>{event}</Event>"
        f"<SubscribeMsgPopupEvent>{listed}</SubscribeMsgPopupEvent></xml>"
    )
    return json.dumps({"called": "wechat", "business": "lotus", "body": body})


REMIND, RECALL = "REMIND-TEMPLATE", "RECALL-TEMPLATE"


@pytest.mark.parametrize(
    ("there", "told", "left"),
    [
        pytest.param((), [[(REMIND, "accept")]], {REMINDER: 1, DUE: 0}, id="one"),
        pytest.param((), [[(REMIND, "accept"), (RECALL, "accept")]], {REMINDER: 1, DUE: 1}, id="two in one window"),
        pytest.param((), [[(REMIND, "accept"), (RECALL, "reject")]], {REMINDER: 1, DUE: 0}, id="one of two"),
        pytest.param((), [[(REMIND, "accept")]] * 2, {REMINDER: 1, DUE: 0}, id="the same event twice"),
        pytest.param(("a-0",), [[(REMIND, "accept")]], {REMINDER: 1, DUE: 0}, id="it was ticked on the page before"),
        pytest.param(("a-0", "a-9"), [[(REMIND, "accept")]], {REMINDER: 2, DUE: 0}, id="one of two ticked"),
        pytest.param(("a-0",), [[(REMIND, "reject")]], {REMINDER: 0, DUE: 0}, id="no"),
        pytest.param((), [[("ANOTHER-TEMPLATE", "accept")]], {REMINDER: 0, DUE: 0}, id="a template of none of ours"),
        pytest.param((), [[]], {REMINDER: 0, DUE: 0}, id="an empty window"),
    ],
)
def test_what_wechat_tells_of_a_tap_counts(
    monkeypatch: pytest.MonkeyPatch,
    there: tuple[str, ...],
    told: list[list[tuple[str, str]]],
    left: dict[TapKind, int],
) -> None:
    with_taps(monkeypatch, *(a_tap(occasion=occasion) for occasion in there))
    for answers in told:
        assert come_in(a_window(*answers)) == []
    assert {kind: count(she().subscriptions, kind) for kind in TapKind} == left


def test_a_second_tap_a_minute_later_is_a_second_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch)
    come_in(a_window((REMIND, "accept")))
    come_in(a_window((REMIND, "accept"), at=NOON + MINUTE))
    assert count(she().subscriptions, REMINDER) == 2


def test_one_that_is_switched_off_among_the_notices_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap(), a_tap(DUE))
    come_in(a_window((REMIND, "reject"), event="subscribe_msg_change_event"))
    assert taps() == ["declined_in_wechat", NOT_SPENT]


def test_a_tap_of_somebody_nobody_knows_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch)
    before = lotus.everything()
    assert come_in(a_window((REMIND, "accept")).replace(OPEN_ID, "oSomebodyElse00000000000000")) == []
    assert lotus.everything() == before


def test_whoever_says_stop_takes_the_taps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap(), a_tap(DUE), a_tap(occasion="a-8", spent_on="m-1"))
    body = json.dumps({"called": "wechat", "business": "lotus", "body": a_wechat("退订", "w-1", NOON, OPEN_ID)})
    assert come_in(body) == []
    assert taps() == ["wants_none"] * 2 + ["m-1"]


# The model.


def test_taps_are_bounded_and_the_latest_stay() -> None:
    client = a_client()
    for n in range(50):
        client = client.subscribing(a_tap(occasion=f"a-{n}"))
    assert [tap.occasion for tap in client.subscriptions] == [f"a-{n}" for n in range(50 - MOST_OPEN, 50)]


@pytest.mark.parametrize("kind", TapKind, ids=str)
def test_a_no_to_one_purpose_takes_back_its_own_kind(kind: TapKind) -> None:
    client = replace(a_client(), wechat=OPEN_ID, subscriptions=(a_tap(REMINDER), a_tap(DUE)))
    purpose = {REMINDER: Purpose.TRANSACTIONAL, DUE: Purpose.PROMOTIONAL}[kind]
    left = declining(client, Consent(purpose, WECHAT, NOON, "page", "no", ConsentWord.WITHDRAWN))
    assert [tap.kind for tap in left.subscriptions if tap.is_open] == [other for other in TapKind if other is not kind]
    by_text = declining(client, Consent(purpose, SMS, NOON, "page", "no", ConsentWord.WITHDRAWN))
    assert by_text.subscriptions == client.subscriptions


# The pages.


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Browser]:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)

    def reading(language: str) -> Browser:
        lotus.open_both()
        catalog = catalogs.load("lotus").business
        offering = replace(catalog, channels=(WECHAT, SMS, EMAIL), templates={**catalog.templates, **ONCE})
        catalogs.put("lotus", [offering])
        return Browser(client_pages.handler, language)

    return reading


WORDS = {
    "en": ("Remind me of this appointment", "Tell me when I am due again"),
    "zh-Hans": ("提醒我这次预约", "下次到时间了告诉我"),
}
ANNA: dict[str, Any] = {"name": "Anna Berg", "phone": "139 1234 5678", "agrees_to": ["sms"]}


def book(browser: Browser, **typed: Any) -> Client:
    """The one who was made by it."""
    start = "/b/lotus/book?service=cut&staff=mei&start=2026-03-02T17:30:00%2B08:00"
    browser.press(browser.get(start).form("/book"), **ANNA, **typed)
    found = clients.by_contact("lotus", "+8613912345678")
    assert found
    return found


@pytest.mark.parametrize("language", WORDS)
def test_both_are_asked_for_while_booking(browser: Callable[[str], Browser], language: str) -> None:
    made = book(browser(language), wechat=["reminder", "due"])
    assert [(tap.kind, tap.words, tap.source) for tap in made.subscriptions] == [
        (kind, words, "booking page") for kind, words in zip(TapKind, WORDS[language], strict=True)
    ]


@pytest.mark.parametrize("ticked", [[], ["due"], ["reminder"], ["nonsense"]], ids=str)
def test_only_what_is_ticked_is_stored(browser: Callable[[str], Browser], ticked: list[str]) -> None:
    assert [tap.kind for tap in book(browser("en"), wechat=ticked).subscriptions] == [
        k for k in ticked if k in list(TapKind)
    ]


def test_nothing_is_asked_where_wechat_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    page = Browser(client_pages.handler, "en").get(
        "/b/lotus/book?service=cut&staff=mei&start=2026-03-02T17:30:00%2B08:00"
    )
    assert "WeChat" not in page.text


@pytest.mark.parametrize("language", WORDS)
def test_the_appointment_s_page_asks_once(browser: Callable[[str], Browser], language: str) -> None:
    """And says so afterwards; pressed twice it counts once."""
    reader = browser(language)
    lotus.known(replace(a_client(), locale=language))
    visit = lotus.put(an_appointment())
    path = f"/a/{tokens.manage_token(visit, sent_to=ContactKind.EMAIL)}"
    form = reader.get(path).form("/wechat")
    page = reader.press(form, WORDS[language][0])
    assert WORDS[language][0] not in page.text
    assert WORDS[language][1] in page.text
    reader.press(form, WORDS[language][0])
    assert [(tap.kind, tap.occasion) for tap in she().subscriptions] == [(REMINDER, "a-1")]


def test_whoever_typed_another_s_number_has_no_taps(browser: Callable[[str], Browser]) -> None:
    """Neither beside the booking nor by the link that follows, which was sent to nobody."""
    reader = browser("en")
    lotus.known(replace(a_client(), phone="+8613912345678"))
    before = she().subscriptions
    assert book(reader, wechat=["reminder", "due"]).id == "c-1"
    assert she().subscriptions == before == ()


def test_two_reminders_do_not_share_one_tap(account: OnWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    with_taps(monkeypatch, a_tap())
    first, second = owed(WECHAT, "two_days"), owed(WECHAT, "same_day")
    work(first, second)
    assert len(account.sent) == 1
    assert sorted(became(one)[0] for one in (first, second)) == ["sent", "skipped"]
