"""The front desk in the browser: public files without any data; what they show comes from the API, by its sign-in."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from kept import clock
from kept.api.app import entrance
from kept.pages.desk import files

app = APIGatewayHttpResolver()
handler = entrance(app)


@app.get("/desk/files/<name>")
def file(name: str) -> Response[str] | Response[bytes]:
    return files.file(f"/desk/files/{name}", encodings=app.current_event.headers.get("accept-encoding", ""))


@app.get("/desk")
@app.get("/desk/<view>")
@app.get("/desk/<view>/<id>")
def shell(view: str = "", id: str = "") -> Response[str]:  # noqa: ARG001  # the script reads from the address what to show
    return files.shell(now=clock.now())
