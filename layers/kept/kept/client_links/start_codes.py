"""The codes by which new businesses are begun: signed with the deployment's own key, each for one business and a week.

Who may read that key may put out as many as they like. Nothing is stored of one until it is used.
"""

from datetime import datetime, timedelta

from kept import ids
from kept.client_links.links import LinkKeys, LinkPurpose, read, sign
from kept.client_links.refusals import LinkExpired, LinkInvalid

LASTS = timedelta(days=7)
DEPLOYMENT = "deployment"
"""Stands where a link names its business: there is none yet."""


def put_out(keys: LinkKeys, *, now: datetime) -> str:
    return sign(keys, LinkPurpose.START, business=DEPLOYMENT, subject=ids.new("start"), expires=now + LASTS)


def is_ours(keys: LinkKeys, typed: str, *, now: datetime) -> bool:
    """Of one that is over as well; compared in the same time whatever was typed."""
    try:
        read(keys, typed, purpose=LinkPurpose.START, now=now)
    except LinkExpired:
        return True
    except LinkInvalid:
        return False
    return True


def is_over(keys: LinkKeys, typed: str, *, now: datetime) -> bool:
    try:
        read(keys, typed, purpose=LinkPurpose.START, now=now)
    except LinkExpired:
        return True
    return False
