"""What is asked for before it is booked: by the service, an answer or a record; at every door, decided by staff."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import booking
import client_pages
import front_desk
from kept import clock
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Service
from kept.business.question_validation import check_questions
from kept.business.questions import AnswerChoice, AnswerRule, BookingVerdict, Question, QuestionKind
from kept.channels import Channel
from kept.clients.standing import Standing, StandingSet
from kept.errors import InvalidSetting
from kept.storage import appointments, catalogs, clients, day_pages, follow_ups, messages
from kept.use_cases.booking import requests
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CUT, STARTS, a_client, an_appointment
from tests.functions.answering import PHONE as WRITES
from tests.functions.answering import brought, take
from tests.functions.plain_browser import Browser, Form

HOUR = timedelta(hours=1)
PHONE = "+8613800138000"
START = "2026-03-03T14:00:00+08:00"
BOOK = "POST /v1/businesses/lotus/appointments"
QUESTIONS = (
    Question(
        "patch",
        "Have you had a patch test?",
        QuestionKind.YES_NO,
        texts={"zh-Hans": "做过皮肤测试吗？"},
        required=True,
        rules=(AnswerRule(BookingVerdict.ASK, equals="no"),),
    ),
    Question(
        "length",
        "How long is your hair?",
        QuestionKind.CHOICE,
        choices=(AnswerChoice("short", "Short"), AnswerChoice("long", "Long", {"zh-Hans": "长发"})),
    ),
    Question(
        "age",
        "How old are you?",
        QuestionKind.NUMBER,
        rules=(
            AnswerRule(BookingVerdict.DECLINE, under=16, text="From 16 on.", texts={"zh-Hans": "满16岁。"}, call=True),
            AnswerRule(BookingVerdict.ASK, over=80),
        ),
    ),
    Question("wish", "What do you have in mind?", QuestionKind.TEXT),
)
TINT = Service("tint", "Tint", 60, staff=("mei", "jun"), questions=QUESTIONS)
BRIDE = Service("bride", "Wedding hair", 60, staff=("mei", "jun"), approval=True)
WELL = {"patch": True, "length": "long", "age": 30, "wish": "a bob"}


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, lotus.NOW)
    salon = lotus.the_salon()
    lotus.store(replace(salon, services={"cut": CUT, "tint": TINT, "bride": BRIDE}))
    lotus.store(lotus.the_garage())


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def booked(service: str, answers: dict[str, Any] | None = None, *, phone: str = PHONE, **more: Any) -> Answer:
    client = {"name": "Li Na", "phone": phone, "agrees_to": ["sms"], "locale": "en"}
    body = {"service": service, "start": START, "client": client, "answers": answers or {}}
    return ask(booking.handler, BOOK, body | more)


def desk(
    id: str, act: str, body: object = None, *, role: str = "staff", business: str = "lotus", key: str = ""
) -> Answer:
    path = f"POST /v1/desk/appointments/{id}/{act}"
    return ask(front_desk.handler, path, body or {}, role=role, business=business, key=key)


def visit(id: str) -> Appointment:
    return appointments.load("lotus", id)


def reasons(id: str) -> list[str]:
    """The codes for which staff were asked."""
    found = follow_ups.load("lotus", f"{id}-asked_for").history
    return [line.why.partition(" ")[0] for line in found if line.what == "noted"]


def told(id: str) -> list[str]:
    return sorted(it.stage for it in messages.about("lotus", id) if it.recipient == visit(id).client)


def in_the_book() -> int:
    pages = [page for staff in ("mei", "jun") for page in day_pages.between("lotus", f"staff:{staff}", *DAYS)]
    return sum(len(page.entries) for page in pages)


DAYS = (STARTS.date() - timedelta(days=30), STARTS.date() + timedelta(days=30))


ANSWERS: dict[str, tuple[str, dict[str, Any], tuple[str, list[str]] | str]] = {
    "nothing is asked": ("cut", {}, ("booked", [])),
    "the service waits for a yes": ("bride", {}, ("asked_for", ["asks_service"])),
    "all is well": ("tint", WELL, ("booked", [])),
    "only what must be answered": ("tint", {"patch": True}, ("booked", [])),
    "as words": ("tint", {"patch": "yes", "age": "30"}, ("booked", [])),
    "no": ("tint", WELL | {"patch": False}, ("asked_for", ["asks_answer"])),
    "over a number": ("tint", WELL | {"age": 81}, ("asked_for", ["asks_answer"])),
    "at the number": ("tint", WELL | {"age": 80}, ("booked", [])),
    "two that ask": ("tint", WELL | {"patch": False, "age": 81}, ("asked_for", ["asks_answer", "asks_answer"])),
    "under a number": ("tint", WELL | {"age": 15}, "declined_by_answers"),
    "a decline is graver": ("tint", WELL | {"patch": False, "age": 15}, "declined_by_answers"),
    "at the least": ("tint", WELL | {"age": 16}, ("booked", [])),
    "negative": ("tint", WELL | {"age": -3}, "declined_by_answers"),
    "nothing where it must be": ("tint", {}, "answer_missing"),
    "empty where it must be": ("tint", {"patch": ""}, "answer_missing"),
    "a blank where it must be": ("tint", {"patch": "  "}, "answer_missing"),
    "neither yes nor no": ("tint", WELL | {"patch": "maybe"}, "not_yes_or_no"),
    "no such choice": ("tint", WELL | {"length": "medium"}, "not_a_choice"),
    "no number": ("tint", WELL | {"age": "thirty"}, "not_a_number"),
    "half a number": ("tint", WELL | {"age": "30.5"}, "not_a_number"),
    "digits of another alphabet": ("tint", WELL | {"age": "٣٠"}, "not_a_number"),
    "a number without end": ("tint", WELL | {"age": 10**12}, "number_out_of_range"),
    "a question that is not asked": ("tint", WELL | {"weight": 60}, "question_unknown"),
    "a question of another service": ("cut", {"patch": True}, "question_unknown"),
    "huge words": ("tint", WELL | {"wish": "x" * 501}, "invalid_request"),
    "no words at all": ("tint", WELL | {"wish": ["a", "b"]}, "invalid_request"),
    "eleven answers": ("tint", WELL | {f"q{n}": "x" for n in range(11)}, "invalid_request"),
    "half a number in JSON": ("tint", WELL | {"age": 30.5}, "invalid_request"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_becomes_of_a_booking_by_its_answers(case: str) -> None:
    """What is refused has a code and writes nothing."""
    service, answers, wanted = ANSWERS[case]
    before = lotus.everything()
    answer = booked(service, answers)
    if isinstance(wanted, str):
        codes = [field.get("code") for field in answer.body.get("fields", [])]
        assert wanted in [answer.code, *codes]
        assert answer.status == 422
        assert lotus.everything() == before
    else:
        status, why = wanted
        assert (answer.status, answer.body["status"]) == (201, status)
        assert why == (reasons(answer.body["id"]) if status == "asked_for" else [])
        assert told(answer.body["id"]) == ["asked_for" if status == "asked_for" else "confirmation"]


def test_a_decline_says_its_words_and_offers_a_call() -> None:
    answer = booked("tint", WELL | {"age": 15})
    assert (answer.body["text"], answer.body["call"], answer.body["service"]) == ("From 16 on.", True, "")


def test_answers_stay_with_the_visit_for_staff_in_the_readers_words() -> None:
    """The public answer has none of them."""
    made = booked("tint", WELL | {"patch": False}).body
    assert "answers" not in made
    shown = ask(front_desk.handler, f"GET /v1/desk/appointments/{made['id']}", role="staff", language="zh-Hans").body
    assert shown["answers"][:2] == [
        {"asked": "做过皮肤测试吗？", "said": "no", "kind": "yes_no"},
        {"asked": "How long is your hair?", "said": "长发", "kind": "choice"},
    ]
    assert shown["acts"] == ["approve", "decline"]


def test_a_request_keeps_its_slot_says_until_when_and_is_booked_by_one_yes() -> None:
    """A day from now; approved twice it is booked once, and told once."""
    made = booked("bride").body
    assert (
        made["answer_by"]
        == (lotus.NOW + timedelta(hours=24)).astimezone(datetime.fromisoformat(START).tzinfo).isoformat()
    )
    assert in_the_book() == 1
    first = desk(made["id"], "approve")
    assert (first.status, first.body["status"], first.body["answer_by"]) == (200, "booked", None)
    assert desk(made["id"], "approve").status == 200
    assert told(made["id"]) == ["asked_for", "confirmation"]
    assert follow_ups.load("lotus", f"{made['id']}-asked_for").is_over
    assert in_the_book() == 1


def test_a_decline_by_staff_is_told_with_their_words_and_times() -> None:
    made = booked("bride").body
    answer = desk(made["id"], "decline", {"note": "We are at a fair that day."})
    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    (said,) = [it for it in messages.about("lotus", made["id"]) if it.stage == "declined"]
    assert len(said.detail) == 3
    assert in_the_book() == 0
    assert follow_ups.load("lotus", f"{made['id']}-asked_for").is_over


REFUSED: dict[str, tuple[Callable[[str], Answer], str]] = {
    "another business's": (lambda it: desk(it, "approve", business="garage"), "unknown_appointment"),
    "nobody's role": (lambda it: desk(it, "approve", role=""), "sign_in_required"),
    "no such visit": (lambda _: desk("a-none", "decline"), "unknown_appointment"),
    "words without end": (lambda it: desk(it, "decline", {"note": "x" * 501}), "invalid_request"),
    "a version that is none": (lambda it: desk(it, "approve", {"version": 7}), "outdated"),
    "checked in before a yes": (lambda it: desk(it, "check-in"), "move_not_allowed"),
    "confirmed before a yes": (lambda it: desk(it, "confirm"), "move_not_allowed"),
    "missed before a yes": (lambda it: desk(it, "no-show"), "move_not_allowed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(case: str) -> None:
    made = booked("bride").body
    before = lotus.everything()
    act, code = REFUSED[case]
    assert act(made["id"]).code == code
    assert lotus.everything() == before


@pytest.mark.parametrize("act", ["approve", "decline"])
def test_after_its_time_nobody_decides_any_more(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = booked("bride").body
    at(monkeypatch, lotus.NOW + timedelta(hours=24))
    assert desk(made["id"], act).code == "answered_too_late"
    at(monkeypatch, lotus.NOW + timedelta(hours=24, seconds=-1))
    assert desk(made["id"], act).status == 200


def a_record(standing: Standing, *, word: bool) -> None:
    """Li Na's, by what staff said of her, or by three visits that she missed."""
    said = StandingSet(standing, "…", "mei", lotus.NOW - HOUR) if word else None
    lotus.known(replace(a_client(), phone=PHONE, standing_set=said))
    if not word:
        for n in (2, 4, 6):
            it = an_appointment(f"a-{n}", starts=STARTS - timedelta(weeks=n))
            lotus.put(it.mark_no_show(Change(KEPT, it.starts + HOUR), evidence=()))


