"""What goes out of what was set aside, which is about anything that can be due."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from kept.api.base import Answer
from kept.channels import Channel
from kept.follow_up.opened_by import OpenedBy
from kept.lanes import Lane
from kept.use_cases.business.things_aside import ThingAside


class SetAsideAnswer(Answer):
    """Something that was due and could not be done; `id` is an appointment's, a message's or a follow-up's.

    The others say what it is about, null where it is about no such thing: of a message its `stage` and `channel`, of a
    follow-up its `cause`, of a list of the day whose it is.
    """

    lane: Lane
    id: str
    due_at: datetime
    stage: str | None
    channel: Channel | None
    appointment: str | None
    start: datetime | None
    follow_up: str | None
    cause: OpenedBy | None
    client: str | None
    client_name: str | None
    staff: str | None
    staff_name: str | None


class PutBackAnswer(Answer):
    """What is due again."""

    lane: Lane
    id: str


def set_aside(waiting: Iterable[ThingAside]) -> list[SetAsideAnswer]:
    return [_set_aside(one) for one in waiting]


def _set_aside(one: ThingAside) -> SetAsideAnswer:
    it, visit, follow_up, client = one.it, one.visit, one.follow_up, one.client
    return SetAsideAnswer(
        lane=it.lane,
        id=it.id,
        due_at=it.due_at,
        stage=one.message.stage if one.message else None,
        channel=one.message.channel if one.message else None,
        appointment=visit.id if visit else None,
        start=visit.starts.astimezone(ZoneInfo(visit.tz)) if visit else None,
        follow_up=follow_up.id if follow_up else None,
        cause=follow_up.cause if follow_up else None,
        client=client.id if client else None,
        client_name=client.name if client else None,
        staff=one.staff.id if one.staff else None,
        staff_name=one.staff.name if one.staff else None,
    )
