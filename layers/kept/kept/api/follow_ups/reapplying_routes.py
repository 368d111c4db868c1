"""A version of the follow-up policy put on follow-ups that are open already, on purpose and with a reason."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept import clock
from kept.api import identity
from kept.api.cursors import place
from kept.api.follow_ups import policy_answers as answers
from kept.use_cases.follow_ups import policies

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post("/v1/desk/follow-up-policies/<number>/apply")
def apply(number: Annotated[int, Path(ge=1, le=999_999)], asked: answers.ApplyRequest) -> answers.AppliedAnswer:
    business, by = identity.staff(router.current_event, at_least="manager")
    change = identity.change_by(router.current_event, by, clock.now(), why=asked.why)
    return answers.applied(number, policies.apply(business, number, place(asked.after), change))
