"""The console: messages as their readers see them, the clock, and what it refuses."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from botocore.exceptions import ClientError

from infra.local import journey, seed
from infra.local.place import PATIENCE
from tests.local.businesses import ZONE, a_studio, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

HOUR = timedelta(hours=1)


def provider(stack: Stack, service: str) -> Any:
    return stack.client(service, f"{stack.base_url}/console/providers")


def text(stack: Stack, **changed: str) -> None:
    usual = {"DestinationPhoneNumber": "+8613912345678", "OriginationIdentity": "Kept", "MessageBody": "明天见"}
    provider(stack, "pinpoint-sms-voice-v2").send_text_message(**usual | changed)


def email(stack: Stack, to: str, **changed: str) -> None:
    invitation = {"FileName": "visit.ics", "ContentType": "text/calendar", "RawContent": b"BEGIN:VCALENDAR\r\n"}
    content = {
        "Subject": {"Data": "See you on Friday"},
        "Body": {"Text": {"Data": "Confirm: http://127.0.0.1/c/1"}, "Html": {"Data": "<p>Confirm</p>"}},
        "Headers": [{"Name": "List-Unsubscribe", "Value": "<http://127.0.0.1/u/1>"}],
        "Attachments": [invitation],
    }
    usual = {"FromEmailAddress": "desk@kept.example", "Destination": {"ToAddresses": [to]}}
    provider(stack, "sesv2").send_email(**usual | {"Content": {"Simple": content}} | changed)


def get(stack: Stack, path: str) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(stack.base_url + path) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


def post(stack: Stack, path: str, body: object, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(stack.base_url + path, data=json.dumps(body).encode(), headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def submit(stack: Stack, form: str, **fields: str) -> tuple[int, str]:
    """A form of its pages, as a browser without JavaScript sends it; a redirect is not followed."""
    door = http.client.HTTPConnection("127.0.0.1", stack.place.port, timeout=PATIENCE)
    try:
        door.request("POST", f"/console/{form}", urlencode(fields))
        answer = door.getresponse()
        return answer.status, answer.read().decode()
    finally:
        door.close()


def test_a_text_message_is_shown_to_its_reader(stack: Stack) -> None:
    text(stack, MessageBody="明天九点见: http://127.0.0.1/c/2")
    newest = stack.console.messages(to="+8613912345678")[0]
    assert (newest["channel"], newest["text"]) == ("sms", "明天九点见: http://127.0.0.1/c/2")
    assert newest["links"] == ["http://127.0.0.1/c/2"]


def test_an_email_is_shown_with_its_links_headers_and_attachment(stack: Stack) -> None:
    email(stack, to="ann@example.com")
    newest = stack.console.messages(to="ann@example.com")[0]
    assert newest["subject"] == "See you on Friday"
    assert newest["links"] == ["http://127.0.0.1/c/1"]
    assert newest["headers"] == {"List-Unsubscribe": "<http://127.0.0.1/u/1>"}
    status, headers, content = get(stack, newest["attachments"][0]["url"])
    assert (status, headers["Content-Type"], content) == (200, "text/calendar", b"BEGIN:VCALENDAR\r\n")


def test_the_html_of_an_email_cannot_run_anything(stack: Stack) -> None:
    email(stack, to="bob@example.com")
    _, headers, _ = get(stack, f"/console/messages/{stack.console.messages(to='bob@example.com')[0]['id']}/html")
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert "allow-scripts" not in headers["Content-Security-Policy"]


def test_an_email_from_a_sender_nobody_verified_is_refused_and_not_shown(stack: Stack) -> None:
    with pytest.raises(ClientError, match="MessageRejected"):
        email(stack, to="cleo@example.com", FromEmailAddress="somebody@else.example")
    assert stack.console.messages(to="cleo@example.com") == []


BAD_TEXTS = {
    "a number without a country": {"DestinationPhoneNumber": "13912345678"},
    "a number that is too long": {"DestinationPhoneNumber": "+1391234567890123"},
    "more words than a message takes": {"MessageBody": "x" * 1601},
}


@pytest.mark.parametrize("changed", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_text_message_the_provider_would_refuse_is_refused(changed: dict[str, str], stack: Stack) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        text(stack, **changed)


def test_the_clock_goes_forward_and_back_to_real(stack: Stack) -> None:
    """And on from there as fast as ever: how long the way itself took is no time of the product's."""
    began, before = time.monotonic(), stack.console.now()
    stack.console.advance(HOUR)
    passed = stack.console.now() - before
    took = timedelta(seconds=time.monotonic() - began)
    assert HOUR <= passed <= HOUR + took
    assert stack.console.back_to_real()["ahead"] == 0


