"""Times and zones that cannot be meant."""

from kept.errors import Invalid


class UnknownZone(Invalid):
    """A time zone that the IANA database does not know."""

    code = "unknown_zone"
    words = "This time zone is not known; use a name such as Europe/Berlin."
    words_zh = "无法识别这个时区，请使用 Asia/Shanghai 这样的名称。"


class NoOpening(Invalid):
    """The business calendar has no more open time, or so little that a hundred years do not hold what is asked."""

    code = "no_opening"
    words = "This calendar does not open for as long as that."
    words_zh = "这份日历没有这么长的营业时间。"


class InvalidDuration(Invalid):
    """No time, or less, where a clock needs some."""

    code = "invalid_duration"
    words = "The time must be longer than nothing."
    words_zh = "时长必须大于零。"
