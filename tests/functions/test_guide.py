"""The guide of a new business: each step is left and resumed, told plainly what is missing, and tried with a letter."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import guide
import message_sender
from kept import clock
from kept.runtime import aws
from kept.storage import catalogs, messages
from kept.use_cases.messaging.staff_message import to_staff
from kept.use_cases.starting import guide as use_case
from tests import lotus
from tests.asking import Answer, ask
from tests.stopping import records

STEPS = ["trade", "hours", "people", "channels", "page", "booking"]


@pytest.fixture(autouse=True)
def _lotus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def by_owner(route: str, body: object = None, *, staff: str = "jun", business: str = "lotus", key: str = "") -> Answer:
    return ask(guide.handler, route, body, role="owner", staff=staff, business=business, key=key)


def show() -> Any:
    answer = by_owner("GET /v1/desk/guide")
    assert answer.status == 200
    return answer.body


def states() -> dict[str, str]:
    return {it["step"]: it["state"] for it in show()["steps"]}


def test_a_business_that_began_without_one_is_not_shown_any() -> None:
    assert (show()["shown"], show()["put_away"], list(states())) == (False, True, STEPS)


def test_steps_are_done_passed_over_and_opened_again_and_the_last_one_ends_it() -> None:
    use_case.begin("lotus")
    assert show()["shown"]
    assert by_owner("PUT /v1/desk/guide/steps/trade", {"state": "done"}).body["shown"]
    by_owner("PUT /v1/desk/guide/steps/hours", {"state": "skipped"})
    assert states() == dict.fromkeys(STEPS, "open") | {"trade": "done", "hours": "skipped"}
    by_owner("PUT /v1/desk/guide/steps/trade", {"state": "open"})
    assert states()["trade"] == "open"
    for step in STEPS:
        last = by_owner(f"PUT /v1/desk/guide/steps/{step}", {"state": "done"}).body
    assert not last["shown"]


def test_it_is_put_away_and_taken_out_again_without_losing_a_step() -> None:
    use_case.begin("lotus")
    by_owner("PUT /v1/desk/guide/steps/people", {"state": "done"})
    assert not by_owner("PUT /v1/desk/guide", {"away": True}).body["shown"]
    use_case.begin("lotus")
    assert not show()["shown"]
    assert by_owner("PUT /v1/desk/guide", {"away": False}).body["shown"]
    assert states()["people"] == "done"


def test_each_business_has_its_own() -> None:
    use_case.begin("lotus")
    by_owner("PUT /v1/desk/guide/steps/trade", {"state": "done"}, business="garage", staff="sam")
    assert states()["trade"] == "open"


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        pytest.param("PUT /v1/desk/guide/steps/nothing", {"state": "done"}, 422, id="no such step"),
        pytest.param("PUT /v1/desk/guide/steps/trade", {"state": "half"}, 422, id="no such state"),
        pytest.param("PUT /v1/desk/guide/steps/trade", {}, 422, id="no state"),
        pytest.param("PUT /v1/desk/guide", {"away": "perhaps"}, 422, id="neither"),
    ],
)
def test_what_makes_no_sense_is_refused(route: str, body: object, status: int) -> None:
    before = lotus.everything()
    assert by_owner(route, body).status == status
    assert lotus.everything() == before


def test_chinas_next_days_off_and_its_weekends_that_are_worked_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2025 the government's own: the spring festival from 28 January, with 26 January and 8 February worked."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 1, 20, tzinfo=UTC))
    days = {it["on"]: it["works_as"] for it in show()["special_days"]}
    assert days["2025-01-26"] is not None
    assert days["2025-01-28"] is None
    assert len(days) == 12


def test_what_is_missing_is_said_of_each_channel_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {it["channel"]: it["missing"] for it in show()["channels"]}["email"] == ["sandbox"]
    monkeypatch.setattr(use_case, "setting", lambda _: "none")
    found = {it["channel"]: it["missing"] for it in show()["channels"]}
    assert "number" in found["sms"]


def test_a_letter_to_oneself_goes_by_the_way_of_all_others() -> None:
    """To the address of whoever asks; of two asked for at once there is one."""
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    assert by_owner("POST /v1/desk/guide/trial").status == 201
    assert by_owner("POST /v1/desk/guide/trial").status == 201
    (written,) = messages.about("lotus", "trial-jun")
    assert show()["trial"]["status"] == "queued"
    message_sender.handler(records(f'{{"lane": "message", "business": "lotus", "id": "{written.id}"}}'), None)
    assert show()["trial"]["status"] == "sent"
    parcel = to_staff(written, catalogs.load("lotus"), now=lotus.NOW).parcel(now=lotus.NOW)
    assert (parcel.rendered.subject, parcel.to) == ("Lotus：邮件可以送达", "jun@lotus.example")
    assert "Jun，您好" in parcel.rendered.text
    catalogs.forget()
    assert use_case.tried("lotus", "mei") is None


def test_after_a_while_another_letter_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    by_owner("POST /v1/desk/guide/trial")
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(minutes=2))
    by_owner("POST /v1/desk/guide/trial")
    assert len(messages.about("lotus", "trial-jun")) == 2


def test_a_letter_asked_for_again_under_its_key_is_the_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a key that was refused is nobody's."""
    first = by_owner("POST /v1/desk/guide/trial", key="trial-letter-1")
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(minutes=2))
    assert by_owner("POST /v1/desk/guide/trial", key="trial-letter-1").body == first.body
    assert len(messages.about("lotus", "trial-jun")) == 1
    refused = by_owner("PUT /v1/desk/guide/steps/trade", {"state": "half"}, key="trade-step-1")
    assert refused.status == 422
    assert by_owner("PUT /v1/desk/guide/steps/trade", {"state": "done"}, key="trade-step-1").status == 200
