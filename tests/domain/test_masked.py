"""What of an address is shown on a page whose link may have been forwarded."""

from dataclasses import replace

import pytest

from kept.channels import Channel
from kept.clients.masked import masked
from tests.builders import a_client


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("+8613812345678", "+86 138 •••• 5678", id="a mobile in China"),
        pytest.param("+12125550123", "+1 212-•••-0123", id="in New York"),
        pytest.param("+6581234567", "+65 •••• 4567", id="in Singapore, where the first half would be half of it"),
        pytest.param("+4712345678", "+47 ••••5678", id="in Norway"),
        pytest.param("+35312345678", "+353 1 ••• 5678", id="in Dublin"),
        pytest.param("+2905123", "+290 ••••", id="on St Helena, where four digits are all there is"),
    ],
)
def test_a_number(number: str, shown: str) -> None:
    """Its owner knows it again; whoever was forwarded the link cannot call it."""
    client = replace(a_client(), phone=number)
    assert masked(client, Channel.SMS) == masked(client, Channel.CALL) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("li@example.com", "l…@example.com"), ("a@b.example", "a…@b.example"), ("李@例子.example", "李…@例子.example")],
)
def test_an_address(address: str, shown: str) -> None:
    """Its first letter and its domain are enough for its owner to know it again."""
    assert masked(replace(a_client(), email=address), Channel.EMAIL) == shown


def test_an_open_id_and_what_is_not_there_are_nothing() -> None:
    client = replace(a_client(), wechat="oLi-1")
    assert (masked(client, Channel.WECHAT), masked(client, Channel.SMS)) == ("", "")
