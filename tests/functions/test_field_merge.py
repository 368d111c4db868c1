"""Whatever two records are and whatever comes between: they are made one whole or not at all, whoever uses a number, a
link or a name of either finds the one client, nobody is written to where somebody said no, and taken back each has what
was theirs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

import client_pages
import front_desk
import my_appointment
from kept import clock
from kept.actor import Actor, Change
from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.channels import Channel, Purpose
from kept.client_links import short_tokens, signing_keys, tokens
from kept.client_links.links import LinkPurpose
from kept.client_links.short_links import ShortLink
from kept.clients import notes
from kept.clients.booked_as import booked_as
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent, ConsentWord
from kept.clients.held import ContactKind, How
from kept.clients.holding import holding
from kept.clients.merging import MOST, Merge, merged, restored
from kept.clients.notes import MOST_PINNED, Note, alerts
from kept.clients.preferences import left_alone
from kept.clients.subscriptions import Subscription, TapKind
from kept.messaging.received import Received
from kept.reasons import Code, because
from kept.storage import appointments, client_notes, clients, messages
from kept.storage.tables import ClientItem
from kept.storage.transaction import Lost, together
from kept.use_cases.clients import merging as use_case
from kept.use_cases.clients.proving import proved_by_reply
from kept.use_cases.messaging.addressees import respected
from kept.use_cases.messaging.conversation import known_at
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.merging import LI, OTHER, THIRD, at_desk, merge, part, revision
from tests.functions.plain_browser import Browser
from tests.stopping import Killed, die

PHONE, SECOND, NEW = "+8613812345678", "+8613911112222", "+8613700003333"
MAIL, OTHER_MAIL = "li@example.com", "lina@example.com"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SMS, EMAIL = Channel.SMS, Channel.EMAIL


class Clock:
    """The time it is; a test may let it pass."""

    now = lotus.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    return time


def yes(channel: Channel, said: ConsentWord = ConsentWord.GIVEN, why: Purpose = Purpose.TRANSACTIONAL) -> Consent:
    return Consent(why, channel, lotus.NOW - DAY, "booking page", "yes", said)


def a_record(id: str, name: str = "Li Na", **how: Any) -> Client:
    new = Client("lotus", id, name, "en", "Asia/Shanghai")
    return replace(new, **how)


@pytest.fixture(autouse=True)
def _open(time: Clock) -> None:  # noqa: ARG001
    """Three records of one person, and one of the garage: each with a number and an address of its own."""
    lotus.open_both()
    lotus.known(a_record(LI, phone=PHONE, email=MAIL, consents=(yes(SMS), yes(EMAIL))))
    lotus.known(a_record(OTHER, "李娜", phone=SECOND, email=OTHER_MAIL, consents=(yes(SMS), yes(EMAIL))))
    lotus.known(a_record(THIRD, "Lina Li", phone=NEW))
    lotus.known(replace(a_client(), business="garage", id="c-9"))


def she_is(id: str, **how: Any) -> None:
    clients.put_alone(replace(clients.records("lotus", [id])[id], **how))


def li() -> Client:
    return clients.load("lotus", LI)


def a_visit(id: str, of: str, hours: int = 0) -> Appointment:
    """Booked as that record was, with its own number and address."""
    record = clients.records("lotus", [of])[of]
    visit = replace(an_appointment(id, starts=STARTS + timedelta(hours=hours)), client=of)
    return lotus.put(replace(visit, booked_as=booked_as(record, is_first=False)))


def coming(id: str = LI) -> list[str]:
    return [visit["id"] for visit in at_desk(f"GET /{id}/visits").body["coming"]]


# Refused, in words of both languages, with nothing changed


def _merged_before() -> None:
    assert merge().status == 200


def _nothing() -> None:
    """As it stands."""


REFUSED: list[Any] = [
    pytest.param(_nothing, LI, LI, 422, "same_client", id="with themself"),
    pytest.param(_nothing, LI, "c-9", 404, "unknown_client", id="with a client of another business"),
    pytest.param(_nothing, "c-9", LI, 404, "unknown_client", id="into a client of another business"),
    pytest.param(_nothing, LI, "c-404", 404, "unknown_client", id="with nobody"),
    pytest.param(_nothing, "c-404", LI, 404, "unknown_client", id="into nobody"),
    pytest.param(_merged_before, LI, OTHER, 409, "already_merged", id="with one that is part of them already"),
    pytest.param(_merged_before, OTHER, LI, 409, "already_merged", id="into what is part of the other"),
    pytest.param(_merged_before, THIRD, OTHER, 409, "already_merged", id="with one that is part of somebody else"),
    pytest.param(_merged_before, OTHER, OTHER, 422, "same_client", id="with themself, who is part of another"),
]


@pytest.mark.parametrize(("first", "stays", "goes", "status", "code"), REFUSED)
@pytest.mark.parametrize("route", ["merge-preview", "merge"])
def test_a_merge_that_cannot_be(
    first: Callable[[], None], stays: str, goes: str, status: int, code: str, route: str
) -> None:
    first()
    before = lotus.everything()
    body = {"other": goes} | ({"revision": "r", "other_revision": "r"} if route == "merge" else {})
    answers = [at_desk(f"POST /{stays}/{route}", body, language=tongue) for tongue in ("en", "zh-Hans")]
    assert [(one.status, one.code) for one in answers] == [(status, code)] * 2
    assert len({one.body["detail"] for one in answers}) == 2
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("first", "stays", "goes", "code"),
    [
        pytest.param(_nothing, LI, OTHER, "not_merged", id="what was never merged"),
        pytest.param(_merged_before, LI, THIRD, "not_merged", id="another than the one that was"),
        pytest.param(_merged_before, THIRD, OTHER, "not_merged", id="from another than it was merged into"),
        pytest.param(_merged_before, LI, LI, "not_merged", id="from themself"),
        pytest.param(_merged_before, LI, "c-9", "unknown_client", id="a client of another business"),
    ],
)
def test_what_cannot_be_taken_back(first: Callable[[], None], stays: str, goes: str, code: str) -> None:
    first()
    before = lotus.everything()
    assert part(stays, goes).code == code
    assert lotus.everything() == before


@pytest.mark.parametrize("asked", [{"role": ""}, {"role": "staff", "business": "garage"}], ids=["nobody", "the garage"])
@pytest.mark.parametrize("route", ["merge-preview", "merge", "unmerge"])
def test_whoever_is_not_of_the_business_changes_nothing(asked: dict[str, str], route: str) -> None:
    merge()
    before = lotus.everything()
    body = {"other": OTHER} | ({"revision": "r", "other_revision": "r"} if route == "merge" else {})
    assert at_desk(f"POST /{LI}/{route}", body, **asked).status in (401, 403, 404)
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("passed", "status"),
    [(DAY - MINUTE, 200), (DAY, 409), (40 * DAY, 409)],
    ids=["a minute before", "to the minute", "weeks later"],
)
def test_it_can_be_taken_back_for_a_day(time: Clock, passed: timedelta, status: int) -> None:
    merge()
    time.now += passed
    answer = part()
    assert (answer.status, answer.code) == (status, None if status == 200 else "merge_is_final")


def test_no_more_records_than_one_write_carries() -> None:
    for n in range(MOST):
        lotus.known(a_record(f"d-{n}"))
        assert merge(goes=f"d-{n}").status == 200
    assert merge().code == "too_many_merged"
    assert part(goes="d-7").status == 200
    assert merge().status == 200


# Two at once


@contextmanager
def _in_between(monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> Iterator[None]:
    """Once, after a merge has read both and before it writes."""
    written, waits = use_case._write_merged, [does]

    def write(*both: Any, **how: Any) -> None:
        if waits:
            waits.pop()()
        written(*both, **how)

    monkeypatch.setattr(use_case, "_write_merged", write)
    yield


@pytest.mark.parametrize(
    ("first", "code", "of"),
    [
        pytest.param(lambda: merge(THIRD, OTHER), "already_merged", THIRD, id="into two clients"),
        pytest.param(lambda: merge(OTHER, LI), "already_merged", OTHER, id="each into the other"),
        pytest.param(lambda: merge(LI, OTHER), "already_merged", LI, id="by two people"),
        pytest.param(lambda: she_is(OTHER, name="Nana"), "changed_since", OTHER, id="while one is edited"),
    ],
)
def test_of_two_at_once_one_wins(
    monkeypatch: pytest.MonkeyPatch, first: Callable[[], object], code: str, of: str
) -> None:
    with _in_between(monkeypatch, first):
        answer = merge()
    assert (answer.status, answer.code) == (409, code)
    assert clients.load("lotus", OTHER).id == of


def test_what_a_message_records_meanwhile_costs_a_second_try_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with _in_between(monkeypatch, lambda: clients.put_alone(li().writing(SMS, at=lotus.NOW))):
        assert merge().status == 200
    assert li().wrote_last(SMS) == lotus.NOW


@pytest.mark.parametrize("does", ["merge", "unmerge"])
def test_a_request_whose_answer_was_lost_is_answered_again(does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was done, and the process died before it could say so."""
    change = Change(Actor("staff", "mei"), lotus.NOW, key="f3a1c0de-0000-4000-8000-000000000032")
    pair = use_case.Pair(LI, OTHER, (revision(LI), revision(OTHER)), lambda it: it.name)

    def act() -> Client:
        if does == "merge":
            return use_case.merge("lotus", pair, change)[0]
        return use_case.unmerge("lotus", LI, OTHER, change)

    if does == "unmerge":
        merge()
    with monkeypatch.context() as dying:
        dying.setattr(use_case, "hand_over", die)
        with pytest.raises(Killed):
            act()
    done = clients.records("lotus", [LI, OTHER])
    assert act() == done[LI]
    assert clients.records("lotus", [LI, OTHER]) == done


