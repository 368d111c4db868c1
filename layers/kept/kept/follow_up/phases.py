"""Whose turn it is: a history folded into stretches of open, waiting for the client, put off, and closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.follow_up.events import FollowUpEvent, History, What


class Phase(StrEnum):
    """Only OPEN counts on every clock, and CLOSED on none."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"


PAUSES = (Phase.WAITING, Phase.SNOOZED)


@dataclass(frozen=True, slots=True)
class PhaseStretch:
    """Half-open; `ends` None is not known yet. A pause that has its end is followed by an open stretch to come."""

    begins: datetime
    ends: datetime | None
    phase: Phase
    why: str = ""

    @property
    def back(self) -> datetime | None:
        """When a pause ends, where it is one."""
        return self.ends if self.phase in PAUSES else None


@dataclass(frozen=True, slots=True)
class _Standing:
    phase: Phase
    until: datetime | None = None
    why: str = ""

    @property
    def is_paused(self) -> bool:
        return self.phase in PAUSES


OPEN = _Standing(Phase.OPEN)
CLOSED = _Standing(Phase.CLOSED)


def phases(history: History) -> tuple[PhaseStretch, ...]:
    """Without a gap, from the first line on.

    The client's message ends a pause, an answer does not. A merged follow-up is paused while either of the two was
    (the union of pauses), and closed only while both were.
    """
    marks: list[tuple[datetime, _Standing]] = []
    for at, standing in _standings(history):
        if marks and marks[-1][0] == at:
            marks.pop()
        if not marks or marks[-1][1] != standing:
            marks.append((at, standing))
    ends = [at for at, _ in marks[1:]]
    return tuple(PhaseStretch(at, end, it.phase, it.why) for (at, it), end in zip(marks, [*ends, None], strict=True))


def phase_at(history: History, now: datetime) -> Phase:
    return stretch_at(history, now).phase


def stretch_at(history: History, now: datetime) -> PhaseStretch:
    return next(s for s in reversed(phases(history)) if s.begins <= now)


def _standings(history: History) -> Iterator[tuple[datetime, _Standing]]:
    """How it stands after every line, and where a pause runs out between two of them."""
    threads: dict[str, _Standing] = {}
    for event in history:
        yield from _run_out(threads, event.at)
        threads[event.thread] = _after(event, threads)
        if event.what is What.MERGED:
            threads.pop(event.to, None)
        yield event.at, _together(threads)
    yield from _run_out(threads, None)


def _run_out(threads: dict[str, _Standing], by: datetime | None) -> Iterator[tuple[datetime, _Standing]]:
    for until in sorted({s.until for s in threads.values() if s.until and (by is None or s.until <= by)}):
        threads.update({thread: OPEN for thread, s in threads.items() if s.until == until})
        yield until, _together(threads)


def _after(event: FollowUpEvent, threads: Mapping[str, _Standing]) -> _Standing:
    before = threads.get(event.thread, OPEN)
    match event.what:
        case What.WAITING:
            return _Standing(Phase.WAITING, event.until, event.why)
        case What.SNOOZED:
            return _Standing(Phase.SNOOZED, event.until, event.why)
        case What.RESUMED | What.REOPENED:
            return OPEN
        case What.CLIENT_WROTE if before.is_paused:
            return OPEN
        case What.RESOLVED:
            return CLOSED
        case What.MERGED:
            return _together({thread: s for thread, s in threads.items() if thread in (event.thread, event.to)})
        case _:
            return before


def _together(threads: Mapping[str, _Standing]) -> _Standing:
    """A pause without an end outlasts one that has it."""
    paused = [standing for standing in threads.values() if standing.is_paused]
    if not paused:
        return OPEN if OPEN in threads.values() else CLOSED
    return max(paused, key=lambda standing: (standing.until is None, standing.until))
