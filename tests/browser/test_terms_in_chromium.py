"""An owner writes the terms beside what a client reads of them, tries them on the past, and saves them; and the desk
says what a change costs before it is made for who telephones."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import CLIENT, KEPT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRow, ChangeRules, Charge, Terms
from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.builders import an_appointment

pytestmark = pytest.mark.browser

OWNER, STAFF = signed_in(group="owner"), signed_in(group="staff")
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440), ("zh-Hans", 1440)])
HOUR = timedelta(hours=1)
TERMS = Terms(48 * HOUR, timedelta(minutes=15), late_fee=4900, move_fee=500, missed_fee=9800, currency="CNY")


def priced() -> None:
    """A cut is 98 yuan, a colour 468.50."""
    from kept.storage import catalogs
    from tests import lotus

    offered, prices = lotus.the_salon().services.values(), (9800, 46850)
    catalogs.put("lotus", [replace(it, price=Money(at, "CNY")) for it, at in zip(offered, prices, strict=True)])


def a_visit(id: str = "a-1", *, days_ago: int) -> Appointment:
    from tests import lotus

    it = an_appointment(id, starts=lotus.NOW - timedelta(days=days_ago))
    line = replace(it.history[0], at=it.starts - timedelta(days=10))
    return replace(it, booked_at=line.at, history=(line,), price=Money(9800, "CNY"))


def a_past() -> None:
    """Of the last weeks: cancelled two days before and two hours before, and missed; and one in time."""
    from tests import lotus

    lotus.known()

    def cancelled(it: Appointment, hours: int) -> Appointment:
        return it.cancel(Change(CLIENT, it.starts - hours * HOUR), rules=ChangeRules())

    lotus.put(cancelled(a_visit("a-1", days_ago=3), 50))
    lotus.put(cancelled(a_visit("a-2", days_ago=9), 2))
    lotus.put(cancelled(a_visit("a-3", days_ago=12), 200))
    missed = a_visit("a-4", days_ago=20)
    lotus.put(missed.mark_no_show(Change(KEPT, missed.starts + HOUR), evidence=()))


def fee(desk: Desk, name: str, kind: str, amount: str = "") -> None:
    desk.page.select_option(f"#{name}", kind)
    if amount:
        desk.page.fill(f"#{name}-amount", amount)


@EACH
def test_terms_are_written_beside_what_a_client_reads_and_tried_on_the_past(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import catalogs

    priced()
    a_past()
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/terms")
        expect(desk.heading).to_have_text(desk.says("part.terms"))
        desk.page.locator(".said-so").first.wait_for()
        assert desk.is_in_order()
        fee(desk, "set-changes-late_fee", "share", "50")
        fee(desk, "set-changes-missed_fee", "sum", "80.5")
        desk.page.fill("#set-changes-free_until", "3")
        desk.page.locator("#add-row").click()
        desk.page.select_option("#row-0-service", "colour")
        desk.page.select_option("#row-0-tier", "vip")
        fee(desk, "row-0-late_fee", "sum", "100")
        desk.page.locator("#add-row").click()
        desk.page.select_option("#row-1-service", "cut")
        expect(
            desk.page.locator("#row-1-late_fee-amount"), "as for everybody, until it is said otherwise"
        ).to_have_value("50")
        fee(desk, "row-1-late_fee", "as_usual")
        fee(desk, "row-1-missed_fee", "share", "30")
        desk.page.fill("#set-policy_text", "请提前三天告诉我们。")
        desk.page.fill("#set-policy_texts-en", "Please tell us three days ahead.")
        desk.page.locator(".affects .good").wait_for()
        desk.page.select_option("#read-service", "cut")
        desk.page.locator(".said-so").filter(has_text=re.compile("¥49")).first.wait_for()
        desk.photograph("terms")
        desk.page.locator("#dry-run").click()
        desk.page.locator("#dry-late_cancellation-would").wait_for()
        numbers = desk.page.locator(".dry-run tbody td").all_inner_texts()
        assert [it.split()[0] for it in numbers] == ["1", "2", "0", "0", "1", "1"]
        assert "98" in numbers[1]
        desk.page.locator(".dry-run").scroll_into_view_if_needed()
        desk.photograph("terms-dry-run")
        assert desk.is_in_order()
        desk.page.locator("#dry-late_cancellation-would").click()
        links = desk.drawer().locator("a.row-open")
        expect(links).to_have_count(2)
        for n in (1, 2):
            expect(links.nth(n - 1)).to_have_attribute("href", f"/desk/appointments/a-{n}")
        desk.photograph("terms-list")
        assert desk.is_in_order(".drawer")
        desk.page.keyboard.press("Escape")
        with desk.page.expect_download() as kept:
            desk.button("dry.file").click()
        assert kept.value.suggested_filename.endswith(".csv")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        desk.go("/desk/settings/history")
        desk.page.locator(".past li").first.wait_for()
        desk.photograph("terms-history")
    catalogs.forget()
    business = catalogs.load("lotus").business
    assert business.changes == ChangeRules(
        free_until=3 * 24 * HOUR,
        late_fee=Charge(percent=50),
        missed_fee=Charge(minor=8050),
        rows=(
            ChangeRow(service="colour", tier="vip", late_fee=Charge(minor=10000)),
            ChangeRow(service="cut", missed_fee=Charge(percent=30)),
        ),
    )
    assert (business.policy_text, business.policy_texts) == (
        "请提前三天告诉我们。",
        {"en": "Please tell us three days ahead."},
    )
    assert business.policy_version == 2


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_is_refused_stands_at_its_field_and_rows_move(chromium: Browser, site: str, language: str) -> None:
    with at_the_desk(chromium, site, language=language, width=1440, who=OWNER) as desk:
        desk.go("/desk/settings/terms")
        fee(desk, "set-changes-late_fee", "sum", "-1")
        desk.page.locator("#set-changes-late_fee-problem").wait_for()
        fee(desk, "set-changes-late_fee", "none")
        desk.page.locator("#add-row").click()
        fee(desk, "row-0-late_fee", "share", "101")
        problem = desk.page.locator(".stage .problem")
        problem.wait_for()
        expect(problem.locator("xpath=..").locator("#row-0-late_fee"), "beside its field").to_have_count(1)
        desk.photograph("terms-refused")
        assert desk.is_in_order()
        fee(desk, "row-0-late_fee", "as_usual")
        problem.filter(has_text=re.compile("changes nothing|没有任何不同")).wait_for()
        fee(desk, "row-0-late_fee", "sum", "20")
        desk.page.locator("#add-row").click()
        desk.page.locator(".affects .good").wait_for()
        chosen = [desk.page.input_value(f"#row-{n}-service") for n in (0, 1)]
        desk.page.get_by_role("button", name=desk.says("settings.down", what=desk.says("terms.row", n=1))).click()
        for n in (0, 1):
            expect(desk.page.locator(f"#row-{n}-service")).to_have_value(chosen[1 - n])
        expect(desk.page.locator("#row-1-late_fee-amount")).to_have_value("20")
        desk.page.get_by_role("button", name=desk.says("settings.remove", what=desk.says("terms.row", n=1))).click()
        desk.page.locator("#row-1-service").wait_for(state="detached")
        expect(desk.page.locator("#row-0-late_fee-amount")).to_have_value("20")


@EACH
def test_who_telephones_to_cancel_is_told_what_it_costs_before_it_is_done(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """By us it costs nothing; the history tells for whom it was."""
    from kept.storage import appointments
    from tests import lotus

    lotus.known()
    lotus.put(replace(an_appointment(starts=lotus.NOW + 5 * HOUR), accepted=TERMS))
    with at_the_desk(chromium, site, language=language, width=width, who=STAFF) as desk:
        desk.go("/desk/appointments/a-1")
        desk.drawer().locator(".facts").wait_for()
        facts = desk.drawer().locator(".facts")
        facts.get_by_text(re.compile("49")).wait_for()
        assert desk.is_in_order(".drawer")
        desk.photograph("visit-costs")
        desk.button("act.cancel", within=".drawer").click()
        form = desk.drawer().locator(".cancel-form")
        expect(form.locator("[role=status]")).to_contain_text("49")
        form.locator("#cancel-us").check()
        expect(form.locator("[role=status]")).to_have_text(desk.says("costs.ours"), use_inner_text=True)
        expect(form.locator("#cancel-reason")).to_have_count(0)
        form.locator("#cancel-client").check()
        form.locator("#cancel-reason").select_option("illness")
        assert desk.is_in_order(".drawer")
        desk.photograph("visit-cancel")
        with desk.something_said():
            form.locator("button.main").click()
        facts.get_by_text(desk.says("fact.costs")).wait_for()
        desk.drawer().locator("summary", has_text=desk.says("history.title")).click()
        expect(desk.drawer()).to_contain_text(desk.says("history.for_client"))
        desk.photograph("visit-cancelled")
        assert desk.is_in_order(".drawer")
        gone = appointments.load("lotus", "a-1")
        assert (gone.late, gone.history[-1].for_client, gone.history[-1].why) == (True, True, "illness")
        with desk.something_said():
            desk.button("act.undo", within=".drawer").click()
        assert not appointments.load("lotus", "a-1").late


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_move_says_what_it_costs_for_whom_it_is(chromium: Browser, site: str, language: str) -> None:
    """From the form the client asks for it, until staff say otherwise."""
    from kept.storage import appointments
    from tests import lotus

    lotus.known()
    lotus.put(replace(an_appointment(starts=lotus.NOW + HOUR), accepted=TERMS))
    with at_the_desk(chromium, site, language=language, width=1440, who=STAFF) as desk:
        desk.go("/desk/appointments/a-1")
        desk.button("visit.move", within=".drawer").click()
        desk.page.fill("#move-on", "2026-03-03")
        desk.page.fill("#move-at", "15:00")
        desk.button("move.ask", within=".drawer").click()
        bar = desk.page.locator(".move-bar")
        bar.get_by_text(re.compile(r"¥5\b|¥5\.00")).wait_for()
        assert desk.is_in_order(".move-bar")
        desk.photograph("move-costs")
        bar.locator("[type=checkbox]").uncheck()
        bar.get_by_text(desk.says("move.free")).wait_for()
        bar.locator("[type=checkbox]").check()
        bar.get_by_text(re.compile(r"¥5\b|¥5\.00")).wait_for()
        with desk.something_said():
            bar.locator("button.main").click()
        moved = appointments.load("lotus", "a-1")
        assert (moved.late, moved.history[-1].for_client, moved.reschedules) == (True, True, 1)
