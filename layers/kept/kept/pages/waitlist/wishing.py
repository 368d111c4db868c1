"""What is waited for, as it is typed: by whoever waits already, or on the booking page where nothing suits."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.api.network import network
from kept.client_links.tokens import wait_token
from kept.clients.guest import guest as made_client
from kept.errors import InvalidRequest, TooManyRequests
from kept.pages.booking.details import Typed, form_page, nothing_typed, problems, typed
from kept.pages.page_request import PageForm, PageRequest
from kept.pages.reader import Reader, guest
from kept.pages.render import again_later, see_other
from kept.use_cases.booking.open_times import AvailabilityQuery, ask
from kept.use_cases.limits import strangers
from kept.use_cases.waitlist.joining import join_typed
from kept.waitlist.entry import OnTheList, SameDay
from kept.waitlist.refusals import TooManyWaits
from kept.waitlist.wish import Wish

ANYBODY = "any"
USUALLY = timedelta(days=30)
A_WEEK = [date(2026, 3, 2) + timedelta(days=n) for n in range(7)]
"""From a Monday on: its days by their names."""


def wished(before: Wish, form: PageForm) -> Wish:
    """Other days and hours. Raises ValueError, InvalidRequest."""
    days = tuple(sorted({int(it) for it in form.every("weekdays") if it.isdecimal() and len(it) == 1}))
    return Wish(
        before.services,
        date.fromisoformat(form.one("first")),
        date.fromisoformat(form.one("last")),
        before.staff,
        () if len(days) == len(A_WEEK) else days,
        _clock(form.one("opens")),
        _clock(form.one("closes")),
        before.sooner_than,
    )


def how(form: PageForm, note: str) -> OnTheList:
    """A box that is not ticked is not sent."""
    said = form.one("same_day")
    return {
        "book_for_me": bool(form.one("book_for_me")),
        "quiet_allowed": bool(form.one("quiet_allowed")),
        "same_day": SameDay(said) if said in set(SameDay) else SameDay.NO,
        "note": note,
    }


def ask_to_wait(visit: PageRequest, business: str) -> Response[str]:
    reader = guest(visit, business)
    return _form(reader, *_wanted(reader, visit.asked), nothing_typed(ids.new("k")))


def wait(visit: PageRequest, business: str) -> Response[str]:
    """They wait from now on, and come to the page of their place. A form that is sent twice joins once."""
    reader, form = guest(visit, business), visit.typed()
    question, usual = _wanted(reader, {name: form.one(name) for name in ("service", "staff")})
    said = typed(form, question.business)
    if wrong := problems(said, question.business):
        return _form(reader, question, usual, said, wrong=wrong)
    try:
        wish = wished(usual, form)
    except ValueError:
        return _form(reader, question, usual, said, wrong_wish="wish")
    change = visit.change_by(form)
    client = made_client(
        said.details(reader.language.tag, reader.zone.key),
        question.business,
        ids.from_key("c", business, change.key),
        source="booking page",
        words=reader.language.says("consent.words", business=question.business.name),
        now=change.at,
    )
    admission = strangers.booking(question.business, client, network(visit.event), now=change.at)
    try:
        entry = join_typed(
            question.catalog,
            client,
            wish,
            change,
            admission,
            **how(form, said.note),
        )
    except InvalidRequest:
        return _form(reader, question, wish, said, wrong_wish="wish")
    except TooManyWaits:
        return _form(reader, question, wish, said, wrong_wish="too_many")
    except TooManyRequests as refusal:
        return again_later(_form(reader, question, wish, said, too_many=True), refusal)
    return see_other(reader.to(f"/w/{wait_token(business, entry.id, now=visit.now)}"))


def _wanted(reader: Reader, asked: Mapping[str, str]) -> tuple[AvailabilityQuery, Wish]:
    """With whom, if anybody in particular; for a month from today. Raises UnknownService, UnknownStaff."""
    assert reader.catalog  # noqa: S101  # a guest is at a business
    catalog, staff = reader.catalog, asked.get("staff") or ANYBODY
    person = None if staff == ANYBODY else staff
    question = ask(catalog, asked.get("service", ""), person, zone=reader.zone, now=reader.visit.now)
    today = reader.visit.now.astimezone(catalog.business.zone).date()
    return question, Wish((question.service.id,), today, today + USUALLY, (person,) if person else ())


def _form(
    reader: Reader,
    question: AvailabilityQuery,
    wish: Wish,
    said: Typed,
    *,
    wrong: dict[str, str] | None = None,
    wrong_wish: str = "",
    too_many: bool = False,
) -> Response[str]:
    answer = form_page(
        reader,
        "join_waitlist",
        said,
        question.business,
        wrong,
        too_many=too_many,
        question=question,
        wish=wish,
        week=A_WEEK,
        staff=wish.staff[0] if wish.staff else ANYBODY,
        wrong_wish=wrong_wish,
    )
    if wrong_wish:
        answer.status_code = int(HTTPStatus.UNPROCESSABLE_ENTITY)
    return answer


def _clock(typed: str) -> time | None:
    return time.fromisoformat(typed).replace(tzinfo=None) if typed else None
