"""One follow-up in full: with whom to speak, what was said, what comes next, and whose time its clocks took."""

from datetime import datetime
from enum import StrEnum

from kept.api.base import Answer
from kept.api.follow_ups.answers import ClockAnswer, FollowUpAnswer, LineAnswer, clock, line, of_history, seconds
from kept.booking.addressee import other_name
from kept.clients.client import Client
from kept.clients.written_number import as_written
from kept.follow_up.agenda import in_force
from kept.follow_up.clock_inputs import ClockInputs, Policies
from kept.follow_up.clocks import Clock
from kept.follow_up.events import FollowUpEvent, History, Reopening, What, known_at, own
from kept.follow_up.ladder import climbed
from kept.follow_up.ownership import time_by_owner
from kept.follow_up.phases import Phase
from kept.follow_up.plans import Plan
from kept.follow_up.runs import Run
from kept.follow_up.view import FollowUpView
from kept.language_tags import FALLBACK


class StepState(StrEnum):
    """DROPPED is what was not done when the matter was closed."""

    DONE = "done"
    NEXT = "next"
    TO_COME = "to_come"
    DROPPED = "dropped"


class OwnedClockAnswer(ClockAnswer):
    """Seconds of what was spent by whose it was then; "" is nobody."""

    time_by_owner: dict[str, int]


class StepAnswer(Answer):
    """A step of the plan. `begins` is known once the one before is done; `due` where it has a clock that runs."""

    step: str
    state: StepState
    begins: datetime | None
    due: datetime | None
    done: datetime | None
    by: str
    outcome: str


class WholeFollowUpAnswer(FollowUpAnswer):
    """`to_tell` is what they are called about where no message told it, in the reader's words; `words` is what the
    client wrote last of it, as a mail shows it.

    `next_try` is when one who does not answer is to be tried again, `ghosted_at` when the matter is given up. About a
    visit, the client's name, number and address are those it was booked with, the number also as people write it there;
    `record_name` is the client's own where it is another. Of a long history the newest lines are here; `earlier` of its
    own before them are asked for by themselves, and those of one that was taken in stand there.
    """

    clocks: tuple[OwnedClockAnswer, ...]
    client_name: str
    record_name: str | None
    client_phone: str | None
    client_phone_written: str | None
    client_email: str | None
    to_tell: str
    words: str
    opened: datetime
    history: list[LineAnswer]
    earlier: int
    plan: list[StepAnswer]
    tries: int
    next_try: datetime | None
    ghosted_at: datetime | None


def whole(
    standing: FollowUpView,
    policies: Policies,
    client: Client,
    record: Client | None,
    *,
    country: str,
    to_tell: str,
    words: str,
    language: str = FALLBACK,
) -> WholeFollowUpAnswer:
    """`client` as to be spoken to about it, `record` as they stand; none of one who was forgotten since."""
    it = standing.follow_up
    climb = climbed(it.history, in_force(it.history, policies).ladder)
    return WholeFollowUpAnswer(
        **dict(line(standing)) | {"clocks": tuple(_owned(one, standing) for one in standing.clocks)},
        client_name=client.name,
        record_name=other_name(client, record),
        client_phone=client.phone,
        client_phone_written=client.phone and as_written(client.phone, country),
        client_email=client.email,
        to_tell=to_tell,
        words=words,
        opened=it.opened_at,
        history=[of_history(event, language) for event in it.history if not event.is_old],
        earlier=it.archived,
        plan=_plan(standing, policies),
        tries=climb.tries,
        next_try=climb.next_try,
        ghosted_at=climb.ghosted_at,
    )


def _owned(one: Clock, standing: FollowUpView) -> OwnedClockAnswer:
    spent = time_by_owner(one, standing.follow_up.history, standing.now)
    return OwnedClockAnswer(
        **dict(clock(one, standing.hours)), time_by_owner={who: seconds(took) for who, took in spent.items()}
    )


def _plan(standing: FollowUpView, policies: Policies) -> list[StepAnswer]:
    """Of the cycle that it is in; the plan stays as the policy had it when it was opened."""
    history = known_at(standing.follow_up.history, standing.now)
    matter = ClockInputs.of(history, policies)
    began = _cycle_began(history)
    runs = {run.step.name: run for run in matter.runs() if run.step and run.started >= began}
    first = policies[int(matter.numbers[0].to)]
    plan: Plan = first.plans.get(matter.cause, ()) if matter.cause else ()
    return [_step(step.name, runs.get(step.name), standing) for step in plan]


def _step(name: str, run: Run | None, standing: FollowUpView) -> StepAnswer:
    state = _state(run, standing.phase)
    told = _outcome(standing.follow_up.history, name, run) if run and state is StepState.DONE else None
    runs = state is StepState.NEXT and run is not None
    return StepAnswer(
        step=name,
        state=state,
        begins=run.started if run else None,
        due=next((one.due for one in standing.clocks if run and runs and one.run.name == run.name), None),
        done=told.at if told else None,
        by=told.by if told else "",
        outcome=told.why if told else "",
    )


def _state(run: Run | None, phase: Phase) -> StepState:
    if run and run.ended_by is What.STEP_DONE:
        return StepState.DONE
    if phase is Phase.CLOSED:
        return StepState.DROPPED
    return StepState.NEXT if run else StepState.TO_COME


def _outcome(history: History, name: str, run: Run) -> FollowUpEvent | None:
    done = (event for event in history if event.what is What.STEP_DONE and event.to == name)
    return next((event for event in done if event.at == run.stopped), None)


def _cycle_began(history: History) -> datetime:
    anew = [event.at for event in own(history, What.REOPENED) if event.to == Reopening.NEW_CYCLE]
    return anew[-1] if anew else history[0].at
