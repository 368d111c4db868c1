"""What who waits sees of the queue by their link, and everybody on the wall."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import client_pages
from kept import clock
from kept.actor import Actor, Change
from kept.business.visit_stages import VisitStage
from kept.client_links.links import LinkPurpose
from kept.client_links.tokens import join_token, queue_token, wall_token
from kept.settings import setting
from kept.storage import catalogs, tickets
from kept.use_cases.waiting import arrivals
from kept.waiting_room.ticket import Ticket
from tests import lotus
from tests.asking import an_http_event
from tests.builders import an_appointment
from tests.refusing import link

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MEI = Actor("staff", "mei")


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment(starts=NOON + timedelta(hours=2)))


def at(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=minutes))


def comes(name: str = "") -> Ticket:
    return arrivals.walk_in(catalogs.load("lotus"), "cut", "mei", name, Change(MEI, clock.now()))


def begins(ticket: Ticket) -> Ticket:
    return arrivals.begin(catalogs.load("lotus"), ticket.id, None, Change(MEI, clock.now()))


def opened(path: str, method: str = "GET", language: str = "en", form: str = "") -> tuple[int, str, Any]:
    event = an_http_event(f"{method} {path}", None) | {"body": form, "isBase64Encoded": False}
    event["headers"] |= {"accept-language": language}
    answer = client_pages.handler(event, None)
    return answer["statusCode"], answer.get("body") or "", answer["headers"]


def opened_asking(path: str, **query: str) -> str:
    event = an_http_event(f"GET {path}", None, query=query)
    return str(client_pages.handler(event, None)["body"])


def place_of(ticket: Ticket) -> str:
    return f"/q/{queue_token('lotus', ticket.id, now=NOON)}"


def test_who_is_next_is_told_so_only_while_the_one_before_is_in_the_chair() -> None:
    first = comes()
    assert "You are next" in opened(place_of(first))[1]
    second = comes()
    assert "You are next" not in opened(place_of(second))[1]
    begins(first)
    told = opened(place_of(second))[1]
    assert "Place 1 in the queue" in told
    assert "Please be here at" in told


def test_the_page_needs_no_script_and_asks_again_by_itself() -> None:
    status, body, headers = opened(place_of(comes()))
    assert status == 200
    assert '<meta http-equiv="refresh" content="15">' in body
    assert "<script" not in body
    assert len(body.encode()) < 40_000
    assert {name.lower(): value for name, value in headers.items()}["cache-control"] == "no-store"


def test_who_reads_slowly_may_keep_it_still() -> None:
    still = opened_asking(place_of(comes()), still="1", lang="en")
    assert "refresh" not in still
    assert "Keep it up to date" in still


def test_the_stages_are_told_as_they_pass() -> None:
    one = comes()
    assert 'aria-current="step"><strong>Waiting' in opened(place_of(one))[1]
    begins(one)
    assert 'aria-current="step"><strong>In the chair' in opened(place_of(one))[1]
    assert "It is your turn" in opened(place_of(one))[1]
    arrivals.complete(catalogs.load("lotus"), one.id, Change(MEI, clock.now()))
    done = opened(place_of(one))[1]
    assert "All done" in done
    assert "refresh" not in done


def test_the_service_s_own_stages_are_told_with_their_usual_length() -> None:
    stages = (VisitStage("Wash", 10, {"zh-Hans": "洗头"}), VisitStage("Chair", 40))
    catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], visit_stages=stages)])
    catalogs.forget()
    one = comes()
    assert "In the chair" not in opened(place_of(one))[1]
    begins(one)
    told = '<li aria-current="step"><strong>Wash</strong> <span class="about">usually 10 min</span></li>'
    assert told in opened(place_of(one))[1]
    assert "<strong>洗头</strong>" in opened(place_of(one), language="zh-CN")[1]
    arrivals.at_stage(catalogs.load("lotus"), one.id, 1, Change(MEI, clock.now()))
    assert 'aria-current="step"><strong>Chair' in opened(place_of(one))[1]


def test_who_is_called_reads_it_on_their_page_and_on_the_wall() -> None:
    one, _ = comes(), comes()
    arrivals.call(catalogs.load("lotus"), one.id, Change(MEI, clock.now()))
    assert "It is your turn, please come" in opened(place_of(one))[1]
    wall = opened(f"/q/{wall_token('lotus', now=NOON)}/wall")[1]
    assert '<p class="wait called"><strong>1</strong></p>' in wall
    assert '<th scope="row">2</th>' in wall
    assert '<th scope="row">1</th>' not in wall


def test_the_code_to_be_printed_leads_to_the_page_that_gives_a_number() -> None:
    """What is drawn is that address; the picture breaks none of the page's own rules."""
    import segno

    token = join_token("lotus", now=NOON)
    status, body, _ = opened(f"/q/{token}/code")
    assert status == 200
    drawn = segno.make_qr(f"{setting('PUBLIC_URL')}/q/{token}/join", error="m")
    assert drawn.svg_inline(omitsize=True, svgclass="code") in body
    assert "<script" not in body
    assert "style=" not in body
    assert opened(f"/q/{token}/join")[0] == 200


