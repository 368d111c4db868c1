"""Somebody's calendar by its private address, for the calendars that ask for it again and again."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept.api import identity
from kept.api.network import network
from kept.client_links.refusals import TooManyLinks
from kept.pages.page_request import PageRequest
from kept.pages.refusals import refused
from kept.pages.render import PRIVATE, again_later
from kept.use_cases.booking.calendar_feed import look as looked

TYPE = "text/calendar; charset=utf-8"
THEIRS = {**PRIVATE, "Cache-Control": "private, no-cache"}
"""The reader alone may keep it, and asks each time whether it is so still: a link that was taken back is over at
once."""


def show(visit: PageRequest, name: str) -> Response[str]:
    """304 for who has it already. Raises LinkInvalid, LinkExpired."""
    known = {tag.strip('"') for tag in identity.known(visit.event)}
    try:
        feed = looked(name, network(visit.event), known, now=visit.now)
    except TooManyLinks as refusal:
        return again_later(refused(visit, refusal), refusal)
    headers = {**THEIRS, "ETag": f'"{feed.mark}"'}
    if feed.content is None:
        return Response(int(HTTPStatus.NOT_MODIFIED), TYPE, "", headers=headers)
    return Response(int(HTTPStatus.OK), TYPE, feed.content, headers=headers)


def look(visit: PageRequest, name: str) -> Response[str]:
    """The same without the calendar. Raises as above."""
    answer = show(visit, name)
    answer.body = ""
    return answer
