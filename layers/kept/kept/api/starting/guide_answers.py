"""The guide as its owner reads it, and what they say of its steps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kept.api.base import Answer, Body
from kept.business.catalog import Catalog
from kept.business.guide import Guide, GuideState, GuideStep
from kept.channels import Channel
from kept.clients.masked import masked
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.reasons_in_words import in_words
from kept.use_cases.starting.guide import Missing, SpecialDay, Tester


class MarkedStep(Body):
    """What becomes of one step, or of the whole guide."""

    state: GuideState


class PutAway(Body):
    """Whether the guide is out of sight."""

    away: bool


class GuideStepAnswer(Answer):
    """One step, in their order."""

    step: GuideStep
    state: GuideState


class SpecialDayAnswer(Answer):
    """Closed, or (`works_as`, Monday is 0) a weekend day that is worked with the hours of that weekday."""

    on: date
    works_as: Annotated[int, Field(ge=0, le=6)] | None


class GuideChannelAnswer(Answer):
    """What is still missing before anything goes out over it, as far as that can be told; `tries` whether it can be
    tried now, with `to`, what is to be seen of the asker's own address there, and what became of the last `trial`."""

    channel: Channel
    missing: list[Missing]
    tries: bool
    to: str
    trial: "TrialAnswer | None"


class TryOut(Body):
    """A test message to oneself over one channel."""

    channel: Channel = Channel.EMAIL


class TrialAnswer(Answer):
    """What became of a message that was asked for, in the asker's words; `parts`: as how many text messages it was
    sent and is charged, 0 over any other channel."""

    status: MessageStatus
    parts: int
    reason: str
    delivery: Delivery | None
    created_at: datetime


class GuideAnswer(Answer):
    """`shown`: until every step is done or passed over, or the guide is put away. `closes_on_holidays` says whether
    those days are its own as well."""

    shown: bool
    put_away: bool
    steps: list[GuideStepAnswer]
    country: str
    closes_on_holidays: bool
    special_days: list[SpecialDayAnswer]
    channels: list[GuideChannelAnswer]


def guide(
    it: Guide,
    catalog: Catalog,
    days: list[SpecialDay],
    by: Tester,
    missing: Mapping[Channel, list[Missing]],
    tried: Mapping[Channel, Message],
    language: str,
) -> GuideAnswer:
    return GuideAnswer(
        shown=it.is_shown,
        put_away=it.is_put_away,
        steps=[GuideStepAnswer(step=step, state=it.state(step)) for step in GuideStep],
        country=catalog.business.country,
        closes_on_holidays=catalog.business.closes_on_holidays,
        special_days=[SpecialDayAnswer(on=day.on, works_as=day.works_as) for day in days],
        channels=[
            GuideChannelAnswer(
                channel=channel,
                missing=lacks,
                tries=by.reached(channel),
                to=masked(by.client, channel) if by.client and channel is not Channel.EMAIL else "",
                trial=trial(tried[channel], language) if channel in tried else None,
            )
            for channel, lacks in missing.items()
        ],
    )


def trial(it: Message, language: str) -> TrialAnswer:
    reason = in_words(it.reason, language)
    parts = it.parts if it.status is MessageStatus.SENT else 0
    return TrialAnswer(status=it.status, parts=parts, reason=reason, delivery=it.delivery, created_at=it.created_at)
