"""Signed links: what is accepted, what is not, and what a change of keys does to them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.client_links.links import (
    KeysUnusable,
    Link,
    LinkKeys,
    LinkPurpose,
    appointment_page,
    booking_page,
    read,
    sign,
)
from kept.client_links.refusals import LinkExpired, LinkInvalid

NOW = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=30)
OLD = "o" * 43
NEW = "n" * 43


def keys(current: str = "k1", **also: str) -> LinkKeys:
    return LinkKeys.parse(json.dumps({"current": current, "k1": OLD, **also}))


def a_token(purpose: LinkPurpose = LinkPurpose.MANAGE, *, by: LinkKeys | None = None, expires: datetime = SOON) -> str:
    return sign(by or keys(), purpose, business="salon", subject="a_mfrggzdfmztwq2lk", expires=expires)


def test_a_link_opens_what_it_was_made_for() -> None:
    assert read(keys(), a_token(), purpose=LinkPurpose.MANAGE, now=NOW) == Link("salon", "a_mfrggzdfmztwq2lk")


def test_a_token_is_short_and_safe_in_an_address() -> None:
    """No mail program breaks it or asks to have it escaped."""
    token = a_token()
    assert len(token) <= 64
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_a_link_is_valid_up_to_its_end_and_no_longer() -> None:
    """To the second."""
    read(keys(), a_token(), purpose=LinkPurpose.MANAGE, now=SOON - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        read(keys(), a_token(), purpose=LinkPurpose.MANAGE, now=SOON)


def test_a_link_for_one_purpose_serves_no_other() -> None:
    """Who holds a slot cannot manage somebody's visit by it."""
    with pytest.raises(LinkInvalid):
        read(keys(), a_token(LinkPurpose.HOLD), purpose=LinkPurpose.MANAGE, now=NOW)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("m.k1.salon.a_1", id="cut off"),
        pytest.param(a_token().replace("salon", "garage"), id="another business"),
        pytest.param(a_token().replace("a_m", "a_n"), id="another appointment"),
        pytest.param(a_token(LinkPurpose.HOLD).replace("h.", "m.", 1), id="another purpose"),
        pytest.param(a_token().replace(".k1.", ".k9."), id="an unknown key"),
        pytest.param(a_token() + "A", id="one letter too many"),
        pytest.param(a_token() + "\n", id="a newline"),
        pytest.param("м" + a_token()[1:], id="a letter that only looks the same"),
    ],
)
def test_what_was_tampered_with_is_refused(token: str) -> None:
    """With one answer, whatever was wrong."""
    with pytest.raises(LinkInvalid):
        read(keys(), token, purpose=LinkPurpose.MANAGE, now=NOW)


@settings(max_examples=60)
@given(data=st.data())
def test_no_letter_of_a_token_can_be_changed(data: st.DataObject) -> None:
    """Wherever it stands."""
    token = a_token()
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcxyzABCXYZ0189._-").filter(lambda other: other != token[at]))
    with pytest.raises((LinkInvalid, LinkExpired)) as refused:
        read(keys(), token[:at] + letter + token[at + 1 :], purpose=LinkPurpose.MANAGE, now=NOW)
    assert refused.type is LinkInvalid


def test_tampering_with_an_expired_link_does_not_tell_that_it_expired() -> None:
    """Nobody learns by guessing which links there were."""
    expired = a_token(expires=NOW - timedelta(days=1))
    with pytest.raises(LinkInvalid):
        read(keys(), expired.replace("salon", "garage"), purpose=LinkPurpose.MANAGE, now=NOW)


def test_after_a_change_of_keys_old_links_work_until_their_key_is_gone() -> None:
    """Taking a key away is how its links are revoked."""
    old = a_token()
    rotated = keys("k2", k2=NEW)
    retired = LinkKeys.parse(json.dumps({"current": "k2", "k2": NEW}))
    assert read(rotated, old, purpose=LinkPurpose.MANAGE, now=NOW) == Link("salon", "a_mfrggzdfmztwq2lk")
    assert ".k2." in a_token(by=rotated)
    with pytest.raises(LinkInvalid):
        read(retired, old, purpose=LinkPurpose.MANAGE, now=NOW)


@pytest.mark.parametrize(
    ("business", "subject"),
    [
        pytest.param("sa.lon", "a_1", id="a dot would shift the fields"),
        pytest.param("salon", "", id="nothing"),
        pytest.param("salon", "wang@example.com", id="an address"),
    ],
)
def test_only_ids_stand_in_a_link(business: str, subject: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a link"):
        sign(keys(), LinkPurpose.MANAGE, business=business, subject=subject, expires=SOON)


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param('{"current": "k1", "k1": []}', id="a key that is no text"),
        pytest.param(json.dumps({"current": "k2", "k1": OLD}), id="no current key"),
        pytest.param(json.dumps({"current": "k1", "k1": "short"}), id="a key that can be guessed"),
    ],
)
def test_a_secret_without_usable_keys_is_refused(secret: str) -> None:
    """Nothing is signed with a key that anybody could guess."""
    with pytest.raises(KeysUnusable):
        LinkKeys.parse(secret)


def test_the_secret_that_the_stack_makes_holds_its_keys_bare() -> None:
    bare = LinkKeys.parse(json.dumps({"current": "k1", "k1": OLD}))
    assert bare == keys()


def test_keys_do_not_show_when_printed() -> None:
    """So that no log holds them."""
    assert OLD not in repr(keys())


def test_addresses_have_one_slash_between_their_parts() -> None:
    assert appointment_page("https://book.example.com/", "t") == "https://book.example.com/a/t"
    assert booking_page("https://book.example.com", "salon", "cut") == "https://book.example.com/b/salon?service=cut"
