"""Appointments by the people of the business: the day, booking by hand, and every move with an undo for the no-show.

What the desk draws of a day stands in api/booking/day_routes.py, blocks in block_routes.py, days that cannot be in
closure_routes.py, a day that runs late in delay_routes.py, the links of calendars in calendar_link_routes.py, the
staff's own in own_calendar_routes.py, the queue in queue_routes.py; who waits for time to come free in
api/waitlist/routes.py.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking import (
    answers,
    block_routes,
    bookings,
    calendar_link_routes,
    closure_routes,
    day_routes,
    delay_routes,
    desk_answers,
    local_times,
    move_answers,
    own_calendar_routes,
    queue_routes,
)
from kept.api.booking.desk_requests import (
    DayEndRequest,
    DeclineRequest,
    DeskBookingRequest,
    DeskCancelRequest,
    DeskRescheduleRequest,
    KeptWaitingRequest,
    MendRequest,
    MovePreviewRequest,
    RefuseRequest,
    ReversalRequest,
    RunningLateRequest,
    UndoRequest,
    UpholdRequest,
)
from kept.api.booking.requests import Before, ChangeRequest, Date, Id
from kept.api.guards import staff_only
from kept.api.messaging import message_answers
from kept.api.messaging.message_answers import MessageAnswer, ReplyAnswer
from kept.api.waitlist import routes as waitlist_routes
from kept.attendance.no_show import late_by
from kept.booking.appointment import Appointment
from kept.bounds import PART
from kept.business.catalog import Catalog
from kept.storage import appointments, catalogs, messages
from kept.use_cases.booking import disputing
from kept.use_cases.booking.attendance import mark_no_show, release
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.day import whole_day
from kept.use_cases.booking.day_ends import answer
from kept.use_cases.booking.local_times import keep_local_times, would_keep
from kept.use_cases.booking.move_preview import preview
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.booking.requests import approve, decline
from kept.use_cases.booking.taking_back import take_back_no_show, undo
from kept.use_cases.messaging.addressees import all_as_shown, as_shown
from kept.use_cases.messaging.correspondence import replies_about

REMEMBERED = [block_routes.REMEMBERED, queue_routes.REMEMBERED, closure_routes.REMEMBERED]
app = http_app(
    staff_only(leading=closure_routes.FOR_LEADERS, owning=["POST /v1/desk/local-times"]),
    remembered="|".join(["POST /v1/desk/local-times", *REMEMBERED]),
)
app.include_router(day_routes.router)
app.include_router(block_routes.router)
app.include_router(closure_routes.router)
app.include_router(calendar_link_routes.router)
app.include_router(delay_routes.router)
app.include_router(own_calendar_routes.router)
app.include_router(waitlist_routes.router)
app.include_router(queue_routes.router)
handler = entrance(app)
AppointmentId = Annotated[Id, Path()]
ACTS: dict[str, Callable[..., Appointment]] = {
    "confirm": Appointment.confirm,
    "check-in": Appointment.check_in,
    "begin": Appointment.begin,
    "complete": Appointment.complete,
    "risk": partial(Appointment.risk, high=True),
    "no-risk": partial(Appointment.risk, high=False),
}


def identify(why: str = "", *, for_client: bool = False) -> tuple[Catalog, Change]:
    business, person = identity.staff(app.current_event)
    change = identity.change_by(app.current_event, person, clock.now(), why=why)
    return catalogs.load(business), replace(change, for_client=for_client)


def _language() -> str:
    return identity.language(app.current_event)


def to_response(appointment: Appointment, catalog: Catalog) -> desk_answers.DeskAppointmentAnswer:
    return desk_answers.appointment(appointment, catalog, *as_shown(appointment), now=clock.now(), language=_language())


@app.get("/v1/desk/appointments")
def day(on: Annotated[Date | None, Query()] = None) -> list[desk_answers.DeskAppointmentAnswer]:
    """All of one day of the business, today's if none is named, in order of their start: gone, missed and cancelled as
    well."""
    catalog, change = identify()
    wanted = on or change.at.astimezone(catalog.business.zone).date()
    visits = whole_day(catalog, wanted)
    shown = zip(visits, all_as_shown(visits), strict=True)
    return [desk_answers.appointment(visit, catalog, *who, now=change.at, language=_language()) for visit, who in shown]


@app.post("/v1/desk/appointments", status_code=201)
def book_by_hand(wanted: DeskBookingRequest) -> answers.BookedAnswer:
    """With an `override` (its reason) regardless of hours, step and daily limit; never over another booking."""
    catalog, change = identify(why=wanted.override)
    return bookings.book_at_the_desk(catalog, wanted, change)


@app.post("/v1/desk/day-end")
def day_end(wanted: DayEndRequest) -> desk_answers.DayEndAnswer:
    """Who came, came late, or did not come. Each visit is closed for itself: what one refuses keeps no other."""
    catalog, change = identify()
    refused = {id: why.code for id, why in answer(catalog, wanted.said, change).items() if why}
    now_so = sorted(appointments.several(catalog.business.id, wanted.said, consistently=True), key=lambda it: it.starts)
    return desk_answers.DayEndAnswer(appointments=[to_response(it, catalog) for it in now_so], refused=refused)


@app.post("/v1/desk/local-times")
def local_times_kept(wanted: local_times.LocalTimesRequest) -> local_times.LocalTimesAnswer:
    """Visits to come have their local time again: after an update of the zones' rules, or a correction of one's zone.

    For owners. Asking twice does nothing twice, and what was cut short goes on.
    """
    business, person = identity.staff(app.current_event, at_least="owner")
    catalogs.forget()
    catalog = catalogs.load(business)
    change = Change(person, clock.now())
    tried = would_keep(catalog, wanted.keep, now=change.at) if wanted.try_only else None
    return local_times.to_response(tried or keep_local_times(catalog, wanted.keep, change), catalog.business.zone)


@app.get("/v1/desk/appointments/<appointment>")
def show(appointment: AppointmentId) -> desk_answers.DeskAppointmentAnswer:
    catalog, _ = identify()
    return to_response(appointments.load(catalog.business.id, appointment), catalog)


@app.patch("/v1/desk/appointments/<appointment>")
def mend_details(appointment: AppointmentId, wanted: MendRequest) -> desk_answers.DeskAppointmentAnswer:
    """Who it was made for, and their note: this booking's alone, with what comes from then on going there."""
    catalog, change = identify()
    return to_response(bookings.mended(catalog, appointment, wanted, change), catalog)


