"""The page on which a client says how it went, by its link. Opening it never changes anything."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept.api.app import entrance
from kept.pages.app import PageApp
from kept.pages.follow_ups import survey

app = PageApp()
handler = entrance(app)


@app.get("/f/<token>")
def show(token: str) -> Response[Any]:
    return survey.show(app.visit, token)


@app.post("/f/<token>")
def answer(token: str) -> Response[Any]:
    return survey.answer(app.visit, token)
