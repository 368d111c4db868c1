"""A call that somebody at the business makes: the text is their script."""

from collections.abc import Callable

from kept.messaging.channels import Parcel


class CallList:
    """Whoever opens the entry says what it is called; it is there or not, so nothing is ever in doubt."""

    def __init__(self, *, open: Callable[[Parcel], str]) -> None:
        self._open = open

    def send(self, parcel: Parcel) -> str:
        return self._open(parcel)
