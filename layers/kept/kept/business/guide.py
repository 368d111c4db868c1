"""The guide of a business that has just begun: its steps, and which of them its owner has done or passed over."""

from dataclasses import dataclass, replace
from enum import StrEnum


class GuideStep(StrEnum):
    """In their order; the last is the proof of all others."""

    TRADE = "trade"
    HOURS = "hours"
    PEOPLE = "people"
    CHANNELS = "channels"
    PAGE = "page"
    BOOKING = "booking"


class GuideState(StrEnum):
    """What its owner says of a step, who may come back to any."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Guide:
    """`is_put_away`: it is shown to nobody who does not ask for it, as of a business that began without one."""

    done: frozenset[GuideStep] = frozenset()
    skipped: frozenset[GuideStep] = frozenset()
    is_put_away: bool = False

    def state(self, step: GuideStep) -> GuideState:
        return GuideState.DONE if step in self.done else GuideState.SKIPPED if step in self.skipped else GuideState.OPEN

    def marked(self, step: GuideStep, state: GuideState) -> "Guide":
        done, skipped = self.done - {step}, self.skipped - {step}
        if state is GuideState.DONE:
            done |= {step}
        if state is GuideState.SKIPPED:
            skipped |= {step}
        return replace(self, done=done, skipped=skipped)

    def put_away(self, *, away: bool) -> "Guide":
        return replace(self, is_put_away=away)

    @property
    def is_shown(self) -> bool:
        """Until every step is done or passed over, or all of it is put away."""
        return not self.is_put_away and any(self.state(step) is GuideState.OPEN for step in GuideStep)


FIRST, NONE = Guide(), Guide(is_put_away=True)
