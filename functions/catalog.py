"""The owner's settings: the business, its services, its staff, its rooms and its own texts.

A change is saved though it breaks or moves visits that are booked, and its answer says which. It is not saved over a
newer one than the asker has seen (If-Match, by the `revision` of each thing), or than there was when they asked.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.base import Revised
from kept.api.booking import local_times
from kept.api.business import answers, history_routes, logo_routes, payment_routes, preview_routes, text_preview_routes
from kept.api.business.asked import Named, seen
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.business.text_settings import SavedText, TextSettings, saved
from kept.api.guards import staff_only
from kept.pages.desk import terms_routes
from kept.storage.catalogs import revision
from kept.use_cases.business import settings
from kept.use_cases.business.effects import Effects, saving

LARGEST = {"PUT /v1/desk/business/logo": logo_routes.LARGEST}
app = http_app(staff_only("manager"), remembered=".*(?<!/preview)", largest=LARGEST)
app.include_router(preview_routes.router)
app.include_router(history_routes.router)
app.include_router(text_preview_routes.router)
app.include_router(logo_routes.router)
app.include_router(payment_routes.router)
app.include_router(terms_routes.router)
handler = entrance(app)
T = TypeVar("T")


@app.get("/v1/desk/catalog")
def show() -> answers.CatalogAnswer:
    return answers.catalog(settings.read(_business()))


@app.put("/v1/desk/business")
def set_business(told: BusinessSettings) -> answers.ChangedBusiness:
    wanted = told.business(_business())
    made, does = _changed(
        wanted.id, partial(settings.save_business, wanted, now=clock.now(), seen=_seen(told), change=_change())
    )
    kept = local_times.to_response(does.local_times, does.zone)
    now_so = dict(answers.business(made, revision(made)))
    return answers.ChangedBusiness(**now_so, breaks=_breaks(does), places=_places(does), local_times=kept)


@app.put("/v1/desk/services/<service>")
def set_service(service: Named, told: ServiceSettings) -> answers.ChangedService:
    business = _business()
    made, does = _changed(
        business, partial(settings.save_service, business, told.service(service), seen=_seen(told), change=_change())
    )
    now_so = dict(answers.service(made, revision(made)))
    return answers.ChangedService(**now_so, breaks=_breaks(does), places=_places(does))


@app.delete("/v1/desk/services/<service>")
def drop_service(service: Named) -> answers.GivenUp:
    """Nobody can book it any more; what is booked stands, and keeps its name."""
    business = _business()
    gone, does = _changed(
        business, partial(settings.give_up_service, business, service, seen=_seen(), change=_change())
    )
    return answers.GivenUp(id=gone.id, breaks=_breaks(does))


@app.put("/v1/desk/staff/<member>")
def set_staff(member: Named, told: StaffSettings) -> answers.ChangedStaff:
    business = _business()
    save = partial(
        settings.save_staff, business, told.member(member), now=clock.now(), seen=_seen(told), change=_change()
    )
    made, does = _changed(business, save)
    return answers.ChangedStaff(**dict(answers.member(made, revision(made))), breaks=_breaks(does))


@app.delete("/v1/desk/staff/<member>")
def drop_staff(member: Named) -> answers.GivenUp:
    """They are taken off every service; what is booked with them stands until it is moved."""
    business = _business()
    gone, does = _changed(business, partial(settings.give_up_staff, business, member, seen=_seen(), change=_change()))
    return answers.GivenUp(id=gone.id, breaks=_breaks(does))


@app.put("/v1/desk/rooms/<room>")
def set_room(room: Named, told: RoomSettings) -> answers.ChangedRoom:
    business = _business()
    made, does = _changed(
        business, partial(settings.save_room, business, told.room(room), seen=_seen(told), change=_change())
    )
    return answers.ChangedRoom(**dict(answers.room(made, revision(made))), breaks=_breaks(does))


@app.delete("/v1/desk/rooms/<room>")
def drop_room(room: Named) -> answers.GivenUp:
    """It is taken off every service; what is booked in it stands until it is moved."""
    business = _business()
    gone, does = _changed(business, partial(settings.give_up_room, business, room, seen=_seen(), change=_change()))
    return answers.GivenUp(id=gone.id, breaks=_breaks(does))


@app.put("/v1/desk/texts/<language>/<stage>")
def set_text(language: Named, stage: Named, told: TextSettings) -> SavedText:
    made = settings.save_text(_business(), told.text(language, stage), seen=_seen(told), change=_change())
    return saved(made, revision(made))


@app.delete("/v1/desk/texts/<language>/<stage>")
def drop_text(language: Named, stage: Named) -> SavedText:
    return saved(settings.drop_text(_business(), language, stage, seen=_seen(), change=_change()), "")


def _changed(business: str, save: Callable[[], T]) -> tuple[T, Effects]:
    """What was saved, and what that does to visits to come."""
    return saving(business, save, now=clock.now())


def _breaks(does: Effects) -> answers.BreaksAnswer:
    return answers.breaks(does.breaks, does.zone)


def _places(does: Effects) -> answers.MovedPlacesAnswer:
    return answers.places(does.places, does.zone)


def _seen(told: Revised | None = None) -> str | None:
    return seen(app.current_event, told)


def _change() -> Change:
    _, person = identity.staff(app.current_event, at_least="manager")
    return Change(person, clock.now())


def _business() -> str:
    return identity.leading(app.current_event)
