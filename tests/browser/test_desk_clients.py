"""A client's page in a real browser: all that is known of them, changed by two at once, and written to."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import KEPT, Change
from kept.clients.client import Tier
from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.desk_writing import AMERICAN, HOUR, WORDS, at_noon, change, she_writes, written
from tests.functions.outbox import NOON

pytestmark = pytest.mark.browser

MEI = signed_in()
LI = "/desk/clients/c-1"
HOSTILE = "<img src=x onerror=alert(1)> & {name}"
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])


def note(desk: Desk, text: str, *, pinned: bool) -> None:
    desk.page.fill("#note", text)
    desk.page.set_checked(".new-note input", pinned)
    desk.button("notes.save").click()
    desk.page.locator(".note").filter(has_text=text).wait_for()


@EACH
def test_a_pinned_note_warns_and_what_was_done_is_taken_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """What was typed is text, whatever it looks like."""
    from kept.storage import clients
    from tests import lotus

    lotus.known(a_client(Tier.PROSPECT))
    lotus.put(an_appointment("a-1"))
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go(LI)
        note(desk, HOSTILE, pinned=True)
        expect(desk.page.locator(".client-head .alerts li")).to_have_text(HOSTILE, use_inner_text=True)
        desk.has_read()
        desk.button("notes.remove").click()
        desk.page.locator(".note").wait_for(state="detached")
        desk.undo()
        desk.page.locator(".client-head .alerts li").wait_for()
        with desk.something_said():
            desk.page.check(".tiers input[value=vip]")
        assert clients.load("lotus", "c-1").tier is Tier.VIP
        desk.undo()
        desk.page.locator(".client-head h1 .tier-prospect").wait_for()
        assert clients.load("lotus", "c-1").tier is Tier.PROSPECT
        desk.go(LI)
        assert desk.is_in_order()
        desk.photograph("client")


def test_two_who_edit_at_once_are_shown_what_the_other_changed(chromium: Browser, site: str) -> None:
    """What was typed stays; what both changed is a choice, and what only the other did is taken over."""
    from kept.storage import clients
    from tests import lotus

    lotus.known()
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go(f"{LI}?edit=1")
        desk.page.fill("#client-name", "Li Na-Lin")
        desk.page.fill("#client-tags", "balayage, tea")
        clients.put_alone(replace(clients.load("lotus", "c-1"), name="Li Nana", tier=Tier.REGULAR))
        desk.button("edit.save").click()
        desk.page.locator(".clash").wait_for()
        expect(desk.page.locator("#client-name")).to_have_value("Li Na-Lin")
        expect(desk.page.locator(".clash")).to_contain_text("Li Nana")
        assert desk.is_in_order()
        desk.photograph("client-clash")
        desk.page.reload()
        desk.page.locator(".clash input").nth(1).check()
        desk.button("edit.save").click()
        desk.page.locator(".drawer").wait_for(state="detached")
    after = clients.load("lotus", "c-1")
    assert (after.name, after.tags, after.tier) == ("Li Nana", ("balayage", "tea"), Tier.REGULAR)


def test_a_number_that_another_has_proved_offers_to_see_whether_both_are_one(chromium: Browser, site: str) -> None:
    from kept.clients.held import ContactKind, How
    from kept.clients.holding import holding
    from tests import lotus

    lotus.known()
    lotus.known(
        holding(
            replace(a_client(), id="c-2", name="Wu Min", phone="+8613812345678", email="wu@example.com"),
            ContactKind.PHONE,
            How.PROVED,
        )
    )
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go(f"{LI}?edit=1")
        desk.page.fill("#client-phone", "+86 138 1234 5678")
        desk.button("edit.save").click()
        way = desk.page.get_by_role("link", name=desk.says("edit.one_person", name="Wu Min"))
        way.wait_for()
        expect(desk.page.locator("#client-phone")).to_have_value("+86 138 1234 5678")
        assert (way.get_attribute("href") or "").endswith("?merge=c-2")


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_two_records_of_one_person_are_made_one_and_taken_apart_again(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """By the keyboard alone; an address that leads to the one that went shows the client."""
    from kept.storage import clients
    from tests import lotus

    lotus.known()
    lotus.known(replace(a_client(Tier.REGULAR), id="c-2", name="Na Li", phone=AMERICAN, email=None, consents=()))
    lotus.put(replace(an_appointment("a-2"), client="c-2"))
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go(f"{LI}?merge=c-2")
        merges = desk.page.get_by_role("button", name=desk.says("merge.do", name="Li Na"))
        merges.wait_for()
        expect(desk.page.locator(".along li").first).to_contain_text("1")
        assert desk.is_in_order()
        desk.photograph("client-merge")
        merges.press("Enter")
        desk.page.locator(".drawer").wait_for(state="detached")
        assert clients.load("lotus", "c-2").id == "c-1"
        desk.go("/desk/clients/c-2")
        desk.button("merge.part").wait_for()
        expect(desk.page.locator("h1")).to_have_text(re.compile("^Li Na"), use_inner_text=True)
        assert desk.is_in_order()
        desk.photograph("client-merged")
        with desk.something_said():
            desk.button("merge.part").press("Enter")
        assert clients.load("lotus", "c-2").id == "c-2"
        assert (clients.load("lotus", "c-1").phone, clients.load("lotus", "c-2").phone) == (None, AMERICAN)


def test_words_outlive_a_refusal_and_a_reload_and_go_out_by_the_keyboard_alone(
    chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else took the number out while they were typed."""
    at_noon(monkeypatch)
    she_writes()
    with at_the_desk(chromium, site, who=MEI, width=1440) as desk:
        desk.go(LI)
        desk.page.locator(".theirs").filter(has_text="Is there parking?").wait_for()
        desk.page.fill("#answer-text", WORDS)
        desk.page.locator(".answer .main:enabled").wait_for()
        change(phone=None)
        desk.page.press("#answer-text", "Control+Enter")
        desk.page.locator(".answer .wrong").first.wait_for()
        expect(desk.page.locator("#answer-text")).to_have_value(WORDS)
        change(phone=AMERICAN)
        desk.page.reload()
        desk.page.locator(".answer .main:enabled").wait_for()
        expect(desk.page.locator("#answer-text")).to_have_value(WORDS)
        desk.page.press("#answer-text", "Control+Enter")
        desk.page.locator(".ours").filter(has_text=WORDS).wait_for()
        expect(desk.page.locator("#answer-text")).to_have_value("")
        assert desk.is_in_order()
        desk.photograph("client-answered")
    assert [one.text for one in written()] == [WORDS]


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 1440)])
def test_each_figure_leads_to_the_visits_it_counts(chromium: Browser, site: str, language: str, width: int) -> None:
    """Also those that are not among the first that are shown, by the keyboard alone."""
    from tests import lotus

    lotus.known()
    for n in range(1, 7):
        kept = an_appointment(f"a-{n}", starts=STARTS - timedelta(days=7 * n))
        lotus.put(kept.check_in(Change(KEPT, kept.starts + timedelta(minutes=9 if n > 5 else 0))))
    missed = an_appointment("a-9", starts=STARTS - timedelta(days=70))
    lotus.put(missed.mark_no_show(Change(KEPT, missed.starts + timedelta(minutes=20)), evidence=()))
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go(LI)
        for figure, many in (("late", 1), ("missed", 1), ("kept", 6), ("booked", 7)):
            desk.page.locator(f".figures a[href*='visits={figure}']").press("Enter")
            desk.page.get_by_role(
                "heading", name=desk.says("visits.only", what=desk.says(f"visits.{figure}"))
            ).wait_for()
            desk.page.wait_for_function("n => document.querySelectorAll('.cards .row.small').length === n", arg=many)
        assert desk.is_in_order()
        desk.photograph("client-figures")


