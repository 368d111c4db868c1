"""What saving a setting would do to those who are booked: asked with the body that would be saved, changes nothing."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept import clock
from kept.api import identity
from kept.api.base import Revised
from kept.api.booking import local_times
from kept.api.business import answers
from kept.api.business.asked import Named, seen
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.use_cases.business.effects import Effects
from kept.use_cases.business.trying import Tried, would

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post("/v1/desk/business/preview")
def try_business(told: BusinessSettings) -> answers.EffectsAnswer:
    return _would(told.business(identity.leading(router.current_event)), told)


@router.post("/v1/desk/services/<service>/preview")
def try_service(service: Named, told: ServiceSettings) -> answers.EffectsAnswer:
    return _would(told.service(service), told)


@router.post("/v1/desk/staff/<member>/preview")
def try_staff(member: Named, told: StaffSettings) -> answers.EffectsAnswer:
    return _would(told.member(member), told)


@router.post("/v1/desk/rooms/<room>/preview")
def try_room(room: Named, told: RoomSettings) -> answers.EffectsAnswer:
    return _would(told.room(room), told)


def _would(thing: Tried, told: Revised) -> answers.EffectsAnswer:
    event = router.current_event
    return effects(would(identity.leading(event), thing, now=clock.now(), seen=seen(event, told)))


def effects(does: Effects) -> answers.EffectsAnswer:
    """Times by the business's clock."""
    return answers.EffectsAnswer(
        breaks=answers.breaks(does.breaks, does.zone),
        places=answers.places(does.places, does.zone),
        local_times=local_times.to_response(does.local_times, does.zone),
    )