# All that hangs on them


def test_two_hundred_visits_go_along_page_by_page_in_order_and_back() -> None:
    """Some under one id and some under the other, several at the same minute."""
    for n in range(200):
        visit = replace(
            an_appointment(f"p-{n:03}", starts=STARTS - timedelta(days=3 + n // 3)), client=(LI, OTHER)[n % 2]
        )
        with together() as transaction:
            appointments.put(visit, None, transaction)
    assert at_desk(f"POST /{LI}/merge-preview", {"other": OTHER}).body["visits"] == 100
    merge()
    seen: list[tuple[str, str]] = []
    place: str | None = None
    while True:
        page = at_desk(f"GET /{OTHER}/visits", query={"limit": "30"} | ({"after": place} if place else {})).body
        seen += [(visit["start"], visit["id"]) for visit in page["past"]]
        place = page["next"]
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 200
    assert [start for start, _ in seen] == sorted((start for start, _ in seen), reverse=True)
    assert at_desk(f"GET /{LI}").body["figures"]["booked"] == 200
    part()
    assert [at_desk(f"GET /{id}").body["figures"]["booked"] for id in (LI, OTHER)] == [100, 100]


def _by_signed_link(visit: Appointment) -> int:
    token = tokens.manage_token(visit, sent_to=ContactKind.PHONE)
    return Browser(client_pages.handler, "en").get(f"/a/{token}").status


def _by_short_link(visit: Appointment) -> int:
    link = ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", visit.id, visit.ends + tokens.LASTS)
    with suppress(Lost):  # it was sent before
        lotus.short(link)
    return Browser(client_pages.handler, "en").get(f"/k/{short_tokens.made(signing_keys.current(), link.said)}").status


def _by_wishes(visit: Appointment) -> int:
    record = clients.records("lotus", [visit.client])[visit.client]
    token = tokens.preferences_token(replace(record, merged_into=""), now=lotus.NOW, sent_to=SECOND)
    return Browser(client_pages.handler, "en").get(f"/p/{token}").status


def _by_api(visit: Appointment) -> int:
    token = tokens.manage_token(visit, sent_to=ContactKind.PHONE)
    return ask(my_appointment.handler, "GET /v1/appointment", bearer=token).status


@pytest.mark.parametrize("opens", [_by_signed_link, _by_short_link, _by_wishes, _by_api])
def test_links_in_old_messages_of_the_other_still_open(opens: Callable[[Appointment], int]) -> None:
    visit = a_visit("a-2", OTHER)
    before = opens(visit)
    merge()
    assert opens(visit) == before < 400
    part()
    assert opens(visit) == before


def test_who_writes_from_the_other_number_is_the_client_who_is_known() -> None:
    visit = a_visit("a-2", OTHER)
    merge()
    assert [one.id for one in known_at(SECOND, "lotus", now=lotus.NOW)] == [LI]
    proved_by_reply(lotus.the_salon(), visit.id, SECOND, now=lotus.NOW)
    assert appointments.load("lotus", visit.id).client == OTHER
    part()
    assert [one.id for one in known_at(SECOND, "lotus", now=lotus.NOW)] == [OTHER]


def test_words_that_come_again_after_the_merge_are_the_same_words() -> None:
    said = Received("lotus", OTHER, "k-1", SMS, "Is there a car park?", lotus.NOW)
    messages.put_received(said)
    merge()
    assert messages.was_received("lotus", li().ids, "k-1")
    assert [one.text for one in messages.received("lotus", li().ids, since=lotus.NOW - DAY)] == [said.text]


def booked(**typed: str) -> str:
    """By staff; the id of the client it is filed with."""
    start = (STARTS + timedelta(hours=1)).isoformat()
    body = {"service": "cut", "client": {"name": "Li Na"} | typed, "start": start, "staff": "jun"}
    answer = ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff")
    assert answer.status == 201, answer.body
    return appointments.load("lotus", answer.body["id"]).client


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"email": OTHER_MAIL}, id="the other's e-mail"),
        pytest.param({"phone": SECOND}, id="the other's number"),
        pytest.param({"phone": PHONE, "email": OTHER_MAIL}, id="a number of one and an e-mail of the other"),
        pytest.param({"phone": SECOND, "email": MAIL}, id="and the other way round"),
        pytest.param({"phone": SECOND, "email": OTHER_MAIL}, id="both of the other"),
        pytest.param({"phone": "139 1111 2222"}, id="the other's number, written at home"),
    ],
)
def test_a_booking_with_what_is_the_other_s_makes_no_third_client(typed: dict[str, str]) -> None:
    merge()
    assert booked(**typed) == LI
    assert (li().phone, li().email) == (PHONE, MAIL)