@EACH
def test_what_a_client_said_is_noted_and_who_leads_lifts_a_stop(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Beside what they agreed to before; that a stop is lifted is asked first, and of who leads alone."""
    from kept.channels import Channel, Purpose
    from kept.reasons import Code, because
    from kept.storage import clients
    from tests import lotus

    she = replace(a_client(), phone="+8613812345678")
    lotus.known(she.stopping(Channel.EMAIL, why=because(Code.NO_SUCH_ADDRESS), at=lotus.NOW))
    with at_the_desk(chromium, site, language=language, width=width, who=signed_in(group="staff")) as desk:
        desk.go(LI)
        desk.page.get_by_text(desk.says("lift.leads")).wait_for()
        expect(desk.button("lift.begin")).to_have_count(0)
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go(LI)
        desk.page.locator("#note-consent").press("Enter")
        desk.page.locator("input[name=consent-purpose][value=promotional]").check()
        desk.page.locator("input[name=consent-channel][value=sms]").check()
        desk.page.fill("#consent-words", HOSTILE)
        assert desk.is_in_order()
        desk.photograph("client-consent")
        with desk.something_said():
            desk.button("consent.save").click()
        desk.page.locator(".ledger blockquote").filter(has_text=HOSTILE).wait_for()
        desk.button("lift.begin").press("Enter")
        assert desk.is_in_order()
        desk.photograph("client-stop")
        with desk.something_said():
            desk.button("lift.do").press("Enter")
        desk.button("lift.begin").wait_for(state="detached")
    after = clients.load("lotus", "c-1")
    assert after.agreed(Purpose.PROMOTIONAL, Channel.SMS)
    assert after.consents[-1].source == "by phone, noted by staff:mei"
    assert after.stopped == ()


@pytest.mark.parametrize(("language", "width", "height"), [("en", 390, 844), ("zh-Hans", 390, 667), ("en", 1440, 900)])
def test_a_conversation_is_opened_at_its_newest_line(
    chromium: Browser, site: str, language: str, width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much stands above it, and with what is typed below it in sight."""
    at_noon(monkeypatch)
    for n in range(12):
        she_writes(f"Is there parking, {n}? " * 6, now=NOON - HOUR * (12 - n))
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.go("/desk/work?tab=inbox&with=c-1")
        desk.page.locator(".drawer .said").nth(11).wait_for()
        desk.page.locator(".drawer .ways").wait_for()
        desk.photograph("conversation-newest")
        expect(desk.page.locator(".drawer .said .about").last).to_be_in_viewport(ratio=0.9)
        expect(desk.page.locator("#answer-text")).to_be_in_viewport(ratio=0.9)
        desk.go(LI)
        desk.page.locator(".said").nth(11).wait_for()
        desk.button("client.write").click()
        expect(desk.page.locator(".said .about").last).to_be_in_viewport(ratio=0.9)
