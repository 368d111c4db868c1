"""Who signs in: the rule is that an owner decides it, for their own business, and never shuts out who decides.

Whatever is refused changes nobody, and an address that is in use is refused in the same words wherever it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import catalog as settings
import sign_ins
from kept import clock
from kept.business.sign_in import Role
from kept.runtime import aws
from kept.settings import setting
from kept.storage import sign_ins as stored
from kept.storage.leases import LASTS, alone_at
from tests import lotus
from tests.asked_of_aws import meddling
from tests.asking import Answer, ask

PASSWORD = "Lotus-2026-tea"
JUN, MEI, BO, LIN = (f"{name}@lotus.example" for name in ("jun", "mei", "bo", "lin"))
SAM = "sam@garage.example"


@pytest.fixture(autouse=True)
def _people() -> None:
    """Jun owns the salon, Mei leads it, Bo was invited as staff; Sam owns the garage."""
    lotus.open_both()
    lotus.let_in(JUN, "owner", staff="jun", password=PASSWORD)
    lotus.let_in(MEI, "manager", staff="mei", password=PASSWORD)
    lotus.let_in(BO, staff="bo")
    lotus.let_in(SAM, "owner", business="garage", staff="sam", password=PASSWORD)


def id(email: str) -> str:
    return stored.id_of(email)


def by(
    email: str, route: str, body: object = None, *, role: str = "owner", business: str = "lotus", key: str = ""
) -> Answer:
    """`role` is what the token says, which is what they were a while ago."""
    return ask(sign_ins.handler, route, body, role=role, business=business, email=email, key=key)


def invite(email: str, role: str = "staff", staff: str = "", *, me: str = JUN, key: str = "") -> Answer:
    return by(me, "POST /v1/desk/sign-ins", {"email": email, "role": role, "staff": staff}, key=key)


def act(email: str, what: str, *, me: str = JUN) -> Answer:
    return by(me, f"POST /v1/desk/sign-ins/{id(email)}/{what}")


def change(email: str, *, me: str = JUN, **told: object) -> Answer:
    return by(me, f"PATCH /v1/desk/sign-ins/{id(email)}", told)


def everybody() -> dict[str, Any]:
    """Of all businesses, as Cognito has them."""
    pool, cognito = setting("STAFF_POOL"), aws("cognito-idp")
    found = cognito.list_users(UserPoolId=pool)["Users"]
    return {
        next(one["Value"] for one in user["Attributes"] if one["Name"] == "email"): (
            sorted((one["Name"], one["Value"]) for one in user["Attributes"]),
            user["Enabled"],
            user["UserStatus"],
            [
                group["GroupName"]
                for group in cognito.admin_list_groups_for_user(UserPoolId=pool, Username=user["Username"])["Groups"]
            ],
        )
        for user in found
    }


def listed(business: str = "lotus") -> list[tuple[str, str, str, bool]]:
    return [(it.email, it.role, it.staff, it.is_active) for it in stored.load(business).values()]


def test_leaders_see_who_signs_in_and_who_may_change_it() -> None:
    answer = by(MEI, "GET /v1/desk/sign-ins", role="manager")
    told = [(it["email"], it["role"], it["active"], it["invited"], it["me"]) for it in answer.body["sign_ins"]]
    assert told == [
        (JUN, "owner", True, False, False),
        (MEI, "manager", True, False, True),
        (BO, "staff", True, True, False),
    ]
    assert (answer.body["minutes_left"], answer.body["may_change"]) == (15, False)
    assert by(JUN, "GET /v1/desk/sign-ins").body["may_change"]


def test_whoever_is_invited_is_listed_as_what_they_are_to_be() -> None:
    answer = invite(" Lin@Lotus.example ", "manager", "bo")
    assert (answer.status, answer.body["email"], answer.body["invited"]) == (201, LIN, True)
    assert (LIN, "manager", "bo", True) in listed()


def test_the_same_invitation_again_under_its_key_is_the_first_one() -> None:
    first, again = invite(LIN, key="invite-lin-1"), invite(LIN, key="invite-lin-1")
    assert (again.status, again.body) == (201, first.body)


def test_a_key_that_was_refused_is_nobody_s() -> None:
    assert invite(MEI, key="invite-lin-2").status == 409
    assert invite(LIN, key="invite-lin-2").status == 201


def test_an_invitation_that_was_cut_short_is_finished_by_the_next() -> None:
    """They were made and had no role yet: nobody sees them, and they may do nothing."""
    lotus.let_in(LIN, "")
    assert LIN not in [it[0] for it in listed()]
    assert invite(LIN, "staff", "bo").status == 201
    assert (LIN, "staff", "bo", True) in listed()


REFUSED: dict[str, tuple[Callable[[], Answer], int, str]] = {
    "an address of this business": (lambda: invite(MEI), 409, "email_in_use"),
    "an address of another business": (lambda: invite(SAM), 409, "email_in_use"),
    "in capitals": (lambda: invite("SAM@Garage.Example"), 409, "email_in_use"),
    "with full-width letters": (lambda: invite("ｓａｍ@garage.example"), 409, "email_in_use"),
    "one's own": (lambda: invite(JUN), 409, "email_in_use"),
    "no address": (lambda: invite("lin"), 422, "invalid_email"),
    "nothing": (lambda: invite(""), 422, "invalid_request"),
    "two addresses": (lambda: invite("lin@lotus.example,bo@lotus.example"), 422, "invalid_email"),
    "with a line of a header": (lambda: invite("lin@lotus.example\r\nBcc: x@y.example"), 422, "invalid_email"),
    "too long": (lambda: invite("l" * 120 + "@lotus.example"), 422, "invalid_request"),
    "a role that is none": (lambda: invite(LIN, "admin"), 422, "invalid_request"),
    "a role in capitals": (lambda: invite(LIN, "OWNER"), 422, "invalid_request"),
    "somebody who does not work there": (lambda: invite(LIN, "staff", "sam"), 404, "unknown_staff"),
    "a business of one's choice": (
        lambda: by(JUN, "POST /v1/desk/sign-ins", {"email": LIN, "role": "staff", "business": "garage"}),
        422,
        "invalid_request",
    ),
    "one's own role": (lambda: change(JUN, role="staff"), 409, "own_sign_in"),
    "one's own role, a little less": (lambda: change(JUN, role="manager"), 409, "own_sign_in"),
    "one's own access": (lambda: act(JUN, "deactivate"), 409, "own_sign_in"),
    "another business's role": (lambda: change(SAM, role="staff"), 404, "unknown_sign_in"),
    "another business's access": (lambda: act(SAM, "deactivate"), 404, "unknown_sign_in"),
    "another business's invitation": (lambda: act(SAM, "invite-again"), 404, "unknown_sign_in"),
    "nobody's": (lambda: act("nobody@lotus.example", "reactivate"), 404, "unknown_sign_in"),
    "staff of another business": (lambda: change(BO, staff="sam"), 404, "unknown_staff"),
    "invited again who has come": (lambda: act(MEI, "invite-again"), 409, "signed_in_already"),
    "by a leader": (
        lambda: by(MEI, f"PATCH /v1/desk/sign-ins/{id(BO)}", {"role": "owner"}, role="manager"),
        403,
        "role_required",
    ),
    "oneself, by a leader": (
        lambda: by(MEI, f"PATCH /v1/desk/sign-ins/{id(MEI)}", {"role": "owner"}, role="manager"),
        403,
        "role_required",
    ),
    "by who is no owner any more": (lambda: act(BO, "deactivate", me=MEI), 403, "role_required"),
    "by whom nobody knows": (lambda: invite(LIN, me="ghost@lotus.example"), 403, "role_required"),
    "by the owner of another business": (lambda: act(BO, "deactivate", me=SAM), 403, "role_required"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_changes_nobody(case: str) -> None:
    """The token says owner in all of them but two: it is what the pool says now that counts."""
    wrong, status, code = REFUSED[case]
    before, tables = everybody(), lotus.everything()
    answer = wrong()
    assert (answer.status, answer.code) == (status, code)
    assert everybody() == before
    assert lotus.everything() == tables
    assert "garage" not in str(answer.body).lower()


def test_an_address_in_use_is_refused_in_the_same_words_wherever_it_is() -> None:
    assert invite(MEI).body == invite(SAM).body


def test_who_is_stopped_and_let_in_again_is_what_they_were() -> None:
    assert act(MEI, "deactivate").body["active"] is False
    assert (MEI, "manager", "mei", False) in listed()
    assert act(MEI, "deactivate").status == 200
    assert act(MEI, "reactivate").body["active"] is True
    assert (MEI, "manager", "mei", True) in listed()


def test_a_role_and_whose_it_is_are_changed_each_by_itself() -> None:
    assert change(MEI, role="owner").body["role"] == "owner"
    assert change(MEI, staff="bo").body["staff"] == "bo"
    assert change(MEI, staff="").body["staff"] == ""
    assert (MEI, "owner", "", True) in listed()
    assert change(JUN, staff="bo").body["staff"] == "bo"


def test_a_change_of_role_that_was_cut_short_shows_the_higher_and_is_finished_by_the_next() -> None:
    pool = {"UserPoolId": setting("STAFF_POOL"), "Username": MEI}
    aws("cognito-idp").admin_add_user_to_group(**pool, GroupName="staff")
    assert (MEI, "manager", "mei", True) in listed()
    assert change(MEI, role="staff").body["role"] == "staff"
    assert everybody()[MEI][-1] == ["staff"]


def test_of_two_owners_who_take_each_others_role_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second asks while the first is at it, and again when that is done: then they are none any more."""
    change(MEI, role="owner")
    really, met = stored.set_role, []

    def meanwhile(it: Any, role: Role) -> None:
        with meddling():
            met.append(change(JUN, me=MEI, role="staff").code)
        really(it, role)

    monkeypatch.setattr(stored, "set_role", meanwhile)
    assert change(MEI, role="staff").status == 200
    monkeypatch.setattr(stored, "set_role", really)
    assert met == ["in_progress"]
    assert change(JUN, me=MEI, role="staff").code == "role_required"
    assert [it for it in listed() if it[1] == "owner"] == [(JUN, "owner", "jun", True)]


