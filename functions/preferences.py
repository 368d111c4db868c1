"""Pages for what a client wants to hear: preferences, the unsubscribe and the yes to invitations, each by its link."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept.api.app import entrance
from kept.pages.app import PageApp
from kept.pages.clients import preferences, subscribing

app = PageApp()
handler = entrance(app)


@app.get("/p/<token>")
def show(token: str) -> Response[Any]:
    return preferences.show(app.visit, token)


@app.post("/p/<token>")
def save(token: str) -> Response[Any]:
    return preferences.save(app.visit, token)


@app.get("/u/<token>")
def ask_to_leave(token: str) -> Response[Any]:
    return subscribing.ask_to_leave(app.visit, token)


@app.post("/u/<token>")
def leave(token: str) -> Response[Any]:
    return subscribing.leave(app.visit, token)


@app.get("/s/<token>")
def ask_to_join(token: str) -> Response[Any]:
    return subscribing.ask_to_join(app.visit, token)


@app.post("/s/<token>")
def join(token: str) -> Response[Any]:
    return subscribing.join(app.visit, token)
