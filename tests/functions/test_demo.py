"""The demo's two businesses: planted whenever it is, whole, and only once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from infra.local import seed
from infra.local.planting import Demo, plant
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Service
from kept.channels import Channel, Purpose
from kept.clients.client import Tier
from kept.clients.subscriptions import TapKind
from kept.storage import catalogs, clients, follow_ups, messages
from kept.use_cases.booking.day import on_day
from tests import lotus

SATURDAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def planted(at: datetime = SATURDAY) -> None:
    with time_machine.travel(at, tick=False):
        plant(seed.TOLD)


def bookings(business: str, at: datetime = SATURDAY) -> list[Appointment]:
    catalog = catalogs.load(business)
    days = (at.astimezone(catalog.business.zone).date() + timedelta(days=n) for n in range(15))
    return [appointment for day in days for appointment in on_day(catalog, day)]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(SATURDAY, id="Saturday morning in Shanghai"),
        pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), id="Sunday before midnight in Shanghai"),
        pytest.param(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), id="Thanksgiving"),
        pytest.param(datetime(2026, 3, 8, 6, 59, tzinfo=UTC), id="the minute before the clock changes in New York"),
        pytest.param(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), id="New Year's Eve"),
    ],
)
def test_every_booking_finds_a_place(at: datetime) -> None:
    planted(at)
    for id, told in seed.TOLD.items():
        made = bookings(id, at)
        assert len(made) == len(told["bookings"])
        confirmed = [booking for booking in told["bookings"] if booking.get("confirmed")]
        assert sum(appointment.status is Status.CONFIRMED for appointment in made) == len(confirmed)
        assert all(appointment.starts > at for appointment in made)


def test_planted_again_a_week_later_nothing_is_changed() -> None:
    planted()
    before = lotus.everything()
    planted(SATURDAY + timedelta(days=7))
    assert lotus.everything() == before


def test_half_a_planting_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local import planting

    monkeypatch.setattr(planting, "_book", lambda *_: None)
    planted()
    monkeypatch.undo()
    planted()
    assert [len(bookings(id)) for id in seed.TOLD] == [len(told["bookings"]) for told in seed.TOLD.values()]


def test_what_the_owner_changed_stays() -> None:
    planted()
    catalogs.put("lanting", [Service("cut", "剪发", 30, ("lin-yue",))])
    planted()
    assert catalogs.load("lanting").services["cut"].duration == 30


@pytest.mark.parametrize("business", seed.TOLD)
def test_each_booking_has_its_confirmation_and_each_business_a_call_to_return(
    business: str, queued: Callable[[str], list[dict[str, Any]]]
) -> None:
    planted()
    for appointment in bookings(business):
        assert "confirmation" in [message.stage for message in messages.about(business, appointment.id)]
    with time_machine.travel(SATURDAY, tick=False):  # later than its retention a queue would have forgotten them
        assert queued("MESSAGES_QUEUE")
    (opened,) = follow_ups.board(business).follow_ups
    assert opened.assignee in catalogs.load(business).staff
    assert opened.history[0].why


@pytest.mark.parametrize("business", seed.TOLD)
def test_there_are_clients_of_every_tier_who_agreed_to_be_told(business: str) -> None:
    planted()
    demo = Demo.model_validate(seed.TOLD[business])
    people = [clients.load(business, appointment.client) for appointment in bookings(business)]
    assert {client.tier for client in demo.clients.values()} == set(Tier)
    offered = catalogs.load(business).business.channels
    assert all(person.channels(Purpose.TRANSACTIONAL, offered) for person in people)


def test_somebody_of_every_rank_can_sign_in_at_each_business() -> None:
    for business in seed.TOLD:
        assert {person.group for person in seed.STAFF if person.business == business} == {"staff", "manager", "owner"}


def test_the_salon_in_shanghai_reaches_her_on_wechat_first_and_has_two_taps_of_hers() -> None:
    planted()
    (zheng,) = clients.of_contact("lanting", "oLanting_zhengkexin_0001")
    assert [tap.kind for tap in zheng.subscriptions] == list(TapKind)
    (visit,) = [one for one in bookings("lanting") if one.client == zheng.id]
    assert visit.booked_as
    assert visit.booked_as.wechat == zheng.wechat
    (told,) = messages.about("lanting", visit.id)
    assert (told.stage, told.channel) == ("confirmation", Channel.WECHAT)
    assert catalogs.load("lanting").business.channels[0] is Channel.WECHAT
    assert catalogs.load("hudson-garage").business.channels[0] is Channel.EMAIL
