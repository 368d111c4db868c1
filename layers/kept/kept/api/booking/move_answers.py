"""What a move would do, as it goes out: whether it can be, who is in its way, and whom it would tell."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kept.api.base import Answer
from kept.api.booking.answers import PriceAnswer, SlotAnswer, Written, money
from kept.api.problems import problem
from kept.channels import Channel
from kept.policy.deposit import DepositMove
from kept.use_cases.booking.move_preview import MovePreview


class HolderAnswer(Answer):
    """Who has a time: a visit with its client's name, a block with why, or a hold until it runs out."""

    appointment: str | None
    client_name: str | None
    block: str | None
    why: str | None
    start: Written
    end: Written
    held_until: Written | None


class TellingAnswer(Answer):
    """The client is told over this channel, at this address, then."""

    channel: Channel
    at: datetime
    to: str


class MovePreviewAnswer(Answer):
    """Whether it can be moved there, or made so long, and what that would do.

    `code` is that of the problem that `reschedule` would answer, `detail` its title in the reader's language;
    `overridable` where it can be with an `override`. `taken_by` has who has the time. `free`: it is in time; else it
    has its `cost`, null for nothing. `deposit`: what becomes of one that is held; `pay_until`: when one that is due
    has to be paid by then. `call`: nobody would be told by a message.
    """

    possible: bool
    code: str | None
    detail: str | None
    overridable: bool
    taken_by: list[HolderAnswer]
    alternatives: list[SlotAnswer]
    cost: PriceAnswer | None
    free: bool
    tells: list[TellingAnswer]
    call: bool
    deposit: DepositMove | None
    pay_until: datetime | None


def move_preview(it: MovePreview, zone: ZoneInfo, language: str) -> MovePreviewAnswer:
    facts = it.refusal.facts if it.refusal else {}
    return MovePreviewAnswer(
        possible=it.refusal is None,
        code=it.refusal.code if it.refusal else None,
        detail=str(problem(it.refusal, language)["title"]) if it.refusal else None,
        overridable=it.overridable,
        taken_by=[HolderAnswer.model_validate(one) for one in _listed(facts.get("taken_by"))],
        alternatives=[SlotAnswer.model_validate(one) for one in _listed(facts.get("alternatives"))],
        cost=money(it.cost),
        free=not it.late,
        tells=[TellingAnswer(channel=one.channel, at=one.at.astimezone(zone), to=one.to) for one in it.tells],
        call=it.call,
        deposit=it.deposit,
        pay_until=it.pay_until.astimezone(zone) if it.pay_until else None,
    )


def _listed(told: object) -> list[object]:
    return told if isinstance(told, list) else []
