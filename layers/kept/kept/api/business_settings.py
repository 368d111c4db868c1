"""A business's own settings as they travel: spans in minutes, times as "21:00"; what is left out takes the default."""

from typing import Annotated

from pydantic import Field, StringConstraints

from kept.api import asking
from kept.api.requests import Id, Name
from kept.api.setting_types import Clock, Minutes, Span
from kept.api.shapes import Body
from kept.booking.catalog import Business
from kept.booking.names import names
from kept.clients.contact import normal_email, normal_phone
from kept.errors import InvalidEmail, InvalidPhone, InvalidSetting, UnknownZone
from kept.language_tags import spoken
from kept.messaging.contact_rules import ContactRules
from kept.messaging.contact_window import QuietHours
from kept.messaging.purpose import Channel
from kept.policy.attendance_rules import AttendanceRules
from kept.policy.change_rules import ChangeRules
from kept.policy.stranger_rules import StrangerRules
from kept.reminders.stages import DEFAULT_STAGES, Stage

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Names = dict[Short, Name]
MOST_NAMES = 20
QUIET, ATTENDANCE, CHANGES = QuietHours(), AttendanceRules(), ChangeRules()
STRANGERS = StrangerRules()
CONTACT, USUAL = ContactRules(), Business("", "", "UTC", "", "", "")
"""For the product's defaults alone."""


class StageSettings(Body):
    """A reminder, `before` the start; `unless_confirmed` drops it once the client has confirmed.

    `at_risk`: only for who is likelier than others not to come. `over` one channel in use, or staff's list of calls.
    """

    name: Id
    before: Minutes
    asks: bool = True
    unless_confirmed: bool = False
    at_risk: bool = False
    over: Channel | None = None


class QuietSettings(Body):
    """When clients are not written to; over midnight when they end before they begin."""

    begins: Clock = QUIET.begins
    ends: Clock = QUIET.ends


class ContactSettings(Body):
    """When and how often clients are invited, in their local time; `unread_after`: then the next channel is tried.

    Without `best` hours all are as good that are not in `never`. The caps count seven days and thirty.
    """

    opens: Clock = CONTACT.opens
    closes: Clock = CONTACT.closes
    never: tuple[Span, ...] = CONTACT.never
    best: tuple[Span, ...] = CONTACT.best
    holiday_days: int = CONTACT.holiday_days
    on_holidays: bool = CONTACT.on_holidays
    week_cap: int = CONTACT.week_cap
    month_cap: int = CONTACT.month_cap
    unread_after: Minutes = CONTACT.unread_after


class AttendanceSettings(Body):
    """Asked after, waited for, longer on their word, and at most; `checks_in` where arrivals are noted at all."""

    ask_after: Minutes = ATTENDANCE.ask_after
    grace: Minutes = ATTENDANCE.grace
    extension: Minutes = ATTENDANCE.extension
    longest: Minutes = ATTENDANCE.longest
    checks_in: bool = ATTENDANCE.checks_in


class ChangeSettings(Body):
    """Until when before the start a change is free, and how often an appointment may be moved."""

    free_until: Minutes = CHANGES.free_until
    reschedules: int = CHANGES.reschedules


class StrangerSettings(Body):
    """What may be booked, held and sent from one network and for one number or address, without a sign-in; `day_share`
    in per cent: so much of a person's day holds may keep at one time."""

    network_holds: int = STRANGERS.network_holds
    network_hour: int = STRANGERS.network_hour
    network_day: int = STRANGERS.network_day
    contact_day: int = STRANGERS.contact_day
    contact_open: int = STRANGERS.contact_open
    contact_messages: int = STRANGERS.contact_messages
    business_hour: int = STRANGERS.business_hour
    day_share: int = STRANGERS.day_share


class BusinessSettings(Body):
    """Zone by its IANA name, country by ISO 3166 (public holidays go by it), currency by ISO 4217.

    `channels` in the order in which they are tried; `templates` by `channel/text`, as WhatsApp or WeChat name them.
    Staff get their day's list at `day_list`, or none. Text messages go to `text_countries`; none is its own alone.
    `names` are what it is called in other languages, by their tags: {"zh-Hans": "花样年华"}.
    """

    name: Name
    tz: Short
    country: Short
    currency: Short
    locale: Short
    address: Short = ""
    phone: Short = ""
    email: Short = ""
    closes_on_holidays: bool = True
    stages: tuple[StageSettings, ...] = tuple(
        StageSettings.model_validate(stage, from_attributes=True) for stage in DEFAULT_STAGES
    )
    channels: tuple[Channel, ...] = USUAL.channels
    templates: dict[Short, Short] = Field(default_factory=dict, max_length=100)
    quiet_hours: QuietSettings = QuietSettings()
    contact: ContactSettings = ContactSettings()
    day_list: Clock | None = USUAL.day_list
    attendance: AttendanceSettings = AttendanceSettings()
    changes: ChangeSettings = ChangeSettings()
    strangers: StrangerSettings = StrangerSettings()
    text_countries: Annotated[tuple[Short, ...], Field(max_length=300)] = ()
    policy_text: Long = ""
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)

    def business(self, id: str) -> Business:
        """Raises InvalidSetting, UnknownZone."""
        return Business(
            id=id,
            name=self.name,
            tz=_zone(self.tz),
            country=self.country,
            currency=self.currency,
            locale=spoken(self.locale) or self.locale,
            address=self.address,
            phone=_phone(self.phone, self.country),
            email=email(self.email),
            closes_on_holidays=self.closes_on_holidays,
            stages=stages(self.stages),
            channels=self.channels,
            templates=self.templates,
            quiet_hours=QuietHours(**dict(self.quiet_hours)),
            contact=ContactRules(**dict(self.contact)),
            day_list=self.day_list,
            attendance=AttendanceRules(**dict(self.attendance)),
            changes=ChangeRules(**dict(self.changes)),
            strangers=StrangerRules(**dict(self.strangers)),
            text_countries=self.text_countries,
            policy_text=self.policy_text,
            names=names(self.names),
        )


def stages(told: tuple[StageSettings, ...]) -> tuple[Stage, ...]:
    return tuple(Stage(**dict(stage)) for stage in told)


def email(text: str) -> str:
    """Nothing stays nothing. Raises InvalidSetting."""
    try:
        return normal_email(text) if text else ""
    except InvalidEmail as error:
        raise InvalidSetting(field="email", reason=error.words) from error


def _phone(text: str, country: str) -> str:
    try:
        return normal_phone(text, country) if text else ""
    except InvalidPhone as error:
        raise InvalidSetting(field="phone", reason=error.words) from error


def _zone(name: str) -> str:
    try:
        return asking.zone(name, name).key
    except UnknownZone as error:
        raise UnknownZone(field="tz", reason=error.words) from error
