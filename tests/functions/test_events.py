"""Every sample event is answered by its function as on an ordinary day."""

import importlib
from typing import Any

import pytest

from kept import clock
from kept.runtime import aws
from tests import lotus
from tests.sample_events import Sample, samples, something_set_aside, the_world

SEE_OTHER = 303
FORMS = {"client_pages"}
"""A form is answered with the page to go on to."""
STAYS = {"client_pages/leave", "client_pages/make_calendar_link", "client_pages/call_instead"}
"""But for the unsubscribe, for mail programs go nowhere, and what can be shown this once or leads to nothing."""
LEAD_ON = {"client_pages/short", "client_pages/short_in_capitals"}
"""What is only looked at, and answered with another page to look at."""
LOOKS = {
    "payments/from_stripe",
    "payments/pay",
    "follow_up_policy/preview",
    "follow_up_policy/would",
    "clients/answer_preview",
    "clients/preview_merge",
    "front_desk/move_preview",
    "front_desk/preview_closure",
    "sign_ins/reactivate",
    "catalog/terms",
    "figures/dry_run",
    "figures/dry_run_file",
} | {f"catalog/would_{kind}" for kind in ("business", "service", "member", "room", "text")}
"""What is asked with a body and changes nothing all the same."""
OTHERWISE = {
    "client_pages/elsewhere": 308,
    "desk_pages/file": 404,
    "payments/back": 303,
    "payments/pay_once_booked": 303,
    "payments/from_stripe": 403,
    "payments/pay": 409,
}
"""What was typed in other letters leads on; a file's name of an earlier deployment leads nowhere. Nobody pays online at
this salon, whose account with Stripe nobody has entered."""
MADE = {"booking/hold", "booking/book", "clients/invite", "front_desk/book", "follow_ups/open"} | {
    "clients/answer",
    "clients/enter",
    "clients/note",
    *(f"clients/{act}" for act in ("correct", "exchange_points", "give_credit", "pay", "refund", "waive")),
    *(f"clients/{act}" for act in ("receive_deposit", "hand_deposit_back", "let_deposit_off")),
    "front_desk/block",
    "front_desk/close",
    "front_desk/come_in",
    "front_desk/make_calendar",
    "front_desk/make_client_calendar",
    "guide/try_out",
    "sign_ins/invite",
    "starting/make",
}
"""What answers with 201: something is there that was not before."""


@pytest.fixture(autouse=True)
def _world() -> None:
    the_world()
    something_set_aside()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")


def answered(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: sample.happens)
    return importlib.import_module(sample.function).handler(sample.event, None)


ROUTES = [sample for sample in samples() if sample.is_request]
SCHEDULES = [sample for sample in samples() if "time" in sample.event]
QUEUES = [sample for sample in samples() if "Records" in sample.event]


OF_NOBODY = frozenset(
    {"inbound_message/inbound-whatsapp_reaction", "inbound_message/inbound-whatsapp_reaction_removed"}
)
"""A thumb from a number that nobody has is in the log alone."""
UNREADABLE = "inbound_message/inbound-whatsapp_one_of_two_unreadable"


@pytest.mark.parametrize("sample", ROUTES, ids=str)
def test_a_route(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """To look changes nothing, and everything else changes something."""
    before = lotus.everything()
    answer = answered(sample, monkeypatch)
    looked = sample.event["requestContext"]["http"]["method"] in ("GET", "HEAD") or str(sample) in LOOKS
    goes_on = str(sample) in LEAD_ON or (sample.function in FORMS and not looked and str(sample) not in STAYS)
    usual = SEE_OTHER if goes_on else 201 if str(sample) in MADE else OTHERWISE.get(str(sample), 200)
    assert answer["statusCode"] == usual, answer["body"]
    assert (lotus.everything() == before) is looked


DUE = {"no_show_detector/every_minute": 3, "due_sweep/day_list": 2, "due_sweep/event": 2}
"""Where it is more than one: who is not there, and two who wait while the day runs late; the day's list, and that Mei
runs late; what came free, and who is to be told that their turn is near."""


@pytest.mark.parametrize("sample", SCHEDULES, ids=str)
def test_a_schedule(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """Finds what is due, and hands over each once."""
    assert answered(sample, monkeypatch)["handed_over"] == DUE.get(str(sample), 1)


@pytest.mark.parametrize("sample", QUEUES, ids=str)
def test_a_queue(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done, and nothing is left of it to be done again; what cannot be read goes back alone each time."""
    before = lotus.everything()
    assert answered(sample, monkeypatch) == {"batchItemFailures": []}
    done = lotus.everything()
    assert (done == before) is (str(sample) in OF_NOBODY)
    assert answered(sample, monkeypatch) == {"batchItemFailures": []}
    again = lotus.everything()
    back_in_the_queue = (again.pop("INBOUND_QUEUE"), done.pop("INBOUND_QUEUE"))
    assert again == done
    assert back_in_the_queue == (("2", "1") if str(sample) == UNREADABLE else ("0", "0"))
