"""The guide of a new business, for its owners: what is set up in which order, and a message to try each way out."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from kept import clock
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.guards import staff_only
from kept.api.starting import guide_answers as answers
from kept.business.guide import GuideStep
from kept.storage import catalogs
from kept.use_cases.starting import guide

app = http_app(staff_only("owner"), remembered=".*")
handler = entrance(app)


@app.get("/v1/desk/guide")
def show() -> answers.GuideAnswer:
    """Also of a business that began without one: then it is put away."""
    return _told()


@app.put("/v1/desk/guide")
def put_away(wish: answers.PutAway) -> answers.GuideAnswer:
    """Out of sight, or back; no step is lost by it."""
    guide.put_away(_owner()[0], away=wish.away)
    return _told()


@app.put("/v1/desk/guide/steps/<step>")
def mark(step: Annotated[GuideStep, Path()], told: answers.MarkedStep) -> answers.GuideAnswer:
    """Done, passed over, or open again."""
    guide.mark(_owner()[0], step, told.state)
    return _told()


@app.post("/v1/desk/guide/trial", status_code=201)
def try_out(wish: Annotated[answers.TryOut | None, Body()] = None) -> answers.TrialAnswer:
    """To whoever asks, by the way that every other goes: a letter, or over another channel to the client who has the
    address that they sign in with."""
    business, me = _owner()
    channel = (wish or answers.TryOut()).channel
    tried = guide.try_out(catalogs.load(business), channel, _tester(business, me), now=clock.now())
    return answers.trial(tried, _language())


def _told() -> answers.GuideAnswer:
    business, me = _owner()
    catalog, by = catalogs.load(business), _tester(business, me)
    days = guide.special_days(catalog.business, today=clock.now().astimezone(catalog.business.zone).date())
    return answers.guide(
        guide.read(business),
        catalog,
        days,
        by,
        guide.missing(catalog.business, by),
        guide.tried(business, by),
        _language(),
    )


def _tester(business: str, me: str) -> guide.Tester:
    return guide.tester(business, me, identity.address(app.current_event), now=clock.now())


def _owner() -> tuple[str, str]:
    """The business, and who of its people."""
    business, person = identity.staff(app.current_event, at_least="owner")
    return business, person.id


def _language() -> str:
    return identity.language(app.current_event)
