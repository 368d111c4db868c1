"""What every setting is where nobody has set it: the product's defaults, some of them by the country of the business.

What has to be said by the business itself, such as its name, has none.
"""

from pydantic import BaseModel, JsonValue

from kept.api.base import Answer
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.business.catalog import Business
from kept.business.country_rules import usual_channels

Defaults = dict[str, JsonValue]


class DefaultsAnswer(Answer):
    """By the names of the fields, as they are sent; what is not named has to be said."""

    business: Defaults
    services: Defaults
    staff: Defaults
    rooms: Defaults


def defaults(business: Business) -> DefaultsAnswer:
    channels: list[JsonValue] = [str(it) for it in usual_channels(business.country)]
    return DefaultsAnswer(
        business=_of(BusinessSettings) | {"channels": channels},
        services=_of(ServiceSettings),
        staff=_of(StaffSettings),
        rooms=_of(RoomSettings),
    )


def _of(kind: type[BaseModel]) -> Defaults:
    """As they travel, without the revision, which is no setting."""
    left_out = {name for name, field in kind.model_fields.items() if field.is_required()} | {"revision"}
    told: Defaults = kind.model_construct().model_dump(mode="json", exclude=left_out)
    return told
