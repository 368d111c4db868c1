"""The rule: an offer lasts no longer than what it offers. What closes its day, takes its room, its person or its
service, or ends its wait ends it as well: it is taken by nobody from then on, and its client hears so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

import clients as clients_api
import front_desk
from kept import ids
from kept.actor import CLIENT, Change
from kept.booking.closure import ClosedTime, Scope
from kept.booking.states import Status
from kept.business.catalog import Catalog, Service
from kept.business.setting_change import SettingChange
from kept.business.waitlist_rules import MOST_AT_ONCE, OfferMode, WaitlistRules
from kept.clients.client import Client
from kept.clients.details import revision
from kept.events.change import AggregateChange, Kind
from kept.storage import appointments, catalogs, clients, waitlist
from kept.storage.codec import whole_json
from kept.storage.tables import ClientItem
from kept.use_cases.booking import closing
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.closing import Decision
from kept.use_cases.clients import merging
from kept.use_cases.clients.merging import Pair
from kept.use_cases.policy import dismissing
from kept.use_cases.waitlist import at_desk, freed
from kept.waitlist.entry import EntryState, OfferAnswer, WaitlistEntry
from kept.waitlist.opening import OpeningState
from kept.waitlist.wish import Wish
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.functions.test_field_waitlist_doors import Clock, browser, link, posted, time
from tests.functions.waitlisting import ANY, NOON, STAFF, called_off, offer_of, pass_until, streamed, told, waits

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = NOON + MINUTE
CUT, COLOUR = ANY, replace(ANY, services=("colour",))
SOONER = replace(ANY, sooner_than="a-2")
WU = {"name": "Wu Lei", "email": "wu@example.com", "agrees_to": ["email"]}


def salon(change: Callable[[Catalog], Catalog]) -> None:
    """Saved otherwise, and the stream tells of it."""
    lotus.store(change(catalogs.load("lotus")))
    catalogs.forget()
    saved()


def with_service(it: Catalog, service: Service) -> Catalog:
    return replace(it, services={**it.services, service.id: service})


def offered_by(rules: WaitlistRules) -> None:
    salon(lambda it: replace(it, business=replace(it.business, waitlist=rules)))


def saved() -> None:
    change = SettingChange("service", "cut", "staff:jun", NOW, "{}", "{}")
    freed.watch(AggregateChange("lotus", Kind.SETTING, "line-1", None, change, NOW, "1"))


def closes(scope: Scope, of: str) -> None:
    """Around that time."""
    closed = ClosedTime(scope, of, STARTS - HOUR, STARTS + 3 * HOUR)
    closing.decide(catalogs.load("lotus"), Decision(closed, "ill", {}), Change(STAFF, NOW, key=ids.digest("closes")))
    catalogs.forget()
    saved()


def mei_is_ill() -> None:
    closes(Scope.STAFF, "mei")


def the_house_is_closed() -> None:
    closes(Scope.HOUSE, "")


def the_service_is_offered_no_more() -> None:
    salon(lambda it: with_service(it, replace(it.services["cut"], archived=True)))


def mei_does_it_no_more() -> None:
    salon(lambda it: with_service(it, replace(it.services["cut"], staff=("jun",))))


def her_mondays_are_free() -> None:
    def without(it: Catalog) -> Catalog:
        mei = it.staff["mei"]
        hours = replace(mei.hours, overrides={STARTS.date(): ()})
        return replace(it, staff={**it.staff, "mei": replace(mei, hours=hours)})

    salon(without)


def booked(service: str, staff: str) -> None:
    """By staff, over what is only on offer."""
    body = {"service": service, "start": STARTS.isoformat(), "staff": staff, "client": WU, "override": "a regular"}
    answer = ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff")
    assert answer.status == 201
    streamed(None, appointments.load("lotus", answer.body["id"]), NOW)


def she_is_booked_by_hand() -> None:
    booked("cut", "mei")


def its_room_is_booked_by_hand() -> None:
    booked("rinse", "jun")


def its_room_is_closed() -> None:
    closes(Scope.ROOM, "basin")


def changed(act: Callable[[str], None]) -> Callable[[], None]:
    def done() -> None:
        before = appointments.load("lotus", "a-2")
        act("a-2")
        streamed(before, appointments.load("lotus", "a-2"), NOW)

    return done


def cancels(id: str) -> None:
    rules = catalogs.load("lotus").business.changes
    change = Change(CLIENT, NOW)
    apply_change(catalogs.load("lotus"), id, lambda it: it.cancel(change, rules=rules), change)


def comes(id: str) -> None:
    assert ask(front_desk.handler, f"POST /v1/desk/appointments/{id}/check-in", {}, role="staff").status == 200


def they_are_dismissed() -> None:
    body = {"why": "rude", "letter": False}
    assert ask(clients_api.handler, "POST /v1/desk/clients/c-2/dismissal", body, role="owner").status == 200
    dismissing.go_on("lotus", "c-2", now=NOW)


OVERTAKEN: dict[str, tuple[Wish, Callable[[], None], list[str]]] = {
    "whoever it is with is ill": (CUT, mei_is_ill, ["time_gone"]),
    "the house is closed": (CUT, the_house_is_closed, ["time_gone"]),
    "the service is offered no more": (CUT, the_service_is_offered_no_more, ["time_gone"]),
    "whoever it is with does it no more": (CUT, mei_does_it_no_more, ["time_gone"]),
    "they do not work that day any more": (CUT, her_mondays_are_free, ["time_gone"]),
    "whoever it is with is booked by hand": (CUT, she_is_booked_by_hand, ["time_gone"]),
    "its room is booked by hand, with somebody else": (COLOUR, its_room_is_booked_by_hand, ["time_gone"]),
    "the visit that was to be sooner is cancelled": (SOONER, changed(cancels), []),
    "the visit that was to be sooner is begun": (SOONER, changed(comes), []),
    "its client is dismissed": (CUT, they_are_dismissed, []),
}
"""What they wait for, what comes between, and what they hear of it."""


def on_offer(wish: Wish) -> tuple[WaitlistEntry, str]:
    """Li Na's time is on offer to somebody who has a visit two days later; Jun rinses at the same basin."""
    salon(
        lambda it: replace(
            it, services={**it.services, "rinse": replace(it.services["colour"], id="rinse", staff=("jun",))}
        )
    )
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2"))
    entry = waits("c-2", wish=wish)
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    return entry, offer.id


