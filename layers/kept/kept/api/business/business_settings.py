"""A business's own settings as JSON: spans in minutes, times as "21:00"; what is left out takes the default."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from kept.api import identity
from kept.api.base import Body, Revised, Whole
from kept.api.booking.requests import Day, Id, Name
from kept.api.business.setting_types import Clock, Minutes, Span
from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Business
from kept.business.change_rules import AskedOf, ChangeRow, ChangeRules, Charge, DepositRules
from kept.business.change_validation import MOST_ROWS
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.business.country_rules import usual_channels
from kept.business.figure_rules import FigureRules
from kept.business.loyalty_rules import FadingRules, PointsRules, ReviewRules
from kept.business.make_good_rules import MakeGoodRules, WaitStep
from kept.business.money_rules import MoneyRules
from kept.business.names import names
from kept.business.payment_rules import PaymentPlan, PaymentRules
from kept.business.reminder_stages import DEFAULT_STAGES, Stage
from kept.business.request_rules import RequestRules
from kept.business.standing_rules import StandingRules
from kept.business.stranger_rules import StrangerRules
from kept.business.text_terms import TextTerms
from kept.business.waitlist_rules import OfferMode, WaitlistRules
from kept.channels import Channel
from kept.clients.client import Tier
from kept.clients.contact import normal_email, normal_phone
from kept.clients.refusals import InvalidEmail, InvalidPhone
from kept.errors import InvalidSetting
from kept.language_tags import spoken
from kept.timekeeping.refusals import UnknownZone

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Percent = Annotated[int, Field(ge=1, le=100)]
Minor = Annotated[int, Field(strict=True)]
Names = dict[Short, Name]
MOST_NAMES = 20
QUIET, ATTENDANCE, CHANGES = QuietHours(), AttendanceRules(), ChangeRules()
DEPOSITS = CHANGES.deposits
STRANGERS, FIGURES, STANDING, MONEY = StrangerRules(), FigureRules(), StandingRules(), MoneyRules()
POINTS, FADING, REVIEW = PointsRules(), FadingRules(), ReviewRules()
MAKE_GOOD = MakeGoodRules()
PAYMENTS = PaymentRules()
REQUESTS = RequestRules()
WAITLIST = WaitlistRules()
PORTS = {"https": 443, "http": 80}
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
    holiday_days: Whole = CONTACT.holiday_days
    on_holidays: bool = CONTACT.on_holidays
    week_cap: Whole = CONTACT.week_cap
    month_cap: Whole = CONTACT.month_cap
    unread_after: Minutes = CONTACT.unread_after


class AttendanceSettings(Body):
    """Asked after, waited for, longer on their word, and at most, all where a business `checks_in` its clients.

    `release_missed`: the rest of a missed slot is offered at once. Without checking in staff are asked who came,
    `day_end_after` their closing. For `dispute_within` a client may dispute that they missed it, or cancelled too late.
    `tells_delay`: clients are told by themselves when the day runs late.
    """

    ask_after: Minutes = ATTENDANCE.ask_after
    grace: Minutes = ATTENDANCE.grace
    extension: Minutes = ATTENDANCE.extension
    longest: Minutes = ATTENDANCE.longest
    checks_in: bool = ATTENDANCE.checks_in
    release_missed: bool = ATTENDANCE.release_missed
    day_end_after: Minutes = ATTENDANCE.day_end_after
    dispute_within: Minutes = ATTENDANCE.dispute_within
    tells_delay: bool = ATTENDANCE.tells_delay


class ChargeSettings(Body):
    """A sum in minor units of the business's currency (of the service's, where that has a price in another), or whole
    per cent of the price, rounded down."""

    minor: Annotated[int, Field(strict=True)] = 0
    percent: Annotated[int, Field(strict=True)] = 0

    def charge(self) -> Charge:
        return Charge(self.minor, self.percent)


class ChangeRowSettings(Body):
    """What is otherwise for a service, a tier of clients, or both; null is as for everybody."""

    service: Short | None = None
    tier: Tier | None = None
    free_until: Minutes | None = None
    late_fee: ChargeSettings | None = None
    move_fee: ChargeSettings | None = None
    missed_fee: ChargeSettings | None = None
    deposit: ChargeSettings | None = None

    def row(self) -> ChangeRow:
        return ChangeRow(
            service=self.service,
            tier=self.tier,
            free_until=self.free_until,
            late_fee=self.late_fee.charge() if self.late_fee else None,
            move_fee=self.move_fee.charge() if self.move_fee else None,
            missed_fee=self.missed_fee.charge() if self.missed_fee else None,
            deposit=self.deposit.charge() if self.deposit else None,
        )


class DepositSettings(Body):
    """What is asked while booking (`charge`), `of` everybody, of new clients, or by standing alone, `above` a price in
    minor units; whoever stands so that a deposit is required is asked in any case.

    To be paid `within` so many minutes and never later than so many `before` the start. A change in time takes it along
    to a date within so many minutes, in whole days (`moves`).
    """

    charge: ChargeSettings = ChargeSettings()
    of: AskedOf = DEPOSITS.of
    above: Minor | None = DEPOSITS.above
    within: Minutes = DEPOSITS.within
    before: Minutes = DEPOSITS.before
    moves: Minutes = DEPOSITS.moves

    def rules(self) -> DepositRules:
        return DepositRules(self.charge.charge(), self.of, self.above, self.within, self.before, self.moves)


class ChangeSettings(Body):
    """Until when before the start a change is free, and how often an appointment may be moved; for so long after it was
    booked (`grace`) it is free in any case.

    What a client pays who then cancels (`late_fee`), moves (`move_fee`) or does not come (`missed_fee`): nothing by
    default. Of the `rows` the first that matches a booking decides, for what it names.
    """

    free_until: Minutes = CHANGES.free_until
    reschedules: Whole = CHANGES.reschedules
    grace: Minutes = CHANGES.grace
    late_fee: ChargeSettings = ChargeSettings()
    move_fee: ChargeSettings = ChargeSettings()
    missed_fee: ChargeSettings = ChargeSettings()
    deposits: DepositSettings = DepositSettings()
    rows: Annotated[tuple[ChangeRowSettings, ...], Field(max_length=MOST_ROWS)] = ()

    def rules(self) -> ChangeRules:
        return ChangeRules(
            free_until=self.free_until,
            reschedules=self.reschedules,
            grace=self.grace,
            late_fee=self.late_fee.charge(),
            move_fee=self.move_fee.charge(),
            missed_fee=self.missed_fee.charge(),
            deposits=self.deposits.rules(),
            rows=tuple(row.row() for row in self.rows),
        )


class StrangerSettings(Body):
    """What may be booked, held and sent from one network and for one number or address, without a sign-in; `day_share`
    in per cent: so much of a person's day holds may keep at one time."""

    network_holds: Whole = STRANGERS.network_holds
    network_hour: Whole = STRANGERS.network_hour
    network_day: Whole = STRANGERS.network_day
    contact_day: Whole = STRANGERS.contact_day
    contact_open: Whole = STRANGERS.contact_open
    contact_messages: Whole = STRANGERS.contact_messages
    business_hour: Whole = STRANGERS.business_hour
    day_share: Whole = STRANGERS.day_share


