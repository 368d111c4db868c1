"""Moving an appointment: another day and time, what it costs, and the one button that does it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.actor import CLIENT, Change
from kept.booking.refusals import SlotTaken
from kept.booking.states import Status
from kept.business.refusals import StaffLeft
from kept.pages.appointment.appointment_page import AppointmentPage, opened
from kept.pages.appointment.deposit import deposit_moved
from kept.pages.appointment.offers import Offers, offers
from kept.pages.booking.choosing import Choice, alternatives, choice
from kept.pages.page_request import PageRequest, instant
from kept.pages.render import page, see_other
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.booking.open_times import AvailabilityQuery, ask_to_move, service_for


def choose(visit: PageRequest, token: str) -> Response[str]:
    """The steps of booking. Raises what the move itself would, before anything is chosen."""
    mine = opened(visit, token)
    may, theirs = _allowed(mine), mine.appointment.slot.staff
    person, everybody = visit.asked.get("staff") or theirs, _everybody(mine)
    if visit.asked.get("zones"):
        return page(mine.reader, "zones")
    if visit.asked.get("people") or person not in [member.id for member in everybody.staff]:
        has_left = theirs not in mine.catalog.staff
        return page(mine.reader, "people", question=everybody, anybody=None, has_left=has_left)
    question = _question(mine, person)
    if visit.asked.get("start"):
        start = instant(visit.asked["start"]).astimezone(question.zone)
        if mine.appointment.stands_at(start, person):
            return see_other(mine.at(done="kept"))
        deposit = deposit_moved(mine.appointment, mine.catalog.business, mine.reader, start, may.cost)
        return page(
            mine.reader, "move", mine=mine, may=may, question=question, start=start, deposit=deposit, key=ids.new("k")
        )
    days = _choice(mine, question)
    return page(mine.reader, "times", mine=mine, may=may, question=question, choice=days, staff=person)


def move(visit: PageRequest, token: str) -> Response[str]:
    """The old time is kept until the new one is won."""
    mine, form = opened(visit, token), visit.typed()
    person, start = form.one("staff") or mine.appointment.slot.staff, form.start()
    before, change = mine.appointment, visit.change_by(form)
    try:
        after = reschedule(mine.catalog, before.id, Move(start, person, form.version()), change)
    except SlotTaken as refusal:
        return _instead(mine, refusal, person, start)
    mine.acted()
    is_move = before.answer_to(change.key) or after.version > before.version
    said = "deposit_asked" if after.status is Status.AWAITING_DEPOSIT else "moved"
    return see_other(mine.at(done=said if is_move else "kept"))


def _allowed(mine: AppointmentPage) -> Offers:
    """Raises AlreadyStarted, MoveNotAllowed, RescheduleLimit."""
    it, rules, now = mine.appointment, mine.catalog.business.changes, mine.reader.visit.now
    it.reschedule(it.slot, Change(CLIENT, now), rules=rules)
    return offers(it, mine.catalog, now=now)


def _question(mine: AppointmentPage, person: str) -> AvailabilityQuery:
    """Raises StaffLeft, UnknownStaff."""
    return ask_to_move(mine.catalog, mine.appointment, person, zone=_zone(mine), now=mine.reader.visit.now)


def _everybody(mine: AppointmentPage) -> AvailabilityQuery:
    """With all with whom it may be had. Raises StaffLeft where that is nobody."""
    it, catalog = mine.appointment, mine.catalog
    everybody = catalog.people_to_move(it)
    if not everybody:
        raise StaffLeft
    return AvailabilityQuery(catalog, service_for(catalog, it), everybody, _zone(mine), mine.reader.visit.now, it.id)


def _zone(mine: AppointmentPage) -> ZoneInfo:
    return mine.reader.zone_of(mine.letter.mode)


def _choice(mine: AppointmentPage, question: AvailabilityQuery) -> Choice:
    """Beginning with its own day. Its place in the book counts as free, but the time it has now is no move."""
    slot, visit = mine.appointment.slot, mine.reader.visit
    now = slot.starts if question.staff[0].id == slot.staff else None
    page = visit.day("from") or slot.starts.astimezone(question.zone).date()
    return choice(question, visit.day("day"), page, but=now)


def _instead(mine: AppointmentPage, refusal: SlotTaken, person: str, start: datetime) -> Response[str]:
    """The nearest free times; each leads to the page that says what the move costs."""
    return page(
        mine.reader,
        "instead",
        SlotTaken.status,
        code=refusal.code,
        times=alternatives(_question(mine, person), start),
        mode=mine.letter.mode,
        fields={**mine.reader.visit.chosen, "staff": person},
        agrees_to=(),
        wechat=(),
        method="get",
        action=f"{mine.path}/move",
        others=mine.at("/move", staff=person),
        books=False,
    )
