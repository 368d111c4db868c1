"""The guide of a new business, for its owners: what is to be set up in which order, and a letter to try the way out."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

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
def try_out() -> answers.TrialAnswer:
    """A letter to whoever asks, by the way that every other goes."""
    business, me = _owner()
    return answers.trial(guide.try_out(catalogs.load(business), me, now=clock.now()), _language())


def _told() -> answers.GuideAnswer:
    business, me = _owner()
    catalog = catalogs.load(business)
    days = guide.special_days(catalog.business, today=clock.now().astimezone(catalog.business.zone).date())
    return answers.guide(
        guide.read(business),
        catalog,
        days,
        guide.missing(catalog.business),
        guide.tried(business, me),
        _language(),
    )


def _owner() -> tuple[str, str]:
    """The business, and who of its people."""
    business, person = identity.staff(app.current_event, at_least="owner")
    return business, person.id


def _language() -> str:
    return identity.language(app.current_event)
