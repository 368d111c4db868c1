"""The way to a booking: service, person, day and time, details. Only the two forms at its end change anything."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.api.network import network
from kept.api.problems import STATUS
from kept.booking.appointment import Appointment
from kept.booking.history import Cause
from kept.client_links import hold_token, manage_token, read_hold
from kept.clients.guest import agreeable
from kept.clients.guest import guest as made_client
from kept.desk import book as desk
from kept.desk import strangers
from kept.desk.open_times import Question, ask
from kept.errors import (
    HoldExpired,
    HoldMissing,
    KeyReused,
    LinkInvalid,
    Refusal,
    SlotTaken,
    TooManyRequests,
    UnknownAppointment,
)
from kept.pages.choosing import alternatives, choice
from kept.pages.details import LONGEST, Typed, nothing_typed, problems, typed
from kept.pages.reader import Reader, guest
from kept.pages.render import again_later, page, see_other
from kept.pages.tapping import may_tap, on_offer, tapped
from kept.pages.visit import Form, Visit
from kept.storage import appointments

ANYBODY = "any"
GONE = (SlotTaken, HoldExpired, HoldMissing)
"""Somebody else was first, or may be by now: other times are offered, and what was typed is kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being booked. `staff` is a person's id or ANYBODY, `hold` the token of the slot kept for it, if any."""

    reader: Reader
    question: Question
    staff: str
    start: datetime
    hold: str

    @property
    def chosen(self) -> dict[str, str]:
        """To stand in a form or an address."""
        return {"service": self.question.service.id, "staff": self.staff}

    def at(self, path: str, **query: object) -> str:
        return self.reader.to(f"/b/{self.question.business.id}{path}", **query)


def choose(visit: Visit, business: str) -> Response[str]:
    """Each step is the same address with one answer more."""
    reader = guest(visit, business)
    if not (service := visit.asked.get("service")):
        return page(reader, "services", catalog=reader.catalog)
    question = _question(reader, service, visit.asked.get("staff", ANYBODY))
    if visit.asked.get("zones"):
        return page(reader, "zones")
    if "staff" not in visit.asked and len(question.staff) > 1:
        return page(reader, "people", question=question, anybody=ANYBODY, has_left=False)
    days = choice(question, visit.day("day"), visit.day("from"))
    return page(reader, "times", question=question, choice=days, staff=visit.asked.get("staff", ANYBODY), mine=None)


def hold(visit: Visit, business: str) -> Response[str]:
    """Keeps the time for five minutes and goes on to the details."""
    wanted = _wanted(guest(visit, business), visit.typed())
    admission = strangers.holding(wanted.question.business, network(visit.event), now=visit.now)
    try:
        held = desk.hold(wanted.question, wanted.start, admission)
    except SlotTaken as refusal:
        return _instead(wanted, refusal, wanted.chosen, "/hold")
    except TooManyRequests as refusal:
        return _without_a_hold(wanted, refusal)
    start = wanted.reader.local(held.slot.starts).isoformat()
    return see_other(wanted.at("/book", **wanted.chosen, start=start, hold=hold_token(business, held)))


def details(visit: Visit, business: str) -> Response[str]:
    wanted = _wanted(guest(visit, business), Form({name: [value] for name, value in visit.asked.items()}))
    return _form(wanted, nothing_typed())


def book(visit: Visit, business: str) -> Response[str]:
    form = visit.typed()
    wanted = _wanted(guest(visit, business), form)
    said = typed(form, wanted.question.business)
    if wrong := problems(said, wanted.question.business):
        return _form(wanted, said, wrong)
    cause = visit.cause(form)
    try:
        made = _booked(wanted, said, cause)
    except GONE as refusal:
        fields = wanted.chosen | {name: getattr(said, name) for name in (*LONGEST, "key")}
        return _instead(wanted, refusal, fields, "/book", agrees_to=said.agrees_to, wechat=said.wechat)
    except KeyReused as refusal:
        return _booked_before(wanted, refusal, cause)
    except TooManyRequests as refusal:
        return again_later(_form(wanted, said, too_many=True), refusal)
    theirs = may_tap(made, wanted.question.business, None)
    tapped(made, (kind for kind in said.wechat if kind in theirs), wanted.reader, source="booking page")
    return see_other(wanted.reader.to(f"/a/{manage_token(made)}", done="booked", over=",".join(said.agrees_to)))