class StandingSettings(Body):
    """When more is asked of a client by their record: what is longer ago than `decay` (in minutes) counts no more, and
    nothing does before they have had `fewest` visits. So many missed (`deposit_missed`), or cancelled too late
    (`deposit_late`), ask for a deposit; `restricted_missed` for a person's yes."""

    decay: Minutes = STANDING.decay
    fewest: Whole = STANDING.fewest
    deposit_missed: Whole = STANDING.deposit_missed
    deposit_late: Whole = STANDING.deposit_late
    restricted_missed: Whole = STANDING.restricted_missed


class PointsSettings(Body):
    """How many points a kept visit earns, 0 for none, and what so many of them (`price`) buy: a credit in minor units
    of the business's currency."""

    per_visit: Minor = POINTS.per_visit
    price: Minor = POINTS.price
    credit: Minor = POINTS.credit


class FadingSettings(Body):
    """Whether the owner hears of reliable clients who begin to fade: so many visits `kept` within twelve months, then
    `lapses` of the `last` missed or cancelled."""

    watched: bool = FADING.watched
    kept: Minor = FADING.kept
    lapses: Minor = FADING.lapses
    last: Minor = FADING.last


class ReviewSettings(Body):
    """Every how many `months` the terms are looked at again of whoever kept so many (`often`) visits within twelve
    months; null is never."""

    months: Minor | None = REVIEW.months
    often: Minor = REVIEW.often


class WaitStepSettings(Body):
    """From so many minutes of waiting on, so much of the visit's price."""

    minutes: Minor
    percent: Minor

    def step(self) -> WaitStep:
        return WaitStep(self.minutes, self.percent)


