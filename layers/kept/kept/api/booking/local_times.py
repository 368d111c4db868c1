"""Keeping local times, as JSON: what is to stay, and what became of each visit."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kept.api.base import Answer, Body
from kept.booking.kept_time import Keep
from kept.use_cases.booking.local_times import Report, WhatBecame


class LocalTimesRequest(Body):
    """`keep` matters for visits that were booked while the business was in another zone: their local time, for that
    zone was wrong, or their instant, for the business moved. With `try_only` nothing is changed."""

    keep: Keep = Keep.TIME
    try_only: bool = False


class KeptVisit(Answer):
    """`start` is when it begins now, or would, and `was` when it began, both by the business's clock."""

    id: str
    was: datetime
    start: datetime
    done: WhatBecame
    told: bool


class LocalTimesAnswer(Answer):
    """What is `taken` is for a person to move. While `complete` is false there are more: ask again."""

    visits: list[KeptVisit]
    complete: bool


def to_response(report: Report, zone: ZoneInfo) -> LocalTimesAnswer:
    visits = [
        KeptVisit(id=it.id, was=it.was.astimezone(zone), start=it.starts.astimezone(zone), done=it.done, told=it.told)
        for it in report.kept
    ]
    return LocalTimesAnswer(visits=visits, complete=report.complete)