def test_days_pass_with_all_they_bring_while_the_page_shows_how_far(stack: Stack) -> None:
    """What falls due on the way is done at its time, and a second press meanwhile is not for yet another day."""
    studio = a_studio("willow")
    desk, console = opened(stack, "willow", studio), stack.console
    start = on(console.now().astimezone(ZONE), "16:00", days=3)
    assert desk.book("willow", "cut", start, name="Ann", email="ann@willow.example").status == 201
    there = start + HOUR
    assert submit(stack, "clock", zone=ZONE.key, at=f"{there:%Y-%m-%dT%H:%M}")[0] == 303
    shown = get(stack, "/console")[2].decode()
    assert "<progress" in shown
    assert '<meta http-equiv="refresh"' in shown
    assert "the clock is on its way" in submit(stack, "clock", advance="86400")[1].lower()
    while "<progress" in get(stack, "/console")[2].decode():
        time.sleep(0.5)
    reached, late = console.now(), [due for due in console.due() if datetime.fromisoformat(due["at"]) <= there]
    console.back_to_real()
    assert there <= reached < there + HOUR
    assert late == []
    sent = [datetime.fromisoformat(message["at"]) for message in console.messages(to="ann@willow.example")]
    for before in (timedelta(hours=48), timedelta(hours=3)):
        assert [at for at in sent if timedelta(0) <= at - (start - before) < timedelta(minutes=10)], (before, sent)


def test_time_that_passes_fires_every_schedule_and_tells_what_each_did(stack: Stack) -> None:
    fired = stack.console.advance(timedelta(minutes=15))
    stack.console.back_to_real()
    assert fired["fired"]
    assert fired["errors"] == []
    assert fired["settled"] is True


def test_a_page_waits_for_what_is_soon_over_and_tells_what_it_raised() -> None:
    def refused() -> None:
        raise ValueError("That instant has passed")

    with pytest.raises(ValueError, match="has passed"):
        journey.begun(refused, wait=60)


def test_a_page_does_not_wait_for_what_takes_long() -> None:
    over = threading.Event()
    journey.begun(over.wait, wait=0)
    assert not over.is_set()
    over.set()


BAD_WISHES = {
    "backwards": {"advance": -60},
    "to the past": {"to": "2020-01-01T00:00:00Z"},
    "an instant without its offset": {"to": "2030-01-01T09:00:00"},
    "farther than it goes": {"advance": 1e300},
    "not a time": {"to": "soon"},
    "nothing": {},
    "not an object": [],
}


@pytest.mark.parametrize("wish", BAD_WISHES.values(), ids=BAD_WISHES)
def test_a_wish_the_clock_cannot_grant_is_refused_and_changes_nothing(wish: object, stack: Stack) -> None:
    status, said = post(stack, "/console/api/clock", wish)
    assert (status, list(said)) == (400, ["message"])
    assert post(stack, "/console/api/settle", {})[0] == 200
    assert get(stack, "/console/api/clock")[2].endswith(b'"ahead": 0.0}')


def test_a_demo_sign_in_gets_a_token_and_nobody_else_does(stack: Stack) -> None:
    assert stack.console.sign_in(seed.STAFF[0].email).count(".") == 2
    assert post(stack, "/console/api/sign-in", {"email": "eve@example.com"})[0] == 400


def test_another_site_cannot_give_orders(stack: Stack) -> None:
    assert post(stack, "/console/api/fire", {}, Origin="https://evil.example")[0] == 403


@pytest.mark.parametrize("page", ["/", "/console", "/console?to=ann@example.com", "/console/due"])
def test_a_page_of_the_console_is_shown(page: str, stack: Stack) -> None:
    status, headers, content = get(stack, page)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert content.startswith(b"<!doctype html>")


@pytest.mark.parametrize("path", ["/console/nothing", "/console/messages/none/html", "/no-such-route"])
def test_what_is_not_there_is_not_found(path: str, stack: Stack) -> None:
    assert get(stack, path)[0] == 404


def test_a_body_too_large_for_api_gateway_is_refused(stack: Stack) -> None:
    request = urllib.request.Request(f"{stack.base_url}/v1/businesses", data=b" " * (10 * 1024 * 1024 + 1))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 413


def test_a_site_of_a_demo_business_may_show_its_booking_page(stack: Stack) -> None:
    """It is another site to a browser, and among those that the business has named."""
    own_site = stack.place.own_site
    with urllib.request.urlopen(f"{own_site}/console/site/lanting", timeout=PATIENCE) as page:
        assert f'<script type="module" src="{stack.base_url}/embed.js">' in page.read().decode()
        assert f"frame-src {stack.base_url}" in page.headers["Content-Security-Policy"]
    framed = f"{stack.base_url}/b/lanting?site={quote(own_site, safe='')}"
    with urllib.request.urlopen(framed, timeout=PATIENCE) as page:
        assert f"frame-ancestors {own_site}" in page.headers["Content-Security-Policy"]
        assert f'data-site="{own_site}"' in page.read().decode()
