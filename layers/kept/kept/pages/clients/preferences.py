"""What a client wants to hear, over what and when: a page with boxes, of which every change is a statement."""

from functools import partial
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.business.catalog import Money
from kept.client_links.links import LinkPurpose
from kept.clients.client import Occupation
from kept.clients.preferences import asking_again, hours_make_sense
from kept.errors import InvalidRequest, InvalidSetting
from kept.pages.clients.client_link_page import Theirs, opened
from kept.pages.clients.preferences_form import ASKED, Wishes, standing, typed, wishing
from kept.pages.page_request import PageRequest
from kept.pages.render import page, see_other
from kept.use_cases.clients.preferences import change_wishes
from kept.use_cases.money.points import exchange

MOST_FIGURES = 30


def show(visit: PageRequest, token: str) -> Response[str]:
    theirs = opened(visit, token, LinkPurpose.PREFERENCES)
    return _page(theirs, standing(theirs), saved="saved" in visit.asked, exchanged="exchanged" in visit.asked)


def save(visit: PageRequest, token: str) -> Response[str]:
    """What was changed of it or, with the button for that, only the question once more."""
    theirs, form = opened(visit, token, LinkPurpose.PREFERENCES), visit.typed()
    client = theirs.client
    if form.one("again"):
        change_wishes(client.business, client.id, partial(asking_again, at=visit.now), at=theirs.sent_to)
        return see_other(theirs.at())
    wishes = typed(form, theirs)
    try:
        hours_make_sense(wishes.best_from, wishes.best_until)
    except InvalidSetting:
        return _page(theirs, wishes, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=True)
    change_wishes(client.business, client.id, partial(wishing, wishes=wishes, theirs=theirs), at=theirs.sent_to)
    return see_other(theirs.at(saved=1, lang=None if wishes.locale != client.locale else visit.chosen.get("lang")))


def exchange_points(visit: PageRequest, token: str) -> Response[str]:
    """For the credit that the page named, or not at all; pressed twice it is done once."""
    theirs, form = opened(visit, token, LinkPurpose.PREFERENCES), visit.typed()
    points, minor = form.one("points"), form.one("minor")
    if not (points.isdecimal() and minor.isdecimal() and len(points + minor) <= MOST_FIGURES and form.one("key")):
        raise InvalidRequest(fields=[{"field": "points", "reason": "one of those on the page"}])
    credit = Money(int(minor), theirs.business.currency)
    exchange(theirs.business, theirs.client.id, int(points), credit, visit.change_by(form))
    return see_other(theirs.reader.to(f"/p/{token}", exchanged=1))


def _page(
    theirs: Theirs,
    wishes: Wishes,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    saved: bool = False,
    wrong: bool = False,
    exchanged: bool = False,
) -> Response[str]:
    return page(
        theirs.reader,
        "preferences",
        status,
        theirs=theirs,
        wishes=wishes,
        asked=ASKED,
        occupations=Occupation,
        saved=saved,
        wrong=wrong,
        exchanged=exchanged,
        points=theirs.points,
        key=ids.new("k"),
    )
