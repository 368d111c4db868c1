"""Services, staff and rooms as their owner sets them: spans in minutes, horizons in days, money in minor units."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kept.api.base import Body, Revised, Whole
from kept.api.booking.requests import Id, Name
from kept.api.business.business_settings import MOST_NAMES, Long, Names, Short, StageSettings, email, stages
from kept.api.business.hours_settings import HoursSettings
from kept.api.business.question_settings import QuestionSettings
from kept.business.catalog import Mode, Money, Resource, Service, StaffMember
from kept.business.names import names
from kept.business.visit_stages import LONGEST_VISIT_STAGE, MOST_VISIT_STAGES, VisitStage

Category = Annotated[Short, StringConstraints(max_length=60)]
USUAL = Service("", "", 0, ())
"""For the product's defaults alone."""


class MoneySettings(Body):
    """3900 with USD is 39 dollars."""

    minor: Whole
    currency: Short


class VisitStageSettings(Body):
    """`minutes` are what it usually takes."""

    name: Annotated[Short, StringConstraints(max_length=LONGEST_VISIT_STAGE)]
    minutes: Whole
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)

    def stage(self, at: str) -> VisitStage:
        return VisitStage(self.name, self.minutes, names(self.names, f"{at}.names"))


class ServiceSettings(Revised):
    """`staff` and `rooms` are ids: any one of each is booked. `stages` left out are the business's.

    Listed by `order`, the lowest first, under its `category`. What is `archived` cannot be booked and is not listed;
    what is booked of it stands. With `approval` whatever clients book of it waits for a yes of staff; its `questions`,
    ten at most, are asked while it is booked. With `urgent` whoever cancels it late is asked whether video or telephone
    would do. Free time shorter than `useful` minutes is no gap for it; null is its own length. `visit_stages`, eight at
    most, are what is done one after the other once somebody is in the chair; whoever waits sees them pass.
    """

    name: Name
    duration: Whole
    staff: tuple[Id, ...]
    rooms: tuple[Id, ...] = ()
    before: Whole = USUAL.before
    after: Whole = USUAL.after
    step: Whole = USUAL.step
    offset: Whole = USUAL.offset
    notice: Whole = USUAL.notice
    horizon: Whole = USUAL.horizon
    daily_limit: Whole | None = None
    price: MoneySettings | None = None
    mode: Mode = Mode.IN_PERSON
    where: Short = ""
    prepare: Long = ""
    stages: tuple[StageSettings, ...] | None = None
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)
    order: Whole = USUAL.order
    category: Category = USUAL.category
    category_names: Names = Field(default_factory=dict, max_length=MOST_NAMES)
    archived: bool = USUAL.archived
    approval: bool = USUAL.approval
    urgent: bool = USUAL.urgent
    useful: Whole | None = None
    questions: Annotated[tuple[QuestionSettings, ...], Field(max_length=20)] = ()
    visit_stages: Annotated[tuple[VisitStageSettings, ...], Field(max_length=2 * MOST_VISIT_STAGES)] = ()

    def service(self, id: str) -> Service:
        """Raises InvalidSetting."""
        told = dict(self)
        del told["revision"]
        told["price"] = Money(**dict(self.price)) if self.price else None
        told |= {"names": names(self.names), "category_names": names(self.category_names, "category_names")}
        told["questions"] = tuple(it.question(f"questions.{n}") for n, it in enumerate(self.questions))
        told["visit_stages"] = tuple(it.stage(f"visit_stages.{n}") for n, it in enumerate(self.visit_stages))
        told["stages"] = None if self.stages is None else stages(self.stages)
        return Service(id, **told)


class StaffSettings(Revised):
    """`role` is the level of escalation they stand on; what they may do is said by their sign-in.

    `stand_in` is the id of whoever has their follow-ups in their time off.
    """

    name: Name
    hours: HoursSettings
    email: Short = ""
    role: Literal["staff", "manager", "owner"] = "staff"
    stand_in: Short = ""
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)

    def member(self, id: str) -> StaffMember:
        """Raises InvalidSetting."""
        hours, address, called = self.hours.hours(), email(self.email), names(self.names)
        return StaffMember(id, self.name, hours, address, self.role, self.stand_in, called)


class RoomSettings(Revised):
    """Without hours it is always there."""

    name: Name
    hours: HoursSettings | None = None
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)

    def room(self, id: str) -> Resource:
        """Raises InvalidSetting."""
        return Resource(id, self.name, self.hours.hours() if self.hours else None, names(self.names))
