"""What a business has with providers of its own: a parameter for each business, encrypted, written by the deployer."""

import json
from time import monotonic
from typing import Any

from botocore.exceptions import ClientError

from kept.runtime import aws
from kept.settings import setting

FRESH = 300.0
"""Seconds that the accounts of businesses are trusted, so that a changed secret is taken up."""

_read: dict[str, tuple[float, dict[str, Any]]] = {}


def accounts(business: str) -> dict[str, Any]:
    """By the provider's name, as far as there are any: {"wechat": {"app_id", "app_secret", "token"}, "webhook": {"url",
    "secret"}, "stripe": {"key", "webhook_secret"}}."""
    if business not in _read or monotonic() - _read[business][0] > FRESH:
        _read[business] = (monotonic(), _asked(business))
    return _read[business][1]


def takes_cards(business: str) -> bool:
    """An account with Stripe is entered."""
    return "stripe" in accounts(business)


def forget() -> None:
    """What was read of the accounts; for tests."""
    _read.clear()


def _asked(business: str) -> dict[str, Any]:
    """Nothing is paid for parameters that are not there."""
    try:
        found = aws("ssm").get_parameter(Name=f"{setting('GATEWAYS')}/{business}", WithDecryption=True)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return {}
    account: dict[str, Any] = json.loads(found["Parameter"]["Value"])
    return account