@pytest.mark.parametrize(("wish", "act", "hears"), OVERTAKEN.values(), ids=OVERTAKEN)
def test_what_is_overtaken_is_taken_by_nobody_and_its_client_hears_so(
    time: Clock, wish: Wish, act: Callable[[], None], hears: list[str]
) -> None:
    """At once by their link, and within a minute for everybody."""
    entry, offer = on_offer(wish)
    time.now = NOW
    act()
    before = lotus.everything()
    assert posted(f"{link(entry.id)}/take", {"offer": offer}).status == 410
    assert lotus.everything() == before
    pass_until(NOW + MINUTE)
    last = waitlist.load("lotus", entry.id).offers[-1]
    assert last.answer is OfferAnswer.WITHDRAWN
    assert [it for it in told("c-2") if it == "time_gone"] == hears
    assert not [it.ref for it in lotus.on_page() if it.ref == last.hold]


def test_a_room_that_is_closed_takes_its_offer_with_it(time: Clock) -> None:
    """Within a minute, for an offer does not say which room it is in."""
    entry, _ = on_offer(COLOUR)
    time.now = NOW
    its_room_is_closed()
    pass_until(NOW + MINUTE)
    assert waitlist.load("lotus", entry.id).offers[-1].answer is OfferAnswer.WITHDRAWN
    assert "time_gone" in told("c-2")


def test_another_setting_leaves_an_offer_as_it_is(time: Clock) -> None:
    """A price, a name, another day: what is on offer can be had still."""
    entry, offer = on_offer(CUT)
    time.now = NOW
    salon(
        lambda it: replace(
            it, services={**it.services, "cut": replace(it.services["cut"], name="Haircut", notice=9_999)}
        )
    )
    pass_until(NOW + MINUTE)
    assert posted(f"{link(entry.id)}/take", {"offer": offer}).status == 200


