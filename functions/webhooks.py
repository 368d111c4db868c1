"""Events for other systems: the log of what happened, for whoever leads the business; and the addresses that are called
with it, for its owner alone."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking.requests import Id
from kept.api.cursors import place
from kept.api.events import answers
from kept.api.events.requests import RedeliverRequest, ReplayRequest, WebhookSettings
from kept.api.guards import staff_only
from kept.events.catalogue import EventType
from kept.storage import event_log
from kept.storage import webhooks as stored
from kept.use_cases.events import endpoints
from kept.use_cases.events.endpoints import Shown

REMEMBERED = r"DELETE .*|POST .*/(test|redeliver|replay)"
"""Writes whose answers are kept under their Idempotency-Key: none that shows a secret, which stands nowhere."""
app = http_app(staff_only("owner", leading=["GET /v1/desk/events"]), remembered=REMEMBERED)
handler = entrance(app)

PART = 100
After = Annotated[str | None, Query(max_length=300)]
Webhook = Annotated[Id, Path()]


@app.get("/v1/desk/events")
def events(
    after: After = None,
    type: Annotated[EventType | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=PART)] = PART,
) -> answers.EventsAnswer:
    """What happened in the last 90 days, in the order in which it was written down: whoever was not there to hear asks
    for all since. What was written down in the last five seconds comes with the next request."""
    business = identity.leading(app.current_event)
    page = event_log.page(
        business, after=place(after), types=frozenset([type] if type else []), limit=limit, now=clock.now()
    )
    return answers.logged(page)


@app.get("/v1/desk/webhooks")
def show() -> answers.WebhooksAnswer:
    return answers.webhooks([Shown(it, None) for it in stored.endpoints(_business())])


@app.get("/v1/desk/webhooks/<webhook>")
def one(webhook: Webhook) -> answers.WebhookAnswer:
    return answers.webhook(Shown(endpoints.find(_business(), webhook), None))


@app.put("/v1/desk/webhooks/<webhook>")
def keep(webhook: Webhook, told: WebhookSettings) -> answers.WebhookAnswer:
    """Made under that id with a secret, which is shown this once; or changed, with the secret that it has. Its server
    has to be there, on the Internet, by https on port 443 or 8443."""
    return answers.webhook(endpoints.save(_business(), webhook, told.wanted(), _change()))


@app.delete("/v1/desk/webhooks/<webhook>")
def drop(webhook: Webhook) -> answers.WebhookDropped:
    """Whether it was there makes no difference."""
    endpoints.drop(_business(), webhook)
    return answers.WebhookDropped(id=webhook)


@app.post("/v1/desk/webhooks/<webhook>/rotate")
def rotate(webhook: Webhook) -> answers.WebhookAnswer:
    """Another secret, which is shown this once; for a day everything is signed with the one before as well."""
    return answers.webhook(endpoints.rotate(_business(), webhook, _change()))


@app.post("/v1/desk/webhooks/<webhook>/test")
def send_test(webhook: Webhook) -> answers.DeliveryAnswer:
    """One event that says it is a test; what came of it stands among the deliveries a moment later."""
    return answers.delivery(endpoints.send_test(_business(), webhook, _change()))


@app.get("/v1/desk/webhooks/<webhook>/deliveries")
def deliveries(
    webhook: Webhook,
    after: After = None,
    waiting: Annotated[bool, Query()] = False,  # noqa: FBT002  # a query has no positions
    limit: Annotated[int, Query(ge=1, le=PART)] = 50,
) -> answers.DeliveriesAnswer:
    """Those that are over, or those that wait; each with its answers. They are kept for 30 days."""
    business = _business()
    endpoints.find(business, webhook)
    return answers.deliveries(stored.page(business, webhook, waiting=waiting, after=place(after), limit=limit))


@app.post("/v1/desk/webhooks/<webhook>/redeliver")
def redeliver(webhook: Webhook, wanted: RedeliverRequest) -> answers.DeliveryAnswer:
    """That one again, from its first attempt on, with the id that it had."""
    return answers.delivery(endpoints.redeliver(_business(), webhook, wanted.delivery, now=clock.now()))


@app.post("/v1/desk/webhooks/<webhook>/replay")
def replay(webhook: Webhook, wanted: ReplayRequest) -> answers.ReplayAnswer:
    """A span of the log again, some 200 events with each request; what waits still is not sent twice."""
    now = clock.now()
    done = endpoints.replay(
        _business(),
        webhook,
        since=wanted.since,
        until=wanted.ends(now),
        after=place(wanted.after),
        now=now,
    )
    return answers.replayed(done)


def _business() -> str:
    """Of its owner. Raises RoleRequired."""
    business, _ = identity.staff(app.current_event, at_least="owner")
    return business


def _change() -> Change:
    _, by = identity.staff(app.current_event, at_least="owner")
    return identity.change_by(app.current_event, by, clock.now())
