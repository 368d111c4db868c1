"""Why somebody cannot stand in the queue, or not be moved there."""

from kept.errors import Conflict, Gone, NotFound, TooMany


class UnknownNumber(NotFound):
    """No such number in this business's queue."""

    code = "unknown_queue_number"
    words = "There is no such number in the queue."
    words_zh = "排队中没有这个号码。"


class NumberOfAnotherDay(Gone):
    """Numbers are of one day; each day begins anew."""

    code = "queue_number_over"
    words = "This number is of another day. Please take a new one."
    words_zh = "这个号码不是今天的，请重新取号。"


class NotWaiting(Conflict):
    """They were begun, or have left; facts say which (`state`)."""

    code = "not_waiting"
    words = "They are not waiting any more."
    words_zh = "此人已不在等候。"


class UnknownStage(NotFound):
    """The service has no such stage of its own, or not any more."""

    code = "unknown_stage"
    words = "The service has no such stage."
    words_zh = "这项服务没有这个环节。"


class QueueFull(TooMany):
    """More numbers than are given on one day."""

    code = "queue_full"
    words = "No more numbers are given today."
    words_zh = "今天的号码已经发完。"


class NotToday(Conflict):
    """Their appointment is on another day, over, or with somebody who has left."""

    code = "not_today"
    words = "This appointment is not one of today's to come."
    words_zh = "这不是今天待到店的预约。"
