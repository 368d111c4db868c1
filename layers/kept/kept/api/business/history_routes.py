"""The history of settings as JSON: each save with who and when, and what it changed, to be shown and to be put back."""

import json
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
from kept.business.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.business.own_text import OwnText
from kept.business.setting_change import SettingChange
from kept.storage import catalogs, setting_changes
from kept.storage.codec import from_json

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
Kind = Literal["business", "services", "staff", "rooms", "texts"]
Settings = dict[str, JsonValue]
SHAPES: dict[str, tuple[Kind, type, type[BaseModel]]] = {
    "business": ("business", Business, BusinessSettings),
    "service": ("services", Service, ServiceSettings),
    "staff": ("staff", StaffMember, StaffSettings),
    "room": ("rooms", Resource, RoomSettings),
    "text": ("texts", OwnText, TextSettings),
}
"""By the kind that is stored: where its routes are, what it is, and how it is sent."""
STORED = {kind: stored for stored, (kind, _, _) in SHAPES.items()}
PART = 30
NESTED = frozenset({"quiet_hours", "contact", "attendance", "changes", "strangers", "figures", "text_terms", "hours"})
"""Those whose parts are set one by one."""


class ChangedField(Answer):
    """`at` is its path, as `attendance.grace`; null is nothing."""

    at: str
    was: JsonValue
    now: JsonValue


class SettingChangeAnswer(Answer):
    """`was` and `now` are the whole thing as it is sent; null where it was not there before, or is not any more."""

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
    """Of all settings, or of one thing by its `kind` and `id`."""
    business = identity.leading(router.current_event)
    catalog = catalogs.load(business)
    of = f"{STORED[kind]}/{business if kind == 'business' else id}" if kind else ""
    found = setting_changes.newest(business, of=of, before=before, limit=PART + 1)
    shown = [_answer(key, it, catalog) for key, it in found[:PART]]
    return HistoryAnswer(changes=shown, next=found[PART - 1][0] if len(found) > PART else None)


def _answer(key: str, it: SettingChange, catalog: Catalog) -> SettingChangeAnswer:
    kind, thing, shape = SHAPES[it.kind]
    was, now = (_settings(body, thing, shape) for body in (it.was, it.now))
    return SettingChangeAnswer(
        key=key,
        kind=kind,
        id=it.id,
        name=str((now or was or {}).get("name") or it.id),
        by=it.by,
        by_name=catalog.staff_name(it.by),
        at=it.at.astimezone(catalog.business.zone),
        changed=_differences(was, now) if was and now else [],
        was=was,
        now=now,
    )


def _settings(body: str, thing: type, shape: type[BaseModel]) -> Settings | None:
    """As it is sent by now, whatever was stored then."""
    if not body:
        return None
    told = shape.model_validate(from_json(thing, body), from_attributes=True)
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