def _question(reader: Reader, service: str, staff: str) -> Question:
    """Raises UnknownService, UnknownStaff."""
    assert reader.catalog  # noqa: S101  # a guest is at a business
    person = None if staff == ANYBODY else staff
    return ask(reader.catalog, service, person, zone=reader.zone, now=reader.visit.now)


def _wanted(reader: Reader, form: Form) -> Wanted:
    staff = form.one("staff") or ANYBODY
    question = _question(reader, form.one("service"), staff)
    return Wanted(reader, question, staff, form.start(), form.one("hold"))


def _booked(wanted: Wanted, said: Typed, cause: Cause) -> Appointment:
    """Raises HoldMissing, HoldExpired, and why the slot cannot be had."""
    reader, business, hold = wanted.reader, wanted.question.business, _held(wanted)
    client = made_client(
        said.details(reader.language.tag, reader.zone.key),
        business,
        ids.new("c"),
        source="booking page",
        words=reader.language.says("consent.words", business=business.name),
        now=cause.at,
    )
    question = replace(wanted.question, own=hold.ref if hold else None)
    admission = strangers.booking(business, client, network(reader.visit.event), now=cause.at)
    return desk.book(question, desk.Wish(wanted.start, client, said.note, hold), cause, admission)


def _held(wanted: Wanted) -> desk.Hold | None:
    try:
        return read_hold(wanted.hold, wanted.question.business.id, now=wanted.question.now) if wanted.hold else None
    except LinkInvalid as error:
        raise HoldMissing from error


def _without_a_hold(wanted: Wanted, refusal: TooManyRequests) -> Response[str]:
    """Nobody loses the time for that: it can be booked at once, without being kept."""
    start = wanted.reader.local(wanted.start).isoformat()
    on = wanted.at("/book", **wanted.chosen, start=start)
    others = wanted.at("", **wanted.chosen)
    status = STATUS[TooManyRequests]
    return again_later(page(wanted.reader, "not_held", status, on=on, others=others), refusal)


def _form(wanted: Wanted, said: Typed, wrong: dict[str, str] | None = None, *, too_many: bool = False) -> Response[str]:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else STATUS[TooManyRequests] if too_many else HTTPStatus.OK
    return page(
        wanted.reader,
        "details",
        status,
        wanted=wanted,
        typed=said,
        wrong=wrong or {},
        too_many=too_many,
        longest=LONGEST,
        channels=agreeable(wanted.question.business),
        taps=on_offer(wanted.question.business),
    )


def _instead(
    wanted: Wanted,
    refusal: Refusal,
    fields: dict[str, str],
    path: str,
    agrees_to: tuple[str, ...] = (),
    wechat: tuple[str, ...] = (),
) -> Response[str]:
    """The nearest free times as buttons of a form that holds all the rest."""
    return page(
        wanted.reader,
        "instead",
        STATUS[type(refusal)],
        code=refusal.code,
        times=alternatives(wanted.question, wanted.start),
        fields=fields,
        agrees_to=agrees_to,
        wechat=wechat,
        method="post",
        action=wanted.at(path),
        others=wanted.at("", **wanted.chosen),
        books=path == "/book",
    )


def _booked_before(wanted: Wanted, refusal: KeyReused, cause: Cause) -> Response[str]:
    """The form was gone back to, changed and sent again: whoever has its key may see what it booked."""
    business = wanted.question.business.id
    first = appointments.find(business, ids.from_key("a", business, cause.key))
    if first is None:
        raise UnknownAppointment from refusal
    own = wanted.reader.to(f"/a/{manage_token(first)}")
    return page(wanted.reader, "refused", STATUS[KeyReused], code=refusal.code, own=own)