def test_it_speaks_the_reader_s_language() -> None:
    assert "下一位就是您" in opened(place_of(comes()), language="zh-CN")[1]


def test_leaving_is_one_button_and_opening_changes_nothing() -> None:
    one = comes()
    before = lotus.everything()
    opened(place_of(one))
    assert lotus.everything() == before
    for _ in range(2):
        assert opened(f"{place_of(one)}/leave", "POST")[0] == 303
    assert "You have left the queue" in opened(place_of(one))[1]


def test_on_the_wall_are_numbers_and_no_names() -> None:
    one, _ = comes("Wang Wei"), comes("Zhou Min")
    begins(one)
    status, body, _ = opened(f"/q/{wall_token('lotus', now=NOON)}/wall")
    assert status == 200
    assert "Wang" not in body
    assert "Zhou" not in body
    assert "<strong>1</strong>" in body
    assert '<th scope="row">2</th>' in body


def test_an_empty_wall_says_so() -> None:
    assert "Nobody at the moment" in opened(f"/q/{wall_token('lotus', now=NOON)}/wall")[1]


REFUSED = {
    "of yesterday": ("", LinkPurpose.QUEUE, "2026-03-01-001", 410),
    "never given": ("", LinkPurpose.QUEUE, "2026-03-02-009", 403),
    "the wall's": ("", LinkPurpose.WALL, "house", 403),
    "an appointment's": ("", LinkPurpose.MANAGE, "a-1", 403),
    "of yesterday, to leave": ("/leave", LinkPurpose.QUEUE, "2026-03-01-001", 410),
    "never given, to leave": ("/leave", LinkPurpose.QUEUE, "2026-03-02-009", 403),
    "the wall's, to leave": ("/leave", LinkPurpose.WALL, "house", 403),
    "the wall's, to take a number": ("/join", LinkPurpose.WALL, "house", 403),
    "the door's on the wall": ("/wall", LinkPurpose.JOIN, "house", 403),
    "the wall's, to print": ("/code", LinkPurpose.WALL, "house", 403),
    "somebody's place, to print": ("/code", LinkPurpose.QUEUE, "2026-03-02-001", 403),
    "somebody's place on the wall": ("/wall", LinkPurpose.QUEUE, "2026-03-02-001", 403),
}


@pytest.mark.parametrize(("step", "purpose", "subject", "status"), REFUSED.values(), ids=REFUSED)
def test_what_no_link_opens(step: str, purpose: LinkPurpose, subject: str, status: int) -> None:
    comes()
    arrivals.walk_in(catalogs.load("lotus"), "cut", "mei", "", Change(MEI, NOON - timedelta(days=1)))
    before = lotus.everything()
    path = f"/q/{link(subject, purpose=purpose)}{step}"
    assert opened(path, "POST" if step == "/leave" else "GET")[0] == status
    assert lotus.everything() == before


def test_a_link_of_another_business_shows_nothing_of_this_one() -> None:
    one = comes()
    assert opened(f"/q/{link(one.id, 'garage', purpose=LinkPurpose.QUEUE)}")[0] == 403
    assert tickets.load("lotus", one.id).is_waiting


def join(service: str = "cut", key: str = "k-1") -> tuple[int, str, Any]:
    return opened(f"/q/{join_token('lotus', now=NOON)}/join", "POST", form=f"service={service}&key={key}")


def test_the_code_at_the_door_gives_a_number_and_the_same_form_twice_one() -> None:
    form = opened(f"/q/{join_token('lotus', now=NOON)}/join")
    assert form[0] == 200
    assert 'value="cut"' in form[1]
    assert tickets.of_day("lotus", NOON.date()) == []
    first, again, other = join(), join(), join(key="k-2")
    assert first[0] == 303
    assert first[2]["Location"] == again[2]["Location"] != other[2]["Location"]
    assert "You are next" in opened(str(first[2]["Location"]))[1]
    assert [it.number for it in tickets.of_day("lotus", NOON.date())] == [1, 2]


def test_who_wants_what_is_not_there_gets_no_number() -> None:
    assert join(service="nothing")[0] == 404
    assert tickets.of_day("lotus", NOON.date()) == []


def test_one_network_takes_no_more_numbers_than_a_house_takes() -> None:
    statuses = [join(key=f"k-{number}")[0] for number in range(31)]
    assert (statuses[:30], statuses[30]) == ([303] * 30, 429)
    assert len(tickets.of_day("lotus", NOON.date())) == 30
