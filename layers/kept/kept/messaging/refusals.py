"""What comes back from outside and is not taken, and what staff write that cannot be sent."""

from kept.errors import Conflict, Forbidden, Invalid


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


class ChannelClosed(Conflict):
    """Nothing can be written to this client over that channel now; facts say `why`, by the code of the reason, and
    `until` when its time for free words was open."""

    code = "channel_closed"
    words = "This client cannot be written to over this channel now; choose another, or call."
    words_zh = "目前无法通过此渠道给这位客户发消息；请换一种渠道，或致电。"


class NoChannelOpen(Conflict):
    """There is no channel at all over which they may be written to; facts give the reason of each by its code."""

    code = "no_channel_open"
    words = "This client cannot be written to over any channel; please call."
    words_zh = "目前没有任何渠道可以给这位客户发消息，请致电。"


class AnswerTooLong(Invalid):
    """More than the channel carries in one message; facts name the channel and `most`: parts of a text message, or
    characters."""

    code = "answer_too_long"
    words = "This is too long for one message over this channel; shorten it, or choose another."
    words_zh = "内容太长，无法通过此渠道一次发送；请缩短，或换一种渠道。"