STANDINGS = {
    "good": (Standing.GOOD, True, "booked", []),
    "a deposit is another matter": (Standing.DEPOSIT_REQUIRED, True, "booked", []),
    "restricted by a person": (Standing.RESTRICTED, True, "asked_for", ["asks_restricted"]),
    "restricted by the record": (Standing.RESTRICTED, False, "asked_for", ["asks_restricted"]),
    "dismissed": (Standing.DISMISSED, True, "asked_for", ["asks_dismissed"]),
}


@pytest.mark.parametrize("case", STANDINGS)
def test_a_record_asks_for_a_persons_yes_at_the_public_door(case: str) -> None:
    standing, word, status, why = STANDINGS[case]
    a_record(standing, word=word)
    made = booked("cut").body
    assert made["status"] == status
    assert why == (reasons(made["id"]) if status == "asked_for" else [])


@pytest.mark.parametrize("case", [case for case in STANDINGS if STANDINGS[case][2] == "asked_for"])
def test_who_types_a_number_learns_nothing_of_its_record(case: str) -> None:
    """The answer has the very fields and words of any request, and no reason; so have the page and the message."""
    plain = booked("bride", phone="+8613900139000").body
    standing, word, _, _ = STANDINGS[case]
    a_record(standing, word=word)
    other = booked("cut").body
    its_own = {"id", "link", "page", "service", "staff", "start", "end"}
    assert {k: v for k, v in other.items() if k not in its_own} == {k: v for k, v in plain.items() if k not in its_own}
    pages = [Browser(client_pages.handler, "en").get(f"/a/{it['link']}?done=asked_for").text for it in (plain, other)]
    assert pages[0].replace("Wedding hair", "Cut").replace("Jun", "Mei") == pages[1].replace("Jun", "Mei")
    assert told(other["id"]) == told(plain["id"])
    assert visit(other["id"]).history[0].why == ""


