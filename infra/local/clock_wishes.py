"""How the console is told to set the product's clock: by JSON from tests, by form from its pages."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.local.product_clock import ProductClock
from infra.local.schedules import Schedules

_FARTHEST = timedelta(days=400)


class BadWish(ValueError):
    """Something the clock cannot do; its words go to whoever asked."""


def grant(wish: Mapping[str, Any], clock: ProductClock, schedules: Schedules) -> dict[str, Any]:
    """Do what `{"advance": seconds}` or `{"to": an instant, "next" or "real"}` says, and tell the time it led to.

    With `"fire": false` beside it no schedule fires on the way, nor at the end.
    """
    match wish:
        case {"to": "real"}:
            clock.back_to_real()
            schedules.forget_turns()
            return as_json(clock)
        case {"to": "next"}:
            until = schedules.next_due()
            if until is None:
                raise BadWish("Nothing is due.")
        case {"to": str(text)}:
            until = _instant(text)
        case {"advance": int() | float() as seconds} if 0 <= seconds <= _FARTHEST.total_seconds():
            until = clock.now() + timedelta(seconds=seconds)
        case _:
            raise BadWish('Say {"advance": seconds} or {"to": an instant with its offset, "next" or "real"}.')
    if until > clock.now() + _FARTHEST:
        raise BadWish(f"The clock goes {_FARTHEST.days} days forward at most.")
    arrived = (schedules.advance if wish.get("fire", True) else schedules.sleep)(until)
    return as_json(clock) | arrived


def from_form(form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The wish a page's form stands for; times in it are local to the zone beside them."""
    zone = _zone(form.get("zone", "UTC"))
    match form:
        case {"advance": seconds} if seconds.isdecimal():
            return {"advance": int(seconds)}
        case {"tomorrow": at}:
            tomorrow = now.astimezone(zone).date() + timedelta(days=1)
            return {"to": datetime.combine(tomorrow, time.fromisoformat(at), zone).isoformat()}
        case {"at": at} if at:
            return {"to": datetime.fromisoformat(at).replace(tzinfo=zone).isoformat()}
    return dict(form)


def as_json(clock: ProductClock) -> dict[str, Any]:
    """`ahead` is in seconds."""
    return {"now": clock.now().isoformat(), "ahead": clock.ahead().total_seconds()}


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise BadWish("An instant needs its offset from UTC.")
    return instant.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise BadWish("There is no such time zone.") from error