def test_staff_who_enter_the_other_s_number_are_told_who_has_it() -> None:
    merge()
    answer = at_desk("POST ", {"name": "Li", "phone": SECOND})
    assert (answer.code, answer.body["holder"]["id"]) == ("contact_held", LI)


def test_the_other_s_number_can_become_the_one_she_is_written_to_at() -> None:
    """And goes back with the other all the same."""
    merge()
    assert at_desk(f"POST /{LI}/contacts", {"phone": SECOND}).status == 200
    assert part().status == 200
    assert (li().phone, clients.load("lotus", OTHER).phone) == (None, SECOND)
    assert at_desk(f"POST /{LI}/contacts", {"phone": PHONE}).status == 200


def test_what_somebody_else_shows_to_be_theirs_meanwhile_does_not_come_back() -> None:
    merge()
    assert at_desk(f"POST /{THIRD}/contacts", {"phone": SECOND}).status == 200
    assert (li().phone, SECOND in li().also) == (PHONE, False)
    part()
    assert (clients.load("lotus", OTHER).phone, clients.load("lotus", OTHER).email) == (None, OTHER_MAIL)
    (holder,) = known_at(SECOND, "lotus", now=lotus.NOW)[:1]
    assert holder.id == THIRD


# Nobody is written to where somebody said no


