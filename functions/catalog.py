"""The owner's settings: the business, its services, its staff, its rooms and its own texts."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from kept import clock
from kept.api import asking
from kept.api import settings_answers as answers
from kept.api.business_settings import BusinessSettings
from kept.api.door import door, entrance
from kept.api.guards import staff_only
from kept.api.requests import Id
from kept.api.settings_requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.text_settings import SavedText, TextSettings, saved
from kept.desk import settings

app = door(staff_only("manager"))
handler = entrance(app)
Named = Annotated[Id, Path()]


@app.get("/v1/desk/catalog")
def show() -> answers.CatalogAnswer:
    return answers.catalog(settings.read(_business()))


@app.put("/v1/desk/business")
def set_business(told: BusinessSettings) -> answers.SavedBusiness:
    return answers.business(settings.save_business(told.business(_business()), now=clock.now()))


@app.put("/v1/desk/services/<service>")
def set_service(service: Named, told: ServiceSettings) -> answers.SavedService:
    return answers.service(settings.save_service(_business(), told.service(service)))


@app.put("/v1/desk/staff/<member>")
def set_staff(member: Named, told: StaffSettings) -> answers.SavedStaff:
    return answers.member(settings.save_staff(_business(), told.member(member), now=clock.now()))


@app.put("/v1/desk/rooms/<room>")
def set_room(room: Named, told: RoomSettings) -> answers.SavedRoom:
    return answers.room(settings.save_room(_business(), told.room(room)))


@app.put("/v1/desk/texts/<language>/<stage>")
def set_text(language: Named, stage: Named, told: TextSettings) -> SavedText:
    return saved(settings.save_text(_business(), told.text(language, stage)))


@app.delete("/v1/desk/texts/<language>/<stage>")
def drop_text(language: Named, stage: Named) -> SavedText:
    return saved(settings.drop_text(_business(), language, stage))


def _business() -> str:
    """Of whoever asks, who has to lead it. Raises SignInRequired, RoleRequired."""
    business, _ = asking.staff(app.current_event, at_least="manager")
    return business
