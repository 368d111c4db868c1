"""How far a visit has come: what is done one after the other, as a service has it, once somebody is in the chair."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kept.business.checks import must
from kept.timekeeping.local_time import DAY

MOST_VISIT_STAGES = 8
LONGEST_VISIT_STAGE = 40
"""Letters."""


@dataclass(frozen=True, slots=True)
class VisitStage:
    """`minutes` are what it usually takes; `names` what it is called in other languages, by tag."""

    name: str
    minutes: int
    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    def in_language(self, tag: str) -> "VisitStage":
        """By its own name where there is no other."""
        return replace(self, name=self.names.get(tag) or self.name)


def check_visit_stages(stages: tuple[VisitStage, ...]) -> None:
    """Raises InvalidSetting."""
    must(len(stages) <= MOST_VISIT_STAGES, "visit_stages", f"At most {MOST_VISIT_STAGES} stages.")
    for n, stage in enumerate(stages):
        must(stage.name.strip(), f"visit_stages.{n}.name", "It has to be called something.")
        must(1 <= stage.minutes <= DAY, f"visit_stages.{n}.minutes", "It is from one minute to a day.")
