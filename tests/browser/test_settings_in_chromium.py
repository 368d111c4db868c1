"""An owner sets things in the browser: each part is seen, changed, seen to act, and put back."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import Actor, Change
from kept.follow_up.assignment import Rule
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ServicePolicy
from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.builders import an_appointment

pytestmark = pytest.mark.browser

OWNER, STAFF = signed_in(group="owner"), signed_in(group="staff")
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])
BUSINESS_PARTS = ("business", "channels", "contact", "attendance", "figures", "strangers")


@EACH
def test_every_part_has_an_address_says_what_it_does_and_is_in_order(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Each setting has a sentence; the rail leads there."""
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings")
        desk.page.locator(".settings-parts li a").first.wait_for()
        expect(desk.page.locator(".rail a[aria-current=page]")).to_have_text(
            desk.says("rail.settings"), use_inner_text=True
        )
        assert desk.is_in_order()
        desk.photograph("settings")
        for part in BUSINESS_PARTS:
            desk.go(f"/desk/settings/{part}")
            desk.page.locator(".settings-form").wait_for()
            expect(desk.heading).to_have_text(desk.says(f"part.{part}"))
            assert all(desk.page.locator(".settings-form .hint").all_inner_texts())
            assert desk.is_in_order(), part
            desk.photograph(f"settings-{part}")


def test_staff_see_no_settings_and_are_told_whose_they_are(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=STAFF) as desk:
        desk.go("/desk/settings/contact")
        expect(desk.page.locator(".rail a[href='/desk/settings']")).to_have_count(0)
        expect(desk.page.locator(".settings-form")).to_have_count(0)
        expect(desk.page.locator("#main")).to_contain_text(desk.says("refused.role"))


def test_a_setting_is_saved_by_the_keyboard_put_back_to_its_default_and_undone(chromium: Browser, site: str) -> None:
    """What is refused is said at its field, and what was typed outlives a reload."""
    from kept.storage import catalogs

    def begins() -> time:
        catalogs.forget()
        return catalogs.load("lotus").business.quiet_hours.begins

    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go("/desk/settings/contact")
        desk.page.fill("#set-contact-holiday_days", "15")
        desk.page.locator("#set-contact-holiday_days-problem").wait_for()
        desk.page.fill("#set-contact-holiday_days", "3")
        desk.page.fill("#set-quiet_hours-begins", "22:30")
        desk.page.locator(".affects .good").wait_for()
        desk.page.reload()
        desk.page.locator(".affects .good").wait_for()
        expect(desk.page.locator("#set-quiet_hours-begins")).to_have_value("22:30")
        with desk.something_said():
            desk.page.press("#set-quiet_hours-begins", "Control+Enter")
        assert begins() == time(22, 30)
        desk.page.locator(".settings-save .main:disabled").wait_for()
        desk.page.get_by_role(
            "button", name=desk.says("settings.to_default_of", what=desk.says("set.business.quiet_hours.begins"))
        ).press("Enter")
        expect(desk.page.locator("#set-quiet_hours-begins")).to_have_value("21:00")
        desk.button("settings.leave").press("Enter")
        expect(desk.page.locator("#set-quiet_hours-begins")).to_have_value("22:30")
        desk.undo()
        assert begins() == time(21)
        desk.page.wait_for_function("() => document.querySelector('#set-quiet_hours-begins').value === '21:00'")


def test_two_who_set_at_once_keep_what_the_other_saved_and_choose_where_both_changed_the_same(
    chromium: Browser, site: str
) -> None:
    from kept.storage import catalogs

    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go("/desk/settings/terms")
        desk.page.fill("#set-changes-reschedules", "5")
        salon = catalogs.load("lotus").business
        catalogs.put("lotus", [replace(salon, changes=replace(salon.changes, reschedules=7), policy_text="Kindly.")])
        desk.page.locator(".affects .good").wait_for()
        desk.button("settings.save").click()
        desk.page.locator(".clash").wait_for()
        expect(desk.page.locator(".clash")).to_contain_text("7")
        expect(desk.page.locator("#set-policy_text")).to_have_value("Kindly.")
        assert desk.is_in_order()
        desk.photograph("settings-clash")
        with desk.something_said():
            desk.button("settings.save").click()
    catalogs.forget()
    after = catalogs.load("lotus").business
    assert (after.changes.reschedules, after.policy_text) == (5, "Kindly.")


