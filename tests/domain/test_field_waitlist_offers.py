"""How offers are made by lead, until which instant, and when not: near the start, in quiet hours, over a change of the
clocks."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.business.contact_window import QuietHours
from kept.business.waitlist_rules import OfferMode, WaitlistRules, check_waitlist
from kept.errors import InvalidSetting
from kept.reasons import Code
from kept.waitlist.offers import NoOfferNow, OfferTerms, for_client, offered_from, terms

AT = datetime.fromisoformat
RULES = WaitlistRules()
NOW = AT("2026-03-02T10:00+08:00")

LEADS = {
    "more than two days": ("2026-03-04T10:01+08:00", OfferMode.ONE, 1, "2026-03-02T10:15+08:00"),
    "two days": ("2026-03-04T10:00+08:00", OfferMode.BATCH, 3, "2026-03-02T10:15+08:00"),
    "four hours": ("2026-03-02T14:00+08:00", OfferMode.BATCH, 3, "2026-03-02T10:15+08:00"),
    "less than four hours": ("2026-03-02T13:59+08:00", OfferMode.FIRST, 20, "2026-03-02T10:10+08:00"),
    "up to the cut-off": ("2026-03-02T10:40+08:00", OfferMode.FIRST, 20, "2026-03-02T10:10+08:00"),
    "shorter near it": ("2026-03-02T10:37+08:00", OfferMode.FIRST, 20, "2026-03-02T10:07+08:00"),
    "five minutes at least": ("2026-03-02T10:35+08:00", OfferMode.FIRST, 20, "2026-03-02T10:05+08:00"),
    "too near": ("2026-03-02T10:34+08:00", None, 0, ""),
    "begun": ("2026-03-02T09:30+08:00", None, 0, ""),
}


@pytest.mark.parametrize(("starts", "mode", "at_once", "until"), LEADS.values(), ids=LEADS)
def test_by_lead(starts: str, mode: OfferMode | None, at_once: int, until: str) -> None:
    made = terms(RULES, AT(starts), most=20, now=NOW)
    if mode is None:
        assert isinstance(made, NoOfferNow)
        assert (made.why.code, made.again) == (Code.TOO_NEAR, None)
    else:
        assert made == OfferTerms(mode, at_once, AT(until))


CUT_OFFS = [timedelta(0), timedelta(minutes=30), timedelta(days=2)]


@pytest.mark.parametrize("cut_off", CUT_OFFS, ids=str)
@pytest.mark.parametrize("mode", OfferMode)
def test_the_soonest_that_can_be_offered(cut_off: timedelta, mode: OfferMode) -> None:
    """By every mode; of a minute less there are no terms."""
    rules = WaitlistRules(mode, cut_off=cut_off)
    soonest = offered_from(rules, now=NOW)
    assert isinstance(terms(rules, soonest, most=20, now=NOW), OfferTerms)
    assert isinstance(terms(rules, soonest - timedelta(minutes=1), most=20, now=NOW), NoOfferNow)


MODES = {
    "one": (WaitlistRules(OfferMode.ONE), 1),
    "a batch": (WaitlistRules(OfferMode.BATCH, batch=5), 5),
    "first": (WaitlistRules(OfferMode.FIRST), 20),
    "staff": (WaitlistRules(OfferMode.STAFF), 1),
}


@pytest.mark.parametrize(("rules", "at_once"), MODES.values(), ids=MODES)
@pytest.mark.parametrize("days", [0.1, 1, 9])
def test_a_mode_that_is_set_holds_at_any_lead(rules: WaitlistRules, at_once: int, days: float) -> None:
    made = terms(rules, NOW + timedelta(days=days), most=20, now=NOW)
    assert isinstance(made, OfferTerms)
    assert (made.mode, made.at_once) == (rules.mode, at_once)


QUIET = {
    "by day": ("2026-03-02T10:00+08:00", 15, False, "2026-03-02T10:15+08:00", ""),
    "quiet ends": ("2026-03-02T08:00+08:00", 15, False, "2026-03-02T08:15+08:00", ""),
    "a minute before": ("2026-03-02T07:59+08:00", 15, False, "", "2026-03-02T08:00+08:00"),
    "begins inside it": ("2026-03-02T20:50+08:00", 15, False, "2026-03-02T21:00+08:00", ""),
    "too short before it": ("2026-03-02T20:56+08:00", 15, False, "", "2026-03-03T08:00+08:00"),
    "five minutes before it": ("2026-03-02T20:55+08:00", 15, False, "2026-03-02T21:00+08:00", ""),
    "at night": ("2026-03-02T21:00+08:00", 15, False, "", "2026-03-03T08:00+08:00"),
    "after midnight": ("2026-03-03T02:00+08:00", 15, False, "", "2026-03-03T08:00+08:00"),
    "allowed at night": ("2026-03-03T02:00+08:00", 15, True, "2026-03-03T02:15+08:00", ""),
    "allowed over the edge": ("2026-03-02T20:56+08:00", 15, True, "2026-03-02T21:11+08:00", ""),
    "a long one": ("2026-03-02T10:00+08:00", 1440, False, "2026-03-02T21:00+08:00", ""),
}


@pytest.mark.parametrize(("now", "minutes", "allowed", "until", "again"), QUIET.values(), ids=QUIET)
def test_quiet_hours(now: str, minutes: int, *, allowed: bool, until: str, again: str) -> None:
    """An offer is neither sent in them nor runs on into them."""
    found = for_client(
        AT(now) + timedelta(minutes=minutes), ZoneInfo("Asia/Shanghai"), QuietHours(), allowed=allowed, now=AT(now)
    )
    if until:
        assert found == AT(until)
    else:
        assert isinstance(found, NoOfferNow)
        assert (found.why.code, found.again) == (Code.QUIET_HOURS, AT(again))


BERLIN, CLOCKS = ZoneInfo("Europe/Berlin"), QuietHours(time(23), time(1))
DAYLIGHT = {
    "an offer over the hour that is left out": ("2026-03-29T00:55+00:00", 15, "2026-03-29T01:10+00:00"),
    "over the hour that comes twice": ("2026-10-25T00:50+00:00", 15, "2026-10-25T01:05+00:00"),
    "in the second of both": ("2026-10-25T01:30+00:00", 15, "2026-10-25T01:45+00:00"),
    "quiet from 23:00 of winter": ("2026-10-25T21:50+00:00", 15, "2026-10-25T22:00+00:00"),
    "quiet from 23:00 of summer": ("2026-03-29T20:50+00:00", 15, "2026-03-29T21:00+00:00"),
}


@pytest.mark.parametrize(("now", "minutes", "until"), DAYLIGHT.values(), ids=DAYLIGHT)
def test_a_change_of_the_clocks_inside_an_offer(now: str, minutes: int, until: str) -> None:
    """Its minutes are real ones, whatever the clock on the wall does; quiet hours are the wall's."""
    rules = WaitlistRules(lasts=timedelta(minutes=minutes), mode=OfferMode.ONE)
    made = terms(rules, AT(now) + timedelta(days=3), most=20, now=AT(now))
    assert isinstance(made, OfferTerms)
    assert for_client(made.until, BERLIN, CLOCKS, allowed=False, now=AT(now)) == AT(until)


