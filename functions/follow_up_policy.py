"""What a business promises about follow-ups: its versions, a new one, and what one would do to those now open.

How it is put on those, and how well it was kept, stands in api/follow_ups: reapplying_routes.py and figures_routes.py.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.cursors import place
from kept.api.follow_ups import figures_routes, reapplying_routes
from kept.api.follow_ups import policy_answers as answers
from kept.api.follow_ups.policy_settings import PolicySettings
from kept.api.guards import staff_only
from kept.use_cases.follow_ups import policies

app = http_app(staff_only("manager"), remembered="PUT .*")
app.include_router(reapplying_routes.router)
app.include_router(figures_routes.router)
handler = entrance(app)
Number = Annotated[int, Path(ge=1, le=999_999)]


@app.get("/v1/desk/follow-up-policies")
def versions() -> answers.PoliciesAnswer:
    return answers.policies(policies.versions(_business()))


@app.get("/v1/desk/follow-up-policies/<number>")
def show(number: Number) -> answers.PolicyAnswer:
    business = _business()
    _, in_force = policies.versions(business)
    return answers.policy(policies.version(business, number), in_force)


@app.put("/v1/desk/follow-up-policy")
def save(told: PolicySettings) -> answers.PolicyAnswer:
    """A new version, by which follow-ups are opened from now on; what is in force already is not saved again.

    With If-Match it is refused where another number is in force by now.
    """
    business, person = identity.staff(app.current_event, at_least="manager")
    change = Change(person, clock.now())
    saved = policies.save(business, told.policy(), change, seen=identity.seen(app.current_event))
    return answers.policy(saved, saved.number)


@app.post("/v1/desk/follow-up-policy/preview")
def preview_unsaved(told: PolicySettings) -> answers.PreviewAnswer:
    """What saving it and putting it on those now open would do; of a large board its first part. Changes nothing."""
    number, looked = policies.preview_unsaved(_business(), told.policy(), now=clock.now())
    return answers.preview(number, looked)


@app.post("/v1/desk/follow-up-policies/<number>/preview")
def preview(number: Number, asked: answers.PreviewRequest) -> answers.PreviewAnswer:
    """Changes nothing."""
    business = _business()
    return answers.preview(number, policies.preview(business, number, place(asked.after), now=clock.now()))


def _business() -> str:
    return identity.leading(app.current_event)
