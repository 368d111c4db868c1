"""A call that somebody at the business is to make: the text is their script."""

from collections.abc import Callable
from functools import partial

from kept.messaging.channels import Parcel, Sending


class CallList:
    """Whoever opens the entry says what it is called; it is there or not, so nothing is ever in doubt."""

    def __init__(self, *, open: Callable[[Parcel], str]) -> None:
        self._open = open

    def compose(self, parcel: Parcel) -> Sending:
        return partial(self._open, parcel)
