"""Which provider carries a message, made ready on first use."""

from functools import cache
from typing import Any

from kept import clock
from kept.channels import Channel
from kept.messaging.channels import Carrier
from kept.messaging.channels.call_list import CallList
from kept.messaging.channels.email import Email
from kept.messaging.channels.sms import Sms
from kept.messaging.channels.webhook import Gateway, Webhook
from kept.messaging.channels.wechat import Account, WeChat
from kept.messaging.channels.whatsapp import WhatsApp
from kept.reasons import Code, Reason, because
from kept.runtime import aws
from kept.settings import setting
from kept.use_cases.messaging.call_list import ask_for_call
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.messaging.staff_message import ToStaff
from kept.use_cases.outside.accounts import accounts

WECHAT_TAKES = 3.0
"""Seconds for one request, of which a message may need four: a token, itself, and both again where it had run out."""

NOT_IN_USE = "none"
"""What the template's parameters say of a channel that the deployment has no number for."""


class NoAccount(Exception):
    """The business uses a channel for which the deployment has no number, or holds no account of theirs."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def carrier(about: ToClient | ToStaff) -> Carrier:
    """Each is asked once per claim: what must not be done twice is not repeated below us. Raises NoAccount."""
    business = about.message.business
    match about.message.channel:
        case Channel.EMAIL:
            ses = aws("sesv2", attempts=1)
            return Email(ses, sender=setting("SENDER_EMAIL"), configuration_set=setting("EMAIL_EVENTS"))
        case Channel.SMS:
            origination = _in_use("SMS_ORIGINATION", Channel.SMS)
            return Sms(
                aws("pinpoint-sms-voice-v2", attempts=1),
                origination=origination,
                configuration_set="" if setting("SMS_EVENTS") == NOT_IN_USE else setting("SMS_EVENTS"),
                max_price=setting("SMS_MAX_PRICE"),
            )
        case Channel.WHATSAPP:
            number = _in_use("WHATSAPP_NUMBER", Channel.WHATSAPP)
            return WhatsApp(aws("socialmessaging", attempts=1), phone_number_id=number)
        case Channel.WECHAT:
            return WeChat(_http(WECHAT_TAKES), wechat_account(business))
        case Channel.WEBHOOK:
            return Webhook(_http(), gateway(business), clock=clock.now)
        case Channel.CALL if isinstance(about, ToClient):
            return CallList(open=lambda parcel: ask_for_call(about, parcel.rendered.text, now=clock.now()))
    raise NoAccount(because(Code.STAFF_NOT_CALLED))


def _in_use(name: str, channel: Channel) -> str:
    """What the deployment sends from. Raises NoAccount where it sends nothing over that channel."""
    if (value := setting(name)) == NOT_IN_USE:
        raise NoAccount(because(Code.NO_NUMBER, channel=channel))
    return value


def wechat_account(business: str) -> Account:
    return Account(**_account(business, "wechat"))


def gateway(business: str) -> Gateway:
    return Gateway(**_account(business, "webhook"))


def _account(business: str, channel: str) -> dict[str, str]:
    try:
        found: dict[str, str] = accounts(business)[channel]
    except KeyError as error:
        raise NoAccount(because(Code.NO_ACCOUNT, channel=channel)) from error
    return found


@cache
def _http(total: float | None = None) -> Any:
    """Seconds, also in all for one request. urllib3 comes with botocore."""
    from urllib3 import PoolManager, Timeout

    return PoolManager(timeout=Timeout(total=total, connect=3, read=10), retries=False)
