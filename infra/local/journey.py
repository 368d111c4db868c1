"""A change of the clock that takes longer than a page waits for it: it goes on, and the page shows how far it is."""

import threading
from collections.abc import Callable

SHOWN_AFTER = 1.5
"""Seconds that a page waits for it to be over; most changes take less."""


def begun(work: Callable[[], object], wait: float = SHOWN_AFTER) -> None:
    """Raises what the work raised within that time; what it raises later is on the terminal. Ends with the process."""
    raised: list[Exception] = []
    waited = threading.Event()

    def working() -> None:
        try:
            work()
        except Exception as error:
            if waited.is_set():
                raise
            raised.append(error)

    thread = threading.Thread(target=working, daemon=True)
    thread.start()
    thread.join(wait)
    waited.set()
    if raised:
        raise raised[0]
