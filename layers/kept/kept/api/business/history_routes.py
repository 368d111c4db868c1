"""The history of settings as JSON: each save with who and when, and what it changed, to be shown and to be put back."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, JsonValue

from kept.api import identity
from kept.api.base import Answer
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.business.text_settings import TextSettings
from kept.api.follow_ups import policy_settings
from kept.business.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.business.own_text import OwnText
from kept.business.setting_change import FOLLOW_UP_POLICY, LOGO, SIGN_IN, SettingChange
from kept.business.sign_in import Role, SignIn
from kept.storage import catalogs, follow_up_policies, logos, setting_changes
from kept.storage.codec import from_json

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
Kind = Literal["business", "services", "staff", "rooms", "texts", "follow_up_policy", "logo", "sign_ins"]
STORED: dict[Kind, str] = {
    "business": "business",
    "services": "service",
    "staff": "staff",
    "rooms": "room",
    "texts": "text",
    "follow_up_policy": FOLLOW_UP_POLICY,
    "logo": LOGO,
    "sign_ins": SIGN_IN,
}
"""As it is stored, by where its routes are."""
KINDS = {stored: kind for kind, stored in STORED.items()}
Settings = dict[str, JsonValue]
PART = 30
NESTED = frozenset(
    {"quiet_hours", "contact", "attendance", "changes", "standing", "requests", "strangers", "figures", "money"}
    | {"text_terms", "hours", "ladder"}
)
"""Those whose parts are set one by one."""


class ChangedField(Answer):
    """`at` is its path, as `attendance.grace`; null is nothing."""

    at: str
    was: JsonValue
    now: JsonValue


class SettingChangeAnswer(Answer):
    """`was` and `now` are the whole thing as it is sent; null where it was not there before, or is not any more.

    What `was` may be sent to put it back where it is `kept`; who signs in is changed by owners alone, and never back.
    """

    key: str
    kind: Kind
    id: str
    name: str
    by: str
    by_name: str
    at: datetime
    changed: list[ChangedField]
    was: Settings | None
    now: Settings | None
    kept: bool


class LogoThen(BaseModel):
    """Which picture."""

    name: str


class SignInThen(BaseModel):
    """Who signed in, as what, and whether they were let in."""

    email: str
    role: Role
    staff: str
    is_active: bool


class HistoryAnswer(Answer):
    """The newest first; `next` is the `before` of those before them."""

    changes: list[SettingChangeAnswer]
    next: str | None


@router.get("/v1/desk/settings-history")
def history(
    kind: Annotated[Kind | None, Query()] = None,
    id: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(max_length=80)] = "",
) -> HistoryAnswer:
    """Of all settings, of one `kind` of them, or of one thing by its `kind` and `id`."""
    business = identity.leading(router.current_event)
    catalog = catalogs.load(business)
    stored = STORED[kind] if kind else ""
    of = "" if kind == "business" else id
    found = setting_changes.newest(business, kind=stored, id=of, before=before, limit=PART + 1)
    pictures = logos.had(business) if any(it.kind == LOGO for _, it in found) else []
    shown = [_answer(key, it, catalog, pictures) for key, it in found[:PART]]
    return HistoryAnswer(changes=shown, next=found[PART - 1][0] if len(found) > PART else None)


def _answer(key: str, it: SettingChange, catalog: Catalog, pictures: list[str]) -> SettingChangeAnswer:
    read, business = READ[it.kind], catalog.business.id
    was, now = (_as_sent(read(business, body)) if body else None for body in (it.was, it.now))
    named = now or was or {}
    return SettingChangeAnswer(
        key=key,
        kind=KINDS[it.kind],
        id=it.id,
        name=str(named.get("name") or named.get("email") or it.id),
        by=it.by,
        by_name=catalog.staff_name(it.by),
        at=it.at.astimezone(catalog.business.zone),
        changed=_differences(was, now) if was and now else [],
        was=was,
        now=now,
        kept=_is_kept(it, pictures),
    )


def _is_kept(it: SettingChange, pictures: list[str]) -> bool:
    if it.kind == LOGO:
        return not it.was or it.was in pictures
    return bool(it.was) and it.kind != SIGN_IN


def _of_catalog(thing: type, shape: type[BaseModel]) -> Callable[[str, str], BaseModel]:
    return lambda _, body: shape.model_validate(from_json(thing, body), from_attributes=True)


def _policy(business: str, number: str) -> BaseModel:
    """A version is written once and stands for good."""
    return policy_settings.to_response(follow_up_policies.load(business, [int(number)])[int(number)])


READ: dict[str, Callable[[str, str], BaseModel]] = {
    "business": _of_catalog(Business, BusinessSettings),
    "service": _of_catalog(Service, ServiceSettings),
    "staff": _of_catalog(StaffMember, StaffSettings),
    "room": _of_catalog(Resource, RoomSettings),
    "text": _of_catalog(OwnText, TextSettings),
    FOLLOW_UP_POLICY: _policy,
    LOGO: lambda _, name: LogoThen(name=name),
    SIGN_IN: _of_catalog(SignIn, SignInThen),
}
"""By the kind that is stored: what its line says, in the shape in which it is sent by now."""


def _as_sent(told: BaseModel) -> Settings:
    settings: Settings = json.loads(told.model_dump_json(exclude={"revision"}))
    return settings


def _differences(was: Settings, now: Settings) -> list[ChangedField]:
    """By the paths of their fields; a part of parts, such as the hours of a person, is told by its parts."""
    found: list[ChangedField] = []
    for name in now:
        before, after = was.get(name), now[name]
        if name in NESTED and isinstance(before, dict) and isinstance(after, dict):
            inner = (ChangedField(at=f"{name}.{it}", was=before.get(it), now=after[it]) for it in after)
            found += [it for it in inner if it.was != it.now]
        elif before != after:
            found.append(ChangedField(at=name, was=before, now=after))
    return found
