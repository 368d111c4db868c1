"""What a change is to other systems: on its way to everybody who hears of it, and written down once."""

from kept import clock
from kept.events.change import AggregateChange
from kept.events.telling import events_of
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.follow_up import FollowUp
from kept.storage import event_log, follow_ups
from kept.use_cases.events.fanning_out import fan_out, hand_over


def record(change: AggregateChange) -> None:
    """A repeat writes nothing; a crash between two events of one change has it come again, and the rest is written."""
    for event in events_of(change, _policies(change)):
        now = clock.now()
        to_tell = fan_out(event, now=now)
        event_log.put(event, now=now)
        for endpoint in to_tell:
            hand_over(endpoint.business, endpoint.id)


def _policies(change: AggregateChange) -> Policies:
    """Read only where a follow-up's clocks were looked at."""
    match change.before, change.after:
        case (FollowUp() as before, FollowUp() as after):
            same = (before.processed_until, before.told_ahead) == (after.processed_until, after.told_ahead)
            return {} if same else follow_ups.policies(after)
        case (None, FollowUp() as after) if after.revision > 1:
            return follow_ups.policies(after)
    return {}
