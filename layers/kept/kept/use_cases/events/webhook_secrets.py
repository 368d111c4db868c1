"""The secrets that sign webhooks: drawn from the deployment's signing keys whenever one is needed, and stored nowhere.

So nothing that is read of the tables, a backup of them or a log can sign anything. Costs that an endpoint has to be
given another secret before the signing key that its own is drawn from is removed.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from kept.client_links import signing_keys
from kept.events.receivers import Endpoint, SigningSecret
from kept.messaging.channels.standard_webhooks import SECRET, signed


class KeyRemoved(Exception):
    """The signing key that a secret was drawn from is no more: the endpoint needs another secret."""


def current_key() -> str:
    """The name of the one that new secrets are drawn from."""
    return signing_keys.current().current


def secret(endpoint: Endpoint, which: SigningSecret) -> str:
    """As it is shown once: whsec_ and 32 bytes. Raises KeyRemoved."""
    try:
        key = signing_keys.current().keys[which.key]
    except KeyError as error:
        raise KeyRemoved from error
    drawn = hmac.digest(key, f"webhook\n{endpoint.business}\n{endpoint.id}\n{which.number}".encode(), sha256)
    return SECRET + b64encode(drawn).decode()


def headers(endpoint: Endpoint, body: bytes, *, id: str, now: datetime) -> dict[str, str]:
    """Signed with the secret, and within the overlap with the one before as well. Raises KeyRemoved."""
    each = [signed(body, id=id, secret=secret(endpoint, one), now=now) for one in _usable(endpoint, now)]
    both = " ".join(one["webhook-signature"] for one in each)
    return each[0] | {"webhook-signature": both}


def _usable(endpoint: Endpoint, now: datetime) -> list[SigningSecret]:
    """The former one only as long as there is its key."""
    newest, *former = endpoint.signs_with(now=now)
    return [newest, *(one for one in former if one.key in signing_keys.current().keys)]
