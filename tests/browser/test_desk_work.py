"""Work at the desk in a real browser: what is late, due and put off, done with, taken back, by keyboard too."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from kept.actor import KEPT, Actor, Change
from kept.clients.client import Tier
from kept.follow_up.events import What
from kept.follow_up.follow_up import line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import phase_at
from tests.browser.desk_scene import Desk, at_the_desk
from tests.builders import STARTS, a_client, an_appointment

pytestmark = pytest.mark.browser

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = STARTS + 20 * MINUTE
"""Monday, 17:20 in Shanghai."""
MEI = Actor("staff", "mei")
ANY_LENGTH = "Wilhelmina Featherstonehaugh-Montgomery"
WORDS = "Could you do Friday afternoon instead, or is it better that I call? " * 4


@pytest.fixture
def work(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Late: a call to Wang Fang. Due soon: what a VIP asked. Later: something of any length. Put off: Zhao Lei's."""
    from kept import clock

    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    follow_up("call", "Wang Fang", OpenedBy.CALL, NOW - 30 * HOUR, phone="+8613912345678", why="Please come at two.")
    follow_up("soon", "Li Na", OpenedBy.ENQUIRY, NOW - 24 * HOUR + 12 * MINUTE, tier=Tier.VIP)
    follow_up("later", ANY_LENGTH, OpenedBy.MANUAL, NOW - HOUR, phone="+8613912345679", by=MEI, says=WORDS)
    follow_up("off", "Zhao Lei", OpenedBy.ENQUIRY, NOW - 2 * HOUR, until=NOW + 20 * HOUR)
    follow_up("lost", "Chen Jie", OpenedBy.FAILED_MESSAGE, NOW - HOUR, assignee="jun", phone="+8613912345670")
    return site


def follow_up(
    id: str,
    name: str,
    cause: OpenedBy,
    opened: datetime,
    *,
    tier: Tier = Tier.VIP,
    assignee: str = "mei",
    phone: str | None = None,
    why: str = "",
    by: Actor = KEPT,
    says: str = "",
    until: datetime | None = None,
) -> None:
    """Of a client of its own."""
    from kept.storage import follow_ups
    from tests import lotus

    client = replace(a_client(tier), id=f"c-{id}", name=name, email=f"{id}@example.com", phone=phone)
    lotus.known(client)
    change = Change(by, opened, why=why)
    made = open_for(client, id, cause=cause, about="", assignee=assignee, policy=1, change=change)
    if says:
        wrote = line(What.CLIENT_WROTE, Change(MEI, opened + MINUTE, why=says))
        made = made.record(wrote, follow_ups.policies(made), now=wrote.at)
    if until:
        off = line(What.SNOOZED, Change(MEI, opened + HOUR, why="She is on a plane."), until=until)
        made = made.record(off, follow_ups.policies(made), now=off.at)
    lotus.open_follow_up(made)


BOTH = pytest.mark.parametrize("language", ["en", "zh-Hans"])
WIDTHS = pytest.mark.parametrize("width", [390, 1440])
SHADES = "all => all.map(it => it.className.split('due-')[1])"


def due(desk: Desk) -> list[str]:
    """In which state the clock of each line is."""
    return list(desk.page.locator("#main .row .due").evaluate_all(SHADES))


def row(desk: Desk, name: str) -> Locator:
    return desk.page.locator("#main .row").filter(has_text=name)


def undo(desk: Desk) -> None:
    desk.page.locator(".toast").last.get_by_role("button", name=desk.says("toast.undo")).click()


def phase(id: str) -> str:
    from kept.storage import follow_ups

    return phase_at(follow_ups.load("lotus", id).history, NOW + HOUR)


@BOTH
@WIDTHS
def test_the_queue_says_what_is_late_due_and_put_off_and_what_is_done_can_be_taken_back(
    chromium: Browser, work: str, language: str, width: int
) -> None:
    with at_the_desk(chromium, work, width=width, language=language) as desk:
        desk.go("/desk/work")
        row(desk, "Zhao Lei").wait_for()
        desk.lists("Wang Fang", "Li Na", ANY_LENGTH, "Zhao Lei")
        assert due(desk) == ["late", "soon", "ahead", "paused"]
        expect(desk.page).to_have_title(f"(1) {desk.says('work_tab.queue')} – Kept")
        expect(row(desk, ANY_LENGTH).locator(".said")).to_have_text(
            re.compile("^Could you do Friday"), use_inner_text=True
        )
        desk.photograph("queue")
        assert desk.is_sound()

        row(desk, ANY_LENGTH).get_by_role("link", name=desk.says("work_act.close")).click()
        desk.page.locator("#close-outcome").wait_for()
        desk.photograph("closing")
        assert desk.is_sound()
        desk.one("close.settled", "#follow-up-form").click()
        desk.hears("worked.resolve")
        assert phase("later") == "closed"
        desk.lists("Wang Fang", "Li Na", "Zhao Lei")
        undo(desk)
        desk.hears("worked.reopen")
        assert phase("later") == "open"
        desk.page.locator(".drawer").press("Escape")
        desk.page.wait_for_url("**/desk/work")
        desk.lists("Wang Fang", "Li Na", ANY_LENGTH, "Zhao Lei")

        row(desk, "Li Na").get_by_role("link", name=desk.says("work_act.snooze")).click()
        desk.page.locator("#snooze-why").fill("She is at lunch.")
        desk.one("snooze.morning", "#follow-up-form").click()
        desk.hears("worked.snooze")
        assert (phase("soon"), due(desk)[-1]) == ("snoozed", "paused")
        undo(desk)
        desk.hears("worked.resume")
        assert phase("soon") == "open"


