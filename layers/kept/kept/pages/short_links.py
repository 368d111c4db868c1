"""Where a short link leads: to the page of the signed one that it stands for. Opening it changes nothing."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept.api.network import network
from kept.client_links import signing_keys
from kept.client_links.refusals import TooManyLinks
from kept.pages.page_request import PageRequest
from kept.pages.reader import address_of
from kept.pages.refusals import refused
from kept.pages.render import PRIVATE, again_later, see_other
from kept.use_cases.messaging import short_links


def follow(visit: PageRequest, typed: str) -> Response[str]:
    """Raises LinkInvalid, LinkExpired."""
    try:
        link = short_links.opened(typed, network(visit.event), now=visit.now)
    except TooManyLinks as refusal:
        return again_later(refused(visit, refusal), refusal)
    return see_other(address_of(link.path(signing_keys.current()), visit.chosen))


def look(visit: PageRequest, typed: str) -> Response[str]:
    """What scans links by asking for headers alone learns that it opens, and is sent nowhere. Raises as above."""
    answer = follow(visit, typed)
    if answer.status_code != HTTPStatus.SEE_OTHER:
        return answer
    return Response(int(HTTPStatus.OK), "text/html; charset=utf-8", "", headers=dict(PRIVATE))
