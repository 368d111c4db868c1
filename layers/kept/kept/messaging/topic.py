"""Which of our messages a reply answers, and so which visit it speaks of; where two could be meant, none.

Pure: a use case gathers what was said to that address, this chooses. It never slides on to a visit still to come.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kept.attendance.no_show import Check, no_show_at
from kept.booking.appointment import Appointment
from kept.booking.history import AT_RISK, BOOKED, NOT_AT_RISK, Event
from kept.business.attendance_rules import AttendanceRules
from kept.business.text_names import REPLIES, RUNNING_LATE, STAFF_ANSWER, SURVEY, TIME_OFFERED
from kept.channels import Channel
from kept.clients.client import Client
from kept.messaging.message import CLAIM, Delivery, Message, MessageStatus
from kept.messaging.replies.reading import Asked

CLOSE = timedelta(minutes=30)
"""Two visits written of within that time are read together, and one answer could be to either."""

FRESH = timedelta(days=3)
"""Of several visits still to come to a business, the one it wrote of within that time is meant; else a person asks."""

STALE = timedelta(days=1)
"""A reply that is taken later than that after it was written does nothing by itself."""

BY_STAGE = {
    SURVEY: Asked.HOW_IT_WENT,
    STAFF_ANSWER: Asked.BY_STAFF,
    TIME_OFFERED: Asked.OFFERED,
    RUNNING_LATE: Asked.DELAYED,
}

NO_CHANGE = frozenset({BOOKED, AT_RISK, NOT_AT_RISK})
"""Lines of the history that leave a visit what it was when it was written of."""

ARRIVED = frozenset({Delivery.DELIVERED, Delivery.READ})
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

CLOCKS_DIFFER = timedelta(seconds=5)
"""The receipt of an arrival may be dated so much later than the reply to it: by the carrier's clock, not by ours."""


@dataclass(frozen=True, slots=True)
class MessageOfOurs:
    """A message of ours to the address they write from: to whom, and the visit it spoke of as it now stands.

    `visit` is None where it is about nothing they have booked: an invitation, or the question how it went.
    """

    message: Message
    client: Client
    visit: Appointment | None = None

    @property
    def matter(self) -> tuple[str, str]:
        return self.message.business, self.message.about

    @property
    def at(self) -> datetime:
        """When it was sent; while it is being sent, when that began. NEVER, where nothing was."""
        message = self.message
        if message.status is MessageStatus.SENDING and message.claimed_until:
            return message.claimed_until - CLAIM
        return message.sent_at or NEVER

    @property
    def is_sent(self) -> bool:
        """As far as we know; one that is just being sent, or in doubt, may be read all the same."""
        return self.message.status is MessageStatus.SENT

    @property
    def has_arrived(self) -> bool:
        return self.message.delivery in ARRIVED

    def is_called(self, name: str) -> bool:
        """By its provider's id or by ours, which a gateway is given."""
        return name in (self.message.provider_id, self.message.id, self.message.id.replace(".", "-"))

    def had_reached(self, at: datetime) -> bool:
        """Providers write whole seconds, and an arrival is not dated by the clock that dates the reply. Where a channel
        tells of no arrival, what was sent has arrived."""
        message = self.message
        if message.status not in (MessageStatus.SENT, MessageStatus.SENDING) or message.delivery is Delivery.FAILED:
            return False
        arrived = max(self.at, (message.delivered_at or self.at) - CLOCKS_DIFFER)
        return NEVER < arrived.replace(microsecond=0) <= at


@dataclass(frozen=True, slots=True)
class Topic:
    """`about` is the message that is answered, None where that is not certain; then `could_be` has one of each matter
    that could be meant, the latest first.
    """

    about: MessageOfOurs | None = None
    could_be: tuple[MessageOfOurs, ...] = ()
    on_the_day: bool = False