@BOTH
@WIDTHS
def test_a_mail_leads_to_whom_to_reach_what_to_say_why_then_and_what_came_of_it(
    chromium: Browser, work: str, language: str, width: int
) -> None:
    with at_the_desk(chromium, work, width=width, language=language) as desk:
        desk.go("/desk/follow-ups/call")
        drawer = desk.page.locator(".drawer")
        drawer.locator("a.dial").wait_for()
        expect(drawer.locator("h2")).to_have_text("Wang Fang", use_inner_text=True)
        expect(drawer.locator("a.dial")).to_have_attribute("href", "tel:+8613912345678")
        expect(drawer.locator(".facts").first).to_contain_text("Please come at two.")
        drawer.locator(".why summary").click()
        drawer.locator(".sentences li").first.wait_for()
        assert (drawer.locator(".sentences").first.inner_text() > "一") == (language == "zh-Hans")
        desk.photograph("follow-up")
        assert desk.is_sound()
        for outcome in ("no_answer", "voicemail", "reached"):
            desk.one(f"call.{outcome}", ".drawer").click()
            desk.hears(f"called.{outcome}")
        lines = drawer.locator(".ledger > li > strong")
        expect(lines.filter(has_text=desk.says("call.no_answer"))).to_have_count(1)
        expect(lines.filter(has_text=desk.says("call.reached"))).to_have_count(1)


@WIDTHS
def test_a_call_is_two_clicks_from_the_list_of_calls(chromium: Browser, work: str, width: int) -> None:
    with at_the_desk(chromium, work, width=width, language="en") as desk:
        desk.go("/desk/work?tab=calls")
        row(desk, "Wang Fang").wait_for()
        desk.lists("Wang Fang")
        expect(row(desk, "Wang Fang").locator("blockquote")).to_have_text("Please come at two.", use_inner_text=True)
        desk.photograph("calls")
        assert desk.is_sound()
        expect(row(desk, "Wang Fang").locator(".dial")).to_have_attribute("href", "tel:+8613912345678")
        desk.one("call.reached").click()
        desk.hears("called.reached")
        desk.page.get_by_text(desk.says("work_empty.calls")).wait_for()
        assert desk.is_sound()


@BOTH
def test_what_was_not_told_says_what_to_do_and_what_was_set_aside_is_put_back_by_who_leads(
    chromium: Browser, work: str, language: str
) -> None:
    from kept.lanes import Key, Lane
    from kept.storage import aside
    from tests import lotus

    lotus.known(a_client())
    lotus.put(an_appointment())
    assert aside.set_aside(Key(Lane.REMINDER, "lotus", "a-1"), now=NOW)
    with at_the_desk(chromium, work, width=1440, language=language, staff="jun", role="owner") as desk:
        desk.go("/desk/work?tab=failed")
        row(desk, "Chen Jie").wait_for()
        desk.lists("Chen Jie")
        expect(row(desk, "Chen Jie")).to_contain_text(desk.says("failed_text.failed_message"))
        desk.photograph("failed")
        assert desk.is_sound()
        desk.page.locator(".tabs a").filter(has_text=desk.says("work_tab.aside")).click()
        row(desk, "Li Na").wait_for()
        expect(row(desk, "Li Na")).to_contain_text(desk.says("lane.reminder"))
        expect(row(desk, "Li Na").locator("a[href='/desk/appointments/a-1']")).to_have_count(1)
        desk.photograph("aside")
        assert desk.is_sound()
        desk.one("aside.put_back").click()
        desk.hears("aside.done", what=f"Li Na – {desk.says('lane.reminder')}")
        assert list(aside.waiting("lotus")) == []
    with at_the_desk(chromium, work, width=1440, language=language) as desk:
        desk.go("/desk/work?tab=aside")
        row(desk, "Wang Fang").wait_for()
        expect(desk.page.locator(".tabs a").filter(has_text=desk.says("work_tab.aside"))).to_have_count(0)