class MakeGoodSettings(Body):
    """What waiting beyond the standard (the first of the `steps`) is made good by, as credit: never more on one local
    day than `day_cap` in minor units, null is any amount, and nothing through the local day `nobodys_fault`."""

    on: bool = MAKE_GOOD.on
    steps: Annotated[tuple[WaitStepSettings, ...], Field(max_length=20)] = tuple(
        WaitStepSettings.model_validate(step, from_attributes=True) for step in MAKE_GOOD.steps
    )
    day_cap: Minor | None = MAKE_GOOD.day_cap
    nobodys_fault: Day | None = MAKE_GOOD.nobodys_fault

    def rules(self) -> MakeGoodRules:
        return MakeGoodRules(self.on, tuple(step.step() for step in self.steps), self.day_cap, self.nobodys_fault)


class RequestSettings(Body):
    """In minutes: what is asked for keeps its slot for `hold`, and no longer than `before` its start."""

    hold: Minutes = REQUESTS.hold
    before: Minutes = REQUESTS.before


class WaitlistSettings(Body):
    """How freed time is offered to those who wait; spans in minutes. By lead: one at a time more than `far` ahead, in
    batches from there to `near`, then first to accept."""

    mode: OfferMode = WAITLIST.mode
    far: Minutes = WAITLIST.far
    near: Minutes = WAITLIST.near
    lasts: Minutes = WAITLIST.lasts
    first_lasts: Minutes = WAITLIST.first_lasts
    batch: Minor = WAITLIST.batch
    pause: Minutes = WAITLIST.pause
    cut_off: Minutes = WAITLIST.cut_off
    passed_by: Minor = WAITLIST.passed_by


class FigureSettings(Body):
    """Targets in per cent beside what is, null for none; and whether the business's own address gets a letter on Monday
    mornings."""

    came: Percent | None = None
    confirmed: Percent | None = None
    fill: Percent | None = None
    attainment: Percent | None = None
    letter: bool = FIGURES.letter


class WaiverSettings(Body):
    """How much staff and managers may let a client off for one visit, and have them keep as credit at a time, in minor
    units; null is any amount of managers."""

    staff_waives: Minor = MONEY.staff_waives
    manager_waives: Minor | None = MONEY.manager_waives


class PaymentSettings(Body):
    """Whether deposits are paid online by card, for which the deployer enters an account with Stripe; and whether they
    are held on the card until the visit or taken at once and given back by the terms."""

    online: bool = PAYMENTS.online
    plan: PaymentPlan = PAYMENTS.plan


class TextTermsSettings(Body):
    """What is arranged for text messages where a country asks for it: the name that is registered as their signature
    (none is the business's own), the countries where they may advertise though that is off by default, and the WeChat
    account as clients find it."""

    signature: Short = ""
    promoted_in: Annotated[tuple[Short, ...], Field(max_length=300)] = ()
    wechat_name: Short = ""