def stopped(client: Client, channel: Channel, address: str) -> Client:
    said = Consent(Purpose.TRANSACTIONAL, channel, lotus.NOW, "sms reply", "STOP", ConsentWord.WITHDRAWN)
    return left_alone(client, said, address=address)


def may_be_written_to(visit: str, channel: Channel) -> bool:
    found = appointments.load("lotus", visit)
    record = clients.load("lotus", found.client)
    reached = respected(record, addressee(record, found), channel, now=lotus.NOW)
    return not reached.do_not_disturb and channel in reached.channels(Purpose.TRANSACTIONAL, [channel])


NOES: dict[str, Callable[[Client], Client]] = {
    "STOP by text": lambda it: stopped(it, SMS, it.phone or ""),
    "STOP by e-mail": lambda it: stopped(it, EMAIL, it.email or ""),
    "not their number": lambda it: it.stopping(SMS, why=because(Code.NOT_THEIR_NUMBER), at=lotus.NOW),
    "bounced": lambda it: it.stopping(EMAIL, why=because(Code.OPTED_OUT), at=lotus.NOW),
    "do not disturb": lambda it: replace(it, do_not_disturb=True),
}


@pytest.mark.parametrize("who", [LI, OTHER])
@pytest.mark.parametrize("no", NOES)
def test_a_no_of_either_from_before_holds_where_it_was_said_and_nowhere_else(no: str, who: str) -> None:
    """Two visits, each booked as one of the records; but who is not to be disturbed as one is not to be as both."""
    a_visit("a-1", LI)
    a_visit("a-2", OTHER, 2)
    clients.put_alone(NOES[no](clients.load("lotus", who)))
    before = {(id, channel): may_be_written_to(id, channel) for id in ("a-1", "a-2") for channel in (SMS, EMAIL)}
    assert not all(before.values())
    merge()
    merged = {pair: may_be_written_to(*pair) for pair in before}
    assert merged == (dict.fromkeys(before, False) if no == "do not disturb" else before)
    part()
    assert {pair: may_be_written_to(*pair) for pair in before} == before