def test_who_crashed_in_the_middle_is_waited_for_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    crashed = alone_at("sign-ins", "lotus", now=now)
    crashed.__enter__()
    assert act(BO, "deactivate").code == "in_progress"
    monkeypatch.setattr(clock, "now", lambda: now + LASTS + timedelta(seconds=1))
    assert act(BO, "deactivate").status == 200


def test_more_people_than_one_page_of_cognito_are_all_listed() -> None:
    for number in range(65):
        lotus.let_in(f"p{number}@lotus.example")
    assert len(listed()) == 68


def history(*, me: str = JUN, role: str = "owner", business: str = "lotus") -> list[Any]:
    asked = {"kind": "sign_ins"}
    answer = ask(settings.handler, HISTORY, role=role, business=business, staff=me.partition("@")[0], query=asked)
    assert answer.status == 200, answer.body
    return list(answer.body["changes"])


HISTORY = "GET /v1/desk/settings-history"
TOLD: dict[str, tuple[Callable[[], Answer], dict[str, Any] | None, dict[str, Any]]] = {
    "invited": (lambda: invite(LIN, "manager", "bo"), None, {"email": LIN, "role": "manager", "staff": "bo"}),
    "another role": (lambda: change(MEI, role="staff"), {"role": "manager"}, {"role": "staff"}),
    "more": (lambda: change(BO, role="owner"), {"role": "staff"}, {"role": "owner"}),
    "somebody else of the staff": (lambda: change(BO, staff="mei"), {"staff": "bo"}, {"staff": "mei"}),
    "nobody of the staff": (lambda: change(MEI, staff=""), {"staff": "mei"}, {"staff": ""}),
    "both": (
        lambda: change(BO, role="manager", staff=""),
        {"role": "staff", "staff": "bo"},
        {"role": "manager", "staff": ""},
    ),
    "one's own place": (lambda: change(JUN, staff=""), {"staff": "jun"}, {"staff": ""}),
    "stopped": (lambda: act(MEI, "deactivate"), {"is_active": True}, {"is_active": False}),
    "stopped before they came": (lambda: act(BO, "deactivate"), {"is_active": True}, {"is_active": False}),
    "an invitation that was finished": (lambda: _finished(), None, {"email": LIN, "role": "staff"}),
}


