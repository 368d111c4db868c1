"""A deposit in a real browser: asked on the booking page, recorded at the desk, kept; and given back, handed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules, Charge, DepositRules
from kept.pages.language import Language, language
from tests.browser.desk import PHOTOGRAPHS, at_the_desk, signed_in

pytestmark = pytest.mark.browser

MEI, HUNDRED = signed_in(group="staff"), Money(10_000, "CNY")
DAY = "/b/lotus?service=cut&staff=mei&day=2026-03-12"
EACH = pytest.mark.parametrize(("locale", "width"), [("en", 390), ("zh-Hans", 390), ("en", 1440), ("zh-Hans", 1440)])
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def _asks(site: str) -> None:  # noqa: ARG001
    """The salon asks everybody for 100 yuan; who comes too late owes 120."""
    from kept.storage import catalogs
    from tests import lotus

    rules = ChangeRules(late_fee=Charge(minor=12_000), deposits=DepositRules(charge=Charge(minor=10_000)))
    texts = {"en": "Please transfer it by WeChat to lotus-hair."}
    business = replace(lotus.the_salon().business, changes=rules, deposit_text="请微信转账。", deposit_texts=texts)
    catalogs.put("lotus", [business])


@contextmanager
def client(chromium: Browser, locale: str, width: int) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, locale=locale, java_script_enabled=False, service_workers="block"
    )
    yield context.new_page()
    context.close()


def seen(page: Page, name: str, locale: str, width: int) -> None:
    assert page.evaluate(WIDE) == 0
    if PHOTOGRAPHS:
        page.screenshot(path=Path(PHOTOGRAPHS) / f"deposit-{name}-{locale}-{width}.png", full_page=True)


def books(page: Page, site: str, words: Language, locale: str, width: int) -> None:
    """Reads of the deposit before the button, and books."""
    page.goto(site + DAY)
    with page.expect_navigation():
        page.locator("button.time").nth(3).click()
    said = page.locator(".note.deposit").inner_text()
    assert "¥100" in said
    assert ("lotus-hair" in said) if locale == "en" else ("微信" in said)
    seen(page, "before", locale, width)
    page.get_by_label(words.says("field.name"), exact=True).fill("李娜 Anna")
    page.get_by_label(words.says("field.email"), exact=True).fill("anna@example.com")
    page.get_by_label(words.says("channel.email")).check()
    with page.expect_navigation():
        page.locator("button.main").click()
    expect(page.locator(".done")).to_have_text(words.says("done.deposit_asked"), use_inner_text=True)
    expect(page.locator(".note.deposit")).to_contain_text("¥100")
    seen(page, "due", locale, width)


def the_visit() -> str:
    from kept.storage.tables import AppointmentItem

    (item,) = AppointmentItem.scan()
    return str(item.id)


@EACH
def test_asked_on_the_page_and_recorded_at_the_desk_it_is_kept(
    chromium: Browser, site: str, locale: str, width: int
) -> None:
    """The client reads each time how it stands."""
    words = language(locale)
    with client(chromium, locale, width) as page:
        books(page, site, words, locale, width)
        with at_the_desk(chromium, site, language=locale, width=width, who=MEI) as desk:
            desk.go(f"/desk/appointments/{the_visit()}")
            desk.page.locator("#money-deposits").wait_for()
            desk.photograph("deposit-due")
            desk.page.click("#money-deposits")
            desk.page.check("input[name=deposit-means][value=transfer]")
            expect(desk.page.locator("#deposit-amount")).to_have_value("100.00")
            assert desk.is_in_order(".drawer")
            desk.photograph("deposit-form")
            with desk.something_said():
                desk.button("money_do.deposits").click()
            desk.page.get_by_text(
                desk.says("deposit.held", amount="¥100.00" if locale == "zh-Hans" else "CN¥100.00")
            ).wait_for()
            desk.photograph("deposit-held")
            assert desk.is_in_order(".drawer")
        page.reload()
        expect(page.locator(".note.deposit")).to_contain_text(words.says("deposit.now.held", sum=words.price(HUNDRED)))
        seen(page, "held", locale, width)
        page.goto(page.url.partition("?")[0] + "/cancel")
        expect(page.locator("main")).to_contain_text(words.says("deposit.is_back", sum=words.price(HUNDRED)))
        seen(page, "cancel", locale, width)


@EACH
def test_cancelled_in_time_it_is_given_back(chromium: Browser, site: str, locale: str, width: int) -> None:
    """It is to be handed over until somebody says that it was."""
    words = language(locale)
    with client(chromium, locale, width) as page:
        books(page, site, words, locale, width)
        own = page.url.partition("?")[0]
        with at_the_desk(chromium, site, language=locale, width=width, who=MEI) as desk:
            desk.go(f"/desk/appointments/{the_visit()}")
            desk.page.click("#money-deposits")
            with desk.something_said():
                desk.button("money_do.deposits").click()
            page.goto(own + "/cancel")
            with page.expect_navigation():
                page.locator("button.danger").click()
            expect(page.locator("main")).to_contain_text(
                words.says("deposit.now.to_come_back", sum=words.price(HUNDRED))
            )
            seen(page, "to-come-back", locale, width)
            desk.go(f"/desk/appointments/{the_visit()}")
            desk.page.locator("#money-deposit-returns").wait_for()
            desk.photograph("deposit-to-pay-back")
            desk.page.click("#money-deposit-returns")
            assert desk.is_in_order(".drawer")
            with desk.something_said():
                desk.button("money_do.deposit-returns").click()
            desk.page.get_by_text(desk.says("deposit.over")).wait_for()
            desk.photograph("deposit-handed-back")
        page.goto(own)
        expect(page.locator("main")).to_contain_text(words.says("deposit.now.back", sum=words.price(HUNDRED)))


@EACH
def test_the_terms_of_a_deposit_are_written_beside_what_a_client_reads(
    chromium: Browser, site: str, locale: str, width: int
) -> None:
    with at_the_desk(chromium, site, language=locale, width=width, who=signed_in(group="owner")) as desk:
        desk.go("/desk/settings/terms")
        desk.page.locator(".said-so").first.wait_for()
        desk.page.fill("#set-changes-deposits-charge-amount", "150")
        desk.page.select_option("#set-changes-deposits-of", "new")
        desk.page.locator(".said-so").filter(has_text="150").first.wait_for()
        assert desk.is_in_order()
        desk.page.locator("#set-changes-deposits-charge").scroll_into_view_if_needed()
        desk.photograph("deposit-terms")


@EACH
def test_staff_book_without_one_and_say_why(chromium: Browser, site: str, locale: str, width: int) -> None:
    """The panel says what the rules ask, and what is chosen instead."""
    from kept.storage import appointments

    with at_the_desk(chromium, site, language=locale, width=width, who=MEI) as desk:
        desk.go("/desk")
        desk.page.locator("#new").click()
        desk.drawer().locator(".chip").first.click()
        desk.drawer().locator(".time[aria-pressed=true]").wait_for()
        desk.page.fill("#book-client", "Wu Lan")
        desk.page.locator("input[name=book-deposit][value=without]").press("Space")
        desk.page.locator("input[name=book-no-deposit][value=our_fault]").press("Space")
        assert desk.is_in_order(".drawer")
        desk.page.locator("input[name=book-deposit]").first.scroll_into_view_if_needed()
        desk.photograph("deposit-choice")
        with desk.something_said():
            desk.drawer().locator("button.main").click()
        assert appointments.load("lotus", the_visit()).status == "booked"