def test_another_name_is_no_way_round_a_record() -> None:
    a_record(Standing.RESTRICTED, word=True)
    client = {"name": "Wang Wu", "phone": PHONE, "agrees_to": ["sms"]}
    made = booked("cut", client=client).body
    assert made["status"] == "asked_for"


def test_a_second_one_is_answered_as_the_first_and_staff_see_that_it_is_one() -> None:
    a_record(Standing.RESTRICTED, word=True)
    first = booked("cut").body
    second = booked("cut", start="2026-03-04T14:00:00+08:00").body
    assert (first["status"], second["status"]) == ("asked_for", "asked_for")
    assert reasons(second["id"]) == ["asks_restricted", "asks_another"]


@pytest.mark.parametrize("standing", [Standing.RESTRICTED, Standing.DISMISSED])
def test_staff_book_whoever_they_like(standing: Standing) -> None:
    """They are warned, and never refused; nor need they ask."""
    a_record(standing, word=True)
    body = {
        "service": "tint",
        "start": START,
        "client": {"id": clients.of_contact("lotus", PHONE, now=lotus.NOW)[0].id},
    }
    made = ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff")
    assert (made.status, made.body["status"]) == (201, "booked")
    odd = ask(front_desk.handler, "POST /v1/desk/appointments", body | {"answers": {"patch": "maybe"}}, role="staff")
    assert odd.code == "wrong_answers"


