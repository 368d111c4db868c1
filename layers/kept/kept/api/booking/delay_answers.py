"""The shapes of a day that runs late: what was said at the desk, who was told, and what they chose."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from kept.api.base import Answer, Body
from kept.api.booking.requests import Id
from kept.attendance.delay import Announced
from kept.booking.told_delay import DelayChoice
from kept.channels import Channel
from kept.messaging.message import MessageStatus
from kept.use_cases.booking.delays import ToldOf, choice_of


class DelayRequest(Body):
    """Who runs late, null for everybody, and by how many minutes; 0 takes it back."""

    staff: Id | None = None
    minutes: Annotated[int, Field(strict=True)]


class AnnouncedDelayAnswer(Answer):
    """As it was said last of this person; from when their next visit has begun it counts no more."""

    staff: str
    minutes: int
    at: datetime
    by: str


class ToldClientAnswer(Answer):
    """A visit whose client was told, by its start as it was then and is now. `choice` is what they said or did, null
    while they have not; `channel` and `status` are of the last message."""

    appointment: str
    client_name: str
    staff: str
    start: datetime
    start_then: datetime
    minutes: int
    told_at: datetime
    choice: DelayChoice | None
    channel: Channel | None
    status: MessageStatus | None


class DelaysAnswer(Answer):
    """Of one day of the business, by its clock; who was told in the order of their start."""

    announced: list[AnnouncedDelayAnswer]
    told: list[ToldClientAnswer]


def delays(said: Iterable[Announced], told: Iterable[tuple[ToldOf, str]], zone: ZoneInfo) -> DelaysAnswer:
    return DelaysAnswer(
        announced=[
            AnnouncedDelayAnswer(staff=it.staff, minutes=it.minutes, at=it.at.astimezone(zone), by=it.by) for it in said
        ],
        told=[answer for it, name in told for answer in _told(it, name, zone)],
    )


def _told(it: ToldOf, name: str, zone: ZoneInfo) -> list[ToldClientAnswer]:
    visit, message = it.visit, it.message
    if (delay := visit.delay) is None:
        return []
    return [
        ToldClientAnswer(
            appointment=visit.id,
            client_name=name,
            staff=visit.slot.staff,
            start=visit.starts.astimezone(zone),
            start_then=delay.starts.astimezone(zone),
            minutes=delay.minutes,
            told_at=delay.at.astimezone(zone),
            choice=choice_of(visit),
            channel=message.channel if message else None,
            status=message.status if message else None,
        )
    ]
