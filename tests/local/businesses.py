"""The businesses of these tests, opened by their owners through the settings API, where no clock is ever changed."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infra.local import seed, sign_in
from infra.local.place import STACK_NAME
from tests.local.api_client import Api
from tests.local.stack import Stack

ZONE = ZoneInfo("Asia/Singapore")
EVERY_DAY = {day: ["09:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}

ANYBODY = dict.fromkeys(("network_hour", "network_day", "contact_day", "contact_open", "contact_messages"), 1000)
"""All who book in these tests ask from one network."""


def a_studio(name: str, strangers: Mapping[str, int] = ANYBODY) -> dict[str, Any]:
    """Mei cuts hair for an hour; Tan leads her, and Ong owns it. Each has an address there: mei@orchid.example."""

    def a_person(person: str, role: str = "staff") -> dict[str, Any]:
        email = f"{person}@{name}.example".lower()
        return {"name": person, "email": email, "role": role, "hours": {"weekly": EVERY_DAY}}

    return {
        "business": {
            "name": name,
            "tz": ZONE.key,
            "country": "SG",
            "currency": "SGD",
            "locale": "en",
            "email": f"desk@{name}.example".lower(),
            "closes_on_holidays": False,
            "strangers": dict(strangers),
            "attendance": {"checks_in": True},
        },
        "staff": {"mei": a_person("Mei"), "tan": a_person("Tan", "manager"), "ong": a_person("Ong", "owner")},
        "services": {"cut": {"name": "Cut", "duration": 60, "staff": ["mei"]}},
    }


def opened(stack: Stack, business: str, told: Mapping[str, Any]) -> Api:
    """Its front desk, as the owner sees it."""
    owner = seed.StaffLogin(business, "ong", f"ong@{business}.example", "owner")
    sign_in.make(stack.place, owner)
    desk = Api(stack.base_url, sign_in.token_of(stack.place, owner.email))
    for path, settings in _settings(told):
        saved = desk.ask("PUT", f"/v1/desk/{path}", settings)
        assert saved.status == 200, saved.body
    return desk


def _settings(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    parts = [(f"{kind}/{id}", it) for kind in ("staff", "rooms", "services") for id, it in told.get(kind, {}).items()]
    policy = [("follow-up-policy", told["policy"])] if "policy" in told else []
    return [("business", told["business"]), *parts, *policy]


def on(day: datetime, clock: str, *, days: int = 0) -> datetime:
    """That local time, so many days after."""
    return datetime.combine(day.date() + timedelta(days=days), time.fromisoformat(clock), ZONE)


def next_monday(stack: Stack) -> datetime:
    """9:00 local time on the next Monday, which it then is, with nothing due for anybody."""
    now = stack.console.now().astimezone(ZONE)
    monday = on(now, "09:00", days=7 - now.weekday())
    _forget_what_is_due(stack)
    stack.console.sleep_to(monday)
    return monday


def _forget_what_is_due(stack: Stack) -> None:
    """Of the demo and of other tests: time passes faster where it brings nothing."""
    dynamodb = stack.client("dynamodb")
    for due in stack.console.due():
        dynamodb.update_item(
            TableName=f"{STACK_NAME}-{due['table']}",
            Key={"business": {"S": due["business"]}, "id": {"S": due["id"]}},
            UpdateExpression="REMOVE due_lane, due_at",
        )
