"""The sender: one effect per message, however it is stopped or repeated, and a reason for everything unsent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

import due_sweep
import message_sender
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.client_links import signing_keys
from kept.client_links.links import Link, LinkPurpose, read
from kept.clients.consent import Consent
from kept.follow_up.opened_by import OpenedBy
from kept.lanes import Lane
from kept.messaging.message import CLAIM, Message, MessageStatus
from kept.runtime import log
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.storage.tables import AppointmentItem, ClientItem
from kept.storage.transaction import together
from kept.use_cases.messaging import provider_clients, sending
from tests.builders import BOOKED, STARTS, a_catalog, a_client, a_follow_up, an_appointment
from tests.reasons import why
from tests.stopping import Killed, die, records
from tests.templates import due

NOON = BOOKED - timedelta(hours=5)
"""12:00 in Shanghai, two days before."""
NIGHT = BOOKED + timedelta(hours=5)
"""22:00 there."""
MORNING = BOOKED + timedelta(hours=15)
"""08:00 there, the next day."""
AT_WORK = MORNING + timedelta(hours=1)
"""When the salon's people begin."""


class Provider:
    """SES and SMS in one: takes everything, unless it is told what happens at the next message."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None

    def send_email(self, **request: Any) -> dict[str, str]:
        before, self.before = self.before, lambda: None
        after, self.after = self.after, lambda: None
        before()
        self.taken.append(request)
        after()
        return {"MessageId": f"p-{len(self.taken)}"}

    send_text_message = send_email

    @property
    def recipients(self) -> list[str]:
        return [r.get("DestinationPhoneNumber") or r["Destination"]["ToAddresses"][0] for r in self.taken]


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """With the Lotus salon, Li Na and her appointment in the book."""
    catalog = a_catalog()
    catalogs.put("lotus", [catalog.business, *catalog.staff.values(), *catalog.services.values()])
    with together() as transaction:
        clients.put_new(a_client(), transaction)
        appointments.put(an_appointment(), None, transaction)
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def a_message(stage: str = "confirmation", **how: object) -> Message:
    message = Message(
        business="lotus",
        about="a-1",
        version=1,
        stage=stage,
        channel=Channel.EMAIL,
        purpose=Purpose.TRANSACTIONAL,
        recipient="c-1",
        created_at=NOON,
        due_at=NOON,
        useful_until=STARTS,
    )
    return replace(message, **how)  # type: ignore[arg-type]


def owed(message: Message) -> Message:
    return messages.put_alone(message)


def work(*owed: Message | str, now: datetime = NOON) -> Any:
    """What the sender answers to records of these messages, or to any text."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        keys = [m if isinstance(m, str) else (m.business, m.id) for m in owed]
        return message_sender.handler(records(*keys), None)


def swept(now: datetime) -> int:
    done: int = due_sweep.handler(due(Lane.MESSAGE, now), None)["handed_over"]
    return done


def stored(message: Message) -> Message:
    found = messages.find(message.business, message.id)
    assert found
    return found


def became(message: Message) -> tuple[str, str]:
    return stored(message).status.value, why(stored(message))


def change(appointment: Appointment) -> None:
    read_before = appointments.load("lotus", "a-1")
    with together() as transaction:
        appointments.put(replace(appointment, revision=read_before.revision), None, transaction)


ONE_HOUR = timedelta(hours=1)
RULES = ChangeRules()
CANCELLED = an_appointment().cancel(Change(CLIENT, BOOKED), rules=RULES)
MOVED = an_appointment().reschedule(
    Slot(STARTS + ONE_HOUR, STARTS + 2 * ONE_HOUR, "mei"), Change(CLIENT, BOOKED), rules=RULES
)


def test_what_is_due_is_sent_and_recorded(provider: Provider) -> None:
    message = owed(a_message())
    assert work(message) == {"batchItemFailures": []}
    sent = stored(message)
    assert (sent.status, sent.provider_id, sent.sent_at, sent.due_at) == (MessageStatus.SENT, "p-1", NOON, None)
    assert provider.recipients == ["li@example.com"]
    assert swept(STARTS) == 0


def test_the_mail_has_a_link_that_opens_that_appointment_and_nothing_personal(provider: Provider) -> None:
    work(owed(a_message()))
    mail = message_from_bytes(provider.taken[0]["Content"]["Raw"]["Data"], policy=policy.default)
    text = cast(Any, mail.get_body(("plain",))).get_content()
    token = text.partition("https://kept.example/a/")[2].split()[0]
    assert read(signing_keys.current(), token, purpose=LinkPurpose.MANAGE_BY_EMAIL, now=STARTS) == Link("lotus", "a-1")
    assert "li" not in token.lower().split(".")


def test_a_text_message_goes_by_text(provider: Provider) -> None:
    agreed = Consent(Purpose.TRANSACTIONAL, Channel.SMS, BOOKED, "booking page", "yes")
    ClientItem("lotus", "c-1").delete()
    with together() as transaction:
        clients.put_new(replace(a_client(), email=None, phone="+8613812345678", consents=(agreed,)), transaction)
    work(owed(a_message(channel=Channel.SMS)))
    assert provider.recipients == ["+8613812345678"]
    assert "MessageBody" in provider.taken[0]


