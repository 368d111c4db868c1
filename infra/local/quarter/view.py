"""A comparison of runs as its page shows it: charts with the words that say them, and the tables behind them.

Needs no part of Kept, so that the console can show a run that was played elsewhere.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JSON, PAGE = "quarter.json", "quarter.html"
SHIPPED = Path(__file__).with_name("shipped.json")
WIDE, ROW, BAR = 400, 44, 16
HIGH, LEFT, UNDER = 190, 34, 22

Run = Mapping[str, Any]
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One run in a chart; `y` is where its words stand, `wide` how long it is."""

    label: str
    said: str
    y: int
    wide: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of one number of every run; `words` say it to whoever does not see it."""

    id: str
    name: str
    note: str
    words: str
    high: int
    bars: tuple[Bar, ...]
    of: str
    """What the number is a share of, "" for none."""
    rows: tuple[tuple[str, str, str], ...]
    """Of the table: run, number, share."""


@dataclass(frozen=True, slots=True)
class Line:
    """One run by weeks, as an SVG polyline's points, and each value in words."""

    label: str
    points: str
    values: tuple[str, ...]
    ends: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of some runs week by week, in per cent."""

    name: str
    words: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[int, float], ...]
    weeks: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: a number of a run, and what it is a share of."""

    id: str
    name: str
    value: Callable[[Run], int]
    of: str = ""
    whole: Callable[[Run], int] | None = None
    money: bool = False
    note: str = ""


def _told(name: str) -> Callable[[Run], int]:
    """0 of a run that was played before there was such a number; so of `_more`."""
    return lambda run: int(run["numbers"].get(name, 0))


def _more(name: str) -> Callable[[Run], int]:
    return lambda run: int(run["more"].get(name, 0))


def _did(name: str) -> Callable[[Run], int]:
    return lambda run: int(run["did"].get(name, 0))


def _closed(run: Run) -> int:
    return int(run["numbers"]["came"] + run["numbers"]["no_show"])


CHARGED = _told("fees_charged_minor")
BOOKED, CAME, MISSED, LATE = _told("booked"), _told("came"), _told("no_show"), _told("cancelled_late")
CHARTS = (
    Chart("missed", "Missed visits", MISSED, "visits that were not called off", _closed),
    Chart("came", "Visits that were kept", CAME, "visits booked", BOOKED),
    Chart("late", "Late cancellations", LATE, "visits booked", BOOKED),
    Chart("rescued", "Came after being asked whether they are on their way", _more("rescued"), "visits kept", CAME),
    Chart("back", "Came back after a missed visit", _did("came back after missing"), "visits missed", MISSED),
    Chart("lost", "Price of what was missed or called off late", _told("lost"), money=True),
    Chart("charged", "Fees charged", CHARGED, money=True),
    Chart("waived", "Of these let go of", _told("fees_waived_minor"), "fees charged", CHARGED, money=True),
    Chart("paid", "Of these paid", _told("fees_paid_minor"), "fees charged", CHARGED, money=True),
    Chart("deposits", "Deposits asked", _told("deposits_deposit_asked"), "visits booked", BOOKED),
    Chart(
        "standing",
        "Clients of whom more is asked at the end",
        lambda run: int(run["numbers"]["standing_deposit_required"] + run["numbers"]["standing_restricted"]),
        "clients",
        _more("clients"),
    ),
    Chart("tried", "Attempts to reach somebody who missed a visit", _told("ladder_tried")),
    Chart("ghosted", "Ended without an answer", _told("ladder_ghosted"), "matters opened", _told("ladder_opened")),
    Chart("messages", "Messages sent to clients", _told("messages_sent")),
    Chart(
        "refilled",
        "Minutes of late cancellations that were booked again",
        _more("late_minutes_refilled"),
        "minutes freed",
        _more("late_minutes"),
    ),
    Chart(
        "late_refilled", "Late cancellations of which half was booked again", _more("late_refilled"), "of them", LATE
    ),
    Chart("offers", "Offers of free time that were taken", _more("offers_taken"), "offers made", _more("offers")),
    Chart("kept_waiting", "Waited a quarter of an hour or longer", _more("kept_waiting"), "visits kept", CAME),
    Chart("waited", "Minutes that clients waited", _more("waited_minutes")),
    Chart("credited", "Credited to those who waited so long", _told("credited_minor"), money=True),
)
EFFECTS: Mapping[str, tuple[str, Callable[[Run], int], Callable[[Run], int] | None]] = {
    "reminders": ("visits missed", MISSED, _closed),
    "fees": ("visits called off late", LATE, BOOKED),
    "standing": ("visits missed", MISSED, _closed),
    "ladder": ("came back after a missed visit", _did("came back after missing"), MISSED),
    "deposits": ("visits missed", MISSED, _closed),
    "waitlist": (
        "minutes of late cancellations booked again",
        _more("late_minutes_refilled"),
        _more("late_minutes"),
    ),
}
"""The number that a policy is there for, and what it is a share of."""


