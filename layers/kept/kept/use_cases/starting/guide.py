"""The guide of a new business: how far its owner is, what is still missing, and a letter to try the way out by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kept import ids
from kept.business.catalog import Business, Catalog
from kept.business.guide import FIRST, Guide, GuideState, GuideStep
from kept.business.text_names import TRIAL
from kept.channels import Channel, Purpose
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.settings import setting
from kept.storage import guides, messages
from kept.timekeeping.holidays import closes, stands_in_for
from kept.use_cases.optimistic_retry import retried

AHEAD = 366
MOST_DAYS = 12
TRIED = "trial"
A_WHILE = timedelta(minutes=1)


class Missing(StrEnum):
    """Why nothing goes out over a channel yet, for whoever runs the deployment or the owner to mend."""

    SANDBOX = "sandbox"
    NUMBER = "number"
    TEMPLATES = "templates"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One on which it is closed, or a weekend day that is worked and has that weekday's hours (Monday is 0)."""

    on: date
    works_as: int | None


def read(business: str) -> Guide:
    guide, _ = guides.load(business)
    return guide


def begin(business: str) -> None:
    """Who began it before is as far as they are."""
    _, stored = guides.load(business)
    if not stored:
        guides.save(business, FIRST, over="")


def mark(business: str, step: GuideStep, state: GuideState) -> Guide:
    return _changed(business, lambda it: it.marked(step, state))


def put_away(business: str, *, away: bool) -> Guide:
    return _changed(business, lambda it: it.put_away(away=away))


def special_days(business: Business, *, today: date) -> list[SpecialDay]:
    """The next of them within a year, as its country has them."""
    days = (today + timedelta(days=n) for n in range(AHEAD))
    found = (SpecialDay(day, stands_in_for(day, business.country)) for day in days)
    return [it for it in found if it.works_as is not None or closes(it.on, business.country)][:MOST_DAYS]


def missing(business: Business) -> dict[Channel, list[Missing]]:
    """Of each channel in use, what can be told of it from here. A new account of AWS writes to verified addresses
    alone, which only a letter that arrives can disprove."""
    return {channel: [what for what, is_so in _lacks(business, channel) if is_so] for channel in business.channels}


def try_out(catalog: Catalog, me: str, *, now: datetime) -> Message:
    """One letter to whoever asks, by the way that every other goes; who has no address in the calendar gets it at the
    business's own. Asked for again within a while it is the same one."""
    business, before = catalog.business, tried(catalog.business.id, me)
    if before and now < before.created_at + A_WHILE:
        return before
    trial = Message(
        business=business.id,
        about=f"{TRIED}-{me}",
        version=now.astimezone(business.zone).toordinal(),
        stage=TRIAL,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=me,
        created_at=now,
        due_at=now,
        occasion=ids.new("try"),
    )
    written = messages.put_alone(trial)
    hand_over([messages.key(written)])
    return written


def tried(business: str, me: str) -> Message | None:
    """The last one."""
    return max(messages.about(business, f"{TRIED}-{me}"), key=lambda it: it.created_at, default=None)


def _lacks(business: Business, channel: Channel) -> Iterable[tuple[Missing, bool]]:
    has_templates = any(name.startswith(f"{channel}/") for name in business.templates)
    match channel:
        case Channel.EMAIL:
            yield Missing.SANDBOX, True
        case Channel.SMS:
            yield Missing.NUMBER, setting("SMS_ORIGINATION") == "none"
            if business.country == "CN":
                yield Missing.TEMPLATES, not has_templates
        case Channel.WHATSAPP:
            yield Missing.NUMBER, setting("WHATSAPP_NUMBER") == "none"
            yield Missing.TEMPLATES, not has_templates
        case Channel.WECHAT:
            yield Missing.ACCOUNT, True
            yield Missing.TEMPLATES, not has_templates
        case Channel.WEBHOOK:
            yield Missing.ACCOUNT, True


def _changed(business: str, to: Callable[[Guide], Guide]) -> Guide:
    def attempt() -> Guide:
        before, stored = guides.load(business)
        if (after := to(before)) != before:
            guides.save(business, after, over=stored)
        return after

    return retried(attempt)
