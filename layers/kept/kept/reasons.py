"""Why something was done, waited for or left undone, and what came of it: a code, and the facts that its words need.

It is decided and compared by its code, stored as one short text, and worded in a reader's language at the edge.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kept.old_reasons import read_old

STORED = re.compile(r"([a-z][a-z_]*)(?: (\{.*\}))?", re.DOTALL)


class Code(StrEnum):
    """All that can be said, each with the names of its facts; a new one has its words in every language of
    messaging/reasons/.

    `until` and `at` are instants by the clock of whom it is about, `channel` one of ours, `country` its two letters;
    `error`, `visits` and `words` are shown as they are.
    """

    facts: tuple[str, ...]

    def __new__(cls, code: str, *facts: str) -> "Code":
        one = str.__new__(cls, code)
        one._value_, one.facts = code, facts
        return one

    # What it was about is over, or was never so.
    GONE = "gone"
    STILL_EXPECTED = "still_expected"
    NOT_YET_BOOKED = "not_yet_booked"
    ALREADY_HERE = "already_here"
    ALREADY_OVER = "already_over"
    ALREADY_CONFIRMED = "already_confirmed"
    MARKED_NO_SHOW = "marked_no_show"
    CANCELLED = "cancelled"
    MOVED = "moved"
    TAKEN_BACK = "taken_back"
    NOT_OFFERED = "not_offered"
    WAIT_OVER = "wait_over"
    NOT_ANSWERED_IN_TIME = "not_answered_in_time"
    TOO_LATE = "too_late"
    OF_NO_USE = "of_no_use"

    # The client, and where they are reached.
    DO_NOT_DISTURB = "do_not_disturb"
    SAID_STOP = "said_stop"
    STOP_FROM_NUMBER = "stop_from_number"
    OPTED_OUT = "opted_out"
    UNSUBSCRIBED = "unsubscribed"
    WANTS_NONE = "wants_none"
    NO_CONSENT = "no_consent", "channel"
    NO_ADDRESS = "no_address", "channel"
    NOT_THEIR_NUMBER = "not_their_number"
    NO_SUCH_ADDRESS = "no_such_address"
    NO_SUCH_NUMBER = "no_such_number"
    BOUNCED_BEFORE = "bounced_before"
    MARKED_SPAM = "marked_spam"
    MARKED_SPAM_BEFORE = "marked_spam_before"
    NOT_TEXTED = "not_texted"
    NEVER_ANSWERED = "never_answered"
    ANSWERED_ENOUGH = "answered_enough", "most"

    # The hour.
    QUIET_HOURS = "quiet_hours", "until"
    LAWFUL_FROM = "lawful_from", "country", "until"
    OUTSIDE_LAWFUL_HOURS = "outside_lawful_hours", "country"
    OUTSIDE_THEIR_HOURS = "outside_their_hours", "until"
    OUTSIDE_OFFICE_HOURS = "outside_office_hours", "until"
    OUTSIDE_HOME_HOURS = "outside_home_hours", "until"
    OUTSIDE_STUDENT_HOURS = "outside_student_hours", "until"
    OUTSIDE_BEST_HOURS = "outside_best_hours", "until"
    OUTSIDE_INVITING_HOURS = "outside_inviting_hours", "until"
    INVITED_ENOUGH = "invited_enough", "most", "days", "until"
    NO_HOLIDAY_NEAR = "no_holiday_near", "until"
    HOLIDAY_NEAR = "holiday_near", "until"

    # Staff.
    NOT_AT_WORK = "not_at_work", "until"
    ALL_ANSWERED = "all_answered"
    IN_A_LIST = "in_a_list"
    AT_NIGHT = "at_night"
    TOLD_AT_ANOTHER_LEVEL = "told_at_another_level"
    NO_TARGET = "no_target"
    ANSWERED_MEANWHILE = "answered_meanwhile"
    WAITING_FOR_CLIENT = "waiting_for_client"
    LATER_NOTICE = "later_notice"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    CALLED_WRONG_NUMBER = "called_wrong_number"
    NOBODY_CALLED = "nobody_called"
    STAFF_NOT_CALLED = "staff_not_called"

    # Sending.
    IN_DOUBT = "in_doubt"
    SENT_AGAIN = "sent_again"
    NOT_DELIVERED_ELSEWHERE = "not_delivered_elsewhere"
    NOT_READ_ELSEWHERE = "not_read_elsewhere"
    GIVEN_UP = "given_up", "attempts"
    SET_ASIDE = "set_aside"
    SENDING_RATE = "sending_rate", "channel"
    PROVIDER_DOWN = "provider_down"
    PROVIDER_SHUT = "provider_shut", "channel"
    PROVIDER_BUSY = "provider_busy"
    PROVIDER_UNAVAILABLE = "provider_unavailable", "error"
    NOT_WRITTEN = "not_written", "error"
    NO_NUMBER = "no_number", "channel"
    NO_ACCOUNT = "no_account", "channel"
    NO_TEXT_TELLS = "no_text_tells"

    # Refused before it was sent, or by the provider.
    REFUSED = "refused", "error"
    REFUSED_BY_GATEWAY = "refused_by_gateway", "error"
    REFUSED_BY_WHATSAPP = "refused_by_whatsapp", "error"
    WRONG_FORM = "wrong_form"
    VIRUS = "virus"
    NO_EMAIL_ADDRESS = "no_email_address"
    NO_TEXT_NUMBER = "no_text_number"
    NO_TEMPLATE = "no_template"
    TEMPLATE_ASKS = "template_asks", "error"
    TOO_MANY_PARTS = "too_many_parts", "parts", "most"
    TOO_LONG = "too_long", "most"
    COUNTRY_BLOCKED = "country_blocked"
    TOO_DEAR = "too_dear"
    NO_NAMED_SENDER = "no_named_sender"
    NO_ADVERTISING = "no_advertising", "country"
    NOT_REGISTERED = "not_registered", "country"

    # What receipts tell.
    NOT_DELIVERED = "not_delivered"
    NOT_IN_TIME = "not_in_time"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_TOO_SMALL = "mailbox_too_small"
    MAILBOX_UNREACHABLE = "mailbox_unreachable"
    CONTENT_REFUSED = "content_refused"
    ATTACHMENT_REFUSED = "attachment_refused"
    TEXT_REFUSED = "text_refused"
    PHONE_UNREACHABLE = "phone_unreachable"
    CARRIER_UNREACHABLE = "carrier_unreachable"
    BLOCKED_BY_PHONE = "blocked_by_phone"
    BLOCKED_BY_CARRIER = "blocked_by_carrier"
    BLOCKED_BY_ACCOUNT = "blocked_by_account"
    SPAM_TO_CARRIER = "spam_to_carrier"
    CARRIER_SILENT = "carrier_silent"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    STOPPED_ON_WHATSAPP = "stopped_on_whatsapp"
    WINDOW_CLOSED = "window_closed"
    FREE_WORDS_OVER = "free_words_over", "channel", "hours"
    WHATSAPP_LIMIT = "whatsapp_limit"
    WHATSAPP_EXPERIMENT = "whatsapp_experiment"
    TOO_FAST = "too_fast"
    TOO_MANY_TO_ONE = "too_many_to_one"
    NO_SUCH_TEMPLATE = "no_such_template"
    TEMPLATE_PAUSED = "template_paused"
    TEMPLATE_DISABLED = "template_disabled"
    NOT_DELIVERED_BY_WECHAT = "not_delivered_by_wechat"
    NOT_A_FOLLOWER = "not_a_follower"
    NOT_KNOWN_TO_ACCOUNT = "not_known_to_account"
    ON_BLACK_LIST = "on_black_list"
    BLOCKS_ACCOUNT = "blocks_account"
    REFUSES_THESE = "refuses_these"
    NO_REMINDER_TAP = "no_reminder_tap"
    NO_INVITATION_TAP = "no_invitation_tap"
    NO_TAP_AT_WECHAT = "no_tap_at_wechat"
    DECLINED_IN_WECHAT = "declined_in_wechat"

    # What was done about a reply.
    CONFIRMED = "confirmed"
    CANCELLED_BEFORE = "cancelled_before"
    TIMES_OFFERED = "times_offered", "count"
    WAITS_FOR_THEM = "waits_for_them"
    WAITS_FOR_US = "waits_for_us"
    OFFER_TAKEN = "offer_taken"
    OFFER_DECLINED = "offer_declined"
    LEFT_TO_A_PERSON = "left_to_a_person", "follow_up"
    NO_MORE_MESSAGES = "no_more_messages", "channel"
    MESSAGES_AGAIN = "messages_again", "channel"
    NOTHING_TO_START = "nothing_to_start"
    NUMBER_LEFT = "number_left"
    NOTHING_TO_DO = "nothing_to_do"

    # What Kept writes into a history, or staff by one tap.
    HERE_FOR_ANOTHER_VISIT = "here_for_another_visit"
    WAITED_UNTIL = "waited_until", "until"
    NOBODY_SAID_OTHERWISE = "nobody_said_otherwise"
    CAME_LATE = "came_late"
    TAKEN_BACK_CAME_AFTER_ALL = "taken_back_came_after_all"
    TAKEN_BACK_OUR_FAULT = "taken_back_our_fault"
    TAKEN_BACK_EMERGENCY = "taken_back_emergency"
    TAKEN_BACK_GOODWILL = "taken_back_goodwill"
    TAKEN_BACK_MISTAKE = "taken_back_mistake"
    UPHELD_CAME_AFTER_ALL = "upheld_came_after_all"
    UPHELD_OUR_FAULT = "upheld_our_fault"
    UPHELD_EMERGENCY = "upheld_emergency"
    UPHELD_GOODWILL = "upheld_goodwill"
    UPHELD_MISTAKE = "upheld_mistake"
    GIVEN_UP_FOR_CONVENIENCE = "given_up_for_convenience"
    GIVEN_UP_FOR_TIME = "given_up_for_time"
    GIVEN_UP_FOR_EXPECTATION = "given_up_for_expectation"
    GIVEN_UP_FOR_COST = "given_up_for_cost"
    GIVEN_UP_FOR_NEED = "given_up_for_need"
    GIVEN_UP_FOR_ILLNESS = "given_up_for_illness"
    GIVEN_UP_FOR_OTHER = "given_up_for_other"
    DISPUTED = "disputed"
    DISPUTE_UPHELD = "dispute_upheld"
    DISPUTE_REFUSED = "dispute_refused"
    BOOKED_AGAIN = "booked_again"
    NO_ANSWER_AND_OWES = "no_answer_and_owes"
    SHOULD_BEGIN = "should_begin", "at"
    ZONE_RULES_CHANGED = "zone_rules_changed"
    ZONE_CORRECTED = "zone_corrected"
    TOLD_AFTER_ALL = "told_after_all"
    NO_ATTEMPT_ANSWERED = "no_attempt_answered"
    COULD_MEAN = "could_mean", "visits"

    # Why more is asked of a client who books.
    # Why staff are asked before it is booked.
    CALL_ABOUT = "call_about", "service"
    ASKS_SERVICE = "asks_service"
    ASKS_ANSWER = "asks_answer", "question"
    ASKS_RESTRICTED = "asks_restricted"
    ASKS_DISMISSED = "asks_dismissed"
    ASKS_ANOTHER = "asks_another", "count"
    MISSED_LATELY = "missed_lately", "missed", "since"
    CANCELLED_LATE_LATELY = "cancelled_late_lately", "late", "since"
    # What a client's record speaks for, and what it warns of.
    CANCELLED_EARLY_LATELY = "cancelled_early_lately", "early", "since"
    BEGINS_TO_FADE = "begins_to_fade", "kept", "lapses", "last"
    COMES_OFTEN = "comes_often", "kept", "missed", "late"
    STILL_RELIABLE = "still_reliable"
    DISMISSED = "dismissed"
    DISMISSAL_ENDED = "dismissal_ended", "words"
    TERMS_KEPT = "terms_kept"
    TERMS_CHANGED = "terms_changed", "words"
    # Why a client is asked for money, let off, or given some back.
    FEE_LATE_CANCELLATION = "fee_late_cancellation"
    FEE_NO_SHOW = "fee_no_show"
    FEE_LATE_MOVE = "fee_late_move"
    DEPOSIT_UNCOLLECTED = "deposit_uncollected"
    MONEY_EMERGENCY = "money_emergency"
    MONEY_OUR_FAULT = "money_our_fault"
    MONEY_GOODWILL = "money_goodwill"
    MONEY_MISTAKE = "money_mistake"
    POINTS_TAKEN_BACK = "points_taken_back"
    WAITING_MADE_GOOD = "waiting_made_good", "minutes", "percent"
    DID_NOT_WAIT = "did_not_wait"
    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_LAPSED = "payment_lapsed"
    PAYMENT_GIVEN_BACK = "payment_given_back"
    PAYMENT_NOT_RETURNED = "payment_not_returned"
    PAYMENT_DISPUTED = "payment_disputed"
    PAYMENT_DIFFERS = "payment_differs", "provider", "ledger"

    # Why somebody has their place in the waitlist, and what became of an offer.
    OWED_SINCE = "owed_since", "since"
    PASSED_BY_BETTER_TIERS = "passed_by_better_tiers", "times"
    BETTER_TIER = "better_tier"
    SAID_NEAR = "said_near"
    DUE_AGAIN = "due_again"
    CANCELS_EARLY = "cancels_early"
    OFFERED_LEAST_LATELY = "offered_least_lately"
    WAITS_SINCE = "waits_since", "since"
    TOO_NEAR = "too_near"
    BOOKED_ELSEWHERE = "booked_elsewhere"
    WISH_CHANGED = "wish_changed"
    LEFT_WAITLIST = "left_waitlist"
    SLOT_FILLED = "slot_filled"
    NOT_GIVEN = "not_given"
    PASSED_OVER = "passed_over"
    OFFER_ENDED = "offer_ended"
    TURN_OVER = "turn_over"

    # Why a deadline's time counts or does not.
    COUNTED = "counted"
    LATE = "late"
    NIGHT = "night"
    BREAK = "break"
    CLOSED_WEEKDAY = "closed_weekday"
    HOLIDAY = "holiday"
    SPECIAL_DAY = "special_day"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"

    IN_THEIR_WORDS = "in_their_words", "words"


@dataclass(frozen=True, slots=True)
class Reason:
    """`facts` by their names, in the order of the catalogue. One whose code a later version wrote is kept as it is; an
    old one may lack a fact."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """As it is stored: opted_out, or quiet_hours {"until":"2026-03-02T08:00:00+08:00"}."""
        if not self.facts:
            return str(self.code)
        return f"{self.code} {json.dumps(dict(self.facts), ensure_ascii=False, separators=(',', ':'))}"

    @classmethod
    def read(cls, text: str) -> "Reason":
        """From what is stored, by this version or by one that stored sentences; any other text is somebody's words."""
        if found := _coded(text):
            return found
        code, facts = read_old(text)
        return cls(Code(code), tuple(facts.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Callable[[Any], Any]) -> Any:
        """Stored as one text. Imports here: whoever only decides needs no pydantic."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.read(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema()),
        )


def because(code: Code, **facts: object) -> Reason:
    """With exactly the facts of that code: instants with their offset, everything else as text. Raises TypeError."""
    if set(facts) != set(code.facts):
        raise TypeError(f"{code} needs {code.facts}, not {tuple(facts)}")
    return Reason(code, tuple((name, _text(facts[name])) for name in code.facts))


def is_because(reason: Reason | None, *codes: Code) -> bool:
    """Whatever its facts."""
    return reason is not None and reason.code in codes


def _text(fact: object) -> str:
    return fact.isoformat(timespec="seconds") if isinstance(fact, datetime) else str(fact)


def _coded(text: str) -> Reason | None:
    found = STORED.fullmatch(text)
    if found is None:
        return None
    try:
        facts = json.loads(found[2] or "{}")
    except ValueError:
        return None
    return Reason(found[1], tuple((str(name), str(fact)) for name, fact in facts.items()))
