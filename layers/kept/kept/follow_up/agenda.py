"""When a follow-up is to be looked at next and its next answer is owed: all that is stored beside its history."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from kept.follow_up.clock_inputs import ClockInputs, Policies
from kept.follow_up.clocks import clocks, next_deadline
from kept.follow_up.events import History, known_at
from kept.follow_up.ladder import climbed, next_letter
from kept.follow_up.phases import stretch_at
from kept.follow_up.policy import ServicePolicy
from kept.follow_up.timeline import ClockNotice, timeline, untold


@dataclass(frozen=True, slots=True)
class Agenda:
    """`look_at`: at the next notice, at the end of a pause, when the client is written to again, or the matter is given
    up; None when nothing comes.

    `answer_by` is its place on the board: its next deadline, past where it is missed, or the end of a pause before it;
    None without either.
    """

    look_at: datetime | None
    answer_by: datetime | None


TellsAt = Callable[[ClockNotice, datetime], datetime]
"""When a notice is told, as seen from an instant: its reader may not be at work at its own."""


def agenda(
    history: History,
    policies: Policies,
    *,
    processed_until: datetime,
    ahead: Collection[str] = (),
    now: datetime | None = None,
    tells_at: TellsAt = lambda notice, _: notice.at,
) -> Agenda:
    """As of the last line, or of the last look (`now`) where that was later; `ahead` was told before its time.

    Whoever looked saw what the client was to be written: what could not be sent then is not looked at again for itself.
    """
    seen = max(processed_until, now or processed_until)
    now = max(history[-1].at, seen)
    back = stretch_at(known_at(history, now), now).back
    to_tell = untold(timeline(history, policies), processed_until=processed_until, ahead=ahead)
    notice = _earliest(*(tells_at(one, now) for one in to_tell))
    return Agenda(
        look_at=_earliest(notice, back, _written_to_at(history, policies, seen), given_up_at(history, policies)),
        answer_by=_earliest(back, next_deadline(clocks(history, policies, now))),
    )


def given_up_at(history: History, policies: Policies) -> datetime | None:
    """When one who does not answer is let go: the matter ends as ghosted. None while it is not known or not so."""
    return climbed(history, in_force(history, policies).ladder).ghosted_at


def _written_to_at(history: History, policies: Policies, seen: datetime) -> datetime | None:
    found = next_letter(history, in_force(history, policies).ladder, since=seen)
    return found[0] if found else None


def in_force(history: History, policies: Policies) -> ServicePolicy:
    """The policy that it goes by now."""
    return ClockInputs.of(history, policies).policy(history[-1].at)


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)
