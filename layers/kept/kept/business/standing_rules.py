"""When a client's record asks for a deposit or for a person's yes before they book again."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class StandingRules:
    """What is longer ago than `decay` counts no more, and before a client has had `fewest` visits nothing counts.

    So many missed visits, or so many cancelled too late, ask for a deposit; `restricted_missed` for a person's yes.
    """

    decay: timedelta = timedelta(days=180)
    fewest: int = 3
    deposit_missed: int = 2
    deposit_late: int = 3
    restricted_missed: int = 3
