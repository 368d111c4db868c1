"""Whoever types a number does not become its owner: with whom a booking is filed, and what a proof makes of it.

A booking goes to whoever holds what was typed, unless it contradicts what they are known by; nothing that was typed
joins anybody. What was proved, by acting from there, is theirs, and what was not gives way to it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.channels import Channel, Purpose
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.filing import Filed, filed, filed_by_staff
from kept.clients.held import ContactKind, Held, How
from kept.clients.holding import KEPT, contact, forgotten_at, held, remembered, used
from kept.clients.proving import Acted, Proved, proved
from tests.reasons import short

ENDS = datetime(2026, 3, 2, 10, tzinfo=UTC)
NOW = ENDS - timedelta(days=2)
P, P2, E, E2, WX = "+8613800138000", "+8613900139000", "li@example.com", "wang@example.com", "oOpenId"
PHONE, EMAIL = ContactKind.PHONE, ContactKind.EMAIL
TYPED, USED, PROVED = How.TYPED, How.USED, How.PROVED


def someone(id: str, phone: str | None = None, email: str | None = None, **how: How) -> Client:
    """Who holds these; `phone_is=TYPED` says how, used where nothing is said."""
    holds = tuple(
        Held(ContactKind(name.removesuffix("_is")), one, ENDS + KEPT if one is TYPED else None)
        for name, one in how.items()
    )
    return Client("lotus", id, "Li Na", "zh-Hans", "Asia/Shanghai", phone, email, held=holds)


def typed(phone: str | None = None, email: str | None = None) -> Client:
    said = [c for c, there in ((Channel.SMS, phone), (Channel.EMAIL, email)) if there]
    given = tuple(Consent(Purpose.TRANSACTIONAL, channel, NOW, "page", "yes") for channel in said)
    return Client("lotus", "new", "li  na", "en", "Europe/Berlin", phone, email, consents=given)


def holders(*clients: Client) -> dict[ContactKind, Client]:
    """Who holds P or E among those that were typed."""
    return {kind: one for one in clients for kind in (PHONE, EMAIL) if contact(one, kind) in (P, E)}


def outcome(found: Filed) -> tuple[str, str | None, str | None, str]:
    """With whom, what they then hold, and what stays with the booking alone."""
    return found.client.id, found.client.phone, found.client.email, " ".join(found.strange)


X_BOTH, X_PHONE, X_EMAIL = someone("x", P, E), someone("x", P), someone("x", None, E)


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        pytest.param(typed(P, E), (), ("new", P, E, ""), id="nobody is known"),
        pytest.param(typed(P), (), ("new", P, None, ""), id="nobody, by a number"),
        pytest.param(typed(P, E), (X_BOTH,), ("x", P, E, ""), id="both are theirs"),
        pytest.param(typed(P), (X_BOTH,), ("x", P, E, ""), id="their number alone"),
        pytest.param(typed(None, E), (X_BOTH,), ("x", P, E, ""), id="their address alone"),
        pytest.param(typed(P, E), (X_PHONE,), ("x", P, None, E), id="an address they have not: it does not join"),
        pytest.param(typed(P, E), (X_EMAIL,), ("x", None, E, P), id="a number they have not: it does not join"),
        pytest.param(typed(P, E), (someone("x", P, E2),), ("new", None, E, P), id="changed address: not them"),
        pytest.param(typed(P, E), (someone("x", P2, E),), ("new", P, None, E), id="changed number: not them"),
        pytest.param(
            typed(P, E), (someone("x", P), someone("y", None, E)), ("x", P, None, E), id="two people's: by the number"
        ),
        pytest.param(
            typed(P, E),
            (someone("x", P, E2), someone("y", None, E)),
            ("y", None, E, P),
            id="the wife with the husband's number and her own address",
        ),
        pytest.param(
            typed(P, E),
            (someone("x", P), someone("y", P2, E)),
            ("x", P, None, E),
            id="an address of one who has another number",
        ),
        pytest.param(
            typed(P, E), (someone("x", P, E2), someone("y", P2, E)), ("new", None, None, f"{P} {E}"), id="both refuse"
        ),
        pytest.param(typed(P), (someone("x", P, E2, phone_is=TYPED),), ("x", P, E2, ""), id="weakly held is held"),
        pytest.param(
            typed(P, E), (someone("x", P, E2, phone_is=TYPED, email_is=TYPED),), ("new", None, E, P), id="first come"
        ),
        pytest.param(
            typed(P, E), (someone("x", P, E2, phone_is=PROVED),), ("new", None, E, P), id="nor by what was proved"
        ),
    ],
)
def test_a_guest_is_filed_with_whom_nothing_typed_contradicts(
    said: Client, known: tuple[Client, ...], expected: tuple[str, str | None, str | None, str]
) -> None:
    """By the number before the address; what they had not stays with the booking, and nobody loses anything by it."""
    found = filed(said, holders(*known), ends=ENDS)
    assert outcome(found) == expected
    assert not found.gave_way
    assert (found.typed.phone, found.typed.email) == (said.phone, said.email)


@pytest.mark.parametrize("known", [X_BOTH, X_PHONE, X_EMAIL, someone("x", P, E, phone_is=PROVED)], ids=str)
def test_a_guests_booking_changes_nobody(known: Client) -> None:
    """Nor writes anything for a client who comes back."""
    found = filed(typed(P, E), holders(known), ends=ENDS)
    assert found.client == known


def test_whoever_typed_the_same_before_and_holds_nothing_of_it_is_the_same_again() -> None:
    """A guest whose number and address are other people's is not a new client at each booking."""
    refused = holders(someone("x", P, E2), someone("y", P2, E))
    before = replace(someone("z"), unheld_until=ENDS)
    found = filed(typed(P, E), refused, alike=(someone("w", P2), before), ends=ENDS)
    assert found.client.id == "z"
    assert found.client.unheld_until
    assert found.client.unheld_until >= ENDS + KEPT


