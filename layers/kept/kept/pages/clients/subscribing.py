"""The two links of a message with one button each: no more invitations, and the yes to invitations by e-mail."""

from functools import partial

from aws_lambda_powertools.event_handler import Response

from kept.client_links.links import LinkPurpose
from kept.clients.consent import Consent, ConsentWord
from kept.clients.preferences import CONFIRMED_BY_LINK, confirming, declining_invitations
from kept.pages.clients.client_link_page import Theirs, opened
from kept.pages.page_request import PageRequest
from kept.pages.render import page, see_other
from kept.use_cases.clients.preferences import change_wishes

ONE_CLICK = "List-Unsubscribe=One-Click"
"""What a mail program posts when its own button is pressed (RFC 8058), as a form of either kind."""


def ask_to_leave(visit: PageRequest, token: str) -> Response[str]:
    theirs = opened(visit, token, LinkPurpose.UNSUBSCRIBE)
    return page(theirs.reader, "unsubscribe", theirs=theirs, left=False)


def leave(visit: PageRequest, token: str) -> Response[str]:
    """The same answer for people and for mail programs, which follow no redirect."""
    theirs = opened(visit, token, LinkPurpose.UNSUBSCRIBE)
    source, words = _how(theirs)
    act = partial(declining_invitations, at=visit.now, source=source, words=words)
    change_wishes(theirs.client.business, theirs.client.id, act, at=theirs.sent_to)
    return page(theirs.reader, "unsubscribe", theirs=theirs, left=True)


def ask_to_join(visit: PageRequest, token: str) -> Response[str]:
    theirs = opened(visit, token, LinkPurpose.SUBSCRIBE)
    return page(
        theirs.reader, "subscribe", theirs=theirs, joined=theirs.client.said(*CONFIRMED_BY_LINK) is ConsentWord.GIVEN
    )


def join(visit: PageRequest, token: str) -> Response[str]:
    """Only what they asked for can be confirmed."""
    theirs = opened(visit, token, LinkPurpose.SUBSCRIBE)
    yes = Consent(*CONFIRMED_BY_LINK, visit.now, "double opt-in", join_words(theirs))
    change_wishes(theirs.client.business, theirs.client.id, partial(confirming, yes=yes), at=theirs.sent_to)
    return see_other(theirs.at())


def join_words(theirs: Theirs) -> str:
    return theirs.reader.language.says("join.words", business=theirs.business.name, address=theirs.email)


def _how(theirs: Theirs) -> tuple[str, str]:
    """Where, and in which words; a body that cannot be read is no reason to go on sending."""
    visit = theirs.reader.visit
    try:
        body = visit.event.decoded_body or ""
    except ValueError:
        body = ""
    if "One-Click" in body:
        return "one-click unsubscribe", ONE_CLICK
    return "unsubscribe page", theirs.reader.language.says("leave.button")
