"""The colour of a booking page: what can be read there is taken and shown, what cannot is refused, nothing changed."""

import base64
import re
from hashlib import sha256

import pytest

import catalog
import client_pages
from kept.business.colours import contrast
from kept.pages.render import STYLE, style_of
from kept.storage import catalogs
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.functions.test_catalog import LOTUS


@pytest.fixture(autouse=True)
def _lotus() -> None:
    lotus.open_both()


def put(colour: str, language: str = "") -> Answer:
    body = LOTUS | {"colour": colour}
    return ask(catalog.handler, "PUT /v1/desk/business", body, role="owner", language=language)


def page() -> tuple[str, str]:
    """The style and the policy that lets it run."""
    answer = client_pages.handler(an_http_event("GET /b/lotus"), None)
    found = re.search(r"<style>(.*)</style>", answer["body"], re.DOTALL)
    assert found
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    return found[1], headers["content-security-policy"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        pytest.param("#7c2d12", "#7c2d12", id="rust"),
        pytest.param("#7C2D12", "#7c2d12", id="in capitals"),
        pytest.param(" #1e3a8a ", "#1e3a8a", id="with blanks around"),
        pytest.param("#000000", "#000000", id="black"),
        pytest.param("#6b6b6b", "#6b6b6b", id="a grey that can just be read"),
        pytest.param("", "", id="none"),
    ],
)
def test_a_colour_that_can_be_read_is_shown_and_the_page_allows_its_own_style_alone(told: str, kept: str) -> None:
    answer = put(told)
    assert (answer.status, answer.body["colour"]) == (200, kept)
    catalogs.forget()
    style, policy = page()
    assert style.startswith(STYLE)
    assert (f"--accent:{kept};" in style[len(STYLE) :]) == bool(kept)
    assert f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize(
    ("told", "light"),
    [
        pytest.param("#ffffff", True, id="white"),
        pytest.param("#ffff00", True, id="yellow"),
        pytest.param("#f97316", True, id="orange"),
        pytest.param("#22c55e", True, id="bright green"),
        pytest.param("#737373", True, id="a grey that can just not be read"),
        pytest.param("#ff0000", True, id="red"),
        pytest.param("red", False, id="a name"),
        pytest.param("#fff", False, id="three letters"),
        pytest.param("#14532d80", False, id="with an alpha"),
        pytest.param("14532d", False, id="without its sign"),
        pytest.param("#14532g", False, id="a letter beyond f"),
        pytest.param("#١٤٥٣٢٠", False, id="digits of another script"),
        pytest.param("#14532d;}body{display:none", False, id="a style of its own"),
        pytest.param("</style><script>", False, id="markup"),
        pytest.param("url(//evil)", False, id="an address"),
        pytest.param("rgb(20 83 45)", False, id="written otherwise"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_cannot_be_read_or_is_none_is_refused_in_words(told: str, light: bool, language: str) -> None:
    before, shown = lotus.everything(), page()
    answer = put(told, language)
    assert (answer.status, answer.code, answer.body["field"]) == (422, "invalid_setting", "colour")
    assert (("太浅" if language == "zh-CN" else "too light") in answer.body["reason"]) == light
    assert lotus.everything() == before
    assert page() == shown


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#abcdef", "#abcdef", 1.0),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


READ_ON = (
    ("ink", "paper"), ("ink", "ground"), ("ink", "tint"), ("ink", "bad-tint"),
    ("soft", "paper"), ("soft", "ground"), ("soft", "tint"), ("faint", "paper"),
    ("accent", "paper"), ("accent", "ground"), ("accent", "tint"), ("bad", "paper"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-bad", "bad"), ("on-bad", "bad-strong"),
)  # fmt: skip
"""Words, and what they stand on."""


@pytest.mark.parametrize("colour", ["", "#7c2d12", "#1e3a8a", "#000000", "#6b6b6b", "#00007f", "#8a0000", "#5b21b6"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_of_a_page_can_be_read_by_day_and_by_night(colour: str, scheme: str) -> None:
    """In the page's own colours, and with a business's for the accent."""
    told = colours_of(style_of(colour), scheme)
    assert {(one, other) for one, other in READ_ON if contrast(told[one], told[other]) < 4.5} == set()
    assert contrast(told["edge"], told["paper"]) >= 3


def colours_of(style: str, scheme: str) -> dict[str, str]:
    """As the browser has them: what is said of dark last, where it is dark."""
    rules = re.findall(r":root(:not\(:has\(\.framed\)\))? ?\{(.*?)\}", style, re.DOTALL)
    found: dict[str, str] = {}
    for is_dark in (False, True) if scheme == "dark" else (False,):
        for only_dark, rule in rules:
            if bool(only_dark) is is_dark:
                found |= dict(re.findall(r"--([\w-]+): ?(#\w+)", rule))
    return {
        name: told if len(told) == 7 else "#" + "".join(2 * letter for letter in told[1:])
        for name, told in found.items()
    }


@pytest.mark.parametrize("colour", ["#7c2d12", "#000000", "#5b21b6"])
def test_a_page_inside_a_site_keeps_to_the_light_of_that_site(colour: str) -> None:
    for rule in re.findall(r"@media \(prefers-color-scheme: ?dark\) ?\{\s*([^{]+?) ?\{", style_of(colour)):
        assert rule == ":root:not(:has(.framed))"
