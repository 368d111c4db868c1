"""Pages for clients: book, then see, confirm, move or cancel by link. Opening a page never changes anything."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept.api.app import entrance
from kept.pages import short_links
from kept.pages.app import PageApp
from kept.pages.appointment import appointment_page, cancelling, mending, moving
from kept.pages.booking import booking

app = PageApp()
handler = entrance(app)


@app.get("/{path+}")
def elsewhere() -> Response[Any]:
    """As the gateway names what no other route takes; the door leads on to the page's own address, if it has one."""
    return app.lead_on()


@app.get("/b/<business>")
def choose(business: str) -> Response[Any]:
    return booking.choose(app.visit, business)


@app.post("/b/<business>/hold")
def hold(business: str) -> Response[Any]:
    return booking.hold(app.visit, business)


@app.get("/b/<business>/book")
def details(business: str) -> Response[Any]:
    return booking.details(app.visit, business)


@app.post("/b/<business>/book")
def book(business: str) -> Response[Any]:
    return booking.book(app.visit, business)


@app.get("/k/<letters>")
@app.get("/K/<letters>")
def follow(letters: str) -> Response[Any]:
    return short_links.follow(app.visit, letters)


@app.head("/k/<letters>")
def look(letters: str) -> Response[Any]:
    return short_links.look(app.visit, letters)


@app.get("/a/<token>")
def appointment(token: str) -> Response[Any]:
    return appointment_page.show(app.visit, token)


@app.get("/a/<token>/calendar.ics")
def calendar(token: str) -> Response[Any]:
    return appointment_page.calendar(app.visit, token)


@app.get("/a/<token>/details")
def ask_to_mend(token: str) -> Response[Any]:
    return mending.ask(app.visit, token)


@app.post("/a/<token>/details")
def mend(token: str) -> Response[Any]:
    return mending.save(app.visit, token)


@app.post("/a/<token>/confirm")
def confirm(token: str) -> Response[Any]:
    return appointment_page.confirm(app.visit, token)


@app.post("/a/<token>/on-my-way")
def on_my_way(token: str) -> Response[Any]:
    return appointment_page.on_my_way(app.visit, token)


@app.post("/a/<token>/cannot-come")
def cannot_come(token: str) -> Response[Any]:
    return appointment_page.cannot_come(app.visit, token)


@app.post("/a/<token>/wechat")
def tap(token: str) -> Response[Any]:
    return appointment_page.tap(app.visit, token)


@app.get("/a/<token>/move")
def choose_move(token: str) -> Response[Any]:
    return moving.choose(app.visit, token)


@app.post("/a/<token>/move")
def move(token: str) -> Response[Any]:
    return moving.move(app.visit, token)


@app.get("/a/<token>/cancel")
def ask_to_cancel(token: str) -> Response[Any]:
    return cancelling.ask(app.visit, token)


@app.post("/a/<token>/cancel")
def cancel(token: str) -> Response[Any]:
    return cancelling.cancel(app.visit, token)
