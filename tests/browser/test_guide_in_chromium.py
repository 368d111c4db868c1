"""An owner is led through what a new business needs: steps are done, passed over and resumed, and the note goes."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, at_the_desk, signed_in

pytestmark = pytest.mark.browser

OWNER, LEADER = signed_in(email="jun@lotus.example", staff="jun", group="owner"), signed_in(group="manager")
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])


@pytest.fixture(autouse=True)
def _begun(site: str) -> None:  # noqa: ARG001
    from kept.use_cases.starting import guide

    guide.begin("lotus")


def in_order_at_rest(desk: Desk) -> bool:
    desk.page.wait_for_function("() => document.getAnimations().length === 0")
    return desk.is_in_order()


def marks(desk: Desk, key: str) -> None:
    with desk.page.expect_response(lambda answer: "/v1/desk/guide/steps/" in answer.url):
        desk.button(key, within="#main").press("Enter")
    desk.at_rest()


@EACH
def test_steps_are_done_passed_over_and_resumed_by_the_keyboard(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Each step is in order; what was done is done after a reload; the last one takes the note off the day."""
    from kept.business.guide import GuideStep
    from kept.use_cases.starting import guide

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk")
        note = desk.page.locator(".guide-note")
        note.wait_for()
        expect(note).to_contain_text(desk.says("guide.left", n=0, all=6))
        assert in_order_at_rest(desk)
        desk.photograph("guide-note")
        note.locator("a").press("Enter")
        desk.page.locator(".guide-steps").wait_for()
        for number, step in enumerate(GuideStep):
            heading = desk.page.locator("#guide-step")
            heading.get_by_text(desk.says(f"guide_step.{step}"), exact=True).wait_for()
            if step is GuideStep.CHANNELS:
                desk.page.reload()
                heading.get_by_text(desk.says(f"guide_step.{step}"), exact=True).wait_for()
            assert in_order_at_rest(desk), step
            desk.photograph(f"guide-{step}")
            marks(desk, "guide.skip" if step is GuideStep.PEOPLE else "guide.done")
            assert guide.read("lotus").state(step) == ("skipped" if step is GuideStep.PEOPLE else "done"), number
        desk.go("/desk")
        desk.at_rest()
        expect(desk.page.locator(".guide-note")).to_have_count(0)
        desk.go("/desk/start?step=people")
        desk.page.locator("#guide-step").wait_for()
        marks(desk, "guide.open")
        assert guide.read("lotus").is_shown


def test_it_is_put_away_taken_back_and_no_business_of_who_only_leads(chromium: Browser, site: str) -> None:
    from kept.use_cases.starting import guide

    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go("/desk")
        with desk.something_said():
            desk.button("guide.away", within=".guide-note").press("Enter")
        assert not guide.read("lotus").is_shown
        with desk.page.expect_response(lambda answer: answer.url.endswith("/v1/desk/guide")):
            desk.page.locator(".toast button").first.press("Enter")
        desk.page.locator(".guide-note").wait_for()
        assert guide.read("lotus").is_shown
    with at_the_desk(chromium, site, who=LEADER) as desk:
        desk.go("/desk/start")
        expect(desk.page.locator("#main")).to_contain_text(desk.says("guide.not_yours"))
        desk.go("/desk")
        expect(desk.page.locator(".guide-note")).to_have_count(0)


@EACH
def test_a_logo_is_chosen_shown_refused_and_taken_away(
    chromium: Browser, site: str, language: str, width: int, tmp_path: Path
) -> None:
    """Each is taken back; what is no picture is said at the field, and the one before stays."""
    from kept.storage import catalogs
    from tests.sample_events import PICTURE

    def logo() -> str:
        catalogs.forget()
        return catalogs.load("lotus").logo

    picture, script = tmp_path / "logo.png", tmp_path / "script.png"
    picture.write_bytes(PICTURE)
    script.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/logo")
        with desk.something_said():
            desk.page.set_input_files("#logo-file", picture)
        expect(desk.page.locator("#main img")).to_have_js_property("naturalWidth", 2)
        assert in_order_at_rest(desk)
        desk.photograph("settings-logo")
        desk.page.set_input_files("#logo-file", script)
        desk.page.locator("#logo-file-problem").wait_for()
        assert logo().endswith(".png")
        assert in_order_at_rest(desk)
        with desk.something_said():
            desk.button("logo.remove").press("Enter")
        assert logo() == ""
        with desk.page.expect_response(lambda answer: answer.url.endswith("/v1/desk/business/logo")):
            desk.page.locator(".toast button").first.press("Enter")
        desk.page.locator("#main img").wait_for()
        assert logo().endswith(".png")


@EACH
def test_each_channel_is_tried_and_says_what_is_missing(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Letters by anybody; all else once they are a client with their own number."""
    from dataclasses import replace

    from kept.channels import Channel
    from kept.storage import catalogs, messages
    from tests import lotus
    from tests.builders import a_client

    salon = catalogs.load("lotus").business
    catalogs.put("lotus", [replace(salon, channels=tuple(Channel))])
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/start?step=channels")
        desk.page.locator("#try-email").wait_for()
        expect(desk.page.locator("#try-sms")).to_have_count(0)
        expect(desk.page.locator(".channels-tried")).to_contain_text(desk.says("guide_missing.yourself"))
        assert in_order_at_rest(desk)
        desk.photograph("guide-channels-nobody")
        lotus.known(replace(a_client(), email="jun@lotus.example", phone="+8613812345678"))
        desk.page.reload()
        desk.page.locator("#try-sms").press("Enter")
        desk.page.locator(".channels-tried .status").wait_for()
        assert [it.channel for it in messages.about("lotus", "c-1")] == [Channel.SMS]
        assert in_order_at_rest(desk)
        desk.photograph("guide-channels")