def test_a_form_without_javascript_asks_declines_and_has_them_called() -> None:
    """What was typed is kept, what is wrong is named beside its field, and the call is a follow-up with the answers."""
    browser = Browser(client_pages.handler, "en")
    page = browser.get("/b/lotus?service=tint&staff=mei&day=2026-03-03")
    form = browser.press(page.form("/hold"), "2:00 PM").form("/book")
    anna = {"name": "Anna", "phone": "+8613900139000", "agrees_to": "sms"}
    page = browser.press(form, **anna, **{"q.age": "old", "q.wish": "a bob"})
    assert page.status == 422
    assert "Please answer this question." in page.text
    assert "Please answer with a whole number." in page.text
    page = browser.press(page.form("/book"), **anna, **{"q.patch": "yes", "q.age": "15"})
    assert "From 16 on." in page.text
    assert appointments_of_all() == []
    page = browser.press(page.form("/call"))
    assert "We will call you" in page.text
    (called,) = [it for it in everything_said() if "call_about" in it]
    assert "15" in called


def appointments_of_all() -> list[str]:
    return list(appointments.starting("lotus", since=lotus.NOW, before=lotus.NOW + timedelta(days=60)))


@pytest.mark.parametrize(("language", "title"), [("en", "Your request has arrived"), ("zh-Hans", "已收到")])
def test_the_client_sees_that_it_is_asked_for_and_may_withdraw(language: str, title: str) -> None:
    """In both languages; from then on staff have nothing to decide."""
    made = booked("bride").body
    browser = Browser(client_pages.handler, language)
    page = browser.get(f"/a/{made['link']}?done=asked_for&lang={language}")
    assert ("We will answer by" if language == "en" else title) in page.text
    action = browser.get(f"/a/{made['link']}/cancel?lang={language}")
    page = browser.press(action.form("/cancel"))
    assert visit(made["id"]).history[-1].what == "withdrawn"
    assert follow_ups.load("lotus", f"{made['id']}-asked_for").is_over
    assert in_the_book() == 0
    assert not visit(made["id"]).late


def test_a_request_that_is_moved_stays_one() -> None:
    made = booked("bride").body
    page = Browser(client_pages.handler, "en").get(f"/a/{made['link']}/move")
    assert page.status == 200
    body = {"start": "2026-03-05T10:00:00+08:00"}
    moved = ask(front_desk.handler, f"POST /v1/desk/appointments/{made['id']}/reschedule", body, role="staff")
    assert (moved.status, moved.body["status"], moved.body["version"]) == (200, "asked_for", 2)
    assert desk(made["id"], "approve").body["status"] == "booked"


@pytest.mark.parametrize(
    ("key", "status", "said"),
    [
        pytest.param("3", "cancelled", "cancelled", id="withdrawn"),
        pytest.param("2", "asked_for", "move_options", id="other times"),
        pytest.param("1", "asked_for", "received", id="a yes of theirs books nothing: a person reads it"),
    ],
)
def test_a_reply_to_what_they_were_told(key: str, status: str, said: str) -> None:
    """Sent to the number that they asked from."""
    made = booked("bride", phone=WRITES).body
    (first,) = messages.about("lotus", made["id"])
    lotus.say(replace(first.claimed(until=lotus.NOW).sent(at=lotus.NOW, provider_id="p"), revision=first.revision))
    later = lotus.NOW + HOUR
    take(brought(key, over=Channel.SMS, id="in-1", now=later), now=later)
    assert (visit(made["id"]).status, visit(made["id"]).held_until is not None) == (status, True)
    assert said in told(made["id"])


def everything_said() -> list[str]:
    found = follow_ups.some("lotus", after="", limit=50)[0]
    return [" ".join(line.why for line in one.history) for one in found]


