"""Follow-ups for staff: the board, one's own queue, one in full and why it is due when it is, a client's.

What is said and done about one, and what is decided, stands in api/follow_ups: act_routes.py and decision_routes.py.
"""

from collections.abc import Sequence
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import StringConstraints

from kept import clock
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking.requests import Before, Id
from kept.api.cursors import place, places
from kept.api.follow_ups import act_routes, answers, decision_routes
from kept.api.follow_ups.answers import BoardAnswer, EarlierLinesAnswer, FollowUpAnswer, QueueAnswer
from kept.api.follow_ups.reasons import ExplanationAnswer, explanation
from kept.api.follow_ups.requests import BoardRequest
from kept.api.follow_ups.whole import WholeFollowUpAnswer, whole
from kept.api.guards import staff_only
from kept.bounds import PART
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.staff_hours import StaffHours
from kept.follow_up.view import FollowUpView
from kept.storage import catalogs, clients, follow_ups
from kept.use_cases.follow_ups import board as boards
from kept.use_cases.follow_ups.addressees import matter_as_shown
from kept.use_cases.follow_ups.people import Person, people
from kept.use_cases.messaging.undelivered import in_words
from kept.use_cases.replies.their_words import their_words

app = http_app(staff_only())
app.include_router(act_routes.router)
app.include_router(decision_routes.router)
handler = entrance(app)
FollowUpId = Annotated[Id, Path()]
Locale = Annotated[str, StringConstraints(min_length=2, max_length=20)]


@app.get("/v1/desk/follow-ups")
def board(wanted: Annotated[BoardRequest, Query()]) -> BoardAnswer:
    """All that is not over yet, soonest due first; of what somebody is to be called about (`cause`) whoever we owe
    since we wronged them stands first in each part. Fewer lines than fit on a page do not mean that `next` is empty.
    """
    business, _ = identity.staff(app.current_event)
    part = boards.board(business, wanted.wanted(), place(wanted.after), now=clock.now())
    found, country = _with_people(business, part.lines)
    return answers.board(boards.whom_to_call_first(part, wanted.cause, found), found, country)


@app.get("/v1/desk/follow-ups/mine")
def mine(after: Annotated[str | None, Query()] = None) -> QueueAnswer:
    """What whoever asks does next, also in the place of those who are away; what is put off comes last."""
    business, by = identity.staff(app.current_event)
    part = boards.queue(business, by.id, places(after), now=clock.now())
    return answers.queue(part, *_with_people(business, part.lines))


@app.get("/v1/desk/follow-ups/<follow_up>")
def show(follow_up: FollowUpId, locale: Annotated[Locale | None, Query()] = None) -> WholeFollowUpAnswer:
    """What they are to be told is in the language of `locale`, or the business's own."""
    business, _ = identity.staff(app.current_event)
    standing, policies = _standing(business, follow_up)
    client, record = matter_as_shown(standing.follow_up)
    catalog = catalogs.load(business)
    said, words = in_words(standing.follow_up, client, catalog, locale), their_words(standing.follow_up)
    country = catalog.business.country
    return whole(
        standing,
        policies,
        client,
        record,
        country=country,
        to_tell=said,
        words=words,
        language=locale or catalog.business.locale,
    )


@app.get("/v1/desk/follow-ups/<follow_up>/history")
def earlier(follow_up: FollowUpId, before: Annotated[Before | None, Query()] = None) -> EarlierLinesAnswer:
    """Of a long history the lines that the follow-up itself does not show any more, the newest part first."""
    business, _ = identity.staff(app.current_event)
    found = follow_ups.load(business, follow_up)
    upto = min(before or found.archived, found.archived)
    language = identity.language(app.current_event)
    return answers.earlier(follow_ups.earlier(found, before=upto, limit=PART), upto, language)


@app.get("/v1/desk/follow-ups/<follow_up>/explain")
def explain(follow_up: FollowUpId, locale: Annotated[Locale | None, Query()] = None) -> ExplanationAnswer:
    """In the language of `locale`, or the business's own."""
    business, _ = identity.staff(app.current_event)
    standing, _ = _standing(business, follow_up)
    return explanation(standing, catalogs.load(business).business, locale)


@app.get("/v1/desk/clients/<client>/follow-ups")
def of_client(client: Annotated[Id, Path()]) -> list[FollowUpAnswer]:
    """All of theirs, those that are over as well, the earliest first."""
    business, _ = identity.staff(app.current_event)
    found = follow_ups.of_client(business, clients.load(business, client).ids)
    return answers.lines(boards.standing(found, now=clock.now()))


def _with_people(business: str, lines: Sequence[FollowUpView]) -> tuple[dict[str, Person], str]:
    """Whom each line speaks of, and the country in whose way their numbers are written."""
    catalog = catalogs.load(business)
    some = [one.follow_up for one in lines]
    return people(catalog, some, identity.language(app.current_event)), catalog.business.country


def _standing(business: str, follow_up: str) -> tuple[FollowUpView, Policies]:
    found = follow_ups.load(business, follow_up)
    policies = follow_ups.policies(found)
    hours = StaffHours.of_business(catalogs.load(business))
    return FollowUpView.of(found, policies, now=clock.now(), hours=hours), policies
