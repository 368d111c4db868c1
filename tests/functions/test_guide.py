"""The guide of a new business: each step is left and resumed, told plainly what is missing, and tried with a letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import guide
import message_sender
from kept import clock
from kept.channels import Channel, Purpose
from kept.clients.consent import Consent
from kept.messaging.channels import Parcel, Sending
from kept.runtime import aws
from kept.storage import catalogs, follow_ups, messages
from kept.use_cases.messaging import provider_clients, sending
from kept.use_cases.messaging.staff_message import to_staff
from kept.use_cases.starting import guide as use_case
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import a_client
from tests.stopping import records

STEPS = ["trade", "hours", "people", "channels", "page", "booking"]


@pytest.fixture(autouse=True)
def _lotus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def by_owner(
    route: str,
    body: object = None,
    *,
    staff: str = "jun",
    business: str = "lotus",
    key: str = "",
    email: str = "jun@lotus.example",
) -> Answer:
    return ask(guide.handler, route, body, role="owner", staff=staff, business=business, key=key, email=email)


def show() -> Any:
    answer = by_owner("GET /v1/desk/guide")
    assert answer.status == 200
    return answer.body


def channel(name: str) -> Any:
    return next(it for it in show()["channels"] if it["channel"] == name)


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
    assert channel("email")["trial"]["status"] == "queued"
    message_sender.handler(records(f'{{"lane": "message", "business": "lotus", "id": "{written.id}"}}'), None)
    assert channel("email")["trial"]["status"] == "sent"
    parcel = to_staff(written, catalogs.load("lotus"), now=lotus.NOW).parcel(now=lotus.NOW)
    assert (parcel.rendered.subject, parcel.to) == ("Lotus：邮件可以送达", "jun@lotus.example")
    assert "Jun，您好" in parcel.rendered.text
    catalogs.forget()
    assert use_case.tried("lotus", use_case.Tester("mei", None)) == {}


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


EVERY = tuple(Channel)
TEMPLATES = {"whatsapp/channel_trial": "kept_trial who=business", "wechat/channel_trial": "T1 thing=business"}


def over(*channels: Channel, **more: Any) -> None:
    """The salon uses them."""
    salon = replace(lotus.the_salon().business, channels=channels or EVERY, **more)
    catalogs.put("lotus", [salon])


def oneself(agreed: tuple[Channel, ...] = EVERY, **its: Any) -> None:
    """Jun booked for herself once, with the address that she signs in with, and agreed to everything."""
    reached = {"email": "jun@lotus.example", "phone": "+8613812345678", "wechat": "o-jun"} | its
    said = tuple(Consent(Purpose.TRANSACTIONAL, channel, lotus.NOW, "booking page", "yes") for channel in agreed)
    lotus.known(replace(a_client(), id="c-jun", name="Jun", consents=said, **reached))


def tried(name: str) -> Answer:
    return by_owner("POST /v1/desk/guide/trial", {"channel": name})


def sent(name: str) -> tuple[str, str]:
    """What became of it once the sender had it, and why."""
    for written in messages.about("lotus", "c-jun"):
        message_sender.handler(records(f'{{"lane": "message", "business": "lotus", "id": "{written.id}"}}'), None)
    found = channel(name)["trial"]
    return found["status"], found["reason"]


class Caught:
    """Carries everything, and keeps it."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    def compose(self, parcel: Parcel) -> Sending:
        return lambda: self.parcels.append(parcel) or f"p-{len(self.parcels)}"  # type: ignore[func-returns-value]


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> Caught:
    carrier = Caught()
    monkeypatch.setattr(sending, "carrier", lambda _: carrier)
    return carrier


@pytest.mark.parametrize("name", ["sms", "whatsapp", "wechat", "webhook"])
def test_every_channel_is_tried_with_ones_own_contact_through_the_one_sender(name: str, caught: Caught) -> None:
    """To the client who has the address that whoever asks signs in with, and nowhere else."""
    over(templates=TEMPLATES | {"sms/channel_trial": "T2"})
    oneself()
    lotus.known()
    assert channel(name)["tries"]
    assert tried(name).status == 201
    assert sent(name)[0] == "sent"
    (parcel,) = caught.parcels
    assert parcel.to == ("o-jun" if name == "wechat" else "+8613812345678")
    assert "Lotus：这是您要求的测试消息" in parcel.rendered.text or "【Lotus】" in parcel.rendered.text
    assert {it["channel"] for it in show()["channels"] if it["trial"]} == {name}


@pytest.mark.parametrize(("name", "own", "parts"), [("sms", "", 1), ("sms", "长" * 71, 2), ("webhook", "长" * 71, 0)])
def test_it_is_told_as_how_many_text_messages_a_test_is_charged(
    name: str, own: str, parts: int, caught: Caught
) -> None:
    """A business's own long name makes two of one; a gateway charges as it likes."""
    over(templates={"sms/channel_trial": "T2"}, **({"name": own} if own else {}))
    oneself()
    assert tried(name).body["parts"] == 0, "nothing was sent yet"
    sent(name)
    assert (len(caught.parcels), channel(name)["trial"]["parts"]) == (1, parts)


