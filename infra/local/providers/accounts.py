"""What a business has with its own providers, WeChat, a gateway and Stripe; the product finds it in a parameter.

The accounts of the demo businesses follow from their names, so that there is nothing to remember.
"""

import base64
import hashlib
import json
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from infra.local.place import Place
from infra.local.stack import client

WECHAT, GATEWAY, STRIPE = (f"/console/providers/{name}" for name in ("wechat", "gateway", "stripe"))
WITHOUT_STRIPE = frozenset({"lanting"})
"""Stripe takes no business of mainland China."""
_A_MOMENT = 2.0
"""Seconds an answer is good for: one message asks several times."""


class Accounts:
    """All of one instance, by business."""

    def __init__(self, place: Place) -> None:
        self._place, self._parameters = place, client(place, "ssm")
        self._read: dict[str, Any] | None = None
        self._good_until = 0.0

    def all(self) -> dict[str, Any]:
        """As the parameters held them a moment ago; nothing where the deployed template knows of none."""
        if time.monotonic() >= self._good_until:
            self._read, self._good_until = self._asked(), time.monotonic() + _A_MOMENT
        return self._read or {}

    def open(self, businesses: Iterable[str]) -> None:
        """Enter accounts as a deployer would. Doing it again changes nothing."""
        known = self._asked()
        for business in businesses if self._folder else ():
            if known.get(business) != (wanted := made(business, self._place.url)):
                self._parameters.put_parameter(
                    Name=f"{self._folder}/{business}", Type="SecureString", Value=json.dumps(wanted), Overwrite=True
                )

    def _asked(self) -> dict[str, Any]:
        if not self._folder:
            return {}
        pages = self._parameters.get_paginator("get_parameters_by_path")
        found = (one for page in pages.paginate(Path=self._folder, WithDecryption=True) for one in page["Parameters"])
        return {one["Name"].rpartition("/")[2]: json.loads(one["Value"]) for one in found}

    @cached_property
    def _folder(self) -> str:
        """Where the product looks for them; "" where the deployed template knows of none."""
        settings = client(self._place, "lambda").list_functions()["Functions"][0]["Environment"]["Variables"]
        return str(settings.get("GATEWAYS", ""))


def made(business: str, url: str) -> dict[str, Any]:
    def drawn(what: str) -> bytes:
        return hashlib.sha256(f"{what} of {business}".encode()).digest()

    stripe = {
        "key": f"rk_test_{drawn('stripe key').hex()[:32]}",
        "webhook_secret": f"whsec_{drawn('stripe webhooks').hex()[:32]}",
        "base_url": f"{url}{STRIPE}",
    }
    return ({} if business in WITHOUT_STRIPE else {"stripe": stripe}) | {
        "wechat": {
            "app_id": f"wx{drawn('app id').hex()[:16]}",
            "app_secret": drawn("app secret").hex()[:32],
            "token": drawn("token").hex()[:32],
            "base_url": f"{url}{WECHAT}",
        },
        "webhook": {
            "url": f"{url}{GATEWAY}/{business}",
            "secret": f"whsec_{base64.b64encode(drawn('gateway secret')).decode()}",
        },
    }
