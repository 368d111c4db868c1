"""An address as it may be shown to whoever holds a forwarded link: its owner knows it again, nobody else learns it."""

from kept.channels import Channel
from kept.clients.client import Client

DOT = "•"
SHOWN_AT_THE_END = 4
"""Digits; so many of the national number are left out at least."""


def masked(client: Client, channel: Channel) -> str:
    """l…@example.com, +86 138 •••• 5678; nothing for an OpenID, which says nothing to its owner either."""
    address = client.address(channel)
    if address is None or channel is Channel.WECHAT:
        return ""
    return _email(address) if "@" in address else _phone(address)


def _email(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _phone(number: str) -> str:
    """The country code and the first group stand, unless that would leave too little unseen."""
    import phonenumbers

    written = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    country, _, national = written.partition(" ")
    digits = [at for at, letter in enumerate(national) if letter.isdigit()]
    hidden = digits[:-SHOWN_AT_THE_END] or digits
    first = [at for at in hidden if at < len(national.replace("-", " ").partition(" ")[0])]
    seen = set(first) if len(hidden) - len(first) >= SHOWN_AT_THE_END - 1 else set()
    return f"{country} " + "".join(DOT if at in hidden and at not in seen else it for at, it in enumerate(national))