@pytest.mark.parametrize("name", ["email", "sms", "webhook"])
def test_six_an_hour_over_one_channel_and_then_it_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an hour of the first there is room again; another channel has its own six, and so has another owner."""
    over()
    oneself()
    made = []
    for minute in range(0, 14, 2):
        monkeypatch.setattr(clock, "now", lambda minute=minute: lotus.NOW + timedelta(minutes=minute))
        made.append(tried(name))
    assert [it.status for it in made] == [201] * 6 + [429]
    assert (made[-1].code, made[-1].body["channel"]) == ("tried_too_often", name)
    assert tried("whatsapp").status == 201
    assert by_owner("POST /v1/desk/guide/trial", staff="mei", email="mei@lotus.example").status == 201
    for seconds, status in ((3599, 429), (3600, 201)):
        monkeypatch.setattr(clock, "now", lambda seconds=seconds: lotus.NOW + timedelta(seconds=seconds))
        assert tried(name).status == status


NOT_SENT: dict[str, tuple[str, dict[str, Any], dict[str, str], str]] = {
    "no consent": ("sms", {"agreed": (Channel.EMAIL,)}, {}, "skipped"),
    "consent to others": ("sms", {"agreed": (Channel.EMAIL, Channel.WHATSAPP)}, {}, "skipped"),
    "do not disturb": ("sms", {"do_not_disturb": True}, {}, "skipped"),
    "another country than is texted": ("sms", {"phone": "+4930123456"}, {}, "suppressed"),
    "no text registered for China": ("sms", {}, {"sms/reminder": "T1"}, "failed"),
    "no number for text messages": ("sms", {}, {"sms/channel_trial": "T2"}, "failed"),
    "no template on WhatsApp": ("whatsapp", {}, {}, "failed"),
    "no number on WhatsApp": ("whatsapp", {}, TEMPLATES, "failed"),
    "a template that asks for what there is not": ("whatsapp", {}, {"whatsapp/channel_trial": "T when=when"}, "failed"),
    "no template on WeChat": ("wechat", {}, {}, "failed"),
    "no account on WeChat": ("wechat", {}, TEMPLATES, "failed"),
    "no gateway": ("webhook", {}, {}, "failed"),
}


@pytest.mark.parametrize("case", NOT_SENT)
def test_what_is_missing_is_said_plainly_and_nobody_else_is_asked(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No follow-up is opened, and it goes over no other channel."""
    name, its, templates, status = NOT_SENT[case]
    over(templates=templates)
    oneself(**its)
    monkeypatch.setattr(provider_clients, "accounts", lambda _: {})
    nothing = {"SMS_ORIGINATION": "none", "WHATSAPP_NUMBER": "none"}
    monkeypatch.setattr(provider_clients, "setting", lambda name: nothing.get(name, "x"))
    assert tried(name).status == 201
    became, reason = sent(name)
    assert (became, bool(reason)) == (status, True), reason
    lacks = channel(name)["missing"]
    assert ("trial_template" in lacks) is (case == "no text registered for China")
    assert len(messages.about("lotus", "c-jun")) == 1
    assert follow_ups.board("lotus").follow_ups == ()


NOBODY: dict[str, tuple[str, dict[str, Any] | None, list[str]]] = {
    "who never booked": ("sms", None, ["yourself"]),
    "who has no number": ("sms", {"phone": None}, ["contact"]),
    "who has no account": ("wechat", {"wechat": None}, ["contact"]),
    "who booked with another address": ("sms", {"email": "j@example.com"}, ["yourself"]),
    "a call": ("call", {}, []),
}


@pytest.mark.parametrize("case", NOBODY)
def test_where_there_is_nobody_to_try_it_with_nothing_is_written(case: str) -> None:
    name, its, lacks = NOBODY[case]
    over()
    lotus.known()
    if its is not None:
        oneself(**its)
    before = lotus.everything()
    answer = tried(name)
    assert (answer.status, answer.code, answer.body["channel"]) == (409, "nobody_to_try", name)
    assert lotus.everything() == before
    found = channel(name)
    assert ([it for it in found["missing"] if it in ("yourself", "contact")], found["tries"]) == (lacks, False)


@pytest.mark.parametrize("name", [it for it in Channel if it is not Channel.EMAIL])
def test_a_channel_that_the_business_does_not_use_is_not_tried(name: str) -> None:
    """And that is what is said, also to whoever could be reached over it."""
    over(Channel.EMAIL)
    oneself()
    before = lotus.everything()
    answer = tried(name)
    assert (answer.status, answer.code, answer.body["channel"]) == (409, "channel_not_used", name)
    assert lotus.everything() == before


BAD_WISHES: list[object] = [{"channel": "fax"}, {"channel": ""}, {"channel": None}, {"to": "+8613812345678"}, [], 7]


@pytest.mark.parametrize("body", BAD_WISHES)
def test_a_wish_that_makes_no_sense_is_refused(body: object) -> None:
    """Nobody chooses whom it goes to."""
    over()
    oneself()
    before = lotus.everything()
    assert by_owner("POST /v1/desk/guide/trial", body).status in (400, 422)
    assert lotus.everything() == before


def test_whoever_signs_in_elsewhere_reaches_nobody_here() -> None:
    over()
    oneself()
    garage = replace(lotus.the_garage().business, channels=EVERY)
    catalogs.put("garage", [garage])
    answer = by_owner("POST /v1/desk/guide/trial", {"channel": "sms"}, business="garage", staff="sam")
    assert answer.code == "nobody_to_try"


def test_it_waits_for_no_morning_and_is_of_no_use_after_an_hour(
    monkeypatch: pytest.MonkeyPatch, caught: Caught
) -> None:
    """Whoever asks at midnight is awake."""
    over(templates={"sms/channel_trial": "T2"})
    oneself()
    midnight = lotus.NOW + timedelta(hours=7)
    monkeypatch.setattr(clock, "now", lambda: midnight)
    tried("sms")
    assert sent("sms")[0] == "sent"
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(minutes=5))
    tried("sms")
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(hours=2))
    assert sent("sms")[0] == "missed"
    assert len(caught.parcels) == 1