@pytest.mark.parametrize(
    ("said", "known", "expected", "gave_way"),
    [
        pytest.param(typed(P, E), (X_PHONE,), ("x", P, E, ""), "", id="what they lacked joins"),
        pytest.param(typed(P, E), (X_EMAIL,), ("x", P, E, ""), "", id="a number as well"),
        pytest.param(
            typed(P, E),
            (X_PHONE, someone("y", P2, E, email_is=TYPED)),
            ("x", P, E, ""),
            "y",
            id="from who only typed it",
        ),
        pytest.param(typed(P, E), (X_PHONE, someone("y", P2, E)), ("x", P, E, ""), "y", id="from who used it"),
        pytest.param(
            typed(P, E), (X_PHONE, someone("y", P2, E, email_is=PROVED)), ("x", P, None, E), "", id="not what is proved"
        ),
        pytest.param(
            typed(P, E), (someone("x", P, E2),), ("new", None, E, P), "", id="a contradiction is another person"
        ),
        pytest.param(typed(P, E), (), ("new", P, E, ""), "", id="somebody new"),
    ],
)
def test_what_staff_type_is_proved(
    said: Client, known: tuple[Client, ...], expected: tuple[str, str | None, str | None, str], gave_way: str
) -> None:
    """Who only typed or used it gives way to the client at the desk; who proved it keeps it."""
    found = filed_by_staff(said, holders(*known))
    assert outcome(found) == expected
    assert " ".join(one.client.id for one in found.gave_way) == gave_way
    assert all(one.how is PROVED for kind in (PHONE, EMAIL) if (one := held(found.client, kind)))
    for other in found.gave_way:
        assert E not in (other.client.phone, other.client.email)


def test_what_staff_leave_open_is_as_their_client_has_it() -> None:
    """A known client's language and time zone stand where staff said none; what staff said stands as said."""
    known = replace(someone("x", P), wechat=WX)
    open_, said = (filed_by_staff(typed(P), holders(known), open=frozenset(o)) for o in (("locale", "tz"), ()))
    assert (open_.typed.locale, open_.typed.tz, open_.typed.wechat) == ("zh-Hans", "Asia/Shanghai", WX)
    assert (said.typed.locale, said.typed.tz, said.typed.name) == ("en", "Europe/Berlin", "li  na")


def as_booked(
    phone: str | None = None, email: str | None = None, *proved: ContactKind, first: bool = False
) -> BookedAs:
    agreed = tuple(c for c, there in ((Channel.SMS, phone), (Channel.EMAIL, email)) if there)
    return BookedAs(
        "LI NA", "en", phone, email, agreed=agreed, source="page", words="yes", is_first=first, proved=proved
    )


