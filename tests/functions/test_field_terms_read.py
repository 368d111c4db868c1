"""What a client would read of terms is told by the pages themselves while an owner writes them: the same sentences, in
each language, for a service and a tier; refused as saving would be, and nothing is saved by asking."""

import re
from dataclasses import replace
from typing import Any

import pytest

import catalog as settings
import client_pages
from kept import clock
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules, Charge
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import CUT
from tests.lotus import NOW

FEES: dict[str, Any] = {
    "late_fee": {"percent": 50},
    "move_fee": {"minor": 500},
    "missed_fee": {"percent": 100},
    "rows": [{"tier": "vip", "late_fee": {"minor": 0}}, {"service": "colour", "free_until": 4320}],
}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut is 98 yuan."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.store(replace(lotus.the_salon(), services={"cut": replace(CUT, price=Money(9800, "CNY"))}))


def would_read(changes: object = None, *, role: str = "manager", **more: object) -> Answer:
    body = {"changes": FEES if changes is None else changes, "service": "cut", "language": "en", **more}
    return ask(settings.handler, "POST /v1/desk/business/terms/preview", body, role=role)


def test_it_reads_as_the_pages_do() -> None:
    """Before the button, at short notice, and once it is late."""
    answer = would_read(policy_text="Be on time.")
    assert answer.status == 200, answer.body
    fees = "A later cancellation costs CN¥49. A later move costs CN¥5. Not coming costs CN¥98."
    assert answer.body == {
        "policy": "Be on time.",
        "booking": "You can move or cancel free of charge until Saturday, March 7, 2026 at 6:00 PM. " + fees,
        "booking_late": "It is less than 48 hours until this appointment, so moving or cancelling it will count as "
        f"late. For 15 minutes after booking you can still take it back free of charge. {fees}",
        "cancelling": "This is a late change. It is less than 48 hours until your appointment, so moving or cancelling "
        "now counts as late. Cancelling now costs CN¥49.",
        "moving": "This is a late change. It is less than 48 hours until your appointment, so moving or cancelling "
        "now counts as late. Moving now costs CN¥5.",
        "deposit": "",
    }


def test_it_is_what_the_booking_page_says_once_it_is_saved() -> None:
    """Of the same visit, with the same terms."""
    rules = ChangeRules(late_fee=Charge(percent=50), missed_fee=Charge(minor=9900))
    salon = lotus.the_salon()
    business = replace(salon.business, changes=rules)
    lotus.store(replace(salon, business=business, services={"cut": replace(CUT, price=Money(9800, "CNY"))}))
    changes = {"late_fee": {"percent": 50}, "missed_fee": {"minor": 9900}}
    said = would_read(changes, language="zh-Hans").body["booking"]
    query = {"service": "cut", "start": "2026-03-09T18:00:00+08:00", "lang": "zh-Hans"}
    event = an_http_event("GET /b/lotus/book", query=query)
    event["rawQueryString"] = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in query.items())
    page = client_pages.handler(event, None)
    assert page["statusCode"] == 200, page["body"]
    note = re.search(r'<p class="note">(.*?)</p>', str(page["body"]), re.S)
    assert note
    fees = ("".join(it.split("。", 1)[1].split()) for it in (note[1], said))
    assert next(fees) == next(fees) == "之后取消收取¥49。未到店收取¥99。"


@pytest.mark.parametrize(
    ("more", "holds", "lacks"),
    [
        pytest.param({"tier": "vip"}, "Moving now", "Cancelling now", id="a VIP pays nothing for cancelling"),
        pytest.param({"tier": "regular"}, "CN¥49", "CN¥500", id="others as everybody"),
        pytest.param({"language": "zh-Hans"}, "现在取消将收取¥49", "cancel", id="in Chinese"),
        pytest.param({"language": "fr"}, "Cancelling now", "取消", id="in a language that nobody speaks here"),
    ],
)
def test_it_is_for_a_tier_and_in_a_language(more: dict[str, str], holds: str, lacks: str) -> None:
    """A tier that pays less reads less; a language that nobody speaks is English."""
    body = would_read(**more).body
    said = f"{body['cancelling']} {body['moving']}"
    assert holds in said
    assert lacks not in said


@pytest.mark.parametrize(
    ("changes", "late", "early"),
    [
        pytest.param({}, "It is less than 48 hours", "free of charge", id="without any fee"),
        pytest.param({"free_until": 0}, "", "free of charge", id="without a notice nothing is late"),
        pytest.param({"free_until": 4320}, "It is less than 72 hours", "free of charge", id="three days"),
        pytest.param({"late_fee": {"minor": 100}, "grace": 0}, "Cancelling now costs CN¥1.", "CN¥1.", id="no grace"),
    ],
)
def test_what_there_is_not_is_not_said(changes: dict[str, Any], late: str, early: str) -> None:
    """No fee, no notice, no grace."""
    body = would_read(changes).body
    assert early in body["booking"]
    assert (late in body["cancelling"]) if late else (body["cancelling"], body["booking_late"]) == ("", "")
    assert ("after booking" in body["booking_late"]) is bool(late and changes.get("grace") != 0)


def test_its_own_words_are_those_of_the_language() -> None:
    texts = {"zh-Hans": "请准时。", "en": ""}
    said = [
        would_read(policy_text="Be on time.", policy_texts=texts, language=it).body["policy"] for it in ("en", "zh")
    ]
    assert said == ["Be on time.", "请准时。"]


def test_what_people_wrote_is_no_markup() -> None:
    assert would_read(policy_text="<b>1 < 2 & 3</b>").body["policy"] == "<b>1 < 2 & 3</b>"


@pytest.mark.parametrize(
    ("changes", "more", "status"),
    [
        pytest.param({"late_fee": {"minor": -1}}, {}, 422, id="negative money"),
        pytest.param({"rows": [{"late_fee": {"minor": 1}}]}, {}, 422, id="a row for everybody"),
        pytest.param({}, {"service": "perm"}, 404, id="a service that there is not"),
        pytest.param({}, {"tier": "gold"}, 422, id="a tier that there is not"),
        pytest.param({}, {"policy_text": "x" * 2001}, 422, id="words without end"),
    ],
)
def test_what_could_not_be_saved_is_not_read(changes: object, more: dict[str, str], status: int) -> None:
    """Refused as saving would be."""
    assert would_read(changes, **more).status == status


def test_it_is_for_those_who_lead_alone_and_changes_nothing() -> None:
    before = lotus.everything()
    assert [would_read(role=role).status for role in ("", "staff", "manager")] == [401, 403, 200]
    assert lotus.everything() == before
