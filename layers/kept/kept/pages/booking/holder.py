"""Whoever chooses a time: a random name that their browser keeps for an hour, by which their hold is known as theirs.

Going back, a second tab and a page loaded again come with it, so none of them hides a time from who holds it, and the
form they come back to is the form they sent. The name says nothing of anybody, goes to the booking pages of one
business alone, and opens nothing but what was just booked with it. Costs that these pages differ from reader to reader,
so no cache may share them; none did. Who keeps no cookies has the token of their hold in the addresses they go on to.
"""

import re
from contextlib import suppress
from datetime import timedelta

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.booking.appointment import Appointment
from kept.booking.hold import Hold
from kept.booking.refusals import HoldExpired, HoldMissing
from kept.business.catalog import Business
from kept.client_links.refusals import LinkInvalid
from kept.client_links.tokens import read_hold
from kept.pages.page_request import PageForm, PageRequest, form_key
from kept.settings import setting
from kept.storage import appointments

COOKIE = "holder"
LASTS = timedelta(hours=1)
NAME = re.compile("k_[a-z2-7]{16}")


def known(visit: PageRequest) -> str:
    """The name that this browser has kept; "" for none."""
    name = visit.cookie(COOKIE)
    return name if NAME.fullmatch(name) else ""


def own(visit: PageRequest, business: str, token: str, name: str = "") -> str | None:
    """What the hold of whoever asks is called in the book, if it can be known: by the name that their browser keeps,
    by the token they came with, or by the `name` the form was given, so that one that is sent twice is one person's."""
    if kept := known(visit):
        return _called(business, kept)
    with suppress(LinkInvalid, HoldExpired):
        return read_hold(token, business, now=visit.now).ref
    return _called(business, name) if NAME.fullmatch(name) else None


def held(visit: PageRequest, business: str, token: str) -> Hold | None:
    """The hold that an address or a form speaks of. Raises HoldMissing, HoldExpired."""
    try:
        return read_hold(token, business, now=visit.now) if token else None
    except LinkInvalid as error:
        raise HoldMissing from error


def remembered(
    answer: Response[str], visit: PageRequest, form: PageForm, business: Business, own: str | None
) -> Response[str]:
    """With the name to be kept, if the hold goes by it; a site that frames the pages has a jar of its own."""
    name = known(visit) or form.one(COOKIE)
    if own != _called(business.id, name):
        return answer
    framed = "SameSite=None; Partitioned" if business.embed_origins else "SameSite=Lax"
    secure = "; Secure" if setting("PUBLIC_URL").startswith("https:") else ""
    path, seconds = f"/b/{business.id}", int(LASTS.total_seconds())
    answer.headers["Set-Cookie"] = f"{COOKIE}={name}; Path={path}; Max-Age={seconds}; HttpOnly{secure}; {framed}"
    return answer


def key_for(visit: PageRequest, business: str, chosen: str, hold: Hold | None) -> tuple[str, Appointment | None]:
    """The key of the form for what was chosen, the same whenever this browser comes back to it, and what it has booked.

    Who has the same kept for them anew after that means another booking, and so does whoever cancelled it.
    """
    if not (name := known(visit)):
        return ids.new("k"), None
    key = ids.from_key("k", business, name, chosen)
    while made := booked_by(business, key):
        again = hold is not None and hold.since is not None and hold.since > made.booked_at
        if made.is_to_come and not again:
            return key, made
        key = ids.from_key("k", key)
    return key, None


def booked_by(business: str, key: str) -> Appointment | None:
    """What the form with this key has booked; whoever has its key may see it."""
    return appointments.find(business, ids.from_key("a", business, form_key(key))) if key else None


def _called(business: str, name: str) -> str:
    return ids.from_key("h", business, COOKIE, name)