def prove(client: Client, kind: ContactKind, booked: BookedAs, *others: Client) -> Proved:
    return proved(client, Acted(kind, booked, NOW, "apart", "Europe/Berlin"), holders(*others, client))


def stands(found: Proved) -> str:
    """Whose it is, and how they hold what: x phone=proved."""
    ways = ((kind, held(found.client, kind)) for kind in ContactKind)
    return " ".join([found.client.id, *(f"{kind}={one.how}" for kind, one in ways if one)])


@pytest.mark.parametrize(
    ("client", "kind", "booked", "others", "expected", "gave_way"),
    [
        pytest.param(
            someone("x", P, phone_is=TYPED), PHONE, as_booked(P), (), "x phone=proved", "", id="their only contact"
        ),
        pytest.param(X_BOTH, PHONE, as_booked(P, E), (), "x phone=proved email=used", "", id="one of two they use"),
        pytest.param(X_BOTH, PHONE, as_booked(P), (), "x phone=proved email=used", "", id="a regular, by number alone"),
        pytest.param(
            someone("x", P, E, phone_is=TYPED, email_is=TYPED),
            EMAIL,
            as_booked(P, E),
            (),
            "x phone=typed email=proved",
            "",
            id="the other one stays as weak as it was",
        ),
        pytest.param(
            X_PHONE,
            EMAIL,
            as_booked(P, E),
            (),
            "x phone=used",
            "",
            id="the stranger proves the address: it joins nobody",
        ),
        pytest.param(
            X_PHONE,
            PHONE,
            as_booked(P, E),
            (),
            "x phone=proved",
            "",
            id="the owner proves the number: nor does it then",
        ),
        pytest.param(
            X_PHONE, EMAIL, as_booked(P, E, PHONE), (), "x phone=proved email=proved", "", id="both proved: it joins"
        ),
        pytest.param(
            X_PHONE, PHONE, as_booked(P, E, EMAIL), (), "x phone=proved email=proved", "", id="in either order"
        ),
        pytest.param(
            X_PHONE,
            EMAIL,
            as_booked(P, E, PHONE),
            (someone("y", P2, E),),
            "x phone=proved email=proved",
            "y",
            id="who only used it gives way",
        ),
        pytest.param(
            X_PHONE,
            EMAIL,
            as_booked(P, E, PHONE),
            (someone("y", P2, E, email_is=PROVED),),
            "x phone=proved",
            "",
            id="who proved it keeps it",
        ),
        pytest.param(
            someone("o", None, E, email_is=TYPED),
            PHONE,
            as_booked(P, E, first=True),
            (someone("z", P, E2, phone_is=TYPED),),
            "o phone=proved email=typed",
            "z",
            id="the owner of the number, whom a stranger came before",
        ),
        pytest.param(
            someone("o", None, E, email_is=TYPED),
            PHONE,
            as_booked(P, E),
            (someone("z", P, E2, phone_is=TYPED),),
            "o email=typed",
            "",
            id="but not where somebody else made that client",
        ),
        pytest.param(
            someone("z", P, E2, phone_is=TYPED, email_is=PROVED),
            PHONE,
            as_booked(P),
            (),
            "apart phone=proved",
            "z",
            id="filed with the stranger: the owner is a client of their own",
        ),
        pytest.param(
            someone("z", P, E2, phone_is=TYPED, email_is=TYPED),
            PHONE,
            as_booked(P),
            (),
            "apart phone=proved",
            "z",
            id="also where the stranger has proved nothing",
        ),
        pytest.param(
            someone("z", None, E2),
            PHONE,
            as_booked(P),
            (someone("n", P, phone_is=PROVED),),
            "n phone=proved",
            "",
            id="an older booking of the owner's goes to the owner",
        ),
        pytest.param(
            someone("z", None, E2),
            PHONE,
            as_booked(P, E),
            (someone("n", P, phone_is=PROVED),),
            "z email=used",
            "",
            id="but not one with something else in it",
        ),
    ],
)
def test_a_proof_gives_a_contact_to_whoever_acted_from_there(
    client: Client, kind: ContactKind, booked: BookedAs, others: tuple[Client, ...], expected: str, gave_way: str
) -> None:
    """Who only typed or used it gives way, who proved it keeps it; of two typed together one alone joins nobody."""
    found = prove(client, kind, booked, *others)
    assert stands(found) == expected
    assert " ".join(one.client.id for one in found.gave_way) == gave_way
    assert kind in found.booked.proved
    for other in found.gave_way:
        assert booked.contacts[kind] not in (other.client.phone, other.client.email)


