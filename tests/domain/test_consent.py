"""Over what a client may be written to: what they said, what reaches them, and what they prefer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.channels import Channel, Purpose
from kept.clients.client import REMEMBERED, Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.guest import Details, agreeable, guest
from kept.clients.refusals import ConsentRequired, InvalidEmail, InvalidPhone, NoContact
from kept.reasons import Code, because
from tests.builders import a_catalog
from tests.reasons import short

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
LOTUS = a_catalog().business
BOOKING, INVITING = Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL
PHONE, EMAIL = "+8613800138000", "li@example.com"
ALL = tuple(Channel)


def said(
    channel: Channel, what: ConsentWord = ConsentWord.GIVEN, purpose: Purpose = BOOKING, *, at: datetime = NOON
) -> Consent:
    return Consent(purpose, channel, at, "booking page", "yes", what)


def someone(*consents: Consent, phone: str | None = PHONE, email: str | None = EMAIL) -> Client:
    return Client("lotus", "c-1", "Li Na", "zh-Hans", "Asia/Shanghai", phone, email, consents=consents)


@pytest.mark.parametrize(
    ("consents", "agreed"),
    [
        pytest.param([], False, id="nothing was said"),
        pytest.param([said(Channel.SMS)], True, id="given"),
        pytest.param([said(Channel.SMS, ConsentWord.ASKED_FOR)], False, id="asked for, and not confirmed"),
        pytest.param([said(Channel.SMS, ConsentWord.ASKED_FOR), said(Channel.SMS)], True, id="asked for and confirmed"),
        pytest.param([said(Channel.SMS), said(Channel.SMS, ConsentWord.WITHDRAWN)], False, id="withdrawn"),
        pytest.param([said(Channel.SMS, ConsentWord.WITHDRAWN), said(Channel.SMS)], True, id="given again"),
        pytest.param([said(Channel.EMAIL)], False, id="another channel"),
        pytest.param([said(Channel.SMS, purpose=INVITING)], False, id="another purpose"),
        pytest.param(
            [said(Channel.SMS), said(Channel.SMS, ConsentWord.WITHDRAWN, INVITING)], True, id="only invitations"
        ),
    ],
)
def test_the_last_word_on_a_purpose_over_a_channel_counts(consents: list[Consent], agreed: bool) -> None:
    """Who withdrew is not written to, who gave it again is; to ask for it is not yet a yes."""
    assert someone(*consents).agreed(BOOKING, Channel.SMS) is agreed


@pytest.mark.parametrize(
    ("consents", "purpose", "may"),
    [
        pytest.param([said(Channel.EMAIL)], BOOKING, True, id="who may be written to about it"),
        pytest.param([], BOOKING, False, id="who may not"),
        pytest.param(
            [said(Channel.EMAIL), said(Channel.EMAIL, ConsentWord.WITHDRAWN)], BOOKING, False, id="nor any more"
        ),
        pytest.param([said(Channel.EMAIL, purpose=INVITING)], INVITING, False, id="but not to invite them"),
        pytest.param([said(Channel.CALL, purpose=INVITING)], INVITING, True, id="unless they agreed to calls"),
    ],
)
def test_whoever_may_be_written_to_about_a_booking_may_be_called_about_it(
    consents: list[Consent], purpose: Purpose, may: bool
) -> None:
    """To be invited by a call they have to agree to calls."""
    assert someone(*consents).agreed(purpose, Channel.CALL) is may


def test_every_statement_stays_and_none_is_repeated() -> None:
    """With its words, its time and where it was made."""
    client = someone(said(Channel.SMS))
    withdrawn = client.stating(said(Channel.SMS, ConsentWord.WITHDRAWN, at=LATER))
    assert withdrawn.consents == (said(Channel.SMS), said(Channel.SMS, ConsentWord.WITHDRAWN, at=LATER))
    assert client.stating(said(Channel.SMS, at=LATER)) is client


BOTH = (said(Channel.SMS), said(Channel.EMAIL), said(Channel.WHATSAPP))


@pytest.mark.parametrize(
    ("client", "channels"),
    [
        pytest.param(someone(*BOTH), "email sms whatsapp call", id="in the business's order"),
        pytest.param(
            replace(someone(*BOTH), preferred=Channel.SMS), "sms email whatsapp call", id="the preferred first"
        ),
        pytest.param(
            replace(someone(*BOTH), preferred=Channel.WECHAT),
            "email sms whatsapp call",
            id="the preferred cannot be used",
        ),
        pytest.param(someone(*BOTH, phone=None), "email", id="no number"),
        pytest.param(someone(*BOTH, email=None), "sms whatsapp call", id="no address"),
        pytest.param(
            someone(*BOTH).stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=NOON),
            "email whatsapp call",
            id="one is stopped",
        ),
        pytest.param(someone(said(Channel.EMAIL)), "email call", id="the others not agreed to"),
        pytest.param(someone(), "", id="nothing agreed to"),
    ],
)
def test_the_channels_that_are_open_in_the_order_they_are_tried(client: Client, channels: str) -> None:
    """Never one that is stopped, not agreed to, or without an address."""
    assert " ".join(client.channels(BOOKING, ALL)) == channels


def test_only_what_the_business_uses_is_tried() -> None:
    assert someone(*BOTH).channels(BOOKING, (Channel.WHATSAPP,)) == (Channel.WHATSAPP,)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.EMAIL, EMAIL),
        (Channel.SMS, PHONE),
        (Channel.WHATSAPP, PHONE),
        (Channel.CALL, PHONE),
        (Channel.WEBHOOK, PHONE),
        (Channel.WECHAT, None),
    ],
    ids=str,
)
def test_each_channel_has_its_address(channel: Channel, address: str | None) -> None:
    """The gateway gets the number or, without one, the e-mail address."""
    assert someone().address(channel) == address
    assert someone(phone=None).address(Channel.WEBHOOK) == EMAIL


def test_an_address_that_was_stopped_stays_so_until_they_ask_or_have_another() -> None:
    """On that channel alone, and the first reason stays."""
    stopped = someone().stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=NOON)
    assert short(stopped.stopped_because(Channel.SMS)) == "opted_out"
    assert stopped.stopped_because(Channel.WHATSAPP) is None
    assert stopped.stopping(Channel.SMS, why=because(Code.NO_SUCH_ADDRESS), at=LATER) is stopped
    assert replace(stopped, phone="+8613900139000").stopped_because(Channel.SMS) is None
    assert stopped.starting(Channel.SMS).stopped_because(Channel.SMS) is None
    assert stopped.starting(Channel.EMAIL) is stopped
    assert someone(phone=None).stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=NOON) == someone(phone=None)


def test_the_last_time_they_wrote_is_remembered_for_each_channel() -> None:
    """What is heard of late does not make it earlier."""
    client = someone().writing(Channel.WHATSAPP, at=LATER).writing(Channel.SMS, at=NOON)
    again = client.writing(Channel.WHATSAPP, at=NOON)
    assert (again.wrote_last(Channel.WHATSAPP), len(again.wrote)) == (LATER, 2)
    assert (client.wrote_last(Channel.SMS), client.wrote_last(Channel.WECHAT)) == (NOON, None)


def test_invitations_are_remembered_as_long_as_a_cap_needs_them() -> None:
    client = someone().invited(at=NOON).invited(at=NOON + REMEMBERED - timedelta(seconds=1))
    assert len(client.invited_at) == 2
    assert client.invited(at=NOON + REMEMBERED).invited_at == (*client.invited_at[1:], NOON + REMEMBERED)
    assert max(days for _, days in LOTUS.contact.caps) <= REMEMBERED.days


def a_guest(*, agrees_to: tuple[Channel, ...] = (Channel.SMS,), **typed: str) -> Client:
    details = Details(**({"name": "Li Na", "phone": "138 0013 8000"} | typed), agrees_to=agrees_to)
    return guest(details, LOTUS, "c-9", source="booking page", words="Tell me about it.", now=NOON)


def test_a_guest_agrees_to_be_told_about_the_booking_and_to_nothing_else() -> None:
    """It is kept where they agreed, and to which words."""
    client = a_guest(agrees_to=(Channel.SMS, Channel.EMAIL), email="Li@Example.com")
    words = ("booking page", "Tell me about it.")
    assert client.consents == tuple(Consent(BOOKING, c, NOON, *words) for c in (Channel.SMS, Channel.EMAIL))
    assert (client.phone, client.email, client.preferred) == (PHONE, EMAIL, Channel.SMS)
    assert (client.locale, client.tz) == (LOTUS.locale, LOTUS.tz)
    assert not any(client.agreed(INVITING, channel) for channel in Channel)


@pytest.mark.parametrize(
    ("typed", "agrees_to", "refusal"),
    [
        pytest.param({"phone": ""}, (Channel.SMS,), NoContact, id="no contact"),
        pytest.param({"phone": "12"}, (Channel.SMS,), InvalidPhone, id="no number"),
        pytest.param({"email": "li@"}, (Channel.SMS,), InvalidEmail, id="no address"),
        pytest.param({}, (), ConsentRequired, id="nothing agreed to"),
        pytest.param({}, (Channel.EMAIL,), ConsentRequired, id="a channel without an address alone"),
    ],
)
def test_who_cannot_be_told_about_it_cannot_book(
    typed: dict[str, str], agrees_to: tuple[Channel, ...], refusal: type[Exception]
) -> None:
    """One channel that they agreed to must have an address."""
    with pytest.raises(refusal):
        a_guest(agrees_to=agrees_to, **typed)


def test_anybody_can_agree_to_the_channels_in_use_that_they_can_type_an_address_for() -> None:
    used = replace(LOTUS, channels=(Channel.WECHAT, Channel.WHATSAPP, Channel.EMAIL, Channel.CALL))
    assert agreeable(used) == (Channel.WHATSAPP, Channel.EMAIL)


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        pytest.param(someone(), True, id="of which they said nothing"),
        pytest.param(someone(said(Channel.SMS, ConsentWord.WITHDRAWN)), False, id="which they withdrew"),
        pytest.param(someone(said(Channel.SMS, ConsentWord.ASKED_FOR)), False, id="which they have not confirmed"),
        pytest.param(someone(phone="+8613900139000"), False, id="for a number that is not theirs"),
    ],
)
def test_a_booking_in_somebodys_name_adds_only_consent_for_their_own_contacts(known: Client, taken: bool) -> None:
    """Nor does it undo what they withdrew themselves."""
    after = known.agreeing(a_guest())
    assert after.agreed(BOOKING, Channel.SMS) is taken
    assert replace(after, consents=()) == replace(known, consents=())