@pytest.mark.parametrize("no", ["STOP by text", "STOP by e-mail"])
def test_a_no_from_the_other_s_address_while_they_are_one_holds_when_they_are_two_again(no: str) -> None:
    channel, address = (SMS, SECOND) if no == "STOP by text" else (EMAIL, OTHER_MAIL)
    a_visit("a-1", LI)
    a_visit("a-2", OTHER, 2)
    merge()
    clients.put_alone(stopped(li(), channel, address))
    assert (may_be_written_to("a-1", channel), may_be_written_to("a-2", channel)) == (True, False)
    part()
    assert (may_be_written_to("a-1", channel), may_be_written_to("a-2", channel)) == (True, False)


def test_a_number_that_is_taken_brings_what_was_said_of_it_and_her_own_words_stay() -> None:
    she_is(LI, email=None, phone=PHONE, consents=(yes(SMS),))
    no = yes(EMAIL, ConsentWord.WITHDRAWN, Purpose.PROMOTIONAL)
    she_is(OTHER, consents=(yes(SMS, ConsentWord.WITHDRAWN), yes(EMAIL), no))
    lotus.known(a_record("c-4", email="kept@example.com", consents=(yes(EMAIL),)))
    assert merge("c-4", OTHER).status == 200
    four = clients.load("lotus", "c-4")
    assert (four.phone, four.email) == (SECOND, "kept@example.com")
    assert four.said(Purpose.TRANSACTIONAL, SMS) is ConsentWord.WITHDRAWN
    assert four.said(Purpose.PROMOTIONAL, EMAIL) is None


# What is made of a client


