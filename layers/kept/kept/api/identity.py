"""Who asks, and for what: the parts of a request that every route reads the same way."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import ids
from kept.actor import Actor, Change
from kept.client_links.refusals import LinkRequired
from kept.client_links.tokens import Managed, read_manage
from kept.errors import InvalidRequest, RoleRequired, SignInRequired
from kept.language_tags import accepted, meant
from kept.timekeeping.local_time import zone_named

SHORTEST_KEY = 8
"""An idempotency key names a booking to whoever knows it and the body; UUIDs are best."""
RANK = {"staff": 1, "manager": 2, "owner": 3}


def change_by(event: APIGatewayProxyEventV2, by: Actor, now: datetime, *, why: str = "") -> Change:
    """With the digests of the Idempotency-Key and of everything it is the key for.

    A request without a key gets one of its own, so that even a write whose answer was lost is known again when retried.
    """
    return Change(by, now, why, key(event) or ids.new("once"), request(event))


def key(event: APIGatewayProxyEventV2) -> str:
    """The digest of the Idempotency-Key that came with it, or "". Raises InvalidRequest."""
    said = event.headers.get("idempotency-key", "")
    if said and not SHORTEST_KEY <= len(said) <= 255:
        reason = f"{SHORTEST_KEY} to 255 characters"
        raise InvalidRequest(fields=[{"field": "Idempotency-Key", "reason": reason}])
    return ids.digest(said) if said else ""


def request(event: APIGatewayProxyEventV2) -> str:
    """The digest of everything that a key is the key for."""
    return ids.digest(f"{event.raw_path}\n{event.body or ''}")


def seen(event: APIGatewayProxyEventV2) -> str | None:
    """The revision that the asker has seen, by If-Match; None where they do not say."""
    said = event.headers.get("if-match", "").strip()
    return said.removeprefix("W/").strip('"') if said else None


def known(event: APIGatewayProxyEventV2) -> set[str]:
    """What the asker has already, by If-None-Match: entity tags in quotes, without the mark of a weak one."""
    said = event.headers.get("if-none-match", "")
    return {tag.strip().removeprefix("W/") for tag in said.split(",")}


def staff(event: APIGatewayProxyEventV2, *, at_least: str = "staff") -> tuple[str, Actor]:
    """The business and the person of the token, which API Gateway has verified. Raises SignInRequired, RoleRequired.

    The business is a claim, never something they can choose.
    """
    claims = _claims(event)
    business, person = claims.get("custom:business"), claims.get("custom:staff") or claims.get("sub")
    if not business or not person:
        raise SignInRequired
    if _rank(event) < RANK[at_least]:
        raise RoleRequired(needed=at_least)
    return business, Actor("staff", person)


def role(event: APIGatewayProxyEventV2) -> str:
    """The highest of the roles that their token gives them; "" for none."""
    return max((group for group in _groups(_claims(event)) if group in RANK), key=RANK.__getitem__, default="")


def address(event: APIGatewayProxyEventV2) -> str:
    """By which they signed in; it is given to them, and not theirs to change."""
    return str(_claims(event).get("email", ""))


def leading(event: APIGatewayProxyEventV2) -> str:
    """The business of whoever asks, who has to lead it. Raises SignInRequired, RoleRequired."""
    business, _ = staff(event, at_least="manager")
    return business


def leads(event: APIGatewayProxyEventV2) -> bool:
    """Whether whoever asks, and may, leads the business."""
    return _rank(event) >= RANK["manager"]


def _rank(event: APIGatewayProxyEventV2) -> int:
    return RANK.get(role(event), 0)


def own_or_leading(event: APIGatewayProxyEventV2, member: str) -> tuple[str, Actor]:
    """As `staff`: what is `member`'s is theirs, and anybody's who leads the business. Raises SignInRequired,
    RoleRequired."""
    business, by = staff(event)
    return (business, by) if by.id == member else staff(event, at_least="manager")


def link(event: APIGatewayProxyEventV2, *, now: datetime) -> Managed:
    """The appointment that the bearer's link is for. Raises LinkRequired, LinkInvalid, LinkExpired."""
    scheme, _, token = event.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise LinkRequired
    return read_manage(token.strip(), now=now)


def language(event: APIGatewayProxyEventV2) -> str:
    """Of ours the one that whoever asks reads best, by Accept-Language; English where they do not say."""
    return meant(*accepted(event.headers.get("accept-language", "")))


def zone(name: str | None, default: str) -> ZoneInfo:
    """Raises UnknownZone."""
    return zone_named(name or default)


def _claims(event: APIGatewayProxyEventV2) -> dict[str, Any]:
    authorizer = event.raw_event.get("requestContext", {}).get("authorizer") or {}
    claims: dict[str, Any] = (authorizer.get("jwt") or {}).get("claims") or {}
    return claims


def _groups(claims: dict[str, Any]) -> list[str]:
    """API Gateway writes a list claim as "[owner staff]"."""
    groups = claims.get("cognito:groups", "")
    return groups if isinstance(groups, list) else str(groups).strip("[]").replace(",", " ").split()