def test_whom_a_change_affects_is_said_before_it_is_saved_and_again_by_nobody(chromium: Browser, site: str) -> None:
    """Another address: the visit is elsewhere than its client was told, and a link leads to it."""
    from kept.storage import catalogs
    from tests import lotus

    lotus.known()
    lotus.put(an_appointment())
    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go("/desk/settings/business")
        desk.page.fill("#set-address", "9 Plum Lane")
        listed = desk.page.locator(".affects .warn li")
        listed.wait_for()
        expect(listed).to_contain_text("Li Na")
        expect(listed.locator("a")).to_have_attribute("href", "/desk/appointments/a-1")
        assert desk.is_in_order()
        desk.photograph("settings-affects")
        catalogs.forget()
        assert catalogs.load("lotus").business.address != "9 Plum Lane"


@EACH
def test_a_service_is_made_ordered_archived_and_offered_again(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """By the keyboard alone; what was booked of it is told before it is archived."""
    from kept.storage import catalogs
    from tests import lotus

    def offered() -> list[str]:
        catalogs.forget()
        return [it.name for it in catalogs.load("lotus").services.values()]

    lotus.known()
    lotus.put(an_appointment())
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/services?open=new")
        desk.page.fill("#set-name", "Beard & <trim>")
        desk.page.fill("#set-category", "Gentlemen")
        desk.page.fill("#set-duration", "25")
        desk.page.fill("#set-price", "12.5")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-service-new")
        with desk.something_said():
            desk.page.press("#set-name", "Control+Enter")
        desk.page.locator(".listed").first.wait_for()
        assert offered() == ["Colour", "Cut", "Beard & <trim>"]
        made = list(catalogs.load("lotus").services.values())[-1]
        assert (made.duration, made.price and made.price.minor, made.category) == (25, 1250, "Gentlemen")
        desk.photograph("settings-services")
        with desk.something_said():
            desk.page.get_by_role("button", name=desk.says("settings.up", what="Cut"), exact=True).press("Enter")
        assert offered()[:2] == ["Cut", "Colour"]
        desk.go("/desk/settings/services?open=cut")
        desk.page.locator("#set-archived").press("Space")
        desk.page.locator(".affects .warn li").wait_for()
        expect(desk.page.locator(".affects")).to_contain_text("Li Na")
        desk.photograph("settings-service-archive")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        assert "Cut" not in offered()
        desk.page.locator(".row-state", has_text=desk.says("services.is_archived")).wait_for()
        desk.undo()
        assert "Cut" in offered()
        assert desk.is_in_order()


@EACH
def test_a_week_is_set_on_the_grid_copied_broken_at_noon_and_given_to_a_colleague(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import catalogs

    def hours(who: str, day: int) -> list[str]:
        catalogs.forget()
        return [str(it) for it in catalogs.load("lotus").staff[who].hours.weekly.get(day, ())]

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/hours?who=mei")
        desk.page.fill("#hours-mon-0-to", "18")
        desk.page.press("#hours-mon-0-to", "Tab")
        expect(desk.page.locator("#hours-mon-0-to")).to_have_value("18:00")
        monday = desk.page.locator(".week-hours fieldset").first
        monday.get_by_role("button", name=desk.says("hours.break")).press("Enter")
        monday.locator("select").select_option("workdays")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-hours")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        assert [hours("mei", day) for day in (0, 4, 5)] == [["09:00-12:00", "13:00-18:00"]] * 2 + [["09:00-20:00"]]
        desk.page.select_option("#give-to", "jun")
        desk.page.locator(".affects .good").wait_for()
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        assert hours("jun", 0) == ["09:00-12:00", "13:00-18:00"]
        desk.page.fill("#hours-tue-0-to", "08:00")
        desk.page.press("#hours-tue-0-to", "Tab")
        desk.page.locator(".week-hours .problem").wait_for()
        assert desk.is_in_order()


def test_time_off_over_three_visits_lists_them_before_it_is_saved_and_each_can_be_moved(
    chromium: Browser, site: str
) -> None:
    from datetime import timedelta

    from kept.storage import catalogs
    from tests import lotus
    from tests.builders import STARTS

    lotus.known()
    for n in range(3):
        lotus.put(an_appointment(f"a-{n}", starts=STARTS - n * timedelta(hours=2)))
    with at_the_desk(chromium, site, who=OWNER, width=1440) as desk:
        desk.go("/desk/settings/hours?who=mei")
        desk.page.locator("#add-off").press("Enter")
        last = desk.page.locator(".time-off li").last
        last.locator("input[type=datetime-local]").first.fill("2026-03-02T09:00")
        last.locator("input[type=datetime-local]").first.press("Tab")
        last.locator("input[type=datetime-local]").last.fill("2026-03-02T20:00")
        last.locator("input[type=datetime-local]").last.press("Tab")
        last.locator("input[type=text]").fill("School")
        listed = desk.page.locator(".affects .warn li")
        listed.nth(2).wait_for()
        expect(listed).to_have_count(3)
        assert desk.is_in_order()
        desk.photograph("settings-time-off")
        assert len(catalogs.load("lotus").staff["mei"].hours.time_off) == 1
        with desk.something_said():
            desk.button("settings.save").click()
        catalogs.forget()
        assert [it.reason for it in catalogs.load("lotus").staff["mei"].hours.time_off][-1] == "School"
        desk.go("/desk/appointments/a-0")
        desk.button("visit.move", within=".drawer").wait_for()


@EACH
def test_somebody_and_a_room_are_added_and_changed(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import catalogs

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/people?open=new")
        desk.page.fill("#set-name", "An Lin")
        desk.page.fill("#set-email", "an@lotus")
        desk.page.locator("#set-email-problem").wait_for()
        desk.page.fill("#set-email", "an@lotus.example")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        with desk.something_said():
            desk.page.press("#set-email", "Control+Enter")
        desk.page.locator(".row").filter(has_text="An Lin").wait_for()
        desk.photograph("settings-people")
        desk.go("/desk/settings/rooms?open=basin")
        desk.page.fill("#set-name", "Basin by the window")
        desk.page.locator("#set-hours").press("Space")
        desk.page.locator(".week-hours").wait_for()
        desk.page.locator("#set-hours").press("Space")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        with desk.something_said():
            desk.button("settings.save").press("Enter")
    catalogs.forget()
    lotus = catalogs.load("lotus")
    assert "An Lin" in [it.name for it in lotus.staff.values()]
    assert (lotus.rooms["basin"].name, lotus.rooms["basin"].hours) == ("Basin by the window", None)


@EACH
def test_reminders_stand_on_a_line_and_are_added_moved_and_put_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from datetime import timedelta

    from kept.business.reminder_stages import DEFAULT_STAGES
    from kept.storage import catalogs

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/reminders")
        expect(desk.page.locator(".stage fieldset")).to_have_count(3)
        desk.page.locator("#add-stage").press("Enter")
        desk.page.fill("#stage-3-before", "5")
        desk.page.press("#stage-3-before", "Tab")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-reminders")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        catalogs.forget()
        assert [it.before for it in catalogs.load("lotus").business.stages][-1] == timedelta(hours=5)
        desk.undo()
        catalogs.forget()
        assert catalogs.load("lotus").business.stages == DEFAULT_STAGES


@EACH
def test_a_text_is_written_beside_how_it_is_read_with_a_mistake_that_is_mended(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import catalogs

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/texts?stage=two_days&in=en")
        desk.page.locator(".said-so").nth(1).wait_for()
        desk.page.fill("#text-body", "Dear {{ clint }}, see you at Lotus.")
        desk.page.locator("#text-body-problem").wait_for()
        expect(desk.page.locator("#text-body-problem")).to_contain_text("clint")
        assert desk.is_in_order()
        desk.photograph("settings-text-wrong")
        desk.page.fill("#text-body", "Dear {{ client }}, see you at Lotus.")
        desk.page.locator(".said-so").first.get_by_text("Dear Anna Berg, see you at Lotus.").wait_for()
        desk.page.fill("#text-sms", "x" * 200 + " {{ link }}")
        desk.page.locator(".said-so .count", has_text="2").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-text")
        with desk.something_said():
            desk.page.press("#text-body", "Control+Enter")
        catalogs.forget()
        assert catalogs.load("lotus").texts["en/two_days"].body == "Dear {{ client }}, see you at Lotus."
        desk.undo()
        catalogs.forget()
        assert "en/two_days" not in catalogs.load("lotus").texts


@EACH
def test_what_was_changed_is_listed_with_who_and_put_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import catalogs

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/history")
        expect(desk.page.locator("#main")).to_contain_text(desk.says("past.none"))
        desk.go("/desk/settings/terms")
        desk.page.fill("#set-changes-reschedules", "9")
        desk.page.locator(".affects .good").wait_for()
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        desk.go("/desk/settings/history")
        line = desk.page.locator(".past li").first
        line.wait_for()
        expect(line).to_contain_text("9")
        assert desk.is_in_order()
        desk.photograph("settings-history")
        line.get_by_role("button").press("Enter")
        desk.page.locator(".affects .good").wait_for()
        expect(desk.page.locator("#set-changes-reschedules")).to_have_value("3")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
    catalogs.forget()
    assert catalogs.load("lotus").business.changes.reschedules == 3


@EACH
def test_a_promise_about_follow_ups_says_what_it_would_do_before_it_is_saved(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """By name; every part of it is set, and what was saved is put back out of the history."""
    from kept.storage import catalogs, follow_up_policies
    from tests import lotus
    from tests.builders import a_follow_up

    def in_force() -> ServicePolicy:
        catalogs.forget()
        number = catalogs.load("lotus").follow_up_policy
        return follow_up_policies.load("lotus", [number])[number]

    catalogs.put("lotus", [replace(catalogs.load("lotus").staff["mei"], role="manager")])
    lotus.known()
    lotus.open_follow_up(a_follow_up(opened=lotus.NOW - timedelta(hours=2)))
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/promise")
        desk.page.locator("#row-0-first_response").wait_for()
        assert all(desk.page.locator(".settings-form .hint").all_inner_texts())
        expect(desk.page.locator(".settings-form .usual")).to_have_count(15)
        assert desk.is_in_order()
        desk.photograph("settings-promise")
        typed(desk, "#row-0-first_response", "0")
        desk.page.locator("#policy-rows .problem").wait_for()
        typed(desk, "#row-0-first_response", "0.05")
        desk.page.locator(".affects a", has_text="Li Na").wait_for()
        desk.page.locator("#add-calendar").press("Enter")
        desk.page.locator("#hours-mon-0-to").wait_for()
        desk.page.select_option("#row-0-calendar", "hours")
        desk.page.locator("#pausing-step").press("Space")
        desk.page.select_option("#threshold-0-kind", "minutes_before")
        desk.page.locator("#add-rung").press("Enter")
        desk.page.select_option("#add-plan", "form")
        typed(desk, "#plan-form-0", "Read it twice")
        desk.page.locator("#policy-vip_breach_at_any_hour-yes").press("Space")
        desk.page.locator("#policy-next_from_opening-yes").press("Space")
        desk.page.locator(".affects h3").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-promise-changed")
        desk.page.locator("#policy-calendars").scroll_into_view_if_needed()
        desk.photograph("settings-promise-calendar")
        desk.page.locator("#policy-plans").scroll_into_view_if_needed()
        desk.photograph("settings-promise-plans")
        desk.page.locator(".affects").scroll_into_view_if_needed()
        desk.photograph("settings-promise-affects")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        saved = in_force()
        assert (saved.number, saved.rows[0].first_response, saved.rows[0].calendar) == (
            2,
            timedelta(minutes=72),
            "hours",
        )
        assert saved.calendars["hours"].tz == "Asia/Shanghai"
        assert (saved.thresholds[0].minutes_before, len(saved.ladder.rungs), len(saved.pausing)) == (30, 4, 3)
        assert [step.name for step in saved.plans[OpenedBy.FORM]] == ["Read_it_twice"]
        assert (saved.vip_breach_at_any_hour, saved.next_from_opening) == (True, True)
        desk.page.get_by_role("button", name=desk.says("policy.look")).press("Enter")
        desk.page.locator("#policy-why").fill("The new hours")
        desk.page.wait_for_function("() => document.getAnimations().length === 0")
        assert desk.is_in_order()
        desk.photograph("settings-promise-put")
        with desk.something_said():
            desk.page.get_by_role("button", name=desk.says("policy.put_now")).press("Enter")
        desk.go("/desk/settings/history?kind=follow_up_policy")
        line = desk.page.locator(".past li").first
        line.wait_for()
        expect(line).to_contain_text(desk.says("policy_part.ladder.rungs"))
        assert desk.is_in_order()
        desk.photograph("settings-history-policy")
        line.get_by_role("button").press("Enter")
        desk.page.locator(".affects h3").wait_for()
        with desk.something_said():
            desk.button("settings.save").press("Enter")
    assert in_force() == ServicePolicy(number=3)


def typed(desk: Desk, field: str, value: str) -> None:
    desk.page.fill(field, value)
    desk.page.press(field, "Tab")


def test_whoever_saves_a_policy_over_a_newer_one_is_told_and_asked_again(chromium: Browser, site: str) -> None:
    from kept.storage import catalogs, follow_up_policies
    from kept.use_cases.business import settings

    catalogs.put("lotus", [replace(catalogs.load("lotus").staff["mei"], role="manager")])
    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go("/desk/settings/promise")
        typed(desk, "#policy-patience", "3")
        settings.save_follow_up_policy("lotus", ServicePolicy(assignment=Rule.LEAST_LOADED))
        desk.button("settings.save").click()
        desk.page.locator(".wrong", has_text=desk.says("policy.outdated")).wait_for()
        expect(desk.page.locator("#policy-patience")).to_have_value("3")
        with desk.something_said():
            desk.button("settings.save").click()
    assert follow_up_policies.load("lotus", [3])[3].ladder.patience == timedelta(days=3)


@EACH
def test_after_a_corrected_zone_local_times_are_kept_with_one_press(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """It says how many it concerns and who is told; who only leads is not asked."""
    from kept.storage import appointments, catalogs, messages
    from kept.use_cases.booking.book import BookingRequest, book
    from kept.use_cases.business import settings
    from tests import lotus
    from tests.builders import STARTS, a_client

    lotus.known()
    salon = catalogs.load("lotus")
    change = Change(Actor("staff", "jun"), lotus.NOW)
    times = [STARTS + n * timedelta(hours=2) for n in range(2)]
    wanted = [BookingRequest("cut", at, a_client(), salon.business.zone, "mei", by_hand=True) for at in times]
    made = [book(salon, one, change) for one in wanted]
    settings.save_business(replace(salon.business, tz="Asia/Tokyo"), now=lotus.NOW)
    with at_the_desk(chromium, site, language=language, width=width, who=signed_in(group="manager")) as desk:
        desk.go("/desk/settings/business")
        desk.page.locator(".settings-form").wait_for()
        desk.at_rest()
        expect(desk.page.locator(".local-times")).to_have_count(0)
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/business")
        panel = desk.page.locator(".local-times")
        panel.wait_for()
        expect(panel).to_contain_text("2")
        expect(panel).to_contain_text("Asia/Tokyo")
        panel.scroll_into_view_if_needed()
        assert desk.is_in_order()
        desk.photograph("settings-local-times")
        with desk.something_said():
            desk.page.locator("#keep-time").press("Enter")
        expect(panel).to_have_count(0)
    for visit in made:
        moved = appointments.load("lotus", visit.id)
        assert visit.starts - moved.starts == timedelta(hours=1)
        assert "rescheduled" in {it.stage for it in messages.about("lotus", visit.id)}


@EACH
def test_sign_ins_and_logos_stand_in_the_history(chromium: Browser, site: str, language: str, width: int) -> None:
    """A sign-in cannot be put back there; a logo can."""
    import sign_ins as people
    from kept.storage import catalogs, logos
    from tests import lotus
    from tests.asking import ask
    from tests.sample_events import PICTURE, PICTURE_BEFORE

    lotus.let_in("jun@lotus.example", "owner", staff="jun", password="Lotus-2026-tea")
    invited = {"email": "lin@lotus.example", "role": "staff"}
    made = ask(people.handler, "POST /v1/desk/sign-ins", invited, role="owner", email="jun@lotus.example")
    route = f"POST /v1/desk/sign-ins/{made.body['id']}/deactivate"
    assert ask(people.handler, route, {}, role="owner", email="jun@lotus.example").status == 200
    change = Change(Actor("staff", "jun"), lotus.NOW + timedelta(minutes=5))
    first = logos.put("lotus", PICTURE_BEFORE, "jpg", change)
    logos.put("lotus", PICTURE, "png", replace(change, at=change.at + timedelta(minutes=1)))
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/history")
        lines = desk.page.locator(".past li:has(> p)")
        lines.nth(3).wait_for()
        text = desk.page.locator(".past").inner_text()
        assert desk.says("past_act.stopped") in text
        assert "lin@lotus.example" in text
        expect(lines.get_by_role("button")).to_have_count(2)
        assert desk.is_in_order()
        desk.photograph("settings-history-all")
        with desk.something_said():
            lines.first.get_by_role("button").press("Enter")
    catalogs.forget()
    assert catalogs.load("lotus").logo == first
