"""The form of the pages refuses what it cannot use, with the words for it, and keeps what it can, as the API does."""

import pytest

from kept.pages.booking.details import problems, typed
from kept.pages.language import languages
from kept.pages.page_request import PageForm
from tests.builders import a_catalog
from tests.domain.test_field_names import CLEANED, EMPTY

BUSINESS = a_catalog().business
GOOD = {"name": "Ann", "phone": "+8613812345678", "email": "ann@river.example"}


def wrong(*agrees_to: str, **fields: str) -> dict[str, str]:
    form = PageForm({name: [value] for name, value in (GOOD | fields).items()} | {"agrees_to": list(agrees_to)})
    return problems(typed(form, BUSINESS), BUSINESS)


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        pytest.param("phone", "call me", "invalid_phone", id="words"),
        pytest.param("phone", "13800138000, 13900139000", "invalid_phone", id="two numbers"),
        pytest.param("phone", "12125550123", "ambiguous_phone", id="a number of two countries"),
        pytest.param("phone", "+1 900 555 1234", "premium_phone", id="a premium number"),
        pytest.param("phone", "021-6279 8888", "not_textable", id="a landline"),
        pytest.param("phone", "+881612345678", "not_textable", id="a satellite's"),
        pytest.param("phone", "+447012345678", "not_textable", id="a forwarded one"),
        pytest.param("phone", "400 123 4567", "not_textable", id="one of shared cost"),
        pytest.param("email", "ann at river", "invalid_email", id="no address"),
        pytest.param("email", "a@b.example, c@d.example", "invalid_email", id="two addresses"),
        pytest.param("email", "王@river.example", "unwritable_email", id="an address SES cannot write to"),
        pytest.param("email", "=?utf-8?q?a?=@b.example", "unwritable_email", id="an encoded word"),
    ],
)
def test_what_cannot_be_used_is_refused_in_every_language(field: str, written: str, code: str) -> None:
    assert wrong("email", "sms", **{field: written}) == {field: code}
    assert all(language.words[f"wrong.{code}"] for language in languages())


@pytest.mark.parametrize(
    ("agrees_to", "written"),
    [
        pytest.param(("email",), "021-6279 8888", id="a landline, written to by e-mail"),
        pytest.param(("whatsapp", "email"), "021-6279 8888", id="a landline on WhatsApp"),
        pytest.param(("sms",), "\u202a138 0013 8000\u202c", id="a mobile with direction marks"),
        pytest.param(("sms",), "１３８００１３８０００", id="a mobile in full-width digits"),
        pytest.param(("email",), "+881612345678", id="a satellite's, written to by e-mail"),
    ],
)
def test_what_can_be_used_is_taken(agrees_to: tuple[str, ...], written: str) -> None:
    assert wrong(*agrees_to, phone=written) == {}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"phone": "", "email": ""}, {}, id="no way to reach them"),
        pytest.param({}, {}, id="no channel agreed to"),
        pytest.param({"phone": "call me"}, {"phone": "invalid_phone"}, id="a number that is none"),
        pytest.param({"name": ""}, {"name": "name_missing"}, id="no name"),
    ],
)
def test_who_stands_before_us_need_not_be_reached(fields: dict[str, str], code: dict[str, str]) -> None:
    """Whatever they do type can be used all the same."""
    form = PageForm({name: [value] for name, value in (GOOD | fields).items()})
    assert problems(typed(form, BUSINESS), BUSINESS, lenient=True) == code
    assert problems(typed(form, BUSINESS), BUSINESS) != {}


@pytest.mark.parametrize(("name", "kept"), [pytest.param(*pair, id=why) for why, pair in CLEANED.items()])
def test_a_name_is_kept_as_it_is_seen(name: str, kept: str) -> None:
    assert typed(PageForm({"name": [name]}), BUSINESS).name == kept


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in EMPTY.items()])
def test_a_name_of_which_nothing_is_seen_is_missing(name: str) -> None:
    assert wrong("sms", name=name) == {"name": "name_missing"}
