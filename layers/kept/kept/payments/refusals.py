"""What cannot be paid online so, or is not told by whom it should be."""

from kept.errors import Conflict, NotFound


class NothingToPay(Conflict):
    """It is paid, given up, or its time to pay has run out."""

    code = "nothing_to_pay"
    words = "There is nothing to pay here any more."
    words_zh = "此处已无需付款。"


class NotPaidOnline(Conflict):
    """The business takes no cards online, or cannot at this moment; facts say whether it may be otherwise `later`."""

    code = "not_paid_online"
    words = "It cannot be paid online at this moment. Please try again later, or call."
    words_zh = "目前无法在线付款，请稍后再试或致电商家。"


class UnknownPayment(NotFound):
    """Of another business, or none of ours."""

    code = "unknown_payment"
    words = "There is no such payment at this business."
    words_zh = "这家商家没有这笔付款。"