def _finished() -> Answer:
    lotus.let_in(LIN, "")
    return invite(LIN, "staff", "bo")


@pytest.mark.parametrize("case", TOLD)
def test_each_change_of_a_sign_in_stands_once_in_the_history_and_is_put_back_by_nobody(case: str) -> None:
    """By whom and when; whoever leads sees it."""
    done, was, now = TOLD[case]
    assert done().status in (200, 201)
    (line,) = history(me=MEI, role="manager")
    assert {it["at"]: it["was"] for it in line["changed"]} == (was or {})
    assert now.items() <= line["now"].items()
    assert (line["was"] is None) == (was is None)
    assert (line["by"], line["kept"], line["name"]) == ("mei", False, line["now"]["email"])
    assert history(me=SAM, business="garage") == []


def test_whoever_is_let_in_again_stands_there_after_they_were_stopped() -> None:
    act(MEI, "deactivate")
    act(MEI, "reactivate")
    assert {it["now"]["is_active"] for it in history()} == {True, False}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_no_line(case: str) -> None:
    REFUSED[case][0]()
    assert history() == history(me=SAM, business="garage") == []


UNCHANGED: dict[str, Callable[[], Answer]] = {
    "the role they have": lambda: change(MEI, role="manager"),
    "who they are": lambda: change(MEI, staff="mei"),
    "nothing at all": lambda: change(MEI),
    "let in who is": lambda: act(MEI, "reactivate"),
    "invited again": lambda: act(BO, "invite-again"),
    "the same request": lambda: by(
        JUN, f"PATCH /v1/desk/sign-ins/{id(MEI)}", {"role": "manager"}, key="the-same-change"
    ),
}


@pytest.mark.parametrize("case", UNCHANGED)
def test_what_is_so_already_leaves_no_line(case: str) -> None:
    assert UNCHANGED[case]().status == 200
    assert history() == []


def test_who_loses_the_race_for_an_address_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else was invited under it between the look and the invitation."""
    monkeypatch.setattr(stored, "must_be_free", lambda *_: None)
    assert invite(SAM).code == "email_in_use"
    assert history() == []


def test_what_is_cut_short_leaves_a_line_and_asked_again_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never the other way round: nobody is let in or stopped without a line."""

    def cut(*_: Any) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(stored, "stop", cut)
        with pytest.raises(OSError, match="killed"):
            act(MEI, "deactivate")
    (line,) = history()
    assert line["now"]["is_active"] is False
    assert (MEI, "manager", "mei", True) in listed()
    assert act(MEI, "deactivate").status == 200
    assert (MEI, "manager", "mei", False) in listed()
