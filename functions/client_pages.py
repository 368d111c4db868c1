"""Pages for clients: book, then by link see, confirm, move or cancel; say what they want to hear, and how it went; and
how long they wait.

Opening a page never changes anything.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept.api.app import entrance
from kept.pages import calendar_feed, embedding, short_links
from kept.pages.app import PageApp
from kept.pages.appointment import appointment_page, calendar_link, cancelling, disputing, mending, moving
from kept.pages.booking import booking, logo
from kept.pages.clients import preferences as wishes
from kept.pages.clients import subscribing
from kept.pages.follow_ups import survey
from kept.pages.waiting import queue
from kept.pages.waitlist import place, wishing

app = PageApp()
handler = entrance(app)


@app.get("/b/<business>")
def choose(business: str) -> Response[Any]:
    return booking.choose(app.visit, business)


@app.get("/b/<business>/logo/<name>")
def show_logo(business: str, name: str) -> Response[Any]:
    return logo.show(app.visit, business, name)


@app.post("/b/<business>/hold")
def hold(business: str) -> Response[Any]:
    return booking.hold(app.visit, business)


@app.get("/b/<business>/book")
def details(business: str) -> Response[Any]:
    return booking.details(app.visit, business)


@app.post("/b/<business>/book")
def book(business: str) -> Response[Any]:
    return booking.book(app.visit, business)


@app.get("/embed.js")
def element() -> Response[Any]:
    return embedding.element()


@app.get("/embed/frame.js")
def frame() -> Response[Any]:
    return embedding.frame_file(app.visit.asked.get("v", ""))


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


@app.get("/a/<token>/calendar")
def ask_for_calendar(token: str) -> Response[Any]:
    return calendar_link.ask(app.visit, token)


@app.post("/a/<token>/calendar")
def make_calendar(token: str) -> Response[Any]:
    return calendar_link.make(app.visit, token)


@app.get("/c/<name>")
def feed(name: str) -> Response[Any]:
    return calendar_feed.show(app.visit, name)


@app.head("/c/<name>")
def look_at_feed(name: str) -> Response[Any]:
    return calendar_feed.look(app.visit, name)


@app.get("/a/<token>/details")
def ask_to_mend(token: str) -> Response[Any]:
    return mending.ask(app.visit, token)


@app.post("/a/<token>/details")
def mend(token: str) -> Response[Any]:
    return mending.save(app.visit, token)


@app.post("/b/<business>/call")
def call_instead(business: str) -> Response[Any]:
    return booking.call_me(app.visit, business)


@app.post("/a/<token>/confirm")
def confirm(token: str) -> Response[Any]:
    return appointment_page.confirm(app.visit, token)


@app.post("/a/<token>/on-my-way")
def on_my_way(token: str) -> Response[Any]:
    return appointment_page.on_my_way(app.visit, token)


@app.post("/a/<token>/cannot-come")
def cannot_come(token: str) -> Response[Any]:
    return appointment_page.cannot_come(app.visit, token)


@app.post("/a/<token>/wait")
def wait(token: str) -> Response[Any]:
    return appointment_page.wait(app.visit, token)


@app.post("/a/<token>/dispute")
def dispute(token: str) -> Response[Any]:
    return disputing.say(app.visit, token)


@app.post("/a/<token>/call-me")
def call_me(token: str) -> Response[Any]:
    return appointment_page.call_me(app.visit, token)


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


@app.get("/p/<token>")
def preferences(token: str) -> Response[Any]:
    return wishes.show(app.visit, token)


@app.post("/p/<token>")
def prefer(token: str) -> Response[Any]:
    return wishes.save(app.visit, token)


@app.post("/p/<token>/points")
def exchange_points(token: str) -> Response[Any]:
    return wishes.exchange_points(app.visit, token)


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


@app.get("/f/<token>")
def ask_how_it_went(token: str) -> Response[Any]:
    return survey.show(app.visit, token)


@app.post("/f/<token>")
def say_how_it_went(token: str) -> Response[Any]:
    return survey.answer(app.visit, token)


@app.get("/b/<business>/wait")
def ask_to_wait(business: str) -> Response[Any]:
    return wishing.ask_to_wait(app.visit, business)


@app.post("/b/<business>/wait")
def join_waitlist(business: str) -> Response[Any]:
    return wishing.wait(app.visit, business)


@app.get("/w/<token>")
def waiting(token: str) -> Response[Any]:
    return place.show(app.visit, token)


@app.post("/w/<token>/take")
def take(token: str) -> Response[Any]:
    return place.take(app.visit, token)


@app.post("/w/<token>/pass")
def let_pass(token: str) -> Response[Any]:
    return place.let_pass(app.visit, token)


@app.post("/w/<token>/change")
def change_wish(token: str) -> Response[Any]:
    return place.change(app.visit, token)


@app.post("/w/<token>/leave")
def leave_waitlist(token: str) -> Response[Any]:
    return place.leave(app.visit, token)


@app.get("/q/<token>")
def my_place(token: str) -> Response[Any]:
    return queue.show(app.visit, token)


@app.post("/q/<token>/leave")
def leave_queue(token: str) -> Response[Any]:
    return queue.leave(app.visit, token)


@app.post("/q/<token>/tell")
def tell_when_near(token: str) -> Response[Any]:
    return queue.tell(app.visit, token)


@app.get("/q/<token>/wall")
def wall(token: str) -> Response[Any]:
    return queue.wall(app.visit, token)


@app.get("/q/<token>/join")
def ask_to_join_queue(token: str) -> Response[Any]:
    return queue.ask_to_join(app.visit, token)


@app.get("/q/<token>/code")
def queue_code(token: str) -> Response[Any]:
    return queue.code(app.visit, token)


@app.post("/q/<token>/join")
def join_queue(token: str) -> Response[Any]:
    return queue.join(app.visit, token)
