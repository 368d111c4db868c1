"""How long after a client wrote their channel takes words of our own: after it, only what the provider has approved."""

from datetime import datetime, timedelta

from kept.channels import Channel
from kept.clients.client import Client

WINDOWS = {Channel.WHATSAPP: timedelta(hours=24), Channel.WECHAT: timedelta(hours=48)}
"""By whose rules they are: Meta's and WeChat's. The other channels take any words at any time."""


def free_until(channel: Channel, client: Client) -> datetime | None:
    """When the window that they opened by writing closes, or did; None where they never wrote, or there is none."""
    wrote, window = client.wrote_last(channel), WINDOWS.get(channel)
    return wrote + window if wrote and window else None
