"""The way to a booking: service, person, day and time, details. Only the two forms at its end change anything."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.actor import Change
from kept.api.network import network
from kept.booking.appointment import Appointment
from kept.booking.hold import HOLD, Hold
from kept.booking.refusals import (
    DeclinedByAnswers,
    HoldExpired,
    HoldMismatch,
    HoldMissing,
    InThePast,
    NotOffered,
    SlotTaken,
    TooFar,
    TooSoon,
    UnknownAppointment,
)
from kept.booking.states import Status
from kept.business.catalog import Money
from kept.business.change_rules import Terms
from kept.client_links.links import booking_page
from kept.client_links.tokens import hold_token, manage_token
from kept.clients.client import Client
from kept.clients.guest import guest as made_client
from kept.errors import KeyReused, Refusal, TooManyRequests
from kept.pages.appointment.tapping import may_tap, on_offer, tapped
from kept.pages.booking import holder
from kept.pages.booking.choosing import alternatives, choice
from kept.pages.booking.details import LONGEST, Typed, field_of, form_page, nothing_typed, problems, typed
from kept.pages.booking.structured_data import structured
from kept.pages.page_request import PageForm, PageRequest
from kept.pages.reader import Reader, guest
from kept.pages.render import again_later, page, see_other
from kept.policy.accepted import by_standing, shown
from kept.policy.cost import Cost, of_booking_now
from kept.settings import setting
from kept.use_cases.booking import book as use_case
from kept.use_cases.booking.open_times import AvailabilityQuery, ask
from kept.use_cases.follow_ups.callback import ask_for_callback
from kept.use_cases.limits import strangers
from kept.use_cases.optimistic_retry import unless_done

ANYBODY = "any"
NOT_KEPT = (HoldExpired, HoldMissing, HoldMismatch)
"""The time is not kept for them; it may be free all the same."""
OUT_OF_REACH = (InThePast, TooSoon, TooFar, NotOffered)
GONE = (SlotTaken, *NOT_KEPT)
"""Somebody else was first: other times are offered, and what was typed is kept."""


@dataclass(frozen=True, slots=True)
class WantedBooking:
    """What is being booked. `staff` is a person's id or ANYBODY, `hold` the token of the slot kept for it, if any."""

    reader: Reader
    question: AvailabilityQuery
    staff: str
    start: datetime
    hold: str

    @property
    def person(self) -> str | None:
        """None is anybody."""
        return None if self.staff == ANYBODY else self.staff

    @property
    def chosen(self) -> dict[str, str]:
        """To stand in a form or an address."""
        return {"service": self.question.service.id, "staff": self.staff}

    def at(self, path: str, **query: object) -> str:
        return self.reader.to(f"/b/{self.question.business.id}{path}", **query)

    @property
    def others(self) -> str:
        """Where another time of that day is chosen; who keeps no cookies is known by the token of their hold."""
        token = None if holder.known(self.reader.visit) else self.hold or None
        day = self.start.astimezone(self.question.zone).date() if self.start > self.question.now else None
        return self.at("", **self.chosen, day=day, hold=token)

    @property
    def cost(self) -> Cost:
        """Of a change of it, if it is booked now; within the notice it is the grace alone that is free."""
        return of_booking_now(self._terms, self.start, now=self.question.now)

    @property
    def grace(self) -> timedelta:
        """For how long it can be taken back, if it is booked now."""
        left = timedelta(minutes=max(0, (self.start - self.question.now) // timedelta(minutes=1)))
        return min(self._terms.grace, left)

    @property
    def pay_until(self) -> datetime:
        """By the reader's clock, if it is booked now and a deposit is asked."""
        rules = self.question.business.changes.deposits
        return self.reader.local(rules.pay_until(self.start, now=self.question.now))

    @property
    def by_standing(self) -> Money | None:
        return by_standing(self.question.business, self.question.service)

    @property
    def _terms(self) -> Terms:
        return shown(self.question.business, self.question.service)

    @property
    def kept_until(self) -> datetime | None:
        """By the reader's clock, until when this time is kept for them; None where it is not."""
        with suppress(*NOT_KEPT):
            hold = holder.held(self.reader.visit, self.question.business.id, self.hold)
            if hold and hold.since and hold.is_kept(self.start, now=self.question.now):
                return self.reader.local(hold.since + HOLD)
        return None


def choose(visit: PageRequest, business: str) -> Response[str]:
    """Each step is the same address with one answer more."""
    reader = guest(visit, business)
    if not (service := visit.asked.get("service")):
        return page(reader, "services", catalog=reader.catalog, data=_data(reader))
    question = _question(reader, service, visit.asked.get("staff", ANYBODY))
    if visit.asked.get("zones"):
        return page(reader, "zones")
    if "staff" not in visit.asked and len(question.staff) > 1:
        return page(reader, "people", question=question, anybody=ANYBODY, has_left=False)
    hold = visit.asked.get("hold", "")
    question = replace(question, own=holder.own(visit, business, hold))
    return page(
        reader,
        "times",
        question=question,
        choice=choice(question, visit.day("day"), visit.day("from")),
        staff=visit.asked.get("staff", ANYBODY),
        mine=None,
        chooser={holder.COOKIE: ids.new("k"), "hold": hold},
    )


def _data(reader: Reader) -> Mapping[str, Any] | None:
    """For search engines, where the business wishes to be found by them."""
    if not reader.catalog or not reader.catalog.business.findable:
        return None
    return structured(reader.catalog, page=booking_page(setting("PUBLIC_URL"), reader.catalog.business.id, ""))


def hold(visit: PageRequest, business: str) -> Response[str]:
    """Keeps the time for five minutes, in place of what was kept for them before, and goes on to the details."""
    form = visit.typed()
    wanted = _wanted(guest(visit, business), form)
    admission = strangers.holding(wanted.question.business, network(visit.event), now=visit.now)
    try:
        held = use_case.hold(wanted.question, wanted.start, admission)
    except SlotTaken as refusal:
        fields = wanted.chosen | {holder.COOKIE: form.one(holder.COOKIE), "hold": wanted.hold}
        return _instead(wanted, refusal, fields, "/hold")
    except TooManyRequests as refusal:
        return _without_a_hold(wanted, refusal)
    start = wanted.reader.local(held.slot.starts).isoformat()
    on = see_other(wanted.at("/book", **wanted.chosen, start=start, hold=hold_token(business, held)))
    return holder.remembered(on, visit, form, wanted.question.business, held.hold.ref)


def details(visit: PageRequest, business: str) -> Response[str]:
    """The form; whoever comes back to it after it has booked comes to what they booked."""
    wanted = _wanted(guest(visit, business), PageForm({name: [value] for name, value in visit.asked.items()}))
    hold = None
    with suppress(*NOT_KEPT):
        hold = holder.held(visit, business, wanted.hold)
    chosen = "\n".join([*wanted.chosen.values(), str(wanted.start.timestamp())])
    key, made = holder.key_for(visit, business, chosen, hold)
    return (
        _shown(wanted, made, "asked_for" if made.is_tentative else "booked")
        if made
        else _form(wanted, nothing_typed(key))
    )


def book(visit: PageRequest, business: str) -> Response[str]:
    form = visit.typed()
    wanted = _wanted(guest(visit, business), form)
    questions = wanted.question.service.questions
    said = typed(form, wanted.question.business, questions)
    if wrong := problems(said, wanted.question.business, questions):
        made = holder.booked_by(business, said.key)
        return _shown(wanted, made, "booked_before") if made else _form(wanted, said, wrong)
    change = visit.change_by(form)
    try:
        made = unless_done(
            lambda: _booked(wanted, said, change), lambda: use_case.booked_before(wanted.question.business.id, change)
        )
    except GONE as refusal:
        return _instead(wanted, refusal, _all(wanted, said), "/book", agrees_to=said.agrees_to, wechat=said.wechat)
    except DeclinedByAnswers as refusal:
        return _declined(wanted, said, refusal)
    except KeyReused:
        return _shown(wanted, holder.booked_by(business, said.key), "booked_before")
    except TooManyRequests as refusal:
        return again_later(_form(wanted, said, too_many=True), refusal)
    theirs = may_tap(made, wanted.question.business, None)
    tapped(made, (kind for kind in said.wechat if kind in theirs), wanted.reader, source="booking page")
    return _shown(wanted, made, "booked", pays=True, over=",".join(said.agrees_to))


def call_me(visit: PageRequest, business: str) -> Response[str]:
    """What is not booked by these answers may be talked about: somebody calls. Raises CallNotOffered."""
    form = visit.typed()
    wanted = _wanted(guest(visit, business), form)
    questions = wanted.question.service.questions
    said = typed(form, wanted.question.business, questions)
    if wrong := problems(said, wanted.question.business, questions):
        return _form(wanted, said, wrong)
    client, change = _client(wanted, said), visit.change_by(form)
    admission = strangers.booking(wanted.question.business, client, network(visit.event), now=change.at)
    try:
        ask_for_callback(wanted.question.catalog, wanted.question.service, client, said.answers, change, admission)
    except TooManyRequests as refusal:
        return again_later(_form(wanted, said, too_many=True), refusal)
    return page(wanted.reader, "call_asked")


def _declined(wanted: WantedBooking, said: Typed, refusal: DeclinedByAnswers) -> Response[str]:
    """Said kindly, with what is offered instead: another service, or a call under what they have typed."""
    offered = wanted.question.catalog.services.get(str(refusal.facts["service"]))
    return page(
        wanted.reader,
        "declined",
        refusal.status,
        said=refusal.facts["text"],
        offered=offered,
        call=refusal.facts["call"],
        fields=_all(wanted, said) | {"start": wanted.start.isoformat()},
        agrees_to=said.agrees_to,
        action=wanted.at("/call"),
        others=wanted.others,
    )


def _all(wanted: WantedBooking, said: Typed) -> dict[str, str]:
    """What stands in the form, to stand in another."""
    answers = {field_of(id): answer for id, answer in said.answers.items()}
    return wanted.chosen | {name: getattr(said, name) for name in (*LONGEST, "key")} | answers


def _question(reader: Reader, service: str, staff: str) -> AvailabilityQuery:
    """Raises UnknownService, UnknownStaff."""
    assert reader.catalog  # noqa: S101  # a guest is at a business
    catalog = reader.catalog
    return ask(
        catalog,
        service,
        None if staff == ANYBODY else staff,
        zone=reader.zone_of(catalog.service(service).mode),
        now=reader.visit.now,
    )


def _wanted(reader: Reader, form: PageForm) -> WantedBooking:
    staff = form.one("staff") or ANYBODY
    question, hold = _question(reader, form.one("service"), staff), form.one("hold")
    own = holder.own(reader.visit, question.business.id, hold, form.one(holder.COOKIE))
    return WantedBooking(reader, replace(question, own=own), staff, form.start(), hold)


def _booked(wanted: WantedBooking, said: Typed, change: Change) -> Appointment:
    """A time that is not kept any more is booked all the same where it is free. Raises why it cannot be had."""
    try:
        hold = holder.held(wanted.reader.visit, wanted.question.business.id, wanted.hold)
        return _booked_from(hold, wanted, said, change)
    except NOT_KEPT as lost:
        try:
            return _booked_from(None, wanted, said, change)
        except OUT_OF_REACH as refusal:
            raise lost from refusal


def _booked_from(hold: Hold | None, wanted: WantedBooking, said: Typed, change: Change) -> Appointment:
    """Raises HoldMissing, HoldExpired, HoldMismatch, and why the slot cannot be had."""
    reader, business = wanted.reader, wanted.question.business
    client, question = _client(wanted, said), wanted.question
    request = use_case.BookingRequest(
        question.service.id,
        wanted.start,
        client,
        question.zone,
        wanted.person,
        said.note,
        hold,
        question.own,
        answers=said.answers,
    )
    admission = strangers.booking(business, client, network(reader.visit.event), now=change.at)
    return use_case.book(question.catalog, request, change, admission)


def _client(wanted: WantedBooking, said: Typed) -> Client:
    reader, business = wanted.reader, wanted.question.business
    return made_client(
        said.details(reader.language.tag, reader.zone.key),
        business,
        ids.new("c"),
        source="booking page",
        words=reader.language.says("consent.words", business=business.name),
        now=wanted.question.now,
    )


def _shown(
    wanted: WantedBooking, made: Appointment | None, done: str, *, pays: bool = False, **query: object
) -> Response[str]:
    """On to the page of what was booked, or on which its deposit is paid, which no site may frame: in a frame the link
    to it.

    Raises UnknownAppointment where it is gone.
    """
    if made is None:
        raise UnknownAppointment
    waits = made.status is Status.AWAITING_DEPOSIT
    pays = pays and waits and wanted.question.business.payments.online
    done = "deposit_asked" if waits else "asked_for" if made.is_tentative else done
    token = manage_token(made)
    own = wanted.reader.to(f"/pay/{token}") if pays else wanted.reader.to(f"/a/{token}", done=done, **query)
    if not wanted.reader.site:
        return see_other(own)
    staff = wanted.question.catalog.staff_name(made.slot.staff)
    return page(wanted.reader, "booked", wanted=wanted, made=made, staff=staff, done=done, own=own, pays=pays)


def _without_a_hold(wanted: WantedBooking, refusal: TooManyRequests) -> Response[str]:
    """Nobody loses the time for that: it can be booked at once, without being kept."""
    start = wanted.reader.local(wanted.start).isoformat()
    on = wanted.at("/book", **wanted.chosen, start=start)
    others = wanted.others
    status = TooManyRequests.status
    return again_later(page(wanted.reader, "not_held", status, on=on, others=others), refusal)


def _form(
    wanted: WantedBooking, said: Typed, wrong: dict[str, str] | None = None, *, too_many: bool = False
) -> Response[str]:
    business = wanted.question.business
    taps = on_offer(business)
    return form_page(wanted.reader, "details", said, business, wrong, too_many=too_many, wanted=wanted, taps=taps)


def _instead(
    wanted: WantedBooking,
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
        refusal.status,
        code=refusal.code,
        times=alternatives(wanted.question, wanted.start),
        mode=wanted.question.service.mode,
        fields=fields,
        agrees_to=agrees_to,
        wechat=wechat,
        method="post",
        action=wanted.at(path),
        others=wanted.others,
        books=path == "/book",
    )