@app.get("/v1/desk/appointments/<appointment>/messages")
def ledger(appointment: AppointmentId) -> list[MessageAnswer]:
    """What was said to the client and what was not, each with its reason."""
    catalog, _ = identify()
    said = messages.about(catalog.business.id, appointments.load(catalog.business.id, appointment).id)
    return message_answers.messages(said, _language())


@app.get("/v1/desk/appointments/<appointment>/replies")
def replies(appointment: AppointmentId) -> list[ReplyAnswer]:
    """What the client wrote about it, oldest first; of more than 200 the latest."""
    catalog, _ = identify()
    visit = appointments.load(catalog.business.id, appointment)
    return message_answers.replies(replies_about(visit), _language())


@app.get("/v1/desk/appointments/<appointment>/history")
def earlier(
    appointment: AppointmentId, before: Annotated[Before | None, Query()] = None
) -> desk_answers.EarlierEventsAnswer:
    """Of a long history the lines that the appointment itself does not show any more, the newest part first."""
    catalog, _ = identify()
    found = appointments.load(catalog.business.id, appointment)
    upto = min(before or found.archived, found.archived)
    return desk_answers.earlier(appointments.earlier(found, before=upto, limit=PART), upto, _language())


@app.post("/v1/desk/appointments/<appointment>/reschedule")
def move(appointment: AppointmentId, wanted: DeskRescheduleRequest) -> desk_answers.DeskAppointmentAnswer:
    catalog, change = identify(why=wanted.override, for_client=wanted.for_client)
    to = Move(wanted.start, wanted.staff, wanted.version, by_hand=bool(wanted.override), minutes=wanted.minutes)
    return to_response(reschedule(catalog, appointment, to, change), catalog)


@app.post("/v1/desk/appointments/<appointment>/move-preview")
def would_move(appointment: AppointmentId, wanted: MovePreviewRequest) -> move_answers.MovePreviewAnswer:
    """What `reschedule` would do, and whom it would tell; nothing is changed."""
    catalog, change = identify(for_client=wanted.for_client)
    to = Move(wanted.start, wanted.staff, minutes=wanted.minutes)
    return move_answers.move_preview(preview(catalog, appointment, to, change), catalog.business.zone, _language())