@pytest.mark.parametrize(
    ("hers", "other", "both"), [(Tier.PROSPECT, Tier.VIP, Tier.VIP), (Tier.VIP, Tier.REGULAR, Tier.VIP)], ids=str
)
def test_the_higher_tier_counts_and_goes_back(hers: Tier, other: Tier, both: Tier) -> None:
    she_is(LI, tier=hers)
    she_is(OTHER, tier=other)
    merge()
    assert li().tier is both
    part()
    assert [clients.load("lotus", id).tier for id in (LI, OTHER)] == [hers, other]


def test_a_tier_that_staff_changed_meanwhile_stays() -> None:
    she_is(OTHER, tier=Tier.VIP, tags=("a", "b"))
    merge()
    at_desk(f"PATCH /{LI}", {"tier": "regular", "tags": ["a", "c"], "revision": revision(LI)})
    part()
    assert (li().tier, li().tags) == (Tier.REGULAR, ("c",))


def test_more_warnings_than_may_be_pinned_are_all_kept_and_can_be_taken_away_one_by_one() -> None:
    def notes(of: str) -> tuple[Note, ...]:
        return tuple(Note(f"n-{n:02}-{of}", f"{of} {n}", "mei", lotus.NOW, pinned=True) for n in range(MOST_PINNED))

    she_is(LI, notes=notes("a"))
    she_is(OTHER, notes=notes("b"))
    merge()
    assert sum(note.pinned for note in li().notes) == 2 * MOST_PINNED
    assert alerts(li())
    assert at_desk(f"POST /{LI}/notes", {"text": "One more", "pinned": True}).code == "too_many_pinned"
    assert at_desk(f"DELETE /{LI}/notes/n-00-b").status == 200
    assert at_desk(f"PATCH /{LI}/notes/n-01-b", {"pinned": False}).status == 200
    assert at_desk(f"POST /{LI}/notes", {"text": "One more"}).status == 201


def test_long_rows_of_notes_unite_without_losing_one_and_part_again() -> None:
    for id in (LI, OTHER):
        for n in range(45):
            at_desk(f"POST /{id}/notes", {"text": f"{id} {n}"})
    before = {id: _all_notes(id) for id in (LI, OTHER)}
    merge()
    assert _all_notes(LI) == sorted(before[LI] + before[OTHER])
    part()
    assert {id: _all_notes(id) for id in (LI, OTHER)} == before


def _all_notes(id: str) -> list[str]:
    record = clients.load("lotus", id)
    old = client_notes.before(record, None, limit=200)
    assert len(old) == record.older_notes
    return sorted(note.text for note in (*record.notes, *old))


# Three, in every order


def all_of_them() -> dict[str, Any]:
    """Each record without what counts its writes and who last took it apart."""
    found = clients.records("lotus", [LI, OTHER, THIRD])
    return {id: replace(one, revision=0, parted="", indexed="") for id, one in found.items()}


CHAINS = [
    pytest.param([(LI, OTHER), (LI, THIRD)], id="two into one"),
    pytest.param([(OTHER, THIRD), (LI, OTHER)], id="one by way of the other"),
]


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("back", list(permutations([OTHER, THIRD])), ids=" ".join)
def test_three_in_a_chain_come_apart_in_every_order(chain: list[tuple[str, str]], back: tuple[str, ...]) -> None:
    she_is(THIRD, tier=Tier.VIP, tags=("x",), email="third@example.com")
    she_is(OTHER, email=None, tags=("y",), consents=(yes(SMS),))
    she_is(LI, phone=None, consents=(yes(EMAIL),))
    before = all_of_them()
    for stays, goes in chain:
        assert merge(stays, goes).status == 200
    assert {clients.load("lotus", id).id for id in before} == {LI}
    assert {id: one.merged_into for id, one in clients.records("lotus", [OTHER, THIRD]).items()} == dict.fromkeys(
        [OTHER, THIRD], LI
    )
    assert li().tier is Tier.VIP
    for gone in back:
        stays = clients.load("lotus", gone).id
        assert part(stays, gone).status == 200, (stays, gone)
    assert all_of_them() == before
    for address, id in ((MAIL, LI), (SECOND, OTHER), (NEW, THIRD)):
        assert [one.id for one in known_at(address, "lotus", now=lotus.NOW)] == [id]


