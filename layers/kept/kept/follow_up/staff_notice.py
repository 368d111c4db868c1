"""What staff are told of a follow-up or of a visit, and what they are to tell the client of it on the telephone."""

from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.history import RESCHEDULED, Event
from kept.business.catalog import Catalog
from kept.business.names import in_language
from kept.clients.client import Client
from kept.clients.written_number import as_written
from kept.follow_up.clocks import Clock
from kept.follow_up.events import What, own
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.timeline import NoticeKind
from kept.follow_up.untold import Untold
from kept.messaging.letter import StaffNotice
from kept.messaging.message import Message
from kept.messaging.to_tell import BARRIERS, OTHER, REASSIGNED, ToTell


def notice(
    message: Message,
    catalog: Catalog,
    *,
    client: Client,
    follow_up: FollowUp | None,
    visit: Appointment | None,
    clock: Clock | None = None,
    answer_by: datetime | None = None,
    words: str = "",
    link: str = "",
) -> StaffNotice:
    """Of a follow-up, of an appointment, or of both; `clock` is the one of the follow-up that tells, `answer_by` its
    deadline as it is shown, where that is another."""
    catalog = in_language(catalog, catalog.business.locale)
    business = catalog.business
    due = answer_by or (clock.due if clock else None)
    threshold = message.detail[1] if clock and len(message.detail) > 1 else ""
    return StaffNotice(
        locale=business.locale,
        business=business.name,
        reader=catalog.staff_here(message.recipient) or business.name,
        client=client.name,
        cause=follow_up.cause if follow_up else "",
        service=catalog.service_of(visit).name if visit else "",
        staff=_other(visit.slot.staff, message, catalog) if visit else "",
        visit=visit.starts.astimezone(business.zone) if visit else None,
        due=due.astimezone(business.zone) if due else None,
        clock=clock.run.kind if clock else "",
        step=clock.run.step.name if clock and clock.run.step else "",
        percent=int(threshold) if message.stage == NoticeKind.REMINDER and threshold.isdecimal() else None,
        assignee=_other(follow_up.assignee, message, catalog) if follow_up else "",
        late=threshold.endswith("_after"),
        to_tell=to_tell(follow_up, visit, client, catalog) if follow_up else None,
        words=words,
        reach=client.reach if follow_up else "",
        link=link,
    )


def _other(staff: str, message: Message, catalog: Catalog) -> str:
    """Nothing for the reader."""
    return catalog.staff_here(staff) if staff != message.recipient else ""


def to_tell(follow_up: FollowUp, visit: Appointment | None, client: Client, catalog: Catalog) -> ToTell | None:
    """None for a matter of another kind, and for a visit that is gone."""
    untold = Untold.read(own(follow_up.history, What.OPENED)[0].why) if follow_up.cause is OpenedBy.NOT_TOLD else None
    act = _act(visit, untold) if visit and untold else None
    if visit is None or untold is None or act is None:
        return None
    before, zone = _before(visit, act), catalog.business.zone
    moved = act.what == RESCHEDULED and before is not None and before.starts != act.starts
    return ToTell(
        act=REASSIGNED if act.what == RESCHEDULED and not moved else act.what,
        by=catalog.staff_name(act.by.partition(":")[2]),
        at=act.starts.astimezone(zone),
        before=before.starts.astimezone(zone) if before else None,
        person=catalog.staff_name(act.staff),
        barrier=BARRIERS.get(untold.reason.code, OTHER),
        channel=untold.channel,
        reach=as_written(reach, catalog.business.country) if (reach := client.reach) == client.phone else reach,
    )


def _act(visit: Appointment, untold: Untold) -> Event | None:
    found = (e for e in visit.history if (e.what, e.version) == (untold.act, untold.version))
    return next(found, None)


def _before(visit: Appointment, act: Event) -> Event | None:
    """How it stood right before."""
    earlier = visit.history[: visit.history.index(act)]
    return earlier[-1] if earlier else None