@app.post("/v1/desk/appointments/<appointment>/running-late")
def running_late(appointment: AppointmentId, wanted: RunningLateRequest) -> desk_answers.DeskAppointmentAnswer:
    """They said so, by telephone or at the door: they are waited for a little longer, within the business's limit."""
    catalog, change = identify()
    late = partial(late_by, rules=catalog.business.attendance, minutes=wanted.minutes, change=change)
    return to_response(apply_change(catalog, appointment, late, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/cancel")
def cancel(appointment: AppointmentId, wanted: DeskCancelRequest) -> desk_answers.DeskAppointmentAnswer:
    catalog, change = identify(why=wanted.why, for_client=wanted.for_client)
    act = partial(Appointment.cancel, change=change, rules=catalog.business.changes)
    return to_response(apply_change(catalog, appointment, act, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/approve")
def approve_request(appointment: AppointmentId, wanted: ChangeRequest) -> desk_answers.DeskAppointmentAnswer:
    """What was asked for is booked, and its client told."""
    catalog, change = identify()
    return to_response(approve(catalog, appointment, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/decline")
def decline_request(appointment: AppointmentId, wanted: DeclineRequest) -> desk_answers.DeskAppointmentAnswer:
    """What was asked for gives its slot back; its client is told why, and when else there is room."""
    catalog, change = identify(why=wanted.note)
    declined = decline(catalog, appointment, change, version=wanted.version, with_times=wanted.times)
    return to_response(declined, catalog)


@app.post("/v1/desk/appointments/<appointment>/no-show")
def no_show(appointment: AppointmentId, wanted: ChangeRequest) -> desk_answers.DeskAppointmentAnswer:
    catalog, change = identify()
    return to_response(mark_no_show(catalog, appointment, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/reverse-no-show")
def reverse_no_show(appointment: AppointmentId, wanted: ReversalRequest) -> desk_answers.DeskAppointmentAnswer:
    catalog, change = identify(why=wanted.note)
    return to_response(take_back_no_show(catalog, appointment, wanted.reason, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/uphold-dispute")
def uphold_dispute(appointment: AppointmentId, wanted: UpholdRequest) -> desk_answers.DeskAppointmentAnswer:
    """The client was right, or is let off: nothing of it counts against them any more, and they are told."""
    catalog, change = identify(why=wanted.note)
    return to_response(disputing.uphold(catalog, appointment, wanted.reason, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/refuse-dispute")
def refuse_dispute(appointment: AppointmentId, wanted: RefuseRequest) -> desk_answers.DeskAppointmentAnswer:
    """It stays as it is; the client is told in these words."""
    catalog, change = identify(why=wanted.words)
    return to_response(disputing.refuse(catalog, appointment, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/kept-waiting")
def kept_waiting(appointment: AppointmentId, wanted: KeptWaitingRequest) -> desk_answers.DeskAppointmentAnswer:
    """We made them wait: they were not late, and going without it costs them nothing. 0: not so after all."""
    catalog, change = identify()
    act = partial(Appointment.keep_waiting, minutes=wanted.minutes, change=change)
    return to_response(apply_change(catalog, appointment, act, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/release")
def release_slot(appointment: AppointmentId, wanted: ChangeRequest) -> desk_answers.DeskAppointmentAnswer:
    """What is left of a missed slot may be booked by others; until then it is theirs who missed it."""
    catalog, change = identify()
    return to_response(release(catalog, appointment, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/undo")
def undo_step(appointment: AppointmentId, wanted: UndoRequest) -> desk_answers.DeskAppointmentAnswer:
    """As it was before it was checked in, begun, completed, cancelled or marked as missed.

    Where its slot is taken by now: 409 `slot_taken`, with who has it in `taken_by` and other times in `alternatives`.
    """
    catalog, change = identify(why=wanted.note)
    return to_response(undo(catalog, appointment, change, version=wanted.version), catalog)


@app.post("/v1/desk/appointments/<appointment>/<act>")
def act(
    appointment: AppointmentId,
    act: Annotated[Literal["confirm", "check-in", "begin", "complete", "risk", "no-risk"], Path()],
    wanted: ChangeRequest,
) -> desk_answers.DeskAppointmentAnswer:
    catalog, change = identify()
    return to_response(
        apply_change(catalog, appointment, lambda it: ACTS[act](it, change=change), change, version=wanted.version),
        catalog,
    )