def test_the_same_record_again_sends_nothing_again(provider: Provider) -> None:
    message = owed(a_message())
    work(message, message)
    work(message)
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("appointment", "reason"),
    [
        pytest.param(CANCELLED, "skipped: cancelled", id="cancelled"),
        pytest.param(MOVED, "skipped: moved", id="moved"),
    ],
)
def test_what_changed_since_it_was_written_is_not_sent(
    provider: Provider, appointment: Appointment, reason: str
) -> None:
    message = owed(a_message("two_days"))
    change(appointment)
    work(message)
    assert became(message) == ("skipped", reason)
    assert provider.taken == []


def test_in_quiet_hours_it_waits_and_the_sweep_of_the_morning_finds_it() -> None:
    message = owed(a_message("two_days"))
    work(message, now=NIGHT)
    assert became(message) == ("delayed", "delayed: quiet_hours 2026-03-01 08:00")
    assert swept(MORNING - timedelta(minutes=1)) == 0
    assert swept(MORNING) == 1
    work(message, now=MORNING)
    assert became(message)[0] == "sent"


def test_after_an_outage_what_is_of_no_use_is_recorded_as_missed(provider: Provider) -> None:
    message = owed(a_message("same_day"))
    work(message, now=STARTS)
    assert became(message) == ("missed", "missed: of_no_use")
    assert provider.taken == []


def failing(error: Exception) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


def refusal(code: str, reason: str = "") -> ClientError:
    return ClientError(cast(Any, {"Error": {"Code": code, "Message": ""}, "Reason": reason}), "Send")


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        pytest.param(refusal("MessageRejected"), "failed", "failed: refused MessageRejected", id="refused"),
        pytest.param(refusal("TooManyRequestsException"), "delayed", "delayed: provider_busy", id="too fast"),
        pytest.param(
            refusal("ServiceUnavailable"),
            "delayed",
            "delayed: provider_unavailable ServiceUnavailable",
            id="down",
        ),
    ],
)
def test_a_provider_s_refusal_is_the_reason_in_the_ledger(
    provider: Provider, error: Exception, status: str, reason: str
) -> None:
    message = owed(a_message())
    provider.before = failing(error)
    assert work(message) == {"batchItemFailures": []}
    assert became(message) == (status, reason)


def test_a_provider_that_is_down_is_asked_again_after_longer_and_longer_and_then_no_more(provider: Provider) -> None:
    """Nothing else is open to her. After five calls in vain the gate is shut for a while, which is no attempt."""
    message = owed(a_message("two_days", useful_until=None))
    at, tried = NOON, []
    while stored(message).is_owed:
        provider.before = failing(refusal("ServiceUnavailable"))
        before = stored(message).attempts
        work(message, now=at)
        if stored(message).attempts > before:
            tried.append((at - NOON) // timedelta(minutes=1))
        at = stored(message).due_at or at
    assert tried[:5] == [0, 1, 3, 7, 15]
    assert became(message) == ("failed", f"failed: given_up {len(tried)}")
    (opened,) = follow_ups.board("lotus").follow_ups
    assert (opened.cause, opened.about) == (OpenedBy.FAILED_MESSAGE, "a-1")


NO_ANSWER = ReadTimeoutError(endpoint_url="https://email.example")


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(lambda p: setattr(p, "before", die), id="killed before it was sent"),
        pytest.param(lambda p: setattr(p, "after", die), id="killed before it was recorded"),
        pytest.param(lambda p: setattr(p, "after", failing(NO_ANSWER)), id="no answer came"),
    ],
)
def test_in_doubt_it_is_sent_once_more_and_says_so(provider: Provider, stop: Callable[[Provider], None]) -> None:
    message = owed(a_message())
    stop(provider)
    stopped(message)
    before = len(provider.taken)
    work(message, now=NOON + CLAIM - timedelta(seconds=1))
    assert len(provider.taken) == before, "still claimed"
    assert swept(NOON + CLAIM) == 1
    work(message, now=NOON + CLAIM)
    assert became(message) == ("sent", "sent: sent_again")
    assert len(provider.taken) == before + 1


def test_a_message_in_doubt_is_left_claimed_and_its_record_is_done_with(provider: Provider) -> None:
    message = owed(a_message())
    provider.before = failing(NO_ANSWER)
    assert work(message) == {"batchItemFailures": []}
    assert stored(message).status is MessageStatus.SENDING


def test_in_doubt_a_second_time_it_is_given_up(provider: Provider) -> None:
    message = owed(a_message())
    for attempt in range(3):
        provider.after = die
        stopped(message, now=NOON + attempt * CLAIM)
    assert became(message) == ("failed", "failed: in_doubt")
    assert len(provider.taken) == 2


def stopped(message: Message, *, now: datetime = NOON) -> None:
    try:
        work(message, now=now)
    except Killed:
        return


