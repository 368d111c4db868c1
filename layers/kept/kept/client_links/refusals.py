"""Links that lead nowhere."""

from kept.errors import Forbidden, Gone, TooMany, Unauthenticated


class LinkRequired(Unauthenticated):
    """No link came with the request."""

    code = "link_required"
    words = "This needs the link from the message about the appointment."
    words_zh = "需要预约消息中的链接。"


class LinkInvalid(Forbidden):
    """Tampered with, made for another purpose, or signed by a key that is gone."""

    code = "link_invalid"
    words = "This link is not valid."
    words_zh = "这个链接无效。"


class LinkExpired(Gone):
    """Its time is over."""

    code = "link_expired"
    words = "This link is no longer valid."
    words_zh = "这个链接已过期。"


class CalendarNotTheirs(Forbidden):
    """The link was shown or forwarded, and not sent to a number or address of the client's own."""

    code = "calendar_not_theirs"
    words = "Open the link from a message that we sent to your own number or address, and try again there."
    words_zh = "请打开我们发送到您本人号码或邮箱的消息中的链接，再试一次。"


class TooManyLinks(TooMany):
    """Links that nobody was sent were tried from here; facts say in how many seconds (`retry_after`) one is looked up
    again."""

    code = "too_many_links"
    words = "Several links that do not work were opened from here; please try again in a minute."
    words_zh = "刚才从此处打开了多个无效链接，请一分钟后再试。"
