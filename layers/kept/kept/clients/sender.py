"""Where somebody writes from, spelt as we store it: the one place that every way in asks."""

import re

from kept.channels import Channel
from kept.clients.contact import forms, normal_email, normal_phone
from kept.clients.refusals import InvalidEmail, InvalidPhone

USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")
"""WhatsApp's own, of those who hide their number behind a name."""

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
"""E.164, be it of a range that is too new to be known."""


def sender(channel: Channel, address: str, country: str = "") -> str | None:
    """None for a short code and for a name without a number: nobody there can be answered, and no person wrote.

    `country` is the business's where each has its own account; numbers without a country code are read as one of it.
    """
    address = address.strip()
    if channel is Channel.WECHAT or USER_ID.fullmatch(address):
        return address
    return _email(address) if "@" in address else _number(address, country)


def spellings(address: str) -> tuple[str, ...]:
    """All forms under which the same number, address or id may be stored; the first is the same for all of them."""
    return forms(address)


def _number(address: str, country: str) -> str | None:
    for text in (address, f"+{address}"):
        try:
            return normal_phone(text, country)
        except InvalidPhone:
            continue
    return address if NUMBER.fullmatch(address) else None


def _email(address: str) -> str | None:
    try:
        return normal_email(address)
    except InvalidEmail:
        return None
