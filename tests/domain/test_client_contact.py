"""Telephone numbers and e-mail addresses have one spelling each, so that one person is found again."""

import pytest

from kept.clients.contact import normal_email, normal_phone
from kept.clients.refusals import InvalidEmail, InvalidPhone


@pytest.mark.parametrize(
    ("written", "country", "stored"),
    [
        pytest.param("+1 212 555 0123", "US", "+12125550123", id="with its country code"),
        pytest.param("(212) 555-0123", "US", "+12125550123", id="as written at home"),
        pytest.param("+1 212 555 0123", "CN", "+12125550123", id="a number from abroad"),
        pytest.param("138 0013 8000", "CN", "+8613800138000", id="a Chinese mobile"),
        pytest.param("021-6279 8888", "CN", "+862162798888", id="a Chinese landline with its trunk zero"),
        pytest.param("0086 138 0013 8000", "CN", "+8613800138000", id="dialled out of China"),
        pytest.param("１３８００１３８０００", "CN", "+8613800138000", id="full-width digits"),
        pytest.param("+44 (0)20 7946 0018", "GB", "+442079460018", id="a zero that is not dialled from abroad"),
    ],
)
def test_a_number_is_stored_in_one_spelling(written: str, country: str, stored: str) -> None:
    """However it was typed or dialled, so that the same person is found again by it."""
    assert normal_phone(written, country) == stored


@pytest.mark.parametrize(
    ("written", "country"),
    [
        pytest.param("", "US", id="nothing"),
        pytest.param("call me", "US", id="words"),
        pytest.param("12", "US", id="too short"),
        pytest.param("+1 212 555 0123 4567 89", "US", id="too long"),
        pytest.param("+999 123 456 789", "US", id="a country code that is none"),
        pytest.param("100 000 0000", "US", id="an area that is none"),
        pytest.param("138 0013 8000", "US", id="a Chinese mobile without its country"),
    ],
)
def test_what_cannot_be_a_number_is_refused(written: str, country: str) -> None:
    """It is not kept as typed: nobody could be reached by it."""
    with pytest.raises(InvalidPhone):
        normal_phone(written, country)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        pytest.param("ana@river.example", "ana@river.example", id="as it is"),
        pytest.param("Ana.Lopez@River.Example", "ana.lopez@river.example", id="small letters"),
        pytest.param("ana+kept@river.example", "ana+kept@river.example", id="a tag"),
        pytest.param("ana@xn--bcher-kva.example", "ana@bücher.example", id="an encoded domain"),
        pytest.param("lin@兰亭.example", "lin@兰亭.example", id="Chinese characters"),
        pytest.param("eva@re\u0301my.example", "eva@rémy.example", id="a composed letter"),
    ],
)
def test_an_address_is_stored_in_one_spelling(written: str, stored: str) -> None:
    """Capitals and encoded letters make no second person; a tag stays part of the address."""
    assert normal_email(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ana",
        "ana@",
        "@river.example",
        "ana@river",
        "ana@river..example",
        "ana river@x.example",
        "a@b.example\nBcc: c@d.example",
    ],
    ids=["nothing", "no at", "no domain", "no name", "no dot", "two dots", "a space inside", "another header"],
)
def test_what_cannot_be_an_address_is_refused(written: str) -> None:
    """Above all a line break, which would add a header to the mail."""
    with pytest.raises(InvalidEmail):
        normal_email(written)
