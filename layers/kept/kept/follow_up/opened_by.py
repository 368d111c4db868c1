"""What opens a follow-up."""

from enum import StrEnum


class OpenedBy(StrEnum):
    """The value is what is stored, and the name of its words in every language."""

    NO_SHOW = "no_show"
    UNREAD_REPLY = "unread_reply"
    COMPLAINT = "complaint"
    MISSED_CALL = "missed_call"
    ENQUIRY = "enquiry"
    FAILED_MESSAGE = "failed_message"
    DECLINED_RECALL = "declined_recall"
    FORM = "form"
    MANUAL = "manual"
    ATTENDANCE_QUESTION = "attendance_question"
    CALL = "call"
    CALL_LATER = "call_later"
    NOT_TOLD = "not_told"
    SAID_STOP = "said_stop"
    WRONG_NUMBER = "wrong_number"
    TIME_TAKEN = "time_taken"
    DISPUTE = "dispute"
    OWED = "owed"
    FADING = "fading"
    TERMS_REVIEW = "terms_review"
    PAYMENT = "payment"
    DEPOSIT_BACK = "deposit_back"
    ASKED_FOR = "asked_for"
    DAY_CLOSED = "day_closed"


DECIDED = frozenset({OpenedBy.DISPUTE, OpenedBy.OWED})
"""What somebody has to decide, whether the client answers or not."""
