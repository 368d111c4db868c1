"""Making a business and its owner by a one-time code that the deployment put out.

The order survives a crash between any two writes: first the code is taken with all that was typed, then everything is
made that is not there, then the owner is invited, and last it is noted that all is done. The same form again finishes
it; anything else by the same code is refused. An owner is invited last, so nothing that they changed is made again.
"""

from datetime import datetime
from hashlib import sha256

from kept.business.catalog import Catalog
from kept.business.new_business import OWNER, NewBusiness
from kept.business.refusals import BusinessTaken, CodeExpired, CodeUsed, CodeWrong, EmailInUse, UnknownBusiness
from kept.business.sign_in import Role
from kept.business.validation import check_business, check_service, check_staff
from kept.client_links import signing_keys, start_codes
from kept.storage import beginnings, sign_ins
from kept.storage.beginnings import Beginning
from kept.storage.leases import alone_at
from kept.storage.transaction import Lost
from kept.use_cases.business import settings
from kept.use_cases.starting import guide

AT = "beginning"
NOT_THERE = ""
"""Seen in no revision: what stands there and says something else is not written over."""


def begin(typed: str, wish: NewBusiness, *, now: datetime) -> None:
    """Raises CodeWrong, CodeExpired, CodeUsed, BusinessTaken, EmailInUse, InvalidSetting, InProgress; then nothing was
    changed."""
    code = right(typed, now=now)
    with alone_at(AT, f"#{code}", now=now):
        begun = beginnings.find(code)
        if begun is None:
            begun = _begun(code, wish)
        elif (begun.wish.id, begun.wish.email) != (wish.id, wish.email):
            raise CodeUsed
        if not begun.is_done:
            _make(begun.wish, now)
            beginnings.finish(begun)


def right(typed: str, *, now: datetime) -> str:
    """The code's digest; what was begun in time may be finished later. Raises CodeWrong, CodeExpired."""
    keys, code = signing_keys.current(), typed.strip()
    if not start_codes.is_ours(keys, code, now=now):
        raise CodeWrong
    digest = sha256(code.encode()).hexdigest()
    if start_codes.is_over(keys, code, now=now) and beginnings.find(digest) is None:
        raise CodeExpired
    return digest


def _begun(code: str, wish: NewBusiness) -> Beginning:
    business, owner = wish.business(), wish.staff()
    check_business(business)
    check_staff(owner)
    for service in wish.services():
        check_service(service, Catalog(business, staff={owner.id: owner}))
    if _is_there(wish.id):
        raise BusinessTaken
    if sign_ins.is_in_use(wish.email):
        raise EmailInUse
    begun = Beginning(code, wish)
    try:
        beginnings.begin(begun)
    except Lost as error:
        raise BusinessTaken from error
    return begun


def _make(wish: NewBusiness, now: datetime) -> None:
    """What was made by the time before is as it was, for nobody signs in yet who could have changed it."""
    if sign_ins.id_of(wish.email) in sign_ins.load(wish.id):
        return
    settings.save_business(wish.business(), now=now, seen=NOT_THERE)
    settings.save_staff(wish.id, wish.staff(), now=now, seen=NOT_THERE)
    for service in wish.services():
        settings.save_service(wish.id, service, seen=NOT_THERE)
    guide.begin(wish.id)
    sign_ins.invite(wish.id, wish.email, Role.OWNER, OWNER)


def _is_there(business: str) -> bool:
    try:
        settings.read(business)
    except UnknownBusiness:
        return False
    return True
