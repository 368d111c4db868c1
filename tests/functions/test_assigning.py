"""Whose a new follow-up becomes: the client's own person, whoever has least, or each in turn; nobody who is away."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.business.catalog import Catalog, StaffMember
from kept.follow_up.assignment import Rule
from kept.follow_up.policy import ServicePolicy
from kept.storage import catalogs, follow_up_policies, follow_ups
from kept.storage.transaction import together
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.follow_ups.assigning import assigned
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, a_member

MEI, JUN, LIN = a_member("mei"), a_member("jun"), a_member("lin")


def away(member: StaffMember, stand_in: str = "") -> StaffMember:
    off = TimeOff(OPENED - timedelta(days=1), OPENED + timedelta(days=1))
    return replace(member, hours=replace(member.hours, time_off=(off,)), stand_in=stand_in)


def opened(id: str, to: str, *, at: datetime = OPENED) -> None:
    follow_ups.put_alone(replace(a_follow_up(opened=at, assignee=to), id=id))


def open_salon(*staff: StaffMember, rule: Rule = Rule.OWNER) -> Catalog:
    catalog = a_catalog(*staff)
    catalogs.put("lotus", [catalog.business, *catalog.staff.values(), *catalog.services.values()])
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(assignment=rule), transaction)
    catalogs.forget()
    return catalogs.load("lotus")


@pytest.mark.parametrize(
    ("staff", "owner", "expected"),
    [
        pytest.param((MEI, JUN), "mei", "mei", id="the client's own person, however much they have"),
        pytest.param((away(MEI, "lin"), JUN, LIN), "mei", "lin", id="their stand-in while they are away"),
        pytest.param((away(MEI), JUN, LIN), "mei", "lin", id="away without one: whoever has least"),
        pytest.param((MEI, JUN, LIN), "", "lin", id="a client without one: whoever has least"),
        pytest.param((MEI, JUN, replace(LIN, email="")), "", "jun", id="who cannot be written to gets none"),
        pytest.param((away(MEI), away(JUN)), "mei", "", id="nobody is there"),
    ],
)
def test_by_default_it_is_the_client_s_own_person_s(staff: tuple[StaffMember, ...], owner: str, expected: str) -> None:
    catalog = open_salon(*staff)
    for n, to in enumerate(("mei", "mei", "jun")):
        opened(f"f-{n}", to)
    assert assigned(catalog, owner, now=OPENED) == expected


def test_the_least_loaded_is_so_for_every_client() -> None:
    catalog = open_salon(MEI, JUN, rule=Rule.LEAST_LOADED)
    opened("f-1", "mei")
    assert assigned(catalog, "mei", now=OPENED) == "jun"


def test_in_turn_it_is_the_next_after_whoever_got_the_last() -> None:
    catalog = open_salon(MEI, away(JUN), LIN, rule=Rule.ROUND_ROBIN)
    assert assigned(catalog, now=OPENED) == "lin"
    opened("f-1", "lin", at=OPENED - timedelta(hours=1))
    assert assigned(catalog, now=OPENED) == "mei"
    opened("f-2", "mei")
    assert assigned(catalog, now=OPENED) == "lin"
