"""What clients accepted under one number: kept as it was, for as long as something that was booked under it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kept.business.catalog import Business
from kept.business.change_rules import ChangeRules


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The rules, and the business's own words for them: `text` in its own language, `texts` in others by tag."""

    number: int
    changes: ChangeRules
    text: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def text_in(self, language: str) -> str:
        return self.texts.get(language) or self.text


def in_force(business: Business) -> PolicyVersion:
    return PolicyVersion(business.policy_version, business.changes, business.policy_text, business.policy_texts)


def next_number(business: Business, before: Business | None) -> int:
    """It rises where what a client accepts is otherwise than before, and by nothing else."""
    if before is None:
        return business.policy_version
    is_same = _accepted(business) == _accepted(before)
    return before.policy_version + (not is_same)


def _accepted(business: Business) -> tuple[object, ...]:
    return business.changes, business.policy_text, business.policy_texts