EVIDENCE = (
    "confirmed by client 2026-02-28T23:40Z",
    "on_my_way by staff:mei 2026-03-02T09:06Z",
    "two_days email sent 2026-02-28T23:41Z",
    "same_day sms skipped: opted_out",
    "confirmation whatsapp failed: no room",
    "on_my_way email queued",
    "at_risk wechat suppressed: bounced_before",
    "rescheduled webhook missed",
    "two_days call to_call",
    "staff_answer over sms failed: opted_out",
    "cancelled v2 over sms: opted_out",
    "rescheduled v3 over -: no_text_tells",
)
RAW = re.compile(r"[a-z]+_[a-z]+|over -|\bv\d|T\d\d:|\bsms\b|staff:")


@BOTH
def test_what_kept_wrote_down_is_in_the_reader_s_words(chromium: Browser, work: str, language: str) -> None:
    """The names of stages, states and acts, and instants, are not for people."""
    from tests import lotus

    lotus.known(a_client())
    lotus.put(an_appointment().mark_no_show(Change(KEPT, NOW), evidence=EVIDENCE))
    with at_the_desk(chromium, work, width=1440, language=language) as desk:
        desk.go("/desk/appointments/a-1")
        desk.page.locator(".evidence li").first.wait_for()
        lines = desk.page.locator(".evidence li").all_inner_texts()
        assert len(lines) == len(EVIDENCE) + 1, "and who marked it"
        assert [line for line in lines if RAW.search(line)] == []
        if language != "en":
            assert [line for line in lines if re.search(r"\b(sent|failed|queued|missed|by|reminder)\b", line)] == []
        assert "no room" in lines[4]
        desk.photograph("evidence")
        assert desk.is_sound()


def test_everything_is_done_with_the_keyboard_alone(chromium: Browser, work: str) -> None:
    with at_the_desk(chromium, work, width=1440) as desk:
        desk.go("/desk/work")
        row(desk, "Zhao Lei").wait_for()
        keys = desk.page.keyboard
        for key in ("j", "j", "k", "j"):
            keys.press(key)
        expect(desk.page.locator("#follow-up-soon")).to_be_focused()
        keys.press("Enter")
        desk.page.locator("#act-close").wait_for()
        expect(desk.page.locator("#drawer-title")).to_be_focused()
        tab_to(desk, "act-snooze")
        keys.press("Enter")
        expect(desk.one("snooze.hour", "#follow-up-form")).to_be_focused()
        keys.press("Escape")
        expect(desk.page.locator("#act-snooze")).to_be_focused()
        tab_to(desk, "act-close")
        keys.press("Enter")
        expect(desk.one("close.settled", "#follow-up-form")).to_be_focused()
        keys.press("Enter")
        desk.hears("worked.resolve")
        assert phase("soon") == "closed"
        expect(desk.page.locator("#drawer-title")).to_be_focused()
        keys.press("u")
        desk.hears("worked.reopen")
        assert phase("soon") == "open"
        keys.press("Escape")
        expect(desk.page.locator("#follow-up-soon")).to_be_focused()
        desk.page.locator(".row", has=desk.page.locator("#follow-up-soon")).locator(".first").wait_for()
        keys.press("e")
        expect(desk.page.locator("#answer-text")).to_be_focused()
        keys.type("We are open until eight.")
        desk.one("answer.send", ".drawer", by=desk.says("by.email")).and_(desk.page.locator(":enabled")).wait_for()
        keys.press("Control+Enter")
        desk.hears("did.answer", name="Li Na", by=desk.says("by.email"))


def tab_to(desk: Desk, id: str) -> None:
    for _ in range(30):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate("() => document.activeElement.id") == id:
            return
    pytest.fail(f"{id} is not reached")


def test_what_somebody_else_did_first_is_said_in_words_and_nothing_typed_is_lost(chromium: Browser, work: str) -> None:
    from kept.storage import follow_ups

    with at_the_desk(chromium, work, width=390) as desk:
        desk.go("/desk/follow-ups/later?do=snooze")
        desk.page.locator("#snooze-why").fill("She likes Fridays.")
        other = line(What.RESOLVED, Change(Actor("staff", "jun"), NOW, why="Done."), to="settled")
        found = follow_ups.load("lotus", "later")
        follow_ups.put_alone(found.record(other, follow_ups.policies(found), now=NOW))
        desk.one("snooze.morning", "#follow-up-form").click()
        desk.page.locator(".toast.wrong", has_text="This follow-up is closed.").wait_for()
        desk.page.locator("#reopen-why").wait_for()
        desk.photograph("refused")
        assert desk.is_sound()
        desk.one("work_act.reopen", ".drawer").click()
        desk.hears("worked.reopen")
        desk.page.locator("#act-snooze").click()
        expect(desk.page.locator("#snooze-why")).to_have_value("She likes Fridays.")


