"""One line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, ours, its reference in the same run, and what the design holds it to."""

    what: str
    ours: str
    reference: str = ""
    hold: str = ""