def topic(said: Iterable[MessageOfOurs], *, channel: Channel, at: datetime, named: str = "", latest: str = "") -> Topic:
    """What they speak of who wrote at that instant. `named` is what the channel calls the message they answer, `latest`
    the last of ours that it had taken for them by then.

    Only where nothing was said over that channel, they may answer what came to the same number over another.
    """
    everything = sorted(said, key=lambda one: one.at, reverse=True)
    known = [one for one in everything if one.message.channel is channel] or everything
    reached = [one for one in known if one.had_reached(at) and one.at <= _until(known, latest)]
    if named:
        about = next((one for one in known if one.at > NEVER and one.is_called(named)), None)
        return _answering(about, reached) if about else Topic(could_be=_one_each(reached))
    could_be = _one_each(reached)
    if len(could_be) > 1 and (unsure := _unsure(reached, could_be, at)):
        return Topic(could_be=unsure)
    return _answering(reached[0], reached) if reached else Topic()


def asked(topic: Topic, rules: AttendanceRules, *, at: datetime) -> Asked:
    """What a number answers: the keys of the day count while they are waited for, and after stars it is no key."""
    about = topic.about
    if about and about.message.stage in BY_STAGE:
        return BY_STAGE[about.message.stage]
    visit = about.visit if about else None
    waited_for = visit is not None and visit.starts <= at < no_show_at(visit, rules)
    return Asked.ON_THE_DAY if waited_for and topic.on_the_day else Asked.BOOKING


def is_stale(at: datetime, *, now: datetime) -> bool:
    return now - at > STALE


def changed_since(visit: Appointment, at: datetime, wrote: Mapping[str, datetime]) -> bool:
    """Whether something has become of the visit after they wrote; what one of their own replies did counts from when
    that was written (`wrote`, by its key), however late it was done.
    """
    lines = (line for line in visit.history if line.what not in NO_CHANGE)
    return any(_meant_at(line, wrote).replace(microsecond=0) > at for line in lines)


def _meant_at(line: Event, wrote: Mapping[str, datetime]) -> datetime:
    return min(line.at, wrote.get(line.key, line.at))


def _until(known: Iterable[MessageOfOurs], latest: str) -> datetime:
    """When the last one that the channel had taken by then was sent; without end where that is not known."""
    found = (one.at for one in known if latest and one.is_called(latest))
    return next(found, datetime.max.replace(tzinfo=UTC))


def _one_each(latest_first: Iterable[MessageOfOurs]) -> tuple[MessageOfOurs, ...]:
    """The last of each matter."""
    found: dict[tuple[str, str], MessageOfOurs] = {}
    for one in latest_first:
        found.setdefault(one.matter, one)
    return tuple(found.values())


def _unsure(
    reached: list[MessageOfOurs], could_be: tuple[MessageOfOurs, ...], at: datetime
) -> tuple[MessageOfOurs, ...]:
    """The matters between which nobody can tell; none where it is the last one written of."""
    last, *others = could_be
    close = [one for one in others if last.at - one.at <= CLOSE or not last.is_sent]
    arrived = next((one for one in reached if one.has_arrived), None)
    if arrived and not last.has_arrived and arrived.matter != last.matter:  # receipts do come, and of the last one none
        close.append(arrived)
    own = (one for one in could_be if one.client.business == last.client.business)
    ahead = [one for one in own if one.visit and one.visit.is_to_come]
    if len(ahead) > 1 and at - last.at > FRESH:
        close += ahead
    return _one_each([last, *close]) if close else ()


def _answering(about: MessageOfOurs, reached: list[MessageOfOurs]) -> Topic:
    """Our own answers go on with what was asked before them, about that slot of that visit."""
    message = about.message
    before = [one.message for one in reached if one.matter == about.matter and one.at <= about.at]
    was_asked = any((one.stage, one.version) == (Check.ASK, message.version) for one in before)
    return Topic(about, on_the_day=message.stage == Check.ASK or (message.stage in REPLIES and was_asked))
