"""What WeChat and the gateways of businesses call: the signature is checked, the words go to the queue, 200 goes back.

Each calls an address of its own business, with the key that this business and its provider share.
"""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kept import clock
from kept.api.app import entrance, refused
from kept.channels import Channel
from kept.due_work.queues import send_body
from kept.errors import BodyTooLarge, InvalidRequest, Refusal
from kept.messaging.channels import standard_webhooks, wechat_inbound
from kept.messaging.refusals import NotSigned
from kept.use_cases.messaging import provider_clients
from kept.use_cases.messaging.inbound import called

LARGEST = 32 * 1024
"""Bytes; a message has a few hundred. Six times as many, as JSON may write them, still fit into a queue's record."""

app = APIGatewayHttpResolver()
app.exception_handler(Refusal)(refused)
handler = entrance(app)


@app.get("/v1/inbound/wechat/<business>")
def greet_wechat(business: str) -> Response[str]:
    """WeChat asks once, when the address is entered on its side, whether it is ours."""
    _must_be_wechat(business)
    return Response(200, "text/plain", (app.current_event.query_string_parameters or {}).get("echostr", ""))


@app.post("/v1/inbound/wechat/<business>")
def from_wechat(business: str) -> Response[str]:
    _must_be_wechat(business)
    send_body("INBOUND_QUEUE", called(business, Channel.WECHAT, _body()))
    return Response(200, "text/plain", "success")


@app.post("/v1/inbound/webhook/<business>")
def from_gateway(business: str) -> Response[str]:
    """Signed as Standard Webhooks says; a call older than five minutes is refused."""
    body = _body()
    try:
        secret = provider_clients.gateway(business).secret
        signed = standard_webhooks.is_genuine(body.encode(), app.current_event.headers, secret=secret, now=clock.now())
    except provider_clients.NoAccount:
        signed = False
    if not signed:
        raise NotSigned
    send_body("INBOUND_QUEUE", called(business, Channel.WEBHOOK, body))
    return Response(200, "application/json", "{}")


def _must_be_wechat(business: str) -> None:
    try:
        query, token = app.current_event.query_string_parameters or {}, provider_clients.wechat_account(business).token
        signed = wechat_inbound.is_genuine(query, token=token, now=clock.now())
    except provider_clients.NoAccount:
        signed = False
    if not signed:
        raise NotSigned


def _body() -> str:
    try:
        body = app.current_event.decoded_body or ""
        size = len(body.encode())
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": "body", "reason": "not text"}]) from error
    if size > LARGEST:
        raise BodyTooLarge(largest=LARGEST)
    return body
