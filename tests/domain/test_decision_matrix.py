"""Every text to a client, over every channel, in every state of client and booking: what the ledger says of it.

`pytest -s` writes the table out with its reasons.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.history import ASKED_FOR, AWAITING_DEPOSIT
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.change_rules import ChangeRules
from kept.business.reminder_stages import DEFAULT_STAGES, Stage
from kept.business.text_names import GREETINGS, TO_CLIENTS
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.subscriptions import Subscription, TapKind
from kept.messaging.decision import Decision, DeliveryContext, Never, Send, Wait, decide
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.reminders.timeline import missed, owed, timeline
from tests.builders import a_catalog, a_client, an_appointment
from tests.reasons import short

TABLE = """
                      plain  refused  bounced  disturb  night  awake  capped  confirmed  cancelled  moved  late  outage
two_days              sent   consent  bounced  disturb  quiet  quiet  sent    sent       cancelled  moved  none  passed
at_risk               sent   consent  bounced  disturb  quiet  quiet  sent    sent       cancelled  moved  none  passed
reminder              sent   consent  bounced  disturb  quiet  quiet  sent    done       cancelled  moved  none  passed
same_day              sent   consent  bounced  disturb  quiet  quiet  sent    sent       cancelled  moved  none  sent
confirmation          sent   consent  bounced  disturb  quiet  sent   sent    sent       cancelled  moved  sent  sent
rescheduled           sent   consent  bounced  disturb  quiet  sent   sent    sent       cancelled  moved  sent  sent
cancelled             sent   consent  bounced  disturb  quiet  sent   sent    expected   sent       moved  sent  sent
asked_for             sent   consent  bounced  disturb  quiet  sent   sent    expected   cancelled  moved  sent  sent
deposit_asked         sent   consent  bounced  disturb  quiet  sent   sent    expected   cancelled  moved  sent  sent
declined              sent   consent  bounced  disturb  quiet  quiet  sent    expected   sent       moved  sent  sent
on_my_way             sent   consent  bounced  disturb  late   sent   sent    sent       cancelled  moved  sent  late
missed_you            sent   consent  bounced  disturb  quiet  quiet  sent    expected   cancelled  moved  sent  sent
missed_again          sent   consent  bounced  disturb  quiet  quiet  sent    expected   cancelled  moved  sent  sent
missed_last           sent   consent  bounced  disturb  quiet  quiet  sent    expected   cancelled  moved  sent  sent
dispute_upheld        sent   consent  bounced  disturb  quiet  quiet  sent    sent       sent       sent   sent  sent
dispute_refused       sent   consent  bounced  disturb  quiet  quiet  sent    sent       sent       sent   sent  sent
made_good             sent   consent  bounced  disturb  quiet  quiet  sent    expected   cancelled  moved  sent  sent
nobodys_fault         sent   consent  bounced  disturb  quiet  quiet  sent    expected   cancelled  moved  sent  sent
running_late          sent   consent  bounced  disturb  quiet  quiet  sent    sent       cancelled  moved  sent  sent
confirmed             sent   consent  bounced  disturb  quiet  sent   sent    sent       cancelled  moved  sent  sent
move_options          sent   consent  bounced  disturb  quiet  sent   sent    sent       cancelled  moved  sent  sent
waits                 sent   consent  bounced  disturb  quiet  sent   sent    sent       cancelled  moved  sent  sent
received              sent   consent  bounced  disturb  quiet  sent   sent    sent       sent       sent   sent  sent
recall                sent   consent  bounced  disturb  hours  hours  capped  .          .          .      .     sent
confirm_subscription  sent   sent     bounced  disturb  quiet  sent   sent    .          .          .      .     sent
survey                sent   consent  bounced  disturb  quiet  quiet  sent    .          .          .      .     sent
dismissal             sent   consent  bounced  disturb  quiet  quiet  sent    .          .          .      .     sent
waitlist_joined       sent   consent  bounced  disturb  quiet  quiet  sent    .          .          .      .     sent
time_offered          sent   consent  bounced  disturb  quiet  quiet  sent    .          .          .      .     sent
time_gone             sent   consent  bounced  disturb  quiet  quiet  sent    .          .          .      .     sent
turn_near             sent   consent  bounced  disturb  sent   sent   sent    .          .          .      .     sent
"""
"""Whatever the channel; but for a call about a booking, consent over any channel is enough."""

COLUMNS = {
    "plain": "nothing is in the way",
    "refused": "they agreed to other channels and other purposes alone",
    "bounced": "the address does not exist",
    "disturb": "do not disturb",
    "night": "eleven minutes after it was caused, at 22:30",
    "awake": "at once, at 22:30: the client has just booked, moved, cancelled or written",
    "capped": "invited twice this week",
    "confirmed": "the client has confirmed since",
    "cancelled": "it was cancelled since",
    "moved": "it was moved since",
    "late": "all of it within an hour of the start",
    "outage": "five hours later; for a stage: nobody looked until an hour before the start",
}
SAYS = {
    "sent": "sent",
    "consent": "skipped: no_consent {channel}, over to the next channel",
    "bounced": "suppressed: no_such_address, over to the next channel",
    "disturb": "skipped: do_not_disturb",
    "quiet": "delayed: quiet_hours 2026-03-13 08:00",
    "hours": "delayed: outside_best_hours 2026-03-13 10:00",
    "capped": "delayed: invited_enough 2 7 2026-03-14 10:30",
    "done": "skipped: already_confirmed",
    "expected": "skipped: still_expected",
    "cancelled": "skipped: cancelled",
    "moved": "skipped: moved",
    "late": "missed: of_no_use",
    "none": "not planned",
    "passed": "missed: too_late",
}

MORNING = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)  # a Thursday, 10:30 in Shanghai
NIGHT = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # 22:30 there
STARTS = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HALF_A_DAY = Stage("half_a_day", 12 * HOUR, unless_confirmed=True)
STAGES = {"reminder": HALF_A_DAY} | {stage.name: stage for stage in DEFAULT_STAGES}
SALON = replace(a_catalog().business, stages=tuple(STAGES.values()))
BOOK = Catalog(SALON, a_catalog().services, a_catalog().staff)
LASTING = {"missed_you", "missed_again", "missed_last", "cancelled"}
ANSWERS = {"confirmed", "move_options", "waits", "received", "confirm_subscription"}

HEAD, *LINES = (line.split() for line in TABLE.strip().splitlines())
WORDS = {(text, state): word for text, *row in LINES for state, word in zip(HEAD, row, strict=True)}
CELLS = [cell for cell, word in WORDS.items() if word != "."]


@dataclass(frozen=True)
class Case:
    """A message as it was made, and all it depends on."""

    message: Message
    client: Client
    appointment: Appointment | None
    now: datetime


def a_case(text: str, channel: Channel, *, at: datetime = MORNING) -> Case:
    client, appointment = everywhere(), a_visit(text, at=at)
    if appointment is None:
        return Case(a_greeting(text, channel, at=at), client, None, at)
    message = to_client(
        appointment,
        client,
        SALON,
        STAGES[text].name if text in STAGES else text,
        now=at,
        useful_until=at + HOUR / 6 if text == "on_my_way" else None if text in LASTING else STARTS,
        over=channel,
        occasion="r-1" if text in ANSWERS else "",
    )
    return Case(message, client, appointment, at)


def everywhere() -> Client:
    """Reached over every channel, and agreed to all of it."""
    agreed = tuple(Consent(purpose, channel, MORNING - DAY, "page", "好") for purpose in Purpose for channel in Channel)
    tap = Subscription(TapKind.DUE, MORNING - DAY, "page", "好", "a-0")
    wechat = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    return replace(a_client(), phone="+8613800138000", wechat=wechat, consents=agreed, subscriptions=(tap,))


def a_visit(text: str, *, at: datetime) -> Appointment | None:
    """As it stands when this is caused, at that moment; the client has booked before, by themselves."""
    if text in GREETINGS:
        return None
    booked, now = an_appointment(starts=STARTS), Change(CLIENT, at)
    booked = replace(booked, history=(replace(booked.history[0], at=at if text == "confirmation" else MORNING - DAY),))
    asked = replace(an_appointment(starts=STARTS), status=Status.ASKED_FOR, history=()).noted(ASKED_FOR, now)
    waits = replace(asked, status=Status.AWAITING_DEPOSIT, history=()).noted(AWAITING_DEPOSIT, now)
    caused: dict[str, Callable[[], Appointment]] = {
        "rescheduled": lambda: booked.reschedule(booked.slot, now, rules=ChangeRules()),
        "cancelled": lambda: booked.cancel(now, rules=ChangeRules()),
        "asked_for": lambda: asked,
        "deposit_asked": lambda: waits,
        "declined": lambda: asked.decline(Change(Actor("staff", "mei"), at)),
        "confirmed": lambda: booked.confirm(now),
        **dict.fromkeys(("made_good", "nobodys_fault"), lambda: replace(booked, status=Status.IN_SERVICE)),
        **dict.fromkeys(
            ("missed_you", "missed_again", "missed_last", "dispute_refused"),
            lambda: booked.mark_no_show(Change(KEPT, at), evidence=()),
        ),
    }
    return caused.get(text, lambda: replace(booked, at_risk=True))()


def a_greeting(text: str, channel: Channel, *, at: datetime) -> Message:
    purpose = Purpose.PROMOTIONAL if text == "recall" else Purpose.TRANSACTIONAL
    occasion = "r-1" if text in ANSWERS else "f-1" if text in ("survey", "dismissal") else ""
    return Message("lotus", "c-1", 1, text, channel, purpose, "c-1", at, at, occasion=occasion)


def without_consent(case: Case) -> Case:
    kept = (c for c in case.client.consents if (c.channel, c.purpose) != (case.message.channel, case.message.purpose))
    return replace(case, client=replace(case.client, consents=tuple(kept), subscriptions=()))


def bounced(case: Case) -> Case:
    client = case.client.stopping(case.message.channel, why=because(Code.NO_SUCH_ADDRESS), at=MORNING)
    return replace(case, client=client)


def turned(case: Case, status: Status) -> Case:
    return replace(case, appointment=case.appointment and replace(case.appointment, status=status))


def moved(case: Case) -> Case:
    turned_back = turned(case, Status.BOOKED)
    visit = turned_back.appointment
    return replace(turned_back, appointment=visit and replace(visit, version=visit.version + 1))


def in_state(state: str, text: str, channel: Channel) -> Case:
    case = a_case(text, channel)
    invited = replace(case.client, invited_at=(MORNING - 2 * DAY, MORNING - 5 * DAY))
    disturbed = replace(case.client, do_not_disturb=True)
    made: dict[str, Callable[[], Case]] = {
        "refused": lambda: without_consent(case),
        "bounced": lambda: bounced(case),
        "disturb": lambda: replace(case, client=disturbed),
        "night": lambda: replace(a_case(text, channel, at=NIGHT - HOUR / 60 * 11), now=NIGHT),
        "awake": lambda: a_case(text, channel, at=NIGHT),
        "capped": lambda: replace(case, client=invited),
        "confirmed": lambda: turned(case, Status.CONFIRMED),
        "cancelled": lambda: turned(case, Status.CANCELLED),
        "moved": lambda: moved(case),
        "late": lambda: a_case(text, channel, at=STARTS - HOUR),
        "outage": lambda: replace(case, now=MORNING + 5 * HOUR),
    }
    return made.get(state, lambda: case)()


def ledger(state: str, text: str, channel: Channel) -> str:
    """What stands there in the end, by the code."""
    if text in STAGES and state in ("late", "outage"):
        return on_the_timeline(state, STAGES[text], channel)
    case = in_state(state, text, channel)
    matter = DeliveryContext(case.client, SALON, case.appointment, STAGES.get(text))
    return told(decide(case.message, matter, address=case.client.address(channel), now=case.now))


def on_the_timeline(state: str, stage: Stage, channel: Channel) -> str:
    """An hour before the start: booked just now, or days ago and not looked at since."""
    now = STARTS - HOUR
    visit = replace(an_appointment(starts=STARTS), at_risk=True)
    chosen = now if state == "late" else MORNING - 3 * DAY
    visit = replace(visit, history=(replace(visit.history[0], at=chosen),), processed_until=chosen)
    line = timeline(visit, BOOK)
    due = owed(line, now=now)
    if due and due.name == stage.name:
        message = to_client(
            visit, everywhere(), SALON, due.name, now=now, useful_until=due.pointless_after, over=channel
        )
        matter = DeliveryContext(everywhere(), SALON, visit, stage)
        return told(decide(message, matter, address=everywhere().address(channel), now=now))
    return SAYS["passed" if stage.name in [late.name for late in missed(line, now=now)] else "none"]


def told(decision: Decision) -> str:
    match decision:
        case Send():
            return "sent"
        case Wait(reason=reason):
            return f"delayed: {short(reason)}"
        case Never() as never:
            said = f"{never.status}: {short(never.reason)}"
            return f"{said}, over to the next channel" if never.elsewhere else said
    raise AssertionError(decision)


def expected(text: str, state: str, channel: Channel) -> str:
    """As the table says."""
    if (state, channel) == ("refused", Channel.CALL) and text != "recall":
        return "sent"
    if (state, channel, text) == ("refused", Channel.WECHAT, "recall"):
        return "skipped: no_invitation_tap, over to the next channel"
    return SAYS[WORDS[text, state]].format(channel=channel)


@pytest.mark.parametrize(("text", "state"), CELLS, ids=[f"{text}-{state}" for text, state in CELLS])
def test_the_ledger_says_what_the_table_says(text: str, state: str) -> None:
    """Whether a text goes out, waits or is left out can be looked up for every state and channel."""
    wanted = {channel: expected(text, state, channel) for channel in Channel}
    assert {channel: ledger(state, text, channel) for channel in Channel} == wanted


def test_the_table_is_complete() -> None:
    """Every text has its row; what has no booking has no state of one."""
    assert {text for text, _ in WORDS} == set(TO_CLIENTS)
    assert list(COLUMNS) == HEAD
    unsaid = [(text, state) for text in GREETINGS for state in ("confirmed", "cancelled", "moved", "late")]
    assert [cell for cell in WORDS if cell not in CELLS] == unsaid
    assert {WORDS[cell] for cell in CELLS} == set(SAYS)
    for text, state in CELLS:
        print(f"{text:<20}  {COLUMNS[state]:<76}  {SAYS[WORDS[text, state]]}")  # noqa: T201  # shown by pytest -s
