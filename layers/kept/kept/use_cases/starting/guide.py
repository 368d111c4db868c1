"""The guide of a new business: how far its owner is, what is still missing, and a message to try each way out by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from kept import ids
from kept.business.catalog import Business, Catalog
from kept.business.guide import FIRST, Guide, GuideState, GuideStep
from kept.business.refusals import ChannelNotUsed, NobodyToTry, TriedTooOften
from kept.business.text_names import CHANNEL_TRIAL, TRIAL
from kept.channels import Channel
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, letter_of_day
from kept.settings import setting
from kept.storage import clients, guides, messages
from kept.timekeeping.holidays import closes, stands_in_for
from kept.use_cases.optimistic_retry import retried

AHEAD = 366
MOST_DAYS = 12
TRIED = "trial"
A_WHILE, USEFUL = timedelta(minutes=1), timedelta(hours=1)
"""Between two of one channel; and for so long somebody waits for one."""
HOUR, MOST_IN_AN_HOUR = timedelta(hours=1), 6
"""Over one channel: each may be charged. Two asked for in the same instant may come on top."""


class Missing(StrEnum):
    """Why nothing goes out over a channel yet, for whoever runs the deployment or the owner to mend."""

    SANDBOX = "sandbox"
    NUMBER = "number"
    TEMPLATES = "templates"
    TRIAL_TEMPLATE = "trial_template"
    ACCOUNT = "account"
    YOURSELF = "yourself"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Tester:
    """Who tries the channels: which of the people, and the client who has the address that they sign in with: Cognito
    has proved that it is theirs. None before they have booked for themselves once."""

    id: str
    client: Client | None

    def reached(self, channel: Channel) -> bool:
        """A letter needs no client; a call is made by a person, and has nothing to be tried."""
        if channel is Channel.EMAIL:
            return True
        return channel is not Channel.CALL and self.client is not None and bool(self.client.address(channel))


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


def tester(business: str, me: str, address: str, *, now: datetime) -> Tester:
    return Tester(me, clients.by_contact(business, address, now=now) if address else None)


def missing(business: Business, by: Tester) -> dict[Channel, list[Missing]]:
    """Of each channel in use, what can be told of it from here. A new account of AWS writes to verified addresses
    alone, which only a letter that arrives can disprove."""
    return {channel: [what for what, is_so in _lacks(business, channel, by) if is_so] for channel in business.channels}


def try_out(catalog: Catalog, channel: Channel, by: Tester, *, now: datetime) -> Message:
    """One message to whoever asks, by the way that every other goes. A letter goes to them as one of the people (who
    has no address there gets it at the business's own), all else as one of the clients, by a client's rules.

    Asked for again within a while it is the same one. Raises ChannelNotUsed, NobodyToTry, TriedTooOften.
    """
    if channel not in catalog.business.channels:
        raise ChannelNotUsed(channel=channel)
    if not by.reached(channel):
        raise NobodyToTry(channel=channel)
    lately = [it for it in _tried(catalog.business.id, by) if it.channel is channel and now < it.created_at + HOUR]
    if lately and now < lately[-1].created_at + A_WHILE:
        return lately[-1]
    if len(lately) >= MOST_IN_AN_HOUR:
        raise TriedTooOften(channel=channel)
    written = messages.put_alone(_trial(catalog.business, channel, by, now))
    hand_over([messages.key(written)])
    return written


def tried(business: str, by: Tester) -> dict[Channel, Message]:
    """The last one over each channel."""
    return {it.channel: it for it in _tried(business, by)}


def _tried(business: str, by: Tester) -> list[Message]:
    """Oldest first."""
    theirs = messages.about(business, by.client.id) if by.client else ()
    found = [*messages.about(business, f"{TRIED}-{by.id}"), *(it for it in theirs if it.stage == CHANNEL_TRIAL)]
    return sorted(found, key=lambda it: it.created_at)


def _trial(business: Business, channel: Channel, by: Tester, now: datetime) -> Message:
    occasion = ids.new("try")
    if channel is not Channel.EMAIL and by.client:
        useful = now + USEFUL
        return about_no_visit(by.client, CHANNEL_TRIAL, channel, now=now, useful_until=useful, occasion=occasion)
    today = now.astimezone(business.zone).date()
    return replace(letter_of_day(business.id, by.id, TRIAL, f"{TRIED}-{by.id}", today, now=now), occasion=occasion)


def _lacks(business: Business, channel: Channel, by: Tester) -> Iterable[tuple[Missing, bool]]:
    has_templates = any(name.startswith(f"{channel}/") for name in business.templates)
    lacks_its_own = has_templates and not business.template(channel, CHANNEL_TRIAL)
    match channel:
        case Channel.EMAIL:
            yield Missing.SANDBOX, True
        case Channel.SMS:
            yield Missing.NUMBER, setting("SMS_ORIGINATION") == "none"
            if business.country == "CN":
                yield Missing.TEMPLATES, not has_templates
                yield Missing.TRIAL_TEMPLATE, lacks_its_own
        case Channel.WHATSAPP:
            yield Missing.NUMBER, setting("WHATSAPP_NUMBER") == "none"
            yield Missing.TEMPLATES, not has_templates
            yield Missing.TRIAL_TEMPLATE, lacks_its_own
        case Channel.WECHAT:
            yield Missing.ACCOUNT, True
            yield Missing.TEMPLATES, not has_templates
            yield Missing.TRIAL_TEMPLATE, lacks_its_own
        case Channel.WEBHOOK:
            yield Missing.ACCOUNT, True
    if channel not in (Channel.EMAIL, Channel.CALL):
        yield Missing.YOURSELF, by.client is None
        yield Missing.CONTACT, by.client is not None and not by.reached(channel)


def _changed(business: str, to: Callable[[Guide], Guide]) -> Guide:
    def attempt() -> Guide:
        before, stored = guides.load(business)
        if (after := to(before)) != before:
            guides.save(business, after, over=stored)
        return after

    return retried(attempt)
