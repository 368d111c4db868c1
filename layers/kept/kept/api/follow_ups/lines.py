"""A request that becomes one line of a follow-up's history: what all of them have in common."""

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.follow_ups.answers import DoneAnswer, done
from kept.api.follow_ups.requests import BodyOfLine
from kept.follow_up.staff_hours import StaffHours
from kept.storage import catalogs, follow_ups
from kept.use_cases.follow_ups.acts import Done, record


def write(event: APIGatewayProxyEventV2, follow_up: str, said: BodyOfLine) -> DoneAnswer:
    """Raises what `record` does, SignInRequired, RoleRequired."""
    business, change = identify(event, said.in_words())
    return to_response(record(business, follow_up, said.act(), change))


def to_response(what: Done) -> DoneAnswer:
    follow_up, event = what
    hours = StaffHours.of_business(catalogs.load(follow_up.business))
    return done(follow_up, event, follow_ups.policies(follow_up), hours)


def identify(event: APIGatewayProxyEventV2, why: str = "", *, at_least: str = "staff") -> tuple[str, Change]:
    """For which business, and by whom, now and why. Raises SignInRequired, RoleRequired."""
    business, by = identity.staff(event, at_least=at_least)
    return business, identity.change_by(event, by, clock.now(), why=why)