class BusinessSettings(Revised):
    """Zone by its IANA name, country by ISO 3166 (public holidays go by it), currency by ISO 4217.

    `channels` in the order in which they are tried, by default as is usual in the country; `templates` by
    `channel/text`, as WhatsApp, WeChat or carriers (`sms`) name them, `wechat_once/text` for one-time subscriptions.
    Staff get their day's list at `day_list`, or none. Text messages go to `text_countries`; none is its own alone.
    The booking pages may be framed by the sites at `embed_origins` ("https://salon.example"), else by nobody;
    search engines may find it where it is `findable`.
    `policy_text` are its terms in its own words, which clients accept when they book; in other languages they stand in
    `policy_texts`. How a deposit is paid by hand is said in `deposit_text` and `deposit_texts`.
    What it says where a day cannot be is prepared in `closing_text` and `closing_texts`.
    `names` are what it is called in other languages, by their tags: {"zh-Hans": "花样年华"}. `colour` is that of its
    booking pages, as "#14532d"; none is the product's own.
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
    channels: tuple[Channel, ...] | None = None
    templates: dict[Short, Short] = Field(default_factory=dict, max_length=100)
    quiet_hours: QuietSettings = QuietSettings()
    contact: ContactSettings = ContactSettings()
    day_list: Clock | None = USUAL.day_list
    attendance: AttendanceSettings = AttendanceSettings()
    changes: ChangeSettings = ChangeSettings()
    strangers: StrangerSettings = StrangerSettings()
    standing: StandingSettings = StandingSettings()
    points: PointsSettings = PointsSettings()
    fading: FadingSettings = FadingSettings()
    review: ReviewSettings = ReviewSettings()
    make_good: MakeGoodSettings = MakeGoodSettings()
    requests: RequestSettings = RequestSettings()
    text_countries: Annotated[tuple[Short, ...], Field(max_length=300)] = ()
    text_terms: TextTermsSettings = TextTermsSettings()
    figures: FigureSettings = FigureSettings()
    money: WaiverSettings = WaiverSettings()
    payments: PaymentSettings = PaymentSettings()
    waitlist: WaitlistSettings = WaitlistSettings()
    policy_text: Long = ""
    policy_texts: dict[Short, Long] = Field(default_factory=dict, max_length=MOST_NAMES)
    deposit_text: Short = ""
    deposit_texts: dict[Short, Short] = Field(default_factory=dict, max_length=MOST_NAMES)
    closing_text: Short = ""
    closing_texts: dict[Short, Short] = Field(default_factory=dict, max_length=MOST_NAMES)
    embed_origins: Annotated[tuple[Short, ...], Field(max_length=100)] = ()
    findable: bool = True
    names: Names = Field(default_factory=dict, max_length=MOST_NAMES)
    colour: Short = ""

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
            channels=usual_channels(self.country) if self.channels is None else self.channels,
            templates=self.templates,
            quiet_hours=QuietHours(**dict(self.quiet_hours)),
            contact=ContactRules(**dict(self.contact)),
            day_list=self.day_list,
            attendance=AttendanceRules(**dict(self.attendance)),
            changes=self.changes.rules(),
            strangers=StrangerRules(**dict(self.strangers)),
            standing=StandingRules(**dict(self.standing)),
            points=PointsRules(**dict(self.points)),
            fading=FadingRules(**dict(self.fading)),
            review=ReviewRules(**dict(self.review)),
            make_good=self.make_good.rules(),
            requests=RequestRules(**dict(self.requests)),
            text_countries=self.text_countries,
            text_terms=TextTerms(**dict(self.text_terms)),
            figures=FigureRules(**dict(self.figures)),
            money=MoneyRules(**dict(self.money)),
            payments=PaymentRules(**dict(self.payments)),
            waitlist=WaitlistRules(**dict(self.waitlist)),
            policy_text=self.policy_text,
            policy_texts={tag: text for tag, text in self.policy_texts.items() if text},
            deposit_text=self.deposit_text,
            deposit_texts={tag: text for tag, text in self.deposit_texts.items() if text},
            closing_text=self.closing_text,
            closing_texts={tag: text for tag, text in self.closing_texts.items() if text},
            embed_origins=tuple(origin(site) for site in self.embed_origins),
            findable=self.findable,
            names=names(self.names),
            colour=self.colour.lower(),
        )


def stages(told: tuple[StageSettings, ...]) -> tuple[Stage, ...]:
    return tuple(Stage(**dict(stage)) for stage in told)


def email(text: str) -> str:
    """Nothing stays nothing. Raises InvalidSetting."""
    try:
        return normal_email(text) if text else ""
    except InvalidEmail as error:
        raise InvalidSetting(field="email", reason=error.words) from error


def origin(text: str) -> str:
    """As a browser names it: "https://salon.example", with a port where it is not the usual one. Raises InvalidSetting.

    No path, no name and no star: each site is named whole. Without a certificate only a developer's own machine may be.
    """
    import idna

    found = re.fullmatch(r"(https?)://([^\s/?#@:\\;,'\"*]{1,253})(?::(\d{1,5}))?/?", text.strip(), re.IGNORECASE)
    scheme, host = (found[1].lower(), found[2]) if found else ("", "")
    try:
        host = idna.encode(host, uts46=True).decode() if host else ""
    except UnicodeError:
        host = ""
    port = int(found[3]) if found and found[3] else PORTS.get(scheme, 0)
    is_local = host == "localhost"
    if not host or not 0 < port < 65536 or not (is_local or (scheme == "https" and "." in host)):
        raise InvalidSetting(
            field="embed_origins", reason="A site is named as https://www.salon.example, without a path."
        )
    return f"{scheme}://{host}" if port == PORTS[scheme] else f"{scheme}://{host}:{port}"


def _phone(text: str, country: str) -> str:
    try:
        return normal_phone(text, country) if text else ""
    except InvalidPhone as error:
        raise InvalidSetting(field="phone", reason=error.words) from error


def _zone(name: str) -> str:
    try:
        return identity.zone(name, name).key
    except UnknownZone as error:
        raise UnknownZone(field="tz", reason=error.words) from error