LATE = {"en": ("not held for you any more", "keep your place"), "zh-Hans": ("已不再为您保留", "排位不变")}


@pytest.mark.parametrize("language", LATE)
def test_whoever_waits_no_more_is_not_told_that_they_keep_their_place(time: Clock, language: str) -> None:
    entry, offer = on_offer(CUT)
    time.now = NOW
    said, keeps = LATE[language]
    mei_is_ill()
    path = f"{link(entry.id)}/take?lang={language}"
    late = posted(path, {"offer": offer}).body
    assert said in late
    assert keeps in late
    they_are_dismissed()
    late = posted(path, {"offer": offer}).body
    assert said in late
    assert keeps not in late


@pytest.mark.parametrize(("language", "says"), {"en": "what is still missing", "zh-Hans": "还需完成的事项"}.items())
def test_what_waits_for_a_yes_is_not_called_booked(time: Clock, language: str, says: str) -> None:
    """Whose standing asks for approval has the time kept, and reads so."""
    entry, offer = on_offer(CUT)
    time.now = NOW
    body = {"standing": "restricted", "why": "twice missed"}
    assert ask(clients_api.handler, "PUT /v1/desk/clients/c-2/standing", body, role="owner").status == 200
    assert says in posted(f"{link(entry.id)}/take?lang={language}", {"offer": offer}).body
    booked = appointments.load("lotus", waitlist.load("lotus", entry.id).booked)
    assert booked.status is Status.ASKED_FOR
    assert says in browser(language).get(f"{link(entry.id)}?lang={language}").body


def test_one_of_two_services_that_is_offered_no_more_ends_nothing(time: Clock) -> None:
    """Their page opens, shows what is on offer of the other, and is changed as ever."""
    entry, offer = on_offer(replace(ANY, services=("cut", "colour")))
    time.now = NOW
    pass_until(NOON)
    the_service_is_offered_no_more()
    pass_until(NOW + MINUTE)
    assert browser().get(link(entry.id)).status == 200
    days = {"first": "2026-03-02", "last": "2026-03-08"}
    assert posted(f"{link(entry.id)}/change", days).status == 200
    assert waitlist.load("lotus", entry.id).wish.services == ("colour",)
    assert posted(f"{link(entry.id)}/take", {"offer": offer}).status == 410


# Who was made longer


LONGER: dict[str, tuple[int, int, int | None]] = {
    "longer than what is free": (90, 60, None),
    "as long as what is free": (120, 120, 120),
    "longer than the service, shorter than what is free": (75, 120, 75),
    "made shorter": (30, 60, 30),
    "longer than any of it": (121, 120, None),
}
"""How long their visit is by now, how much comes free, and how long what they are offered is; minutes."""