def test_killed_before_the_claim_it_is_still_due(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    message = owed(a_message())
    with monkeypatch.context() as patched:
        patched.setattr(messages, "put_alone", die)
        stopped(message)
    assert (provider.taken, swept(NOON)) == ([], 1)
    work(message)
    assert became(message) == ("sent", "")


def test_two_senders_at_once_send_one(provider: Provider) -> None:
    """The second comes while the first is with the provider, and while it still holds what it read."""
    message = owed(a_message())
    provider.before = lambda: work(message)
    work(message)
    assert len(provider.taken) == 1


def test_a_sender_that_read_before_another_claimed_sends_nothing(provider: Provider) -> None:
    message = owed(a_message())
    work(message)
    sending.deliver(message, now=NOON)
    assert len(provider.taken) == 1
    assert became(message)[0] == "sent"


def test_strange_and_broken_records_are_reported_and_the_others_sent() -> None:
    good = owed(a_message())
    with together() as transaction:
        appointments.put(an_appointment("a-2"), None, transaction)
    AppointmentItem("lotus", "a-2").update([AppointmentItem.body.set("{")])
    broken = owed(a_message(about="a-2"))
    answer = work("not ours", good, broken, '{"business": 1, "id": []}')
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["0", "2", "3"]
    assert became(good)[0] == "sent"
    assert stored(broken).is_owed


def test_a_message_that_is_gone_is_nothing_to_do(provider: Provider) -> None:
    assert work(a_message()) == {"batchItemFailures": []}
    assert provider.taken == []


def test_an_erased_client_is_not_written_to() -> None:
    message = owed(a_message())
    ClientItem("lotus", "c-1").delete()
    work(message)
    assert became(message) == ("skipped", "skipped: gone")


def a_notice(
    stage: str = "follow_up_breached", recipient: str = "mei", about: str = "f-1", detail: tuple[str, ...] = ()
) -> Message:
    return a_message(stage, about=about, recipient=recipient, purpose=Purpose.STAFF, useful_until=None, detail=detail)


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        pytest.param("mei", "mei@lotus.example", id="the assignee"),
        pytest.param("", "desk@lotus.example", id="nobody in particular"),
        pytest.param("gone", "desk@lotus.example", id="one who left"),
    ],
)
def test_a_notice_waits_for_the_working_hours_of_its_reader(provider: Provider, recipient: str, address: str) -> None:
    """Of nobody in particular, for those of anybody."""
    follow_ups.put_alone(a_follow_up())
    message = owed(a_notice(recipient=recipient))
    work(message, now=NIGHT)
    assert became(message) == ("delayed", "delayed: not_at_work 2026-03-01 09:00")
    work(message, now=AT_WORK - timedelta(minutes=1))
    assert provider.recipients == []
    work(message, now=AT_WORK)
    assert became(message)[0] == "sent"
    assert provider.recipients == [address]


@pytest.mark.parametrize(
    ("stage", "detail", "says"),
    [
        pytest.param(
            "follow_up_reminder", ("first_response", "50"), "请在3月3日周二 17:00前联系Li Na", id="a reminder"
        ),
        pytest.param("follow_up_breached", ("step_call", "1"), "请马上致电Li Na，期限为3月3日周二 17:00", id="a step"),
        pytest.param("follow_up_escalated", ("resolution", "2"), "Mei负责处理好Li Na的问题", id="the whole matter"),
        pytest.param("follow_up_breached", ("next_response_gone", "1"), "请马上跟进Li Na", id="a clock that is gone"),
    ],
)
def test_a_notice_says_what_its_own_clock_is_for(
    provider: Provider, stage: str, detail: tuple[str, str], says: str
) -> None:
    follow_ups.put_alone(a_follow_up())
    work(owed(a_notice(stage, "jun", detail=detail)))
    (request,) = provider.taken
    mail = message_from_bytes(request["Content"]["Raw"]["Data"], policy=policy.default)
    assert says in cast(Any, mail.get_body(("plain",))).get_content()


def test_staff_are_told_about_a_visit(provider: Provider) -> None:
    message = owed(a_notice("staff_booked", about="a-1"))
    work(message)
    assert provider.recipients == ["mei@lotus.example"]


def test_a_notice_of_a_follow_up_that_is_gone_is_skipped() -> None:
    message = owed(a_notice())
    work(message)
    assert became(message) == ("skipped", "skipped: gone")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything the log was given, at the level that is usual in the cloud."""
    log.setLevel("INFO")
    yield lambda: str([vars(record) for record in caplog.records])
    log.setLevel("WARNING")


def test_the_log_names_ids_and_nobody(provider: Provider, logged: Callable[[], str]) -> None:
    message = owed(a_message())
    provider.before = failing(NO_ANSWER)
    work(message)
    work(message, now=NOON + CLAIM)
    assert logged().count("a-1#v1#confirmation#email") == 4
    assert "Li Na" not in logged()
    assert "li@example.com" not in logged()
