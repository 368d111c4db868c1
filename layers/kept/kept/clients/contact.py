"""Telephone numbers and e-mail addresses as they are stored, found again and written to: one spelling each."""

import re
import unicodedata
from enum import StrEnum

from kept.channels import Channel
from kept.clients.refusals import AmbiguousPhone, InvalidEmail, InvalidPhone, PremiumPhone, UnwritableEmail
from kept.clients.renumbered import forms, of_today
from kept.clients.typed_number import tidied

__all__ = ["NumberKind", "forms", "kind", "normal_email", "normal_phone", "reaches", "wire_form"]

NOWHERE = "ZZ"
"""The country of a number that came in: every one is read with its country code, with a + or without."""

ABROAD = re.compile(r"^\+?(?:00|011)\s*(?=[1-9])")
"""How other countries than the one at hand dial out; a + before it is one too many."""

OF_A_TRUNK = re.compile(r"\(0\)")


class NumberKind(StrEnum):
    """What a number is of, by its numbering plan."""

    MOBILE = "mobile"
    EITHER = "fixed_line_or_mobile"
    LANDLINE = "landline"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    TOLL_FREE = "toll_free"
    SATELLITE = "satellite"
    PAGER = "pager"
    VOIP = "voip"
    PERSONAL = "personal"
    COMPANY = "company"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"


KINDS = (
    NumberKind.LANDLINE, NumberKind.MOBILE, NumberKind.EITHER, NumberKind.TOLL_FREE, NumberKind.PREMIUM,
    NumberKind.SHARED_COST, NumberKind.VOIP, NumberKind.PERSONAL, NumberKind.PAGER, NumberKind.COMPANY,
    NumberKind.VOICEMAIL,
)  # fmt: skip
"""In the order of libphonenumber's types, from 0."""

SATELLITES = ("870", "881", "882", "883")
"""Country codes of no country: Inmarsat, Iridium, Thuraya and others, which cost dollars a text."""

REACHED = {
    Channel.SMS: frozenset({NumberKind.MOBILE, NumberKind.EITHER}),
    Channel.WHATSAPP: frozenset({NumberKind.MOBILE, NumberKind.EITHER, NumberKind.LANDLINE, NumberKind.VOIP}),
}
"""What is promised over a channel; WhatsApp also takes up a number by a call. Others take any that is not refused."""


def normal_phone(text: str, country: str) -> str:
    """E.164 of today; without a country code one of that country (US or US-NY), with none given it has one in front.

    Raises InvalidPhone: PremiumPhone for what costs whoever calls it, AmbiguousPhone where it may be read as one from
    abroad just as well: 8613912345678 is a landline in Germany, and a mobile in China.
    """
    plain, region = tidied(text), country.partition("-")[0].upper() or NOWHERE
    if plain is None:
        raise InvalidPhone
    here, abroad = _read(plain, region), _unmarked(plain)
    if abroad and (_is_doubtful(here, abroad) if here else _could_be_of(region, plain)):
        raise AmbiguousPhone
    number = here or abroad
    if number is None:
        raise InvalidPhone
    if kind(number) is NumberKind.PREMIUM:
        raise PremiumPhone
    return number


def kind(number: str) -> NumberKind:
    """Of an E.164 number; a landline that has a mobile's form besides (Argentina) may be either."""
    if number.startswith(tuple(f"+{code}" for code in SATELLITES)):
        return NumberKind.SATELLITE
    found = _kind(number)
    if found is NumberKind.LANDLINE and any(_kind(form) is NumberKind.MOBILE for form in forms(number)):
        return NumberKind.EITHER
    return found


def reaches(channel: Channel, number: str) -> bool:
    """Whether the channel is promised to this number at all."""
    return channel not in REACHED or kind(number) in REACHED[channel]


def _read(plain: str, region: str) -> str | None:
    """As written; without a (0) behind the country code; or, dialled out as other countries do, with a +."""
    readings = (plain, OF_A_TRUNK.sub("", plain), ABROAD.sub("+", plain))
    return next((number for reading in readings if (number := _valid(reading, region))), None)


def _unmarked(plain: str) -> str | None:
    """With a + that was left out; a nought in front is never of a country code."""
    return None if plain.startswith(("+", "(+")) else _valid(f"+{plain.lstrip('(')}", NOWHERE)


def _is_doubtful(here: str, abroad: str) -> bool:
    """A mobile of the country is what it looks like; a landline, written without its nought, may be one from abroad."""
    mobile = (NumberKind.MOBILE, NumberKind.EITHER)
    return here != abroad and kind(here) not in mobile and kind(abroad) in mobile


def _could_be_of(region: str, plain: str) -> bool:
    """By its length: one digit that is wrong may have made it one from abroad."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(plain, region))
    except phonenumbers.NumberParseException:
        return False


def _valid(text: str, region: str) -> str | None:
    import phonenumbers

    try:
        written = phonenumbers.format_number(phonenumbers.parse(text, region), phonenumbers.PhoneNumberFormat.E164)
        number = of_today(written)
        return number if phonenumbers.is_valid_number(phonenumbers.parse(number)) else None
    except phonenumbers.NumberParseException:
        return None


def _kind(number: str) -> NumberKind:
    import phonenumbers

    try:
        found = int(phonenumbers.number_type(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return NumberKind.UNKNOWN
    return KINDS[found] if found < len(KINDS) else NumberKind.UNKNOWN


WRITABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
"""Before the @ (RFC 5321, 4.1.2 and 4.5.3.1.1). Of =? some programs would make an encoded word."""

UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF))
"""Not the joiners, which belong to some domains."""

NAMED = re.compile(r"[^@<>]*<\s*([^<>]*?)\s*>")
"""As mail programs copy it: Ann <ann@river.example>; the address counts."""


def normal_email(text: str) -> str:
    """Small letters, an internationalised domain by the IDNA of today, decoded; no look-up is made.

    Raises InvalidEmail, and UnwritableEmail for a name before the @ that SES cannot write to.
    """
    import idna
    from email_validator import EmailNotValidError, validate_email

    name, _, domain = _bare(text).rpartition("@")
    try:
        wired = idna.encode(domain, uts46=True).decode()
        shown = idna.decode(wired)
        validate_email(f"{name}@{wired}", check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError):
        raise InvalidEmail from None
    if not WRITABLE.fullmatch(name) or "=?" in name:
        raise UnwritableEmail
    return f"{name.lower()}@{shown}"


def _bare(text: str) -> str:
    """Without what comes along when it is copied: a scheme, a name, what cannot be seen; full-width letters plain."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").translate(UNSEEN).strip()
    plain = re.sub("^mailto:", "", plain, flags=re.IGNORECASE)
    named = NAMED.fullmatch(plain)
    return named[1] if named else plain


def wire_form(address: str) -> str:
    """What is sent to for an address as it is stored: the domain in ASCII.

    Raises UnwritableEmail, also for one that was stored before such were refused.
    """
    import idna

    name, _, domain = address.rpartition("@")
    if not WRITABLE.fullmatch(name) or "=?" in name:
        raise UnwritableEmail
    try:
        return f"{name}@{idna.encode(domain).decode()}"
    except UnicodeError as error:
        raise UnwritableEmail from error
