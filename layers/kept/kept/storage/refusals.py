"""What is not there to be put back."""

from kept.errors import NotFound


class UnknownItem(NotFound):
    """Nothing of that kind and id was set aside."""

    code = "unknown_item"
    words = "There is no such item."
    words_zh = "没有这一条目。"
