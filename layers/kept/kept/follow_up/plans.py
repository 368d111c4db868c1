"""What is done about a follow-up step by step, by what opened it: each step has its own clock and outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from kept.errors import InvalidSetting
from kept.follow_up.opened_by import OpenedBy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """`after` is wall time from the end of the step before, or from the opening; `target` is the clock's own time."""

    name: str
    target: timedelta
    after: timedelta = timedelta(0)


Plan = tuple[Step, ...]

DEFAULT_PLANS: Mapping[OpenedBy, Plan] = {
    OpenedBy.NO_SHOW: (
        Step("call", 24 * HOUR),
        Step("offer_times", 24 * HOUR),
        Step("check_back", 24 * HOUR, after=7 * DAY),
    ),
    OpenedBy.COMPLAINT: (
        Step("call", 4 * HOUR),
        Step("make_good", 48 * HOUR),
        Step("check_back", 24 * HOUR, after=7 * DAY),
    ),
    OpenedBy.CALL_LATER: (Step("call", 48 * HOUR, after=14 * DAY),),
    OpenedBy.ASKED_FOR: (Step("decide", 4 * HOUR),),
    OpenedBy.NOT_TOLD: (Step("call", 4 * HOUR),),
    OpenedBy.DAY_CLOSED: (Step("call", 4 * HOUR),),
    OpenedBy.FADING: (Step("call", 48 * HOUR),),
    OpenedBy.TERMS_REVIEW: (Step("review_terms", 7 * DAY),),
    OpenedBy.DECLINED_RECALL: (Step("ask_again", 48 * HOUR, after=14 * DAY),),
}
"""A cause without a plan has none: it is answered and closed. The ladder of a no-show ends a week after its offer."""


def check_plan(field: str, plan: Plan) -> None:
    """Raises InvalidSetting."""
    names = [step.name for step in plan]
    for n, step in enumerate(plan):
        if not step.name.isidentifier():
            raise InvalidSetting(
                field=f"{field}.{n}.name", reason="A step is named in letters, digits and underscores."
            )
        if step.name in names[:n]:
            raise InvalidSetting(field=f"{field}.{n}.name", reason=f"There are two steps named {step.name}.")
        if step.target <= timedelta(0):
            raise InvalidSetting(field=f"{field}.{n}.target", reason="A target must be longer than nothing.")
        if step.after < timedelta(0):
            raise InvalidSetting(field=f"{field}.{n}.after", reason="A step begins no sooner than the one before ends.")
