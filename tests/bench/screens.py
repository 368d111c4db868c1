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
        "GET /desk/files/main.0.js",
        "GET /v1/businesses/lotus",
        "GET /v1/desk/day",
        "GET /v1/desk/follow-ups/mine",
        "POST /v1/desk/appointments/a-1/check-in",
    ),
    "a booking by telephone": (
        "GET /desk",
        "GET /v1/desk/day",
        "GET /v1/desk/openings",
        "GET /v1/desk/clients",
        "POST /v1/desk/appointments",
    ),
    "a client's page at the desk, and an answer to them": (
        "GET /desk",
        "GET /v1/businesses/lotus",
        "GET /v1/desk/clients/c-1",
        "GET /v1/desk/clients/c-1/visits",
        "GET /v1/desk/clients/c-1/conversation",
        "POST /v1/desk/clients/c-1/answer-preview",
        "POST /v1/desk/clients/c-1/answer",
    ),
    "work at the desk: the queue, the inbox, and one of them decided": (
        "GET /desk",
        "GET /v1/businesses/lotus",
        "GET /v1/desk/follow-ups/mine",
        "GET /v1/desk/inbox",
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