@WIDTHS
def test_at_the_end_of_the_day_what_is_mine_is_handed_over_and_taken_back(
    chromium: Browser, work: str, width: int
) -> None:
    from kept.storage import follow_ups

    with at_the_desk(chromium, work, width=width, staff="jun", role="staff") as desk:
        desk.go("/desk/work")
        row(desk, "Chen Jie").wait_for()
        desk.page.locator("#hand-over").click()
        desk.page.locator("#handover-to").select_option("mei")
        desk.photograph("handing-over")
        assert desk.is_sound()
        desk.one("handover.do", ".drawer").click()
        desk.hears("handover.given.one", n=1)
        assert follow_ups.load("lotus", "lost").assignee == "mei"
        desk.page.get_by_text(desk.says("work_empty.queue")).wait_for()
        desk.photograph("nothing")
        assert desk.is_sound()
        undo(desk)
        desk.hears("handover.back.one", n=1)
        assert follow_ups.load("lotus", "lost").assignee == "jun"
        desk.go("/desk/work?tab=board&assignee=jun")
        row(desk, "Chen Jie").wait_for()
        desk.lists("Chen Jie")
        desk.photograph("board")
        assert desk.is_sound()


def test_the_board_goes_on_where_it_ended_and_shows_what_is_asked_for(
    chromium: Browser, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kept.use_cases.follow_ups import board

    monkeypatch.setattr(board, "PAGE", 3)
    with at_the_desk(chromium, work, width=1440) as desk:
        desk.go("/desk/work?tab=board")
        desk.one("work.more").click()
        row(desk, "Chen Jie").wait_for()
        expect(desk.page.locator("#main .row .name")).to_have_count(5)
        names = desk.page.locator("#main .row .name").all_inner_texts()
        assert set(names) == {"Wang Fang", "Li Na", ANY_LENGTH, "Chen Jie", "Zhao Lei"}
        desk.page.locator("#filter-cause").select_option("enquiry")
        expect(desk.page.locator("#main .row .name")).to_have_text(["Li Na", "Zhao Lei"])
        desk.page.wait_for_url("**cause=enquiry*")
        desk.page.locator("#filter-assignee").select_option("nobody")
        desk.page.get_by_text(desk.says("work_empty.board")).wait_for()
        assert desk.is_sound()


def test_two_of_one_client_become_one(chromium: Browser, work: str) -> None:
    from kept.storage import clients
    from tests import lotus

    change = Change(KEPT, NOW - 3 * HOUR)
    lotus.open_follow_up(
        open_for(
            clients.load("lotus", "c-later"),
            "other",
            cause=OpenedBy.COMPLAINT,
            about="",
            assignee="mei",
            policy=1,
            change=change,
        )
    )
    with at_the_desk(chromium, work, width=1440) as desk:
        desk.go("/desk/follow-ups/later?do=merge")
        desk.one("join.do", ".drawer").click()
        desk.hears("worked.merge")
        assert (phase("later"), phase("other")) == ("open", "closed")
        expect(row(desk, ANY_LENGTH)).to_have_count(1)
        assert desk.is_sound()


FAKE = """
  window.reminded = [];
  window.Notification = class { constructor(title, how) { reminded.push([title, how.body, how.tag]); } close() {} };
  Notification.permission = "default";
  Notification.requestPermission = async () => (Notification.permission = "granted");
  Object.defineProperty(document, "visibilityState", { get: () => (window.isAway ? "hidden" : "visible") });
"""


def test_who_asked_for_it_is_reminded_once_in_a_hidden_tab_without_a_name(chromium: Browser, work: str) -> None:
    follow_up("now", "Sun Yue", OpenedBy.ENQUIRY, NOW - 24 * HOUR + 8 * MINUTE)
    with at_the_desk(chromium, work, width=1440) as desk:
        desk.page.add_init_script(FAKE)
        desk.go("/desk/work")
        row(desk, "Sun Yue").wait_for()
        away = "() => { window.isAway = true; document.dispatchEvent(new Event('visibilitychange')); }"
        desk.page.evaluate(away)
        assert desk.page.evaluate("() => reminded") == []
        desk.page.evaluate("() => { window.isAway = false; }")
        desk.page.locator(".menu summary").click()
        desk.page.get_by_role("button", name=desk.says("remind.ask")).click()
        desk.page.get_by_text(desk.says("remind.on")).wait_for()
        desk.page.evaluate(away)
        desk.page.wait_for_function("() => reminded.length")
        with desk.page.expect_response("**/follow-ups/mine"):
            desk.page.evaluate(away)
        ((title, text, tag),) = desk.page.evaluate("() => reminded")
        assert (title, tag) == (desk.says("remind.title"), "now")
        assert text == desk.says("remind.text", span="8 min")