def test_after_a_new_booking_and_new_words_each_has_what_came_under_its_name() -> None:
    a_visit("a-2", OTHER)
    merge()
    assert booked(phone=SECOND) == LI
    assert len(coming()) == 2
    part()
    assert coming(OTHER) == ["a-2"]
    assert len(coming(LI)) == 1


def test_merged_again_after_it_was_taken_back() -> None:
    for _ in range(3):
        assert merge().status == 200
        assert part().status == 200
    assert merge(OTHER, LI).status == 200
    assert clients.load("lotus", LI).id == OTHER


@pytest.mark.parametrize(("stays", "goes"), [(LI, THIRD), (THIRD, LI)], ids=["goes", "stays"])
def test_who_was_only_typed_is_known_to_staff_by_the_merge(time: Clock, stays: str, goes: str) -> None:
    """Neither the client, nor what leads there, nor the number is forgotten; taken back it is as it was."""
    until = lotus.NOW + 40 * DAY
    typed = holding(a_record(THIRD, phone=NEW), ContactKind.PHONE, How.TYPED, until=until)
    she_is(THIRD, held=typed.held)
    assert merge(stays, goes).status == 200
    assert [ClientItem.get("lotus", id).expires for id in (LI, THIRD)] == [None, None]
    assert known_at(NEW, "lotus", now=until + DAY) == [clients.load("lotus", THIRD)]
    assert part(stays, goes).status == 200
    assert (known_at(NEW, "lotus", now=until + DAY) == []) is (goes == THIRD)
    assert known_at(NEW, "lotus", now=time.now) == [clients.load("lotus", THIRD)]


def test_what_was_said_meanwhile_of_an_address_goes_back_with_it() -> None:
    """Of an address that the two have in common; what was said before they were one stands with each as it did."""
    stays, goes = a_record("c-1", email="li@example.com"), a_record("c-2", email="li@example.com")
    one, gone = merged(stays, goes, Merge("mei", STARTS))
    later = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, STARTS + timedelta(minutes=5), "their page", "yes")
    before = replace(later, purpose=Purpose.TRANSACTIONAL, at=STARTS - timedelta(minutes=5), said=ConsentWord.WITHDRAWN)
    back = restored(gone, replace(one, consents=(*one.consents, before, later)))
    assert back.merged_into == ""
    assert later in back.consents
    assert before not in back.consents
    elsewhere = restored(replace(gone, email="wu@example.com"), replace(one, consents=(*one.consents, later)))
    assert later not in elsewhere.consents


def test_a_wechat_that_is_taken_brings_the_messages_that_were_allowed_there() -> None:
    """They are for that account, and for no other."""
    tap = Subscription(TapKind.REMINDER, STARTS, "booking page", "yes", "a-1")
    goes = replace(a_record("c-2"), wechat="o-1", subscriptions=(tap,))
    taken, _ = merged(a_record("c-1"), goes, Merge("mei", STARTS))
    assert (taken.wechat, taken.subscriptions) == ("o-1", (tap,))
    own, _ = merged(replace(a_record("c-1"), wechat="o-2"), goes, Merge("mei", STARTS))
    assert (own.wechat, own.subscriptions) == ("o-2", ())


def test_a_note_that_comes_again_by_the_same_request_is_there_once() -> None:
    one = notes.written("Likes tea", "request-1", Actor("staff", "mei"), STARTS, pinned=False)
    again = notes.written("Likes tea", "request-1", Actor("staff", "mei"), STARTS + timedelta(minutes=1), pinned=False)
    other = notes.written("Likes tea", "request-2", Actor("staff", "mei"), STARTS, pinned=False)
    assert notes.with_note(notes.with_note((), one), again) == (one,)
    assert len(notes.with_note(notes.with_note((), one), other)) == 2
