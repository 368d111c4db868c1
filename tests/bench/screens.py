"""Which functions a screen wakes: what a browser asks for to show it and to do the first thing on it, by the template.

The routes are asked for as a browser writes them, so that functions may be cut anew and this stays true.
"""

from tests.templates import picked

SCREENS = {
    "the booking page, until a time is booked": (
        "GET /b/lotus",
        "POST /b/lotus/hold",
        "GET /b/lotus/book",
        "POST /b/lotus/book",
        "GET /a/signed",
    ),
    "a client's own page, from the link in a text": ("GET /k/abcdefghijkl", "GET /a/signed", "POST /a/signed/confirm"),
    "the desk's day": (
        "GET /desk",
        "GET /desk/desk.js",
        "GET /v1/businesses/lotus",
        "GET /v1/desk/appointments",
        "POST /v1/desk/appointments/a-1/check-in",
    ),
    "the follow-up board, and one decided": (
        "GET /desk",
        "GET /v1/businesses/lotus",
        "GET /v1/desk/follow-ups",
        "GET /v1/desk/follow-ups/f-1",
        "POST /v1/desk/follow-ups/f-1/call",
        "POST /v1/desk/follow-ups/f-1/resolve",
    ),
}


def woken(screen: str) -> tuple[str, ...]:
    """The functions by their files, each once, in the order in which they are asked first."""
    return tuple(dict.fromkeys(_answering(request) for request in SCREENS[screen]))


def _answering(request: str) -> str:
    """Raises LookupError."""
    route = picked(*request.split(" "))
    if route is None:
        raise LookupError(f"no function answers {request}")
    return route.function
