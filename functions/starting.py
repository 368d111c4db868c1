"""The page on which a business and its owner begin, by the code that the deployment put out."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept.api.app import entrance
from kept.pages.app import PageApp
from kept.pages.starting import start

app = PageApp()
handler = entrance(app)


@app.get("/start")
def ask() -> Response[Any]:
    return start.ask(app.visit)


@app.post("/start")
def make() -> Response[Any]:
    return start.make(app.visit)