QUIET_TWICE = QuietHours(time(2, 30), time(8))
EDGES = {
    "the edge comes twice: the earlier one": ("2026-10-25T00:25+00:00", "2026-10-25T00:30+00:00"),
    "the edge is left out: the earlier one": ("2026-03-29T00:20+00:00", "2026-03-29T00:30+00:00"),
}


@pytest.mark.parametrize(("now", "until"), EDGES.values(), ids=EDGES)
def test_quiet_hours_that_begin_in_a_changed_hour(now: str, until: str) -> None:
    assert for_client(AT(now) + timedelta(minutes=15), BERLIN, QUIET_TWICE, allowed=False, now=AT(now)) == AT(until)


def test_the_cut_off_is_of_real_time() -> None:
    """Half an hour before 03:15 of summer is 01:45 of winter."""
    starts = AT("2026-03-29T03:15+02:00")
    made = terms(RULES, starts, most=20, now=AT("2026-03-29T01:38+01:00"))
    assert isinstance(made, OfferTerms)
    assert made.until == AT("2026-03-29T01:45+01:00")


WRONG = {
    "lasts": WaitlistRules(lasts=timedelta(minutes=4)),
    "first_lasts": WaitlistRules(first_lasts=timedelta(days=2)),
    "near": WaitlistRules(near=timedelta(hours=49)),
    "far": WaitlistRules(far=timedelta(days=61)),
    "batch": WaitlistRules(batch=21),
    "pause": WaitlistRules(pause=timedelta(minutes=-1)),
    "cut_off": WaitlistRules(cut_off=timedelta(days=8)),
    "passed_by": WaitlistRules(passed_by=0),
}


@pytest.mark.parametrize(("field", "rules"), WRONG.items(), ids=WRONG)
def test_rules_that_make_no_sense(field: str, rules: WaitlistRules) -> None:
    check_waitlist(RULES)
    with pytest.raises(InvalidSetting) as refused:
        check_waitlist(rules)
    assert refused.value.facts["field"] == f"waitlist.{field}"
