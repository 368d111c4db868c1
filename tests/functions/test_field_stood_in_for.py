"""Rule: one's own list has what is theirs and, marked with whose it is, what they are told in the place of one who is
away now: as long as that one is away, and whoever stands in for a stand-in.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.business.catalog import StaffMember
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.follow_ups import board as desk
from tests import lotus
from tests.builders import a_member
from tests.functions.following_up import at, get, moment, opened, post

NAMES = ("mei", "jun", "bo", "lin")
NOON = 1
"""Hours after Monday, 15:00 in Shanghai: an ordinary afternoon of everybody's."""


def away(stand_in: str = "", begins: float = -24, ends: float = 24, *, email: bool = True) -> StaffMember:
    """With so many hours from now to the beginning and the end of their time off."""
    member, now = a_member("x"), at(NOON)
    off = TimeOff(now + timedelta(hours=begins), now + timedelta(hours=ends))
    kept = replace(member, stand_in=stand_in, hours=replace(member.hours, time_off=(off,)))
    return kept if email else replace(kept, email="")


def there(stand_in: str = "", *, email: bool = True) -> StaffMember:
    return away(stand_in, begins=240, ends=241, email=email)


def staffed(**members: StaffMember) -> None:
    """Everybody has one follow-up, and who is not said to be away is there."""
    lotus.known()
    salon = lotus.the_salon()
    named = {id: replace(members.get(id, there()), id=id, name=id.title()) for id in NAMES}
    lotus.store(replace(salon, staff=named))
    for n, id in enumerate(NAMES):
        opened(f"f-{id}", assignee=id, hours=-n / 10)


def mine(staff: str = "jun", hours: float = NOON) -> list[tuple[str, str]]:
    lines = get("/mine", staff=staff, hours=hours).body["follow_ups"]
    return [(line["assignee"], line["stands_in_for"]) for line in lines]


JUN, MEI, BO = ("jun", ""), ("mei", "mei"), ("bo", "bo")


@pytest.mark.parametrize(
    ("staff", "juns"),
    [
        pytest.param({}, [JUN], id="everybody there"),
        pytest.param({"mei": there("jun")}, [JUN], id="there, and has a stand-in"),
        pytest.param({"mei": away("jun")}, [JUN, MEI], id="away"),
        pytest.param({"mei": away("jun", 0, 1)}, [JUN, MEI], id="since this minute"),
        pytest.param({"mei": away("jun", -1, 0)}, [JUN], id="back this minute"),
        pytest.param({"mei": away("jun", 1, 2)}, [JUN], id="away later today"),
        pytest.param({"mei": away("")}, [JUN], id="nobody stands in"),
        pytest.param({"mei": away("bo")}, [JUN], id="somebody else stands in"),
        pytest.param({"mei": away("gone")}, [JUN], id="a stand-in who has left"),
        pytest.param({"mei": away("jun"), "bo": away("jun")}, [BO, JUN, MEI], id="for two"),
        pytest.param({"mei": away("bo"), "bo": away("jun")}, [BO, JUN, MEI], id="for a stand-in"),
        pytest.param({"mei": away("bo"), "bo": there("jun")}, [JUN], id="a stand-in who is there"),
        pytest.param({"mei": away("bo"), "bo": away("mei")}, [JUN], id="two for each other"),
        pytest.param({"mei": away("jun"), "jun": away("lin")}, [JUN], id="away as well"),
        pytest.param({"mei": there("jun", email=False)}, [JUN, MEI], id="who has no address to be told at"),
        pytest.param({"mei": away("jun"), "jun": there(email=False)}, [JUN], id="no address oneself"),
    ],
)
def test_ones_own_list_has_what_one_stands_in_for(
    staff: Mapping[str, StaffMember], juns: list[tuple[str, str]]
) -> None:
    staffed(**staff)
    assert sorted(mine()) == sorted(juns)


def test_what_is_due_first_comes_first_whosever_it_is_and_what_is_put_off_last() -> None:
    staffed(mei=away("jun"), bo=away("jun"))
    post("/f-bo/snooze", {"until": moment(20), "why": "She is on a plane."})
    opened("f-old", assignee="mei", hours=-20)
    found = get("/mine", staff="jun", hours=NOON).body["follow_ups"]
    assert [line["id"] for line in found] == ["f-old", "f-jun", "f-mei", "f-bo"]


def test_once_they_are_back_it_is_theirs_alone() -> None:
    staffed(mei=away("jun"))
    assert mine("mei") == [("mei", "")]
    assert mine(hours=NOON + 25) == [JUN]


@pytest.mark.parametrize("part", [1, 2, 3, 7])
def test_of_long_lists_each_line_comes_once(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    staffed(mei=away("jun"), bo=away("jun"))
    for n in range(5):
        opened(f"g-{n}", assignee="mei", hours=-1)
        opened(f"h-{n}", assignee="jun" if n < 3 else "lin", hours=-1)
    monkeypatch.setattr(desk, "QUEUE", part)
    seen, after = list[str](), dict[str, str]()
    for _ in range(12):
        answer = get("/mine", staff="jun", hours=NOON, query=after)
        assert answer.status == 200, (after, answer.body)
        body = answer.body
        seen += [line["id"] for line in body["follow_ups"]]
        if body["next"] is None:
            break
        after = {"after": body["next"]}
    assert sorted(seen) == ["f-bo", "f-jun", "f-mei", *(f"g-{n}" for n in range(5)), "h-0", "h-1", "h-2"]


@pytest.mark.parametrize("after", ["1.f-1", "@1.f-1", "jun@", "jun@1.", "jun@1.f-1~", "jun@1.f-1~mei", "~jun@1.f-1"])
def test_a_cursor_of_no_such_list(after: str) -> None:
    staffed()
    assert get("/mine", staff="jun", query={"after": after}).code == "invalid_request"


def test_a_cursor_opens_nobody_elses_list() -> None:
    staffed(bo=away("jun"))
    past = int(datetime.timestamp(at(-999)))
    assert get("/mine", staff="jun", query={"after": f"mei@{past}.f-0~lin@{past}.f-0"}).body["follow_ups"] == []
