"""The front desk in the browser: public files without any data; what they show comes from the API, by its sign-in."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kept import clock
from kept.api.app import entrance
from kept.pages.desk import files

app = APIGatewayHttpResolver()
handler = entrance(app)


@app.get("/desk")
@app.get("/desk/callback")
@app.get("/desk/appointments/<appointment>")
@app.get("/desk/follow-ups/<follow_up>")
def shell(appointment: str = "", follow_up: str = "") -> Response[str]:  # noqa: ARG001  # the script reads from the address what to show
    return files.shell(now=clock.now())


@app.get("/desk/desk.js")
def script() -> Response[str]:
    return files.script()


@app.get("/desk/desk.css")
def style() -> Response[str]:
    return files.style()
