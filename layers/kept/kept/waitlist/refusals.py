"""What the waitlist refuses."""

from kept.errors import Conflict, Gone, NotFound


class UnknownWait(NotFound):
    """Nobody waits by this name."""

    code = "unknown_waitlist_entry"
    words = "There is no such entry in the waitlist."
    words_zh = "候补名单中没有这一条。"


class UnknownOpening(NotFound):
    """No freed time has this name."""

    code = "unknown_opening"
    words = "There is no such freed time."
    words_zh = "没有这段空出的时间。"


class EntryOver(Conflict):
    """They wait no more: they have a booking, left, or their last day is over."""

    code = "waitlist_entry_over"
    words = "This entry in the waitlist is over."
    words_zh = "这条候补已经结束。"


class OfferOver(Gone):
    """Its time has run out, it was withdrawn, or the slot is somebody's by now; facts may tell of other times."""

    code = "offer_over"
    words = "This offer is over."
    words_zh = "这个时间已不再为您保留。"


class NotWanted(Conflict):
    """The time does not fit what they wait for, or they cannot be offered it now; facts tell why."""

    code = "offer_not_possible"
    words = "This time cannot be offered to them."
    words_zh = "这个时间不能提供给该客户。"


class TooManyWaits(Conflict):
    """One client waits for a few things at a time."""

    code = "too_many_waits"
    words = "They wait for as much already as one client can."
    words_zh = "该客户的候补已达上限。"
