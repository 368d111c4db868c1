"""Why a time cannot be had, or an appointment not be changed."""

from kept.errors import Conflict, Gone, Invalid, Malformed, NotFound


class UnknownAppointment(NotFound):
    """No such appointment in this business."""

    code = "unknown_appointment"
    words = "There is no such appointment."
    words_zh = "没有这个预约。"


class UnknownBlock(NotFound):
    """No such block in this business, or it was taken out."""

    code = "unknown_block"
    words = "There is no such block."
    words_zh = "没有这个占用时段。"


class UnknownClosure(NotFound):
    """No such decision in this business."""

    code = "unknown_closure"
    words = "There is no such closed time."
    words_zh = "没有这次停业安排。"


class ClosureUndone(Conflict):
    """It was taken back: nothing more is moved for it."""

    code = "closure_undone"
    words = "This closed time was taken back."
    words_zh = "这次停业安排已撤销。"


class InThePast(Invalid):
    """The time asked for is over."""

    code = "in_the_past"
    words = "This time is in the past."
    words_zh = "这个时间已经过去。"


class TooSoon(Invalid):
    """Inside the service's minimum notice."""

    code = "too_soon"
    words = "This time is too soon; the service needs more notice."
    words_zh = "这个时间太近；这个项目需要提前更久预约。"


class TooFar(Invalid):
    """Beyond the service's horizon."""

    code = "too_far"
    words = "This time is further ahead than bookings are taken."
    words_zh = "这个时间太远，尚不接受预约。"


class NotOffered(Invalid):
    """Outside working hours, in time off, or off the step; facts say which."""

    code = "not_offered"
    words = "This time is not offered."
    words_zh = "这个时间不开放预约。"


class SlotTaken(Conflict):
    """Somebody else has it; facts hold the three nearest free slots."""

    code = "slot_taken"
    words = "This time has just been taken."
    words_zh = "这个时间刚被约走。"


class BookBusy(Conflict):
    """Too many changes to one page of the book at once; nothing was changed, ask again."""

    code = "book_busy"
    words = "Many people are booking this day right now; please try again."
    words_zh = "现在预约这一天的人很多，请再试一次。"


class WrongAnswers(Invalid):
    """Answers to the service's questions that cannot be taken; facts list each by `answers.<id>` with its own code."""

    code = "wrong_answers"
    words = "Some answers are missing or wrong."
    words_zh = "有些回答缺失或有误。"


class DeclinedByAnswers(Invalid):
    """By the answers this is not booked; facts say what the client is told (`text`), another `service`, or that a
    `call` may be asked for."""

    code = "declined_by_answers"
    words = "By these answers this is not what we can book for you."
    words_zh = "根据您的回答，这个项目无法为您预约。"


class CallNotOffered(Invalid):
    """These answers lead to no call."""

    code = "call_not_offered"
    words = "A call is not offered for these answers."
    words_zh = "这些回答不提供回电。"


class HoldMissing(Conflict):
    """No such hold: never made, or given back."""

    code = "hold_missing"
    words = "This slot is not held for you."
    words_zh = "这个时间没有为您保留。"


class HoldExpired(Gone):
    """The hold ran out before it was used."""

    code = "hold_expired"
    words = "The time to complete this booking has run out."
    words_zh = "完成预约的时间已过。"


class HoldMismatch(Malformed):
    """The hold is for another time, service or person."""

    code = "hold_mismatch"
    words = "The slot held is not the one asked for."
    words_zh = "保留的不是所要的时间。"


class MoveNotAllowed(Conflict):
    """The state table forbids it; facts hold the state it is in."""

    code = "move_not_allowed"
    words = "This cannot be done with the appointment as it is."
    words_zh = "以预约目前的状态无法这样操作。"


class AnsweredTooLate(Conflict):
    """The time for which it held its slot has run out; facts hold until when that was."""

    code = "answered_too_late"
    words = "The time to answer this request has run out."
    words_zh = "答复这个预约申请的时间已过。"


class AlreadyStarted(Conflict):
    """A client may not change what has begun."""

    code = "already_started"
    words = "The appointment has already begun; please call."
    words_zh = "预约已经开始，请致电。"


class AlreadyDisputed(Conflict):
    """What is held against its client was disputed before, and decided."""

    code = "already_disputed"
    words = "This has been disputed before, and was decided; please call."
    words_zh = "此前已提出过异议并已有结果，请致电。"


class DisputeTooLate(Conflict):
    """The time in which it could be disputed is over; facts say until when that was."""

    code = "dispute_too_late"
    words = "The time to say so is over; please call."
    words_zh = "提出异议的时间已过，请致电。"


class NotDisputed(Conflict):
    """There is no open dispute to decide; it may have been decided by somebody else."""

    code = "not_disputed"
    words = "Nothing is disputed here, or it was decided meanwhile."
    words_zh = "目前没有待处理的异议，或已由他人处理。"


class RescheduleLimit(Conflict):
    """Moved as often as the policy allows."""

    code = "reschedule_limit"
    words = "This appointment has been moved as often as possible; please call."
    words_zh = "改期次数已用完，请致电。"


class InvalidDelay(Invalid):
    """Nobody runs so late, or early; facts say from and to how many minutes can be said."""

    code = "invalid_delay"
    words = "A delay is from 5 to 240 minutes, or 0 to take it back."
    words_zh = "延后为5到240分钟；0表示撤销。"
