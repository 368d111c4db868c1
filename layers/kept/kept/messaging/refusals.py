"""What comes back from outside and is not taken."""

from kept.errors import Conflict, Forbidden


class NotSigned(Forbidden):
    """A provider's call whose signature is missing, wrong or old."""

    code = "not_signed"
    words = "This call is not signed by whom it claims to be from."
    words_zh = "此请求的签名与其声称的来源不符。"


class StaleReply(Conflict):
    """Written more than a day before it came, or before something became of what it speaks of."""

    code = "stale_reply"
    words = "This was written too long ago to be done without asking."
    words_zh = "这条消息写于太久以前，需要先确认。"
