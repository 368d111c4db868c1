"""The versions of the follow-up policy, and what putting one on open follow-ups would do or has done."""

from typing import Annotated

from pydantic import Field, StringConstraints

from kept.api.base import Answer, Body
from kept.api.cursors import cursor
from kept.api.follow_ups.policy_settings import PolicySettings, to_response
from kept.follow_up.policy import ServicePolicy
from kept.follow_up.reapplying import Effect
from kept.use_cases.follow_ups.policies import Applied, Looked


class PreviewRequest(Body):
    """`after` is the `next` of the part before."""

    after: Annotated[str, Field(max_length=300)] | None = None


class ApplyRequest(PreviewRequest):
    """`why` is what the history of each of them will say."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class PoliciesAnswer(Answer):
    """Every version there is; follow-ups are opened by the one `in_force`. `defaults` are the product's own."""

    numbers: list[int]
    in_force: int
    defaults: PolicySettings


class PolicyAnswer(Answer):
    """`policy` can be sent back as it is."""

    number: int
    in_force: bool
    policy: PolicySettings


class EffectAnswer(Answer):
    """In how many follow-ups it appears on a clock at least, and in which."""

    count: int
    ids: list[str]


class PreviewAnswer(Answer):
    """Of one part of the board, to be added up; `next` asks for the rest, if there is more. `names` says whose the
    first few of each effect are, by the id of the follow-up."""

    number: int
    total: int
    words: str
    effects: dict[Effect, EffectAnswer]
    names: dict[str, str]
    next: str | None


class SkippedAnswer(Answer):
    """One that could not be put under the policy, with the code of the refusal."""

    id: str
    code: str


class AppliedAnswer(Answer):
    """Of one part of the board; `unchanged` had this policy already."""

    number: int
    changed: int
    unchanged: int
    skipped: list[SkippedAnswer]
    next: str | None


def policies(found: tuple[tuple[int, ...], int]) -> PoliciesAnswer:
    numbers, in_force = found
    return PoliciesAnswer(numbers=list(numbers), in_force=in_force, defaults=to_response(ServicePolicy()))


def policy(it: ServicePolicy, in_force: int) -> PolicyAnswer:
    return PolicyAnswer(number=it.number, in_force=it.number == in_force, policy=to_response(it))


def preview(number: int, looked: Looked) -> PreviewAnswer:
    found = looked.preview
    return PreviewAnswer(
        number=number,
        total=found.total,
        words=found.words,
        effects={effect: EffectAnswer(count=len(ids), ids=list(ids)) for effect, ids in found.by_effect.items()},
        names=dict(looked.names),
        next=cursor(looked.more_after),
    )


def applied(number: int, done: Applied) -> AppliedAnswer:
    return AppliedAnswer(
        number=number,
        changed=done.changed,
        unchanged=done.unchanged,
        skipped=[SkippedAnswer(id=id, code=code) for id, code in done.skipped.items()],
        next=cursor(done.more_after),
    )
