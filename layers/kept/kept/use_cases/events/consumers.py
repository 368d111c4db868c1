"""Who takes in what was written. Each on its own: what one fails with stops none of the others."""

from collections.abc import Callable, Mapping

from kept.events.change import Change
from kept.use_cases.booking import closure_calls
from kept.use_cases.events import recording
from kept.use_cases.insight import recording as figures
from kept.use_cases.payments import waking
from kept.use_cases.policy import regulars
from kept.use_cases.waitlist import freed

Consumer = Callable[[Change], None]
"""Takes the same change any number of times, and older ones after newer."""

CONSUMERS: Mapping[str, Consumer] = {
    "events": recording.record,
    "figures": figures.record,
    "regulars": regulars.watch,
    "payments": waking.wake,
    "waitlist": freed.watch,
    "closures": closure_calls.watch,
}