def read(folder: Path) -> tuple[dict[str, Any], bool]:
    """What was last played there, and whether it was; else what is shipped."""
    last = folder / JSON
    file = last if last.is_file() else SHIPPED
    told: dict[str, Any] = json.loads(file.read_text())
    return told, file is last


def shown(told: Told) -> dict[str, Any]:
    """For its template."""
    runs = told["runs"]
    return {
        "told": told,
        "runs": runs,
        "charts": [_bars(chart, runs) for chart in CHARTS if any(chart.value(run) for run in runs)],
        "weeks": _lines([run for run in runs if run["name"] in ("everything", "nothing")]),
        "effects": list(_effects(told)),
        "numbers": [(name, [run["numbers"][name] for run in runs]) for name in sorted(runs[0]["numbers"])],
        "agree": sum(len(run["numbers"]) - len(run["differs"]) for run in runs),
        "compared": sum(len(run["numbers"]) for run in runs),
        "wrong": [f"{run['name']}: {words}" for run in runs for words in (*run["untrue"], *run["differs"])],
    }


def _bars(chart: Chart, runs: Iterable[Run]) -> Bars:
    found = list(runs)
    values = [(str(run["name"]), chart.value(run), chart.whole(run) if chart.whole else None) for run in found]
    lengths = [_length(value, whole) for _, value, whole in values]
    most = max(*lengths, 1e-9)
    said = [_said(value, whole, as_money=chart.money) for _, value, whole in values]
    bars = [
        Bar(name, words, n * ROW + 14, max(1.0, length / most * WIDE))
        for n, ((name, _, _), words, length) in enumerate(zip(values, said, lengths, strict=True))
    ]
    of = f", of {chart.of}" if chart.of else ""
    words = f"{chart.name}{of}. " + "; ".join(f"{bar.label}: {bar.said}" for bar in bars) + "."
    rows = tuple(
        (name, money(value) if chart.money else str(value), share(value, whole)) for name, value, whole in values
    )
    return Bars(chart.id, chart.name, chart.note, words, len(bars) * ROW, tuple(bars), chart.of, rows)


def _lines(runs: Iterable[Run]) -> Lines:
    """Of each week how many of the visits were missed or called off too late."""
    found = list(runs)
    shares = {str(run["name"]): [_week(week) for week in run["weeks"]] for run in found}
    most = max([10, *(it for values in shares.values() for it in values if it is not None)])
    top = -(-int(most) // 10) * 10
    count = max(len(values) for values in shares.values())
    step = (WIDE - LEFT) / max(1, count - 1)

    def place(n: int, value: float) -> tuple[float, float]:
        return round(LEFT + n * step, 1), round((HIGH - UNDER) * (1 - value / top) + 6, 1)

    lines = []
    for name, values in shares.items():
        there = [place(n, it) for n, it in enumerate(values) if it is not None]
        text = tuple("–" if it is None else f"{it:.0f} %" for it in values)
        lines.append(Line(name, " ".join(f"{x},{y}" for x, y in there), text, there[-1]))
    title = "Missed or called off too late, week by week, of the visits booked"
    words = f"{title}. " + "; ".join(f"{line.label}: {', '.join(line.values)}" for line in lines) + "."
    marks = tuple((it, place(0, it)[1]) for it in (0, top // 2, top))
    return Lines(title, words, tuple(lines), marks, tuple((n + 1, place(n, 0)[0]) for n in range(0, count, 2)))


def _week(week: Mapping[str, int]) -> float | None:
    return 100 * (week["no_show"] + week["cancelled_late"]) / week["booked"] if week["booked"] else None


def _effects(told: Told) -> Iterable[tuple[str, str, str, str, str]]:
    """Each policy, what it is there for, and that number with and without it."""
    runs = {run["name"]: run for run in told["runs"]}
    for policy, means in told["policies"].items():
        if f"without {policy}" in runs:
            what, value, whole = EFFECTS[policy]
            both = (runs[f"without {policy}"], runs["everything"])
            without, with_it = (_said(value(run), whole(run) if whole else None) for run in both)
            yield policy, means, what, without, with_it


def _length(value: int, whole: int | None) -> float:
    return value if whole is None else value / whole if whole else 0.0


def _said(value: int, whole: int | None, *, as_money: bool = False) -> str:
    """A number with what it is of."""
    write = money if as_money else "{:,}".format
    return write(value) if whole is None else f"{share(value, whole)} ({write(value)} of {write(whole)})"


def share(value: int, whole: int | None) -> str:
    return f"{100 * value / whole:.1f} %" if whole else "–"


def money(minor: int) -> str:
    return f"${minor / 100:,.0f}"