def test_what_was_typed_for_one_of_the_family_joins_nobody_else() -> None:
    """Proved or typed by staff, it goes to the booking it was typed for."""
    child = replace(as_booked(P, E, PHONE), name="Wang Xiao")
    assert stands(prove(X_PHONE, EMAIL, child)) == "x phone=proved"
    by_staff = filed_by_staff(replace(typed(P, E), name="Wang Xiao"), holders(X_PHONE))
    assert outcome(by_staff) == ("x", P, None, E)


def test_whoever_proves_what_was_only_typed_is_known_by_their_own_name() -> None:
    """The name and language of whoever typed it first give way to theirs; a regular who used it keeps the name."""
    mine = replace(as_booked(P), name="Wang Wei", locale="de")
    came_before, regular = someone("x", P, phone_is=TYPED), X_PHONE
    found = prove(came_before, PHONE, mine).client
    assert (found.name, found.locale, found.tz) == ("Wang Wei", "de", "Europe/Berlin")
    assert prove(regular, PHONE, mine).client.name == "Li Na"


def test_a_proof_that_tells_nothing_new_leaves_nothing_to_write() -> None:
    """What client and booking have as proved already is no news; what a booking has not yet is."""
    known = prove(X_BOTH, PHONE, as_booked(P, E)).client
    assert not prove(known, PHONE, as_booked(P, E)).is_news
    assert prove(known, PHONE, as_booked(P, E2)).is_news
    assert not prove(known, PHONE, as_booked(P, E2, PHONE)).is_news


def test_with_an_address_comes_what_was_said_from_there() -> None:
    """They said STOP while another held it; and agreed, in typing it, to what they then proved."""
    no = Consent(Purpose.TRANSACTIONAL, Channel.SMS, NOW, "sms reply", "STOP", ConsentWord.WITHDRAWN)
    stranger = replace(someone("z", P, E2, phone_is=TYPED), consents=(no,))
    owner = someone("o", None, E, email_is=TYPED)
    found = prove(owner, PHONE, as_booked(P, E, first=True), stranger)
    assert short(found.client.stopped_because(Channel.SMS)) == "opted_out"
    assert found.client.said(Purpose.TRANSACTIONAL, Channel.EMAIL) is None
    assert found.gave_way[0].client.consents == ()
    assert prove(X_PHONE, PHONE, as_booked(P)).client.agreed(Purpose.TRANSACTIONAL, Channel.SMS)


@pytest.mark.parametrize(
    ("client", "at"),
    [
        pytest.param(someone("x", P, E, phone_is=TYPED, email_is=TYPED), ENDS + KEPT, id="nothing but typed"),
        pytest.param(someone("x", P, E, phone_is=TYPED), None, id="one was used"),
        pytest.param(someone("x", P, E, phone_is=TYPED, email_is=PROVED), None, id="one was proved"),
        pytest.param(someone("x", P), None, id="used"),
        pytest.param(replace(someone("x"), unheld_until=ENDS), ENDS, id="holds nothing"),
        pytest.param(used(someone("x", P, phone_is=TYPED), [P]), None, id="they came"),
        pytest.param(used(someone("x", P, phone_is=TYPED), [P2]), ENDS + KEPT, id="somebody came, by another number"),
        pytest.param(replace(someone("x", P, phone_is=TYPED), wechat=WX), None, id="their WeChat is their own"),
    ],
)
def test_what_nobody_used_or_proved_is_forgotten(client: Client, at: datetime | None) -> None:
    assert forgotten_at(client) == at


def test_a_contact_that_was_only_typed_is_none_of_theirs_after_its_time() -> None:
    """The number is free for whoever it belongs to, and what was used stays the client's."""
    client = someone("x", P, E, phone_is=TYPED)
    assert remembered(client, now=ENDS + KEPT - timedelta(seconds=1)) == client
    assert contact(remembered(client, now=ENDS + KEPT), PHONE) is None
    assert contact(remembered(client, now=ENDS + KEPT), EMAIL) == E
