"""The client's own appointment, for whoever bears its signed link: see, confirm, move, cancel, on my way, wait."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from kept import clock
from kept.actor import CLIENT, Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking import answers
from kept.api.booking.requests import (
    CancelRequest,
    ChangeRequest,
    DisputeRequest,
    OnMyWayRequest,
    RescheduleRequest,
)
from kept.api.guards import with_a_link
from kept.attendance.no_show import wait_for
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.storage import appointments, catalogs
from kept.use_cases.booking import delays, disputing
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.clients.proving import proved_by_link

app = http_app(with_a_link)
handler = entrance(app)


def identify(why: str = "") -> tuple[Catalog, str, Change]:
    """Which appointment the link is for, and the change that is asked for."""
    now = clock.now()
    link = identity.link(app.current_event, now=now)
    return catalogs.load(link.business), link.subject, identity.change_by(app.current_event, CLIENT, now, why=why)


def answered(appointment: Appointment, catalog: Catalog, change: Change) -> answers.AppointmentAnswer:
    """By a link that was sent to one of the booking's addresses they have shown that it is theirs."""
    sent_to = identity.link(app.current_event, now=change.at).sent_to
    proved_by_link(catalog, appointment.id, sent_to, now=change.at)
    return answers.appointment(appointment, catalog)


@app.get("/v1/appointment")
def show() -> answers.AppointmentAnswer:
    catalog, id, _ = identify()
    return answers.appointment(appointments.load(catalog.business.id, id), catalog)


@app.post("/v1/appointment/confirm")
def confirm(wanted: ChangeRequest) -> answers.AppointmentAnswer:
    catalog, id, change = identify()
    return answered(
        apply_change(catalog, id, lambda it: it.confirm(change), change, version=wanted.version), catalog, change
    )


@app.post("/v1/appointment/reschedule")
def move(wanted: RescheduleRequest) -> answers.AppointmentAnswer:
    """The old slot is kept until the new one is won."""
    catalog, id, change = identify()
    return answered(reschedule(catalog, id, Move(wanted.start, wanted.staff, wanted.version), change), catalog, change)


@app.post("/v1/appointment/cancel")
def cancel(wanted: CancelRequest) -> answers.AppointmentAnswer:
    catalog, id, change = identify(why=wanted.why)
    act = partial(Appointment.cancel, change=change, rules=catalog.business.changes)
    return answers.appointment(apply_change(catalog, id, act, change, version=wanted.version), catalog)


@app.post("/v1/appointment/dispute")
def dispute(wanted: DisputeRequest) -> answers.AppointmentAnswer:
    """That they did not miss it, or had a reason to cancel so late: one of the business decides, and tells them."""
    catalog, id, change = identify(why=wanted.words)
    return answered(disputing.dispute(catalog, id, change, version=wanted.version), catalog, change)


@app.get("/v1/appointment/later-times")
def later_times() -> answers.LaterTimesAnswer:
    """Where we run late: when else they can come on the same day. To any of these they move it as to any other time,
    which is free then."""
    catalog, id, change = identify()
    visit = appointments.load(catalog.business.id, id)
    zone = ZoneInfo(visit.tz)
    found = delays.later_times(catalog, visit, now=change.at)
    return answers.LaterTimesAnswer(starts=[at.astimezone(zone) for at in found])


@app.post("/v1/appointment/wait")
def wait(wanted: ChangeRequest) -> answers.AppointmentAnswer:
    """They keep their place though we run late."""
    catalog, id, change = identify()
    return answered(delays.wait(catalog, id, change, version=wanted.version), catalog, change)


@app.post("/v1/appointment/on-my-way")
def on_my_way(wanted: OnMyWayRequest) -> answers.AppointmentAnswer:
    """They are waited for a little longer, within the business's limit."""
    catalog, id, change = identify()
    needs = None if wanted.minutes is None else timedelta(minutes=wanted.minutes)

    def act(it: Appointment) -> Appointment:
        return it.wait_for_client(wait_for(it, catalog.business.attendance, now=change.at, needs=needs), change)

    return answered(apply_change(catalog, id, act, change, version=wanted.version), catalog, change)
