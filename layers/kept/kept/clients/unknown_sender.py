"""Somebody who writes without ever having booked."""

from datetime import datetime

from kept.business.catalog import Business
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.contact import normal_email


def stranger(channel: Channel, address: str, business: Business, id: str, *, now: datetime) -> Client:
    """Named by where they write from; who writes first may be answered over the same channel."""
    new = Client(
        business=business.id,
        id=id,
        name=address if channel is not Channel.WECHAT else "WeChat",
        locale=business.locale,
        tz=business.tz,
        wechat=address if channel is Channel.WECHAT else None,
        email=normal_email(address) if "@" in address else None,
        phone=address if address.startswith("+") else None,
        preferred=channel,
    )
    return new.stating(Consent(Purpose.TRANSACTIONAL, channel, now, "their own message", "wrote to us"))
