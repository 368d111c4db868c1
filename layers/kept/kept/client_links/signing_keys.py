"""The keys that sign links, from Secrets Manager; kept for five minutes, so that a rotated key is taken up."""

from time import monotonic

from kept.client_links.links import LinkKeys
from kept.runtime import aws
from kept.settings import setting

FRESH = 300.0

_read: tuple[float, LinkKeys] | None = None


def current() -> LinkKeys:
    global _read  # one value for one process
    if _read is None or monotonic() - _read[0] > FRESH:
        secret = aws("secretsmanager").get_secret_value(SecretId=setting("LINK_KEYS_SECRET"))["SecretString"]
        _read = (monotonic(), LinkKeys.parse(secret))
    return _read[1]