def a_call_form(browser: Browser) -> Form:
    """Whoever is too young for it, and may be called instead."""
    page = browser.get("/b/lotus?service=tint&staff=mei&day=2026-03-03")
    form = browser.press(page.form("/hold"), "2:00 PM").form("/book")
    anna = {"name": "Anna", "phone": "+8613900139000", "agrees_to": "sms"}
    return browser.press(form, **anna, **{"q.patch": "yes", "q.age": "15"}).form("/call")


def called() -> list[str]:
    return [it for it in everything_said() if "call_about" in it]


def test_asked_for_twice_by_one_form_somebody_calls_once() -> None:
    browser = Browser(client_pages.handler, "en")
    form = a_call_form(browser)
    assert [browser.press(form).status for _ in range(2)] == [200, 200]
    assert len(called()) == 1


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        pytest.param({"name": ""}, 422, id="nobody is named"),
        pytest.param({"phone": "12"}, 422, id="a number that is none"),
        pytest.param({"q.age": "40"}, 422, id="by these answers it can be booked"),
    ],
)
def test_nobody_calls_where_no_call_was_offered_or_nobody_could(typed: dict[str, str], status: int) -> None:
    """What was typed is kept, and nothing is written down."""
    browser = Browser(client_pages.handler, "en")
    form = a_call_form(browser)
    before = lotus.everything()
    assert browser.press(form, **typed).status == status
    assert lotus.everything() == before


def test_where_too_many_strangers_came_nobody_is_asked_to_call_them() -> None:
    """They are asked to come again later, and keep what they typed."""
    browser = Browser(client_pages.handler, "en")
    form = a_call_form(browser)
    catalog = catalogs.load("lotus")
    strangers = replace(catalog.business.strangers, network_hour=1)
    lotus.store(replace(catalog, business=replace(catalog.business, strangers=strangers)))
    catalogs.forget()
    assert booked("bride").status == 201
    assert browser.press(form).status == 429
    assert called() == []


NO_SENSE: dict[str, tuple[QuestionKind, AnswerRule, str]] = {
    "a number that has to equal": (QuestionKind.NUMBER, AnswerRule(BookingVerdict.DECLINE, equals="16"), ""),
    "a number with no bound": (QuestionKind.NUMBER, AnswerRule(BookingVerdict.DECLINE), ""),
    "a number beyond all": (QuestionKind.NUMBER, AnswerRule(BookingVerdict.DECLINE, over=10**12), ""),
    "a yes above a number": (QuestionKind.YES_NO, AnswerRule(BookingVerdict.DECLINE, equals="yes", over=1), ".equals"),
    "neither yes nor no": (QuestionKind.YES_NO, AnswerRule(BookingVerdict.DECLINE, equals="perhaps"), ".equals"),
    "words that have to be something": (QuestionKind.TEXT, AnswerRule(BookingVerdict.DECLINE, equals="x"), ""),
    "a refusal that is too long": (
        QuestionKind.YES_NO,
        AnswerRule(BookingVerdict.DECLINE, equals="yes", text="x" * 1_000),
        ".text",
    ),
    "a refusal in a language that there is not": (
        QuestionKind.YES_NO,
        AnswerRule(BookingVerdict.DECLINE, equals="yes", text="No.", texts={"tlh": "ghobe"}),
        ".text",
    ),
}


@pytest.mark.parametrize("case", NO_SENSE)
def test_a_rule_that_no_answer_can_meet_is_refused_with_its_place(case: str) -> None:
    """As it is saved, and not when the first client answers."""
    kind, rule, at = NO_SENSE[case]
    question = Question("q", "How?", kind, rules=(rule,))
    catalog = lotus.the_salon()
    with pytest.raises(InvalidSetting) as refused:
        check_questions(replace(CUT, questions=(question,)), catalog)
    assert str(refused.value.facts["field"]).startswith(f"questions.0.rules.0{at}")


def test_a_rule_for_a_number_with_a_bound_is_kept() -> None:
    young = AnswerRule(BookingVerdict.DECLINE, under=16, text="From 16 on.")
    question = Question("q", "Age?", QuestionKind.NUMBER, rules=(young, AnswerRule(BookingVerdict.ASK, over=80)))
    check_questions(replace(CUT, questions=(question,)), lotus.the_salon())


def test_other_times_are_told_of_whoever_it_was_with_and_none_of_who_has_left() -> None:
    """A request that is declined is answered without them then."""
    made = booked("bride").body
    catalog = catalogs.load("lotus")
    asked_for = visit(made["id"])
    assert requests._free(catalog, asked_for, now=lotus.NOW)
    gone = replace(catalog, staff={id: it for id, it in catalog.staff.items() if id != asked_for.slot.staff})
    assert requests._free(gone, asked_for, now=lotus.NOW) == []
