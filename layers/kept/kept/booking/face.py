"""What a screen shows of a visit: by it, made into a digest, a desk sees that somebody has changed something."""

from kept.booking.appointment import Appointment


def face(visit: Appointment) -> str:
    """Another one once anything that is shown of it has changed; the same after a reminder, or a look at its clock."""
    slot, booked = visit.slot, visit.booked_as
    shown = (
        visit.service,
        visit.client,
        str(visit.status),
        visit.version,
        *(slot.starts.timestamp(), slot.ends.timestamp(), slot.staff, slot.room, slot.before, slot.after),
        visit.waits_until and visit.waits_until.timestamp(),
        visit.held_until and visit.held_until.timestamp(),
        *(visit.late, visit.at_risk, visit.released, visit.note, visit.kept_waiting),
        *((visit.made_good,) if visit.made_good else ()),
        *((str(visit.delay),) if visit.delay else ()),
        *((str(visit.disputed.state),) if visit.disputed else ()),
        *((booked.name, booked.phone) if booked else ()),
        str(visit.before),
    )
    return repr(shown)