@pytest.mark.parametrize(("minutes", "freed_minutes", "offered"), LONGER.values(), ids=LONGER)
def test_a_visit_that_was_made_longer_is_offered_what_it_fits_into(
    time: Clock, minutes: int, freed_minutes: int, offered: int | None
) -> None:
    """As long as it is, not as long as its service takes: nobody is offered what they cannot take."""
    time.now = NOON
    later = lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2"))
    entry = waits("c-2", wish=replace(SOONER, staff=("jun",)))
    slot = replace(an_appointment().slot, staff="jun", ends=STARTS + freed_minutes * MINUTE)
    lotus.put(replace(an_appointment("a-5"), client="c-1", slot=slot))
    lotus.put(replace(an_appointment("a-6"), client="c-1", slot=replace(slot, starts=slot.ends, ends=slot.ends + HOUR)))
    body = {"start": later.starts.isoformat(), "minutes": minutes, "override": "thick hair"}
    assert ask(front_desk.handler, "POST /v1/desk/appointments/a-2/reschedule", body, role="staff").status == 200
    streamed(later, appointments.load("lotus", "a-2"), NOON)
    called_off(id="a-5")
    pass_until(NOON)
    offer = offer_of(entry)
    assert (offer and (offer.ends - offer.starts) // MINUTE) == offered
    if offer:
        assert posted(f"{link(entry.id)}/take", {"offer": offer.id}).status == 200
        moved = appointments.load("lotus", "a-2")
        assert (moved.starts, moved.ends) == (offer.starts, offer.ends)


# Of several at once


BATCHES: dict[str, tuple[int, int]] = {
    "one time": (1, 60),
    "two of one day": (2, 120),
    "three of one day": (3, 180),
    "more than there are times": (3, 120),
    "as many as one write makes": (MOST_AT_ONCE, 180),
}
"""How many are offered something at once at the most, and how many minutes come free."""


@pytest.mark.parametrize(("batch", "minutes"), BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize("asleep", [False, True])
def test_a_batch_that_nobody_answers_ends_at_its_instant(
    time: Clock, batch: int, minutes: int, *, asleep: bool
) -> None:
    """All of it in one write of the page on which it was held, and the next are asked."""
    time.now = NOON
    offered_by(WaitlistRules(mode=OfferMode.BATCH, batch=batch))
    slot = replace(an_appointment().slot, staff="jun", ends=STARTS + minutes * MINUTE)
    lotus.put(replace(an_appointment("a-5"), client="c-1", slot=slot))
    entries = [waits(f"c-{n}", wish=replace(ANY, staff=("jun",))) for n in range(10, 18)]
    called_off(id="a-5")
    pass_until(NOON)
    at_once = min(batch, minutes // 60)
    assert [bool(offer_of(it)) for it in entries] == [n < at_once for n in range(8)]
    pass_until(NOON + 15 * MINUTE, asleep=asleep)
    assert [bool(offer_of(it)) for it in entries] == [at_once <= n < 2 * at_once for n in range(8)]
    pass_until(NOON + 9 * HOUR, asleep=asleep)
    assert not [it.ref for it in lotus.on_page("jun")]
    assert not [it for it in entries if offer_of(it)]


# Offers by hand


def by_hand(entry: WaitlistEntry, opening: str, staff: str = "mei", starts: datetime = STARTS) -> Answer:
    body = {"service": "cut", "staff": staff, "start": starts.isoformat(), "opening": opening}
    return ask(front_desk.handler, f"POST /v1/desk/waitlist/{entry.id}/offer", body, role="staff")


def test_what_nobody_was_left_for_is_offered_by_hand_until_its_deadline() -> None:
    """The freed time was over by then; the offer ends all the same, and they wait on."""
    waits("c-2", wish=replace(ANY, staff=("jun",)))
    called_off()
    pass_until(NOON)
    (opening,) = waitlist.openings("lotus")
    assert opening.state is OpeningState.OVER
    entry = waits("c-3")
    assert by_hand(entry, opening.id).status == 200
    assert offer_of(entry)
    pass_until(NOON + HOUR)
    after = waitlist.load("lotus", entry.id)
    assert (after.state, after.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.EXPIRED)


ELSEWHERE = {
    "with somebody else": ("jun", STARTS),
    "on another day": ("mei", STARTS + timedelta(days=1)),
    "before it": ("mei", STARTS - HOUR),
    "running on after it": ("mei", STARTS + HOUR / 2),
}


@pytest.mark.parametrize(("staff", "starts"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_time_that_is_none_of_the_freed_time_is_one_of_its_own(staff: str, starts: datetime) -> None:
    """And is withdrawn as any other the moment somebody fills it."""
    entry = waits("c-2", wish=replace(ANY, first=date(2026, 3, 2)))
    offered_by(WaitlistRules(mode=OfferMode.STAFF))
    called_off()
    pass_until(NOON)
    (opening,) = waitlist.openings("lotus")
    assert by_hand(entry, opening.id, staff, starts).status == 200
    offer = offer_of(entry)
    assert offer
    assert offer.opening != opening.id
    body = {"service": "cut", "start": starts.isoformat(), "staff": staff, "client": WU, "override": "a regular"}
    answer = ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff")
    assert answer.status == 201
    streamed(None, appointments.load("lotus", answer.body["id"]), NOW)
    pass_until(NOW)
    assert offer_of(entry) is None


def test_more_offers_by_hand_than_one_write_holds_all_end() -> None:
    """Of a week that was opened staff offer more at once than anything by itself does."""
    offered_by(WaitlistRules(mode=OfferMode.STAFF))
    entries = [waits(f"c-{n}") for n in range(10, 10 + MOST_AT_ONCE * 2)]
    mei = catalogs.load("lotus").staff["jun"]
    was = replace(mei, hours=replace(mei.hours, weekly={}))
    change = SettingChange("staff", "jun", "staff:jun", NOON, whole_json(was), whole_json(mei))
    freed.watch(AggregateChange("lotus", Kind.SETTING, "line-1", None, change, NOON, "1"))
    (opening,) = waitlist.openings("lotus")
    ten = datetime.fromisoformat("2026-03-03T10:00+08:00")
    starts = [ten + timedelta(days=n // 8, hours=n % 8) for n in range(len(entries))]
    done = [by_hand(it, opening.id, "jun", at).status for it, at in zip(entries, starts, strict=True)]
    assert set(done) == {200}
    pass_until(NOON + HOUR)
    assert [offer_of(it) for it in entries] == [None] * len(entries)


# Who they are


def test_a_client_who_is_forgotten_holds_up_nobody() -> None:
    """Staff fill what was held for them: there is nobody to tell, and the next is asked as ever."""
    entry, _ = on_offer(CUT)
    ClientItem("lotus", "c-2").delete()
    she_is_booked_by_hand()
    pass_until(NOW)
    assert offer_of(entry) is None


def merged(stays: str, goes: str) -> Client:
    seen = revision(clients.load("lotus", stays)), revision(clients.load("lotus", goes))
    key = ids.digest("merge")
    return merging.merge("lotus", Pair(stays, goes, seen, lambda _: {}), Change(STAFF, NOON, key=key))[0]


def test_two_that_are_one_have_one_offer_of_a_time() -> None:
    """Each waited under a name of their own; whoever accepts first would race themselves."""
    offered_by(WaitlistRules(mode=OfferMode.FIRST))
    entries = [waits("c-2"), waits("c-3"), waits("c-4")]
    merged("c-3", "c-2")
    called_off()
    pass_until(NOON)
    assert [bool(offer_of(it)) for it in entries] == [True, False, True]


def test_two_that_are_one_wait_no_more_once_they_have_it() -> None:
    """Under whichever name they waited, and whichever it was booked by."""
    entries = [waits("c-2"), waits("c-3")]
    merged("c-3", "c-2")
    visit = lotus.put(replace(an_appointment("a-9", starts=STARTS + timedelta(days=2)), client="c-3", booked_at=NOON))
    streamed(None, visit, NOON)
    assert [waitlist.load("lotus", it.id).state for it in entries] == [EntryState.BOOKED] * 2


def test_whoever_is_dismissed_is_offered_nothing() -> None:
    """Before their waits are ended too; the next is asked."""
    first, second = waits("c-2"), waits("c-3")
    body = {"why": "rude", "letter": False}
    assert ask(clients_api.handler, "POST /v1/desk/clients/c-2/dismissal", body, role="owner").status == 200
    called_off()
    pass_until(NOON)
    assert offer_of(first) is None
    assert offer_of(second)
    dismissing.go_on("lotus", "c-2", now=NOW)
    assert waitlist.load("lotus", first.id).state is EntryState.LEFT


ROOMS = {"no room": (), "the other basin": ("sink",), "either": ("basin", "sink")}


@pytest.mark.parametrize("rooms", ROOMS.values(), ids=ROOMS)
def test_what_several_are_offered_is_in_the_room_that_is_held(rooms: tuple[str, ...]) -> None:
    """Whoever waits for what needs another is not asked to race for it in vain."""

    def with_perm(it: Catalog) -> Catalog:
        perm = replace(it.services["colour"], id="perm", rooms=rooms)
        sink = replace(it.rooms["basin"], id="sink")
        return replace(with_service(it, perm), rooms={**it.rooms, "sink": sink})

    salon(with_perm)
    offered_by(WaitlistRules(mode=OfferMode.FIRST))
    entries = [
        waits(f"c-{n}", wish=wish) for n, wish in enumerate((COLOUR, COLOUR, replace(ANY, services=("perm",))), 2)
    ]
    called_off()
    pass_until(NOON)
    assert [bool(offer_of(it)) for it in entries] == [True, True, False]


def test_an_offer_by_hand_puts_off_nothing_that_was_due_sooner() -> None:
    """Of one freed time with several starts: what was offered before it ends at its own deadline."""
    offered_by(WaitlistRules(mode=OfferMode.ONE))
    slot = replace(an_appointment().slot, staff="jun", ends=STARTS + 2 * HOUR)
    lotus.put(replace(an_appointment("a-5"), client="c-1", slot=slot))
    entries = [waits(f"c-{n}", wish=replace(ANY, staff=("jun",))) for n in range(2, 5)]
    called_off(id="a-5")
    pass_until(NOON)
    (opening,) = waitlist.openings("lotus")
    change = Change(STAFF, NOON + 10 * MINUTE, key=ids.digest("by hand"))
    at_desk.offer_by_hand(catalogs.load("lotus"), entries[2].id, "cut", "jun", STARTS + HOUR, opening.id, change)
    pass_until(NOON + 15 * MINUTE)
    assert [bool(offer_of(it)) for it in entries] == [False, False, True]
    pass_until(NOON + 25 * MINUTE)
    assert [bool(offer_of(it)) for it in entries] == [False, True, False]


# What was blocked


def blocked(starts: datetime, ends: datetime) -> Answer:
    body = {"staff": "jun", "start": starts.isoformat(), "end": ends.isoformat(), "why": "a course"}
    return ask(front_desk.handler, "POST /v1/desk/blocks", body, role="staff")


def changed_to(**to: object) -> Callable[[str], Answer]:
    def act(id: str) -> Answer:
        said = {it: value.isoformat() if isinstance(value, datetime) else value for it, value in to.items()}
        return ask(front_desk.handler, f"PATCH /v1/desk/blocks/{id}", {"revision": 1, **said}, role="staff")

    return act


def taken_out(id: str) -> Answer:
    return ask(front_desk.handler, f"DELETE /v1/desk/blocks/{id}", role="staff", query={"revision": "1"})


UNBLOCKED: dict[str, tuple[Callable[[str], Answer], str | None]] = {
    "taken away": (taken_out, "17:00"),
    "over sooner": (changed_to(end=STARTS + HOUR), "18:00"),
    "begun later": (changed_to(start=STARTS + HOUR), "17:00"),
    "moved to another day": (changed_to(start=STARTS + 24 * HOUR, end=STARTS + 26 * HOUR), "17:00"),
    "given to somebody else": (changed_to(staff="mei", start=STARTS + 48 * HOUR, end=STARTS + 50 * HOUR), "17:00"),
    "shorter than a visit": (changed_to(end=STARTS + 90 * MINUTE), None),
    "longer": (changed_to(end=STARTS + 3 * HOUR), None),
    "of another name": (changed_to(why="a long course"), None),
}


@pytest.mark.parametrize(("act", "offered"), UNBLOCKED.values(), ids=UNBLOCKED)
def test_time_that_is_blocked_no_more_is_offered(
    time: Clock, act: Callable[[str], Answer], offered: str | None
) -> None:
    """As any that comes free."""
    time.now = NOON
    made = blocked(STARTS, STARTS + 2 * HOUR)
    assert made.status == 201
    entry = waits("c-2", wish=replace(ANY, staff=("jun",)))
    assert act(made.body["id"]).status == 200
    pass_until(NOON)
    offer = offer_of(entry)
    assert (offer and f"{offer.starts.astimezone(NOON.tzinfo):%H:%M}") == offered


def test_where_nobody_waits_a_block_is_taken_away_and_nothing_else(time: Clock) -> None:
    time.now = NOON
    made = blocked(STARTS, STARTS + 2 * HOUR)
    assert taken_out(made.body["id"]).status == 200
    assert waitlist.openings("lotus") == []
